// SPDX-License-Identifier: GPL-2.0-or-later
// A datastore's new name, wherever a vCenter shows the old one.
#include <set>

#include "mocks/entity_tools.h"

namespace failback::mock {

namespace {

bool namesPlace(const Value& value, const std::string& oldName) {
  const std::string_view text = value.string();
  return text.size() >= oldName.size() + 2 && text.front() == '[' &&
         text.substr(1, oldName.size()) == oldName && text[oldName.size() + 1] == ']';
}

// What people wrote is no path, whatever it looks like; a file's name in layoutEx is one.
bool isProse(const TypeInfo& type, std::string_view member) {
  if (member == "annotation" || member == "description") return true;
  return member == "name" && type.name != "VirtualMachineFileLayoutExFileInfo";
}

Value renamedObject(const Value& value, const DataObject& object, const std::string& oldName,
                    const std::string& newName) {
  DataObject changed = object;
  bool same = true;
  const bool urlPair = object.type().name == "VirtualMachineConfigInfoDatastoreUrlPair";
  for (const DataObject::Member& member : object.members()) {
    const std::string_view name = object.type().members[member.index].name;
    if (isProse(object.type(), name) && !(urlPair && member.value.string() == oldName)) continue;
    Value renamed =
        urlPair && name == "name" ? Value(newName) : withDatastoreName(member.value, oldName, newName);
    // Scalars have no node to compare.
    if (renamed.sameNode(member.value) || renamed == member.value) continue;
    same = false;
    changed.set(member.index, std::move(renamed));
  }
  return same ? value : Value(std::move(changed));
}

}  // namespace

Value withDatastoreName(const Value& value, const std::string& oldName, const std::string& newName) {
  if (const DataObject* object = value.asObject()) return renamedObject(value, *object, oldName, newName);
  if (const List* items = value.asList()) {
    List changed = *items;
    bool same = true;
    for (Value& item : changed.items) {
      Value renamed = withDatastoreName(item, oldName, newName);
      same = same && renamed.sameNode(item);
      item = std::move(renamed);
    }
    return same ? value : Value(std::move(changed));
  }
  if (!value.asText() || !namesPlace(value, oldName)) return value;
  return "[" + newName + std::string(value.string().substr(oldName.size() + 1));
}

namespace {

// What .vmx and .vmsd files say of places: the host reads them by the datastore's identity, not by its name.
void renameInFiles(World& world, const std::string& store, const std::string& oldName,
                   const std::string& newName) {
  for (const std::string& path : world.files.below({store, ""})) {
    const StoredFile* found = world.files.find({store, path});
    if (!found || (!found->config.isSet() && !found->snapshots.isSet())) continue;
    StoredFile changed = *found;
    changed.config = withDatastoreName(found->config, oldName, newName);
    changed.snapshots = withDatastoreName(found->snapshots, oldName, newName);
    if (!changed.config.sameNode(found->config) || !changed.snapshots.sameNode(found->snapshots)) {
      world.files.put({store, path}, std::move(changed));
    }
  }
}

}  // namespace

void renameDatastore(World& world, const MoRef& datastore, const std::string& newName) {
  const Value state = world.inventory.need(datastore.id).state;
  const std::string oldName(state.at("name").string());
  std::set<std::string> stores{datastore.id};
  for (const MoRef& vm : refsOfList(state.at("vm"))) {
    for (const MoRef& each : refsOfList(world.inventory.need(vm.id).state.at("datastore")))
      stores.insert(each.id);
  }
  for (const std::string& store : stores) renameInFiles(world, store, oldName, newName);
  Value renamed = state.with("name", newName).with("summary.name", newName).with("info.name", newName);
  for (const std::string_view volume : {"vmfs", "nas"}) {
    const DataObject* info = renamed.at("info").asObject();
    if (!info->type().find(volume) || !info->get(volume).isSet()) continue;
    renamed = renamed.with("info." + std::string(volume) + ".name", newName);
  }
  world.inventory.replace(datastore.id, std::move(renamed));
  for (const MoRef& vm : refsOfList(state.at("vm"))) {
    const ManagedObject* machine = world.inventory.find(vm.id);
    if (!machine) continue;
    world.inventory.replace(vm.id, withDatastoreName(machine->state, oldName, newName));
  }
}

}  // namespace failback::mock
