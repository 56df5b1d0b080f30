#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds failback and mock-vcenter and runs the main job against the mock: what is there, what can come home, and
# what could not be read. Nothing but this machine is touched. Works on a bare Debian 12; run again, it is quick.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/deps.sh build
scripts/build.sh release failback mock-vcenter vim-decode

bin=build/release/bin
work=$(mktemp -d)
mock=
finish() {
  if [ -n "$mock" ]; then kill "$mock" 2>/dev/null || true; wait "$mock" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT

"$bin/mock-vcenter" --scenario site --listen 127.0.0.1:0 --url-file "$work/url" 2>"$work/mock.log" &
mock=$!
for _ in $(seq 100); do
  [ -s "$work/url" ] && break
  kill -0 "$mock" 2>/dev/null || { cat "$work/mock.log" >&2; exit 1; }
  sleep 0.1
done
[ -s "$work/url" ] || { echo "demo: mock-vcenter was not ready within 10 s" >&2; exit 1; }

# The URL holds the password, so it goes by the environment, never by the command line. The certificate is pinned
# by the thumbprint that the mock printed, as one would pin a vCenter's.
FAILBACK_URL=$(cat "$work/url")
export FAILBACK_URL
FAILBACK_THUMBPRINT=$(grep -oiE 'sha-?256[^0-9A-F]*([0-9A-F]{2}:){31}[0-9A-F]{2}' "$work/mock.log" | grep -oiE '([0-9A-F]{2}:){31}[0-9A-F]{2}' | head -n 1)
export FAILBACK_THUMBPRINT

run() {
  printf '\n$ %s\n' "$*"
  code=0
  "$bin/$1" "${@:2}" || code=$?
  # 0: all was read; 3: done, and what could not be read is listed.
  [ "$code" -eq 0 ] || [ "$code" -eq 3 ] || { echo "demo: exit code $code" >&2; exit "$code"; }
}

cat "$work/mock.log"
run failback discover
run failback discover --kind virtualMachine --name db-01 --output json
run failback plan init --machine web-01 --machine db-01 --master-target mt-linux-01 --datastore vmfs-01 \
  --out "$work/plan.yaml"
run failback plan show "$work/plan.yaml"
echo
echo "That was the whole of it: a mock vCenter, everything that failback read from it, and a plan made of that."
echo "The programs are in $bin; \"$bin/failback --help\" tells the rest."
