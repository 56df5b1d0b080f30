// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/drs.h"

#include <fmt/format.h>

#include <algorithm>

#include "mocks/cluster_config.h"
#include "mocks/entity_tools.h"
#include "mocks/vm_disks.h"
#include "mocks/vm_events.h"
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

// Templates stay where they are, and so does who has an independent disk.
bool storageMovable(const Value& state) {
  const bool* isTemplate = state.at("config.template").asBool();
  if (isTemplate && *isTemplate) return false;
  const std::vector<Value> devices = devicesOfConfig(state.at("config"));
  return std::none_of(devices.begin(), devices.end(), [](const Value& device) {
    return isDisk(device) && diskFileOf(device) && !takesPartInSnapshots(device);
  });
}

// Locators of the disks that lie outside of the datastore cluster.
Value staying(const World& world, const Value& state, const MoRef& pod) {
  std::vector<Value> locators;
  for (const Value& device : devicesOfConfig(state.at("config"))) {
    const auto file = isDisk(device) ? diskFileOf(device) : std::nullopt;
    if (!file) continue;
    const MoRef datastore{"Datastore", file->datastore};
    if (parentOf(world, datastore) == pod) continue;
    locators.push_back(object("VirtualMachineRelocateSpecDiskLocator",
                              {{"diskId", device.at("key")}, {"datastore", datastore}}));
  }
  return locators.empty() ? Value() : list(std::move(locators));
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
  const Value state = world.inventory.need(vm.id).state;
  const MoRef home{"Datastore", homeOf(world, state).datastore};
  if (!pod || pod->type != "StoragePod" || parentOf(world, home) != pod || home == datastore) return false;
  if (world.tasks.busy(vm.id) || !storageDrsMoves(world, *pod, vm) || !storageMovable(state)) return false;
  const Value spec =
      object("VirtualMachineRelocateSpec", {{"datastore", datastore}, {"disk", staying(world, state, *pod)}});
  announceRelocation(world, vm, spec);
  relocate(world, vm, spec);
  postExtendedVmEvent(
      world, "com.vmware.vc.sdrs.StorageDrsStorageMigrationEvent", "info", vm,
      fmt::format("Storage DRS migrated disks of VM {} to datastore {}", state.at("name").string(),
                  world.inventory.need(datastore.id).state.at("name").string()));
  return true;
}

}  // namespace failback::mock
