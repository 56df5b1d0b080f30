// SPDX-License-Identifier: GPL-2.0-or-later
// Properties of datacenters, folders, compute resources, resource pools and datastore clusters.
#pragma once

#include "vsphere/binding/values.h"
#include "vsphere/model/container.h"

namespace failback::vsphere::binding {

const SetterTable<Datacenter>& datacenterSetters();
const SetterTable<Folder>& folderSetters();
const SetterTable<Cluster>& clusterSetters();
const SetterTable<ResourcePool>& resourcePoolSetters();
const SetterTable<StoragePod>& storagePodSetters();

}  // namespace failback::vsphere::binding
