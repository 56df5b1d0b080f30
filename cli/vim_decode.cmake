# SPDX-License-Identifier: GPL-2.0-or-later
# The program that shows recorded messages.
failback_executable(
  vim-decode
  SOURCES vim_decode.cpp
  DEPS failback_cli CLI11::CLI11 nlohmann_json::nlohmann_json)
