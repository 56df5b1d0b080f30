// SPDX-License-Identifier: GPL-2.0-or-later
// What of a cluster follows from its hosts: sums, datastores, networks, the root pool's size.
#include <algorithm>
#include <array>

#include "mocks/cluster_config.h"
#include "mocks/entity_tools.h"
#include "mocks/site.h"

namespace failback::mock {

namespace {

struct Sums {
  std::int32_t hosts = 0, usable = 0, cores = 0, megahertz = 0, usableMegahertz = 0;
  std::int64_t memory = 0, usableMemory = 0;
};

std::int32_t whole(const Value& value) {
  return static_cast<std::int32_t>(value.asInteger().value_or(0));
}

Sums sumsOf(const World& world, const std::vector<MoRef>& hosts) {
  Sums sums;
  for (const MoRef& each : hosts) {
    const Value& state = world.inventory.need(each.id).state;
    const Value& hardware = state.at("summary.hardware");
    const std::int32_t megahertz = whole(hardware.at("numCpuCores")) * whole(hardware.at("cpuMhz"));
    const std::int64_t memory = hardware.at("memorySize").asInteger().value_or(0);
    ++sums.hosts;
    sums.cores += whole(hardware.at("numCpuCores"));
    sums.megahertz += megahertz;
    sums.memory += memory;
    const bool* maintenance = state.at("runtime.inMaintenanceMode").asBool();
    if (state.at("runtime.connectionState").string() != "connected" || (maintenance && *maintenance))
      continue;
    ++sums.usable;
    sums.usableMegahertz += megahertz / 10 * 9;
    sums.usableMemory += memory / 10 * 9;
  }
  return sums;
}

Value summed(const Value& summary, const Sums& sums) {
  return summary.with("totalCpu", sums.megahertz)
      .with("totalMemory", sums.memory)
      .with("numCpuCores", sums.cores)
      .with("numCpuThreads", 2 * sums.cores)
      .with("effectiveCpu", sums.usableMegahertz)
      .with("effectiveMemory", sums.usableMemory >> 20)
      .with("numHosts", sums.hosts)
      .with("numEffectiveHosts", sums.usable);
}

std::vector<MoRef> unionOf(const World& world, const std::vector<MoRef>& hosts, std::string_view member) {
  std::vector<MoRef> all;
  for (const MoRef& host : hosts) {
    for (const MoRef& each : refsOfList(world.inventory.need(host.id).state.at(member))) {
      if (!holds(all, each)) all.push_back(each);
    }
  }
  return all;
}

Value allocation(std::int32_t shares) {
  return object("ResourceAllocationInfo",
                {{"reservation", std::int64_t{0}},
                 {"expandableReservation", false},
                 {"limit", std::int64_t{0}},
                 {"shares", object("SharesInfo", {{"shares", shares}, {"level", "normal"}})}});
}

Value noUsage() {
  constexpr std::int64_t none = 0;
  return object("ResourcePoolResourceUsage", {{"reservationUsed", none},
                                              {"reservationUsedForVm", none},
                                              {"unreservedForPool", none},
                                              {"unreservedForVm", none},
                                              {"overallUsage", none},
                                              {"maxUsage", none}});
}

Value resized(const Value& usage, std::int64_t maximum) {
  const std::int64_t used = usage.at("reservationUsed").asInteger().value_or(0);
  const std::int64_t left = std::max<std::int64_t>(0, maximum - used);
  return usage.with("maxUsage", maximum).with("unreservedForPool", left).with("unreservedForVm", left);
}

// All pools of the cluster may use what its hosts have.
void resizePools(World& world, const MoRef& pool, const Sums& sums) {
  Value state = world.inventory.need(pool.id).state;
  const Value runtime = state.at("runtime")
                            .with("cpu", resized(state.at("runtime.cpu"), sums.usableMegahertz))
                            .with("memory", resized(state.at("runtime.memory"), sums.usableMemory));
  state = state.with("runtime", runtime).with("summary.runtime", runtime);
  const std::vector<MoRef> children = refsOfList(state.at("resourcePool"));
  world.inventory.replace(pool.id, std::move(state));
  for (const MoRef& each : children) resizePools(world, each, sums);
}

}  // namespace

void addRootPool(World& world, const MoRef& pool, const MoRef& owner) {
  const std::string now = world.now();
  const Value config = object("ResourceConfigSpec", {{"entity", pool},
                                                     {"changeVersion", now},
                                                     {"lastModified", Value::dateTime(now)},
                                                     {"cpuAllocation", allocation(4000)},
                                                     {"memoryAllocation", allocation(163'840)}});
  const Value runtime = object("ResourcePoolRuntimeInfo",
                               {{"memory", noUsage()}, {"cpu", noUsage()}, {"overallStatus", "green"}});
  std::vector<Field> fields = entity("Resources", owner);
  fields.insert(fields.end(),
                {{"summary", object("ResourcePoolSummary",
                                    {{"name", "Resources"}, {"config", config}, {"runtime", runtime}})},
                 {"runtime", runtime},
                 {"owner", owner},
                 {"resourcePool", std::vector<Value>{}},
                 {"vm", std::vector<Value>{}},
                 {"config", config}});
  world.inventory.add(pool, object("ResourcePool", fields));
}

void settleCluster(World& world, const MoRef& resource) {
  const ManagedObject* found = world.inventory.find(resource.id);
  if (!found || !found->type().isA("ComputeResource")) return;
  Value state = found->state;
  const std::vector<MoRef> hosts = refsOfList(state.at("host"));
  const Sums sums = sumsOf(world, hosts);
  state = state.with("summary", summed(state.at("summary"), sums))
              .with("datastore", listOfRefs(unionOf(world, hosts, "datastore")))
              .with("network", listOfRefs(unionOf(world, hosts, "network")));
  if (found->type().find("summaryEx")) state = state.with("summaryEx", summed(state.at("summaryEx"), sums));
  const MoRef pool = *state.at("resourcePool").asRef();
  world.inventory.replace(resource.id, std::move(state));
  resizePools(world, pool, sums);
}

}  // namespace failback::mock
