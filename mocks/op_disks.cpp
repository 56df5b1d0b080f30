// SPDX-License-Identifier: GPL-2.0-or-later
// VirtualDiskManager: disks as a whole, descriptor with extent.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "mocks/fault.h"
#include "mocks/file_tools.h"
#include "mocks/operation_tables.h"

namespace failback::mock {

namespace {

// VirtualDiskType, of the kinds that a datastore can hold.
std::string provisioningNamed(std::string_view diskType, std::string_view parameter) {
  if (diskType == "thin") return "thin";
  if (diskType == "thick" || diskType == "preallocated") return "thick";
  if (diskType == "eagerZeroedThick") return "eager";
  throw invalidArgument(parameter);
}

std::string adapterNamed(std::string_view adapterType, std::string_view parameter) {
  if (adapterType == "lsiLogic") return "lsilogic";
  if (adapterType == "busLogic") return "buslogic";
  if (adapterType == "ide") return "ide";
  throw invalidArgument(parameter);
}

FileId diskParameter(Operation& op) {
  return fileParameter(op, "name", "datacenter");
}

// A disk that may be changed: there, and of no running machine.
const Descriptor& needIdle(World& world, const FileId& disk) {
  const Descriptor& found = world.files.descriptor(disk);
  world.files.needUnlocked(disk);
  return found;
}

// A task on one disk that nobody uses.
Answer changeDisk(Operation& op, std::string_view descriptionId,
                  std::function<void(World&, const FileId&)> change) {
  const FileId disk = diskParameter(op);
  return startFileTask(op, disk, descriptionId, [&world = op.world, disk, change = std::move(change)] {
    (void)needIdle(world, disk);
    change(world, disk);
    afterDiskChange(world, disk);
    return Value();
  });
}

Answer createDisk(Operation& op) {
  const FileId disk = diskParameter(op);
  const Value& spec = op.get("spec");
  if (!spec.asObject()->type().isA("FileBackedVirtualDiskSpec"))
    throw notSupported("mock-vcenter does not model disks made over a device yet.");
  const std::int64_t kilobytes = spec.at("capacityKb").asInteger().value_or(0);
  if (kilobytes <= 0 || kilobytes > (62LL << 30)) throw invalidArgument("spec.capacityKb");
  FileStore::NewDisk made;
  made.capacity = kilobytes * 1024;
  made.provisioning = provisioningNamed(spec.at("diskType").string(), "spec.diskType");
  made.adapter = adapterNamed(spec.at("adapterType").string(), "spec.adapterType");
  return startFileTask(op, disk, "VirtualDiskManager.createVirtualDisk", [&world = op.world, disk, made] {
    needDirectoryOf(world, disk);
    if (made.provisioning != "thin") needSpace(world, disk, made.capacity);
    world.files.createDisk(disk, made);
    world.files.updateDatastores();
    return Value(world.files.pathOf(disk));
  });
}

Answer deleteDisk(Operation& op) {
  const FileId disk = diskParameter(op);
  return startFileTask(op, disk, "VirtualDiskManager.deleteVirtualDisk", [&world = op.world, disk] {
    world.files.removeDisk(disk);
    world.files.updateDatastores();
    return Value();
  });
}

// The source is idle and the destination free, or made free.
void needPair(World& world, const FilePair& pair, bool force) {
  (void)needIdle(world, pair.from);
  needDirectoryOf(world, pair.to);
  if (pair.from == pair.to) throw invalidArgument("destName");
  if (force && world.files.exists(pair.to)) world.files.removeDisk(pair.to);
}

Answer moveDisk(Operation& op) {
  const FilePair pair = sourceAndDestination(op, "dest");
  return startFileTask(op, pair.to, "VirtualDiskManager.moveVirtualDisk",
                       [&world = op.world, pair, force = op.flag("force")] {
                         needPair(world, pair, force);
                         if (pair.from.datastore != pair.to.datastore)
                           needSpace(world, pair.to, world.files.sizeOf(pair.from));
                         world.files.moveDisk(pair.from, pair.to);
                         world.files.updateDatastores();
                         return Value(world.files.pathOf(pair.to));
                       });
}

Answer copyDisk(Operation& op) {
  const FilePair pair = sourceAndDestination(op, "dest");
  const Value& spec = op.get("destSpec");
  const std::string provisioning =
      spec.isSet() ? provisioningNamed(spec.at("diskType").string(), "destSpec.diskType") : std::string();
  return startFileTask(op, pair.to, "VirtualDiskManager.copyVirtualDisk",
                       [&world = op.world, pair, provisioning, force = op.flag("force")] {
                         needPair(world, pair, force);
                         needSpace(world, pair.to, world.files.sizeOf(pair.from));
                         world.files.copyDisk(pair.from, pair.to, false);
                         if (!provisioning.empty()) setProvisioning(world, pair.to, provisioning);
                         world.files.updateDatastores();
                         return Value(world.files.pathOf(pair.to));
                       });
}

Answer extendDisk(Operation& op) {
  const std::int64_t bytes = op.number("newCapacityKb").value_or(0) * 1024;
  return changeDisk(op, "VirtualDiskManager.extendVirtualDisk", [bytes](World& world, const FileId& disk) {
    const Descriptor& before = world.files.descriptor(disk);
    if (bytes < before.capacity) throw invalidArgument("newCapacityKb");
    if (before.provisioning != "thin") needSpace(world, disk, bytes - before.capacity);
    world.files.changeDescriptor(disk, [bytes](Descriptor& each) { each.capacity = bytes; });
  });
}

Answer inflateDisk(Operation& op) {
  return changeDisk(op, "VirtualDiskManager.inflateVirtualDisk",
                    [](World& world, const FileId& disk) { setProvisioning(world, disk, "eager"); });
}

Answer eagerZeroDisk(Operation& op) {
  return changeDisk(op, "VirtualDiskManager.eagerZeroVirtualDisk",
                    [](World& world, const FileId& disk) { setProvisioning(world, disk, "eager"); });
}

Answer zeroFillDisk(Operation& op) {
  return changeDisk(op, "VirtualDiskManager.zeroFillVirtualDisk", [](World& world, const FileId& disk) {
    world.files.write(disk, "zeros");  // which gives it another contentId
    world.files.changeDescriptor(disk, [](Descriptor& each) { each.writes.clear(); });
  });
}

// Blocks are not modelled, so there is nothing to gain.
Answer shrinkDisk(Operation& op) {
  return changeDisk(op, "VirtualDiskManager.shrinkVirtualDisk", [](World&, const FileId&) {});
}

Answer defragmentDisk(Operation& op) {
  return changeDisk(op, "VirtualDiskManager.defragmentVirtualDisk", [](World&, const FileId&) {});
}

// ---- what a descriptor says

std::string hexDigits(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (std::isxdigit(static_cast<unsigned char>(c))) {
      digits += c;
    } else if (c != ' ' && c != '-') {
      return {};
    }
  }
  return digits;
}

Answer queryUuid(Operation& op) {
  const FileId disk = diskParameter(op);
  const std::string digits = hexDigits(op.world.files.descriptor(disk).uuid);
  std::string text;  // "60 00 C2 9e 1f 4a 00 00-00 00 ..."
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    if (i > 0) text += i == 16 ? '-' : ' ';
    text += digits.substr(i, 2);
  }
  return {Value(std::move(text)), {}};
}

