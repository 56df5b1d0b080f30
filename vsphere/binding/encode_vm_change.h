// SPDX-License-Identifier: GPL-2.0-or-later
// A change of a VM, or a VM that is to be made, as the request that carries it. Everything belongs to the
// arena. Failure(internal) for a class of device that the model's comments do not name.
#pragma once

#include "vsphere/binding/request_arena.h"
#include "vsphere/model/vm_change.h"

namespace failback::vsphere {

vim25__VirtualMachineConfigSpec* encodeVmChange(RequestArena& arena, const VmChange& change);
vim25__VirtualMachineConfigSpec* encodeNewVm(RequestArena& arena, const NewVm& vm);

}  // namespace failback::vsphere
