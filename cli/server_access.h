// SPDX-License-Identifier: GPL-2.0-or-later
// What every verb does that speaks with a server: options of the client, the context of the work, and the
// calls that were made.
#pragma once

#include "cli/app.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/settings.h"
#include "cli/spec.h"
#include "provisioning/check/collect.h"
#include "vsphere/client.h"

namespace failback::cli {

// Resolves the settings, and shows what they warn of. Throws Failure(usage).
Settings settingsFor(const Arguments& arguments, Surroundings& surroundings, Console& console);
// The console must outlive the client: its log goes there with --verbose.
vsphere::ClientOptions clientOptions(const Settings& settings, const Arguments& arguments, Console& console);
// Ends with the settings' time limit, or when the process is asked to stop; has an operation id.
vsphere::Context workContext(const Settings& settings, const Surroundings& surroundings);
// Does what --color says to both terminals.
void applyColour(const Arguments& arguments, Surroundings& surroundings);
// --state, and where the store is: as said, else by the environment.
OptionSpec stateOption();
std::string storeDirectory(const Arguments& arguments, const Environment& environment);
// With --calls: a line per method.
// How a plan is looked at: progress on the console, and connections that are tried for a few seconds.
provisioning::CollectOptions collectOptions(Console& console);
// With --calls: calls by method, and how many of them count towards a budget
// (provisioning/check/call_budget.h).
void showCountedCalls(const vsphere::Client& client, const Arguments& arguments, Console& console);
void showCalls(const vsphere::Client& client, const Arguments& arguments, Console& console);

}  // namespace failback::cli
