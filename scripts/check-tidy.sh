#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# clang-tidy (the allow-list in .clang-tidy) over our own sources. usage: scripts/check-tidy.sh [BUILD-DIR] [FILE...]
# The build folder must have been built once, since generated headers are read. Files that were found clean are
# remembered by a digest of the file, of the headers of ours that it includes, and of the checks, so that a second
# run looks only at what has changed.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/release}
shift || true
[ -f "$build/compile_commands.json" ] || { echo "tidy: $build has no compile_commands.json: build it first" >&2; exit 2; }
if [ $# -gt 0 ]; then files=("$@"); else mapfile -t files < <(git ls-files 'wsdl/*.cpp' 'vsphere/*.cpp' 'discovery/*.cpp' 'provisioning/*.cpp' 'cli/*.cpp' 'daemon/*.cpp' 'mocks/*.cpp' 'bench/*.cpp'); fi
scripts/peers.sh --tidy
tidy=${FAILBACK_PEERS:-build/peers}/tidy-venv/bin/clang-tidy
cache=${XDG_CACHE_HOME:-$HOME/.cache}/failback/tidy
mkdir -p "$cache"
python3 scripts/tidy_todo.py "$cache" .clang-tidy scripts/requirements-tidy.txt scripts/check-tidy.sh -- "${files[@]}" >"$cache/todo.$$"
trap 'rm -f "$cache/todo.$$"' EXIT
echo "tidy: ${#files[@]} files, $(wc -l <"$cache/todo.$$") to look at"
# The analyzer may visit a third of the states of a function that it usually does: some functions would take a
# minute otherwise.
# shellcheck disable=SC2016  # expanded by the inner shell
xargs -a "$cache/todo.$$" -P "$(nproc)" -I{} bash -c '
  key=${1%%:*}; file=${1#*:}
  if "$2" -p "$3" --quiet --extra-arg=-Xclang --extra-arg=-analyzer-config --extra-arg=-Xclang \
    --extra-arg=max-nodes=75000 --extra-arg=-Wno-unknown-warning-option "$file" >"$4/$key.log" 2>"$4/$key.err"; then touch "$4/$key"; rm -f "$4/$key.log" "$4/$key.err"
  else echo "tidy: $file"; cat "$4/$key.log"; [ -s "$4/$key.log" ] || cat "$4/$key.err"; rm -f "$4/$key.log" "$4/$key.err"; exit 1; fi' _ {} "$tidy" "$build" "$cache"
