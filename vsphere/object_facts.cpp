// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/object_facts.h"

#include <algorithm>
#include <utility>

#include "vsphere/property_table.h"
#include "wsdl/schema.h"

namespace failback::vsphere {
namespace {

// The type whose properties we read, also for a subtype that the property table does not name.
std::string_view readAs(std::string_view managedType) {
  if (const std::string_view known = knownTypeOf(managedType); !known.empty()) return known;
  for (const std::string_view type : inventoryTypes())
    if (vim25::isManagedA(managedType, type)) return type;
  return {};
}

InventoryObject networkOf(std::string_view type) {
  Network network;
  network.kind = type == "DistributedVirtualPortgroup" ? "distributed"
                 : type == "OpaqueNetwork"             ? "opaque"
                                                       : "standard";
  return network;
}

std::optional<InventoryObject> emptyObject(std::string_view type) {
  if (type == "VirtualMachine") return VirtualMachine{};
  if (type == "HostSystem") return Host{};
  if (type == "Datastore") return Datastore{};
  if (type == "Folder") return Folder{};
  if (type == "Datacenter") return Datacenter{};
  if (type == "StoragePod") return StoragePod{};
  if (type == "DistributedVirtualSwitch") return DistributedSwitch{};
  if (type == "Network" || type == "DistributedVirtualPortgroup" || type == "OpaqueNetwork")
    return networkOf(type);
  if (type == "ComputeResource" || type == "ClusterComputeResource") {
    Cluster cluster;
    cluster.isCluster = type == "ClusterComputeResource";
    return cluster;
  }
  if (type == "ResourcePool" || type == "VirtualApp") {
    ResourcePool pool;
    pool.isVApp = type == "VirtualApp";
    return pool;
  }
  return std::nullopt;
}

bool isMissing(const std::vector<Unreadable>& unreadable, std::string_view path) {
  return std::ranges::any_of(unreadable, [&](const Unreadable& what) { return what.property == path; });
}

void finishVm(VirtualMachine& vm, std::vector<Unreadable>& unreadable) {
  // ftInfo is unset on a VM without fault tolerance; changeVersion tells that the configuration was read.
  if (!vm.faultToleranceConfigured && vm.changeVersion && !isMissing(unreadable, "config.ftInfo.role"))
    vm.faultToleranceConfigured = false;
  for (const Disk& disk : vm.disks) {
    if (disk.kind != "unknown" || disk.backingType.empty()) continue;
    unreadable.push_back(unreadableProperty(
        vm.ref, "config.hardware.device[" + std::to_string(disk.key) + "].backing", "unknownType",
        "This version of failback does not know disks of kind " + disk.backingType));
  }
}

}  // namespace

std::optional<InventoryObject> makeObject(const Moref& ref) {
  auto object = emptyObject(readAs(ref.type));
  if (object) entityOf(*object).ref = ref;
  return object;
}

void finishObject(InventoryObject& object, std::vector<Unreadable>& unreadable) {
  if (auto* vm = std::get_if<VirtualMachine>(&object)) finishVm(*vm, unreadable);
  for (Unreadable& what : unreadable) what.name = entityOf(object).name;
}

Unreadable unreadableProperty(const Moref& object, std::string path, const char* reason, std::string text) {
  Unreadable what;
  what.object = object;
  what.property = std::move(path);
  what.reason = reason;
  what.text = std::move(text);
  return what;
}

Unreadable unknownType(const Moref& object) {
  return unreadableProperty(object, {}, "unknownType",
                            "This version of failback does not know objects of type " +
                                (object.type.empty() ? "(none)" : object.type));
}

std::string textOfUnknownValue(std::string_view type) {
  return "This version of failback does not know values of type " + std::string(type);
}

std::string textOfForeignValue(std::string_view type) {
  return "The server sent a value of type " + std::string(type) + ", which this property does not have";
}

}  // namespace failback::vsphere
