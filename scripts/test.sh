#!/usr/bin/env bash
# Everything that can fail: unit and integration tests, then a real server over the demonstration corpus with a browser
# and the evaluation in front of it. Called by `make test`, which has built the programs and fetched the models.
set -euo pipefail
cd "$(dirname "$0")/.."
bin="${CARGO_TARGET_DIR:-target}/debug"
export LOTSEN_MODELS="${LOTSEN_MODELS:-$PWD/models}"

(cd web && npm test)
cargo test --workspace

data=$(mktemp -d)
log="$data/server.log"
server=
cleanup() {
  # The index writes its last segments while it closes: the folder may go only when the server has gone.
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$data"
}
trap cleanup EXIT

port=$((20000 + RANDOM % 20000))
export LOTSEN_URL="http://localhost:$port"
"$bin/lotsen-ingest" run --sources corpus/sources.toml --data "$data/release" --models "$LOTSEN_MODELS"
"$bin/lotsen-server" serve --data "$data/release" --models "$LOTSEN_MODELS" --port "$port" >"$log" 2>&1 &
server=$!
for _ in $(seq 120); do
  curl -fsS "$LOTSEN_URL/readyz" >/dev/null 2>&1 && break
  kill -0 "$server" 2>/dev/null || { cat "$log"; echo "the server stopped before it was ready"; exit 1; }
  sleep 1
done
curl -fsS "$LOTSEN_URL/readyz" >/dev/null || { cat "$log"; echo "the server did not get ready in two minutes"; exit 1; }

# Where the acts lie beside the project they are part of the demonstration, and compete with the guidelines for the first place.
accepted=eval/baselines/guidelines.json
if [ -f ../shared/data/corpus/sfs/text/2025-400.txt ]; then
  accepted=eval/baselines/guidelines-and-acts.json
fi
"$bin/lotsen-eval" eval/questions/demo.toml --baseline "$accepted" --misses
(cd web && npm run test:browser)
echo "All tests passed."
