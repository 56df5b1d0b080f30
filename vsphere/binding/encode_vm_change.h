// SPDX-License-Identifier: GPL-2.0-or-later
// A change of a VM as the specification that ReconfigVM_Task and CheckVmConfig_Task take.
#pragma once

#include "vsphere/binding/request_arena.h"
#include "vsphere/model/vm_change.h"

namespace failback::vsphere {

// Owned by the arena. Throws Failure(internal) for a controller of a type that is no LSI Logic one.
vim25__VirtualMachineConfigSpec* encodeVmChange(RequestArena& arena, const VmChange& change);

}  // namespace failback::vsphere
