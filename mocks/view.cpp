// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/view.h"

#include <algorithm>
#include <array>
#include <deque>
#include <unordered_map>
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

// What a view makes of an object, which depends on nothing but its type.
struct Treatment {
  bool wanted = false, container = false;
};

Treatment treatmentOf(const TypeInfo& type, const std::vector<std::string>& types) {
  const auto isOne = [&](const std::string& each) { return type.isA(each); };
  const auto holds = [&](const ContainerRule& rule) { return type.isA(rule.type); };
  return {types.empty() || std::any_of(types.begin(), types.end(), isOne),
          std::any_of(containerRules.begin(), containerRules.end(), holds)};
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

namespace {

// The root folder, under which every entity is: its tree need not be walked to know what is in it.
bool holdsAll(const ManagedObject& container) {
  return container.ref.type == "Folder" && !container.read("parent").isSet();
}

std::vector<MoRef> allOf(const Inventory& inventory, const ManagedObject& root,
                         const std::vector<std::string>& types) {
  std::vector<const ManagedObject*> entities;
  if (types.size() == 1 && TypeModel::get().need(types.front()).isA("ManagedEntity")) {
    entities = inventory.all(types.front());
  } else {
    entities = inventory.all("ManagedEntity");
  }
  std::unordered_map<const TypeInfo*, bool> wanted;
  std::vector<MoRef> found;
  found.reserve(entities.size());
  for (const ManagedObject* each : entities) {
    const auto [known, fresh] = wanted.try_emplace(&each->type());
    if (fresh) known->second = treatmentOf(each->type(), types).wanted;
    if (known->second && each != &root) found.push_back(each->ref);
  }
  return found;
}

}  // namespace

std::vector<MoRef> containedIn(const Inventory& inventory, const MoRef& container,
                               const std::vector<std::string>& types, bool recursive) {
  std::vector<MoRef> found;
  std::unordered_map<const TypeInfo*, Treatment> treatments;
  std::unordered_set<const ManagedObject*> seen;
  std::deque<const ManagedObject*> open;
  const ManagedObject* start = inventory.find(container.id);
  if (!start) return found;
  if (recursive && holdsAll(*start)) return allOf(inventory, *start, types);
  seen.insert(start);
  open.push_back(start);
  while (!open.empty()) {
    const ManagedObject* current = open.front();
    open.pop_front();
    for (const MoRef& child : childrenOf(*current)) {
      const ManagedObject* object = inventory.find(child.id);
      if (!object || !seen.insert(object).second) continue;
      const auto [treatment, fresh] = treatments.try_emplace(&object->type());
      if (fresh) treatment->second = treatmentOf(object->type(), types);
      if (treatment->second.wanted) found.push_back(object->ref);
      if (recursive && treatment->second.container) open.push_back(object);
    }
  }
  return found;
}

const View::Contents& View::contents(const Inventory& inventory) const {
  if (cache_ && structure_ == inventory.structure()) return cache_;
  std::vector<MoRef> found;
  switch (kind) {
    case Kind::container:
      found = containedIn(inventory, container, types, recursive);
      break;
    case Kind::list:
      for (const MoRef& each : listed) {
        if (inventory.find(each.id)) found.push_back(each);
      }
      break;
    case Kind::inventory:
      for (const MoRef& folder : listed) {
        for (MoRef& child : containedIn(inventory, folder, {}, false)) found.push_back(std::move(child));
      }
      break;
  }
  cache_ = std::make_shared<const std::vector<MoRef>>(std::move(found));
  structure_ = inventory.structure();
  return cache_;
}

Value View::state(const Inventory& inventory) const {
  DataObject state(TypeModel::get().need(ref.type));
  // Every call that starts at the view comes by here.
  if (shownStructure_ != inventory.structure()) {
    const std::vector<MoRef>& now = *contents(inventory);
    shown_ = list(std::vector<Value>(now.begin(), now.end()));
    shownStructure_ = inventory.structure();
  }
  state.set("view", shown_);
  if (kind == Kind::container) {
    state.set("container", container);
    std::vector<Value> typeNames;
    typeNames.reserve(types.size());
    for (const std::string& type : types) typeNames.emplace_back(type);
    if (!typeNames.empty()) state.set("type", list(std::move(typeNames)));
    state.set("recursive", recursive);
  }
  return state;
}

}  // namespace failback::mock
