// SPDX-License-Identifier: GPL-2.0-or-later
// Any object of the inventory, as it comes out of a page of the property collector.
#pragma once

#include <variant>

#include "vsphere/model/container.h"
#include "vsphere/model/datastore.h"
#include "vsphere/model/host.h"
#include "vsphere/model/network.h"
#include "vsphere/model/virtual_machine.h"

namespace failback::vsphere {

using InventoryObject = std::variant<Datacenter, Folder, Cluster, Host, Datastore, StoragePod, Network,
                                     DistributedSwitch, ResourcePool, VirtualMachine>;

// What every one of them has.
inline Entity& entityOf(InventoryObject& object) {
  return std::visit([](Entity& entity) -> Entity& { return entity; }, object);
}
inline const Entity& entityOf(const InventoryObject& object) {
  return std::visit([](const Entity& entity) -> const Entity& { return entity; }, object);
}

}  // namespace failback::vsphere
