#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fails, and shows the differences, when a C++ file is not formatted; with --fix, formats them.
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t files < <(git ls-files '*.h' '*.cpp')
if [ "${1:-}" = --fix ]; then
  clang-format-14 -i "${files[@]}"
else
  clang-format-14 --dry-run --Werror "${files[@]}"
  echo "format: ${#files[@]} files as .clang-format wants them"
fi
