// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_snapshots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "mocks/changed_areas.h"
#include "mocks/vm_disks.h"
#include "mocks/vm_events.h"
#include "mocks/vm_lifecycle.h"
#include "mocks/vm_merge.h"
#include "mocks/vm_model.h"
#include "mocks/vm_power.h"
#include "mocks/vm_snapshot_files.h"
#include "mocks/vm_snapshot_tree.h"

namespace failback::mock {

namespace {

constexpr std::size_t longestChain = 32;

std::vector<MoRef> refsOfNodes(const std::vector<Value>& nodes) {
  std::vector<MoRef> found;
  eachSnapshot(nodes,
               [&](const Value& node, const Value&) { found.push_back(*node.at("snapshot").asRef()); });
  return found;
}

Value asRefs(const std::vector<Value>& nodes) {
  std::vector<Value> refs;
  refs.reserve(nodes.size());
  for (const Value& node : nodes) refs.push_back(node.at("snapshot"));
  return list(std::move(refs));
}

// ---- what keeps a snapshot from being made

Fault incompatible(std::string_view type, const Value& device, std::string_view why) {
  const std::string text = fmt::format("Device '{}' is not supported: {}", labelOf(device), why);
  const Fault inner = makeFault(type, text, {{"device", labelOf(device)}, {"reason", why}});
  return makeFault("SnapshotIncompatibleDeviceInVm",
                   fmt::format("The virtual machine has a device that prevents snapshots: {}", text),
                   {{"fault", inner.localized()}});
}

void needCompatible(const Value& config, const Value& disk) {
  const Value& backing = disk.at("backing");
  if (backing.at("diskMode").string().starts_with("independent")) return;
  if (backing.asObject()->type().isA("VirtualDiskRawDiskMappingVer1BackingInfo") &&
      backing.at("compatibilityMode").string() == "physicalMode") {
    throw incompatible("PhysCompatRDMNotSupported", disk, "a raw disk mapping in physical mode");
  }
  if (!isShared(config, disk)) return;
  if (backing.asObject()->type().find("sharing") && backing.at("sharing").string() == "sharingMultiWriter") {
    throw incompatible("MultiWriterNotSupported", disk, "it is shared by several machines (multi-writer)");
  }
  throw incompatible("SharedBusControllerNotSupported", disk, "its controller's bus is shared");
}

// ---- deltas

bool isNumbered(std::string_view stem) {
  constexpr std::size_t digits = 6;
  if (stem.size() <= digits + 1 || stem[stem.size() - digits - 1] != '-') return false;
  return std::all_of(stem.end() - digits, stem.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

// The next free "web-01-000001.vmdk" beside a disk's file.
FileId nextDelta(World& world, const FileId& file) {
  std::string stem = file.path.substr(0, file.path.rfind('.'));
  if (world.files.descriptor(file).parent && isNumbered(stem)) stem.resize(stem.size() - 7);
  for (int number = 1;; ++number) {
    FileId delta{file.datastore, fmt::format("{}-{:06}.vmdk", stem, number)};
    if (!world.files.exists(delta)) return delta;
  }
}

// The configuration with a new delta on each disk that takes part.
Value withDeltas(World& world, const Value& config) {
  std::vector<Value> devices = devicesOfConfig(config);
  std::vector<FileId> made;
  try {
    for (Value& device : devices) {
      if (!takesPartInSnapshots(device)) continue;
      const FileId parent = *diskFileOf(device);
      const FileId delta = nextDelta(world, parent);
      FileStore::NewDisk disk;
      disk.parent = parent;
      world.files.createDisk(delta, disk);
      made.push_back(delta);
      device = device.with("backing", backingFor(world, delta, device.at("backing")));
    }
  } catch (const Fault&) {
    for (const FileId& each : made) world.files.removeDisk(each);
    throw;
  }
  return config.with("hardware.device", list(std::move(devices)));
}

// ---- the objects of a tree

MoRef newSnapshotRef(World& world, const MoRef& vm, std::int32_t id) {
  if (world.serviceContent.at("about.apiType").string() == "HostAgent") {
    return {"VirtualMachineSnapshot", fmt::format("{}-snapshot-{}", vm.id, id)};
  }
  std::size_t number = std::max(world.inventory.size(), world.lastSnapshot) + 1;
  while (world.inventory.find(fmt::format("snapshot-{}", number))) ++number;
  world.lastSnapshot = number;
  return {"VirtualMachineSnapshot", fmt::format("snapshot-{}", number)};
}

// Which snapshots are whose children, in the objects of the tree and of the machine.
Value withSnapshotInfo(World& world, const Value& state, const Value& info) {
  eachSnapshot(snapshotRoots(info), [&](const Value& node, const Value&) {
    const std::string& id = node.at("snapshot").asRef()->id;
    if (world.inventory.find(id)) world.inventory.set(id, "childSnapshot", asRefs(snapshotChildren(node)));
  });
  return state.with("snapshot", info).with("rootSnapshot", asRefs(snapshotRoots(info)));
}

void takeLocksIfOn(World& world, const MoRef& vm) {
  const ManagedObject& machine = world.inventory.need(vm.id);
  if (poweredOn(machine)) takeLocks(world, vm, machine.state);
}

// ---- merging

void sayConsolidation(World& world, const MoRef& vm, bool before, bool after) {
  if (before == after) return;
  const std::string place = placeOf(world, vm);
  if (after) {
    postExtendedVmEvent(world, "com.vmware.vc.VmDiskConsolidationNeeded", "warning", vm,
                        fmt::format("Virtual machine {} disks consolidation is needed", place));
  } else {
    postExtendedVmEvent(world, "com.vmware.vc.VmDiskConsolidationNoLongerNeeded", "info", vm,
                        fmt::format("Virtual machine {} disks consolidation is no longer needed", place));
  }
}

// Merges what can be merged. Gives the state with the files as they are then, and what stopped it.
Value merged(World& world, const MoRef& vm, const Value& state, std::optional<Fault>& failed) {
  const std::vector<Merge> merges = mergesOf(world, state);
  if (merges.empty()) return state;
  const MergeOutcome outcome = runMerges(world, vm, merges);
  for (const MoRef& each : snapshotsOf(state)) {
    const Value& config = world.inventory.need(each.id).state.at("config");
    world.inventory.set(each.id, "config", withChains(world, config, outcome.replaced));
  }
  failed = outcome.failed;
  return state.with("config", withChains(world, state.at("config"), outcome.replaced));
}

void sayMerged(World& world, const MoRef& vm, const std::optional<Fault>& failed) {
  const std::string place = placeOf(world, vm);
  if (failed) {
    postExtendedVmEvent(
        world, "com.vmware.vc.VmDiskFailedToConsolidateEvent", "error", vm,
        fmt::format("Virtual machine {} disks consolidation failed: {}", place, failed->text()));
  } else {
    postExtendedVmEvent(world, "com.vmware.vc.VmDiskConsolidatedEvent", "info", vm,
                        fmt::format("Virtual machine {} disks consolidated successfully", place));
  }
}

// Stores the machine with what its chains say about consolidation.
void store(World& world, const MoRef& vm, Value state) {
  const bool* before = state.at("runtime.consolidationNeeded").asBool();
  const bool was = before && *before, is = !mergesOf(world, state).empty();
  state = state.with("runtime.consolidationNeeded", is);
  settle(world, vm, state);
  takeLocksIfOn(world, vm);
  sayConsolidation(world, vm, was, is);
}

Value frozenConfigOf(World& world, const MoRef& snapshot) {
  return world.inventory.need(snapshot.id).state.at("config");
}

// What a machine keeps of its own when it goes back to a snapshot's configuration.
Value revertedConfig(const Value& present, Value frozen) {
  for (const std::string_view kept : {"name", "uuid", "instanceUuid", "files", "changeVersion", "modified"}) {
    frozen = frozen.with(kept, present.at(kept));
  }
  return frozen;
}

}  // namespace

std::vector<MoRef> snapshotsOf(const Value& state) {
  return refsOfNodes(snapshotRoots(state.at("snapshot")));
}

Value snapshotNode(const Value& state, const MoRef& snapshot) {
  Value found;
  eachSnapshot(snapshotRoots(state.at("snapshot")), [&](const Value& node, const Value&) {
    if (*node.at("snapshot").asRef() == snapshot) found = node;
  });
  return found;
}

std::vector<MoRef> snapshotsBelow(const Value& state, const MoRef& snapshot) {
  const Value node = snapshotNode(state, snapshot);
  return node.isSet() ? refsOfNodes({node}) : std::vector<MoRef>{};
}

void needSnapshotPossible(World& world, const MoRef& vm, const SnapshotOrder& order) {
  const ManagedObject& machine = world.inventory.need(vm.id);
  needUsable(machine);
  world.questions.needNone(vm.id);
  const Value& config = machine.state.at("config");
  bool independent = false;
  for (const Value& device : devicesOfConfig(config)) {
    if (!isDisk(device)) continue;
    needCompatible(config, device);
    independent = independent || device.at("backing.diskMode").string().starts_with("independent");
    if (!takesPartInSnapshots(device)) continue;
    needOpenable(world, vm, config, device);
    if (world.files.chain(*diskFileOf(device)).size() >= longestChain) {
      throw makeFault("TooManySnapshotLevels", "Snapshot hierarchy is too deep.");
    }
  }
  if (order.memory && independent && poweredOn(machine)) {
    throw makeFault(
        "MemorySnapshotOnIndependentDisk",
        "Cannot take a memory snapshot, since the virtual machine is configured with independent disks.");
  }
}

MoRef createSnapshotNow(World& world, const MoRef& vm, const SnapshotOrder& order) {
  needSnapshotPossible(world, vm, order);
  const ManagedObject machine = world.inventory.need(vm.id);
  touchFiles(world, machine.state);
  const bool on = poweredOn(machine), memory = on && order.memory;
  const std::int32_t id = nextSnapshotId(world, machine.state);
  MoRef snapshot = newSnapshotRef(world, vm, id);
  const Value config = withDeltas(world, machine.state.at("config"));
  const bool tools = machine.state.at("guest.toolsRunningStatus").string() == "guestToolsRunning";
  const Value node =
      object("VirtualMachineSnapshotTree", {{"snapshot", snapshot},
                                            {"vm", vm},
                                            {"name", order.name},
                                            {"description", order.description},
                                            {"id", id},
                                            {"createTime", Value::dateTime(world.now())},
                                            {"state", memory ? "poweredOn" : "poweredOff"},
                                            {"quiesced", order.quiesce && on && tools && !memory},
                                            {"replaySupported", false}});
  world.inventory.add(snapshot, object("VirtualMachineSnapshot",
                                       {{"config", withChangeIds(world, machine.state.at("config"))},
                                        {"childSnapshot", std::vector<Value>{}},
                                        {"vm", vm}}));
  std::optional<MoRef> parent;
  if (const MoRef* current = machine.state.at("snapshot.currentSnapshot").asRef()) parent = *current;
  const Value info =
      withNewSnapshot(machine.state.at("snapshot"), parent, node).with("currentSnapshot", snapshot);
  const Value state = withSnapshotInfo(world, machine.state.with("config", config), info);
  writeSnapshotFiles(world, state, id, memory);
  writeSnapshotList(world, state, id);
  store(world, vm, state);
  return snapshot;
}

void standOn(World& world, const MoRef& vm, const MoRef& snapshot) {
  const ManagedObject machine = world.inventory.need(vm.id);
  touchFiles(world, machine.state);
  world.files.unlockAll(vm.id);
  const std::set<FileId> before = chainFiles(world, machine.state);
  Value state = machine.state.with(
      "config", revertedConfig(machine.state.at("config"), frozenConfigOf(world, snapshot)));
  removeOrphans(world, vm, before, state);
  state = state.with("config", withDeltas(world, state.at("config")));
  state = withSnapshotInfo(world, state, state.at("snapshot").with("currentSnapshot", snapshot));
  writeSnapshotList(world, state, 0);
  store(world, vm, state);
}

void revertNow(World& world, const MoRef& vm, const MoRef& snapshot, bool suppressPowerOn) {
  {
    const ManagedObject& machine = world.inventory.need(vm.id);
    needUsable(machine);
    world.questions.needNone(vm.id);
    touchFiles(world, machine.state);
  }
  const Value node = snapshotNode(world.inventory.need(vm.id).state, snapshot);
  if (!node.isSet()) throw objectNotFound(snapshot);
  const Value frozen = frozenConfigOf(world, snapshot);
  for (const Value& device : devicesOfConfig(frozen)) {
    if (takesPartInSnapshots(device)) needOpenable(world, vm, frozen, device);
  }
  if (world.inventory.need(vm.id).state.at("runtime.powerState").string() != "poweredOff") {
    powerEndNow(world, vm, PowerEnd::off);
    postVmEvent(world, "VmPoweredOffEvent", vm,
                fmt::format("Virtual machine {} is powered off", placeOf(world, vm)));
  }
  standOn(world, vm, snapshot);
  if (node.at("state").string() != "poweredOn") return;
  if (suppressPowerOn) {
    powerEndNow(world, vm, PowerEnd::suspended);
    return;
  }
  const std::vector<Fault> problems = powerOnProblems(world, vm, std::nullopt);
  if (!problems.empty()) throw Fault(problems.front());
  powerOnNow(world, vm, std::nullopt);
  postVmEvent(world, "VmPoweredOnEvent", vm,
              fmt::format("Virtual machine {} is powered on", placeOf(world, vm)));
}

void removeSnapshotsNow(World& world, const MoRef& vm, const std::vector<MoRef>& gone, bool consolidate) {
  const ManagedObject machine = world.inventory.need(vm.id);
  needUsable(machine);
  world.questions.needNone(vm.id);
  touchFiles(world, machine.state);
  const std::set<FileId> before = chainFiles(world, machine.state);
  for (const MoRef& each : gone) {
    const Value node = snapshotNode(machine.state, each);
    if (node.isSet())
      removeSnapshotFiles(world, machine.state, static_cast<std::int32_t>(*node.at("id").asInteger()));
  }
  Value state = withSnapshotInfo(world, machine.state, withoutSnapshots(machine.state.at("snapshot"), gone));
  for (const MoRef& each : gone) {
    if (world.inventory.find(each.id)) world.inventory.remove(each.id);
  }
  world.files.unlockAll(vm.id);
  removeOrphans(world, vm, before, state);
  std::optional<Fault> failed;
  const bool merges = consolidate && !mergesOf(world, state).empty();
  if (merges) state = merged(world, vm, state, failed);
  writeSnapshotList(world, state, 0);
  store(world, vm, state);
  if (failed) {
    sayMerged(world, vm, failed);
    throw Fault(*failed);
  }
}

void consolidateNow(World& world, const MoRef& vm) {
  const ManagedObject machine = world.inventory.need(vm.id);
  needUsable(machine);
  world.questions.needNone(vm.id);
  touchFiles(world, machine.state);
  if (mergesOf(world, machine.state).empty()) return;
  world.files.unlockAll(vm.id);
  std::optional<Fault> failed;
  store(world, vm, merged(world, vm, machine.state, failed));
  sayMerged(world, vm, failed);
  if (failed) throw Fault(*failed);
}

void renameSnapshotNow(World& world, const MoRef& vm, const MoRef& snapshot,
                       const std::optional<std::string>& name,
                       const std::optional<std::string>& description) {
  const ManagedObject machine = world.inventory.need(vm.id);
  const Value info = withSnapshotNode(machine.state.at("snapshot"), snapshot, [&](Value node) {
    if (name) node = node.with("name", *name);
    if (description) node = node.with("description", *description);
    return std::vector<Value>{node};
  });
  const Value state = machine.state.with("snapshot", info);
  touchFiles(world, state);
  writeSnapshotList(world, state, 0);
  settle(world, vm, state);
}

void keepSnapshots(World& world, const MoRef& vm) {
  const Value state = world.inventory.need(vm.id).state;
  if (!state.at("snapshot").isSet() || vmxPathOf(state).empty()) return;
  eachSnapshot(snapshotRoots(state.at("snapshot")), [&](const Value& node, const Value&) {
    writeFrozenConfig(world, state, static_cast<std::int32_t>(*node.at("id").asInteger()),
                      frozenConfigOf(world, *node.at("snapshot").asRef()));
  });
  writeSnapshotList(world, state, 0);
}

void recallSnapshots(World& world, const MoRef& vm) {
  Value state = world.inventory.need(vm.id).state;
  const Value kept = snapshotListIn(world, state);
  std::map<std::string, MoRef> now;  // by the id of the object that stood for it before
  Value info;
  eachSnapshot(snapshotRoots(kept), [&](const Value& node, const Value& above) {
    const auto id = static_cast<std::int32_t>(*node.at("id").asInteger());
    const Value frozen = frozenConfigIn(world, state, id);
    const std::string was = node.at("snapshot").asRef()->id;
    if (!frozen.isSet() || (above.isSet() && !now.contains(above.at("snapshot").asRef()->id))) return;
    const MoRef snapshot = newSnapshotRef(world, vm, id);
    now.emplace(was, snapshot);
    world.inventory.add(
        snapshot, object("VirtualMachineSnapshot", {{"config", rebased(world, frozen, vmxPathOf(state))},
                                                    {"childSnapshot", std::vector<Value>{}},
                                                    {"vm", vm}}));
    std::optional<MoRef> parent;
    if (above.isSet()) parent = now.at(above.at("snapshot").asRef()->id);
    const Value same = node.with("childSnapshotList", {}).with("snapshot", snapshot).with("vm", vm);
    info = withNewSnapshot(info, parent, same);
  });
  if (const MoRef* current = kept.at("currentSnapshot").asRef(); current && now.contains(current->id))
    info = info.with("currentSnapshot", now.at(current->id));
  if (info.isSet()) state = withSnapshotInfo(world, state, info);
  if (!info.isSet() && mergesOf(world, state).empty()) return;
  if (info.isSet()) writeSnapshotList(world, state, 0);
  store(world, vm, state);
}

}  // namespace failback::mock
