// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_layout.h"

#include <algorithm>
#include <array>
#include <map>

#include "mocks/vm_model.h"

namespace failback::mock {

namespace {

struct KindName {
  FileKind kind;
  std::string_view name;  // VirtualMachineFileLayoutExFileType
};
constexpr std::array<KindName, 10> kindNames{{{FileKind::config, "config"},
                                              {FileKind::nvram, "nvram"},
                                              {FileKind::log, "log"},
                                              {FileKind::swap, "swap"},
                                              {FileKind::snapshotList, "snapshotList"},
                                              {FileKind::snapshotData, "snapshotData"},
                                              {FileKind::snapshotMemory, "snapshotMemory"},
                                              {FileKind::descriptor, "diskDescriptor"},
                                              {FileKind::extent, "diskExtent"},
                                              {FileKind::other, "extendedConfig"}}};

std::string_view nameOf(FileKind kind) {
  for (const KindName& each : kindNames) {
    if (each.kind == kind) return each.name;
  }
  return "extendedConfig";
}

std::string_view typeOf(const FileId& file, const StoredFile& stored) {
  // The memory of a suspended machine.
  return file.path.ends_with(".vmss") ? std::string_view("suspend") : nameOf(stored.kind);
}

// The files that are listed, each once, by place.
class Listing {
 public:
  explicit Listing(World& world) : world_(world) {}

  std::int32_t add(const FileId& file, const StoredFile& stored) {
    const auto known = keys_.find(file);
    if (known != keys_.end()) return known->second;
    const auto key = static_cast<std::int32_t>(files_.size());
    files_.push_back(object("VirtualMachineFileLayoutExFileInfo", {{"key", key},
                                                                   {"name", world_.files.pathOf(file)},
                                                                   {"type", typeOf(file, stored)},
                                                                   {"size", stored.size},
                                                                   {"uniqueSize", stored.size},
                                                                   {"accessible", true}}));
    keys_.emplace(file, key);
    bytes_[file.datastore] += stored.size;
    return key;
  }

  // One link of a chain: descriptor and extent.
  Value unit(const FileId& descriptor) {
    std::vector<Value> keys;
    if (const StoredFile* stored = world_.files.find(descriptor)) keys.emplace_back(add(descriptor, *stored));
    const std::string stem = descriptor.path.substr(0, descriptor.path.size() - 5);
    for (const std::string_view ending : {"-flat", "-sesparse", "-delta", "-rdm", "-rdmp"}) {
      const FileId extent{descriptor.datastore, stem + std::string(ending) + ".vmdk"};
      if (const StoredFile* stored = world_.files.find(extent)) keys.emplace_back(add(extent, *stored));
    }
    return object("VirtualMachineFileLayoutExDiskUnit", {{"fileKey", list(std::move(keys))}});
  }

  Value files() const { return list(files_); }
  const std::map<std::string, std::int64_t>& bytes() const { return bytes_; }

