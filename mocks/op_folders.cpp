// SPDX-License-Identifier: GPL-2.0-or-later
// The inventory tree: making, renaming, moving and removing folders, datacenters, clusters, datastore
// clusters. Pools are in op_pools.cpp.
#include <fmt/format.h>

#include <array>

#include "mocks/cluster_config.h"
#include "mocks/destroy.h"
#include "mocks/entity_tools.h"
#include "mocks/operation_tables.h"
#include "mocks/search_index.h"
#include "mocks/site.h"

namespace failback::mock {

namespace {

bool takes(const ManagedObject& folder, std::string_view type) {
  const TypeInfo& wanted = TypeModel::get().need(type);
  const List* types = folder.state.at("childType").asList();
  for (const Value& each : types ? types->items : std::vector<Value>{}) {
    // A datastore cluster is a Folder to the schema, but no place for one where folders are.
    if (type == "StoragePod" ? each.string() == type : wanted.isA(each.string())) return true;
  }
  return false;
}

void needTakes(const ManagedObject& folder, std::string_view type) {
  if (!takes(folder, type)) {
    throw notSupported(fmt::format("The folder '{}' cannot hold objects of type {}.",
                                   folder.state.at("name").string(), type));
  }
}

// The checks that all creations have in common; gives the name as it is kept.
std::string newName(Operation& op, std::string_view type) {
  if (isEsxi(op.world)) throw notSupported("The operation is not supported on a host without a vCenter.");
  needTakes(op.self, type);
  const std::string name = op.text("name");
  needGoodName(name);
  needFreeName(op.world, op.self.ref, type, storedName(name));
  return storedName(name);
}

MoRef addFolder(World& world, const MoRef& parent, const std::string& name, std::string_view prefix,
                Value childTypes) {
  MoRef ref = freshRef(world, "Folder", prefix);
  std::vector<Field> fields = entity(name, parent);
  fields.emplace_back("childType", std::move(childTypes));
  fields.emplace_back("childEntity", std::vector<Value>{});
  world.inventory.add(ref, object("Folder", fields));
  return ref;
}

// "group-v" for folders of machines, as their siblings are called.
std::string prefixOf(const ManagedObject& folder) {
  if (takes(folder, "VirtualMachine")) return "group-v";
  if (takes(folder, "ComputeResource")) return "group-h";
  if (takes(folder, "Datastore")) return "group-s";
  return takes(folder, "Network") ? "group-n" : "group-d";
}

Answer createFolder(Operation& op) {
  const std::string name = newName(op, "Folder");
  const MoRef parent = op.self.ref;
  MoRef made = addFolder(op.world, parent, name, prefixOf(op.self), op.self.state.at("childType"));
  addRef(op.world, parent, "childEntity", made);
  return {made, {}};
}

Answer createDatacenter(Operation& op) {
  const std::string name = newName(op, "Datacenter");
  World& world = op.world;
  const MoRef parent = op.self.ref;
  MoRef made = freshRef(world, "Datacenter", "datacenter-");
  std::vector<Field> fields = entity(name, parent);
  const std::vector<Value> vmTypes{"Folder", "VirtualMachine", "VirtualApp"},
      hostTypes{"Folder", "ComputeResource"}, storeTypes{"Folder", "Datastore", "StoragePod"},
      netTypes{"Folder", "Network", "DistributedVirtualSwitch"};
  fields.insert(fields.end(),
                {{"vmFolder", addFolder(world, made, "vm", "group-v", vmTypes)},
                 {"hostFolder", addFolder(world, made, "host", "group-h", hostTypes)},
                 {"datastoreFolder", addFolder(world, made, "datastore", "group-s", storeTypes)},
                 {"networkFolder", addFolder(world, made, "network", "group-n", netTypes)},
                 {"datastore", std::vector<Value>{}},
                 {"network", std::vector<Value>{}},
                 {"configuration", object("DatacenterConfigInfo")}});
  world.inventory.add(made, object("Datacenter", fields));
  addRef(world, parent, "childEntity", made);
  world.events.post("DatacenterCreatedEvent", made, fmt::format("Created datacenter {}", name),
                    {{"parent", world.events.folderArgument(parent)}});
  return {made, {}};
}

Answer createCluster(Operation& op) {
  const std::string name = newName(op, "ClusterComputeResource");
  MoRef made = addCluster(op.world, op.self.ref, name, op.get("spec"));
  op.world.events.post("ClusterCreatedEvent", made, fmt::format("Created cluster {}", name),
                       {{"parent", op.world.events.folderArgument(*parentOf(op.world, made))}});
  return {made, {}};
}

Answer createStoragePod(Operation& op) {
  const std::string name = newName(op, "StoragePod");
  const MoRef parent = op.self.ref;
  MoRef made = freshRef(op.world, "StoragePod", "group-p");
  const Value podConfig = object("StorageDrsPodConfigInfo", {{"enabled", false},
                                                             {"ioLoadBalanceEnabled", false},
                                                             {"defaultVmBehavior", "manual"},
                                                             {"loadBalanceInterval", std::int32_t{480}},
                                                             {"defaultIntraVmAffinity", true}});
  std::vector<Field> fields = entity(name, parent);
  fields.insert(
      fields.end(),
      {{"childType", std::vector<Value>{"Datastore"}},
       {"childEntity", std::vector<Value>{}},
       {"summary", object("StoragePodSummary",
                          {{"name", name}, {"capacity", std::int64_t{0}}, {"freeSpace", std::int64_t{0}}})},
       {"podStorageDrsEntry",
        object("PodStorageDrsEntry",
               {{"storageDrsConfig", object("StorageDrsConfigInfo", {{"podConfig", podConfig}})}})}});
  op.world.inventory.add(made, object("StoragePod", fields));
  addRef(op.world, parent, "childEntity", made);
  return {made, {}};
}

// ---- renaming

struct TypePrivileges {
  std::string_view type, rename, move;
};
// The first that fits counts.
constexpr std::array<TypePrivileges, 10> typePrivileges{{
    {"VirtualMachine", "VirtualMachine.Config.Rename", "VirtualMachine.Inventory.Move"},
    {"Folder", "Folder.Rename", "Folder.Move"},
    {"Datacenter", "Datacenter.Rename", "Datacenter.Move"},
    {"ClusterComputeResource", "Host.Inventory.RenameCluster", "Host.Inventory.MoveCluster"},
    {"ComputeResource", "Host.Inventory.RenameCluster", "Host.Inventory.MoveHost"},
    {"VirtualApp", "VApp.Rename", "VApp.Move"},
    {"ResourcePool", "Resource.RenamePool", "Resource.MovePool"},
    {"Datastore", "Datastore.Rename", "Datastore.Move"},
    {"DistributedVirtualPortgroup", "DVPortgroup.Modify", "Network.Move"},
    {"DistributedVirtualSwitch", "DVSwitch.Modify", "DVSwitch.Modify"},
}};

const TypePrivileges* privilegesOf(const ManagedObject& entity) {
  for (const TypePrivileges& each : typePrivileges) {
    if (entity.type().isA(each.type)) return &each;
  }
  return nullptr;
}

Answer rename(Operation& op) {
  const TypePrivileges* privileges = privilegesOf(op.self);
  if (!privileges || isFixed(op.world, op.self)) {
    throw notSupported("The operation is not supported on the object.");
  }
  op.need(op.self.ref, privileges->rename);
  return op.start({.descriptionId = "ManagedEntity.rename",
                   .finish = [&world = op.world, ref = op.self.ref, name = op.text("newName")] {
                     renameEntity(world, ref, name);
                     return Value();
                   }});
}

Answer renameOneDatastore(Operation& op) {
  renameEntity(op.world, op.self.ref, op.text("newName"));
  return {};
}

// ---- moving

// Throws what a move of the entity into the folder is refused with.
void needMovable(World& world, const ManagedObject& moved, const ManagedObject& folder) {
  if (isFixed(world, moved) || moved.type().isA("ResourcePool") || moved.type().isA("HostSystem")) {
    throw notSupported("The operation is not supported on the object.");
  }
  if (isBelow(world, folder.ref, moved.ref)) {
    throw makeFault("InvalidFolder", "The folder cannot be moved into itself or a folder below it.",
                    {{"target", moved.ref}});
  }
  const auto from = ancestorOf(world.inventory, moved.ref, "Datacenter");
  const auto to = ancestorOf(world.inventory, folder.ref, "Datacenter");
  if (!moved.type().isA("Datacenter") && from != to) throw invalidArgument("list", "another datacenter");
  if (!moved.type().isA("Folder") || moved.type().isA("StoragePod")) {
    needTakes(folder, moved.ref.type);
    return;
  }
  // A folder of machines fits into a folder of machines only.
  const List* types = moved.state.at("childType").asList();
  if (types && !types->items.empty() && !takes(folder, types->items.back().string())) {
    throw notSupported("The folder is of another kind.");
  }
}

void settlePod(World& world, const MoRef& pod) {
  if (pod.type != "StoragePod") return;
  std::int64_t capacity = 0, freeSpace = 0;
  const Value state = world.inventory.need(pod.id).state;
  for (const MoRef& each : refsOfList(state.at("childEntity"))) {
    const Value& summary = world.inventory.need(each.id).state.at("summary");
    capacity += summary.at("capacity").asInteger().value_or(0);
    freeSpace += summary.at("freeSpace").asInteger().value_or(0);
  }
  world.inventory.replace(pod.id,
                          state.with("summary.capacity", capacity).with("summary.freeSpace", freeSpace));
}

void moveOne(World& world, const MoRef& moved, const MoRef& folder) {
  const ManagedObject* object = world.inventory.find(moved.id);
  if (!object) throw objectNotFound(moved);
  const auto from = parentOf(world, moved);
  if (from == folder) return;
  needMovable(world, *object, world.inventory.need(folder.id));
  if (moved.type != "Datastore")
    needFreeName(world, folder, moved.type, object->state.at("name").string(), moved);
  if (from) dropRef(world, *from, "childEntity", moved);
  world.inventory.set(moved.id, "parent", folder);
  addRef(world, folder, "childEntity", moved);
  if (from) settlePod(world, *from);
  settlePod(world, folder);
}

Answer moveIntoFolder(Operation& op) {
  const std::vector<MoRef> moved = op.refs("list");
  if (moved.empty()) throw invalidArgument("list");
  for (const MoRef& each : moved) {
    const ManagedObject* found = op.scope.find(each);
    if (!found || !op.scope.sees(each.id)) throw objectNotFound(each);
    const TypePrivileges* privileges = privilegesOf(*found);
    if (!privileges) throw notSupported("The operation is not supported on the object.");
    op.need(each, privileges->move);
    op.need(op.self.ref, privileges->move);
    needMovable(op.world, *found, op.self);
  }
  return op.start(
      {.descriptionId = "Folder.moveInto", .finish = [&world = op.world, moved, folder = op.self.ref] {
         for (const MoRef& each : moved) moveOne(world, each, folder);
         return Value();
       }});
}

constexpr std::array<OperationEntry, 9> foldersEntries{{
    {"CreateFolder", createFolder},
    {"CreateDatacenter", createDatacenter},
    {"CreateClusterEx", createCluster},
    {"CreateCluster", createCluster},
    {"CreateStoragePod", createStoragePod},
    {"Rename_Task", rename},
    {"RenameDatastore", renameOneDatastore},
    {"MoveIntoFolder_Task", moveIntoFolder},
    {"Destroy_Task", destroyEntity},
}};

}  // namespace

std::span<const OperationEntry> folderOperations() {
  return foldersEntries;
}

}  // namespace failback::mock
