#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs the Debian 12 packages that a build (or, with "test" or "ci", the tests or the whole CI run) needs.
# Quick when they are there. usage: scripts/deps.sh [build|test|ci]
set -euo pipefail

build=(g++ make cmake ninja-build pkg-config ccache gsoap libgsoap-dev libboost-dev libboost-test-dev libcurl4-openssl-dev libssl-dev
       libxml2-dev libsqlite3-dev zlib1g-dev libcli11-dev libfmt-dev nlohmann-json3-dev libtomlplusplus-dev libyaml-cpp-dev ca-certificates)
test=(python3 python3-venv git curl openssl jq valgrind)
ci=(clang-14 clang-format-14 libclang-rt-14-dev shellcheck chromium)

packages=("${build[@]}")
case "${1:-build}" in
  build) ;;
  test) packages+=("${test[@]}") ;;
  ci) packages+=("${test[@]}" "${ci[@]}") ;;
  *) echo "usage: scripts/deps.sh [build|test|ci]" >&2; exit 2 ;;
esac

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "deps: these packages are missing and this is not root: ${missing[*]}" >&2
    echo "deps: run, as root: apt-get install ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
echo "deps: installing ${#missing[@]} Debian packages: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$log" 2>&1 || { tail -n 20 "$log" >&2; exit 1; }
