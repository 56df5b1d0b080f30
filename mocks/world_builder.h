// SPDX-License-Identifier: GPL-2.0-or-later
// From a scenario to a world: every object with the properties that a real server shows. All identifiers
// (UUIDs, MAC addresses, files) follow from names, so that the same scenario is the same site in every run.
#pragma once

#include "mocks/scenario.h"
#include "mocks/world.h"

namespace failback::mock {

// Fills an empty world, which keeps the scenario. `password` is that of all users. Throws ScenarioError for
// names that lead nowhere.
void buildWorld(World& world, const std::shared_ptr<const ScenarioSpec>& scenario,
                const std::string& password);

// A virtual machine's properties with it powered on or off: runtime, guest, summaries.
Value withPower(const World& world, const Value& state, const VmSpec& spec, bool on);

}  // namespace failback::mock
