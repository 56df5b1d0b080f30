// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_relocate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "mocks/entity_tools.h"
#include "mocks/search_index.h"
#include "mocks/vm_events.h"
#include "mocks/vm_lifecycle.h"
#include "mocks/vm_model.h"
#include "mocks/vm_snapshots.h"

namespace failback::mock {

namespace {

struct DiskMove {
  std::vector<FileId> from, to;  // top first
  bool flatten = false;          // one disk is made of the chain, whose lower files stay
  std::string provisioning;      // empty: as it is
};

struct Plan {
  Placement place;
  std::optional<MoRef> folder;
  FileId oldHome, home;
  std::string vmx;  // path of the configuration file afterwards
  std::vector<DiskMove> disks;
  bool movesHome() const { return oldHome != home; }
};

std::optional<MoRef> refAt(const Value& value, std::string_view member) {
  const MoRef* ref = value.at(member).asRef();
  return ref ? std::optional<MoRef>(*ref) : std::nullopt;
}

const Value& locatorFor(const Value& spec, const Value& device) {
  static const Value none;
  const List* locators = spec.at("disk").asList();
  if (!locators) return none;
  for (const Value& each : locators->items) {
    if (each.at("diskId").asInteger() == device.at("key").asInteger()) return each;
  }
  return none;
}

void needLocatorsKnown(const Value& spec, const std::vector<Value>& devices) {
  const List* locators = spec.at("disk").asList();
  for (const Value& each : locators ? locators->items : std::vector<Value>{}) {
    const bool known = std::any_of(devices.begin(), devices.end(), [&](const Value& device) {
      return isDisk(device) && device.at("key").asInteger() == each.at("diskId").asInteger();
    });
    if (!known) throw invalidArgument("spec.disk.diskId");
  }
}

std::string provisioningFor(const Value& spec, const Value& locator) {
  const DataObject* backing = locator.isSet() ? locator.at("diskBackingInfo").asObject() : nullptr;
  if (backing && backing->type().find("thinProvisioned")) {
    const bool* thin = backing->get("thinProvisioned").asBool();
    const bool* eager = backing->get("eagerlyScrub").asBool();
    const bool scrubbed = eager != nullptr && *eager;
    if (thin != nullptr && *thin) return "thin";
    if (thin != nullptr || eager != nullptr) return scrubbed ? "eager" : "thick";
  }
  const std::string_view transform = spec.at("transform").string();
  if (transform == "sparse") return "thin";
  return transform == "flat" ? "thick" : "";
}

Placement placeFor(World& world, const ManagedObject& vm, const Value& spec) {
  const MoRef was = *vm.state.at("runtime.host").asRef();
  const std::optional<MoRef> current = refAt(vm.state, "resourcePool");
  std::optional<MoRef> pool = refAt(spec, "pool"), host = refAt(spec, "host");
  if (!host && (!pool || computeResourceOf(world, *pool) == computeResourceOf(world, was))) host = was;
  if (!pool) pool = current;
  if (pool && host && computeResourceOf(world, *pool) != computeResourceOf(world, *host)) {
    throw invalidArgument("spec.pool");
  }
  if (host && *host == was) return {was, pool};
  Placement found = placeMachine(world, pool, host, {});
  if (!current && !refAt(spec, "pool")) found.pool.reset();
  return found;
}

// The chain stands on files that another machine has without having the disk itself.
bool standsOnOthers(World& world, const MoRef& vm, const std::vector<FileId>& chain) {
  const std::vector<MoRef> same = usersOfFile(world, chain.front(), vm.id);
  return std::any_of(chain.begin(), chain.end(), [&](const FileId& file) {
    const std::vector<MoRef> users = usersOfFile(world, file, vm.id);
    return std::any_of(users.begin(), users.end(), [&](const MoRef& user) { return !holds(same, user); });
  });
}

// Files that the moves of a machine make are named after it, one after the other.
class Names {
 public:
  Names(World& world, const Plan& plan, std::string name, const Value& config)
      : world_(world), name_(std::move(name)) {
    directories_[plan.home.datastore] = plan.home.path;
    for (const std::vector<FileId>& chain : diskChains(world, config)) {
      for (const FileId& each : chain) own_.push_back(each);
    }
  }
  std::string stemOn(const std::string& datastore) {
    if (!directories_.contains(datastore)) directories_[datastore] = directoryOn(datastore);
    for (;; ++number_) {
      std::string stem =
          fmt::format("{}/{}{}", directories_[datastore], name_, number_ ? fmt::format("_{}", number_) : "");
      if (world_.files.exists({datastore, stem + ".vmdk"})) continue;
      ++number_;
      return stem;
    }
  }

