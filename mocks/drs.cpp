// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/drs.h"

#include "mocks/cluster_config.h"
#include "mocks/entity_tools.h"
#include "mocks/vm_lifecycle.h"
#include "mocks/vm_model.h"
#include "mocks/vm_relocate.h"

namespace failback::mock {

namespace {

bool storageDrsMoves(const World& world, const MoRef& pod, const MoRef& vm) {
  const Value& config = world.inventory.need(pod.id).state.at("podStorageDrsEntry.storageDrsConfig");
  const bool* enabled = config.at("podConfig.enabled").asBool();
  if (!enabled || !*enabled) return false;
  std::string_view behavior = config.at("podConfig.defaultVmBehavior").string();
  const List* overrides = config.at("vmConfig").asList();
  for (const Value& each : overrides ? overrides->items : std::vector<Value>{}) {
    const MoRef* about = each.at("vm").asRef();
    if (!about || *about != vm) continue;
    if (const bool* moves = each.at("enabled").asBool(); moves && !*moves) return false;
    if (each.at("behavior").isSet()) behavior = each.at("behavior").string();
  }
  return behavior == "automated";
}

}  // namespace

bool drsMove(World& world, const MoRef& vm, const MoRef& host) {
  const MoRef was = *world.inventory.need(vm.id).state.at("runtime.host").asRef();
  const MoRef cluster = computeResourceOf(world, was);
  if (computeResourceOf(world, host) != cluster || !poweredOn(world.inventory.need(vm.id))) return false;
  if (world.tasks.busy(vm.id) || was == host || !drsMoves(world, cluster, vm)) return false;
  const Value spec = object("VirtualMachineRelocateSpec", {{"host", host}});
  announceRelocation(world, vm, spec);
  relocate(world, vm, spec, "DrsVmMigratedEvent");
  return true;
}

bool storageDrsMove(World& world, const MoRef& vm, const MoRef& datastore) {
  const auto pod = parentOf(world, datastore);
  const MoRef home{"Datastore", homeOf(world, world.inventory.need(vm.id).state).datastore};
  if (!pod || pod->type != "StoragePod" || parentOf(world, home) != pod || home == datastore) return false;
  if (world.tasks.busy(vm.id) || !storageDrsMoves(world, *pod, vm)) return false;
  const Value spec = object("VirtualMachineRelocateSpec", {{"datastore", datastore}});
  announceRelocation(world, vm, spec);
  relocate(world, vm, spec);
  return true;
}

}  // namespace failback::mock
