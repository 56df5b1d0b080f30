// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/destroy.h"

#include <fmt/format.h>

#include <algorithm>

#include "mocks/cluster_config.h"
#include "mocks/entity_tools.h"
#include "mocks/vapps.h"
#if __has_include("mocks/vm_lifecycle.h")
#include "mocks/vm_lifecycle.h"
#define FAILBACK_MOCK_DESTROYS_MACHINES 1
#endif

namespace failback::mock {

namespace {

void destroyMachine(World& world, const MoRef& vm) {
#ifdef FAILBACK_MOCK_DESTROYS_MACHINES
  (void)destroyVm(world, vm);
#else
  (void)world;
  throw notSupported(fmt::format("mock-vcenter does not model destroying {} yet.", vm.id));
#endif
}

bool isOn(const World& world, const MoRef& vm) {
  const ManagedObject* found = world.inventory.find(vm.id);
  return found && found->state.at("runtime.powerState").string() != "poweredOff";
}

void needAllOff(const World& world, const std::vector<MoRef>& machines) {
  const auto on =
      std::find_if(machines.begin(), machines.end(), [&](const MoRef& vm) { return isOn(world, vm); });
  if (on == machines.end()) return;
  throw makeFault("InvalidState",
                  fmt::format("The operation is not allowed in the current state: {} is powered on.",
                              world.inventory.need(on->id).state.at("name").string()));
}

void removeEntity(World& world, const MoRef& entity) {
  if (const auto parent = parentOf(world, entity)) dropRef(world, *parent, "childEntity", entity);
  world.inventory.remove(entity.id);
}

void destroy(World& world, const MoRef& entity);

void destroyChildren(World& world, const MoRef& folder) {
  const std::vector<MoRef> children = refsOfList(world.inventory.need(folder.id).state.at("childEntity"));
  for (const MoRef& each : children) destroy(world, each);
}

// Networks go with their datacenter.
void destroyDatacenter(World& world, const MoRef& datacenter) {
  const Value state = world.inventory.need(datacenter.id).state;
  for (const std::string_view folder : {"hostFolder", "vmFolder", "datastoreFolder", "networkFolder"}) {
    const MoRef ref = *state.at(folder).asRef();
    if (folder == "hostFolder" || folder == "datastoreFolder") {
      destroyChildren(world, ref);
    } else {
      for (const MoRef& each : refsOfList(world.inventory.need(ref.id).state.at("childEntity"))) {
        destroy(world, each);
      }
    }
    world.inventory.remove(ref.id);
  }
  removeEntity(world, datacenter);
}

// A vApp goes with all that is in it.
void destroyVapp(World& world, const MoRef& vapp) {
  const Value state = world.inventory.need(vapp.id).state;
  for (const std::string_view children : {"resourcePool", "vm"}) {
    for (const MoRef& each : refsOfList(state.at(children))) destroy(world, each);
  }
  removeVapp(world, vapp);
}

void removePools(World& world, const MoRef& pool) {
  const ManagedObject* found = world.inventory.find(pool.id);
  if (!found) return;
  const std::vector<MoRef> children = refsOfList(found->state.at("resourcePool"));
  for (const MoRef& each : children) removePools(world, each);
  world.inventory.remove(pool.id);
}

void destroyComputeResource(World& world, const MoRef& resource) {
  const Value state = world.inventory.need(resource.id).state;
  for (const MoRef& host : refsOfList(state.at("host"))) removeHost(world, host);
  removePools(world, *state.at("resourcePool").asRef());
  if (const MoRef* browser = state.at("environmentBrowser").asRef()) {
    world.configOptions.erase(browser->id);
    world.inventory.remove(browser->id);
  }
  if (resource.type == "ClusterComputeResource") {
    world.events.post("ClusterDestroyedEvent", resource,
                      fmt::format("Removed cluster {}", state.at("name").string()));
  }
  removeEntity(world, resource);
}

void destroy(World& world, const MoRef& entity) {
  const ManagedObject* found = world.inventory.find(entity.id);
  if (!found) throw objectNotFound(entity);
  const TypeInfo& type = found->type();
  if (type.isA("VirtualMachine")) return destroyMachine(world, entity);
  if (type.isA("VirtualApp")) return destroyVapp(world, entity);
  if (type.isA("ResourcePool")) return destroyPool(world, entity);
  if (type.isA("HostSystem")) return removeHost(world, entity);
  if (type.isA("ComputeResource")) return destroyComputeResource(world, entity);
  if (type.isA("Datacenter")) return destroyDatacenter(world, entity);
  if (type.isA("Datastore")) return removeDatastore(world, entity);
  if (type.isA("Folder")) destroyChildren(world, entity);
  removeEntity(world, entity);
}

struct DestroyRule {
  std::string_view type, privilege, descriptionId;
};
constexpr std::array<DestroyRule, 9> rules{{
    {"VirtualMachine", "VirtualMachine.Inventory.Delete", "VirtualMachine.destroy"},
    {"StoragePod", "Folder.Delete", "Folder.destroy"},
    {"Folder", "Folder.Delete", "Folder.destroy"},
    {"Datacenter", "Datacenter.Delete", "Datacenter.destroy"},
    {"ClusterComputeResource", "Host.Inventory.DeleteCluster", "ClusterComputeResource.destroy"},
    {"HostSystem", "Host.Inventory.RemoveHostFromCluster", "HostSystem.destroy"},
    {"VirtualApp", "VApp.Delete", "VirtualApp.destroy"},
    {"ResourcePool", "Resource.DeletePool", "ResourcePool.destroy"},
    {"Datastore", "Datastore.Delete", "Datastore.destroy"},
}};

const DestroyRule* ruleFor(const ManagedObject& entity) {
  for (const DestroyRule& each : rules) {
    if (entity.type().isA(each.type)) return &each;
  }
  return nullptr;
}

// What can be told before anything is touched.
void needDestroyable(World& world, const ManagedObject& entity) {
  const TypeInfo& type = entity.type();
  if (type.isA("HostSystem")) {
    const bool connected = entity.state.at("runtime.connectionState").string() == "connected";
    if (connected && !*entity.state.at("runtime.inMaintenanceMode").asBool()) {
      throw makeFault("InvalidState", "The host is neither disconnected nor in maintenance mode.");
    }
    return;
  }
  if (type.isA("ClusterComputeResource") || type.isA("Datacenter")) {
    for (const ManagedObject* host : world.inventory.all("HostSystem")) {
      if (isBelow(world, host->ref, entity.ref)) needDestroyable(world, *host);
    }
    return;
  }
  if (type.isA("VirtualApp")) return needAllOff(world, machinesBelow(world, entity.ref));
  if (type.isA("Folder")) {
    if (type.name == "Folder" || type.name == "StoragePod")
      needAllOff(world, machinesBelow(world, entity.ref));
    for (const MoRef& each : refsOfList(entity.state.at("childEntity"))) {
      needDestroyable(world, world.inventory.need(each.id));
    }
    return;
  }
  if (type.isA("Datastore") && !refsOfList(entity.state.at("vm")).empty()) {
    throw makeFault("ResourceInUse", "The resource is in use.",
                    {{"type", "Datastore"}, {"name", entity.state.at("name")}});
  }
}

}  // namespace

bool isFixed(const World& world, const ManagedObject& entity) {
  const auto parent = parentOf(world, entity.ref);
  if (entity.type().isA("ResourcePool"))
    return parent && world.inventory.need(parent->id).type().isA("ComputeResource");
  if (!entity.type().isA("Folder")) return false;
  return !parent || parent->type == "Datacenter";
}

void removeHost(World& world, const MoRef& host) {
  const Value state = world.inventory.need(host.id).state;
  for (const MoRef& vm : refsOfList(state.at("vm"))) forgetMachine(world, vm);
  world.events.post("HostRemovedEvent", host, fmt::format("Removed host {}", state.at("name").string()));
  for (const MoRef& each : refsOfList(state.at("datastore"))) {
    const Value mounts = world.inventory.need(each.id).state.at("host");
    std::vector<Value> kept;
    const List* items = mounts.asList();
    for (const Value& mount : items ? items->items : std::vector<Value>{}) {
      if (*mount.at("key").asRef() != host) kept.push_back(mount);
    }
    world.inventory.set(each.id, "host", list(std::move(kept)));
  }
  for (const MoRef& each : refsOfList(state.at("network"))) dropRef(world, each, "host", host);
  for (const DataObject::Member& manager : state.at("configManager").asObject()->members()) {
    world.inventory.remove(manager.value.asRef()->id);
  }
  world.inventory.remove(state.at("datastoreBrowser").asRef()->id);
  world.unreachableHosts.erase(host.id);
  const MoRef* parent = state.at("parent").asRef();
  dropRef(world, *parent, "host", host);
  world.inventory.remove(host.id);
  settleCluster(world, *parent);
}

void removeDatastore(World& world, const MoRef& datastore) {
  const Value state = world.inventory.need(datastore.id).state;
  const auto parent = parentOf(world, datastore);
  world.events.post("DatastoreDestroyedEvent", datastore,
                    fmt::format("Removed datastore {}", state.at("name").string()),
                    {{"datastore", world.events.datastoreArgument(datastore)}});
  for (const std::string_view type :
       {"HostSystem", "HostDatastoreSystem", "HostDatastoreBrowser", "ComputeResource", "Datacenter"}) {
    for (const ManagedObject* each : world.inventory.all(type)) {
      dropRef(world, MoRef(each->ref), "datastore", datastore);
    }
  }
  world.inventory.remove(state.at("browser").asRef()->id);
  if (parent) dropRef(world, *parent, "childEntity", datastore);
  world.inventory.remove(datastore.id);
}

Answer destroyEntity(Operation& op) {
  const DestroyRule* rule = ruleFor(op.self);
  if (!rule || isFixed(op.world, op.self))
    throw notSupported("The operation is not supported on the object.");
  op.need(op.self.ref, rule->privilege);
  return op.start({.descriptionId = rule->descriptionId, .finish = [&world = op.world, ref = op.self.ref] {
                     const ManagedObject* found = world.inventory.find(ref.id);
                     if (!found) throw objectNotFound(ref);
                     needDestroyable(world, *found);
                     destroy(world, ref);
                     return Value();
                   }});
}

}  // namespace failback::mock