 private:
  std::string directoryOn(const std::string& datastore) {
    const bool there = std::any_of(own_.begin(), own_.end(), [&](const FileId& each) {
      return each.datastore == datastore && each.path.starts_with(name_ + "/");
    });
    return there ? name_ : freeDirectory(world_, datastore, name_).path;
  }
  World& world_;
  std::string name_;
  std::map<std::string, std::string> directories_;
  std::vector<FileId> own_;
  int number_ = 0;
};

DiskMove moveOf(World& world, const MoRef& vm, const std::vector<FileId>& chain, const std::string& datastore,
                const Value& spec, const Value& locator, Names& names) {
  DiskMove move;
  const Value& asked = locator.isSet() && locator.at("diskMoveType").isSet() ? locator.at("diskMoveType")
                                                                             : spec.at("diskMoveType");
  const std::string_view type = asked.string();
  const bool topOnly = type == "moveChildMostDiskBacking" || type == "createNewChildDiskBacking";
  const bool hasSnapshots = !snapshotsOf(world.inventory.need(vm.id).state).empty();
  move.flatten =
      !topOnly && chain.size() > 1 &&
      ((type == "moveAllDiskBackingsAndConsolidate" && !hasSnapshots) || standsOnOthers(world, vm, chain));
  move.from = topOnly ? std::vector<FileId>{chain.front()} : chain;
  move.provisioning = provisioningFor(spec, locator);
  const std::string stem = names.stemOn(datastore);
  const std::size_t files = move.flatten ? 1 : move.from.size();
  for (std::size_t i = 0; i < files; ++i) {
    const std::size_t level = files - 1 - i;
    move.to.push_back({datastore, level ? fmt::format("{}-{:06}.vmdk", stem, level) : stem + ".vmdk"});
  }
  return move;
}

Fault unreachable(std::string_view type, std::vector<Field> fields, const Value& device,
                  const std::string& backing) {
  fields.insert(fields.begin(),
                {{"device", device.at("deviceInfo.label")}, {"backing", backing}, {"connected", true}});
  return makeFault(type,
                   fmt::format("{} of the virtual machine cannot be accessed on the host.",
                               device.at("deviceInfo.label").string()),
                   fields);
}

// What the machine has must be there on the host that it goes to.
void needReachable(World& world, const Plan& plan, const Value& config,
                   const std::vector<const DiskMove*>& moveOfDevice) {
  needWritable(world, plan.place.host, MoRef{"Datastore", plan.home.datastore});
  const std::vector<Value> devices = devicesOfConfig(config);
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const auto name = isDisk(devices[i]) ? fileNameOf(devices[i]) : std::nullopt;
    if (!name || !parseDatastorePath(*name)) continue;
    const MoRef datastore{"Datastore", moveOfDevice[i] ? moveOfDevice[i]->to.front().datastore
                                                       : world.files.locate(*name).datastore};
    try {
      needWritable(world, plan.place.host, datastore);
    } catch (const Fault& fault) {
      if (moveOfDevice[i]) throw;
      throw unreachable("CannotAccessVmDisk", {{"fault", fault.localized()}}, devices[i], *name);
    }
  }
  const std::vector<MoRef> networks =
      refsOfList(world.inventory.need(plan.place.host.id).state.at("network"));
  for (const Value& device : devices) {
    const DataObject* backing =
        deviceIsA(device, "VirtualEthernetCard") ? device.at("backing").asObject() : nullptr;
    std::optional<MoRef> network;
    if (backing && backing->type().find("network")) network = refAt(device.at("backing"), "network");
    if (backing && backing->type().find("port")) {
      const ManagedObject* group = world.inventory.find(device.at("backing.port.portgroupKey").string());
      if (group) network = group->ref;
    }
    if (!network || holds(networks, *network)) continue;
    throw unreachable("CannotAccessNetwork", {{"network", *network}}, device, nameOf(world, *network));
  }
}

void needRoom(World& world, const MoRef& vm, const Plan& plan) {
  std::map<std::string, std::int64_t> bytes;
  for (const DiskMove& move : plan.disks) {
    for (const FileId& each : move.from) {
      world.files.needUnlocked(each, vm.id);
      if (each.datastore != move.to.front().datastore)
        bytes[move.to.front().datastore] += world.files.sizeOf(each);
    }
  }
  for (const auto& [datastore, needed] : bytes) {
    const Value& summary = world.inventory.need(datastore).state.at("summary");
    if (needed <= summary.at("freeSpace").asInteger().value_or(0)) continue;
    throw makeFault("NoDiskSpace",
                    fmt::format("Insufficient disk space on datastore '{}'.", summary.at("name").string()),
                    {{"file", world.files.pathOf(plan.home)}, {"datastore", summary.at("name")}});
  }
}

Plan planRelocation(World& world, const MoRef& vm, const Value& spec) {
  const ManagedObject& machine = world.inventory.need(vm.id);
  needUsable(machine);
  const Value& config = machine.state.at("config");
  const std::vector<Value> devices = devicesOfConfig(config);
  needLocatorsKnown(spec, devices);
  Plan plan;
  plan.place = placeFor(world, machine, spec);
  plan.folder = refAt(spec, "folder");
  const std::string name = nameOf(world, vm);
  if (plan.folder) needFreeName(world, *plan.folder, "VirtualMachine", name, vm);
  plan.oldHome = plan.home = homeOf(world, machine.state);
  plan.vmx = vmxPathOf(machine.state);
  const std::optional<MoRef> datastore = refAt(spec, "datastore");
  if (datastore && datastore->id != plan.oldHome.datastore) {
    plan.home = freeDirectory(world, datastore->id, name);
    const std::string ending = plan.vmx.substr(plan.vmx.rfind('.'));
    plan.vmx = world.files.pathOf({plan.home.datastore, plan.home.path + "/" + name + ending});
  }
  Names names(world, plan, name, config);
  std::vector<std::size_t> moved;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const auto file = isDisk(devices[i]) ? fileNameOf(devices[i]) : std::nullopt;
    if (!file || !parseDatastorePath(*file)) continue;
    const FileId top = world.files.locate(*file);
    const Value& locator = locatorFor(spec, devices[i]);
    std::optional<MoRef> target = locator.isSet() ? refAt(locator, "datastore") : datastore;
    if (!target || target->id == top.datastore) continue;
    (void)world.files.descriptor(top);
    plan.disks.push_back(moveOf(world, vm, world.files.chain(top), target->id, spec, locator, names));
    moved.push_back(i);
  }
  std::vector<const DiskMove*> moveOfDevice(devices.size(), nullptr);
  for (std::size_t i = 0; i < moved.size(); ++i) moveOfDevice[moved[i]] = &plan.disks[i];
  if (plan.movesHome()) needAccepting(world, {"Datastore", plan.home.datastore});
  for (const DiskMove& each : plan.disks) needAccepting(world, {"Datastore", each.to.front().datastore});
  needReachable(world, plan, config, moveOfDevice);
  needRoom(world, vm, plan);
  return plan;
}

