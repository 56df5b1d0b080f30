// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "provisioning/plan/identity.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {
namespace {

using vsphere::VirtualMachine;

// "config" is above "config.keyId" and "config.extraConfig["a"]", "con" is not.
bool isAbove(std::string_view above, std::string_view path) {
  if (above.size() > path.size() || path.substr(0, above.size()) != above) return false;
  return above.size() == path.size() || path[above.size()] == '.' || path[above.size()] == '[';
}

const vsphere::Datastore* datastoreNamed(const discovery::Inventory& inventory, const VirtualMachine& vm,
                                         const std::string& name) {
  for (const vsphere::Moref& ref : vm.datastores) {
    const auto* datastore = inventory.find<vsphere::Datastore>(ref);
    if (datastore != nullptr && datastore->name == name) return datastore;
  }
  const vsphere::Datastore* found = nullptr;
  for (const vsphere::Datastore& each : inventory.all<vsphere::Datastore>()) {
    if (each.name != name) continue;
    if (found != nullptr) return nullptr;  // several: which one it is can't be told
    found = &each;
  }
  return found;
}

}  // namespace

const StoredJob* World::ownJob() const {
  if (!facts_.openJobs.answer) return nullptr;
  const StoredJob* job = nullptr;
  for (const StoredJob& each : *facts_.openJobs.answer)
    if (lower(each.plan) == lower(plan_.id)) job = &each;
  return job;
}

std::vector<const StoredJob*> World::otherJobs() const {
  std::vector<const StoredJob*> jobs;
  if (!facts_.openJobs.answer) return jobs;
  for (const StoredJob& each : *facts_.openJobs.answer) {
    if (lower(each.plan) != lower(plan_.id)) jobs.push_back(&each);
  }
  return jobs;
}

World World::alone(const MachineView& machine) const {
  return {*this, machine};
}

World::World(const World& all, const MachineView& machine)
    : plan_(all.plan_),
      facts_(all.facts_),
      phase_(all.phase_),
      policy_(all.policy_),
      machines_{machine},
      index_(all.index_) {
  if (machine.target == nullptr) return;
  targets_.push_back(*machine.target);
  machines_.front().target = &targets_.front();
}

std::vector<const MachineView*> World::machinesOf(const TargetView& target) const {
  std::vector<const MachineView*> result;
  for (const MachineView& each : machines_) {
    if (each.target == &target) result.push_back(&each);
  }
  return result;
}

const vsphere::Unreadable* World::hole(const vsphere::Moref& object, std::string_view path) const {
  const auto [begin, end] = index_->holes.equal_range(object);
  for (auto each = begin; each != end; ++each) {
    const std::string& property = each->second->property;
    if (property.empty() || isAbove(property, path) || isAbove(path, property)) return each->second;
  }
  return nullptr;
}

std::string World::whyUnknown(const vsphere::Moref& object, std::string_view path) const {
  const vsphere::Unreadable* entry = hole(object, path);
  const std::string why = entry != nullptr ? reasonText(*entry) : "the server did not show it";
  return path.empty() ? why : fmt::format("{} could not be read: {}", path, why);
}

std::string World::reasonText(const vsphere::Unreadable& entry) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> texts = {{
      {"noPermission", "no permission"},
      {"hostNotResponding", "its host is not responding"},
      {"hostDisconnected", "its host is disconnected"},
      {"orphaned", "its host no longer knows it"},
      {"inaccessible", "its files can't be reached"},
      {"vanished", "it is gone, or hidden from this account"},
      {"unknownType", "it is of a type that this program does not know"},
      {"malformed", "what the server sent makes no sense"},
  }};
  const auto* known =
      std::find_if(texts.begin(), texts.end(), [&](const auto& each) { return each.first == entry.reason; });
  std::string text = known != texts.end() ? std::string(known->second)
                     : entry.text.empty() ? entry.reason
                                          : entry.text;
  if (!entry.privilege.empty()) text += fmt::format(" ({})", entry.privilege);
  return text;
}

bool World::isOurs(const VirtualMachine& vm) const {
  const auto value = [&](std::string_view key) {
    const auto found = vm.extraConfig.find(std::string(key));
    return found == vm.extraConfig.end() ? std::string() : lower(found->second);
  };
  return !plan_.id.empty() && value(markPlan) == lower(plan_.id) &&
         value(markInstance) == lower(vm.instanceUuid.value_or("?"));
}

bool World::isOurs(const VirtualMachine& vm, const Machine& machine) const {
  const auto mark = vm.extraConfig.find(std::string(markMachine));
  return mark != vm.extraConfig.end() && mark->second == machine.id && isOurs(vm);
}

std::string World::fileKey(const std::string& path, const VirtualMachine& seenBy) const {
  const std::string name = datastoreOf(path);
  if (name.empty()) return path;
  const auto* datastore = datastoreNamed(inventory(), seenBy, name);
  std::string key = datastore != nullptr ? datastore->url.value_or(datastore->ref.value) : name;
  const std::size_t start = path.find_first_not_of(' ', name.size() + 2);
  return key + "|" + (start == std::string::npos ? std::string() : path.substr(start));
}

std::vector<DiskUser> World::usersOfFile(const std::string& path, const VirtualMachine& seenBy) const {
  std::vector<DiskUser> users;
  const auto [begin, end] = index_->files.equal_range(fileKey(path, seenBy));
  for (auto each = begin; each != end; ++each) users.push_back(each->second);
  std::sort(users.begin(), users.end(), [](const DiskUser& a, const DiskUser& b) {
    return std::tie(a.vm->ref, a.disk->key, a.link) < std::tie(b.vm->ref, b.disk->key, b.link);
  });
  return users;
}

std::vector<DiskUser> World::usersOfUuid(const std::string& uuid) const {
  std::vector<DiskUser> users;
  if (uuid.empty()) return users;
  const auto [begin, end] = index_->uuids.equal_range(vsphere::normaliseUuid(uuid));
  for (auto each = begin; each != end; ++each) users.push_back(each->second);
  std::sort(users.begin(), users.end(), [](const DiskUser& a, const DiskUser& b) {
    return std::tie(a.vm->ref, a.disk->key) < std::tie(b.vm->ref, b.disk->key);
  });
  return users;
}

ObjectName World::nameOf(std::string_view kind, const vsphere::Entity& object) const {
  return {std::string(kind), object.name, object.ref.value, object.inventoryPath};
}

ObjectName World::nameOf(const TargetView& target) const {
  if (target.vm != nullptr) return nameOf("master target", *target.vm);
  return {"master target", target.plan->name, {}, target.pointer};
}

ObjectName World::nameOf(const MachineView& machine) const {
  if (machine.vm != nullptr) return nameOf("home VM", *machine.vm);
  return {"home VM", machine.name, {}, machine.pointer};
}

ObjectName World::placeInPlan(std::string_view pointer, std::string_view name) const {
  return {"plan", std::string(name), {}, std::string(pointer)};
}

}  // namespace failback::provisioning
