// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/object_names.h"

#include "mocks/search_index.h"

namespace failback::mock {

namespace {

std::string nameOf(const ManagedObject& object) {
  return object.type().find("name") ? std::string(object.properties().get("name").string()) : std::string();
}

const MoRef* parentOf(const ManagedObject& object) {
  return object.type().find("parent") ? object.properties().get("parent").asRef() : nullptr;
}

}  // namespace

std::string inventoryPathOf(const Inventory& inventory, std::string_view id) {
  std::string path;
  const ManagedObject* object = inventory.find(id);
  constexpr int deepest = 100;
  for (int level = 0; object && level < deepest; ++level) {
    const MoRef* parent = parentOf(*object);
    // A VM within a vApp has no parent folder; the root folder has no parent and no part in paths.
    if (!parent) break;
    const std::string name = nameOf(*object);
    path = path.empty() ? name : name + "/" + path;
    object = inventory.find(parent->id);
  }
  return path;
}

std::vector<MoRef> objectsCalled(const World& world, const std::string& text) {
  const Inventory& inventory = world.inventory;
  const auto colon = text.find(':');
  const ManagedObject* object = inventory.find(text);
  if (!object && colon != std::string::npos) {
    object = inventory.find(text.substr(colon + 1));
    if (object && object->ref.type != text.substr(0, colon)) object = nullptr;
  }
  if (object) return {object->ref};
  if (const MoRef* root = world.serviceContent.at("rootFolder").asRef()) {
    const std::string path = text.starts_with('/') ? text.substr(1) : text;
    if (const auto found = findByPath(inventory, *root, path)) return {*found};
  }
  std::vector<MoRef> named;
  for (const ManagedObject* each : inventory.all()) {
    if (nameOf(*each) == text) named.push_back(each->ref);
  }
  return named;
}

CallFacts factsOf(const World& world, std::string method, const MoRef& object, std::string user) {
  CallFacts facts{std::move(method), object.type, object.id, {}, {}, std::move(user)};
  if (const ManagedObject* found = world.inventory.find(object.id)) {
    facts.type = found->ref.type;
    facts.name = nameOf(*found);
    facts.path = inventoryPathOf(world.inventory, object.id);
  }
  return facts;
}

}  // namespace failback::mock
