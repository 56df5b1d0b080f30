// SPDX-License-Identifier: GPL-2.0-or-later
// VirtualMachineProvisioningChecker and VirtualMachineCompatibilityChecker: what would be refused, without
// doing it. The tasks succeed; their result says what is wrong.
#include <array>

#include "mocks/config_spec.h"
#include "mocks/fault.h"
#include "mocks/operation_tables.h"
#include "mocks/vm_lifecycle.h"
#include "mocks/vm_model.h"
#include "mocks/vm_relocate.h"

namespace failback::mock {

namespace {

std::optional<MoRef> optional(Operation& op, std::string_view name, std::string_view type) {
  if (!op.get(name).isSet()) return std::nullopt;
  return op.object(name, type).ref;
}

Value result(const std::optional<MoRef>& vm, const std::optional<MoRef>& host,
             const std::function<void()>& judge) {
  std::vector<Value> errors;
  try {
    judge();
  } catch (const Fault& fault) {
    errors.push_back(fault.localized());
  }
  std::vector<Value> results{
      object("CheckResult",
             {{"vm", vm}, {"host", host}, {"error", errors.empty() ? Value() : list(std::move(errors))}})};
  return list(std::move(results), "CheckResult");
}

// A task's entity is an entity of the inventory, which a checker is not.
Answer startCheck(Operation& op, std::string_view descriptionId, const MoRef& entity,
                  std::function<Value()> judge) {
  Operation::Task task;
  task.descriptionId = descriptionId;
  task.finish = std::move(judge);
  task.entity = entity;
  task.exclusive = false;
  return op.start(std::move(task));
}

Answer checkRelocate(Operation& op) {
  const MoRef vm = op.object("vm", "VirtualMachine").ref;
  return startCheck(op, "ProvisioningChecker.checkRelocate", vm,
                    [&world = op.world, vm, spec = op.get("spec")] {
                      const MoRef* host = spec.at("host").asRef();
                      return result(vm, host ? std::optional<MoRef>(*host) : std::nullopt,
                                    [&] { checkRelocation(world, vm, spec); });
                    });
}

Answer checkMigrate(Operation& op) {
  const ManagedObject& machine = op.object("vm", "VirtualMachine");
  const MoRef vm = machine.ref;
  const std::optional<MoRef> host = optional(op, "host", "HostSystem"),
                             pool = optional(op, "pool", "ResourcePool");
  if (!host && !pool) throw invalidArgument("host");
  if (op.get("state").isSet()) needPowerState(machine, op.get("state").string());
  const Value spec = object("VirtualMachineRelocateSpec", {{"pool", pool}, {"host", host}});
  return startCheck(op, "ProvisioningChecker.checkMigrate", vm, [&world = op.world, vm, host, spec] {
    return result(vm, host, [&] { checkRelocation(world, vm, spec); });
  });
}

Answer checkClone(Operation& op) {
  const MoRef vm = op.object("vm", "VirtualMachine").ref, folder = op.object("folder", "Folder").ref;
  return startCheck(op, "ProvisioningChecker.checkClone", vm,
                    [&world = op.world, vm, folder, name = op.text("name"), spec = op.get("spec")] {
                      const MoRef* host = spec.at("location.host").asRef();
                      return result(vm, host ? std::optional<MoRef>(*host) : std::nullopt,
                                    [&] { (void)cloneVm(world, vm, MoRef{}, folder, name, spec, true); });
                    });
}

Answer checkCompatibility(Operation& op) {
  const ManagedObject& machine = op.object("vm", "VirtualMachine");
  const MoRef vm = machine.ref;
  std::optional<MoRef> host = optional(op, "host", "HostSystem");
  const std::optional<MoRef> pool = optional(op, "pool", "ResourcePool");
  if (!host && !pool) host = *machine.state.at("runtime.host").asRef();
  return startCheck(op, "CompatibilityChecker.checkCompatibility", vm, [&world = op.world, vm, host, pool] {
    return result(vm, host, [&] {
      const Placement place = placeMachine(world, pool, host, {});
      needHardware(world, place.host, world.inventory.need(vm.id).state.at("config.version").string());
      checkRelocation(world, vm,
                      object("VirtualMachineRelocateSpec", {{"pool", pool}, {"host", place.host}}));
    });
  });
}

// A spec on a machine, or what a new machine would be made of.
void judgeConfig(World& world, const std::optional<MoRef>& vm, const MoRef& host, const Value& spec) {
  if (spec.at("version").isSet()) needHardware(world, host, spec.at("version").string());
  if (vm) {
    const ManagedObject& machine = world.inventory.need(vm->id);
    const ConfigPlace place{*vm, host, homeOf(world, machine.state), poweredOn(machine)};
    (void)applyConfigSpec(world, place, machine.state.at("config"), spec);
    return;
  }
  const std::string name(spec.at("name").string()), wanted(spec.at("files.vmPathName").string());
  if (wanted.empty()) {
    throw makeFault("InvalidVmConfig", "The virtual machine configuration is not valid.",
                    {{"property", "configSpec.files.vmPathName"}});
  }
  FileId home = world.files.locate(wanted);
  if (home.path.ends_with(".vmx")) home.path.resize(home.path.rfind('/'));
  if (home.path.empty()) home = freeDirectory(world, home.datastore, name);
  needAccepting(world, {"Datastore", home.datastore});
  needWritable(world, host, {"Datastore", home.datastore});
  const std::string vmx = world.files.pathOf({home.datastore, home.path + "/" + name + ".vmx"});
  (void)applyConfigSpec(world, {MoRef{}, host, home, false}, newConfig(world, name, vmx),
                        spec.with("changeVersion", {}));
}

Answer checkVmConfig(Operation& op) {
  const std::optional<MoRef> vm = optional(op, "vm", "VirtualMachine"),
                             pool = optional(op, "pool", "ResourcePool");
  std::optional<MoRef> host = optional(op, "host", "HostSystem");
  if (!vm && !host && !pool) throw invalidArgument("host");
  if (vm && !host && !pool) host = *op.world.inventory.need(vm->id).state.at("runtime.host").asRef();
  return startCheck(op, "CompatibilityChecker.checkVmConfig",
                    vm     ? *vm
                    : host ? *host
                           : *pool,
                    [&world = op.world, vm, host, pool, spec = op.get("spec")] {
                      return result(vm, host, [&] {
                        judgeConfig(world, vm, placeMachine(world, pool, host, {}).host, spec);
                      });
                    });
}

constexpr std::array<OperationEntry, 5> checkersEntries{{
    {"CheckRelocate_Task", checkRelocate},
    {"CheckMigrate_Task", checkMigrate},
    {"CheckClone_Task", checkClone},
    {"CheckCompatibility_Task", checkCompatibility},
    {"CheckVmConfig_Task", checkVmConfig},
}};

}  // namespace

std::span<const OperationEntry> checkerOperations() {
  return checkersEntries;
}

}  // namespace failback::mock
