// SPDX-License-Identifier: GPL-2.0-or-later
// What the tables of rules and codes share, and nobody else needs.
#pragma once

#include "provisioning/rule.h"

namespace failback::provisioning {

std::span<const Rule> environmentRules();
std::span<const Rule> planRules();
std::span<const Rule> masterTargetRules();
std::span<const Rule> homeVmRules();
std::span<const Rule> creationRules();
std::span<const Rule> failbackRules();

// Ids and codes are compared without regard to case.
bool sameWord(std::string_view a, std::string_view b);

inline constexpr Phases R{true, false, false}, RF{true, true, false}, RFC{true, true, true},
    F{false, true, false}, FC{false, true, true};

}  // namespace failback::provisioning
