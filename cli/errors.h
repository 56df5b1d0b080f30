// SPDX-License-Identifier: GPL-2.0-or-later
// Shows an error, once, to the person or program that called.
#pragma once

#include <string>

#include "cli/console.h"
#include "cli/exit_code.h"
#include "vsphere/error.h"

namespace failback::cli {

// Several lines: the text, its causes, the object, the privilege, what can be done. `server` is the line that
// says which server was meant and where that came from; shown when it may be the cause.
std::string errorText(const vsphere::Error& error, const std::string& server, const Terminal& terminal);
// {"error": {"category", "exitCode", "text", "fault", "object", "privilege", "details", "remedy", "server",
// "causes"}}
std::string errorJson(const vsphere::Error& error, const std::string& server);

// Shows it on the console, in the way that the console is set to, and says how to end.
ExitCode showError(const vsphere::Error& error, const std::string& server, Console& console);

}  // namespace failback::cli
