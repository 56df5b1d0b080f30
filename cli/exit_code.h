// SPDX-License-Identifier: GPL-2.0-or-later
// Exit codes: one table for all verbs, from which --help, the man page and docs/exit-codes.md follow.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "vsphere/error.h"

namespace failback::cli {

enum class ExitCode {
  ok = 0,
  internal = 1,
  usage = 2,
  holes = 3,
  blocked = 4,
  undecided = 5,
  unreachable = 6,
  tlsTrust = 7,
  loginRefused = 8,
  notPermitted = 9,
  deadline = 10,
  malformed = 11,
  interrupted = 12,
  halfWay = 13,
  otherJob = 14,
};

struct ExitCodeInfo {
  ExitCode code;
  std::string_view meaning;
  std::string_view advice;  // to who or what called
};

// In the order of their numbers, without a gap.
std::span<const ExitCodeInfo> exitCodes();
ExitCode exitCodeFor(vsphere::Category category);

// The table of docs/exit-codes.md: codes, then which category of an error ends with which code.
std::string exitCodesMarkdown();

}  // namespace failback::cli
