// SPDX-License-Identifier: GPL-2.0-or-later
// layout and layoutEx: the files of a machine, and which of them make up each disk's chain.
#include <fmt/format.h>

#include "mocks/vm_parts.h"
#include "mocks/world_devices.h"

namespace failback::mock {

namespace {

class FileList {
 public:
  std::int32_t add(std::string name, std::string_view type, std::int64_t size) {
    const auto key = static_cast<std::int32_t>(files_.size());
    files_.push_back(object("VirtualMachineFileLayoutExFileInfo", {{"key", key},
                                                                   {"name", std::move(name)},
                                                                   {"type", word(std::string(type))},
                                                                   {"size", size},
                                                                   {"uniqueSize", size},
                                                                   {"accessible", true}}));
    return key;
  }
  Value value() const { return files_; }

 private:
  std::vector<Value> files_;
};

// "[ds] vm/vm.vmdk" -> "[ds] vm/vm-flat.vmdk", deltas have "-sesparse".
std::string extentOf(const SiteDisk& disk, const std::string& descriptor, bool delta) {
  const std::string& raw = disk.spec->rdm;
  const std::string_view ending = delta               ? "-sesparse.vmdk"
                                  : raw == "physical" ? "-rdmp.vmdk"
                                  : raw == "virtual"  ? "-rdm.vmdk"
                                                      : "-flat.vmdk";
  return descriptor.substr(0, descriptor.size() - 5) + std::string(ending);
}

Value diskLayout(const SiteDisk& disk, std::size_t depth, FileList& files) {
  constexpr std::int64_t descriptorSize = 560, deltaSize = 64LL << 20;
  std::vector<Value> chain;
  if (disk.spec->missing)
    return shared(object("VirtualMachineFileLayoutExDiskLayout", {{"key", disk.key()}}));
  for (std::size_t level = 0; level <= (touchedBySnapshots(disk) ? depth : 0); ++level) {
    const std::string path = diskPath(disk, level);
    const std::int32_t descriptor = files.add(path, "diskDescriptor", descriptorSize);
    const std::int32_t extent =
        files.add(extentOf(disk, path, level > 0), "diskExtent", level ? deltaSize : disk.committed());
    chain.push_back(shared(object("VirtualMachineFileLayoutExDiskUnit",
                                  {{"fileKey", shared(std::vector<Value>{descriptor, extent})}})));
  }
  return shared(
      object("VirtualMachineFileLayoutExDiskLayout", {{"key", disk.key()}, {"chain", shared(chain)}}));
}

// The layouts of the disks up to a level, from files that are listed already.
Value shortened(const Value& layout, std::size_t levels) {
  if (!layout.at("chain").isSet()) return layout;
  std::vector<Value> chain = layout.at("chain").asList()->items;
  if (chain.size() > levels) chain.resize(levels);
  return layout.with("chain", chain);
}

}  // namespace

Value fileLayout(const SiteVm& vm, std::size_t depth) {
  std::vector<Value> disks;
  for (const SiteDisk& disk : vm.disks) {
    if (disk.spec->missing) continue;
    std::vector<Value> files;
    for (std::size_t level = touchedBySnapshots(disk) ? depth : 0;; --level) {
      files.emplace_back(diskPath(disk, level));
      if (level == 0) break;
    }
    disks.push_back(object("VirtualMachineFileLayoutDiskLayout", {{"key", disk.key()}, {"diskFile", files}}));
  }
  return object("VirtualMachineFileLayout",
                {{"configFile", std::vector<Value>{vm.base + ".vmx", vm.base + ".nvram"}},
                 {"logFile", shared(std::vector<Value>{"vmware.log"})},
                 {"disk", disks}});
}

Value fileLayoutEx(const SiteVm& vm, std::size_t depth, const std::string& time) {
  FileList files;
  files.add(vm.vmxPath(), "config", 3120);
  files.add(vm.fileBeside(vm.base + ".nvram"), "nvram", 270'840);
  files.add(vm.fileBeside("vmware.log"), "log", 180'000);
  std::vector<Value> disks, snapshots;
  for (const SiteDisk& disk : vm.disks) disks.push_back(diskLayout(disk, depth, files));
  for (std::size_t i = 0; i < vm.snapshots.size(); ++i) {
    const std::int32_t data =
        files.add(vm.fileBeside(fmt::format("{}-Snapshot{}.vmsn", vm.base, i + 1)), "snapshotData", 28'000);
    std::vector<Value> frozen;
    frozen.reserve(disks.size());
    for (const Value& disk : disks) frozen.push_back(shortened(disk, i + 1));
    snapshots.push_back(object(
        "VirtualMachineFileLayoutExSnapshotLayout",
        {{"key", vm.snapshots[i]}, {"dataKey", data}, {"memoryKey", std::int32_t{-1}}, {"disk", frozen}}));
  }
  if (!vm.snapshots.empty()) files.add(vm.fileBeside(vm.base + ".vmsd"), "snapshotList", 1200);
  if (vm.spec->powered) files.add(vm.fileBeside(vm.base + ".vswp"), "swap", vm.spec->memory);
  if (vm.spec->suspended) files.add(vm.fileBeside(vm.base + ".vmss"), "suspend", vm.spec->memory);
  return object("VirtualMachineFileLayoutEx", {{"file", files.value()},
                                               {"disk", shared(disks)},
                                               {"snapshot", shared(snapshots)},
                                               {"timestamp", shared(Value::dateTime(time))}});
}

}  // namespace failback::mock
