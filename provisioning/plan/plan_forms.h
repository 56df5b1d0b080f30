// SPDX-License-Identifier: GPL-2.0-or-later
// The forms that texts of a plan have, for the reader and for the schema.
#pragma once

#include <string>
#include <string_view>

#include "provisioning/plan/plan_fields.h"

namespace failback::provisioning {

struct FormInfo {
  std::string_view pattern;   // ECMAScript, as JSON Schema has it; empty: any text
  std::string_view expected;  // in an error
};

// Never null; `any` has an empty pattern.
const FormInfo& formInfo(Form form);
bool hasForm(std::string_view text, Form form);

// ASCII letters only, as vSphere tells no two names apart by their case.
std::string lower(std::string text);

}  // namespace failback::provisioning
