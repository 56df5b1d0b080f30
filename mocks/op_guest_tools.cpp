// SPDX-License-Identifier: GPL-2.0-or-later
// Smaller things that are done to a machine: VMware Tools, tickets for its console, its storage, linked
// clones that become whole.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "mocks/fault.h"
#include "mocks/operation_tables.h"
#include "mocks/vm_disks.h"
#include "mocks/vm_methods.h"
#include "mocks/vm_model.h"
#include "mocks/vm_power.h"

namespace failback::mock {

namespace {

Fault wrongState(std::string_view why) {
  return makeFault("InvalidState",
                   fmt::format("The operation is not allowed in the current state: {}.", why));
}

void needRunning(const ManagedObject& vm) {
  needUsable(vm);
  if (!poweredOn(vm)) throw wrongState("the virtual machine is not powered on");
}

// ---- VMware Tools

bool installerMounted(const ManagedObject& vm) {
  const bool* mounted = vm.state.at("runtime.toolsInstallerMounted").asBool();
  return mounted != nullptr && *mounted;
}

void setInstaller(World& world, const MoRef& vm, bool mounted) {
  const Value state = world.inventory.need(vm.id).state.with("runtime.toolsInstallerMounted", mounted);
  world.inventory.replace(vm.id, state.with("summary.runtime.toolsInstallerMounted", mounted));
  refreshDisabledMethods(world, vm);
}

Answer mountInstaller(Operation& op) {
  needRunning(op.self);
  const std::vector<Value> devices = devicesOfConfig(op.self.state.at("config"));
  const bool drive = std::any_of(devices.begin(), devices.end(),
                                 [](const Value& each) { return deviceIsA(each, "VirtualCdrom"); });
  if (!drive) {
    throw makeFault("GenericVmConfigFault", "The virtual machine has no CD/DVD drive for the installer.",
                    {{"reason", "The virtual machine has no CD/DVD drive."}});
  }
  if (installerMounted(op.self)) throw wrongState("the installer is mounted");
  setInstaller(op.world, op.self.ref, true);
  return {};
}

Answer unmountInstaller(Operation& op) {
  needRunning(op.self);
  if (!installerMounted(op.self)) throw wrongState("the installer is not mounted");
  setInstaller(op.world, op.self.ref, false);
  return {};
}

// Tools that the guest's own packages bring are not vCenter's to upgrade.
Answer upgradeTools(Operation& op) {
  needRunning(op.self);
  needTools(op.self);
  return op.start(
      {.descriptionId = "VirtualMachine.upgradeTools", .finish = [&world = op.world, vm = op.self.ref] {
         const ManagedObject* found = world.inventory.find(vm.id);
         if (!found) throw objectNotFound(vm);
         needTools(*found);
         if (found->state.at("guest.toolsInstallType").string() == "guestToolsTypeOpenVMTools") {
           throw makeFault("ToolsAutoUpgradeNotSupported",
                           "The guest operating system manages VMware Tools itself.");
         }
         return Value();
       }});
}

// What vCenter remembers of the guest of a machine that is off.
Answer resetGuest(Operation& op) {
  if (op.self.state.at("runtime.powerState").string() != "poweredOff") {
    throw wrongState("the virtual machine is not powered off");
  }
  Value state = op.self.state;
  for (const std::string_view member :
       {"guest.guestId", "guest.guestFamily", "guest.guestFullName", "guest.hostName", "guest.ipAddress",
        "guest.net", "guest.ipStack", "guest.disk", "summary.guest.guestId", "summary.guest.guestFullName",
        "summary.guest.hostName", "summary.guest.ipAddress"}) {
    if (state.at(member).isSet()) state = state.with(member, {});
  }
  op.world.inventory.replace(op.self.ref.id, state);
  return {};
}

// ---- storage

// What a machine takes is always fresh here.
Answer refreshStorage(Operation&) {
  return {};
}

Answer unownedFiles(Operation& op) {
  const List* files = op.self.state.at("layoutEx.file").asList();
  std::vector<Value> found;
  for (const Value& each : files ? files->items : std::vector<Value>{}) {
    const std::string path(each.at("name").string());
    const StoredFile* file = op.world.files.find(op.world.files.locate(path));
    if (file != nullptr && file->owner != "root") found.emplace_back(path);
  }
  return {found.empty() ? Value() : list(std::move(found)), {}};
}

// Blocks have no places here that could be put in order.
Answer defragment(Operation& op) {
  needUsable(op.self);
  if (op.self.state.at("runtime.powerState").string() != "poweredOff") {
    throw wrongPowerState(op.self, "poweredOff");
  }
  op.world.tasks.needFree(op.self.ref.id);
  return {};
}

// ---- linked clones

FileId freeDisk(World& world, const FileId& vmx) {
  const std::string stem = vmx.path.substr(0, vmx.path.rfind('.'));
  FileId found{vmx.datastore, stem + ".vmdk"};
  for (int number = 1; world.files.exists(found); ++number)
    found.path = fmt::format("{}_{}.vmdk", stem, number);
  return found;
}

// The chain of a disk becomes one file of the machine's own; the delta goes, what lies below stays.
Value promoted(World& world, const FileId& vmx, const Value& device) {
  const FileId top = *diskFileOf(device);
  if (world.files.chain(top).size() < 2) return device;
  const FileId whole = freeDisk(world, vmx);
  world.files.copyDisk(top, whole, false);
  world.files.removeDisk(top);
  return device.with("backing", backingFor(world, whole, device.at("backing").with("parent", {})));
}

void promote(World& world, const MoRef& vm, const std::set<std::int64_t>& keys) {
  const ManagedObject* found = world.inventory.find(vm.id);
  if (!found) throw objectNotFound(vm);
  const Value state = found->state;
  needPowerState(*found, "poweredOff");
  touchFiles(world, state);
  std::vector<Value> devices = devicesOfConfig(state.at("config"));
  for (const Value& device : devices) {
    if (isDisk(device) && diskFileOf(device)) needOpenable(world, vm, state.at("config"), device);
  }
  const FileId vmx = world.files.locate(vmxPathOf(state));
  for (Value& device : devices) {
    const bool asked = keys.empty() || keys.contains(device.at("key").asInteger().value_or(0));
    if (asked && takesPartInSnapshots(device)) device = promoted(world, vmx, device);
  }
  settle(world, vm, state.with("config.hardware.device", list(std::move(devices))));
  world.files.updateDatastores();
}

Answer promoteDisks(Operation& op) {
  needUsable(op.self);
  if (poweredOn(op.self)) throw wrongPowerState(op.self, "poweredOff");
  const bool unlink = op.flag("unlink");
  if (unlink && op.self.state.at("snapshot").isSet()) {
    throw notSupported("mock-vcenter does not model promoting disks below snapshots yet.");
  }
  std::set<std::int64_t> keys;
  const List* disks = op.get("disks").asList();
  const std::vector<Value> devices = devicesOfConfig(op.self.state.at("config"));
  for (const Value& each : disks ? disks->items : std::vector<Value>{}) {
    const bool known = std::any_of(devices.begin(), devices.end(), [&](const Value& device) {
      return isDisk(device) && device.at("key") == each.at("key");
    });
    if (!known) throw invalidArgument("disks");
    keys.insert(each.at("key").asInteger().value_or(0));
  }
  return op.start({.descriptionId = "VirtualMachine.promoteDisks",
                   .finish = [&world = op.world, vm = op.self.ref, keys, unlink] {
                     // Without unlinking, what clones share goes on being shared: nothing to see.
                     if (unlink) promote(world, vm, keys);
                     return Value();
                   }});
}

constexpr std::array<OperationEntry, 8> guestToolsEntries{{
    {"MountToolsInstaller", mountInstaller},
    {"UnmountToolsInstaller", unmountInstaller},
    {"UpgradeTools_Task", upgradeTools},
    {"ResetGuestInformation", resetGuest},
    {"RefreshStorageInfo", refreshStorage},
    {"QueryUnownedFiles", unownedFiles},
    {"DefragmentAllDisks", defragment},
    {"PromoteDisks_Task", promoteDisks},
}};

}  // namespace

std::span<const OperationEntry> guestToolOperations() {
  return guestToolsEntries;
}

}  // namespace failback::mock
