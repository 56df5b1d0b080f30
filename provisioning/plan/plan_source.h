// SPDX-License-Identifier: GPL-2.0-or-later
// What a plan says of a machine, from what the inventory says of a VM.
#pragma once

#include <string>
#include <vector>

#include "discovery/inventory.h"
#include "provisioning/plan/plan.h"

namespace failback::provisioning {

struct SourceReading {
  Source source;
  // What a plan must say and the inventory did not: "config.hardware.memoryMB". Then `source` is no use.
  std::vector<std::string> missing;
  // What a person should know: a disk that hangs on something unusual, a value that was assumed.
  std::vector<std::string> remarks;
};

// Of a disk with snapshots the plan names the base, which is what remains when they are merged. The
// inventory names networks. Thread-safe, asks nobody.
SourceReading sourceOf(const vsphere::VirtualMachine& vm, const discovery::Inventory& inventory);

}  // namespace failback::provisioning
