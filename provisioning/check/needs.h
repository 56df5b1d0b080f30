// SPDX-License-Identifier: GPL-2.0-or-later
// Which privileges the plan's own operations need, on which objects: what is asked for before the rules are
// judged, and what rule ENV-PRIVILEGE compares the answer with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "provisioning/check/world.h"

namespace failback::provisioning {

struct ObjectNeeds {
  vsphere::Moref entity;
  ObjectName name;
  std::vector<std::string_view> privileges;  // in the order of the table of privileges
};

// Of every object that the plan touches in this phase, each once, in the order of their names.
std::vector<ObjectNeeds> needsOf(const World& world);

// All ids of them, each once; and System.Read.
std::vector<std::string> idsOf(const std::vector<ObjectNeeds>& needs);

}  // namespace failback::provisioning
