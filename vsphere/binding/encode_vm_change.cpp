// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/encode_vm_change.h"

#include "vsphere/error.h"

namespace failback::vsphere {
namespace {

vim25__VirtualDeviceConfigSpec* addition(RequestArena& arena, vim25__VirtualDevice* device) {
  auto* spec = arena.make<vim25__VirtualDeviceConfigSpec>();
  spec->operation = "add";
  spec->device = device;
  return spec;
}

vim25__VirtualSCSIController* controllerOf(RequestArena& arena, const std::string& type) {
  if (type == "VirtualLsiLogicController") return arena.make<vim25__VirtualLsiLogicController>();
  if (type == "VirtualLsiLogicSASController") return arena.make<vim25__VirtualLsiLogicSASController>();
  fail(Category::internal, type + " is no controller that a master target gets");
}

vim25__VirtualDevice* encode(RequestArena& arena, const AddedController& controller) {
  vim25__VirtualSCSIController* device = controllerOf(arena, controller.type);
  device->key = controller.key;
  device->busNumber = controller.busNumber;
  device->sharedBus = "noSharing";
  return device;
}

vim25__VirtualDevice* encode(RequestArena& arena, const AttachedDisk& disk, std::int32_t key) {
  auto* backing = arena.make<vim25__VirtualDiskFlatVer2BackingInfo>();
  backing->fileName = disk.file;
  if (!disk.datastore.empty()) backing->datastore = arena.reference(disk.datastore);
  backing->diskMode = disk.mode;
  auto* device = arena.make<vim25__VirtualDisk>();
  device->key = key;
  device->backing = backing;
  device->controllerKey = disk.controllerKey;
  device->unitNumber = disk.unitNumber;
  // Both are asked for; of a file that is there the server takes its own size.
  device->capacityInBytes = disk.capacityBytes;
  device->capacityInKB = disk.capacityBytes / 1024;
  return device;
}

}  // namespace

vim25__VirtualMachineConfigSpec* encodeVmChange(RequestArena& arena, const VmChange& change) {
  auto* spec = arena.make<vim25__VirtualMachineConfigSpec>();
  spec->deviceChange.reserve(change.controllers.size() + change.disks.size());
  for (const AddedController& each : change.controllers)
    spec->deviceChange.push_back(addition(arena, encode(arena, each)));
  // Keys of their own, below those of controllers, which number from -1 on.
  std::int32_t key = -1000;
  for (const AttachedDisk& each : change.disks)
    spec->deviceChange.push_back(addition(arena, encode(arena, each, key--)));
  return spec;
}

}  // namespace failback::vsphere
