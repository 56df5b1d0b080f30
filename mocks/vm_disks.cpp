// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_disks.h"

#include <fmt/format.h>

#include <algorithm>

#include "mocks/vm_model.h"

namespace failback::mock {

namespace {

std::string_view modeOf(const Value& disk) {
  const DataObject* backing = disk.at("backing").asObject();
  return backing && backing->type().find("diskMode") ? backing->get("diskMode").string() : std::string_view();
}

bool onSharedBus(const Value& config, const Value& disk) {
  const auto key = disk.at("controllerKey").asInteger();
  for (const Value& device : devicesOfConfig(config)) {
    if (device.at("key").asInteger() != key || !deviceIsA(device, "VirtualSCSIController")) continue;
    const std::string_view sharing = device.at("sharedBus").string();
    return !sharing.empty() && sharing != "noSharing";
  }
  return false;
}

// Does another machine hold the file so that this one cannot open it?
void needFree(World& world, const FileId& file, const MoRef& vm, bool shared) {
  for (const FileStore::Lock& lock : world.files.locks(file)) {
    if (lock.holder != vm.id && !(shared && lock.shared)) throw fileLocked(world.files.pathOf(file));
  }
}

// A delta knows the state of the parent that it was started on.
void needSameParent(World& world, const FileId& file) {
  const Descriptor delta = world.files.descriptor(file);
  if (!delta.parent) return;
  const std::string path = world.files.pathOf(*delta.parent);
  if (!world.files.exists(*delta.parent)) throw fileNotFound(path);
  if (delta.parentContentId.empty() ||
      world.files.descriptor(*delta.parent).contentId == delta.parentContentId) {
    return;
  }
  const std::string reason = fmt::format(
      "Cannot open the disk '{}' or one of the snapshot disks it depends on. The parent virtual disk has "
      "been "
      "modified since the child was created.",
      world.files.pathOf(file));
  throw makeFault("GenericVmConfigFault", reason, {{"reason", reason}});
}

}  // namespace

std::optional<FileId> diskFileOf(const Value& device) {
  const auto name = fileNameOf(device);
  const auto path = name ? parseDatastorePath(*name) : std::nullopt;
  const MoRef* datastore = path ? device.at("backing.datastore").asRef() : nullptr;
  if (!datastore) return std::nullopt;
  return FileId{datastore->id, path->path};
}

std::string labelOf(const Value& device) {
  return std::string(device.at("deviceInfo.label").string());
}

bool takesPartInSnapshots(const Value& device) {
  if (!isDisk(device) || !diskFileOf(device) || modeOf(device).starts_with("independent")) return false;
  const Value& backing = device.at("backing");
  return !backing.asObject()->type().isA("VirtualDiskRawDiskMappingVer1BackingInfo") ||
         backing.at("compatibilityMode").string() != "physicalMode";
}

bool isShared(const Value& config, const Value& disk) {
  const DataObject* backing = disk.at("backing").asObject();
  const bool multiWriter =
      backing && backing->type().find("sharing") && backing->get("sharing").string() == "sharingMultiWriter";
  return multiWriter || onSharedBus(config, disk);
}

Fault fileLocked(const std::string& path) {
  return makeFault("FileLocked", fmt::format("Unable to access file {} since it is locked", path),
                   {{"file", path}});
}

Fault fileNotFound(const std::string& path) {
  return makeFault("FileNotFound", fmt::format("File {} was not found", path), {{"file", path}});
}

Fault noDiskSpace(const std::string& path, const std::string& datastore) {
  return makeFault("NoDiskSpace", fmt::format("Insufficient disk space on datastore '{}'.", datastore),
                   {{"file", path}, {"datastore", datastore}});
}

void needOpenable(World& world, const MoRef& vm, const Value& config, const Value& disk) {
  const auto top = diskFileOf(disk);
  if (!top) return;
  if (!world.files.exists(*top)) throw fileNotFound(*fileNameOf(disk));
  const std::vector<FileId> chain = world.files.chain(*top);
  for (const FileId& file : chain) needSameParent(world, file);
  needFree(world, *top, vm, isShared(config, disk));
  for (std::size_t i = 1; i < chain.size(); ++i) needFree(world, chain[i], vm, true);
}

void takeLocks(World& world, const MoRef& vm, const Value& state) {
  world.files.unlockAll(vm.id);
  const Value& config = state.at("config");
  const MoRef* host = state.at("runtime.host").asRef();
  const std::string hostId = host ? host->id : std::string();
  try {
    world.files.lock(world.files.locate(vmxPathOf(state)), {vm.id, hostId, false});
    for (const Value& device : devicesOfConfig(config)) {
      const auto top = isDisk(device) ? diskFileOf(device) : std::nullopt;
      if (!top || !world.files.exists(*top)) continue;
      const std::vector<FileId> chain = world.files.chain(*top);
      world.files.lock(*top, {vm.id, hostId, isShared(config, device)});
      for (std::size_t i = 1; i < chain.size(); ++i) world.files.lock(chain[i], {vm.id, hostId, true});
    }
  } catch (const Fault&) {
    world.files.unlockAll(vm.id);
    throw;
  }
}

std::int64_t freeSpace(World& world, const std::string& datastoreId) {
  (void)world.files.used(datastoreId);
  world.files.updateDatastores();
  return world.inventory.need(datastoreId).state.at("summary.freeSpace").asInteger().value_or(0);
}

void touchFiles(World& world, const Value& state) {
  const List* datastores = state.at("datastore").asList();
  if (!datastores) return;
  for (const Value& each : datastores->items) (void)world.files.used(each.asRef()->id);
}

}  // namespace failback::mock
