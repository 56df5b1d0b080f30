// SPDX-License-Identifier: GPL-2.0-or-later
// What must fit together within a plan, the inventory aside.
#pragma once

#include <vector>

#include "provisioning/plan/document.h"
#include "provisioning/plan/plan.h"

namespace failback::provisioning {

// Adds a problem for each name that comes twice or leads nowhere, and for values that contradict each other.
// `root` is the document that the plan was read from, for the places. May be given a plan that was read with
// problems.
void findInconsistencies(const Plan& plan, const Node& root, std::vector<Problem>& problems);

}  // namespace failback::provisioning
