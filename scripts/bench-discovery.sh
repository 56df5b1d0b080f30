#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Measures what a discovery costs: failback, its floor and other people's clients, on mock-vcenter (see bench/README.md).
# usage: scripts/bench-discovery.sh [--vms 1000,5000,10000,45000] [--rtt 20ms] [--repeat N] [--gzip]
# Clients that can't be had are left out, loudly.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/build.sh release failback mock-vcenter bench-sax-floor bench-measured
scripts/peers.sh --bench || echo "bench: other people's clients are not all there, and left out" >&2
exec python3 bench/discovery.py --peers "${FAILBACK_PEERS:-build/peers}" "$@"
