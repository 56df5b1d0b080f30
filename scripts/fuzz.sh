#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the fuzz targets and runs each for some seconds on its seeds. usage: scripts/fuzz.sh [SECONDS] [PRESET]
# PRESET is "fuzz" (optimized), "asan-ubsan", which builds what the tests under sanitizers are made of anyway, or
# "fuzz-many" (no sanitizers, many times as many runs).
# An input that breaks something is kept as build/PRESET/<target>-crash-*; turn it into a test first, then mend.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
preset=${2:-fuzz}
targets=()
for source in tests/fuzz/fuzz_*.cpp; do targets+=("$(basename "$source" .cpp)"); done
scripts/build.sh "$preset" "${targets[@]}"
# Choosing the next input by how rare its features are takes half of the time where a run takes so little.
many=()
[ "$preset" != fuzz-many ] || many=(-entropic=0 -max_len=1024)
for name in "${targets[@]}"; do
  corpus=build/$preset/corpus-$name
  mkdir -p "$corpus"
  dictionary=()
  for words in "tests/fuzz/${name#fuzz_}.dict" tests/fuzz/decode.dict; do
    [ -f "$words" ] && dictionary=("-dict=$words") && break
  done
  echo "fuzz: $name for $seconds s"
  "build/$preset/bin/$name" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=20 -print_final_stats=1 \
    -artifact_prefix="build/$preset/$name-" "${many[@]}" "${dictionary[@]}" "$corpus" tests/fuzz/seeds tests/data/messages \
    >"build/$preset/$name.log" 2>&1 || { tail -n 40 "build/$preset/$name.log"; exit 1; }
  grep -E 'stat::number_of_executed_units|stat::peak_rss' "build/$preset/$name.log"
done
