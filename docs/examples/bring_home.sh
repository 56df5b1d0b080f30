#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A config server in small: brings the machines of a plan home (docs/config-server.md says why so).
#
#   bring_home.sh PLAN DIGEST STATE [PROGRAM]
#
# DIGEST is the plan's as it was approved, STATE the folder of the store, PROGRAM failback. Server, user and password
# are in the environment: FAILBACK_URL, FAILBACK_USERNAME, FAILBACK_PASSWORD. Whatever ends it, call it again. It
# ends with 0 when all is committed, else with the code of the call that a person has to look at. Needs jq.
set -uo pipefail

[ $# -ge 3 ] || { echo "usage: bring_home.sh PLAN DIGEST STATE [PROGRAM]" >&2; exit 2; }
plan=$1 digest=$2 state=$3 program=${4:-failback}
pause=${PAUSE:-30} # seconds
tries=20
result=$(mktemp) || exit 1
trap 'rm -f "$result"' EXIT

# Events as lines for people; what is no event is for people already.
show() {
  jq --raw-input --raw-output --unbuffered '((fromjson? | objects) // {text: .})
    | select(.event == null or .event == "step" or .event == "failed" or .event == "machine")
    | if .event == null then .text else "\(.n)/\(.m) \(.machine // "all"): \(.text // .state)" end' >&2
}

# Calls a verb until it has a result, in the file: 0, or 3 when something is left. Else it ends all, with the code.
# To call it again does nothing twice.
call() {
  local code=1 i
  for ((i = 0; i < tries; ++i)); do
    [ "$i" -eq 0 ] || sleep "$pause"
    "$program" "$1" "$plan" --state "$state" -o json --progress jsonl "${@:2}" 2>&1 >"$result" </dev/null | show
    code=${PIPESTATUS[0]}
    case $code in
      0 | 3) return "$code" ;;
      6 | 10 | 12 | 14) ;;     # the server is away or slow, a signal stopped it, another process works on the plan
      129 | 13[0-9] | 14[0-9]) ;; # killed: what it had begun in vCenter goes on there, and is waited for
      *) break ;;
    esac
  done
  reasons
  exit "$code"
}

# Why machines failed or wait, and what to do.
reasons() {
  jq --raw-output '.machines[] | select(.why) | "\(.name): \(.why)\n  \(.remedy // "")"' "$result" >&2
}

# Stands for your replication: it is told which disk of the master target is which, and begins to write.
replicate() {
  jq --raw-output '.machines[] | . as $vm | .disks[]
    | "replicate \($vm.id)/\(.id) to serial \(.serial) on \($vm.masterTarget)"' "$result"
}

# Stands for your replication: whose recovery point is applied, with its disks flushed and offline?
at_rest() {
  echo all
}

# Until all are at home. Those that are not confirmed, or start after others, wait.
fail_back() {
  local i
  for ((i = 0; i < tries; ++i)); do
    [ "$i" -eq 0 ] || sleep "$pause"
    call failback --confirm "$(at_rest)" && return
    if jq --exit-status 'any(.machines[]; .healthy == false)' "$result" >/dev/null; then break; fi
  done
  reasons
  exit 3
}

call status
now=$(jq --raw-output '.kind + " " + .state' "$result")
case $now in
  *" committed") echo "home, and committed"; exit 0 ;;
  cancel*" cancelled") ;;
  cancel*) echo "somebody is taking this job back" >&2; exit 2 ;;
esac
# A failback that has begun is never followed by a reprotect: the machine may run already.
case $now in
  failback* | commit*) ;;
  *) call reprotect --approve "$digest" || exit; replicate ;;
esac
case $now in
  commit*) ;;
  *) fail_back ;;
esac
call commit || { reasons; exit 3; }
echo "home, and committed"
