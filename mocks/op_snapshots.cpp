// SPDX-License-Identifier: GPL-2.0-or-later
// Snapshots of virtual machines: making, reverting to, removing, consolidating.
#include <array>

#include "mocks/operation_tables.h"
#include "mocks/vm_disks.h"
#include "mocks/vm_events.h"
#include "mocks/vm_merge.h"
#include "mocks/vm_model.h"
#include "mocks/vm_snapshots.h"

namespace failback::mock {

namespace {

constexpr std::size_t longestName = 80;

void needName(const std::string& name, const MoRef& vm) {
  if (!name.empty() && name.size() <= longestName) return;
  throw makeFault("InvalidName", "The name '" + name + "' is not valid.", {{"name", name}, {"entity", vm}});
}

void needNoTemplate(const ManagedObject& vm) {
  const bool* is = vm.state.at("config.template").asBool();
  if (is && *is) throw makeFault("NotSupported", "The operation is not supported on the object.");
}

// Moving bytes takes time: a task's time for each quarter of a GiB, and one for the rest.
std::chrono::milliseconds timeFor(const World& world, std::int64_t bytes) {
  constexpr std::int64_t portion = 256LL << 20;
  const auto usual = world.settings().tasks.duration;
  return usual + std::chrono::milliseconds(usual.count() * (bytes / portion) +
                                           usual.count() * (bytes % portion) / portion);
}

// The machine of a snapshot.
const ManagedObject& machineOf(const Operation& op) {
  const MoRef vm = *op.self.state.at("vm").asRef();
  const ManagedObject* found = op.scope.find(vm);
  if (!found) throw objectNotFound(vm);
  return *found;
}

Answer create(Operation& op, bool quiesce) {
  SnapshotOrder order{op.text("name"), op.text("description"), op.flag("memory"), quiesce};
  needName(order.name, op.self.ref);
  needNoTemplate(op.self);
  const auto memory = op.self.state.at("config.hardware.memoryMB").asInteger().value_or(0) << 20;
  Operation::Task task;
  task.descriptionId = "VirtualMachine.createSnapshot";
  task.duration = timeFor(op.world, order.memory && poweredOn(op.self) ? memory / 4 : 0);
  task.finish = [&world = op.world, vm = op.self.ref, user = op.session->user->name, order] {
    const ActingFor acting(world, user);
    return Value(createSnapshotNow(world, vm, order));
  };
  return op.start(std::move(task));
}

Answer createSnapshot(Operation& op) {
  return create(op, op.flag("quiesce"));
}

Answer createSnapshotEx(Operation& op) {
  return create(op, op.get("quiesceSpec").isSet());
}

Answer revert(Operation& op, const ManagedObject& vm, const MoRef& snapshot, std::string_view descriptionId) {
  if (op.ref("host")) (void)op.object("host", "HostSystem");
  op.need(vm.ref, "VirtualMachine.State.RevertToSnapshot");
  Operation::Task task;
  task.descriptionId = descriptionId;
  task.entity = vm.ref;
  task.finish = [&world = op.world, machine = vm.ref, snapshot, user = op.session->user->name,
                 suppress = op.flag("suppressPowerOn")] {
    const ActingFor acting(world, user);
    revertNow(world, machine, snapshot, suppress);
    return Value();
  };
  return op.start(std::move(task));
}

Answer revertToSnapshot(Operation& op) {
  return revert(op, machineOf(op), op.self.ref, "vm.Snapshot.revert");
}

Answer revertToCurrent(Operation& op) {
  const MoRef* current = op.self.state.at("snapshot.currentSnapshot").asRef();
  if (!current) throw makeFault("NotFound", "The virtual machine has no current snapshot.");
  return revert(op, op.self, *current, "VirtualMachine.revertToCurrentSnapshot");
}

Answer remove(Operation& op, const ManagedObject& vm, std::vector<MoRef> gone,
              std::string_view descriptionId) {
  const bool consolidate = op.flag("consolidate", true);
  op.need(vm.ref, "VirtualMachine.State.RemoveSnapshot");
  touchFiles(op.world, vm.state);
  Operation::Task task;
  task.descriptionId = descriptionId;
  task.entity = vm.ref;
  task.duration = timeFor(op.world, consolidate ? bytesOf(mergesOf(op.world, vm.state, gone)) : 0);
  task.finish = [&world = op.world, machine = vm.ref, user = op.session->user->name, gone = std::move(gone),
                 consolidate] {
    const ActingFor acting(world, user);
    removeSnapshotsNow(world, machine, gone, consolidate);
    return Value();
  };
  return op.start(std::move(task));
}

Answer removeSnapshot(Operation& op) {
  const ManagedObject& vm = machineOf(op);
  std::vector<MoRef> gone{op.self.ref};
  if (op.flag("removeChildren")) gone = snapshotsBelow(vm.state, op.self.ref);
  return remove(op, vm, std::move(gone), "vm.Snapshot.remove");
}

Answer removeAll(Operation& op) {
  return remove(op, op.self, snapshotsOf(op.self.state), "VirtualMachine.removeAllSnapshots");
}

Answer rename(Operation& op) {
  const ManagedObject& vm = machineOf(op);
  std::optional<std::string> name, description;
  if (op.get("name").isSet()) name = op.text("name");
  if (op.get("description").isSet()) description = op.text("description");
  if (name) needName(*name, vm.ref);
  op.world.tasks.needFree(vm.ref.id);
  renameSnapshotNow(op.world, vm.ref, op.self.ref, name, description);
  return {};
}

Answer consolidate(Operation& op) {
  touchFiles(op.world, op.self.state);
  Operation::Task task;
  task.descriptionId = "VirtualMachine.consolidateDisks";
  task.duration = timeFor(op.world, bytesOf(mergesOf(op.world, op.self.state)));
  task.finish = [&world = op.world, vm = op.self.ref, user = op.session->user->name] {
    const ActingFor acting(world, user);
    consolidateNow(world, vm);
    return Value();
  };
  return op.start(std::move(task));
}

// What a consolidation needs beside what is there: each delta may have to fit into its parent.
Answer estimate(Operation& op) {
  Operation::Task task;
  task.descriptionId = "VirtualMachine.estimateStorageRequirement";
  task.finish = [&world = op.world, vm = op.self.ref]() -> Value {
    const ManagedObject* machine = world.inventory.find(vm.id);
    if (!machine) throw objectNotFound(vm);
    touchFiles(world, machine->state);
    std::map<std::string, std::int64_t> bytes;
    for (const Merge& each : mergesOf(world, machine->state, snapshotsOf(machine->state)))
      bytes[each.parent.datastore] += each.bytes;
    std::vector<Value> needed;
    needed.reserve(bytes.size());
    for (const auto& [datastore, count] : bytes) {
      needed.push_back(object("StorageRequirement", {{"datastore", MoRef{"Datastore", datastore}},
                                                     {"freeSpaceRequiredInKb", count / 1024}}));
    }
    return list(std::move(needed), "StorageRequirement");
  };
  return op.start(std::move(task));
}

constexpr std::array<OperationEntry, 9> snapshotsEntries{
    {{"CreateSnapshot_Task", createSnapshot},
     {"CreateSnapshotEx_Task", createSnapshotEx},
     {"RevertToSnapshot_Task", revertToSnapshot},
     {"RevertToCurrentSnapshot_Task", revertToCurrent},
     {"RemoveSnapshot_Task", removeSnapshot},
     {"RemoveAllSnapshots_Task", removeAll},
     {"RenameSnapshot", rename},
     {"ConsolidateVMDisks_Task", consolidate},
     {"EstimateStorageForConsolidateSnapshots_Task", estimate}}};

}  // namespace

std::span<const OperationEntry> snapshotOperations() {
  return snapshotsEntries;
}

}  // namespace failback::mock
