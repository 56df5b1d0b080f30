// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/plan/plan_init.h"
#include "provisioning/plan/plan_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "discovery/inventory_path.h"
#include "discovery/master_target.h"
#include "discovery/nearest.h"
#include "provisioning/plan/naming.h"
#include "provisioning/plan/plan_document.h"
#include "provisioning/plan/plan_forms.h"
#include "provisioning/plan/plan_source.h"
#include "vsphere/error.h"

namespace failback::provisioning {

namespace {

using vsphere::Datastore;
using vsphere::VirtualMachine;

template <class T>
std::string notThere(const discovery::Inventory& inventory, std::string_view what, const std::string& text) {
  std::vector<std::string> names;
  for (const T& each : inventory.all<T>()) names.push_back(each.name);
  return fmt::format("there is no {} {}{}", what, text, discovery::didYouMean(text, names));
}

template <class T>
std::string severalThere(const std::vector<const T*>& found, std::string_view what, const std::string& text) {
  std::string all;
  for (const T* each : found)
    all += fmt::format("{}{} ({})", all.empty() ? "" : ", ", each->inventoryPath, each->ref.value);
  return fmt::format("{} {} are called {}: {}; name one by its inventory path", found.size(), what, text,
                     all);
}

std::string pathOr(const VirtualMachine& vm) {
  return vm.inventoryPath.empty() ? vm.name : vm.inventoryPath;
}

class Maker {
 public:
  Maker(const PlanWish& wish, const discovery::Inventory& inventory) : wish_(wish), inventory_(inventory) {}

  PlanProposal make() && {
    plan_.id = wish_.id;
    plan_.made = wish_.made;
    server();
    const VirtualMachine* target = masterTarget();
    const Datastore* datastore = target == nullptr ? nullptr : home(*target);
    std::vector<const VirtualMachine*> chosen = machines(target);
    for (const VirtualMachine* each : chosen) machine(*each, target, datastore);
    complain();
    facts(*target, *datastore, chosen);
    provePlan();
    return std::move(proposal_);
  }

 private:
  void problem(std::string text) { problems_.push_back(std::move(text)); }
  void remark(std::string text) { proposal_.remarks.push_back(std::move(text)); }

  void complain() const {
    if (problems_.empty()) return;
    vsphere::Error error;
    error.category = vsphere::Category::usage;
    error.text = "no plan can be made of this";
    error.remedy = "failback discover shows what is there; docs/plan.md tells how machines are named";
    for (const std::string& each : problems_) {
      vsphere::Error cause;
      cause.category = vsphere::Category::usage;
      cause.text = each;
      error.causes.push_back(std::move(cause));
    }
    throw vsphere::Failure(std::move(error));
  }

  void server() {
    plan_.vcenter.url = inventory_.vcenter.url;
    plan_.vcenter.instanceUuid = identityOf(inventory_).uuid;
    if (!hasForm(plan_.vcenter.instanceUuid, Form::uuid))
      problem(fmt::format("{} does not say which server it is (about.instanceUuid)", inventory_.vcenter.url));
    if (inventory_.depth == vsphere::Depth::thin)
      problem("the dump was made with --thin: it holds no disks; make one without");
  }

  const VirtualMachine* masterTarget() {
    const auto found = calledBy<VirtualMachine>(inventory_, wish_.masterTarget);
    if (found.size() != 1) {
      problem(found.empty() ? notThere<VirtualMachine>(inventory_, "master target", wish_.masterTarget)
                            : severalThere(found, "virtual machines", wish_.masterTarget));
      return nullptr;
    }
    const VirtualMachine& vm = *found.front();
    MasterTarget& target = plan_.masterTargets.emplace_back();
    target.name = vm.name;
    target.instanceUuid = lower(vm.instanceUuid.value_or(""));
    if (const std::string bios = lower(vm.biosUuid.value_or("")); hasForm(bios, Form::uuid))
      target.biosUuid = bios;
    if (!hasForm(target.instanceUuid, Form::uuid))
      problem(fmt::format("the instance UUID of the master target {} could not be read", pathOr(vm)));
    const bool windows = discovery::osFamilyOf(vm) == discovery::OsFamily::windows;
    target.retention.path = windows ? "R:" : "/mnt/retention/";
    judge(vm);
    return &vm;
  }

