// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "mocks/fault.h"
#include "mocks/vm_layout.h"
#include "mocks/vm_methods.h"

namespace failback::mock {

namespace {

bool contains(const std::vector<MoRef>& list, const MoRef& ref) {
  return std::find(list.begin(), list.end(), ref) != list.end();
}

std::vector<MoRef> refsIn(const Value& value) {
  std::vector<MoRef> found;
  const List* items = value.asList();
  if (!items) return found;
  found.reserve(items->items.size());
  for (const Value& item : items->items) found.push_back(*item.asRef());
  return found;
}

Value asList(const std::vector<MoRef>& refs) {
  return Value(std::vector<Value>(refs.begin(), refs.end()));
}

// The list property `path` of an object with or without a machine.
void keepListed(Inventory& inventory, const MoRef& holder, std::string_view path, const MoRef& vm,
                bool listed) {
  const ManagedObject* object = inventory.find(holder.id);
  if (!object) return;
  std::vector<MoRef> all = refsIn(object->state.at(path));
  if (contains(all, vm) == listed) return;
  if (listed) {
    all.push_back(vm);
  } else {
    std::erase(all, vm);
  }
  inventory.set(holder.id, path, asList(all));
}

void keepBothWays(Inventory& inventory, const MoRef& vm, const std::vector<MoRef>& before,
                  const std::vector<MoRef>& after) {
  for (const MoRef& each : before) {
    if (!contains(after, each)) keepListed(inventory, each, "vm", vm, false);
  }
  for (const MoRef& each : after) keepListed(inventory, each, "vm", vm, true);
}

// The network that a NIC's backing names.
std::optional<MoRef> networkOf(const Inventory& inventory, const Value& nic) {
  const Value& backing = nic.at("backing");
  const DataObject* object = backing.asObject();
  if (!object) return std::nullopt;
  if (object->type().find("network")) {
    const MoRef* ref = object->get("network").asRef();
    return ref ? std::optional<MoRef>(*ref) : std::nullopt;
  }
  if (!object->type().find("port")) return std::nullopt;
  const std::string_view key = backing.at("port.portgroupKey").string();
  const ManagedObject* group = inventory.find(key);  // a port group's key is its identifier
  return group ? std::optional<MoRef>(group->ref) : std::nullopt;
}

std::string withThousands(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

// A disk as its descriptor says it is; a disk whose file is not there stays as it was.
Value refreshedDisk(World& world, const Value& disk) {
  const auto name = fileNameOf(disk);
  const auto path = name ? parseDatastorePath(*name) : std::nullopt;
  if (!path || !world.files.datastoreNamed(path->datastore)) return disk;
  const FileId file = world.files.locate(*name);
  const StoredFile* found = world.files.find(file);
  if (!found || !found->disk) return disk;
  const std::int64_t capacity = found->disk->capacity;
  Value changed = disk.with("backing", backingFor(world, file, disk.at("backing")))
                      .with("capacityInKB", capacity / 1024)
                      .with("capacityInBytes", capacity);
  if (disk.at("deviceInfo").isSet()) {
    changed = changed.with("deviceInfo.summary", withThousands(capacity / 1024) + " KB");
  }
  return changed;
}

// Each controller's list of what hangs on it.
void attachToControllers(std::vector<Value>& devices) {
  std::map<std::int64_t, std::vector<Value>> attached;
  for (const Value& device : devices) {
    if (const auto controller = device.at("controllerKey").asInteger()) {
      attached[*controller].push_back(device.at("key"));
    }
  }
  for (Value& device : devices) {
    if (!deviceIsA(device, "VirtualController")) continue;
    const auto found = attached.find(*device.at("key").asInteger());
    device = device.with("device", found == attached.end() ? Value() : Value(found->second));
  }
}

Value summaryConfig(const Value& state) {
  const Value& config = state.at("config");
  std::int32_t disks = 0, nics = 0;
  for (const Value& device : devicesOfConfig(config)) {
    if (isDisk(device)) ++disks;
    if (deviceIsA(device, "VirtualEthernetCard")) ++nics;
  }
  return state.at("summary.config")
      .with("name", config.at("name"))
      .with("template", config.at("template"))
      .with("vmPathName", config.at("files.vmPathName"))
      .with("memorySizeMB", config.at("hardware.memoryMB"))
      .with("numCpu", config.at("hardware.numCPU"))
      .with("numEthernetCards", nics)
      .with("numVirtualDisks", disks)
      .with("uuid", config.at("uuid"))
      .with("instanceUuid", config.at("instanceUuid"))
      .with("guestId", config.at("guestId"))
      .with("guestFullName", config.at("guestFullName"))
      .with("annotation", config.at("annotation"))
      .with("managedBy", config.at("managedBy"))
      .with("hwVersion", config.at("version"));
}

Value settledConfig(World& world, const Value& config, const std::vector<MoRef>& datastores) {
  std::vector<Value> devices = devicesOfConfig(config);
  for (Value& device : devices) {
    if (isDisk(device)) device = refreshedDisk(world, device);
  }
  attachToControllers(devices);
  std::vector<Value> urls;
  urls.reserve(datastores.size());
  for (const MoRef& each : datastores) {
    const Value& summary = world.inventory.need(each.id).state.at("summary");
    std::string url(summary.at("url").string());
    if (url.starts_with("ds://")) url.erase(0, 5);
    while (url.ends_with('/')) url.pop_back();
    urls.push_back(
        object("VirtualMachineConfigInfoDatastoreUrlPair", {{"name", summary.at("name")}, {"url", url}}));
  }
  return config.with("hardware.device", list(std::move(devices))).with("datastoreUrl", list(std::move(urls)));
}

// The datastores of the machine: its home's first, then those of its disks.
std::vector<MoRef> datastoresOf(World& world, const Value& config) {
  std::vector<MoRef> found;
  const auto add = [&](std::string_view file) {
    const auto path = parseDatastorePath(file);
    const auto ref = path ? world.files.datastoreNamed(path->datastore) : std::nullopt;
    if (ref && !contains(found, *ref)) found.push_back(*ref);
  };
  add(config.at("files.vmPathName").string());
  for (const Value& device : devicesOfConfig(config)) {
    if (!isDisk(device)) continue;
    for (const Value* backing = &device.at("backing"); backing->isSet(); backing = &backing->at("parent")) {
      add(backing->at("fileName").string());
      if (!backing->asObject()->type().find("parent")) break;
    }
  }
  return found;
}

std::vector<MoRef> networksOf(const Inventory& inventory, const Value& config) {
  std::vector<MoRef> found;
  for (const Value& device : devicesOfConfig(config)) {
    if (!deviceIsA(device, "VirtualEthernetCard")) continue;
    const auto network = networkOf(inventory, device);
    if (network && !contains(found, *network)) found.push_back(*network);
  }
  return found;
}

void writeVmx(World& world, const Value& state) {
  const std::string path = vmxPathOf(state);
  const auto parsed = parseDatastorePath(path);
  if (!parsed || !world.files.datastoreNamed(parsed->datastore)) return;
  const FileId file = world.files.locate(path);
  StoredFile content;
  if (const StoredFile* old = world.files.find(file)) content = *old;
  if (!content.config.isSet()) content.text.clear();  // what somebody uploaded has been read
  content.kind = FileKind::config;
  content.size = 3120 + 40 * static_cast<std::int64_t>(devicesOfConfig(state.at("config")).size());
  content.modified = world.now();
  content.config = state.at("config");
  world.files.put(file, std::move(content));
}

std::string_view humanPowerState(std::string_view state) {
  if (state == "poweredOn") return "Powered on";
  return state == "suspended" ? "Suspended" : "Powered off";
}

}  // namespace

std::vector<Value> devicesOfConfig(const Value& config) {
  const List* devices = config.at("hardware.device").asList();
  return devices ? devices->items : std::vector<Value>{};
}

std::string_view deviceType(const Value& device) {
  return device.asObject()->type().name;
}

bool deviceIsA(const Value& device, std::string_view type) {
  return device.asObject()->type().isA(type);
}

bool isDisk(const Value& device) {
  return deviceIsA(device, "VirtualDisk");
}

std::optional<std::string> fileNameOf(const Value& device) {
  const DataObject* backing = device.at("backing").asObject();
  if (!backing || !backing->type().find("fileName")) return std::nullopt;
  return std::string(backing->get("fileName").string());
}

void needUsable(const ManagedObject& vm) {
  if (vm.state.at("runtime.connectionState").string() != "connected") {
    throw makeFault("InvalidState",
                    "The operation is not allowed in the current connection state of the virtual machine.");
  }
}

void needPowerState(const ManagedObject& vm, std::string_view wanted) {
  const std::string_view existing = vm.state.at("runtime.powerState").string();
  if (existing == wanted) return;
  throw makeFault("InvalidPowerState",
                  fmt::format("The attempted operation cannot be performed in the current state ({}).",
                              humanPowerState(existing)),
                  {{"requestedState", wanted}, {"existingState", existing}});
}

bool poweredOn(const ManagedObject& vm) {
  return vm.state.at("runtime.powerState").string() == "poweredOn";
}

std::string vmxPathOf(const Value& state) {
  return std::string(state.at("config.files.vmPathName").string());
}

FileId homeOf(World& world, const Value& state) {
  FileId file = world.files.locate(vmxPathOf(state));
  const auto slash = file.path.rfind('/');
  file.path = slash == std::string::npos ? std::string() : file.path.substr(0, slash);
  return file;
}

Value backingFor(World& world, const FileId& descriptor, const Value& like) {
  const std::vector<FileId> chain = world.files.chain(descriptor);
  const std::string_view store = world.inventory.need(descriptor.datastore).state.at("summary.type").string();
  const bool objects = store == "vsan" || store == "VVOL";
  Value below;
  for (auto each = chain.rbegin(); each != chain.rend(); ++each) {
    const Descriptor& found = world.files.descriptor(*each);
    const bool raw = !found.rawDevice.empty();
    const bool flat = !raw;
    DataObject backing(TypeModel::get().need(raw ? "VirtualDiskRawDiskMappingVer1BackingInfo"
                                                 : "VirtualDiskFlatVer2BackingInfo"));
    backing.set("fileName", world.files.pathOf(*each));
    backing.set("datastore", MoRef{"Datastore", each->datastore});
    backing.set("uuid", found.uuid);
    backing.set("contentId", found.contentId);
    backing.set("diskMode", like.at("diskMode").isSet() ? like.at("diskMode") : Value("persistent"));
    const bool sharing = like.asObject()->type().find("sharing") && like.at("sharing").isSet();
    backing.set("sharing", sharing ? like.at("sharing") : Value("sharingNone"));
    backing.set("parent", below);
    if (found.parent) {
      backing.set("deltaDiskFormat", objects           ? "nativeFormat"
                                     : store == "VMFS" ? "seSparseFormat"
                                                       : "redoLogFormat");
    }
    if (flat) {
      backing.set("backingObjectId",
                  objects && like.at("backingObjectId").isSet() ? like.at("backingObjectId") : Value());
      backing.set("split", false);
      backing.set("writeThrough", false);
      backing.set("thinProvisioned", found.provisioning == "thin");
      backing.set("eagerlyScrub", found.provisioning == "eager");
      backing.set("digestEnabled", false);
      backing.set("keyId", like.asObject()->type().find("keyId") ? like.at("keyId") : Value());
    } else {
      backing.set("lunUuid", like.asObject()->type().find("lunUuid") ? like.at("lunUuid") : Value());
      backing.set("deviceName", found.rawDevice);
      backing.set("compatibilityMode", found.rawPhysical ? "physicalMode" : "virtualMode");
    }
    below = std::move(backing);
  }
  return below;
}

void settle(World& world, const MoRef& vm, Value state) {
  const ManagedObject* before = world.inventory.find(vm.id);
  const Value old = before ? before->state : Value();
  // Files come into being from what the inventory says, so before that changes.
  for (const MoRef& each : datastoresOf(world, state.at("config"))) (void)world.files.used(each.id);
  Value config = settledConfig(world, state.at("config"), datastoresOf(world, state.at("config")));
  const std::vector<MoRef> datastores = datastoresOf(world, config);
  if (!(config == old.at("config"))) {
    const std::string now = world.now();
    config = config.with("changeVersion", now).with("modified", Value::dateTime(now));
  }
  const std::vector<MoRef> networks = networksOf(world.inventory, config);
  state = state.with("config", config).with("name", config.at("name"));
  writeVmx(world, state);
  state = state.with("summary.config", summaryConfig(state))
              .with("summary.runtime", state.at("runtime"))
              .with("datastore", asList(datastores))
              .with("network", asList(networks));
  state = withLayout(world, state);
  state = state.with("disabledMethod", disabledMethods(state, world.tasks.busy(vm.id)));
  if (before) {
    world.inventory.replace(vm.id, state);
  } else {
    world.inventory.add(vm, state);
  }
  keepBothWays(world.inventory, vm, refsIn(old.at("datastore")), datastores);
  keepBothWays(world.inventory, vm, refsIn(old.at("network")), networks);
  world.files.updateDatastores();
}

std::vector<MoRef> usersOfFile(World& world, const FileId& file, std::string_view except) {
  std::vector<MoRef> users;
  const std::string path = world.files.pathOf(file);
  for (const MoRef& vm : refsIn(world.inventory.need(file.datastore).state.at("vm"))) {
    if (vm.id == except) continue;
    const ManagedObject* machine = world.inventory.find(vm.id);
    if (!machine) continue;
    const std::vector<Value> devices = devicesOfConfig(machine->state.at("config"));
    const bool uses = std::any_of(devices.begin(), devices.end(), [&](const Value& device) {
      if (!isDisk(device)) return false;
      for (const Value* backing = &device.at("backing"); backing->isSet(); backing = &backing->at("parent")) {
        if (backing->at("fileName").string() == path) return true;
        if (!backing->asObject()->type().find("parent")) break;
      }
      return false;
    });
    if (uses) users.push_back(vm);
  }
  return users;
}

}  // namespace failback::mock
