// SPDX-License-Identifier: GPL-2.0-or-later
// The VM that a machine comes home as when its original has gone: what CreateVM_Task is asked for. Pure
// functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "provisioning/check/world.h"
#include "vsphere/model/vm_change.h"

namespace failback::provisioning {

struct Creation {
  vsphere::NewVm vm;
  vsphere::NewVmPlace place;
  const vsphere::Datastore* datastore = nullptr;  // where its files go
};

// Everything of the source that matters is kept: firmware, secure boot, hardware version, CPUs and cores,
// controllers of the source's types, NICs with type, MAC and network, disk.EnableUUID, the BIOS UUID where no
// VM has it. Its instance UUID and those of its disks follow from the plan; the marks are in it. Nothing when
// its place can't be told: no host, folder, pool or datastore, or a network that the host does not have
// (rules NEW-* say which).
std::optional<Creation> creationOf(const World& world, const MachineView& machine);

// What has the name that the new VM is to get, and is renamed for it (home.onNameClash rename-existing);
// nullptr when the name is free, or something else is to be done about it.
const vsphere::VirtualMachine* renamedForNew(const World& world, const MachineView& machine);

// The same but for what differs from machine to machine: whoever accepts one of them accepts all that have
// the same shape.
std::string shapeOf(const Creation& creation);

}  // namespace failback::provisioning
