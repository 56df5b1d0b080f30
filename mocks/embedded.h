// SPDX-License-Identifier: GPL-2.0-or-later
// Files that the build puts into the program.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace failback::mock::embedded {

// Built-in scenarios: name and JSON text.
const std::vector<std::pair<std::string_view, std::string_view>>& scenarios();
// docs/mock-scenario.schema.json
std::string_view scenarioSchema();

}  // namespace failback::mock::embedded
