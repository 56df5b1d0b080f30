#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds everything and passes all tests: unit tests, then the conformance tests against servers, clients and
# schemas that others wrote. Installs what it needs. What can't be had (no package registry in reach) is skipped,
# and said loudly; with FAILBACK_REQUIRE_CONFORMANCE=1 that is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/deps.sh test

scripts/build.sh release
peers=0
scripts/peers.sh || peers=$?
if [ "$peers" -ne 0 ] && { [ "$peers" -ne 77 ] || [ "${FAILBACK_REQUIRE_CONFORMANCE:-0}" = 1 ]; }; then
  exit "$peers"
fi

# Every exchange that a test makes is recorded, for the schemas to judge at the end.
FAILBACK_RECORD_ROOT=$PWD/build/records
export FAILBACK_RECORD_ROOT
rm -rf "$FAILBACK_RECORD_ROOT"
mkdir -p "$FAILBACK_RECORD_ROOT"

if [ -z "${FAILBACK_RECORDINGS:-}" ]; then
  echo "test: SKIPPED: decoding of recordings of real vCenters: FAILBACK_RECORDINGS names no folder" >&2
fi

if ! python3 -c 'import pty; pty.openpty()' 2>/dev/null; then
  echo "test: SKIPPED: four tests of the program on a terminal: nothing is mounted at /dev/pts" >&2
fi

unit=0
ctest --preset release -j4 --label-regex unit || unit=$?
python3 tests/conformance/run.py --bin build/release/bin --record-root "$FAILBACK_RECORD_ROOT" || exit 1
exit "$unit"
