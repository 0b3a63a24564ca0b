# Lotsen's programs in one image: lotsen-server, lotsen-ingest, lotsen-eval. Models and data are volumes, never in it.
#
# Not tried by the project's own tests, which have no container engine. It does what scripts/install.sh and the Makefile
# do, and those are tested.

FROM node:22-bookworm-slim AS web
WORKDIR /lotsen/web
COPY web/package.json web/package-lock.json ./
RUN npm ci
COPY web/ ./
RUN npm run build

FROM rust:1.95-bookworm AS programs
RUN apt-get update && apt-get install -y --no-install-recommends cmake libclang-dev g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /lotsen
COPY . .
COPY --from=web /lotsen/web/dist web/dist
RUN cargo build --workspace --release --locked

FROM debian:bookworm-slim
# libgomp for llama.cpp; python3 and pip only for `lotsen-ingest models fetch`.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libgomp1 libstdc++6 python3 python3-pip \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /lotsen lotsen \
    && install -d -o lotsen /lotsen /data /models
COPY --from=programs /lotsen/target/release/lotsen-server /lotsen/target/release/lotsen-ingest /lotsen/target/release/lotsen-eval /usr/local/bin/
USER lotsen
WORKDIR /lotsen
ENV LOTSEN__DATA__DIR=/data LOTSEN__MODELS__DIR=/models
EXPOSE 8080
ENTRYPOINT ["lotsen-server"]
CMD ["serve"]
