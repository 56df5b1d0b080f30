// SPDX-License-Identifier: GPL-2.0-or-later
// A VM's snapshots, as a tree.
#pragma once

#include "vim25/soapStub.h"
#include "vsphere/model/virtual_machine.h"

namespace failback::vsphere::binding {

// Replaces snapshots and currentSnapshot, and marks the current one.
void decodeSnapshots(VirtualMachine& vm, const vim25__VirtualMachineSnapshotInfo& info);

}  // namespace failback::vsphere::binding
