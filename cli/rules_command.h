// SPDX-License-Identifier: GPL-2.0-or-later
// failback rules: lists and explains the rules of check.
#pragma once

#include <string>

#include "cli/app.h"
#include "cli/arguments.h"

namespace failback::cli {

// The text of docs/rules.md.
std::string rulesMarkdown();
std::string rulesJson();
// Throws Failure(usage) for an id or code that is not known.
ExitCode showRules(const Arguments& arguments, Surroundings& surroundings);

}  // namespace failback::cli