 private:
  World& world_;
  std::vector<Value> files_;
  std::map<FileId, std::int32_t> keys_;
  std::map<std::string, std::int64_t> bytes_;  // by datastore
};

// The chain of a disk's files, base first; empty when the disk's file is not there.
std::vector<FileId> chainOf(World& world, const Value& disk) {
  const auto name = fileNameOf(disk);
  const auto path = name ? parseDatastorePath(*name) : std::nullopt;
  if (!path || !world.files.datastoreNamed(path->datastore)) return {};
  const FileId file = world.files.locate(*name);
  if (!world.files.exists(file)) return {};
  std::vector<FileId> chain = world.files.chain(file);
  return {chain.rbegin(), chain.rend()};
}

Value diskLayout(World& world, const Value& disk, Listing& listing) {
  std::vector<Value> units;
  for (const FileId& each : chainOf(world, disk)) units.push_back(listing.unit(each));
  return object("VirtualMachineFileLayoutExDiskLayout",
                {{"key", disk.at("key")}, {"chain", units.empty() ? Value() : list(std::move(units))}});
}

std::vector<Value> diskLayouts(World& world, const Value& config, Listing& listing) {
  std::vector<Value> layouts;
  for (const Value& device : devicesOfConfig(config)) {
    if (isDisk(device)) layouts.push_back(diskLayout(world, device, listing));
  }
  return layouts;
}

void ownFiles(World& world, const Value& state, Listing& listing) {
  const std::string vmx = vmxPathOf(state);
  const auto path = parseDatastorePath(vmx);
  if (!path || !world.files.datastoreNamed(path->datastore)) return;
  const FileId home = homeOf(world, state);
  for (const auto& [name, stored] : world.files.list(home.datastore, home.path)) {
    const FileKind kind = stored->kind;
    if (kind == FileKind::directory || kind == FileKind::descriptor || kind == FileKind::extent) continue;
    listing.add({home.datastore, home.path.empty() ? name : home.path + "/" + name}, *stored);
  }
}

void snapshotLayouts(World& world, const Value& tree, Listing& listing, std::vector<Value>& layouts);

void snapshotLayout(World& world, const Value& node, Listing& listing, std::vector<Value>& layouts) {
  const MoRef snapshot = *node.at("snapshot").asRef();
  const ManagedObject* object = world.inventory.find(snapshot.id);
  const Value config = object ? object->state.at("config") : Value();
  std::vector<Value> disks = diskLayouts(world, config, listing);
  std::int32_t data = -1, memory = -1;
  const std::string stem = "-Snapshot" + std::to_string(*node.at("id").asInteger());
  const std::string vmx(config.at("files.vmPathName").string());
  if (const auto path = parseDatastorePath(vmx); path && world.files.datastoreNamed(path->datastore)) {
    const FileId file = world.files.locate(vmx);
    const std::string directory = DatastorePath{"", file.path}.directory();
    for (const auto& [name, stored] : world.files.list(file.datastore, directory)) {
      const FileId each{file.datastore, directory.empty() ? name : directory + "/" + name};
      if (name.ends_with(stem + ".vmsn")) data = listing.add(each, *stored);
      if (name.ends_with(stem + ".vmem")) memory = listing.add(each, *stored);
    }
  }
  layouts.push_back(mock::object("VirtualMachineFileLayoutExSnapshotLayout",
                                 {{"key", snapshot},
                                  {"dataKey", data},
                                  {"memoryKey", memory},
                                  {"disk", disks.empty() ? Value() : list(std::move(disks))}}));
  snapshotLayouts(world, node.at("childSnapshotList"), listing, layouts);
}

void snapshotLayouts(World& world, const Value& tree, Listing& listing, std::vector<Value>& layouts) {
  const List* nodes = tree.asList();
  for (const Value& node : nodes ? nodes->items : std::vector<Value>{}) {
    snapshotLayout(world, node, listing, layouts);
  }
}

Value plainLayout(World& world, const Value& state) {
  std::vector<Value> disks, configFiles, logs;
  const std::string vmx = vmxPathOf(state);
  configFiles.emplace_back(vmx.substr(vmx.rfind('/') + 1));
  if (const auto path = parseDatastorePath(vmx); path && world.files.datastoreNamed(path->datastore)) {
    const FileId home = homeOf(world, state);
    for (const auto& [name, stored] : world.files.list(home.datastore, home.path)) {
      if (stored->kind == FileKind::nvram) configFiles.emplace_back(name);
      if (stored->kind == FileKind::log) logs.emplace_back(name);
    }
  }
  for (const Value& device : devicesOfConfig(state.at("config"))) {
    if (!isDisk(device)) continue;
    std::vector<Value> names;
    std::vector<FileId> chain = chainOf(world, device);
    for (auto each = chain.rbegin(); each != chain.rend(); ++each)
      names.emplace_back(world.files.pathOf(*each));
    disks.push_back(object("VirtualMachineFileLayoutDiskLayout",
                           {{"key", device.at("key")}, {"diskFile", list(std::move(names))}}));
  }
  return object("VirtualMachineFileLayout", {{"configFile", list(std::move(configFiles))},
                                             {"logFile", list(std::move(logs))},
                                             {"disk", list(std::move(disks))},
                                             {"swapFile", state.at("layout.swapFile")}});
}

// What the thin disks of the machine may still grow by, per datastore.
std::map<std::string, std::int64_t> uncommittedOf(World& world, const Value& config) {
  std::map<std::string, std::int64_t> rest;
  for (const Value& device : devicesOfConfig(config)) {
    if (!isDisk(device)) continue;
    const std::vector<FileId> chain = chainOf(world, device);
    if (chain.empty()) continue;
    std::int64_t used = 0;
    for (const FileId& each : chain) used += world.files.sizeOf(each);
    const std::int64_t capacity = world.files.descriptor(chain.back()).capacity;
    rest[chain.back().datastore] += std::max<std::int64_t>(0, capacity - used);
  }
  return rest;
}

}  // namespace

Value withLayout(World& world, const Value& state) {
  Listing listing(world);
  ownFiles(world, state, listing);
  std::vector<Value> disks = diskLayouts(world, state.at("config"), listing), snapshots;
  snapshotLayouts(world, state.at("snapshot.rootSnapshotList"), listing, snapshots);
  const Value time = Value::dateTime(world.now());
  const Value layoutEx = object("VirtualMachineFileLayoutEx",
                                {{"file", listing.files()},
                                 {"disk", list(std::move(disks))},
                                 {"snapshot", snapshots.empty() ? Value() : list(std::move(snapshots))},
                                 {"timestamp", time}});
  std::map<std::string, std::int64_t> uncommitted = uncommittedOf(world, state.at("config"));
  std::vector<Value> usage;
  std::int64_t used = 0, promised = 0;
  for (const auto& [datastore, bytes] : listing.bytes()) {
    usage.push_back(object("VirtualMachineUsageOnDatastore", {{"datastore", MoRef{"Datastore", datastore}},
                                                              {"committed", bytes},
                                                              {"uncommitted", uncommitted[datastore]},
                                                              {"unshared", bytes}}));
    used += bytes;
    promised += uncommitted[datastore];
  }
  return state.with("layout", plainLayout(world, state))
      .with("layoutEx", layoutEx)
      .with("storage", object("VirtualMachineStorageInfo",
                              {{"perDatastoreUsage", list(std::move(usage))}, {"timestamp", time}}))
      .with(
          "summary.storage",
          object("VirtualMachineStorageSummary",
                 {{"committed", used}, {"uncommitted", promised}, {"unshared", used}, {"timestamp", time}}));
}

}  // namespace failback::mock
