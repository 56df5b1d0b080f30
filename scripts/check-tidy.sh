#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# clang-tidy (the allow-list in .clang-tidy) over our own sources. usage: scripts/check-tidy.sh [BUILD-DIR] [FILE...]
# The build folder must have been built once, since generated headers are read. Files that were found clean are
# remembered by a digest of file, own headers and checks, so that a second run looks only at what has changed.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/release}
shift || true
[ -f "$build/compile_commands.json" ] || { echo "tidy: $build has no compile_commands.json: build it first" >&2; exit 2; }
if [ $# -gt 0 ]; then files=("$@"); else mapfile -t files < <(git ls-files 'wsdl/*.cpp' 'vsphere/*.cpp' 'discovery/*.cpp' 'provisioning/*.cpp' 'cli/*.cpp' 'mocks/*.cpp'); fi
cache=${XDG_CACHE_HOME:-$HOME/.cache}/failback/tidy
mkdir -p "$cache"
headers=$(git ls-files '*.h' .clang-tidy wsdl/generated | xargs cat | sha256sum)
todo=()
for file in "${files[@]}"; do
  key=$( { echo "$headers"; echo "$file"; cat "$file"; } | sha256sum | cut -c1-40)
  [ -e "$cache/$key" ] || todo+=("$key:$file")
done
echo "tidy: ${#files[@]} files, ${#todo[@]} to look at"
[ ${#todo[@]} -eq 0 ] && exit 0
# shellcheck disable=SC2016  # expanded by the inner shell
printf '%s\n' "${todo[@]}" | xargs -P "$(nproc)" -I{} bash -c '
  key=${1%%:*}; file=${1#*:}
  if clang-tidy-14 -p "$2" --quiet --extra-arg=-Wno-unknown-warning-option "$file" >"$3/$key.log" 2>/dev/null; then touch "$3/$key"; rm -f "$3/$key.log"
  else echo "tidy: $file"; cat "$3/$key.log"; rm -f "$3/$key.log"; exit 1; fi' _ {} "$build" "$cache"
