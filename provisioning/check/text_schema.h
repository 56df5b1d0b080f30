// SPDX-License-Identifier: GPL-2.0-or-later
// What the schemas of reports and of readiness have in common.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace failback::provisioning {

// A text, in a JSON schema.
inline nlohmann::ordered_json textSchema(std::string_view description) {
  return {{"type", "string"}, {"description", description}};
}

}  // namespace failback::provisioning
