// SPDX-License-Identifier: GPL-2.0-or-later
// Parts of a virtual machine's properties that stand in files of their own: what its guest shows, and its
// files.
#pragma once

#include <string>

#include "mocks/site.h"
#include "mocks/world_builder.h"

namespace failback::mock {

std::string instanceUuid(const SiteVm& vm);
std::string biosUuid(const SiteVm& vm);
// "Ubuntu Linux (64-bit)" for "ubuntu64Guest".
std::string guestFullName(const VmSpec& spec);

// VirtualMachineConfigInfo as a scenario describes the machine, without snapshots.
Value vmConfig(const SiteVm& vm);

// What can be done with a machine at all.
Value vmCapability();

Value extraConfig(const SiteVm& vm);

// With `depth` deltas above the base of each disk that snapshots touch.
Value fileLayout(const SiteVm& vm, std::size_t depth);
Value fileLayoutEx(const SiteVm& vm, std::size_t depth, const std::string& time);

}  // namespace failback::mock
