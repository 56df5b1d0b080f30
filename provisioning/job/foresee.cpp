// SPDX-License-Identifier: GPL-2.0-or-later
// What a reprotect would do: the same decisions, made on a world in which each step is taken to succeed.
#include <fmt/format.h>

#include <algorithm>

#include "provisioning/check/creation.h"
#include "provisioning/job/job.h"
#include "provisioning/job/steps_parts.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {
namespace {

using vsphere::VirtualMachine;

// The VM that creation makes: what the next decisions look at.
VirtualMachine newVmOf(const Creation& creation) {
  VirtualMachine vm;
  vm.name = creation.vm.name;
  vm.instanceUuid = creation.vm.instanceUuid;
  vm.powerState = "poweredOff";
  vm.extraConfig = creation.vm.change.options;
  vm.datastores = {creation.datastore->ref};
  for (const vsphere::CreatedDisk& each : creation.vm.change.createdDisks) {
    vsphere::Disk& disk = vm.disks.emplace_back();
    disk.uuid = each.uuid;
    disk.capacityBytes = each.capacityBytes;
    // The server names the file.
    disk.chain = {{each.file, each.datastore, each.uuid, {}, {}, {}, {}}};
  }
  return vm;
}

class Foresight {
 public:
  Foresight(const World& world, std::map<std::string, std::vector<Slot>> slots)
      : world_(world), slots_(std::move(slots)) {}

  std::vector<ForeseenStep> look() {
    for (const MachineView& machine : world_.machines()) {
      if (machine.target != nullptr && machine.target->vm != nullptr) follow(machine);
    }
    return std::move(steps_);
  }

 private:
  void follow(const MachineView& machine) {
    const VirtualMachine* present = machine.vm != nullptr ? machine.vm : machine.made;
    std::optional<VirtualMachine> home;
    if (present != nullptr) home = *present;
    VirtualMachine target = *machine.target->vm;
    target.changeVersion.reset();
    MachineState state;
    state.plan = &world_.plan();
    state.machine = machine.plan;
    state.target = &target;
    state.created = machine.made != nullptr;
    state.slots = slots_.at(machine.plan->id);
    state.sameFile = [&](const std::string& a, const VirtualMachine& vmA, const std::string& b,
                         const VirtualMachine& vmB) { return world_.sameFile(a, vmA, b, vmB); };
    constexpr int most = 10;
    for (int i = 0; i < most; ++i) {
      state.home = home ? &*home : nullptr;
      const Step step = nextOfReprotect(state);
      if (step.kind == StepKind::nothing) return;
      steps_.push_back({machine.plan->source.name, step, std::nullopt});
      if (step.kind == StepKind::stop || step.kind == StepKind::attach) return;
      if (step.kind != StepKind::create) {
        steps::pretend(step, *home);
        continue;
      }
      const auto creation = creationOf(world_, machine);
      if (!creation) return;
      if (const VirtualMachine* other = renamedForNew(world_, machine)) {
        Step rename;
        rename.kind = StepKind::rename;
        rename.object = other->ref;
        rename.summary = fmt::format("rename {} to {}", other->name, machine.plan->home.newName);
        steps_.insert(steps_.end() - 1, {machine.plan->source.name, rename, std::nullopt});
      }
      steps_.back().newVm = creation->vm;
      home = newVmOf(*creation);
      state.created = true;
    }
  }

  const World& world_;
  std::map<std::string, std::vector<Slot>> slots_;
  std::vector<ForeseenStep> steps_;
};

}  // namespace

std::vector<ForeseenStep> foreseeReprotect(const World& world, Store* store) {
  const auto job = store != nullptr ? openJobOf(*store, world.plan().id) : std::nullopt;
  return Foresight(world, slotsOf(world, job ? &*job : nullptr)).look();
}

}  // namespace failback::provisioning
