// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/app.h"

#include <fmt/format.h>

#include <new>

#include "cli/answer_command.h"
#include "cli/arguments.h"
#include "cli/check_command.h"
#include "cli/completion.h"
#include "cli/console.h"
#include "cli/discover_command.h"
#include "cli/errors.h"
#include "cli/help.h"
#include "cli/job_command.h"
#include "cli/plan_command.h"
#include "cli/role_command.h"
#include "cli/rules_command.h"
#include "cli/spec.h"
#include "provisioning/plan/plan_document.h"

namespace failback::cli {
namespace {

// Errors of the very arguments are shown as they ask for, if that much can be understood.
bool wantsJsonErrors(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--errors=json" ||
        (words[i] == "--errors" && i + 1 < words.size() && words[i + 1] == "json")) {
      return true;
    }
  }
  return false;
}

ExitCode print(Output& out, const std::string& text) {
  out.write(text);
  out.flush();
  return ExitCode::ok;
}

ExitCode perform(const std::vector<std::string>& words, Surroundings& surroundings, Console& console) {
  const Arguments arguments = parseArguments(words);
  const std::size_t width = surroundings.outTerminal.width;
  if (arguments.verb == nullptr) {
    if (arguments.has("version"))
      return print(surroundings.out, fmt::format("failback {}\n", programVersion()));
    if (!arguments.group.empty()) return print(surroundings.out, groupHelp(arguments.group, width));
    if (arguments.has("help")) return print(surroundings.out, programHelp(width));
    console.message(programHelp(surroundings.errTerminal.width));
    return ExitCode::usage;
  }
  const VerbSpec& verb = *arguments.verb;
  if (arguments.has("help")) return print(surroundings.out, verbHelp(verb, width));
  if (verb.name == "completion") {
    if (arguments.operands.empty()) {
      vsphere::fail(vsphere::Category::usage, "completion wants the name of a shell",
                    "name one of bash, zsh, fish");
    }
    return print(surroundings.out, completionScript(arguments.operands.front()));
  }
  if (verb.name == "plan schema") return print(surroundings.out, provisioning::planSchema());
  if (verb.name == "plan refresh") return refreshPlan(arguments, surroundings, console);
  if (verb.name == "plan init") return initPlan(arguments, surroundings, console);
  if (verb.name == "plan show") return showPlan(arguments, surroundings, console);
  if (verb.name == "check") return checkPlan(arguments, surroundings, console);
  if (verb.name == "reprotect") return reprotect(arguments, surroundings, console);
  if (verb.name == "failback") return failBack(arguments, surroundings, console);
  if (verb.name == "cancel") return cancelJob(arguments, surroundings, console);
  if (verb.name == "commit") return commitJob(arguments, surroundings, console);
  if (verb.name == "resume") return resumeJob(arguments, surroundings, console);
  if (verb.name == "status") return showStatus(arguments, surroundings, console);
  if (verb.name == "answer") return answerQuestion(arguments, surroundings, console);
  if (verb.name == "journal") return showJournal(arguments, surroundings, console);
  if (verb.name == "role") return showRole(arguments, surroundings, console);
  if (verb.name == "rules") return showRules(arguments, surroundings);
  if (verb.name == "man") return print(surroundings.out, manPage());
  return discover(arguments, surroundings, console);
}

vsphere::Error internalError(const std::string& what) {
  vsphere::Error error;
  error.category = vsphere::Category::internal;
  error.text = "a defect of failback: " + what;
  error.remedy = "report it, with what --verbose shows";
  return error;
}

}  // namespace

ExitCode run(const std::vector<std::string>& words, Surroundings& surroundings) noexcept {
  try {
    Console console(surroundings.err, surroundings.errTerminal, surroundings.clock);
    console.setJson(wantsJsonErrors(words));
    try {
      return perform(words, surroundings, console);
    } catch (const vsphere::Failure& failure) {
      return showError(failure.error(), {}, console);
    } catch (const OutputClosed&) {
      return ExitCode::ok;
    } catch (const std::bad_alloc&) {
      return showError(internalError("not enough memory"), {}, console);
    } catch (const std::exception& error) {
      return showError(internalError(error.what()), {}, console);
    }
  } catch (...) {
    return ExitCode::internal;
  }
}

}  // namespace failback::cli
