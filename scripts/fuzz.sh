#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the fuzz targets and runs each for some seconds on its seeds. usage: scripts/fuzz.sh [SECONDS]
# An input that breaks something is kept as build/fuzz/<target>-crash-*; turn it into a test first, then mend.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
scripts/build.sh fuzz
for target in build/fuzz/bin/fuzz_*; do
  name=$(basename "$target")
  corpus=build/fuzz/corpus-$name
  mkdir -p "$corpus"
  seeds=tests/fuzz/seeds
  [ -d "$seeds/$name" ] && seeds=$seeds/$name
  echo "fuzz: $name for $seconds s"
  "$target" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=20 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/$name-" "$corpus" "$seeds" >"build/fuzz/$name.log" 2>&1 ||
    { tail -n 40 "build/fuzz/$name.log"; exit 1; }
  grep -E 'stat::number_of_executed_units|stat::peak_rss' "build/fuzz/$name.log"
done
