// SPDX-License-Identifier: GPL-2.0-or-later
// Virtual machines: making, registering, copying, removing them; templates.
#include <fmt/format.h>

#include <array>

#include "mocks/config_spec.h"
#include "mocks/entity_tools.h"
#include "mocks/fault.h"
#include "mocks/operation_tables.h"
#include "mocks/search_index.h"
#include "mocks/vm_events.h"
#include "mocks/vm_lifecycle.h"
#include "mocks/vm_model.h"
#include "mocks/vm_relocate.h"

namespace failback::mock {

namespace {

MoRef machineRef(World& world) {
  return freshRef(world, "VirtualMachine", "vm-");
}

// The object that an optional parameter names.
std::optional<MoRef> optional(Operation& op, std::string_view name, std::string_view type) {
  if (!op.get(name).isSet()) return std::nullopt;
  return op.object(name, type).ref;
}

void needVmFolder(const ManagedObject& folder) {
  for (const Value& each : folder.state.at("childType").asList()->items) {
    if (each.string() == "VirtualMachine") return;
  }
  throw notSupported(
      fmt::format("The folder '{}' cannot hold virtual machines.", folder.state.at("name").string()));
}

// A machine that a task is at work on is left alone by calls that are no tasks.
void needIdle(Operation& op) {
  if (op.world.tasks.busy(op.self.ref.id)) {
    throw makeFault("TaskInProgress", "The operation is not allowed while another one is in progress.");
  }
}

void needSpaceOn(Operation& op, std::string_view vmPath) {
  const auto path = parseDatastorePath(vmPath);
  const auto datastore = path ? op.world.files.datastoreNamed(path->datastore) : std::nullopt;
  if (datastore) op.need(*datastore, "Datastore.AllocateSpace");
}

Answer startCreation(Operation& op, const MoRef& folder, const MoRef& pool) {
  const Value spec = op.get("config");
  op.need(folder, "VirtualMachine.Inventory.Create");
  op.need(pool, "Resource.AssignVMToPool");
  needSpaceOn(op, spec.at("files.vmPathName").string());
  const std::optional<MoRef> host = optional(op, "host", "HostSystem");
  const MoRef vm = machineRef(op.world);
  const std::string name(spec.at("name").string());
  op.world.events.post("VmBeingCreatedEvent", folder, fmt::format("Creating {}", name),
                       {{"template", false},
                        {"configSpec", spec},
                        {"host", host ? op.world.events.hostArgument(*host) : Value()}});
  return op.start({.descriptionId = "Folder.createVm",
                   .finish = [&world = op.world, vm, folder, spec, pool,
                              host] { return createVm(world, vm, folder, spec, pool, host); },
                   .entity = folder,
                   .exclusive = false});
}

Answer create(Operation& op) {
  needVmFolder(op.self);
  return startCreation(op, op.self.ref, op.object("pool", "ResourcePool").ref);
}

// A machine of a pool stands in its datacenter's folder.
Answer createChild(Operation& op) {
  const auto datacenter = ancestorOf(op.world.inventory, op.self.ref, "Datacenter");
  const MoRef folder = *op.world.inventory.need(datacenter.value().id).state.at("vmFolder").asRef();
  return startCreation(op, folder, op.self.ref);
}

Answer registerMachine(Operation& op) {
  needVmFolder(op.self);
  Registration how;
  how.path = op.text("path");
  how.name = op.text("name");
  how.asTemplate = op.flag("asTemplate");
  how.pool = optional(op, "pool", "ResourcePool");
  how.host = optional(op, "host", "HostSystem");
  if (how.asTemplate && !how.host) throw invalidArgument("host");
  if (how.asTemplate && how.pool) throw invalidArgument("pool");
  if (!how.asTemplate && !how.pool) throw invalidArgument("pool");
  if (how.pool) op.need(*how.pool, "Resource.AssignVMToPool");
  const MoRef vm = machineRef(op.world);
  return op.start({.descriptionId = "Folder.registerVm",
                   .finish = [&world = op.world, vm, folder = op.self.ref,
                              how] { return registerVm(world, vm, folder, how); },
                   .exclusive = false});
}

// As createChild(), with files that are there.
Answer registerChild(Operation& op) {
  const auto datacenter = ancestorOf(op.world.inventory, op.self.ref, "Datacenter");
  const MoRef folder = *op.world.inventory.need(datacenter.value().id).state.at("vmFolder").asRef();
  op.need(op.self.ref, "Resource.AssignVMToPool");
  Registration how;
  how.path = op.text("path");
  how.name = op.text("name");
  how.pool = op.self.ref;
  how.host = optional(op, "host", "HostSystem");
  const MoRef vm = machineRef(op.world);
  return op.start(
      {.descriptionId = "ResourcePool.registerChildVm",
       .finish = [&world = op.world, vm, folder, how] { return registerVm(world, vm, folder, how); },
       .exclusive = false});
}

Answer unregister(Operation& op) {
  needIdle(op);
  unregisterVm(op.world, op.self.ref);
  return {};
}

// A folder's machines are unregistered, their files stay; its folders go with it.
void unregisterBelow(World& world, const MoRef& folder) {
  for (const MoRef& each : refsOfList(world.inventory.need(folder.id).state.at("childEntity"))) {
    if (each.type == "VirtualMachine") unregisterVm(world, each);
    if (each.type == "Folder") unregisterBelow(world, each);
  }
  if (const auto parent = parentOf(world, folder)) dropRef(world, *parent, "childEntity", folder);
  world.inventory.remove(folder.id);
}

Answer unregisterAndDestroy(Operation& op) {
  needVmFolder(op.self);
  const auto parent = parentOf(op.world, op.self.ref);
  if (!parent || parent->type == "Datacenter") {
    throw notSupported("The operation is not supported on a folder of the datacenter itself.");
  }
  return op.start(
      {.descriptionId = "Folder.unregisterAndDestroy", .finish = [&world = op.world, folder = op.self.ref] {
         for (const MoRef& each : machinesBelow(world, folder)) {
           needPowerState(world.inventory.need(each.id), "poweredOff");
         }
         unregisterBelow(world, folder);
         return Value();
       }});
}

Answer toTemplate(Operation& op) {
  needIdle(op);
  markAsTemplate(op.world, op.self.ref);
  return {};
}

Answer toMachine(Operation& op) {
  needIdle(op);
  const MoRef pool = op.object("pool", "ResourcePool").ref;
  op.need(pool, "Resource.AssignVMToPool");
  markAsVirtualMachine(op.world, op.self.ref, pool, optional(op, "host", "HostSystem"));
  return {};
}

std::int64_t bytesOf(World& world, const Value& config) {
  std::int64_t bytes = 0;
  for (const std::vector<FileId>& chain : diskChains(world, config)) {
    for (const FileId& each : chain) bytes += world.files.sizeOf(each);
  }
  return bytes;
}

void sayNotCloned(World& world, const MoRef& source, const std::vector<Field>& target, const Fault& why) {
  if (!world.inventory.find(source.id)) return;
  std::vector<Field> fields = target;
  fields.emplace_back("reason", why.localized());
  postVmEvent(world, "VmCloneFailedEvent", source, {}, fields);
}

Answer clone(Operation& op) {
  const ManagedObject& folder = op.object("folder", "Folder");
  needVmFolder(folder);
  const Value spec = op.get("spec");
  const bool fromTemplate = *op.self.state.at("config.template").asBool();
  const bool toTemplate = *spec.at("template").asBool();
  op.need(op.self.ref, !fromTemplate ? (toTemplate ? "VirtualMachine.Provisioning.CreateTemplateFromVM"
                                                   : "VirtualMachine.Provisioning.Clone")
                       : toTemplate  ? "VirtualMachine.Provisioning.CloneTemplate"
                                     : "VirtualMachine.Provisioning.DeployTemplate");
  op.need(folder.ref, "VirtualMachine.Inventory.CreateFromExisting");
  if (const MoRef* pool = spec.at("location.pool").asRef()) op.need(*pool, "Resource.AssignVMToPool");
  if (const MoRef* store = spec.at("location.datastore").asRef()) op.need(*store, "Datastore.AllocateSpace");
  if (*spec.at("powerOn").asBool()) {
    throw notSupported("mock-vcenter does not power on a clone: call PowerOnVM_Task when it is there.");
  }
  if (spec.at("customization").isSet()) {
    throw notSupported("mock-vcenter does not model the customization of guests.");
  }
  const MoRef host = *op.self.state.at("runtime.host").asRef();
  const MoRef* target = spec.at("location.host").asRef();
  const std::string name = op.text("name"), from(op.self.state.at("name").string());
  const std::vector<Field> goal{{"destFolder", op.world.events.folderArgument(folder.ref)},
                                {"destName", name},
                                {"destHost", op.world.events.hostArgument(target ? *target : host)}};
  postVmEvent(op.world, "VmBeingClonedEvent", op.self.ref, fmt::format("Cloning {} to {}", from, name), goal);
  const MoRef vm = machineRef(op.world);
  return op.start({.descriptionId = "VirtualMachine.clone",
                   .finish = [&world = op.world, source = op.self.ref, vm, folder = folder.ref, name,
                              spec] { return cloneVm(world, source, vm, folder, name, spec); },
                   .cancelable = true,
                   .duration = timeFor(op.world, bytesOf(op.world, op.self.state.at("config"))),
                   .failed = [&world = op.world, source = op.self.ref,
                              goal](const Fault& why) { sayNotCloned(world, source, goal, why); }});
}

Answer upgrade(Operation& op) {
  return op.start({.descriptionId = "VirtualMachine.upgradeVirtualHardware",
                   .finish = [&world = op.world, vm = op.self.ref, version = op.text("version")] {
                     upgradeVm(world, vm, version);
                     return Value();
                   }});
}

Answer reloadFromPath(Operation& op) {
  return op.start({.descriptionId = "VirtualMachine.reloadFromPath",
                   .finish = [&world = op.world, vm = op.self.ref, path = op.text("configurationPath")] {
                     reloadVm(world, vm, path);
                     return Value();
                   }});
}

// What the server knows of the object is read again; of other things than machines there is nothing to read.
Answer reload(Operation& op) {
  if (op.self.type().isA("VirtualMachine") && op.self.state.at("config").isSet()) {
    reloadVm(op.world, op.self.ref, {});
  }
  return {};
}

constexpr std::array<OperationEntry, 12> lifecycleEntries{{
    {"CreateVM_Task", create},
    {"CreateChildVM_Task", createChild},
    {"RegisterVM_Task", registerMachine},
    {"RegisterChildVM_Task", registerChild},
    {"UnregisterVM", unregister},
    {"UnregisterAndDestroy_Task", unregisterAndDestroy},
    {"MarkAsTemplate", toTemplate},
    {"MarkAsVirtualMachine", toMachine},
    {"CloneVM_Task", clone},
    {"UpgradeVM_Task", upgrade},
    {"reloadVirtualMachineFromPath_Task", reloadFromPath},
    {"Reload", reload},
}};

}  // namespace

std::span<const OperationEntry> lifecycleOperations() {
  return lifecycleEntries;
}

}  // namespace failback::mock
