// SPDX-License-Identifier: GPL-2.0-or-later
// failback check: would this plan work, and if not, why not?
#pragma once

#include "cli/app.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/spec.h"
#include "provisioning/check/check.h"

namespace failback::cli {

VerbSpec checkVerb();
ExitCode checkPlan(const Arguments& arguments, Surroundings& surroundings, Console& console);

// What the verdict of a check ends with.
ExitCode exitCodeFor(provisioning::Verdict verdict);

}  // namespace failback::cli
