// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/privilege.h"

#include <algorithm>

namespace failback::provisioning {

namespace {

constexpr PurposeInfo purposeTable[] = {
    {Purpose::discover, "discover", "read the inventory"},
    {Purpose::check, "check", "read what the rules look at"},
    {Purpose::olr, "olr", "reprotect and failback of machines whose original VM is still there"},
    {Purpose::alr, "alr", "reprotect and failback of machines that must be created"},
    {Purpose::protect, "protect", "keep DRS and Storage DRS from moving the master target and the home VMs"},
    {Purpose::repair, "repair", "put right what a Storage vMotion or a job that died left behind"},
};

// clang-format off
// id, on, operation, by: discover check olr alr protect repair
constexpr Privilege privilegeTable[] = {
    // vCenter puts these three into every role.
    {"System.Anonymous", "everything listed", "read the inventory", "++++++"},
    {"System.View", "everything listed", "read the inventory", "++++++"},
    {"System.Read", "everything listed", "read the inventory", "++++++"},
    {"Global.Licenses", "vCenter", "read licences; without it they are unknown", "oooooo"},

    {"Datastore.Browse", "datastore", "look for files, attach a disk", "-+++-+"},
    {"Datastore.FileManagement", "datastore", "attach a disk, find a disk's UUID", "--++-+"},
    {"Datastore.AllocateSpace", "datastore", "create a disk", "---+--"},
    {"Datastore.UpdateVirtualMachineFiles", "datastore", "move a file into a VM's folder", "-----o"},
    {"Datastore.Config", "datastore", "make a folder on vSAN or vVol", "-----o"},

    {"Resource.AssignVMToPool", "resource pool", "create or register a VM", "---+-o"},
    {"Network.Assign", "network", "connect a network adapter", "--++--"},

    {"VirtualMachine.Inventory.Create", "folder", "create a VM", "---+--"},
    {"VirtualMachine.Inventory.Delete", "home VM", "delete a VM that was created, when a cancel is to", "---o--"},
    {"VirtualMachine.Inventory.Register", "folder", "register a VM again", "-----o"},
    {"VirtualMachine.Inventory.Unregister", "home VM", "take a VM out of the inventory", "-----o"},

    {"VirtualMachine.Config.AddExistingDisk", "master target, home VM", "attach a disk", "--++-+"},
    {"VirtualMachine.Config.RemoveDisk", "master target, home VM", "detach a disk", "--++-+"},
    {"VirtualMachine.Config.AddNewDisk", "home VM", "create a disk", "---+--"},
    {"VirtualMachine.Config.AddRemoveDevice", "master target, home VM", "add a SCSI controller or a network adapter", "--++-+"},
    {"VirtualMachine.Config.AdvancedConfig", "master target, home VM", "set disk.EnableUUID and marks", "--++++"},
    {"VirtualMachine.Config.EditDevice", "home VM", "disconnect network adapters meanwhile", "--++-+"},
    {"VirtualMachine.Config.DiskExtend", "home VM", "extend a disk that is too small", "--oo--"},
    {"VirtualMachine.Config.RawDevice", "master target, home VM", "attach a raw device mapping", "--oo-o"},
    {"VirtualMachine.Config.ChangeTracking", "home VM", "reset changed block tracking", "--oo--"},
    {"VirtualMachine.Config.ManagedBy", "home VM", "say in vCenter what manages it", "---o--"},
    {"VirtualMachine.Config.Rename", "home VM", "solve a name clash", "---o--"},
    {"VirtualMachine.Config.Settings", "master target", "set the boot order", "----+-"},

    {"VirtualMachine.Interact.PowerOff", "home VM", "power off a machine that runs", "--++--"},
    {"VirtualMachine.Interact.PowerOn", "home VM", "start the machine that came home", "--++--"},
    {"VirtualMachine.Interact.AnswerQuestion", "master target, home VM", "answer a question of a VM", "--oo-o"},
    {"VirtualMachine.Interact.DeviceConnection", "home VM", "connect network adapters", "--++--"},

    {"VirtualMachine.State.RemoveSnapshot", "home VM", "merge snapshots", "--+o-o"},
    {"VirtualMachine.State.CreateSnapshot", "home VM", "take a safety snapshot", "--oo--"},
    {"VirtualMachine.State.RevertToSnapshot", "home VM", "go back to the safety snapshot", "--oo--"},

    {"Host.Inventory.EditCluster", "cluster", "override DRS", "----+-"},
    {"StoragePod.Config", "datastore cluster", "override Storage DRS", "----+-"},
};
// clang-format on

}  // namespace

std::span<const PurposeInfo> purposes() {
  return purposeTable;
}

std::span<const Privilege> privileges() {
  return privilegeTable;
}

Necessity Privilege::necessity(Purpose purpose) const {
  switch (by[static_cast<std::size_t>(purpose)]) {
    case '+':
      return Necessity::needed;
    case 'o':
      return Necessity::optional;
    default:
      return Necessity::none;
  }
}

Necessity Privilege::necessity(std::span<const Purpose> all) const {
  Necessity most = Necessity::none;
  for (const Purpose each : all) most = std::max(most, necessity(each));
  return most;
}

std::vector<const Privilege*> privilegesFor(std::span<const Purpose> all, bool optional) {
  std::vector<const Privilege*> found;
  for (const Privilege& each : privilegeTable) {
    const Necessity need = each.necessity(all);
    if (need == Necessity::needed || (optional && need == Necessity::optional)) found.push_back(&each);
  }
  return found;
}

}  // namespace failback::provisioning