  void judge(const VirtualMachine& vm) {
    for (const discovery::Fact& each : discovery::judgeMasterTarget(vm, inventory_).facts) {
      if (each.verdict == discovery::Verdict::ok || each.verdict == discovery::Verdict::warn) continue;
      remark(fmt::format("{} as a master target: {} {}: {}", vm.name, each.rule,
                         each.verdict == discovery::Verdict::fail ? "stands in the way" : "is not known",
                         each.value));
    }
  }

  const Datastore* home(const VirtualMachine& target) {
    auto found = calledBy<Datastore>(inventory_, wish_.datastore);
    const auto* host = inventory_.find<vsphere::Host>(target.host);
    const auto mounted = [&](const Datastore* each) {
      return host != nullptr &&
             std::find(host->datastores.begin(), host->datastores.end(), each->ref) != host->datastores.end();
    };
    if (found.size() > 1) {
      // Datacenters may each have one of that name; the host of the master target has one of them at most.
      if (std::count_if(found.begin(), found.end(), mounted) == 1)
        found = {*std::find_if(found.begin(), found.end(), mounted)};
    }
    if (found.size() != 1) {
      const auto pods = calledBy<vsphere::StoragePod>(inventory_, wish_.datastore);
      if (found.empty() && !pods.empty()) {
        problem(fmt::format("{} is a datastore cluster; name one of its datastores: {}", wish_.datastore,
                            fmt::join(membersOf(*pods.front()), ", ")));
      } else {
        problem(found.empty() ? notThere<Datastore>(inventory_, "datastore", wish_.datastore)
                              : severalThere(found, "datastores", wish_.datastore));
      }
      return nullptr;
    }
    if (!mounted(found.front()))
      remark(fmt::format("{} does not mount the datastore {}, or this account can't see it (NEW-DATASTORE)",
                         host == nullptr ? "the master target's host" : host->name, found.front()->name));
    return found.front();
  }

  std::vector<std::string> membersOf(const vsphere::StoragePod& pod) const {
    std::vector<std::string> names;
    for (const vsphere::Moref& each : pod.datastores) {
      if (const auto* datastore = inventory_.find<Datastore>(each)) names.push_back(datastore->name);
    }
    return names;
  }

  std::vector<const VirtualMachine*> machines(const VirtualMachine* target) {
    std::vector<const VirtualMachine*> chosen;
    for (const std::string& text : wish_.machines) {
      auto found = calledBy<VirtualMachine>(inventory_, text);
      if (found.empty()) problem(notThere<VirtualMachine>(inventory_, "virtual machine", text));
      const bool pattern = isPattern(text) && !(found.size() == 1 && isCalled(*found.front(), text));
      if (!pattern && found.size() > 1) {
        problem(severalThere(found, "virtual machines", text));
        continue;
      }
      for (const VirtualMachine* each : found) {
        if (std::find(chosen.begin(), chosen.end(), each) != chosen.end()) continue;
        if (usable(*each, target, pattern)) chosen.push_back(each);
      }
    }
    if (chosen.empty() && problems_.empty()) problem("no virtual machine is left to come home");
    return chosen;
  }

  // What a pattern happened to catch is left out; what was named is an error.
  bool usable(const VirtualMachine& vm, const VirtualMachine* target, bool pattern) {
    std::string why;
    if (&vm == target) why = "is the master target itself";
    if (vm.isTemplate.value_or(false)) why = "is a template";
    if (why.empty()) return true;
    if (pattern) {
      remark(fmt::format("{} {}: left out", pathOr(vm), why));
    } else {
      problem(fmt::format("{} {}", pathOr(vm), why));
    }
    return false;
  }

