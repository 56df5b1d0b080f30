// SPDX-License-Identifier: GPL-2.0-or-later
// Plans as documents: read with every problem named by line and pointer, written, digested, and described by
// a JSON Schema. All functions are thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provisioning/plan/document.h"
#include "provisioning/plan/plan.h"

namespace failback::provisioning {

struct PlanReading {
  std::optional<Plan> plan;       // only when there is no problem
  std::vector<Problem> problems;  // all that were found, in the document's order
};

// Reads a plan, JSON or YAML, and checks it in itself: types, forms, names that must be different or must be
// there. The inventory is not asked (rule PLAN-SCHEMA).
PlanReading readPlan(std::string_view text);

// The canonical form (RFC 8785: no white space, members sorted): the same for all documents that say the
// same. What is not given is in it with its default.
std::string canonicalJson(const Plan& plan);
// SHA-256 of the canonical form, 64 lower-case hexadecimal digits: what an approval names.
std::string digest(const Plan& plan);

// As people read it: members in the order of the documentation, two spaces a level, defaults left out when
// `brief`.
std::string planJson(const Plan& plan, bool brief);
// The same as YAML, with a comment for each member when asked for.
std::string planYaml(const Plan& plan, bool comments);

// The JSON Schema (2020-12) of a plan document; docs/plan.schema.json is this text.
std::string planSchema();

}  // namespace failback::provisioning
