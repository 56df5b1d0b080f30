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
say() { printf '\n# %s\n' "$*"; }

# The operator's side of the story, beside failback: what happens at the site.
site() { "$bin/mock-vcenter" ctl --url-file "$work/url" "$@"; }
export XDG_STATE_HOME="$work"
state=(--state "$work/jobs")

cat "$work/mock.log"
run failback discover
run failback discover --kind virtualMachine --name db-01 --output json

say "A plan: web-01 runs, db-01 has snapshots. The plan must allow what is done about that."
run failback plan init --machine web-01 --machine db-01 --master-target mt-linux-01 --datastore vmfs-01 \
  --out "$work/plan.yaml"
run_until 4 failback check "$work/plan.yaml"
run failback plan init --machine web-01 --machine db-01 --master-target mt-linux-01 --datastore vmfs-01 \
  --allow-power-off --allow-merge --out "$work/allowed.yaml"
# A machine that is made anew has no guest here that could answer.
sed -i 's/healthySeconds: [0-9]*/healthySeconds: 8/' "$work/allowed.yaml"
run failback plan show "$work/allowed.yaml"

say "web-01 is lost with everything that was in it: it will be made anew."
printf '\n$ mock-vcenter ctl call ...  # web-01 is powered off and destroyed\n'
site call PowerOffVM_Task web-01 >/dev/null
sleep 1
site call Destroy_Task web-01 >/dev/null
sleep 1
run failback check "$work/allowed.yaml" --calls
run failback reprotect "$work/allowed.yaml" --dry-run "${state[@]}"

say "reprotect, killed in the middle; the same call goes on."
printf '\n$ failback reprotect %s  # and kill -9\n' "$work/allowed.yaml"
"$bin/failback" reprotect "$work/allowed.yaml" "${state[@]}" &
job=$!
for _ in $(seq 100); do
  "$bin/failback" journal "$work/allowed.yaml" "${state[@]}" 2>/dev/null | grep -q 'merge\|create' && break
  sleep 0.05
done
kill -9 "$job" 2>/dev/null || true
wait "$job" 2>/dev/null || true
run failback journal "$work/allowed.yaml" "${state[@]}"
run failback resume "$work/allowed.yaml" "${state[@]}"
run failback status "$work/allowed.yaml" "${state[@]}"

say "Replication writes home; that is the agent's work in the master target. Then the machines come home."
printf '\n$ mock-vcenter ctl replicate mt-linux-01\n'
site replicate mt-linux-01
run failback failback "$work/allowed.yaml" --confirm all "${state[@]}"
run failback status "$work/allowed.yaml" "${state[@]}"
run failback commit "$work/allowed.yaml" "${state[@]}"
run failback discover --kind virtualMachine
echo
echo "That was the whole of it, against a mock vCenter: what is there, what stood in the way, a machine with"
echo "snapshots and a lost one brought to the master target, a kill in the middle, and both running at home."
echo "The programs are in $bin; \"$bin/failback --help\" tells the rest."
