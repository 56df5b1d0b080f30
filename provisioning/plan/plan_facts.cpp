// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/plan/plan_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace failback::provisioning {
namespace {

void add(std::vector<Fact>& facts, const vsphere::Entity& object, const char* property,
         const std::optional<std::string>& value) {
  if (value) facts.push_back({object.ref.type, object.name, object.ref.value, property, *value});
}

// What is there now of the object that the fact is about; nullopt when there is no such object.
std::optional<std::vector<Fact>> present(const Fact& fact, const discovery::Inventory& inventory) {
  const vsphere::Moref ref{fact.kind, fact.moref, ""};
  if (const auto* vm = inventory.find<vsphere::VirtualMachine>(ref)) return factsOf(*vm);
  if (const auto* datastore = inventory.find<vsphere::Datastore>(ref)) return factsOf(*datastore);
  return std::nullopt;
}

}  // namespace

std::vector<Fact> factsOf(const vsphere::VirtualMachine& vm) {
  std::vector<Fact> facts;
  add(facts, vm, "config.changeVersion", vm.changeVersion);
  add(facts, vm, "config.files.vmPathName", vm.vmPathName);
  add(facts, vm, "runtime.powerState", vm.powerState);
  if (vm.host) add(facts, vm, "runtime.host", vm.host->value);
  return facts;
}

std::vector<Fact> factsOf(const vsphere::Datastore& datastore) {
  std::vector<Fact> facts;
  add(facts, datastore, "summary.url", datastore.url);
  add(facts, datastore, "summary.type", datastore.type);
  return facts;
}

std::vector<std::string> movedFacts(const Plan& plan, const discovery::Inventory& inventory) {
  std::vector<std::string> moved;
  std::string gone;  // its other facts need not be told
  for (const Fact& each : plan.facts) {
    const auto now = present(each, inventory);
    if (!now) {
      if (gone != each.moref)
        moved.push_back(fmt::format("{} ({} {}) is gone", each.name, each.kind, each.moref));
      gone = each.moref;
      continue;
    }
    const auto same = std::find_if(now->begin(), now->end(),
                                   [&](const Fact& fact) { return fact.property == each.property; });
    if (same == now->end()) {
      moved.push_back(
          fmt::format("{}: {} was {}, and can't be read now", each.name, each.property, each.value));
    } else if (same->value != each.value) {
      moved.push_back(
          fmt::format("{}: {} was {}, and is {}", each.name, each.property, each.value, same->value));
    }
  }
  return moved;
}

}  // namespace failback::provisioning
