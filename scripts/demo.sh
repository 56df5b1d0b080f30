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

# Runs a command that may end so: 0: all is well; 3: done, with warnings; 4: a rule blocks.
run_until() {
  local allowed=$1 code=0
  shift
  printf '\n$ %s\n' "$*"
  "$bin/$1" "${@:2}" || code=$?
  case " $allowed " in *" $code "*) ;; *) echo "demo: exit code $code" >&2; exit 1 ;; esac
}
run() { run_until "0 3" "$@"; }

cat "$work/mock.log"
run failback discover
run failback discover --kind virtualMachine --name db-01 --output json
run failback plan init --machine web-01 --machine db-01 --master-target mt-linux-01 --datastore vmfs-01 \
  --out "$work/plan.yaml"
run failback plan show "$work/plan.yaml"
# Both machines are not as a reprotect wants them: one runs, the other has snapshots. The plan must allow what is
# done about that.
run_until 4 failback check "$work/plan.yaml"
run failback plan init --machine web-01 --machine db-01 --master-target mt-linux-01 --datastore vmfs-01 \
  --allow-power-off --allow-merge --out "$work/allowed.yaml"
run failback check "$work/allowed.yaml" --calls
echo
echo "That was the whole of it: a mock vCenter, everything that failback read from it, a plan made of that,"
echo "what stood in its way, and how it would work."
echo "The programs are in $bin; \"$bin/failback --help\" tells the rest."
