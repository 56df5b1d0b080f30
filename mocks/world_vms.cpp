// SPDX-License-Identifier: GPL-2.0-or-later
// VirtualMachine: configuration, runtime, guest, files, snapshots, and the summaries of all that.
#include <fmt/format.h>

#include <algorithm>

#include "mocks/random_source.h"
#include "mocks/site.h"
#include "mocks/vm_methods.h"
#include "mocks/vm_parts.h"
#include "mocks/world_devices.h"

namespace failback::mock {

namespace {

constexpr const char* createdAt = "2025-03-04T09:12:44.123456Z";

Value filesOf(const SiteVm& vm) {
  const std::string directory = vm.fileBeside("");
  return object("VirtualMachineFileInfo", {{"vmPathName", vm.vmxPath()},
                                           {"snapshotDirectory", directory},
                                           {"suspendDirectory", directory},
                                           {"logDirectory", directory}});
}

Value flags(bool diskUuid) {
  return object("VirtualMachineFlagInfo", {{"disableAcceleration", false},
                                           {"enableLogging", true},
                                           {"useToe", false},
                                           {"runWithDebugInfo", false},
                                           {"monitorType", "release"},
                                           {"htSharing", "any"},
                                           {"snapshotDisabled", false},
                                           {"snapshotLocked", false},
                                           {"diskUuidEnabled", diskUuid},
                                           {"snapshotPowerOffBehavior", "powerOff"},
                                           {"recordReplayEnabled", false},
                                           {"faultToleranceType", "unset"},
                                           {"cbrcCacheEnabled", false},
                                           {"vvtdEnabled", false},
                                           {"vbsEnabled", false}});
}

Value powerOps() {
  return object("VirtualMachineDefaultPowerOpInfo", {{"powerOffType", "soft"},
                                                     {"suspendType", "hard"},
                                                     {"resetType", "soft"},
                                                     {"defaultPowerOffType", "soft"},
                                                     {"defaultSuspendType", "hard"},
                                                     {"defaultResetType", "soft"},
                                                     {"standbyAction", "checkpoint"}});
}

Value allocation(std::int32_t shares) {
  return shared(
      object("ResourceAllocationInfo",
             {{"reservation", std::int64_t{0}},
              {"expandableReservation", false},
              {"limit", std::int64_t{-1}},
              {"shares", shared(object("SharesInfo", {{"shares", shares}, {"level", "normal"}}))}}));
}

Value bootOptions(const VmSpec& spec) {
  return shared(object("VirtualMachineBootOptions", {{"bootDelay", std::int64_t{0}},
                                                     {"enterBIOSSetup", false},
                                                     {"efiSecureBootEnabled", spec.secureBoot},
                                                     {"bootRetryEnabled", false},
                                                     {"bootRetryDelay", std::int64_t{10000}},
                                                     {"networkBootProtocol", "ipv4"}}));
}

bool hasTpm(const VmSpec& spec) {
  const auto isTpm = [](const DeviceSpec& each) { return each.kind == "vtpm"; };
  return spec.devices && std::any_of(spec.devices->begin(), spec.devices->end(), isTpm);
}

// A machine with a TPM has an encrypted home, even when its disks are not.
Value keyOfHome(const VmSpec& spec) {
  if (!spec.encrypted.empty()) return cryptoKey(spec.encrypted);
  return hasTpm(spec) ? cryptoKey("site-key-provider/" + uuidFor("key/" + spec.name)) : Value();
}

Value configOf(const SiteVm& vm, std::size_t depth) {
  static const Value plainFlags = shared(flags(false)), uuidFlags = shared(flags(true)),
                     ops = shared(powerOps());
  static const Value tools =
      shared(object("ToolsConfigInfo", {{"toolsVersion", std::int32_t{12352}},
                                        {"toolsInstallType", "guestToolsTypeOpenVMTools"},
                                        {"afterPowerOn", true},
                                        {"afterResume", true},
                                        {"beforeGuestStandby", true},
                                        {"beforeGuestShutdown", true},
                                        {"toolsUpgradePolicy", "manual"},
                                        {"syncTimeWithHost", false}}));
  const VmSpec& spec = *vm.spec;
  const Value hardware =
      object("VirtualHardware", {{"numCPU", spec.cpus},
                                 {"numCoresPerSocket", spec.coresPerSocket},
                                 {"memoryMB", static_cast<std::int32_t>(spec.memory >> 20)},
                                 {"virtualICH7MPresent", false},
                                 {"virtualSMCPresent", false},
                                 {"device", devicesOf(vm, depth)}});
  std::vector<Value> urls;
  urls.reserve(vm.datastores.size());
  for (const SiteDatastore* each : vm.datastores) {
    urls.push_back(shared(object("VirtualMachineConfigInfoDatastoreUrlPair",
                                 {{"name", each->spec->name}, {"url", "/vmfs/volumes/" + each->uuid}})));
  }
  return object("VirtualMachineConfigInfo",
                {{"changeVersion", createdAt},
                 {"modified", shared(Value::dateTime(createdAt))},
                 {"name", spec.name},
                 {"guestFullName", word(guestFullName(spec))},
                 {"version", word(spec.hardware)},
                 {"uuid", biosUuid(vm)},
                 {"createDate", shared(Value::dateTime(createdAt))},
                 {"instanceUuid", instanceUuid(vm)},
                 {"npivTemporaryDisabled", true},
                 {"template", spec.isTemplate},
                 {"guestId", word(spec.guestId)},
                 {"alternateGuestName", ""},
                 {"annotation", word(spec.annotation)},
                 {"files", filesOf(vm)},
                 {"tools", tools},
                 {"flags", spec.diskUuid ? uuidFlags : plainFlags},
                 {"defaultPowerOps", ops},
                 {"hardware", hardware},
                 {"cpuAllocation", allocation(1000 * spec.cpus)},
                 {"memoryAllocation", allocation(static_cast<std::int32_t>(10 * (spec.memory >> 20)))},
                 {"latencySensitivity", shared(object("LatencySensitivity", {{"level", "normal"}}))},
                 {"memoryHotAddEnabled", spec.memoryHotAdd},
                 {"cpuHotAddEnabled", spec.cpuHotAdd},
                 {"cpuHotRemoveEnabled", false},
                 {"extraConfig", extraConfig(vm)},
                 {"datastoreUrl", shared(urls)},
                 {"swapPlacement", "inherit"},
                 {"bootOptions", bootOptions(spec)},
                 {"vAssertsEnabled", false},
                 {"changeTrackingEnabled", spec.changeTracking},
                 {"firmware", word(spec.firmware)},
                 {"maxMksConnections", std::int32_t{40}},
                 {"guestAutoLockEnabled", true},
                 {"memoryReservationLockedToMax", false},
                 {"nestedHVEnabled", false},
                 {"vPMCEnabled", false},
                 {"migrateEncryption", spec.encrypted.empty() ? "opportunistic" : "required"},
                 {"keyId", keyOfHome(spec)}});
}

// Each snapshot the child of the one before.
Value snapshotTree(const SiteVm& vm, std::size_t number) {
  const SnapshotSpec& spec = vm.spec->snapshots[number];
  const bool last = number + 1 == vm.snapshots.size();
  return object(
      "VirtualMachineSnapshotTree",
      {{"snapshot", vm.snapshots[number]},
       {"vm", vm.ref},
       {"name", spec.name},
       {"description", spec.description},
       {"id", static_cast<std::int32_t>(number + 1)},
       {"createTime", Value::dateTime(fmt::format("2026-02-{:02}T22:00:00.500000Z", 1 + number % 28))},
       {"state", "poweredOff"},
       {"quiesced", spec.quiesced},
       {"childSnapshotList", last ? Value() : Value(std::vector<Value>{snapshotTree(vm, number + 1)})},
       {"replaySupported", false}});
}

Value snapshotOf(const SiteVm& vm) {
  if (vm.snapshots.empty()) return {};
  return object("VirtualMachineSnapshotInfo",
                {{"currentSnapshot", vm.snapshots.back()},
                 {"rootSnapshotList", std::vector<Value>{snapshotTree(vm, 0)}}});
}

Value usageOf(const SiteVm& vm, std::int64_t& committed, std::int64_t& uncommitted) {
  std::vector<Value> list;
  for (const SiteDatastore* store : vm.datastores) {
    std::int64_t here = store == vm.home ? 300'000 : 0, rest = 0;
    for (const SiteDisk& disk : vm.disks) {
      if (disk.datastore != store) continue;
      here += disk.committed();
      rest += disk.spec->size - disk.committed();
    }
    committed += here;
    uncommitted += rest;
    list.push_back(
        object("VirtualMachineUsageOnDatastore",
               {{"datastore", store->ref}, {"committed", here}, {"uncommitted", rest}, {"unshared", here}}));
  }
  return list;
}

Value configSummary(const SiteVm& vm) {
  const VmSpec& spec = *vm.spec;
  return object("VirtualMachineConfigSummary",
                {{"name", spec.name},
                 {"template", spec.isTemplate},
                 {"vmPathName", vm.vmxPath()},
                 {"memorySizeMB", static_cast<std::int32_t>(spec.memory >> 20)},
                 {"cpuReservation", std::int32_t{0}},
                 {"memoryReservation", std::int32_t{0}},
                 {"numCpu", spec.cpus},
                 {"numEthernetCards", static_cast<std::int32_t>(spec.nics.size())},
                 {"numVirtualDisks", static_cast<std::int32_t>(spec.disks.size())},
                 {"uuid", biosUuid(vm)},
                 {"instanceUuid", instanceUuid(vm)},
                 {"guestId", word(spec.guestId)},
                 {"guestFullName", word(guestFullName(spec))},
                 {"annotation", word(spec.annotation)},
                 {"installBootRequired", false},
                 {"tpmPresent", hasTpm(spec)},
                 {"numVmiopBackings", std::int32_t{0}},
                 {"hwVersion", word(spec.hardware)}});
}

Value summaryOf(const SiteVm& vm, std::int64_t committed, std::int64_t uncommitted) {
  const Value storage =
      object("VirtualMachineStorageSummary", {{"committed", committed},
                                              {"uncommitted", uncommitted},
                                              {"unshared", committed},
                                              {"timestamp", shared(Value::dateTime(createdAt))}});
  // Runtime, guest and statistics come with the power state.
  return object(
      "VirtualMachineSummary",
      {{"vm", vm.ref}, {"config", configSummary(vm)}, {"storage", storage}, {"overallStatus", "green"}});
}

Value runtimeBase(const SiteVm& vm) {
  return object("VirtualMachineRuntimeInfo",
                {{"host", vm.host->ref},
                 {"connectionState", word(vm.spec->connection)},
                 {"powerState", "poweredOff"},
                 {"faultToleranceState", "notConfigured"},
                 {"toolsInstallerMounted", false},
                 {"maxCpuUsage", vm.host->spec->megahertz * vm.spec->cpus},
                 {"maxMemoryUsage", static_cast<std::int32_t>(vm.spec->memory >> 20)},
                 {"numMksConnections", std::int32_t{0}},
                 {"recordReplayState", "inactive"},
                 {"onlineStandby", false},
                 {"consolidationNeeded", vm.spec->consolidationNeeded},
                 {"paused", false},
                 {"snapshotInBackground", false},
                 {"instantCloneFrozen", false},
                 {"cryptoState", "unlocked"}});
}

Value capability() {
  static const Value value = shared(filled("VirtualMachineCapability", true,
                                           {{"memorySnapshotsSupported", true},
                                            {"recordReplaySupported", false},
                                            {"toolsSyncTimeAllowSupported", true}}));
  return value;
}

void addSnapshots(const Site& site, const SiteVm& vm) {
  for (std::size_t i = 0; i < vm.snapshots.size(); ++i) {
    // A snapshot's disks are those below the delta that it started.
    std::vector<Value> children;
    if (i + 1 < vm.snapshots.size()) children.emplace_back(vm.snapshots[i + 1]);
    site.world.inventory.add(
        vm.snapshots[i], object("VirtualMachineSnapshot",
                                {{"config", configOf(vm, i)}, {"childSnapshot", children}, {"vm", vm.ref}}));
  }
}

// What vCenter still shows of a VM whose configuration it cannot read.
bool readable(const VmSpec& spec) {
  return spec.connection == "connected" || spec.connection == "disconnected" || spec.connection == "orphaned";
}

// The machine's properties. Changes nothing, and looks at nothing that changes: any thread may do it, at any
// time.
Value stateOf(const Site& site, const SiteVm& vm) {
  const VmSpec& spec = *vm.spec;
  // A merge that failed leaves a delta that no snapshot needs.
  const std::size_t depth = vm.snapshots.size() + (spec.consolidationNeeded ? 1 : 0);
  std::int64_t committed = 0, uncommitted = 0;
  const Value usage = usageOf(vm, committed, uncommitted);

  std::vector<Field> fields = entity(spec.name, vm.folder ? vm.folder->ref : MoRef{});
  fields.insert(
      fields.end(),
      {{"capability", capability()},
       {"config", readable(spec) ? configOf(vm, depth) : Value()},
       {"layout", fileLayout(vm, depth)},
       {"layoutEx", fileLayoutEx(vm, depth, createdAt)},
       {"storage", object("VirtualMachineStorageInfo",
                          {{"perDatastoreUsage", usage}, {"timestamp", shared(Value::dateTime(createdAt))}})},
       {"environmentBrowser", vm.host->cluster->environment},
       {"resourcePool", spec.isTemplate ? Value() : Value(vm.pool->ref)},
       {"parentVApp", vm.pool->vapp ? Value(vm.pool->ref) : Value()},
       {"resourceConfig", object("ResourceConfigSpec", {{"entity", vm.ref},
                                                        {"changeVersion", createdAt},
                                                        {"cpuAllocation", allocation(1000 * spec.cpus)},
                                                        {"memoryAllocation", allocation(10240)}})},
       {"runtime", runtimeBase(vm)},
       {"summary", summaryOf(vm, committed, uncommitted)},
       {"datastore", shared(refsOf(vm.datastores))},
       {"network", shared(refsOf(vm.networks))},
       {"snapshot", snapshotOf(vm)},
       {"rootSnapshot", vm.snapshots.empty() ? Value(std::vector<Value>{}) : refs({vm.snapshots.front()})},
       {"guestHeartbeatStatus", "gray"}});
  Value state = withPower(site.world, object("VirtualMachine", fields), spec, spec.powered);
  if (spec.suspended) {
    const Value runtime = state.at("runtime")
                              .with("powerState", "suspended")
                              .with("suspendTime", Value::dateTime("2026-02-20T18:00:00.250000Z"))
                              .with("cleanPowerOff", {});
    state = state.with("runtime", runtime).with("summary.runtime", runtime);
  }
  return state.with("disabledMethod", disabledMethods(state, false));
}

void addVm(const std::shared_ptr<const Site>& site, const SiteVm& vm) {
  World& world = site->world;
  world.vmSpecs.refer(vm.ref.id, {site->scenario, vm.spec});
  constexpr std::size_t many = 200;
  if (site->vms.size() < many) {
    world.inventory.add(vm.ref, stateOf(*site, vm));
  } else {
    // Nobody should wait for thousands of machines before the first can be read.
    world.inventory.addDeferred(vm.ref, TypeModel::get().need("VirtualMachine"),
                                [site, &vm] { return stateOf(*site, vm); });
  }
  addSnapshots(*site, vm);
}

}  // namespace

Value vmConfig(const SiteVm& vm) {
  return configOf(vm, 0);
}

Value vmCapability() {
  return capability();
}

std::string instanceUuid(const SiteVm& vm) {
  if (!vm.spec->instanceUuid.empty()) return vm.spec->instanceUuid;
  return uuidFor(fmt::format("instance/{}/{}/{}", vm.home->uuid, vm.spec->folder, vm.spec->name), "50");
}

std::string biosUuid(const SiteVm& vm) {
  if (!vm.spec->biosUuid.empty()) return vm.spec->biosUuid;
  return uuidFor(fmt::format("bios/{}/{}/{}", vm.home->uuid, vm.spec->folder, vm.spec->name), "42");
}

void buildVms(const std::shared_ptr<const Site>& site) {
  for (const SiteVm& vm : site->vms) addVm(site, vm);
}

}  // namespace failback::mock
