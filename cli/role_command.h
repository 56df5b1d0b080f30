// SPDX-License-Identifier: GPL-2.0-or-later
// failback role: the least role for a purpose.
#pragma once

#include "cli/app.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/spec.h"

namespace failback::cli {

VerbSpec roleVerb();
ExitCode showRole(const Arguments& arguments, Surroundings& surroundings, Console& console);

}  // namespace failback::cli
