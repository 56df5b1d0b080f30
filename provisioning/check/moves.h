// SPDX-License-Identifier: GPL-2.0-or-later
// What DRS and Storage DRS would do by themselves to the VMs of a plan (rules MT-SDRS, MT-VMOTION; a job
// keeps them from it). Pure functions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "provisioning/check/world.h"

namespace failback::provisioning {

// VMs whose disks must stay where they are (master targets, home VMs), by the datastore cluster that holds
// any of them.
std::map<vsphere::Moref, std::vector<const vsphere::VirtualMachine*>> heldVmsByPod(const World& world);
const vsphere::StoragePod* podOf(const World& world, const vsphere::Moref& datastore);

// nullptr: it has none.
const vsphere::DrsOverride* overrideOf(const std::vector<vsphere::DrsOverride>& overrides,
                                       const vsphere::Moref& vm);
// It may move the VM without asking anybody. Where its settings can't be read: as if it did.
bool storageDrsMoves(const vsphere::StoragePod& pod, const vsphere::Moref& vm);
bool drsMoves(const vsphere::Cluster& cluster, const vsphere::Moref& vm);

// What a vMotion of the master target would meet: "not mounted on esx-02", of every host of this cluster that
// it may run on.
std::vector<std::string> vmotionObstacles(const World& world, const TargetView& target,
                                          const vsphere::Cluster& cluster);

}  // namespace failback::provisioning
