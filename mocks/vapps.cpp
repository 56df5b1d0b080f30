// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vapps.h"

#include <algorithm>
#include <limits>

#include "mocks/destroy.h"
#include "mocks/entity_tools.h"

namespace failback::mock {

namespace {

bool isVapp(const MoRef& ref) {
  return ref.type == "VirtualApp";
}

Value entryOf(const Value& state, const MoRef& child) {
  const List* entries = state.at("vAppConfig.entityConfig").asList();
  for (const Value& each : entries ? entries->items : std::vector<Value>{}) {
    const MoRef* key = each.at("key").asRef();
    if (key && *key == child) return each;
  }
  return {};
}

std::int64_t orderOf(const Value& entry) {
  return entry.at("startOrder").asInteger().value_or(std::numeric_limits<std::int32_t>::max());
}

// The folder that the outermost vApp stands in.
std::optional<MoRef> folderOf(World& world, MoRef vapp) {
  while (isVapp(vapp)) {
    const Value state = world.inventory.need(vapp.id).state;
    if (const MoRef* folder = state.at("parentFolder").asRef()) return *folder;
    vapp = *state.at("parent").asRef();
  }
  return std::nullopt;
}

}  // namespace

std::vector<VappMember> membersOf(World& world, const MoRef& vapp) {
  const Value state = world.inventory.need(vapp.id).state;
  std::vector<std::pair<MoRef, Value>> children;
  for (const std::string_view property : {"vm", "resourcePool"}) {
    for (const MoRef& each : refsOfList(state.at(property))) {
      if (each.type == "VirtualMachine" || isVapp(each)) children.emplace_back(each, entryOf(state, each));
    }
  }
  std::stable_sort(children.begin(), children.end(),
                   [](const auto& a, const auto& b) { return orderOf(a.second) < orderOf(b.second); });
  std::vector<VappMember> found;
  for (const auto& [child, entry] : children) {
    if (!isVapp(child)) {
      found.push_back({child, entry});
      continue;
    }
    const std::vector<VappMember> inner = membersOf(world, child);
    found.insert(found.end(), inner.begin(), inner.end());
  }
  return found;
}

std::vector<MoRef> vappsOf(World& world, const MoRef& vm) {
  std::vector<MoRef> found;
  const ManagedObject* object = world.inventory.find(vm.id);
  const MoRef* pool = object ? object->state.at("resourcePool").asRef() : nullptr;
  while (pool != nullptr && isVapp(*pool)) {
    found.push_back(*pool);
    pool = world.inventory.need(pool->id).state.at("parent").asRef();
  }
  return found;
}

void setVappState(World& world, const MoRef& vapp, std::string_view state, bool suspended) {
  const Value before = world.inventory.need(vapp.id).state;
  world.inventory.replace(vapp.id,
                          before.with("summary.vAppState", state).with("summary.suspended", suspended));
  for (const MoRef& each : refsOfList(before.at("resourcePool"))) {
    if (isVapp(each)) setVappState(world, each, state, suspended);
  }
}

Value usualEntry(const MoRef& child, std::int32_t order) {
  return object("VAppEntityConfigInfo", {{"key", child},
                                         {"startOrder", order},
                                         {"startDelay", std::int32_t{120}},
                                         {"waitingForGuest", false},
                                         {"startAction", "powerOn"},
                                         {"stopDelay", std::int32_t{120}},
                                         {"stopAction", "powerOff"},
                                         {"destroyWithParent", false}});
}

void dropMember(World& world, const MoRef& vapp, const MoRef& child) {
  const Value config = world.inventory.need(vapp.id).state.at("vAppConfig");
  const List* entries = config.at("entityConfig").asList();
  if (!entries) return;
  std::vector<Value> kept = entries->items;
  std::erase_if(kept, [&](const Value& each) { return each.at("key") == Value(child); });
  world.inventory.set(vapp.id, "vAppConfig", config.with("entityConfig", list(std::move(kept))));
}

void changeVapp(World& world, const MoRef& vm, const MoRef& from, const MoRef& to) {
  if (isVapp(from)) dropMember(world, from, vm);
  if (isVapp(to)) {
    const Value state = world.inventory.need(vm.id).state;
    if (const MoRef* folder = state.at("parent").asRef()) dropRef(world, *folder, "childEntity", vm);
    world.inventory.replace(vm.id, state.with("parent", {}).with("parentVApp", to));
    Value config = world.inventory.need(to.id).state.at("vAppConfig");
    const List* entries = config.at("entityConfig").asList();
    const auto order = static_cast<std::int32_t>(entries ? entries->items.size() + 1 : 1);
    const Value entry = usualEntry(vm, order).with("tag", state.at("name"));
    world.inventory.set(to.id, "vAppConfig",
                        config.with("entityConfig", config.at("entityConfig").appended(entry)));
  } else if (isVapp(from)) {
    const auto folder = folderOf(world, from);
    const Value state = world.inventory.need(vm.id).state.with("parentVApp", {});
    world.inventory.replace(vm.id, folder ? state.with("parent", *folder) : state);
    if (folder) addRef(world, *folder, "childEntity", vm);
  }
}

void removeVapp(World& world, const MoRef& vapp) {
  const Value state = world.inventory.need(vapp.id).state;
  if (const MoRef* folder = state.at("parentFolder").asRef()) dropRef(world, *folder, "childEntity", vapp);
  if (const MoRef* above = state.at("parent").asRef(); above && isVapp(*above))
    dropMember(world, *above, vapp);
  destroyPool(world, vapp);
}

}  // namespace failback::mock
