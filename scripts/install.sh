#!/usr/bin/env bash
# Checks what Lotsen is built with and installs what is missing, as far as it may.
#   scripts/install.sh          what `make demo` needs
#   scripts/install.sh --test   also what `make test` needs (a browser)
set -euo pipefail

need=()
command -v cmake >/dev/null || need+=(cmake)
command -v g++ >/dev/null || need+=(g++)
command -v make >/dev/null || need+=(make)
# llama.cpp's bindings are generated from its headers, which takes libclang and its own C headers.
compgen -G '/usr/lib/llvm-*/lib/libclang.so*' >/dev/null || need+=(libclang-dev)
if [ "${1:-}" = "--test" ]; then
  [ -x "${CHROMIUM:-/usr/bin/chromium}" ] || need+=(chromium)
fi

if [ "${#need[@]}" -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing: ${need[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
  else
    echo "Missing: ${need[*]}" >&2
    echo "Install them (on Debian: sudo apt-get install ${need[*]}) and run the same command again." >&2
    exit 1
  fi
fi

missing() { echo "$1 is missing: $2" >&2; exit 1; }
command -v cargo >/dev/null || missing Rust "install it with rustup (https://rustup.rs), then run the same command again"
command -v npm >/dev/null || missing Node "install Node.js 20 or newer, then run the same command again"
command -v python3 >/dev/null || missing Python "install Python 3 with pip, then run the same command again"
python3 -m pip --version >/dev/null 2>&1 || missing pip "install python3-pip, then run the same command again"
node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' || missing "Node.js 20 or newer" "this one is $(node --version)"
