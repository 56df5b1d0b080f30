// SPDX-License-Identifier: GPL-2.0-or-later
// The readiness of machines for people: a matrix of machines and groups of rules, then what was found.
#pragma once

#include <string>

#include "cli/terminal.h"
#include "provisioning/check/readiness.h"

namespace failback::cli {

std::string readinessText(const provisioning::Readiness& readiness, const Terminal& terminal);

}  // namespace failback::cli