Answer setUuid(Operation& op) {
  const FileId disk = diskParameter(op);
  const std::string digits = hexDigits(op.text("uuid"));
  if (digits.size() != 32) throw invalidArgument("uuid");
  (void)needIdle(op.world, disk);
  const std::string uuid = fmt::format("{}-{}-{}-{}-{}", digits.substr(0, 8), digits.substr(8, 4),
                                       digits.substr(12, 4), digits.substr(16, 4), digits.substr(20));
  op.world.files.changeDescriptor(disk, [&](Descriptor& each) { each.uuid = uuid; });
  afterDiskChange(op.world, disk);
  return {};
}

Answer queryGeometry(Operation& op) {
  constexpr std::int64_t heads = 255, sectors = 63;
  const std::int64_t blocks = op.world.files.descriptor(diskParameter(op)).capacity / 512;
  return {
      object("HostDiskDimensionsChs", {{"cylinder", std::max<std::int64_t>(1, blocks / (heads * sectors))},
                                       {"head", static_cast<std::int32_t>(heads)},
                                       {"sector", static_cast<std::int32_t>(sectors)}}),
      {}};
}

Answer queryFragmentation(Operation& op) {
  (void)op.world.files.descriptor(diskParameter(op));
  return {Value(std::int32_t{0}), {}};
}

constexpr std::array<OperationEntry, 14> disksEntries{
    {{"CreateVirtualDisk_Task", createDisk},
     {"DeleteVirtualDisk_Task", deleteDisk},
     {"MoveVirtualDisk_Task", moveDisk},
     {"CopyVirtualDisk_Task", copyDisk},
     {"ExtendVirtualDisk_Task", extendDisk},
     {"InflateVirtualDisk_Task", inflateDisk},
     {"EagerZeroVirtualDisk_Task", eagerZeroDisk},
     {"ZeroFillVirtualDisk_Task", zeroFillDisk},
     {"ShrinkVirtualDisk_Task", shrinkDisk},
     {"DefragmentVirtualDisk_Task", defragmentDisk},
     {"QueryVirtualDiskUuid", queryUuid},
     {"SetVirtualDiskUuid", setUuid},
     {"QueryVirtualDiskGeometry", queryGeometry},
     {"QueryVirtualDiskFragmentation", queryFragmentation}}};

}  // namespace

std::span<const OperationEntry> diskOperations() {
  return disksEntries;
}

}  // namespace failback::mock
