#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Fetches the official vSphere schemas and pyVmomi's method registry (pins.txt) and writes wsdl/generated/ from them
# and from wsdl/manifest.toml.
#   wsdl/refresh.sh                   write wsdl/generated/; prints the members that are newly lost or gained
#   wsdl/refresh.sh --check           write nothing; show the difference to what is there, and fail if there is one
#   wsdl/refresh.sh --print-dropped   print all members that are left out of the classes
# The packages are kept in build/wsdl-sources, or $FAILBACK_WSDL_SOURCES. Needs python3 (3.11 or newer) with venv.
# Exit: 0 done; 1 the generator stopped, or --check found a difference; 2 usage;
#       77 the package registry can't be reached (1 when FAILBACK_REQUIRE_CONFORMANCE=1).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sources=${FAILBACK_WSDL_SOURCES:-$here/../build/wsdl-sources}
check=0
options=()

usage() { echo "usage: wsdl/refresh.sh [--check] [--print-dropped]"; }
while [ $# -gt 0 ]; do
  case $1 in
    --check) check=1 ;;
    --print-dropped) options+=(--print-dropped) ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

say() { echo "refresh: $*" >&2; }

find_python() {
  local candidate
  for candidate in ${FAILBACK_PYTHON:-} python3 /usr/bin/python3; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return 0
    fi
  done
  return 1
}

unreachable() {
  say "$*"
  if [ "${FAILBACK_REQUIRE_CONFORMANCE:-0}" = 1 ]; then
    say "FAILED, since FAILBACK_REQUIRE_CONFORMANCE=1"
    exit 1
  fi
  say "SKIPPED: wsdl/generated/ was NOT compared with its sources"
  exit 77
}

# fetch: the wheels of pins.txt into $sources/wheels, unpacked into $sources/tree. What is there already stays.
fetch() {
  local want log=$sources/pip.log
  want=$(sha256sum "$here/pins.txt" | cut -d' ' -f1)
  if [ -f "$sources/tree/.pins" ] && [ "$(cat "$sources/tree/.pins")" = "$want" ]; then return 0; fi
  rm -rf "$sources/tree" "$sources/wheels" "$sources/venv"
  mkdir -p "$sources/wheels"
  say "fetching $(grep -c == "$here/pins.txt") packages into $sources"
  "$python" -m venv "$sources/venv" || { say "python3 can't make a virtual environment"; exit 1; }
  # pip has a limit per read; the whole step has this one.
  if ! timeout --kill-after=10 300 "$sources/venv/bin/pip" --disable-pip-version-check --timeout 20 --retries 2 \
    download --quiet --no-deps --only-binary :all: --require-hashes -r "$here/pins.txt" -d "$sources/wheels" \
    >"$log" 2>&1; then
    cat "$log" >&2
    if grep -q "DO NOT MATCH THE HASHES" "$log"; then
      say "a package is not the one that pins.txt names: look into it before changing the digest"
      exit 1
    fi
    unreachable "the packages of wsdl/pins.txt could not be fetched"
  fi
  "$python" - "$sources" <<'PYTHON'
import pathlib, sys, zipfile
root = pathlib.Path(sys.argv[1])
for wheel in sorted((root / "wheels").glob("*.whl")):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(root / "tree")
PYTHON
  rm -rf "$sources/venv"
  echo "$want" >"$sources/tree/.pins"
}

python=$(find_python) || { say "python3 (3.11 or newer) with its venv module is needed: apt-get install python3-venv"; exit 1; }
mkdir -p "$sources"
exec 9>"$sources/.lock"
flock 9 # two runs at once would fetch into the same folder
fetch

generate=("$python" -B "$here/generate.py" --xsd "$sources/tree/oslo_vmware/wsdl" --registry "$sources/tree" "${options[@]}")
if [ "$check" = 0 ]; then
  exec "${generate[@]}"
fi
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
cp "$here/generated/dropped.txt" "$fresh/" 2>/dev/null || true # so that only what differs is printed
"${generate[@]}" --out "$fresh"
if ! diff -ru "$here/generated" "$fresh"; then
  say "wsdl/generated/ is not what manifest and sources give: run wsdl/refresh.sh and review the difference,"
  say "dropped.txt above all: a field that is lost there is a defect"
  exit 1
fi
say "wsdl/generated/ is what manifest and sources give"
