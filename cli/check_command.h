// SPDX-License-Identifier: GPL-2.0-or-later
// failback check: would this plan work, and if not, why not?
#pragma once

#include <vector>

#include "cli/app.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/spec.h"
#include "provisioning/check/check.h"
#include "provisioning/check/facts.h"

namespace failback::cli {

VerbSpec checkVerb();
ExitCode checkPlan(const Arguments& arguments, Surroundings& surroundings, Console& console);

// What the verdict of a check ends with.
ExitCode exitCodeFor(provisioning::Verdict verdict);

// Open jobs of the store that --state or the environment names. No store is made by looking; one that can't
// be read is not known.
provisioning::Asked<std::vector<provisioning::StoredJob>> readStore(const Arguments& arguments,
                                                                    const Environment& environment);

}  // namespace failback::cli
