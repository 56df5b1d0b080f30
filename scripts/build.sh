#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Configures and builds a preset. usage: scripts/build.sh PRESET [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! cmake --preset "$preset" >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
targets=()
[ $# -gt 0 ] && targets=(--target "$@")
echo "build: preset $preset into build/$preset" >&2
cmake --build --preset "$preset" "${targets[@]}" >"$log" 2>&1 &
pid=$!
# A line now and then, so that a first build of some minutes does not look like a hang.
while kill -0 "$pid" 2>/dev/null; do
  for _ in $(seq 30); do sleep 0.5; kill -0 "$pid" 2>/dev/null || break; done
  kill -0 "$pid" 2>/dev/null && grep -oE '^\[[0-9]+/[0-9]+\]' "$log" | tail -n 1 | sed 's/^/build: /' >&2
done
if ! wait "$pid"; then
  grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Generating)' "$log" >&2 || cat "$log" >&2
  echo "build: failed" >&2
  exit 1
fi
