// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_scenario.h"

#include "mocks/vm_power.h"
#include "mocks/vm_snapshots.h"

namespace failback::mock {

namespace {

// Makes a snapshot where the machine stands, and those below it. It stands on the last one made in the end.
void grow(World& world, const MoRef& vm, const SnapshotSpec& spec) {
  const MoRef made = createSnapshotNow(world, vm, {spec.name, spec.description, false, spec.quiesced});
  for (std::size_t i = 0; i < spec.children.size(); ++i) {
    if (i > 0) standOn(world, vm, made);
    grow(world, vm, spec.children[i]);
  }
}

}  // namespace

void setUpMachines(World& world) {
  for (const auto& [id, spec] : world.vmSpecs) {
    if (!hasBranches(spec)) continue;
    const MoRef vm = world.inventory.need(id).ref;
    for (const SnapshotSpec& each : spec.snapshots) grow(world, vm, each);
  }
  askFromTheStart(world);
}

}  // namespace failback::mock
