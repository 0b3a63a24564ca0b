# Thin on purpose: each line here is a command that can be run by hand. `make help` lists them.

SHARED ?= ../shared/data
PORT   ?= 8080
BIN    := $(or $(CARGO_TARGET_DIR),target)/debug
INGEST  = $(BIN)/lotsen-ingest
SERVER  = $(BIN)/lotsen-server

.PHONY: help demo real test lint build web models models-test release

help: ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

demo: models ## Build everything, ingest the demonstration corpus, serve http://localhost:8080
	$(INGEST) run --sources corpus/sources.toml --data data/demo
	$(SERVER) serve --data data/demo --port $(PORT)

real: models ## The same over the real statutes and guidelines in ../shared/data, where they exist
	@test -d $(SHARED)/corpus || { echo "$(SHARED)/corpus does not exist: set SHARED to the folder with the real data"; exit 1; }
	$(INGEST) run --sources corpus/sources.real.toml --root $(SHARED)/corpus --data data/real
	$(SERVER) serve --data data/real --port $(PORT)

test: models-test ## Every test: web, Rust, browser, and the evaluation of the demonstration set
	scripts/test.sh

lint: ## Formatting and lints, warnings denied
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

build: web ## The three programs
	cargo build --workspace

web: ## The page, built into the server
	scripts/install.sh
	scripts/web.sh

models: build ## Fetch what the demonstration needs, verified
	$(INGEST) models fetch onnxruntime multilingual-e5-small multilingual-e5-small-questions lotsen-judge

models-test: models ## Also the small language model, which the tests run for real
	$(INGEST) models fetch qwen2.5-coder-0.5b-instruct

release: web ## Programs for this machine alone, as fast as it can run them
	RUSTFLAGS="-C target-cpu=native" cargo build --workspace --release
