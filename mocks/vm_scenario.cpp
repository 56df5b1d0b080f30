// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_scenario.h"

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

}  // namespace

void setUpMachines(World& world) {
  world.vmSpecs.each([&world](const std::string& id, const VmSpec& spec) {
    if (growsSnapshots(spec)) Growing(world, world.inventory.need(id).ref).grow(spec);
  });
  askFromTheStart(world);
}

}  // namespace failback::mock