void provision(World& world, const FileId& file, const std::string& provisioning) {
  if (provisioning.empty()) return;
  world.files.changeDescriptor(file, [&](Descriptor& disk) { disk.provisioning = provisioning; });
  if (provisioning == "thin") return;
  const FileId extent{file.datastore, file.path.substr(0, file.path.size() - 5) + "-flat.vmdk"};
  if (const StoredFile* stored = world.files.find(extent)) {
    StoredFile data = *stored;
    data.size = world.files.descriptor(file).capacity;
    world.files.put(extent, std::move(data));
  }
}

void moveDisk(World& world, const DiskMove& move, std::map<std::string, std::string>& renamed) {
  std::map<FileId, FileId> places;
  if (move.flatten) {
    const FileId& top = move.from.front();
    const std::string before = world.files.pathOf(top);
    world.files.copyDisk(top, move.to.front(), false);
    world.files.removeDisk(top);
    renamed[before] = world.files.pathOf(move.to.front());
  }
  for (std::size_t i = move.flatten ? 0 : move.from.size(); i > 0; --i) {  // the base first
    const FileId &from = move.from[i - 1], &to = move.to[i - 1];
    renamed[world.files.pathOf(from)] = world.files.pathOf(to);
    world.files.moveDisk(from, to);
    places[from] = to;
    world.files.changeDescriptor(to, [&](Descriptor& disk) {
      if (disk.parent && places.contains(*disk.parent)) disk.parent = places.at(*disk.parent);
    });
  }
  provision(world, move.to.back(), move.provisioning);
}

