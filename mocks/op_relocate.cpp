// SPDX-License-Identifier: GPL-2.0-or-later
// RelocateVM_Task and MigrateVM_Task.
#include <array>

#include "mocks/fault.h"
#include "mocks/operation_tables.h"
#include "mocks/vm_model.h"
#include "mocks/vm_relocate.h"

namespace failback::mock {

namespace {

Answer startMove(Operation& op, const Value& spec, std::string_view descriptionId) {
  // Whatever is wrong is the task's to say: then it takes no time.
  std::int64_t bytes = 0;
  try {
    bytes = relocatedBytes(op.world, op.self.ref, spec);
    announceRelocation(op.world, op.self.ref, spec);
  } catch (const Fault&) {
    bytes = 0;
  }
  return op.start({.descriptionId = descriptionId,
                   .finish =
                       [&world = op.world, vm = op.self.ref, spec] {
                         relocate(world, vm, spec);
                         return Value();
                       },
                   .cancelable = true,
                   .duration = timeFor(op.world, bytes),
                   .failed = [&world = op.world, vm = op.self.ref,
                              spec](const Fault& why) { sayNotMoved(world, vm, spec, why); }});
}

void needMayMove(const Operation& op, const Value& spec) {
  op.need(op.self.ref, poweredOn(op.self) ? "Resource.HotMigrate" : "Resource.ColdMigrate");
  if (const MoRef* pool = spec.at("pool").asRef()) op.need(*pool, "Resource.AssignVMToPool");
  if (const MoRef* store = spec.at("datastore").asRef()) op.need(*store, "Datastore.AllocateSpace");
  const List* disks = spec.at("disk").asList();
  for (const Value& each : disks ? disks->items : std::vector<Value>{}) {
    op.need(*each.at("datastore").asRef(), "Datastore.AllocateSpace");
  }
}

Answer relocateMachine(Operation& op) {
  const Value& spec = op.get("spec");
  for (const std::string_view member : {"service", "cryptoSpec", "deviceChange"}) {
    if (spec.at(member).isSet()) {
      throw notSupported("mock-vcenter does not model 'spec." + std::string(member) + "' of a relocation.");
    }
  }
  for (const auto& [member, type] : {std::pair("pool", "ResourcePool"), std::pair("host", "HostSystem"),
                                     std::pair("datastore", "Datastore"), std::pair("folder", "Folder")}) {
    const MoRef* ref = spec.at(member).asRef();
    const ManagedObject* found = ref ? op.scope.find(*ref) : nullptr;
    if (ref && (!found || !op.scope.sees(ref->id))) throw objectNotFound(*ref);
    if (ref && !found->type().isA(type)) throw invalidArgument("spec." + std::string(member));
  }
  needMayMove(op, spec);
  return startMove(op, spec, "VirtualMachine.relocate");
}

Answer migrate(Operation& op) {
  if (op.get("state").isSet()) needPowerState(op.self, op.get("state").string());
  if (!op.get("host").isSet() && !op.get("pool").isSet()) throw invalidArgument("host");
  const Value pool = op.get("pool").isSet() ? Value(op.object("pool", "ResourcePool").ref) : Value();
  const Value host = op.get("host").isSet() ? Value(op.object("host", "HostSystem").ref) : Value();
  const Value spec = object("VirtualMachineRelocateSpec", {{"pool", pool}, {"host", host}});
  needMayMove(op, spec);
  return startMove(op, spec, "VirtualMachine.migrate");
}

constexpr std::array<OperationEntry, 2> relocateEntries{{
    {"RelocateVM_Task", relocateMachine},
    {"MigrateVM_Task", migrate},
}};

}  // namespace

std::span<const OperationEntry> relocateOperations() {
  return relocateEntries;
}

}  // namespace failback::mock
