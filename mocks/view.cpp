// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/view.h"

#include <array>
#include <deque>
#include <unordered_set>

namespace failback::mock {

namespace {

struct ContainerRule {
  std::string_view type;
  std::array<std::string_view, 4> properties;
};

// What belongs to what, as ViewManager's CreateContainerView describes it.
constexpr std::array<ContainerRule, 5> containerRules{{
    {"Folder", {"childEntity"}},
    {"Datacenter", {"vmFolder", "hostFolder", "datastoreFolder", "networkFolder"}},
    {"ComputeResource", {"host", "resourcePool"}},
    {"ResourcePool", {"resourcePool", "vm"}},
    {"HostSystem", {"vm"}},
}};

void appendRefs(const Value& value, std::vector<MoRef>& refs) {
  if (const MoRef* ref = value.asRef()) refs.push_back(*ref);
  if (const List* list = value.asList()) {
    for (const Value& item : list->items) appendRefs(item, refs);
  }
}

bool wanted(const ManagedObject& object, const std::vector<std::string>& types) {
  if (types.empty()) return true;
  for (const std::string& type : types) {
    if (object.type().isA(type)) return true;
  }
  return false;
}

}  // namespace

std::vector<MoRef> childrenOf(const ManagedObject& object) {
  std::vector<MoRef> children;
  for (const ContainerRule& rule : containerRules) {
    if (!object.type().isA(rule.type)) continue;
    for (const std::string_view property : rule.properties) {
      if (!property.empty()) appendRefs(object.properties().get(property), children);
    }
  }
  return children;
}

std::vector<MoRef> containedIn(const Inventory& inventory, const MoRef& container,
                               const std::vector<std::string>& types, bool recursive) {
  std::vector<MoRef> found;
  std::unordered_set<std::string> seen{container.id};
  std::deque<const ManagedObject*> open;
  if (const ManagedObject* start = inventory.find(container.id)) open.push_back(start);
  while (!open.empty()) {
    const ManagedObject* current = open.front();
    open.pop_front();
    for (const MoRef& child : childrenOf(*current)) {
      if (!seen.insert(child.id).second) continue;
      const ManagedObject* object = inventory.find(child.id);
      if (!object) continue;
      if (wanted(*object, types)) found.push_back(object->ref);
      if (recursive) open.push_back(object);
    }
  }
  return found;
}

const std::vector<MoRef>& View::contents(const Inventory& inventory) const {
  if (structure_ == inventory.structure()) return cache_;
  cache_.clear();
  switch (kind) {
    case Kind::container:
      cache_ = containedIn(inventory, container, types, recursive);
      break;
    case Kind::list:
      for (const MoRef& each : listed) {
        if (inventory.find(each.id)) cache_.push_back(each);
      }
      break;
    case Kind::inventory:
      for (const MoRef& folder : listed) {
        for (MoRef& child : containedIn(inventory, folder, {}, false)) cache_.push_back(std::move(child));
      }
      break;
  }
  structure_ = inventory.structure();
  return cache_;
}

Value View::state(const Inventory& inventory) const {
  DataObject state(TypeModel::get().need(ref.type));
  // Every call that starts at the view comes by here.
  if (shownStructure_ != inventory.structure()) {
    const std::vector<MoRef>& now = contents(inventory);
    shown_ = list(std::vector<Value>(now.begin(), now.end()));
    shownStructure_ = inventory.structure();
  }
  state.set("view", shown_);
  if (kind == Kind::container) {
    state.set("container", container);
    std::vector<Value> typeNames;
    for (const std::string& type : types) typeNames.emplace_back(type);
    if (!typeNames.empty()) state.set("type", list(std::move(typeNames)));
    state.set("recursive", recursive);
  }
  return state;
}

}  // namespace failback::mock
