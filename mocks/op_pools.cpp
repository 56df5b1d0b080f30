// SPDX-License-Identifier: GPL-2.0-or-later
// Resource pools: making, changing, moving and removing them, and what machines are in them.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mocks/destroy.h"
#include "mocks/entity_tools.h"
#include "mocks/operation_tables.h"
#include "mocks/site.h"
#include "mocks/vapps.h"

namespace failback::mock {

namespace {

constexpr std::int64_t mebibyte = 1LL << 20;

struct Resource {
  std::string_view allocation, usage;  // members of ResourceConfigSpec and ResourcePoolRuntimeInfo
  std::int64_t unit;                   // of usage, in units of the allocation: MHz and MHz, MB and bytes
  std::int32_t normalShares;
  std::string_view fault;
};
constexpr std::array<Resource, 2> resources{
    {{"cpuAllocation", "cpu", 1, 4000, "InsufficientCpuResourcesFault"},
     {"memoryAllocation", "memory", mebibyte, 163'840, "InsufficientMemoryResourcesFault"}}};

std::int64_t reservationOf(const Value& config, const Resource& resource) {
  return config.at(resource.allocation).at("reservation").asInteger().value_or(0);
}

// Level and number of shares are one setting, except for custom ones.
Value completeShares(const Value& shares, const Resource& resource) {
  const std::string_view level = shares.at("level").string();
  if (level == "low") return shares.with("shares", resource.normalShares / 2);
  if (level == "normal") return shares.with("shares", resource.normalShares);
  return level == "high" ? shares.with("shares", resource.normalShares * 2) : shares;
}

// An allocation as the spec changes it. Throws InvalidArgument for one that cannot be.
Value changedAllocation(const Value& present, const Value& spec, const Resource& resource) {
  if (!spec.isSet()) return present;
  Value changed = present;
  for (const std::string_view member : {"reservation", "expandableReservation", "limit", "overheadLimit"}) {
    if (spec.at(member).isSet()) changed = changed.with(member, spec.at(member));
  }
  if (spec.at("shares").isSet())
    changed = changed.with("shares", completeShares(spec.at("shares"), resource));
  const std::int64_t reservation = changed.at("reservation").asInteger().value_or(0);
  const std::int64_t limit = changed.at("limit").asInteger().value_or(-1);
  if (reservation < 0 || limit < -1 || (limit >= 0 && reservation > limit)) {
    throw invalidArgument(fmt::format("spec.{}.reservation", resource.allocation));
  }
  return changed;
}

Value changedConfig(const Value& present, const Value& spec) {
  Value changed = present;
  for (const Resource& each : resources) {
    changed = changed.with(each.allocation,
                           changedAllocation(present.at(each.allocation), spec.at(each.allocation), each));
  }
  if (spec.at("scaleDescendantsShares").isSet()) {
    changed = changed.with("scaleDescendantsShares", spec.at("scaleDescendantsShares"));
  }
  return changed;
}

void needComplete(const Value& spec, std::string_view parameter) {
  for (const Resource& each : resources) {
    for (const std::string_view member : {"reservation", "expandableReservation", "limit", "shares"}) {
      if (spec.at(each.allocation).at(member).isSet()) continue;
      throw invalidArgument(fmt::format("{}.{}.{}", parameter, each.allocation, member));
    }
  }
}

// Whether the parent has what a child would reserve beyond what it has now.
void needResources(World& world, const MoRef& parent, const Value& before, const Value& after) {
  const Value& state = world.inventory.need(parent.id).state;
  for (const Resource& each : resources) {
    const std::int64_t more = (reservationOf(after, each) - reservationOf(before, each)) * each.unit;
    const std::int64_t left =
        state.at("runtime").at(each.usage).at("unreservedForPool").asInteger().value_or(0);
    if (more <= left) continue;
    throw makeFault(each.fault, "The host or pool does not have enough resources for the reservation.",
                    {{"unreserved", left}, {"requested", more}});
  }
}

void storeConfig(World& world, const MoRef& pool, const Value& config) {
  const std::string now = world.now();
  const Value stamped = config.with("changeVersion", now).with("lastModified", Value::dateTime(now));
  Value state = world.inventory.need(pool.id).state;
  state = state.with("config", stamped).with("summary.config", stamped);
  world.inventory.replace(pool.id, std::move(state));
}

Value emptyConfig(const MoRef& pool) {
  const auto allocation = [](std::int32_t shares) {
    return object("ResourceAllocationInfo",
                  {{"reservation", std::int64_t{0}},
                   {"expandableReservation", true},
                   {"limit", std::int64_t{-1}},
                   {"shares", object("SharesInfo", {{"shares", shares}, {"level", "normal"}})}});
  };
  return object("ResourceConfigSpec", {{"entity", pool},
                                       {"cpuAllocation", allocation(resources[0].normalShares)},
                                       {"memoryAllocation", allocation(resources[1].normalShares)}});
}

// A new pool can use all that its parent can.
Value newRuntime(const Value& parentRuntime) {
  Value runtime = parentRuntime;
  for (const Resource& each : resources) {
    const Value usage = runtime.at(each.usage)
                            .with("reservationUsed", std::int64_t{0})
                            .with("reservationUsedForVm", std::int64_t{0})
                            .with("overallUsage", std::int64_t{0});
    runtime = runtime.with(each.usage, usage);
  }
  return runtime;
}

Answer createPool(Operation& op) {
  return {addPool(op.world, {op.self.ref, op.text("name"), "ResourcePool", "spec"}, op.get("spec")), {}};
}

// Changes the configuration of a pool, or throws and changes nothing.
void reconfigure(World& world, const MoRef& pool, const Value& spec) {
  const Value state = world.inventory.need(pool.id).state;
  const std::string_view expected = spec.at("changeVersion").string();
  if (!expected.empty() && expected != state.at("config.changeVersion").string()) {
    throw makeFault("ConcurrentAccess", "The resource pool was changed by someone else since it was read.");
  }
  const Value config = changedConfig(state.at("config"), spec);
  const MoRef parent = *state.at("parent").asRef();
  const bool top = !world.inventory.need(parent.id).type().isA("ResourcePool");
  if (!top) needResources(world, parent, state.at("config"), config);
  storeConfig(world, pool, config);
  if (!top) settlePool(world, parent);
  world.events.post("ResourcePoolReconfiguredEvent", pool,
                    fmt::format("Updated configuration for resource pool {}", state.at("name").string()),
                    {{"resourcePool", world.events.poolArgument(pool)}});
}

Answer updateConfig(Operation& op) {
  const MoRef pool = op.self.ref;
  const std::string name = op.text("name");
  const Value& config = op.get("config");
  if (!name.empty()) op.need(pool, "Resource.RenamePool");
  if (config.isSet()) op.need(pool, "Resource.EditPool");
  // A cluster's root pool is the sum of its hosts.
  if (isFixed(op.world, op.self)) throw notSupported("The root resource pool cannot be changed.");
  if (!name.empty()) {
    needGoodName(name, pool);
    needFreeName(op.world, *parentOf(op.world, pool), "ResourcePool", storedName(name), pool);
  }
  if (config.isSet()) reconfigure(op.world, pool, config);
  if (!name.empty()) renameEntity(op.world, pool, name);
  return {};
}

Answer updateChildren(Operation& op) {
  const List* specs = op.get("spec").asList();
  std::vector<std::pair<MoRef, Value>> changes;
  for (const Value& spec : specs ? specs->items : std::vector<Value>{}) {
    const MoRef* child = spec.at("entity").asRef();
    if (!child || !holds(refsOfList(op.self.state.at("resourcePool")), *child)) {
      throw invalidArgument("spec.entity");
    }
    op.need(*child, "Resource.EditPool");
    changes.emplace_back(*child, spec);
  }
  for (const auto& [child, spec] : changes) reconfigure(op.world, child, spec);
  return {};
}

void movePool(World& world, const MoRef& pool, const MoRef& to) {
  const Value state = world.inventory.need(pool.id).state;
  const MoRef from = *state.at("parent").asRef();
  if (from == to) return;
  dropRef(world, from, "resourcePool", pool);
  world.inventory.set(pool.id, "parent", to);
  addRef(world, to, "resourcePool", pool);
  settlePool(world, from);
  settlePool(world, to);
  world.events.post("ResourcePoolMovedEvent", pool,
                    fmt::format("Moved resource pool {}", state.at("name").string()),
                    {{"resourcePool", world.events.poolArgument(pool)},
                     {"oldParent", world.events.poolArgument(from)},
                     {"newParent", world.events.poolArgument(to)}});
}

void moveMachine(World& world, const MoRef& vm, const MoRef& to) {
  const Value state = world.inventory.need(vm.id).state;
  const MoRef* from = state.at("resourcePool").asRef();
  if (from && *from == to) return;
  if (from) changeVapp(world, vm, *from, to);
  if (from) dropRef(world, *from, "vm", vm);
  world.inventory.set(vm.id, "resourcePool", to);
  addRef(world, to, "vm", vm);
  if (!from) return;
  world.events.post("VmResourcePoolMovedEvent", vm,
                    fmt::format("Moved {} to another resource pool", state.at("name").string()),
                    {{"template", false},
                     {"oldParent", world.events.poolArgument(*from)},
                     {"newParent", world.events.poolArgument(to)}});
}

// Throws what a move into the pool is refused with.
void needMovable(Operation& op, const ManagedObject& moved) {
  const MoRef pool = op.self.ref;
  if (moved.type().isA("VirtualMachine")) {
    op.need(moved.ref, "Resource.AssignVMToPool");
    op.need(pool, "Resource.AssignVMToPool");
    const MoRef* host = moved.state.at("runtime.host").asRef();
    const MoRef* from = moved.state.at("resourcePool").asRef();
    if (!from) throw notSupported("A template is in no resource pool.");
    const auto resource = host ? parentOf(op.world, *host) : std::nullopt;
    if (resource && *resource != *op.self.state.at("owner").asRef()) {
      throw invalidArgument("list", "the machine runs in another compute resource");
    }
    return;
  }
  if (!moved.type().isA("ResourcePool")) throw invalidArgument("list");
  if (isFixed(op.world, moved)) throw notSupported("The root resource pool cannot be moved.");
  op.need(moved.ref, "Resource.MovePool");
  op.need(pool, "Resource.MovePool");
  if (moved.state.at("owner") != op.self.state.at("owner")) throw invalidArgument("list");
  if (isBelow(op.world, pool, moved.ref)) throw invalidArgument("list", "a pool cannot be below itself");
  needFreeName(op.world, pool, "ResourcePool", moved.state.at("name").string(), moved.ref);
  if (parentOf(op.world, moved.ref) != pool) {
    needResources(op.world, pool, emptyConfig(moved.ref), moved.state.at("config"));
  }
}

Answer moveIntoPool(Operation& op) {
  const std::vector<MoRef> moved = op.refs("list");
  const MoRef pool = op.self.ref;
  for (const MoRef& each : moved) {
    const ManagedObject* found = op.scope.find(each);
    if (!found || !op.scope.sees(each.id)) throw objectNotFound(each);
    needMovable(op, *found);
  }
  for (const MoRef& each : moved) {
    if (each.type == "VirtualMachine") {
      moveMachine(op.world, each, pool);
    } else {
      movePool(op.world, each, pool);
    }
  }
  return {};
}

Answer destroyChildren(Operation& op) {
  const MoRef pool = op.self.ref;
  const std::vector<MoRef> children = refsOfList(op.self.state.at("resourcePool"));
  for (const MoRef& each : children) op.need(each, "Resource.DeletePool");
  std::vector<MoRef> left = children;
  while (!left.empty()) {
    // Each gives its own children to this pool before it goes.
    destroyPool(op.world, left.back());
    left = refsOfList(op.world.inventory.need(pool.id).state.at("resourcePool"));
  }
  settlePool(op.world, pool);
  return {};
}

// The runtime is always fresh here.
Answer refreshRuntime(Operation&) {
  return {};
}

constexpr std::array<OperationEntry, 6> poolsEntries{{
    {"CreateResourcePool", createPool},
    {"UpdateConfig", updateConfig},
    {"UpdateChildResourceConfiguration", updateChildren},
    {"MoveIntoResourcePool", moveIntoPool},
    {"DestroyChildren", destroyChildren},
    {"RefreshRuntime", refreshRuntime},
}};

}  // namespace

MoRef addPool(World& world, const NewPool& pool, const Value& spec) {
  const MoRef& parent = pool.parent;
  const std::string name = storedName(pool.name);
  needGoodName(pool.name);
  needFreeName(world, parent, "ResourcePool", name);
  needComplete(spec, pool.parameter);
  const Value owner = world.inventory.need(parent.id).state.at("owner");
  const Value above = world.inventory.need(parent.id).state.at("runtime");
  const bool vapp = pool.type == "VirtualApp";
  MoRef made = freshRef(world, std::string(pool.type), vapp ? "resgroup-v" : "resgroup-");
  const Value config = changedConfig(emptyConfig(made), spec);
  needResources(world, parent, emptyConfig(made), config);
  const Value runtime = newRuntime(above);
  const Value summary = object(vapp ? "VirtualAppSummary" : "ResourcePoolSummary",
                               {{"name", name}, {"config", config}, {"runtime", runtime}});
  std::vector<Field> fields = entity(name, parent);
  fields.insert(fields.end(), {{"summary", summary},
                               {"runtime", runtime},
                               {"owner", owner},
                               {"resourcePool", std::vector<Value>{}},
                               {"vm", std::vector<Value>{}},
                               {"config", config}});
  world.inventory.add(made, object(pool.type, fields));
  storeConfig(world, made, config);
  addRef(world, parent, "resourcePool", made);
  settlePool(world, parent);
  world.events.post(
      "ResourcePoolCreatedEvent", made, fmt::format("Created resource pool {}", name),
      {{"resourcePool", world.events.poolArgument(made)}, {"parent", world.events.poolArgument(parent)}});
  return made;
}

// Children's reservations come out of what the pool has; what a pool may still give follows.
void settlePool(World& world, const MoRef& pool) {
  Value state = world.inventory.need(pool.id).state;
  Value runtime = state.at("runtime");
  std::vector<MoRef> children = refsOfList(state.at("resourcePool"));
  for (const Resource& each : resources) {
    std::int64_t used = 0;
    for (const MoRef& child : children) {
      used += reservationOf(world.inventory.need(child.id).state.at("config"), each) * each.unit;
    }
    Value usage = runtime.at(each.usage);
    const std::int64_t left = std::max<std::int64_t>(0, *usage.at("maxUsage").asInteger() - used);
    usage = usage.with("reservationUsed", used).with("unreservedForPool", left).with("unreservedForVm", left);
    runtime = runtime.with(each.usage, usage);
  }
  state = state.with("runtime", runtime).with("summary.runtime", runtime);
  world.inventory.replace(pool.id, std::move(state));
}

void destroyPool(World& world, const MoRef& pool) {
  const Value state = world.inventory.need(pool.id).state;
  const MoRef* parent = state.at("parent").asRef();
  world.events.post("ResourcePoolDestroyedEvent", pool,
                    fmt::format("Removed resource pool {}", state.at("name").string()),
                    {{"resourcePool", world.events.poolArgument(pool)}});
  for (const MoRef& vm : refsOfList(state.at("vm"))) {
    world.inventory.set(vm.id, "resourcePool", *parent);
    addRef(world, *parent, "vm", vm);
  }
  for (const MoRef& child : refsOfList(state.at("resourcePool"))) {
    world.inventory.set(child.id, "parent", *parent);
    addRef(world, *parent, "resourcePool", child);
  }
  dropRef(world, *parent, "resourcePool", pool);
  world.inventory.remove(pool.id);
  settlePool(world, *parent);
}

std::span<const OperationEntry> poolOperations() {
  return poolsEntries;
}

}  // namespace failback::mock
