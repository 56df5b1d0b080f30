// SPDX-License-Identifier: GPL-2.0-or-later
// Clusters and datastore clusters: their configuration, their hosts, what they can run.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mocks/cluster_config.h"
#include "mocks/entity_tools.h"
#include "mocks/operation_tables.h"
#include "mocks/search_index.h"

namespace failback::mock {

namespace {

Answer reconfigureResource(Operation& op) {
  const bool cluster = op.self.type().isA("ClusterComputeResource");
  const Value spec = op.get("spec");
  const bool clusterSpec =
      spec.asObject()->type().isA("ClusterConfigSpecEx") || spec.asObject()->type().isA("ClusterConfigSpec");
  if (clusterSpec && !cluster) throw invalidArgument("spec");
  return op.start(
      {.descriptionId = "ComputeResource.reconfigureEx",
       .finish = [&world = op.world, ref = op.self.ref, spec, cluster, modify = op.flag("modify")] {
         if (cluster) {
           reconfigureCluster(world, ref, spec, modify);
           return Value();
         }
         Value config = world.inventory.need(ref.id).state.at("configurationEx");
         for (const std::string_view member : {"vmSwapPlacement", "spbmEnabled"}) {
           if (spec.at(member).isSet()) config = config.with(member, spec.at(member));
         }
         world.inventory.set(ref.id, "configurationEx", config);
         return Value();
       }});
}

Answer configurePod(Operation& op) {
  const MoRef pod = op.object("pod", "StoragePod").ref;
  op.need(pod, "StoragePod.Config");
  return op.start({.descriptionId = "StorageResourceManager.configureStorageDrsForPod",
                   .finish =
                       [&world = op.world, pod, spec = op.get("spec"), modify = op.flag("modify")] {
                         if (!world.inventory.find(pod.id)) throw objectNotFound(pod);
                         reconfigurePod(world, pod, spec, modify);
                         return Value();
                       },
                   .entity = pod});
}

bool namesMachine(const Value& config, const Value& rule, const MoRef& vm) {
  const TypeInfo& type = rule.asObject()->type();
  if (type.find("vm")) return holds(refsOfList(rule.at("vm")), vm);
  if (!type.isA("ClusterVmHostRuleInfo")) return false;
  for (const Value& group : itemsOf(config.at("group"))) {
    const bool named = group.at("name").string() == rule.at("vmGroupName").string();
    if (named && group.asObject()->type().find("vm") && holds(refsOfList(group.at("vm")), vm)) return true;
  }
  return false;
}

Answer findRules(Operation& op) {
  const MoRef vm = op.object("vm", "VirtualMachine").ref;
  const Value& config = op.self.state.at("configurationEx");
  std::vector<Value> found;
  for (const Value& rule : itemsOf(config.at("rule"))) {
    if (namesMachine(config, rule, vm)) found.push_back(rule);
  }
  return {found.empty() ? Value() : list(std::move(found)), {}};
}

// ---- hosts that change cluster

void needMovable(World& world, const ManagedObject& host, const MoRef& cluster) {
  if (ancestorOf(world.inventory, host.ref, "Datacenter") !=
      ancestorOf(world.inventory, cluster, "Datacenter")) {
    throw invalidArgument("host", "it is in another datacenter");
  }
  const bool clustered = parentOf(world, host.ref)->type == "ClusterComputeResource";
  if (clustered && !*host.state.at("runtime.inMaintenanceMode").asBool()) {
    throw makeFault("InvalidState",
                    "The operation is not allowed in the current state: the host is not in "
                    "maintenance mode.");
  }
}

// The hosts that each hardware version of a cluster can be had on.
void settleHardwareVersions(World& world, const MoRef& cluster, const MoRef& like) {
  const Value& state = world.inventory.need(cluster.id).state;
  const MoRef* mine = state.at("environmentBrowser").asRef();
  const MoRef* theirs = world.inventory.need(like.id).state.at("environmentBrowser").asRef();
  const auto known = world.configOptions.find(mine->id);
  const auto other = world.configOptions.find(theirs->id);
  if (known == world.configOptions.end() && other == world.configOptions.end()) return;
  std::vector<Value> versions = itemsOf(known != world.configOptions.end() ? known->second : other->second);
  for (Value& each : versions) each = each.with("host", state.at("host"));
  world.configOptions.insert_or_assign(mine->id, list(std::move(versions)));
}

void moveHost(World& world, const MoRef& host, const MoRef& cluster, const MoRef& pool) {
  const ManagedObject* found = world.inventory.find(host.id);
  if (!found) throw objectNotFound(host);
  const MoRef from = *parentOf(world, host);
  if (from == cluster) return;
  needMovable(world, *found, cluster);
  const std::vector<MoRef> machines = refsOfList(found->state.at("vm"));
  dropRef(world, from, "host", host);
  world.inventory.set(host.id, "parent", cluster);
  addRef(world, cluster, "host", host);
  for (const MoRef& vm : machines) {
    dropOverrides(world, vm);
    const MoRef* old = world.inventory.need(vm.id).state.at("resourcePool").asRef();
    if (!old) continue;
    dropRef(world, MoRef(*old), "vm", vm);
    world.inventory.set(vm.id, "resourcePool", pool);
    addRef(world, pool, "vm", vm);
  }
  settleCluster(world, from);
  settleCluster(world, cluster);
  settleHardwareVersions(world, cluster, from);
  settleHardwareVersions(world, from, cluster);
}

Answer moveHosts(Operation& op, std::string_view descriptionId, std::vector<MoRef> hosts, MoRef pool) {
  for (const MoRef& each : hosts) {
    const ManagedObject* host = op.scope.find(each);
    if (!host || !op.scope.sees(each.id)) throw objectNotFound(each);
    if (!host->type().isA("HostSystem")) throw invalidArgument("host");
    op.need(each, "Host.Inventory.MoveHost");
    needMovable(op.world, *host, op.self.ref);
  }
  return op.start({.descriptionId = descriptionId,
                   .finish = [&world = op.world, cluster = op.self.ref, hosts = std::move(hosts), pool] {
                     for (const MoRef& each : hosts) moveHost(world, each, cluster, pool);
                     return Value();
                   }});
}

Answer moveInto(Operation& op) {
  return moveHosts(op, "ClusterComputeResource.moveInto", op.refs("host"),
                   *op.self.state.at("resourcePool").asRef());
}

Answer moveHostInto(Operation& op) {
  MoRef pool = *op.self.state.at("resourcePool").asRef();
  if (op.get("resourcePool").isSet()) {
    const ManagedObject& given = op.object("resourcePool", "ResourcePool");
    if (*given.state.at("owner").asRef() != op.self.ref) throw invalidArgument("resourcePool");
    pool = given.ref;
  }
  return moveHosts(op, "ClusterComputeResource.moveHostInto", {op.object("host", "HostSystem").ref}, pool);
}

// ---- recommendations: nothing is out of balance here, so there are none to show, apply or cancel

Answer refreshRecommendation(Operation& op) {
  const bool* enabled = op.self.state.at("configurationEx.drsConfig.enabled").asBool();
  if (!enabled || !*enabled) throw notSupported("DRS is not enabled on the cluster.");
  return {};
}

Answer unknownRecommendation(Operation& op) {
  op.need(op.self.ref, "Resource.ApplyRecommendation");
  throw invalidArgument("key");
}

Answer refreshPodRecommendation(Operation& op) {
  const ManagedObject& pod = op.object("pod", "StoragePod");
  op.need(pod.ref, "StoragePod.Config");
  const bool* enabled = pod.state.at("podStorageDrsEntry.storageDrsConfig.podConfig.enabled").asBool();
  if (!enabled || !*enabled) throw notSupported("Storage DRS is not enabled on the datastore cluster.");
  return {};
}

// ---- distributed switches

Answer switchByUuid(Operation& op) {
  const std::string uuid = op.text("uuid");
  for (const ManagedObject* each : op.world.inventory.all("DistributedVirtualSwitch")) {
    if (each->state.at("uuid").string() == uuid && op.scope.sees(each->ref.id)) return {each->ref, {}};
  }
  throw makeFault("NotFound", "The switch was not found.");
}

Answer lookupPortGroup(Operation& op) {
  const std::string uuid = op.text("switchUuid"), key = op.text("portgroupKey");
  for (const ManagedObject* each : op.world.inventory.all("DistributedVirtualSwitch")) {
    if (each->state.at("uuid").string() != uuid) continue;
    for (const MoRef& group : refsOfList(each->state.at("portgroup"))) {
      const ManagedObject* found = op.scope.find(group);
      if (found && op.scope.sees(group.id) && found->state.at("key").string() == key) return {group, {}};
    }
  }
  throw makeFault("NotFound", "The port group was not found.");
}

constexpr std::array<OperationEntry, 12> clustersEntries{{
    {"ReconfigureComputeResource_Task", reconfigureResource},
    {"ReconfigureCluster_Task", reconfigureResource},
    {"ConfigureStorageDrsForPod_Task", configurePod},
    {"FindRulesForVm", findRules},
    {"MoveInto_Task", moveInto},
    {"MoveHostInto_Task", moveHostInto},
    {"RefreshRecommendation", refreshRecommendation},
    {"ApplyRecommendation", unknownRecommendation},
    {"CancelRecommendation", unknownRecommendation},
    {"RefreshStorageDrsRecommendation", refreshPodRecommendation},
    {"QueryDvsByUuid", switchByUuid},
    {"DVSManagerLookupDvPortGroup", lookupPortGroup},
}};

}  // namespace

std::span<const OperationEntry> clusterOperations() {
  return clustersEntries;
}

}  // namespace failback::mock
