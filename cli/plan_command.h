// SPDX-License-Identifier: GPL-2.0-or-later
// failback plan: documents that say what comes home.
#pragma once

#include <string>

#include "cli/app.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "provisioning/check/policy.h"
#include "provisioning/plan/plan.h"

namespace failback::cli {

// Reads and checks a plan; "-" is standard input. Throws Failure(usage) that holds every problem with its
// place.
provisioning::Plan loadPlan(const std::string& file);
// Likewise, a policy of checks.
provisioning::CheckPolicy loadPolicy(const std::string& file);

// The plan's id is what marks in vCenter bear: a plan that is lost leaves them without an owner. Throws
// Failure(usage) when the file is there.
void refuseToReplace(const std::string& file);

ExitCode showPlan(const Arguments& arguments, Surroundings& surroundings, Console& console);
// From a server, or from a dump (--from).
// What the inventory looks like now, put into the plan in place of what it was.
ExitCode refreshPlan(const Arguments& arguments, Surroundings& surroundings, Console& console);
ExitCode initPlan(const Arguments& arguments, Surroundings& surroundings, Console& console);

}  // namespace failback::cli
