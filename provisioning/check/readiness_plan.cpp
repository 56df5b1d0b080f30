// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "provisioning/check/readiness.h"
#include "provisioning/check/readiness_targets.h"
#include "provisioning/plan/naming.h"
#include "provisioning/plan/plan_source.h"

namespace failback::provisioning {
namespace {

using vsphere::VirtualMachine;
using Vms = ReadinessTargets::Vms;

class Maker {
 public:
  Maker(const ReadinessWish& wish, const Facts& facts)
      : wish_(wish), inventory_(facts.inventory), targets_(facts) {}

  ReadinessPlan make() {
    Plan& plan = result_.plan;
    plan.id = wish_.id;
    plan.made = wish_.made;
    plan.vcenter.instanceUuid = identityOf(inventory_).uuid;
    const Vms machines = wish_.all ? all() : withoutTemplates(named(wish_.machines));
    if (wish_.masterTargets.empty())
      targets_.choose(machines, wish_.all);
    else
      targets_.choose(named(wish_.masterTargets));
    for (const OsFamily family : {OsFamily::linux, OsFamily::windows}) {
      for (const VirtualMachine* vm : targets_.serving(family)) masterTarget(*vm, family);
    }
    for (const VirtualMachine* vm : machines) machine(*vm);
    return std::move(result_);
  }

 private:
  static std::string place(const VirtualMachine& vm) {
    return vm.inventoryPath.empty() ? vm.name : vm.inventoryPath;
  }

  Vms all() const {
    Vms chosen;
    for (const VirtualMachine& vm : inventory_.all<VirtualMachine>()) {
      if (!vm.isTemplate.value_or(false)) chosen.push_back(&vm);
    }
    return chosen;
  }

  Vms named(const std::vector<std::string>& names) {
    Vms chosen;
    std::set<const VirtualMachine*> known;
    for (const std::string& text : names) {
      const Vms found = calledBy<VirtualMachine>(inventory_, text);
      if (found.empty()) result_.problems.push_back(fmt::format("there is no virtual machine {}", text));
      for (const VirtualMachine* vm : found) {
        if (known.insert(vm).second) chosen.push_back(vm);
      }
    }
    return chosen;
  }

  Vms withoutTemplates(Vms vms) {
    std::erase_if(vms, [&](const VirtualMachine* vm) {
      if (!vm->isTemplate.value_or(false)) return false;
      result_.leftOut.emplace_back(place(*vm), "it is a template");
      return true;
    });
    return vms;
  }

  MasterTarget& added(std::string name, OsFamily family) {
    MasterTarget& target = result_.plan.masterTargets.emplace_back();
    target.name = std::move(name);
    target.retention.path = family == OsFamily::windows ? "R:" : "/mnt/retention/";
    return target;
  }

  // Machines find theirs by its name.
  void masterTarget(const VirtualMachine& vm, OsFamily family) {
    const bool fresh = targetNames_.emplace(lower(vm.name)).second;
    MasterTarget& target = added(fresh ? vm.name : fmt::format("{} ({})", vm.name, vm.ref.value), family);
    target.instanceUuid = lower(vm.instanceUuid.value_or(""));
    target.biosUuid = lower(vm.biosUuid.value_or(""));
    nameOf_[&vm] = target.name;
  }

  std::string targetFor(const VirtualMachine& vm, OsFamily family) {
    if (const VirtualMachine* target = targets_.of(vm); target != nullptr) return nameOf_[target];
    const std::string none = family == OsFamily::windows ? "for Windows (none)" : "for Linux (none)";
    if (targetNames_.insert(none).second) added(none, family);
    return none;
  }

  void machine(const VirtualMachine& vm) {
    if (targets_.serves(vm)) {
      // Nobody who asks about all machines means those.
      if (!wish_.all)
        result_.leftOut.emplace_back(place(vm), "it is the master target that machines are judged with");
      return;
    }
    SourceReading reading = sourceOf(vm, inventory_);
    if (!reading.missing.empty()) {
      result_.leftOut.emplace_back(place(vm), fmt::format("not known: {}", fmt::join(reading.missing, ", ")));
      return;
    }
    Machine& machine = result_.plan.machines.emplace_back();
    // What findings call it.
    machine.id = ids_.insert(vm.name).second ? vm.name : fmt::format("{} ({})", vm.name, vm.ref.value);
    machine.source = std::move(reading.source);
    machine.masterTarget = targetFor(vm, machine.source.osFamily);
    machine.consents = {true, true, true, true};
    if (const auto* folder = inventory_.find<vsphere::Folder>(vm.parent))
      machine.home.folder = folder->inventoryPath;
    for (const vsphere::Moref& each : vm.datastores) {
      const auto* datastore = inventory_.find<vsphere::Datastore>(each);
      if (datastore != nullptr && machine.home.datastore.empty()) machine.home.datastore = datastore->name;
    }
    if (machine.home.datastore.empty()) machine.home.datastore = "the datastore of " + vm.name;
  }

  const ReadinessWish& wish_;
  const discovery::Inventory& inventory_;
  ReadinessTargets targets_;
  ReadinessPlan result_;
  std::set<std::string> targetNames_, ids_;
  std::unordered_map<const VirtualMachine*, std::string> nameOf_;
};

}  // namespace

ReadinessPlan planForReadiness(const ReadinessWish& wish, const Facts& facts) {
  return Maker(wish, facts).make();
}

}  // namespace failback::provisioning