  void machine(const VirtualMachine& vm, const VirtualMachine* target, const Datastore* datastore) {
    SourceReading reading = sourceOf(vm, inventory_);
    if (!reading.missing.empty()) {
      problem(fmt::format("of {} is not known: {}{}", pathOr(vm), fmt::join(reading.missing, ", "),
                          vm.connectionState.value_or("connected") == "connected"
                              ? ""
                              : fmt::format("; it is {}", *vm.connectionState)));
      return;
    }
    for (const std::string& each : reading.remarks) remark(fmt::format("{}: {}", vm.name, each));
    Machine& machine = plan_.machines.emplace_back();
    machine.id = idFor(vm.name);
    machine.source = std::move(reading.source);
    if (target != nullptr) machine.masterTarget = target->name;
    if (datastore != nullptr) machine.home.datastore = datastore->name;
    if (const auto* folder = inventory_.find<vsphere::Folder>(vm.parent);
        folder != nullptr && discovery::InventoryPaths::isComplete(folder->inventoryPath))
      machine.home.folder = folder->inventoryPath;
    machine.consents = wish_.consents;
    consents(vm);
  }

  void consents(const VirtualMachine& vm) {
    const std::string power = vm.powerState.value_or("");
    if (power == "poweredOn" && !wish_.consents.powerOff)
      remark(fmt::format("{} runs, and the plan does not allow to power it off (VM-POWER)", vm.name));
    if (power == "suspended") remark(fmt::format("{} is suspended, which is not off (VM-POWER)", vm.name));
    const bool chain = vm.snapshotCount() > 0 || vm.hasDelta() || vm.consolidationNeeded.value_or(false);
    if (chain && !wish_.consents.mergeSnapshots)
      remark(fmt::format("{} has {}, and the plan does not allow to merge (VM-SNAPSHOT)", vm.name,
                         vm.snapshotCount() > 0 ? "snapshots" : "delta disks"));
  }

  // Of the form that ids have, and not used yet.
  std::string idFor(const std::string& name) {
    std::string id;
    for (const char c : name) {
      const bool good = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                        (!id.empty() && (c == '.' || c == '_' || c == '-'));
      if (good)
        id += c;
      else if (!id.empty() && id.back() != '-')
        id += '-';
    }
    id = id.substr(0, 56);
    if (id.empty()) id = "machine";
    std::string unique = id;
    for (int number = 2; !ids_.insert(lower(unique)).second; ++number)
      unique = fmt::format("{}-{}", id, number);
    return unique;
  }

  void facts(const VirtualMachine& target, const Datastore& datastore,
             const std::vector<const VirtualMachine*>& chosen) {
    const auto append = [this](std::vector<Fact> facts) {
      for (Fact& each : facts) plan_.facts.push_back(std::move(each));
    };
    append(factsOf(target));
    for (const VirtualMachine* each : chosen) append(factsOf(*each));
    append(factsOf(datastore));
  }

  // What an unusual inventory brings in must not make a document that nobody can read back.
  void provePlan() {
    const PlanReading reading = readPlan(planYaml(plan_, true));
    for (const Problem& each : reading.problems) problem(describe(each, "the plan made of it"));
    complain();
  }

  const PlanWish& wish_;
  const discovery::Inventory& inventory_;
  PlanProposal proposal_;
  Plan& plan_ = proposal_.plan;
  std::set<std::string> ids_;
  std::vector<std::string> problems_;
};

}  // namespace

PlanProposal makePlan(const PlanWish& wish, const discovery::Inventory& inventory) {
  return Maker(wish, inventory).make();
}

std::string newUuid(std::uint64_t high, std::uint64_t low) {
  high = (high & 0xffffffffffff0fffULL) | 0x4000ULL;
  low = (low & 0x3fffffffffffffffULL) | 0x8000000000000000ULL;
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xffffU,
                     high & 0xffffU, low >> 48U, low & 0xffffffffffffULL);
}

}  // namespace failback::provisioning
