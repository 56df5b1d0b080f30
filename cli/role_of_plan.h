// SPDX-License-Identifier: GPL-2.0-or-later
// What an account needs, or lacks, for a plan: object by object, as the server says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/app.h"
#include "cli/arguments.h"
#include "cli/console.h"

namespace failback::cli {

ExitCode showRoleOfPlan(const Arguments& arguments, const std::string& name, Surroundings& surroundings,
                        Console& console);
// Which of these the present account lacks on the root folder.
std::vector<std::string> missingAtTheTop(const Arguments& arguments, const std::vector<std::string_view>& ids,
                                         Surroundings& surroundings, Console& console);

// The commands that make a role.
std::string govcRole(const std::string& name, const std::vector<std::string_view>& ids);
std::string powercliRole(const std::string& name, const std::vector<std::string_view>& ids);

}  // namespace failback::cli
