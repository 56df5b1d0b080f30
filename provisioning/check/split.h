// SPDX-License-Identifier: GPL-2.0-or-later
// When a master target has not enough slots: how the plan's machines could be spread over several. Pure
// functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "provisioning/check/world.h"

namespace failback::provisioning {

// Something that takes disks, and something that brings them and must stay together.
struct Bin {
  std::string name;
  int free = 0;
};
struct Load {
  std::string name;
  int disks = 0;
};

// For each load the bin that it goes into (an index), using as few bins as possible; nothing when they don't
// fit. Of equal numbers of bins, earlier ones are preferred. For very many loads the number may be one more
// than the least.
std::optional<std::vector<std::size_t>> pack(const std::vector<Bin>& bins, const std::vector<Load>& loads);

struct SplitShare {
  std::string masterTarget;
  std::vector<std::string> machines;  // ids
  int disks = 0, free = 0;
};

struct Split {
  // The plan with other master targets; only when all machines find a place.
  std::optional<Plan> plan;
  std::vector<SplitShare> shares;
  // When they don't: what is missing, in one sentence.
  std::string missing;
};

// Spreads the machines over the plan's master targets and over other VMs that could be one. Replication
// groups stay whole, OS families apart.
Split proposeSplit(const World& world);

}  // namespace failback::provisioning