// The machine's own files go and are called after it; what other machines' disks are in the old directory
// stays.
void moveHome(World& world, const Plan& plan, const Value& state) {
  const std::string before = vmxPathOf(state);
  const DatastorePath oldVmx = parseDatastorePath(before).value_or(DatastorePath{});
  const std::string oldFile = oldVmx.fileName(), oldStem = oldFile.substr(0, oldFile.rfind('.'));
  const std::string newFile = plan.vmx.substr(plan.vmx.rfind('/') + 1),
                    newStem = newFile.substr(0, newFile.rfind('.'));
  for (const auto& [name, stored] : world.files.list(plan.oldHome.datastore, plan.oldHome.path)) {
    const FileKind kind = stored->kind;
    if (kind == FileKind::descriptor || kind == FileKind::extent || kind == FileKind::directory) continue;
    const std::string after = name.starts_with(oldStem) ? newStem + name.substr(oldStem.size()) : name;
    const std::string from = plan.oldHome.path.empty() ? name : plan.oldHome.path + "/" + name;
    world.files.put({plan.home.datastore, plan.home.path + "/" + after}, StoredFile(*stored));
    world.files.remove({plan.oldHome.datastore, from});
  }
  if (!plan.oldHome.path.empty() && world.files.list(plan.oldHome.datastore, plan.oldHome.path).empty()) {
    world.files.remove(plan.oldHome);
  }
}

// Backings with the files where they are now, all the way down.
Value renamedBacking(const Value& backing, const std::map<std::string, std::string>& renamed, World& world) {
  const DataObject* object = backing.asObject();
  if (!object || !object->type().find("fileName")) return backing;
  Value changed = backing;
  const auto found = renamed.find(std::string(object->get("fileName").string()));
  if (found != renamed.end()) {
    changed = changed.with("fileName", found->second)
                  .with("datastore", MoRef{"Datastore", world.files.locate(found->second).datastore});
  }
  if (object->type().find("parent") && object->get("parent").isSet()) {
    changed = changed.with("parent", renamedBacking(object->get("parent"), renamed, world));
  }
  return changed;
}

Value movedConfig(World& world, const Plan& plan, const Value& config,
                  const std::map<std::string, std::string>& renamed) {
  std::vector<Value> devices = devicesOfConfig(config);
  for (Value& device : devices) {
    if (isDisk(device)) device = device.with("backing", renamedBacking(device.at("backing"), renamed, world));
  }
  Value changed = config.with("hardware.device", list(std::move(devices)));
  if (!plan.movesHome()) return changed;
  const std::string directory = plan.vmx.substr(0, plan.vmx.rfind('/') + 1);
  const List* options = config.at("extraConfig").asList();
  std::vector<Value> kept = options ? options->items : std::vector<Value>{};
  const std::string file = plan.vmx.substr(plan.vmx.rfind('/') + 1);
  for (Value& each : kept) {
    if (each.at("key").string() == "nvram")
      each = each.with("value", file.substr(0, file.rfind('.')) + ".nvram");
  }
  return changed.with("extraConfig", list(std::move(kept)))
      .with("files", object("VirtualMachineFileInfo", {{"vmPathName", plan.vmx},
                                                       {"snapshotDirectory", directory},
                                                       {"suspendDirectory", directory},
                                                       {"logDirectory", directory}}));
}

Value moveBetween(World& world, const MoRef& vm, Value state, const Plan& plan) {
  const MoRef was = *state.at("runtime.host").asRef();
  if (was != plan.place.host) {
    dropRef(world, was, "vm", vm);
    addRef(world, plan.place.host, "vm", vm);
    const MoRef resource = computeResourceOf(world, plan.place.host);
    state = state.with("runtime.host", plan.place.host)
                .with("environmentBrowser", world.inventory.need(resource.id).state.at("environmentBrowser"));
  }
  const std::optional<MoRef> pool = refAt(state, "resourcePool");
  if (plan.place.pool && pool && *pool != *plan.place.pool) {
    dropRef(world, *pool, "vm", vm);
    addRef(world, *plan.place.pool, "vm", vm);
    state = state.with("resourcePool", *plan.place.pool);
  }
  const std::optional<MoRef> folder = refAt(state, "parent");
  if (plan.folder && folder && *folder != *plan.folder) {
    dropRef(world, *folder, "childEntity", vm);
    addRef(world, *plan.folder, "childEntity", vm);
    state = state.with("parent", *plan.folder);
  }
  return state;
}

}  // namespace

void checkRelocation(World& world, const MoRef& vm, const Value& spec) {
  (void)planRelocation(world, vm, spec);
}

std::int64_t relocatedBytes(World& world, const MoRef& vm, const Value& spec) {
  std::int64_t bytes = 0;
  for (const DiskMove& move : planRelocation(world, vm, spec).disks) {
    for (const FileId& each : move.from) bytes += world.files.sizeOf(each);
  }
  return bytes;
}

