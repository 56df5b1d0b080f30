// SPDX-License-Identifier: GPL-2.0-or-later
// What becomes of VMs' DRS or Storage DRS overrides. How it is read: DrsOverride in
// vsphere/model/container.h.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vsphere/model/moref.h"

namespace failback::vsphere {

enum class OverrideAct {
  add,     // one that is there already is replaced
  edit,    // there must be one; say all of it, what is left out may fall back to a default
  remove,  // the cluster's own settings hold again; there must be one
};

// ClusterDrsVmConfigSpec. The values are of no account when it is removed.
struct DrsOverrideChange {
  OverrideAct act = OverrideAct::add;
  std::optional<bool> enabled;
  std::optional<std::string> behavior;  // "manual", "partiallyAutomated", "fullyAutomated"
};

// StorageDrsVmConfigSpec.
struct StorageDrsOverrideChange {
  OverrideAct act = OverrideAct::add;
  std::optional<bool> enabled;
  std::optional<std::string> behavior;  // "manual", "automated"
  std::optional<bool> intraVmAffinity;  // keep the VM's disks together
};

// Of several VMs, each once: they travel in one call, which does all or nothing.
using DrsOverrideChanges = std::vector<std::pair<Moref, DrsOverrideChange>>;
using StorageDrsOverrideChanges = std::vector<std::pair<Moref, StorageDrsOverrideChange>>;

}  // namespace failback::vsphere
