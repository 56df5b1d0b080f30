// SPDX-License-Identifier: GPL-2.0-or-later
// Parts of a VM that have files of their own. Only for vm_rules.cpp.
#pragma once

#include "vsphere/stream/rules.h"

namespace failback::vsphere::stream {

const Rule& guestNicsRule();     // ArrayOfGuestNicInfo
const Rule& guestVolumesRule();  // ArrayOfGuestDiskInfo
const Rule& snapshotsRule();     // VirtualMachineSnapshotInfo
const Rule& questionRule();      // VirtualMachineQuestionInfo, into VirtualMachine::question
const Rule& filesRule();         // ArrayOfVirtualMachineFileLayoutExFileInfo
const Rule& diskLayoutsRule();   // ArrayOfVirtualMachineFileLayoutExDiskLayout
const Rule& bootOrderRule();     // ArrayOfVirtualMachineBootOptionsBootableDevice

}  // namespace failback::vsphere::stream
