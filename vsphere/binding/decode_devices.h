// SPDX-License-Identifier: GPL-2.0-or-later
// config.hardware.device: controllers, disks with their chains, network cards, and everything else by name.
#pragma once

#include "vsphere/binding/values.h"
#include "vsphere/model/virtual_machine.h"

namespace failback::vsphere::binding {

// Replaces controllers, disks, nics, otherDevices and vtpmPresent. A device of a class that we do not know is
// kept as what its nearest known ancestor is, under the name that the server wrote.
void decodeDevices(VirtualMachine& vm, const std::vector<vim25__VirtualDevice*>& devices);

}  // namespace failback::vsphere::binding
