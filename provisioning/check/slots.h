// SPDX-License-Identifier: GPL-2.0-or-later
// Where the plan's disks would hang on a master target, and the change that attaches them. Pure functions.
#pragma once

#include <cstddef>
#include <optional>

#include "provisioning/check/world.h"
#include "vsphere/model/vm_change.h"

namespace failback::provisioning {

// Free units on the LSI Logic controllers that the VM has, lowest bus first, then on controllers of the same
// type that are added, four of them at most. Nothing when they do not suffice.
std::optional<vsphere::VmChange> freeSlots(const vsphere::VirtualMachine& vm, std::size_t disks);

// The change that would attach the plan's disks that could be attached as they are: of machines that are off
// and have no snapshots, and not on the target yet. Nothing when there is no such disk, or no slot for one.
std::optional<vsphere::VmChange> attachment(const World& world, const TargetView& target);

// The disk hangs on the master target already, and the mark says that this plan put it there.
bool isAttached(const World& world, const MachineView& machine, const DiskView& disk,
                const vsphere::VirtualMachine& target);

}  // namespace failback::provisioning
