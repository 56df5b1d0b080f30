// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_lifecycle.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "mocks/config_spec.h"
#include "mocks/entity_tools.h"
#include "mocks/fault.h"
#include "mocks/search_index.h"
#include "mocks/site.h"
#include "mocks/vapps.h"
#include "mocks/vm_events.h"
#include "mocks/vm_model.h"
#include "mocks/vm_parts.h"
#include "mocks/vm_snapshots.h"
#include "mocks/vmx_reader.h"

namespace failback::mock {

namespace {

StoredFile plainFile(FileKind kind, std::int64_t size) {
  StoredFile file;
  file.kind = kind;
  file.size = size;
  return file;
}

// What the guest of such a machine looks like, should it be powered on.
VmSpec specOf(const World& world, const Value& config) {
  VmSpec spec;
  spec.name = config.at("name").string();
  spec.guestId = config.at("guestId").string();
  spec.hardware = config.at("version").string();
  spec.cpus = static_cast<std::int32_t>(config.at("hardware.numCPU").asInteger().value_or(1));
  spec.memory = config.at("hardware.memoryMB").asInteger().value_or(0) << 20;
  spec.tools = false;
  spec.powered = false;
  spec.isTemplate = *config.at("template").asBool();
  for (const Value& device : devicesOfConfig(config)) {
    if (isDisk(device)) {
      DiskSpec disk;
      disk.size = device.at("capacityInBytes").asInteger().value_or(0);
      spec.disks.push_back(disk);
    } else if (deviceIsA(device, "VirtualEthernetCard")) {
      NicSpec nic;
      const DataObject* backing = device.at("backing").asObject();
      if (backing && backing->type().find("deviceName")) nic.network = backing->get("deviceName").string();
      if (backing && backing->type().find("port")) {
        const ManagedObject* group = world.inventory.find(device.at("backing.port.portgroupKey").string());
        if (group) nic.network = group->state.at("name").string();
      }
      spec.nics.push_back(nic);
    }
  }
  return spec;
}

Value runtimeOn(const World& world, const MoRef& host, const Value& config) {
  const auto megahertz = world.inventory.need(host.id).state.at("summary.hardware.cpuMhz").asInteger();
  const auto cpus = config.at("hardware.numCPU").asInteger().value_or(1);
  return object("VirtualMachineRuntimeInfo",
                {{"host", host},
                 {"connectionState", "connected"},
                 {"powerState", "poweredOff"},
                 {"faultToleranceState", "notConfigured"},
                 {"toolsInstallerMounted", false},
                 {"maxCpuUsage", static_cast<std::int32_t>(megahertz.value_or(2400) * cpus)},
                 {"maxMemoryUsage", config.at("hardware.memoryMB")},
                 {"numMksConnections", std::int32_t{0}},
                 {"recordReplayState", "inactive"},
                 {"onlineStandby", false},
                 {"consolidationNeeded", false},
                 {"paused", false},
                 {"snapshotInBackground", false},
                 {"instantCloneFrozen", false},
                 {"cryptoState", "unlocked"}});
}

Value emptySummary(const World& world, const MoRef& vm, const Value& runtime, const Value& config) {
  const Value summary = object("VirtualMachineConfigSummary", {{"name", config.at("name")},
                                                               {"template", config.at("template")},
                                                               {"vmPathName", config.at("files.vmPathName")},
                                                               {"cpuReservation", std::int32_t{0}},
                                                               {"memoryReservation", std::int32_t{0}},
                                                               {"installBootRequired", false},
                                                               {"tpmPresent", false},
                                                               {"numVmiopBackings", std::int32_t{0}}});
  const Value storage = object("VirtualMachineStorageSummary", {{"committed", std::int64_t{0}},
                                                                {"uncommitted", std::int64_t{0}},
                                                                {"unshared", std::int64_t{0}},
                                                                {"timestamp", Value::dateTime(world.now())}});
  return object("VirtualMachineSummary", {{"vm", vm},
                                          {"runtime", runtime},
                                          {"config", summary},
                                          {"storage", storage},
                                          {"overallStatus", "green"}});
}

// "[ds]" is a directory of its own, "[ds] a/b.vmx" the file, "[ds] a" the directory.
FileId vmxFor(World& world, std::string_view wanted, const std::string& name, const MoRef& folder) {
  if (wanted.empty()) {
    throw makeFault("InvalidVmConfig", "The virtual machine configuration is not valid.",
                    {{"property", "configSpec.files.vmPathName"}});
  }
  FileId file = world.files.locate(wanted, ancestorOf(world.inventory, folder, "Datacenter"));
  if (file.path.ends_with(".vmx")) {
    if (file.path.find('/') == std::string::npos) {
      throw makeFault("UnsupportedVmxLocation", "The configuration file is in no directory of its own.");
    }
    if (world.files.exists(file)) {
      const std::string path = world.files.pathOf(file);
      throw makeFault("FileAlreadyExists", fmt::format("The file {} already exists.", path),
                      {{"file", path}});
    }
    return file;
  }
  if (file.path.empty()) file = freeDirectory(world, file.datastore, name);
  file.path += "/" + name + ".vmx";
  return file;
}

std::string newestHardware(World& world, const MoRef& host) {
  const MoRef resource = computeResourceOf(world, host);
  const MoRef* browser = world.inventory.need(resource.id).state.at("environmentBrowser").asRef();
  const auto offered = browser ? world.configOptions.find(browser->id) : world.configOptions.end();
  const List* options = offered == world.configOptions.end() ? nullptr : offered->second.asList();
  for (const Value& each : options ? options->items : std::vector<Value>{}) {
    if (const bool* usual = each.at("defaultConfigOption").asBool(); usual && *usual)
      return std::string(each.at("key").string());
  }
  return "vmx-19";
}

const ManagedObject* machineWith(World& world, std::string_view path, std::string_view value) {
  for (const ManagedObject* each : world.inventory.all("VirtualMachine")) {
    if (each->read(path).string() == value) return each;
  }
  return nullptr;
}

bool isTemplateNow(const ManagedObject& vm) {
  const bool* value = vm.state.at("config.template").asBool();
  return value && *value;
}

// A template's configuration file ends in .vmtx.
Value withEnding(World& world, const Value& state, std::string_view ending) {
  const std::string before = vmxPathOf(state);
  std::string after = before.substr(0, before.rfind('.'));
  after += ending;
  if (before == after) return state;
  world.files.move(world.files.locate(before), world.files.locate(after), true);
  return state.with("config.files.vmPathName", after);
}

// The machine's own files in its directory, and the directory when nothing else is left in it.
void removeHome(World& world, const FileId& home) {
  if (home.path.empty() || !world.files.exists(home)) return;
  for (const auto& [name, stored] : world.files.list(home.datastore, home.path)) {
    const FileKind kind = stored->kind;
    if (kind == FileKind::descriptor || kind == FileKind::extent || kind == FileKind::directory) continue;
    world.files.remove({home.datastore, home.path + "/" + name});
  }
  if (world.files.list(home.datastore, home.path).empty()) world.files.remove(home);
}

// Files of the machine's chains; what another machine's chain stands on (a linked clone's) is not its own.
std::vector<FileId> ownDiskFiles(World& world, const MoRef& vm, const Value& state) {
  std::vector<FileId> own;
  std::vector<Value> configs{state.at("config")};
  for (const MoRef& each : snapshotsOf(state)) {
    if (const ManagedObject* found = world.inventory.find(each.id))
      configs.push_back(found->state.at("config"));
  }
  for (const Value& config : configs) {
    for (const std::vector<FileId>& chain : diskChains(world, config)) {
      const std::vector<MoRef> sharing = usersOfFile(world, chain.front(), vm.id);
      for (const FileId& file : chain) {
        const std::vector<MoRef> users = usersOfFile(world, file, vm.id);
        // Whoever has the same top has the same disk; whoever has only a lower part is a clone of it.
        const bool foreign =
            std::any_of(users.begin(), users.end(), [&](const MoRef& user) { return !holds(sharing, user); });
        if (foreign) break;
        if (std::find(own.begin(), own.end(), file) == own.end()) own.push_back(file);
      }
    }
  }
  return own;
}

void forget(World& world, const MoRef& vm) {
  for (const MoRef& each : snapshotsOf(world.inventory.need(vm.id).state)) world.inventory.remove(each.id);
  world.files.unlockAll(vm.id);
  world.movedOrCopied.erase(vm.id);
  forgetMachine(world, vm);
}

}  // namespace

void addMachine(World& world, const NewMachine& machine, const Value& config) {
  const MoRef& host = machine.place.host;
  const Value runtime = runtimeOn(world, host, config);
  const Value allocations =
      object("ResourceConfigSpec", {{"entity", machine.vm},
                                    {"changeVersion", world.now()},
                                    {"cpuAllocation", config.at("cpuAllocation")},
                                    {"memoryAllocation", config.at("memoryAllocation")}});
  const MoRef resource = computeResourceOf(world, host);
  std::vector<Field> fields = entity(std::string(config.at("name").string()), machine.folder);
  fields.insert(fields.end(),
                {{"capability", vmCapability()},
                 {"config", config},
                 {"environmentBrowser", world.inventory.need(resource.id).state.at("environmentBrowser")},
                 {"resourcePool", machine.place.pool},
                 {"resourceConfig", allocations},
                 {"runtime", runtime},
                 {"summary", emptySummary(world, machine.vm, runtime, config)},
                 {"rootSnapshot", std::vector<Value>{}},
                 {"guestHeartbeatStatus", "gray"}});
  const VmSpec spec = specOf(world, config);
  world.vmSpecs.put(machine.vm.id, spec);
  settle(world, machine.vm, withPower(world, object("VirtualMachine", fields), spec, false));
  addRef(world, machine.folder, "childEntity", machine.vm);
  addRef(world, host, "vm", machine.vm);
  if (!machine.place.pool) return;
  addRef(world, *machine.place.pool, "vm", machine.vm);
  changeVapp(world, machine.vm, {}, *machine.place.pool);
}

Value createVm(World& world, const MoRef& vm, const MoRef& folder, const Value& spec, const MoRef& pool,
               const std::optional<MoRef>& host) {
  const std::string name = storedName(spec.at("name").string());
  needGoodName(name);
  needFreeName(world, folder, "VirtualMachine", name);
  const FileId vmx = vmxFor(world, spec.at("files.vmPathName").string(), name, folder);
  const Placement place = placeMachine(world, pool, host, {MoRef{"Datastore", vmx.datastore}});
  const std::string path = world.files.pathOf(vmx);
  Value config = newConfig(world, name, path).with("version", newestHardware(world, place.host));
  if (spec.at("version").isSet()) needHardware(world, place.host, spec.at("version").string());
  const FileId home{vmx.datastore, vmx.path.substr(0, vmx.path.rfind('/'))};
  const ConfigResult made = applyConfigSpec(world, {MoRef{}, place.host, home, false}, config,
                                            spec.with("name", name).with("changeVersion", {}));
  world.files.put(vmx, plainFile(FileKind::config, 3120));
  try {
    for (const auto& step : made.files) step();
  } catch (const Fault&) {
    world.files.remove(home);
    throw;
  }
  const std::string stem = home.path + "/" + name;
  world.files.put({home.datastore, stem + ".nvram"}, plainFile(FileKind::nvram, 8684));
  world.files.put({home.datastore, stem + ".vmsd"}, plainFile(FileKind::snapshotList, 0));
  addMachine(world, {vm, folder, place}, made.config);
  const std::string where = nameOf(world, place.host);
  const std::string instance(made.config.at("instanceUuid").string());
  if (const std::string_view wanted = spec.at("instanceUuid").string();
      !wanted.empty() && wanted != instance) {
    postVmEvent(
        world, "VmInstanceUuidChangedEvent", vm,
        fmt::format("The instance UUID of {} has been changed from ({}) to ({})", name, wanted, instance),
        {{"oldInstanceUuid", wanted}, {"newInstanceUuid", instance}});
  } else {
    postVmEvent(world, "VmInstanceUuidAssignedEvent", vm,
                fmt::format("Assigned new instance UUID ({}) to {}", instance, name),
                {{"instanceUuid", instance}});
  }
  if (!spec.at("uuid").isSet()) {
    const std::string bios(made.config.at("uuid").string());
    postVmEvent(world, "VmUuidAssignedEvent", vm,
                fmt::format("Assigned new BIOS UUID ({}) to {}", bios, name), {{"uuid", bios}});
  }
  postVmEvent(world, "VmCreatedEvent", vm, fmt::format("Created virtual machine {} on {}", name, where));
  return vm;
}

Value registerVm(World& world, const MoRef& vm, const MoRef& folder, const Registration& how) {
  const FileId vmx = world.files.locate(how.path, ancestorOf(world.inventory, folder, "Datacenter"));
  const std::string path = world.files.pathOf(vmx);
  const Value read = configIn(world, vmx);
  const std::string location = rememberedLocation(world, vmx);
  if (const ManagedObject* other = machineWith(world, "config.files.vmPathName", path)) {
    throw makeFault("AlreadyExists", fmt::format("{} is registered already.", path),
                    {{"name", other->state.at("name")}});
  }
  const bool elsewhere = !location.empty() && location != locationOf(vmx);
  Value config = rebased(world, read, path);
  const std::string name = how.name.empty() ? std::string(config.at("name").string()) : storedName(how.name);
  needGoodName(name);
  needFreeName(world, folder, "VirtualMachine", name);
  const Placement place = placeMachine(world, how.pool, how.host, {MoRef{"Datastore", vmx.datastore}});
  needHardware(world, place.host, config.at("version").string());
  const std::string wanted(config.at("instanceUuid").string());
  const ManagedObject* rival = machineWith(world, "config.instanceUuid", wanted);
  const std::string instance = rival || wanted.empty() ? newInstanceUuid(world) : wanted;
  const bool isTemplate = how.asTemplate;
  config = config.with("name", name).with("instanceUuid", instance).with("template", isTemplate);
  addMachine(world, {vm, folder, {place.host, isTemplate ? std::nullopt : place.pool}}, config);
  recallSnapshots(world, vm);
  if (elsewhere) world.movedOrCopied.insert(vm.id);
  rememberLocation(world, vmx, elsewhere ? location : std::string());
  if (rival) {
    postVmEvent(world, "VmInstanceUuidConflictEvent", vm,
                fmt::format("Instance UUID conflict with {}", rival->state.at("name").string()),
                {{"conflictedVm", world.events.vmArgument(rival->ref)}, {"instanceUuid", wanted}});
    postVmEvent(
        world, "VmInstanceUuidChangedEvent", vm,
        fmt::format("The instance UUID of {} has been changed from ({}) to ({})", name, wanted, instance),
        {{"oldInstanceUuid", wanted}, {"newInstanceUuid", instance}});
  }
  postVmEvent(world, "VmRegisteredEvent", vm,
              fmt::format("Registered {} on {}", name, nameOf(world, place.host)));
  return vm;
}

void unregisterVm(World& world, const MoRef& vm) {
  const ManagedObject& machine = world.inventory.need(vm.id);
  needPowerState(machine, "poweredOff");
  // What is on the datastores follows from the inventory until it is first asked for.
  for (const MoRef& each : refsOfList(machine.state.at("datastore"))) (void)world.files.used(each.id);
  keepSnapshots(world, vm);
  postVmEvent(world, "VmRemovedEvent", vm, fmt::format("Removed {}", nameOf(world, vm)));
  forget(world, vm);
}

Value destroyVm(World& world, const MoRef& vm) {
  const ManagedObject& machine = world.inventory.need(vm.id);
  needPowerState(machine, "poweredOff");
  const Value state = machine.state;
  const std::vector<FileId> disks = ownDiskFiles(world, vm, state);
  for (const FileId& each : disks) world.files.needUnlocked(each, vm.id);
  const bool hasHome = !vmxPathOf(state).empty();
  for (const FileId& each : disks) world.files.removeDisk(each);
  if (hasHome) removeHome(world, homeOf(world, state));
  postVmEvent(world, "VmRemovedEvent", vm, fmt::format("Removed {}", nameOf(world, vm)));
  forget(world, vm);
  world.files.updateDatastores();
  return {};
}

void markAsTemplate(World& world, const MoRef& vm) {
  const ManagedObject& machine = world.inventory.need(vm.id);
  if (isTemplateNow(machine)) throw notSupported("The virtual machine is a template already.");
  needUsable(machine);
  needPowerState(machine, "poweredOff");
  const MoRef* pool = machine.state.at("resourcePool").asRef();
  if (pool) dropRef(world, MoRef(*pool), "vm", vm);
  const Value state = withEnding(world, world.inventory.need(vm.id).state, ".vmtx");
  settle(world, vm, state.with("resourcePool", {}).with("config.template", true));
}

void markAsVirtualMachine(World& world, const MoRef& vm, const MoRef& pool,
                          const std::optional<MoRef>& host) {
  const ManagedObject& machine = world.inventory.need(vm.id);
  if (!isTemplateNow(machine)) throw notSupported("The virtual machine is no template.");
  const MoRef was = *machine.state.at("runtime.host").asRef();
  const bool stays = !host && computeResourceOf(world, pool) == computeResourceOf(world, was);
  const Placement place = placeMachine(world, pool, stays ? std::optional<MoRef>(was) : host,
                                       refsOfList(machine.state.at("datastore")));
  const Value state = withEnding(world, machine.state, ".vmx");
  dropRef(world, was, "vm", vm);
  addRef(world, place.host, "vm", vm);
  addRef(world, pool, "vm", vm);
  settle(world, vm,
         state.with("resourcePool", pool).with("config.template", false).with("runtime.host", place.host));
}

void upgradeVm(World& world, const MoRef& vm, std::string version) {
  const ManagedObject& machine = world.inventory.need(vm.id);
  needPowerState(machine, "poweredOff");
  const MoRef host = *machine.state.at("runtime.host").asRef();
  if (version.empty()) version = newestHardware(world, host);
  needHardware(world, host, version);
  constexpr int decimal = 10;
  const auto number = [](std::string_view text) {  // of "vmx-19"
    return std::strtol(std::string(text.substr(4)).c_str(), nullptr, decimal);
  };
  if (number(version) <= number(machine.state.at("config.version").string())) {
    throw makeFault("AlreadyUpgraded", "The virtual machine has been upgraded already.");
  }
  settle(world, vm, machine.state.with("config.version", version));
  postVmEvent(world, "VmUpgradeCompleteEvent", vm, "Virtual machine compatibility upgraded.",
              {{"version", version}});
}

void reloadVm(World& world, const MoRef& vm, const std::string& path) {
  const ManagedObject& machine = world.inventory.need(vm.id);
  const FileId own = world.files.locate(vmxPathOf(machine.state));
  const StoredFile* stored = world.files.find(own);
  // Somebody may have put another text there, which a running machine does not look at.
  const bool changed = stored && !stored->config.isSet() && !stored->text.empty() && !poweredOn(machine);
  if (path.empty() && !changed) return settle(world, vm, machine.state);
  needPowerState(machine, "poweredOff");
  const FileId vmx =
      path.empty() ? own : world.files.locate(path, ancestorOf(world.inventory, vm, "Datacenter"));
  const Value read = configIn(world, vmx);
  const ManagedObject* other = machineWith(world, "config.files.vmPathName", world.files.pathOf(vmx));
  if (other && other->ref != vm) {
    throw makeFault("AlreadyExists", fmt::format("{} is another machine's.", path),
                    {{"name", other->state.at("name")}});
  }
  const Value& now = machine.state.at("config");
  settle(world, vm,
         machine.state.with("config", rebased(world, read, world.files.pathOf(vmx))
                                          .with("name", now.at("name"))
                                          .with("instanceUuid", now.at("instanceUuid"))));
}

}  // namespace failback::mock
