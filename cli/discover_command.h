// SPDX-License-Identifier: GPL-2.0-or-later
// failback discover: reads the inventory and shows it.
#pragma once

#include "cli/app.h"
#include "cli/arguments.h"
#include "cli/console.h"

namespace failback::cli {

// Throws Failure for wrong usage; errors of the server are shown here, with the server's name.
ExitCode discover(const Arguments& arguments, Surroundings& surroundings, Console& console);

}  // namespace failback::cli
