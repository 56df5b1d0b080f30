#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# clang-tidy over our own sources, each as it is compiled alone: configures the preset "tidy", generates the headers that
# are read, and calls check-tidy.sh, which remembers what it has seen. usage: scripts/tidy.sh [FILE...]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/build.sh tidy failback_vim25_generate
exec scripts/check-tidy.sh build/tidy "$@"
