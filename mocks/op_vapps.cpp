// SPDX-License-Identifier: GPL-2.0-or-later
// vApps: making, configuring and unregistering them. How they start and stop: op_vapp_power.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mocks/destroy.h"
#include "mocks/entity_tools.h"
#include "mocks/operation_tables.h"
#include "mocks/vapps.h"

namespace failback::mock {

namespace {

bool isChild(World& world, const MoRef& vapp, const MoRef& child) {
  const Value& state = world.inventory.need(vapp.id).state;
  return holds(refsOfList(state.at("vm")), child) || holds(refsOfList(state.at("resourcePool")), child);
}

// What the spec says of a child, over what is known of it.
Value changedEntry(const Value& present, const Value& spec) {
  Value changed = present;
  for (const DataObject::Member& member : spec.asObject()->members()) {
    changed = changed.with(spec.asObject()->type().members[member.index].name, member.value);
  }
  return changed;
}

std::vector<Value> changedEntries(World& world, const MoRef& vapp, std::vector<Value> entries,
                                  const Value& specs) {
  for (const Value& spec : itemsOf(specs)) {
    const MoRef* child = spec.at("key").asRef();
    if (child == nullptr || !isChild(world, vapp, *child)) throw invalidArgument("spec.entityConfig.key");
    if (spec.at("startOrder").asInteger().value_or(0) < 0) {
      throw invalidArgument("spec.entityConfig.startOrder");
    }
    const auto known = std::find_if(entries.begin(), entries.end(),
                                    [&](const Value& each) { return each.at("key") == Value(*child); });
    if (known != entries.end()) {
      *known = changedEntry(*known, spec);
    } else {
      entries.push_back(
          changedEntry(usualEntry(*child, static_cast<std::int32_t>(entries.size() + 1)), spec));
    }
  }
  return entries;
}

// A list that a spec changes element by element (ArrayUpdateSpec), by their keys.
Value changedArray(const Value& present, const Value& specs, std::string_view name) {
  std::vector<Value> items = itemsOf(present);
  for (const Value& spec : itemsOf(specs)) {
    const std::string_view operation = spec.at("operation").string();
    const Value key = operation == "remove" ? spec.at("removeKey") : spec.at("info.key");
    const auto known =
        std::find_if(items.begin(), items.end(), [&](const Value& each) { return each.at("key") == key; });
    if ((operation == "add") != (known == items.end())) {
      throw invalidArgument(
          fmt::format("spec.{}.{}", name, operation == "remove" ? "removeKey" : "info.key"));
    }
    if (operation == "add") {
      items.push_back(spec.at("info"));
    } else if (operation == "edit") {
      *known = changedEntry(*known, spec.at("info"));
    } else {
      items.erase(known);
    }
  }
  return items.empty() ? Value() : list(std::move(items));
}

Value changedConfig(World& world, const MoRef& vapp, const Value& present, const Value& spec) {
  if (spec.at("ovfSection").isSet()) {
    throw notSupported("mock-vcenter does not model OVF sections of vApps yet.");
  }
  Value changed = present;
  for (const std::string_view member :
       {"annotation", "instanceUuid", "managedBy", "eula", "ovfEnvironmentTransport", "installBootRequired",
        "installBootStopDelay"}) {
    if (spec.at(member).isSet()) changed = changed.with(member, spec.at(member));
  }
  if (spec.at("ipAssignment").isSet()) {
    changed = changed.with("ipAssignment", changedEntry(changed.at("ipAssignment"), spec.at("ipAssignment")));
  }
  for (const std::string_view member : {"product", "property"}) {
    changed = changed.with(member, changedArray(changed.at(member), spec.at(member), member));
  }
  return changed.with("entityConfig", changedEntries(world, vapp, itemsOf(changed.at("entityConfig")),
                                                     spec.at("entityConfig")));
}

void storeConfig(World& world, const MoRef& vapp, const Value& config) {
  const std::vector<Value> products = itemsOf(config.at("product"));
  const Value state = world.inventory.need(vapp.id)
                          .state.with("vAppConfig", config)
                          .with("summary.instanceUuid", config.at("instanceUuid"))
                          .with("summary.installBootRequired", config.at("installBootRequired"))
                          .with("summary.product", products.empty() ? Value() : products.front());
  world.inventory.replace(vapp.id, state);
}

Value emptyConfig(World& world) {
  std::string uuid = world.random.uuid();
  uuid.replace(0, 2, "50");
  const Value addresses =
      object("VAppIPAssignmentInfo", {{"ipAllocationPolicy", "fixedPolicy"}, {"ipProtocol", "IPv4"}});
  return object("VAppConfigInfo", {{"ipAssignment", addresses},
                                   {"installBootRequired", false},
                                   {"installBootStopDelay", std::int32_t{0}},
                                   {"annotation", ""},
                                   {"instanceUuid", uuid}});
}

// A vApp within a vApp has no folder of its own; any other needs one.
std::optional<MoRef> folderFor(Operation& op) {
  const bool within = op.self.type().isA("VirtualApp");
  if (within == op.ref("vmFolder").has_value()) throw invalidArgument("vmFolder");
  if (within) return std::nullopt;
  const ManagedObject& folder = op.object("vmFolder", "Folder");
  const std::vector<Value> types = itemsOf(folder.state.at("childType"));
  if (std::find(types.begin(), types.end(), Value("VirtualApp")) == types.end()) {
    throw invalidArgument("vmFolder");
  }
  op.need(folder.ref, "VApp.Create");
  needFreeName(op.world, folder.ref, "VirtualApp", storedName(op.text("name")));
  return folder.ref;
}

Answer createVapp(Operation& op) {
  World& world = op.world;
  if (op.self.state.at("owner").asRef()->type != "ClusterComputeResource" && isEsxi(world)) {
    throw notSupported("vApps are not supported on a host without a vCenter.");
  }
  const std::optional<MoRef> folder = folderFor(op);
  const Value spec = op.get("configSpec");
  if (!itemsOf(spec.at("entityConfig")).empty()) throw invalidArgument("configSpec.entityConfig");
  const Value config = changedConfig(world, {}, emptyConfig(world), spec);
  const MoRef made =
      addPool(world, {op.self.ref, op.text("name"), "VirtualApp", "resSpec"}, op.get("resSpec"));
  const Value state = world.inventory.need(made.id)
                          .state.with("summary.vAppState", "stopped")
                          .with("summary.suspended", false)
                          .with("parentFolder", folder)
                          .with("datastore", std::vector<Value>{})
                          .with("network", std::vector<Value>{});
  world.inventory.replace(made.id, state);
  storeConfig(world, made, config);
  if (folder) addRef(world, *folder, "childEntity", made);
  return {made, {}};
}

bool anySet(const Value& spec, std::initializer_list<std::string_view> members) {
  return std::any_of(members.begin(), members.end(),
                     [&](std::string_view member) { return spec.at(member).isSet(); });
}

Answer updateConfig(Operation& op) {
  const Value& spec = op.get("spec");
  const MoRef vapp = op.self.ref;
  if (anySet(spec, {"entityConfig", "annotation", "instanceUuid", "product", "eula", "ovfSection",
                    "ovfEnvironmentTransport", "installBootRequired", "installBootStopDelay"})) {
    op.need(vapp, "VApp.ApplicationConfig");
  }
  if (anySet(spec, {"property", "ipAssignment"})) op.need(vapp, "VApp.InstanceConfig");
  if (spec.at("managedBy").isSet()) op.need(vapp, "VApp.ManagedByConfig");
  op.world.tasks.needFree(vapp.id);
  storeConfig(op.world, vapp, changedConfig(op.world, vapp, op.self.state.at("vAppConfig"), spec));
  return {};
}

// Files stay: machines are forgotten, and so is the vApp.
void unregister(World& world, const MoRef& vapp) {
  const std::vector<MoRef> inner = refsOfList(world.inventory.need(vapp.id).state.at("resourcePool"));
  for (const MoRef& each : inner) {
    if (each.type == "VirtualApp") unregister(world, each);
  }
  const std::vector<MoRef> machines = refsOfList(world.inventory.need(vapp.id).state.at("vm"));
  for (const MoRef& vm : machines) {
    const std::string name(world.inventory.need(vm.id).state.at("name").string());
    world.events.post("VmRemovedEvent", vm, fmt::format("Removed {}", name), {{"template", false}});
    forgetMachine(world, vm);
  }
  removeVapp(world, vapp);
}

void needStopped(World& world, const MoRef& vapp) {
  for (const VappMember& each : membersOf(world, vapp)) {
    const Value& state = world.inventory.need(each.vm.id).state;
    if (state.at("runtime.powerState").string() == "poweredOff") continue;
    throw makeFault("InvalidState",
                    fmt::format("The operation is not allowed in the current state: {} is not "
                                "powered off.",
                                state.at("name").string()));
  }
}

Answer unregisterVapp(Operation& op) {
  needStopped(op.world, op.self.ref);
  return op.start(
      {.descriptionId = "VirtualApp.unregister", .finish = [&world = op.world, vapp = op.self.ref] {
         if (!world.inventory.find(vapp.id)) throw objectNotFound(vapp);
         needStopped(world, vapp);
         unregister(world, vapp);
         return Value();
       }});
}

constexpr std::array<OperationEntry, 3> vappsEntries{{
    {"CreateVApp", createVapp},
    {"UpdateVAppConfig", updateConfig},
    {"unregisterVApp_Task", unregisterVapp},
}};

}  // namespace

std::span<const OperationEntry> vappOperations() {
  return vappsEntries;
}

}  // namespace failback::mock
