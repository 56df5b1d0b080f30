// SPDX-License-Identifier: GPL-2.0-or-later
// What lies on a datastore when it is first looked at: the files that its machines show.
#include <algorithm>
#include <array>
#include <map>

#include "mocks/file_store.h"

namespace failback::mock {

namespace {

struct TypeName {
  std::string_view name;  // VirtualMachineFileLayoutExFileType
  FileKind kind;
};
constexpr std::array<TypeName, 9> typeNames{{{"config", FileKind::config},
                                             {"nvram", FileKind::nvram},
                                             {"log", FileKind::log},
                                             {"swap", FileKind::swap},
                                             {"snapshotList", FileKind::snapshotList},
                                             {"snapshotData", FileKind::snapshotData},
                                             {"snapshotMemory", FileKind::snapshotMemory},
                                             {"diskDescriptor", FileKind::descriptor},
                                             {"diskExtent", FileKind::extent}}};

FileKind kindNamed(std::string_view name) {
  for (const TypeName& each : typeNames) {
    if (each.name == name) return each.kind;
  }
  return FileKind::other;
}

// As itemsOf(), without a copy: nothing changes meanwhile, and there are many.
const std::vector<Value>& itemsIn(const Value& value) {
  static const std::vector<Value> none;
  const List* list = value.asList();
  return list ? list->items : none;
}

bool has(const Value& object, std::string_view member) {
  return object.asObject() && object.asObject()->type().find(member);
}

// Descriptor of one link of a backing's chain.
std::shared_ptr<Descriptor> descriptorOf(const Value& backing, std::int64_t capacity) {
  auto made = std::make_shared<Descriptor>();
  made->uuid = backing.at("uuid").string();
  made->contentId = backing.at("contentId").string();
  made->capacity = capacity;
  const auto flag = [&](std::string_view member) {
    const bool* value = has(backing, member) ? backing.at(member).asBool() : nullptr;
    return value && *value;
  };
  made->provisioning = flag("thinProvisioned") ? "thin" : flag("eagerlyScrub") ? "eager" : "thick";
  if (has(backing, "compatibilityMode")) {
    made->rawDevice = backing.at("deviceName").string();
    made->rawPhysical = backing.at("compatibilityMode").string() == "physicalMode";
  }
  return made;
}

// Is the disk on a controller whose bus several machines share?
bool onSharedBus(const Value& state, const Value& disk) {
  for (const Value& device : itemsIn(state.at("config.hardware.device"))) {
    if (device.at("key").asInteger() != disk.at("controllerKey").asInteger()) continue;
    return has(device, "sharedBus") && device.at("sharedBus").string() != "noSharing";
  }
  return false;
}

bool holdsLocks(const Value& state) {
  return state.at("runtime.powerState").string() == "poweredOn";
}

}  // namespace

void FileStore::populate(const std::string& datastoreId, Files& files) {
  const Value datastore = inventory_.need(datastoreId).state;
  const std::string name(datastore.at("name").string());
  // A path of this datastore, without the datastore's name.
  const auto here = [&](std::string_view text) -> std::optional<std::string> {
    const auto parsed = parseDatastorePath(text);
    return parsed && parsed->datastore == name ? std::optional<std::string>(parsed->path) : std::nullopt;
  };
  const auto addDirectories = [&](const std::string& path, const std::string& time) {
    for (auto slash = path.rfind('/'); slash != std::string::npos && slash != 0;
         slash = path.rfind('/', slash - 1)) {
      StoredFile directory;
      directory.kind = FileKind::directory;
      directory.modified = time;
      files.emplace(path.substr(0, slash), std::move(directory));
    }
  };
  for (const Value& vm : itemsIn(datastore.at("vm"))) {
    const ManagedObject* machine = inventory_.find(vm.asRef()->id);
    if (!machine) continue;
    const Value& state = machine->state;
    const std::string time(state.at("layoutEx.timestamp").string());
    for (const Value& listed : itemsIn(state.at("layoutEx.file"))) {
      const auto path = here(listed.at("name").string());
      if (!path) continue;
      StoredFile file;
      file.kind = kindNamed(listed.at("type").string());
      file.size = listed.at("size").asInteger().value_or(0);
      file.modified = time;
      if (file.kind == FileKind::config) file.config = state.at("config");
      if (file.kind == FileKind::snapshotList) file.snapshots = state.at("snapshot");
      addDirectories(*path, time);
      files.emplace(*path, std::move(file));
    }
    const MoRef* host = state.at("runtime.host").asRef();
    const Lock exclusive{vm.asRef()->id, host ? host->id : std::string(), false};
    if (holdsLocks(state)) {
      for (const Value& listed : itemsIn(state.at("layoutEx.file"))) {
        const auto path = here(listed.at("name").string());
        if (path && listed.at("type").string() == "swap") locks_[{datastoreId, *path}] = {exclusive};
      }
      if (const auto vmx = here(state.at("config.files.vmPathName").string()))
        locks_[{datastoreId, *vmx}] = {exclusive};
    }
    for (const Value& device : itemsIn(state.at("config.hardware.device"))) {
      if (!device.asObject()->type().isA("VirtualDisk") || !has(device.at("backing"), "fileName")) continue;
      const std::int64_t capacity = device.at("capacityInBytes").asInteger().value_or(0);
      Lock lock = exclusive;
      lock.shared =
          onSharedBus(state, device) || (has(device.at("backing"), "sharing") &&
                                         device.at("backing.sharing").string() == "sharingMultiWriter");
      for (const Value* link = &device.at("backing"); link->isSet(); link = &link->at("parent")) {
        const auto path = here(link->at("fileName").string());
        const auto file = path ? files.find(*path) : files.end();
        if (file != files.end() && !file->second.disk) {
          auto made = descriptorOf(*link, capacity);
          if (has(*link, "parent") && link->at("parent").isSet()) {
            const auto parent = parseDatastorePath(link->at("parent").at("fileName").string());
            const auto store = parent ? datastoreNamed(parent->datastore) : std::nullopt;
            if (store) made->parent = FileId{store->id, parent->path};
            made->parentContentId = link->at("parent").at("contentId").string();
          }
          file->second.disk = std::move(made);
        }
        // What lies below a delta is only read.
        if (link != &device.at("backing")) lock.shared = true;
        if (path && holdsLocks(state)) {
          std::vector<Lock>& held = locks_[{datastoreId, *path}];
          const auto mine = [&](const Lock& each) { return each.holder == lock.holder; };
          if (std::none_of(held.begin(), held.end(), mine)) held.push_back(lock);
        }
        if (!has(*link, "parent")) break;
      }
    }
  }
  std::int64_t bytes = 0;
  for (const auto& [path, file] : files) bytes += file.size;
  const std::int64_t capacity = datastore.at("summary.capacity").asInteger().value_or(0);
  const std::int64_t free = datastore.at("summary.freeSpace").asInteger().value_or(0);
  // Less than nothing when the files take more than the site says: then its word on free space holds.
  unmodelled_[datastoreId] = capacity - free - bytes;
}

}  // namespace failback::mock
