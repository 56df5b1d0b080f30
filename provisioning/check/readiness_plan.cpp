// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "discovery/glob.h"
#include "discovery/master_target.h"
#include "provisioning/check/readiness.h"
#include "provisioning/plan/plan_forms.h"
#include "provisioning/plan/plan_source.h"

namespace failback::provisioning {
namespace {

using vsphere::VirtualMachine;

bool isCalled(const VirtualMachine& vm, const std::string& text) {
  if (vm.name == text || vm.inventoryPath == text) return true;
  if (vm.instanceUuid && hasForm(lower(text), Form::uuid) && vsphere::sameUuid(*vm.instanceUuid, text))
    return true;
  return discovery::matchesGlob(text, text.starts_with('/') ? vm.inventoryPath : vm.name);
}

class Maker {
 public:
  Maker(const ReadinessWish& wish, const discovery::Inventory& inventory)
      : wish_(wish), inventory_(inventory) {}

  ReadinessPlan make() {
    Plan& plan = result_.plan;
    plan.id = wish_.id;
    plan.made = wish_.made;
    plan.vcenter.instanceUuid = lower(inventory_.vcenter.about.instanceUuid);
    // A host of its own has no instance UUID; its hardware has one.
    const auto& hosts = inventory_.all<vsphere::Host>();
    if (plan.vcenter.instanceUuid.empty() && hosts.size() == 1)
      plan.vcenter.instanceUuid = lower(hosts.front().uuid.value_or(""));
    for (const OsFamily family : {OsFamily::linux, OsFamily::windows}) masterTarget(family);
    for (const VirtualMachine* vm : machines()) machine(*vm);
    return std::move(result_);
  }

 private:
  static std::string place(const VirtualMachine& vm) {
    return vm.inventoryPath.empty() ? vm.name : vm.inventoryPath;
  }

  static bool isOf(const VirtualMachine& vm, OsFamily family) {
    return discovery::osFamilyOf(vm) ==
           (family == OsFamily::windows ? discovery::OsFamily::windows : discovery::OsFamily::linux);
  }

  // Those named; else the one with the most free slots of all that could be one.
  const VirtualMachine* choose(OsFamily family) {
    const VirtualMachine* best = nullptr;
    for (const VirtualMachine& vm : inventory_.all<VirtualMachine>()) {
      if (!isOf(vm, family)) continue;
      if (!wish_.masterTargets.empty()) {
        const auto named = std::any_of(wish_.masterTargets.begin(), wish_.masterTargets.end(),
                                       [&](const std::string& each) { return isCalled(vm, each); });
        if (!named) continue;
      } else if (discovery::judgeMasterTarget(vm, inventory_).candidate != discovery::Candidate::yes) {
        continue;
      }
      if (best == nullptr || discovery::slotsOf(vm).free > discovery::slotsOf(*best).free) best = &vm;
    }
    return best;
  }

  void masterTarget(OsFamily family) {
    const bool windows = family == OsFamily::windows;
    MasterTarget& target = result_.plan.masterTargets.emplace_back();
    target.name = windows ? "for Windows (none)" : "for Linux (none)";
    target.retention.path = windows ? "R:" : "/mnt/retention/";
    const VirtualMachine* vm = choose(family);
    if (vm == nullptr) return;
    target.name = vm->name;
    target.instanceUuid = lower(vm->instanceUuid.value_or(""));
    targets_.insert(vm);
  }

  std::vector<const VirtualMachine*> machines() {
    std::vector<const VirtualMachine*> chosen;
    std::set<const VirtualMachine*> known;
    const auto take = [&](const VirtualMachine& vm) {
      if (!vm.isTemplate.value_or(false) && !targets_.contains(&vm) && known.insert(&vm).second)
        chosen.push_back(&vm);
    };
    if (wish_.all) {
      for (const VirtualMachine& vm : inventory_.all<VirtualMachine>()) take(vm);
      return chosen;
    }
    for (const std::string& text : wish_.machines) {
      bool found = false;
      for (const VirtualMachine& vm : inventory_.all<VirtualMachine>()) {
        if (!isCalled(vm, text)) continue;
        found = true;
        take(vm);
      }
      if (!found) result_.problems.push_back(fmt::format("there is no virtual machine {}", text));
    }
    return chosen;
  }

  void machine(const VirtualMachine& vm) {
    SourceReading reading = sourceOf(vm, inventory_);
    if (!reading.missing.empty()) {
      result_.leftOut.emplace_back(place(vm), fmt::format("not known: {}", fmt::join(reading.missing, ", ")));
      return;
    }
    Machine& machine = result_.plan.machines.emplace_back();
    machine.id = vm.ref.value;
    machine.source = std::move(reading.source);
    const bool windows = machine.source.osFamily == OsFamily::windows;
    machine.masterTarget = result_.plan.masterTargets[windows ? 1 : 0].name;
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
  ReadinessPlan result_;
  std::set<const VirtualMachine*> targets_;
};

}  // namespace

ReadinessPlan planForReadiness(const ReadinessWish& wish, const discovery::Inventory& inventory) {
  return Maker(wish, inventory).make();
}

}  // namespace failback::provisioning
