// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/derived.h"

#include <fmt/format.h>

#include <algorithm>

#include "discovery/inventory_path.h"

namespace failback::discovery {

void deriveFacts(vsphere::Datastore& datastore, const Inventory& inventory) {
  if (datastore.parent && datastore.parent->type == "StoragePod") {
    datastore.storagePod = datastore.parent;
    return;
  }
  for (const vsphere::StoragePod& pod : inventory.all<vsphere::StoragePod>()) {
    if (std::find(pod.datastores.begin(), pod.datastores.end(), datastore.ref) != pod.datastores.end()) {
      datastore.storagePod = pod.ref;
      return;
    }
  }
}

void deriveFacts(vsphere::Network& network, const Inventory& inventory) {
  const auto* dvs = inventory.find<vsphere::DistributedSwitch>(network.dvs);
  if (dvs == nullptr) return;
  network.dvsUuid = dvs->uuid;
  network.dvsName = dvs->name;
}

void deriveFacts(vsphere::VirtualMachine& vm, const Inventory& inventory) {
  for (vsphere::Nic& nic : vm.nics) {
    if (nic.network || !nic.portgroupKey) continue;
    for (const vsphere::Moref& ref : vm.networks) {
      // Where the port group was not read: vCenter gives it its key as its reference.
      const auto* network = inventory.find<vsphere::Network>(ref);
      const std::string& key =
          network != nullptr && network->portgroupKey ? *network->portgroupKey : ref.value;
      if (key == *nic.portgroupKey) nic.network = ref;
    }
  }
}

void deriveFacts(Inventory& inventory) {
  fillInventoryPaths(inventory);
  for (vsphere::Datastore& datastore : inventory.all<vsphere::Datastore>()) deriveFacts(datastore, inventory);
  for (vsphere::Network& network : inventory.all<vsphere::Network>()) deriveFacts(network, inventory);
  for (vsphere::VirtualMachine& vm : inventory.all<vsphere::VirtualMachine>()) deriveFacts(vm, inventory);
}

std::optional<vsphere::Unreadable> cutOff(const vsphere::Host& host) {
  if (!host.connectionState || *host.connectionState == "connected") return std::nullopt;
  vsphere::Unreadable entry;
  entry.object = host.ref;
  entry.name = host.name;
  const bool lost = *host.connectionState == "notResponding";
  entry.reason = lost ? "hostNotResponding" : "hostDisconnected";
  entry.text = fmt::format("host {} is {}: what is shown of it and of its VMs may be old", host.name,
                           lost ? "not responding" : *host.connectionState);
  return entry;
}

std::optional<vsphere::Unreadable> cutOff(const vsphere::VirtualMachine& vm) {
  if (!vm.connectionState || *vm.connectionState == "connected") return std::nullopt;
  vsphere::Unreadable entry;
  entry.object = vm.ref;
  entry.name = vm.name;
  entry.reason = *vm.connectionState;
  std::string why = "its configuration is invalid";
  if (entry.reason == "disconnected") why = "its host is not connected";
  if (entry.reason == "orphaned") why = "its host no longer knows it";
  if (entry.reason == "inaccessible") why = "its files can't be reached";
  entry.text = fmt::format("VM {} is {}: {}, and what is shown of it may be old", vm.name, entry.reason, why);
  return entry;
}

std::optional<vsphere::Unreadable> cutOff(const vsphere::InventoryObject& object) {
  if (const auto* host = std::get_if<vsphere::Host>(&object)) return cutOff(*host);
  if (const auto* vm = std::get_if<vsphere::VirtualMachine>(&object)) return cutOff(*vm);
  return std::nullopt;
}

}  // namespace failback::discovery
