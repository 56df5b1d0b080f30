// SPDX-License-Identifier: GPL-2.0-or-later
// failback check --machine, --all: could these machines come home today?
#pragma once

#include "cli/app.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/spec.h"

namespace failback::cli {

// --machine, --all, --master-target.
OptionGroup readinessOptions();
// Is this what the arguments ask for? Throws Failure(usage) when they ask for a plan's check, too.
bool wantsReadiness(const Arguments& arguments);
ExitCode checkReadiness(const Arguments& arguments, Surroundings& surroundings, Console& console);

}  // namespace failback::cli
