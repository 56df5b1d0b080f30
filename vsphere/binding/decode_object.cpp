// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/decode_object.h"

#include <utility>

#include "vsphere/binding/decode_containers.h"
#include "vsphere/binding/decode_datastore.h"
#include "vsphere/binding/decode_host.h"
#include "vsphere/binding/decode_network.h"
#include "vsphere/binding/decode_vm.h"
#include "vsphere/binding/fault_decoder.h"
#include "vsphere/property_table.h"
#include "wsdl/schema.h"
#include "wsdl/vim_hooks.h"

namespace failback::vsphere::binding {
namespace {

Applied apply(Datacenter& object, std::string_view path, const xsd__anyType* value) {
  return datacenterSetters().apply(object, path, value);
}
Applied apply(Folder& object, std::string_view path, const xsd__anyType* value) {
  return folderSetters().apply(object, path, value);
}
Applied apply(Cluster& object, std::string_view path, const xsd__anyType* value) {
  return clusterSetters().apply(object, path, value);
}
Applied apply(Host& object, std::string_view path, const xsd__anyType* value) {
  return hostSetters().apply(object, path, value);
}
Applied apply(Datastore& object, std::string_view path, const xsd__anyType* value) {
  return datastoreSetters().apply(object, path, value);
}
Applied apply(StoragePod& object, std::string_view path, const xsd__anyType* value) {
  return storagePodSetters().apply(object, path, value);
}
Applied apply(Network& object, std::string_view path, const xsd__anyType* value) {
  return networkSetters().apply(object, path, value);
}
Applied apply(DistributedSwitch& object, std::string_view path, const xsd__anyType* value) {
  return distributedSwitchSetters().apply(object, path, value);
}
Applied apply(ResourcePool& object, std::string_view path, const xsd__anyType* value) {
  return resourcePoolSetters().apply(object, path, value);
}
Applied apply(VirtualMachine& object, std::string_view path, const xsd__anyType* value) {
  return applyVmProperty(object, path, value);
}

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

}  // namespace

std::optional<InventoryObject> makeObject(const Moref& ref) {
  auto object = emptyObject(readAs(ref.type));
  if (object) entityOf(*object).ref = ref;
  return object;
}

Applied applyProperty(InventoryObject& object, std::string_view path, const xsd__anyType* value) {
  return std::visit([&](auto& typed) { return apply(typed, path, value); }, object);
}

bool isKnownPath(std::string_view managedType, std::string_view path) {
  auto object = emptyObject(readAs(managedType));
  return object && applyProperty(*object, path, nullptr) != Applied::unknownPath;
}

ObjectAssembler::ObjectAssembler(const Moref& ref) : ref_(ref), object_(makeObject(ref)) {
  if (!object_)
    unreadable(
        {}, "unknownType",
        "This version of failback does not know objects of type " + (ref.type.empty() ? "(none)" : ref.type));
}

Applied ObjectAssembler::property(std::string_view path, const xsd__anyType* value) {
  if (!object_) return Applied::unknownPath;
  const Applied applied = applyProperty(*object_, path, value);
  if (applied != Applied::malformed) return applied;
  const std::string type(vim25::wireTypeName(*value));
  if (!vim25::isBound(type)) {
    unreadable(std::string(path), "unknownType",
               "This version of failback does not know values of type " + type);
  } else {
    malformed(std::string(path),
              "The server sent a value of type " + type + ", which this property does not have");
  }
  return applied;
}

void ObjectAssembler::missing(const vim25__MissingProperty& missing) {
  Unreadable what = unreadableFromMissing(ref_, missing);
  if (missing.fault != nullptr && saysNotAuthenticated(errorFromFault(*missing.fault)))
    notAuthenticated_ = true;
  unreadable_.push_back(std::move(what));
}

void ObjectAssembler::malformed(std::string path, std::string text) {
  unreadable(std::move(path), "malformed", std::move(text));
}

void ObjectAssembler::unreadable(std::string path, const char* reason, std::string text) {
  Unreadable what;
  what.object = ref_;
  what.property = std::move(path);
  what.reason = reason;
  what.text = std::move(text);
  unreadable_.push_back(std::move(what));
}

bool ObjectAssembler::isMissing(std::string_view path) const {
  for (const Unreadable& what : unreadable_)
    if (what.property == path) return true;
  return false;
}

void ObjectAssembler::finishVm(VirtualMachine& vm) {
  // ftInfo is unset on a VM without fault tolerance; changeVersion tells that the configuration was read.
  if (!vm.faultToleranceConfigured && vm.changeVersion && !isMissing("config.ftInfo.role"))
    vm.faultToleranceConfigured = false;
  for (const Disk& disk : vm.disks) {
    if (disk.kind != "unknown" || disk.backingType.empty()) continue;
    unreadable("config.hardware.device[" + std::to_string(disk.key) + "].backing", "unknownType",
               "This version of failback does not know disks of kind " + disk.backingType);
  }
}

std::optional<InventoryObject> ObjectAssembler::finish(std::vector<Unreadable>& unreadable) {
  if (object_)
    if (auto* vm = std::get_if<VirtualMachine>(&*object_)) finishVm(*vm);
  for (Unreadable& what : unreadable_) {
    if (object_) what.name = entityOf(*object_).name;
    unreadable.push_back(std::move(what));
  }
  unreadable_.clear();
  return std::exchange(object_, std::nullopt);
}

}  // namespace failback::vsphere::binding
