#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds mock-vcenter and measures it at several sizes (see bench/README.md). Arguments go to bench/mock.py.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/build.sh release mock-vcenter
vcsim=${FAILBACK_PEERS:-build/peers}/bin/vcsim
[ -x "$vcsim" ] && set -- --vcsim "$vcsim" "$@"
exec python3 bench/mock.py --bin build/release/bin "$@"