std::chrono::milliseconds timeFor(const World& world, std::int64_t bytes) {
  constexpr std::int64_t usual = 10LL << 30;
  const auto once = world.settings().tasks.duration;
  return once + std::chrono::milliseconds(once.count() * (bytes >> 20) / (usual >> 20));
}

void announceRelocation(World& world, const MoRef& vm, const Value& spec) {
  const Plan plan = planRelocation(world, vm, spec);
  const ManagedObject& machine = world.inventory.need(vm.id);
  const MoRef was = *machine.state.at("runtime.host").asRef();
  const bool hot = poweredOn(machine);
  const std::string host = nameOf(world, plan.place.host);
  const std::string text = fmt::format("{} {} from {} to {}", hot ? "Migrating" : "Relocating",
                                       nameOf(world, vm), nameOf(world, was), host);
  const auto datacenter = ancestorOf(world.inventory, plan.place.host, "Datacenter");
  postVmEvent(world, hot ? "VmBeingHotMigratedEvent" : "VmBeingRelocatedEvent", vm, text,
              {{"destHost", world.events.hostArgument(plan.place.host)},
               {"destDatacenter", datacenter ? world.events.datacenterArgument(*datacenter) : Value()},
               {"destDatastore", world.events.datastoreArgument({"Datastore", plan.home.datastore})}});
}

void sayNotMoved(World& world, const MoRef& vm, const Value& spec, const Fault& why) {
  const ManagedObject* machine = world.inventory.find(vm.id);
  if (!machine) return;
  const MoRef was = *machine->state.at("runtime.host").asRef();
  const auto known = [&](const std::optional<MoRef>& ref, const MoRef& otherwise) {
    return ref && world.inventory.find(ref->id) ? *ref : otherwise;
  };
  const MoRef host = known(refAt(spec, "host"), was);
  const MoRef home{"Datastore", homeOf(world, machine->state).datastore};
  const MoRef datastore = known(refAt(spec, "datastore"), home);
  const auto datacenter = ancestorOf(world.inventory, host, "Datacenter");
  postVmEvent(world, poweredOn(*machine) ? "VmFailedMigrateEvent" : "VmRelocateFailedEvent", vm, {},
              {{"ds", world.events.datastoreArgument(home)},
               {"destHost", world.events.hostArgument(host)},
               {"reason", why.localized()},
               {"destDatacenter", datacenter ? world.events.datacenterArgument(*datacenter) : Value()},
               {"destDatastore", world.events.datastoreArgument(datastore)}});
}

void relocate(World& world, const MoRef& vm, const Value& spec, std::string_view eventType) {
  const Plan plan = planRelocation(world, vm, spec);
  Value state = world.inventory.need(vm.id).state;
  const MoRef was = *state.at("runtime.host").asRef();
  const auto datacenter = ancestorOf(world.inventory, was, "Datacenter");
  const std::vector<Field> source{
      {"sourceHost", world.events.hostArgument(was)},
      {"sourceDatacenter", datacenter ? world.events.datacenterArgument(*datacenter) : Value()},
      {"sourceDatastore", world.events.datastoreArgument({"Datastore", plan.oldHome.datastore})}};
  world.files.unlockAll(vm.id);
  std::map<std::string, std::string> renamed;
  for (const DiskMove& each : plan.disks) moveDisk(world, each, renamed);
  if (plan.movesHome()) moveHome(world, plan, state);
  for (const MoRef& each : snapshotsOf(state)) {
    const ManagedObject* snapshot = world.inventory.find(each.id);
    if (!snapshot) continue;
    world.inventory.set(each.id, "config", movedConfig(world, plan, snapshot->state.at("config"), renamed));
  }
  state = moveBetween(world, vm, state, plan);
  settle(world, vm, state.with("config", movedConfig(world, plan, state.at("config"), renamed)));
  holdFiles(world, vm);
  const bool hot = poweredOn(world.inventory.need(vm.id));
  const std::string_view type = !eventType.empty() ? eventType : hot ? "VmMigratedEvent" : "VmRelocatedEvent";
  std::vector<Field> fields = source;
  fields.emplace_back("ds", world.events.datastoreArgument({"Datastore", plan.home.datastore}));
  postVmEvent(world, type, vm,
              fmt::format("{} {} from {} to {}", hot ? "Migrated" : "Relocated", nameOf(world, vm),
                          nameOf(world, was), nameOf(world, plan.place.host)),
              fields);
}

}  // namespace failback::mock
