// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/exit_code.h"

#include <fmt/format.h>

#include <array>

namespace failback::cli {
namespace {

using vsphere::Category;

constexpr std::array<ExitCodeInfo, 15> table = {{
    {ExitCode::ok, "done", "go on"},
    {ExitCode::internal, "internal error: a defect of failback, or no memory or disk space here",
     "report it, with the output of --verbose"},
    {ExitCode::usage, "wrong usage, configuration or document", "correct it; nothing was sent"},
    {ExitCode::holes, "done, with warnings or holes: what could not be read is listed",
     "use the result, and look at what is missing"},
    {ExitCode::blocked, "blocked by a rule", "read the findings; each has a remedy"},
    {ExitCode::undecided, "undecided: something that must be known could not be read",
     "give the account the privilege, or attest it"},
    {ExitCode::unreachable, "the server can't be reached, or is too busy",
     "check address, network, proxy; try later"},
    {ExitCode::tlsTrust, "the server's certificate is not trusted",
     "compare the thumbprints, then pin it or name its CA"},
    {ExitCode::loginRefused, "login refused",
     "check user and password; do not retry blindly, accounts get locked"},
    {ExitCode::notPermitted, "not permitted", "grant the privilege named, on the object named"},
    {ExitCode::deadline, "the deadline passed", "raise --timeout, or look why the server is slow"},
    {ExitCode::malformed, "malformed answer: not what a vCenter or ESXi host says",
     "check the address; record it with --record"},
    {ExitCode::interrupted, "interrupted at a safe point", "call again; for a job, resume goes on"},
    {ExitCode::halfWay, "failed half-way", "status tells the truth; resume or cancel works"},
    {ExitCode::otherJob, "another job holds the machine or the master target",
     "wait for it, or look at status"},
}};

constexpr std::array<Category, 22> categories = {Category::usage,
                                                 Category::unreachable,
                                                 Category::tlsTrust,
                                                 Category::loginRefused,
                                                 Category::notPermitted,
                                                 Category::notAuthenticated,
                                                 Category::sessionLost,
                                                 Category::deadline,
                                                 Category::interrupted,
                                                 Category::malformedAnswer,
                                                 Category::serverBusy,
                                                 Category::notFound,
                                                 Category::conflict,
                                                 Category::concurrentAccess,
                                                 Category::busy,
                                                 Category::invalidState,
                                                 Category::invalidArgument,
                                                 Category::licence,
                                                 Category::unsupported,
                                                 Category::insufficient,
                                                 Category::cancelled,
                                                 Category::fault};

}  // namespace

std::span<const ExitCodeInfo> exitCodes() {
  return table;
}

ExitCode exitCodeFor(Category category) {
  switch (category) {
    case Category::usage:
      return ExitCode::usage;
    case Category::unreachable:
    case Category::sessionLost:
    case Category::serverBusy:
      return ExitCode::unreachable;
    case Category::tlsTrust:
      return ExitCode::tlsTrust;
    case Category::loginRefused:
    case Category::notAuthenticated:
      return ExitCode::loginRefused;
    case Category::notPermitted:
      return ExitCode::notPermitted;
    case Category::deadline:
      return ExitCode::deadline;
    case Category::malformedAnswer:
      return ExitCode::malformed;
    case Category::interrupted:
      return ExitCode::interrupted;
    case Category::licence:
    case Category::unsupported:
      return ExitCode::blocked;
    case Category::busy:
      return ExitCode::otherJob;
    case Category::notFound:
    case Category::conflict:
    case Category::concurrentAccess:
    case Category::invalidState:
    case Category::insufficient:
    case Category::cancelled:
    case Category::fault:
      return ExitCode::halfWay;
    case Category::invalidArgument:
    case Category::internal:
      return ExitCode::internal;
  }
  return ExitCode::internal;
}

std::string exitCodesMarkdown() {
  std::string text = "| code | meaning | what to do |\n|---|---|---|\n";
  for (const ExitCodeInfo& row : table) {
    text += fmt::format("| {} | {} | {} |\n", static_cast<int>(row.code), row.meaning, row.advice);
  }
  text += "\n| category of the error | code |\n|---|---|\n";
  for (const Category category : categories) {
    text +=
        fmt::format("| `{}` | {} |\n", vsphere::toString(category), static_cast<int>(exitCodeFor(category)));
  }
  text += fmt::format("| `{}` | {} |\n", vsphere::toString(Category::internal),
                      static_cast<int>(exitCodeFor(Category::internal)));
  return text;
}

}  // namespace failback::cli
