// SPDX-License-Identifier: GPL-2.0-or-later
// The report of a check for people: what blocks first, each with its remedy under it.
#pragma once

#include <string>

#include "cli/terminal.h"
#include "provisioning/check/check.h"
#include "provisioning/plan/plan.h"

namespace failback::cli {

// Findings that pass only when `all`.
std::string reportText(const provisioning::Report& report, const provisioning::Plan& plan, bool all,
                       const Terminal& terminal);

}  // namespace failback::cli
