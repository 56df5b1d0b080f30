// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_scenario.h"

#include <map>

#include "mocks/entity_tools.h"
#include "mocks/vm_power.h"
#include "mocks/vm_snapshots.h"

namespace failback::mock {

namespace {

class Growing {
 public:
  Growing(World& world, MoRef vm) : world_(world), vm_(std::move(vm)) {}

  // The machine stands on the last one made in the end, or on the one that says so.
  void grow(const VmSpec& spec) {
    for (const SnapshotSpec& each : spec.snapshots) grow(each);
    if (current_) standOn(world_, vm_, *current_);
  }

 private:
  // Makes a snapshot where the machine stands, and those below it.
  void grow(const SnapshotSpec& spec) {
    const MoRef made = createSnapshotNow(world_, vm_, {spec.name, spec.description, false, spec.quiesced});
    if (spec.current) current_ = made;
    for (std::size_t i = 0; i < spec.children.size(); ++i) {
      if (i > 0) standOn(world_, vm_, made);
      grow(spec.children[i]);
    }
  }

  World& world_;
  MoRef vm_;
  std::optional<MoRef> current_;
};

using Bytes = std::map<std::string, std::int64_t>;  // by datastore

Bytes usedByGrowing(World& world) {
  Bytes used;
  world.vmSpecs.each([&](const std::string& id, const VmSpec& spec) {
    if (!growsSnapshots(spec)) return;
    for (const MoRef& each : refsOfList(world.inventory.need(id).state.at("datastore")))
      used[each.id] = world.files.used(each.id);
  });
  return used;
}

// The free space that a site states is with the deltas of its trees: what these took is given back.
void keepFreeSpace(World& world, const Bytes& before, const Bytes& stated) {
  for (const auto& [id, bytes] : before) world.files.countedBefore(id, world.files.used(id) - bytes);
  for (const auto& [id, free] : stated) {
    world.inventory.set(id, "summary.freeSpace", free);
    world.inventory.set(id, "info.freeSpace", free);
  }
}

}  // namespace

void setUpMachines(World& world) {
  const Bytes before = usedByGrowing(world);
  Bytes stated;
  for (const auto& [id, bytes] : before)
    stated[id] = world.inventory.need(id).state.at("summary.freeSpace").asInteger().value_or(0);
  world.vmSpecs.each([&world](const std::string& id, const VmSpec& spec) {
    if (growsSnapshots(spec)) Growing(world, world.inventory.need(id).ref).grow(spec);
  });
  keepFreeSpace(world, before, stated);
  askFromTheStart(world);
}

}  // namespace failback::mock
