// SPDX-License-Identifier: GPL-2.0-or-later
// A whole inventory as it is kept for showing it: VMs packed, since they are many, all else as values.
#pragma once

#include <unordered_set>
#include <vector>

#include "discovery/filter.h"
#include "discovery/packed_vms.h"
#include "discovery/reader.h"

namespace failback::discovery {

struct KeptInventory {
  // Everything but VMs, also what was only read to judge or to name others.
  Inventory world;
  FilterSpec filter;
  // What the filter keeps of it; meaningless when the filter is empty: then all of it.
  std::unordered_set<vsphere::Moref> shown;
  // Those that the filter keeps, in the order of View.
  PackedVms vms;
  std::vector<vsphere::Unreadable> unreadable;
};

// Throws as readInventory(). It reads the same, with the same calls.
KeptInventory keepInventory(vsphere::Client& client, const ReadOptions& options,
                            const vsphere::Context& context);

}  // namespace failback::discovery
