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

}  // namespace

Applied applyProperty(InventoryObject& object, std::string_view path, const xsd__anyType* value) {
  return std::visit([&](auto& typed) { return apply(typed, path, value); }, object);
}

bool isKnownPath(std::string_view managedType, std::string_view path) {
  auto object = makeObject({std::string(managedType), "x", {}});
  return object && applyProperty(*object, path, nullptr) != Applied::unknownPath;
}

ObjectAssembler::ObjectAssembler(const Moref& ref) : ref_(ref), object_(makeObject(ref)) {
  if (!object_) unreadable_.push_back(unknownType(ref));
}

Applied ObjectAssembler::property(std::string_view path, const xsd__anyType* value) {
  if (!object_) return Applied::unknownPath;
  const Applied applied = applyProperty(*object_, path, value);
  if (applied != Applied::malformed) return applied;
  const std::string type(vim25::wireTypeName(*value));
  if (!vim25::isBound(type)) {
    unreadable(std::string(path), "unknownType", textOfUnknownValue(type));
  } else {
    malformed(std::string(path), textOfForeignValue(type));
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
  // What nobody asked for is no loss.
  if (known() && isKnownPath(ref_.type, path)) unreadable(std::move(path), "malformed", std::move(text));
}

void ObjectAssembler::unreadable(std::string path, const char* reason, std::string text) {
  unreadable_.push_back(unreadableProperty(ref_, std::move(path), reason, std::move(text)));
}

std::optional<InventoryObject> ObjectAssembler::finish(std::vector<Unreadable>& unreadable) {
  if (object_) finishObject(*object_, unreadable_);
  for (Unreadable& what : unreadable_) unreadable.push_back(std::move(what));
  unreadable_.clear();
  return std::exchange(object_, std::nullopt);
}

}  // namespace failback::vsphere::binding
