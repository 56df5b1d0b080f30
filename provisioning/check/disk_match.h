// SPDX-License-Identifier: GPL-2.0-or-later
// Which device of a home VM is which disk of the plan. A disk is known by its UUID and its file; one of the
// two alone is taken only where the other can't speak. Pure.
#pragma once

#include <vector>

#include "provisioning/plan/plan.h"
#include "vsphere/model/virtual_machine.h"

namespace failback::provisioning {

// By index of the machine's source disks; nullptr: the VM has none that is this disk. `made`: a job made this
// VM, so its disks bear the UUIDs that were chosen for them (plan/identity.h); where a server took none of
// these, the place on the controller says which is which.
std::vector<const vsphere::Disk*> matchDisks(const Plan& plan, const Machine& machine,
                                             const vsphere::VirtualMachine& vm, bool made);

}  // namespace failback::provisioning
