// SPDX-License-Identifier: GPL-2.0-or-later
// The predefined roles, and how changes of roles and permissions become visible.
#include <algorithm>
#include <array>

#include "mocks/authorization.h"

namespace failback::mock {

namespace {

struct Predefined {
  std::int32_t id;
  std::string_view name, label, summary, privileges;
  bool system = true, esxi = true;
};

constexpr std::string_view virtualMachineUser =
    "Global.CancelTask ScheduledTask.Create ScheduledTask.Delete ScheduledTask.Edit ScheduledTask.Run "
    "VirtualMachine.Interact.AnswerQuestion VirtualMachine.Interact.ConsoleInteract "
    "VirtualMachine.Interact.DeviceConnection VirtualMachine.Interact.PowerOff "
    "VirtualMachine.Interact.PowerOn "
    "VirtualMachine.Interact.Reset VirtualMachine.Interact.SetCDMedia VirtualMachine.Interact.SetFloppyMedia "
    "VirtualMachine.Interact.Suspend VirtualMachine.Interact.ToolsInstall";

constexpr std::string_view virtualMachinePowerUser =
    "Datastore.Browse Global.CancelTask ScheduledTask.Create ScheduledTask.Delete ScheduledTask.Edit "
    "ScheduledTask.Run VirtualMachine.Config.AddExistingDisk VirtualMachine.Config.AddNewDisk "
    "VirtualMachine.Config.AddRemoveDevice VirtualMachine.Config.AdvancedConfig "
    "VirtualMachine.Config.Annotation "
    "VirtualMachine.Config.CPUCount VirtualMachine.Config.DiskExtend VirtualMachine.Config.DiskLease "
    "VirtualMachine.Config.EditDevice VirtualMachine.Config.Memory VirtualMachine.Config.QueryUnownedFiles "
    "VirtualMachine.Config.RemoveDisk VirtualMachine.Config.Rename VirtualMachine.Config.ResetGuestInfo "
    "VirtualMachine.Config.Resource VirtualMachine.Config.Settings "
    "VirtualMachine.Config.UpgradeVirtualHardware "
    "VirtualMachine.Interact.AnswerQuestion VirtualMachine.Interact.ConsoleInteract "
    "VirtualMachine.Interact.DeviceConnection VirtualMachine.Interact.PowerOff "
    "VirtualMachine.Interact.PowerOn "
    "VirtualMachine.Interact.Reset VirtualMachine.Interact.SetCDMedia VirtualMachine.Interact.SetFloppyMedia "
    "VirtualMachine.Interact.Suspend VirtualMachine.Interact.ToolsInstall "
    "VirtualMachine.State.CreateSnapshot "
    "VirtualMachine.State.RemoveSnapshot VirtualMachine.State.RenameSnapshot "
    "VirtualMachine.State.RevertToSnapshot";

constexpr std::string_view resourcePoolAdministrator =
    "Alarm.Create Alarm.Delete Alarm.Edit Authorization.ModifyPermissions Folder.Create Folder.Delete "
    "Folder.Move "
    "Folder.Rename Global.CancelTask Global.LogEvent Global.SetCustomField Resource.AssignVMToPool "
    "Resource.ColdMigrate Resource.CreatePool Resource.DeletePool Resource.EditPool Resource.HotMigrate "
    "Resource.MovePool Resource.QueryVMotion Resource.RenamePool ScheduledTask.Create ScheduledTask.Delete "
    "ScheduledTask.Edit ScheduledTask.Run";

constexpr std::string_view consolidatedBackupUser =
    "VirtualMachine.Config.DiskLease VirtualMachine.Provisioning.DiskRandomRead "
    "VirtualMachine.Provisioning.GetVmFiles VirtualMachine.State.CreateSnapshot "
    "VirtualMachine.State.RemoveSnapshot";

constexpr std::string_view taggingAdmin =
    "InventoryService.Tagging.AttachTag InventoryService.Tagging.CreateCategory "
    "InventoryService.Tagging.CreateTag "
    "InventoryService.Tagging.DeleteCategory InventoryService.Tagging.DeleteTag "
    "InventoryService.Tagging.EditCategory InventoryService.Tagging.EditTag "
    "InventoryService.Tagging.ModifyUsedByForCategory InventoryService.Tagging.ModifyUsedByForTag "
    "InventoryService.Tagging.ObjectAttachable";

// Those of users have the three system privileges besides; "*" stands for all, "-X" takes those away that
// begin with X.
constexpr std::array<Predefined, 14> predefined{{
    {role::admin, "Admin", "Administrator", "Full access rights", "*"},
    {role::readOnly, "ReadOnly", "Read-only", "See details of objects, but not make changes",
     "System.Anonymous System.View System.Read"},
    {role::view, "View", "View", "Visibility access (cannot be granted)", "System.Anonymous System.View"},
    {role::anonymous, "Anonymous", "Anonymous", "Not logged-in user (cannot be granted)", "System.Anonymous"},
    {role::noAccess, "NoAccess", "No access", "Used for restricting granted access", ""},
    {role::noCryptoAdmin, "NoCryptoAdmin", "No cryptography administrator",
     "Full access without Cryptographic operations privileges", "* -Cryptographer."},
    {role::noTrustedAdmin, "NoTrustedAdmin", "No Trusted Infrastructure administrator",
     "Full access without Trusted Infrastructure privileges", "* -TrustedAdmin.", true, false},
    {4, "VirtualMachinePowerUser", "Virtual machine power user (sample)",
     "Provides virtual machine interaction and configuration permissions", virtualMachinePowerUser, false,
     false},
    {5, "VirtualMachineUser", "Virtual machine user (sample)",
     "Provides virtual machine interaction permissions", virtualMachineUser, false, false},
    {6, "ResourcePoolAdministrator", "Resource pool administrator (sample)",
     "Supports delegated resource management", resourcePoolAdministrator, false, false},
    {7, "VMwareConsolidatedBackupUser", "VMware Consolidated Backup user (sample)",
     "Used by the Consolidated Backup utility", consolidatedBackupUser, false, false},
    {8, "DatastoreConsumer", "Datastore consumer (sample)",
     "Assigned to datastores to allow creation of virtual disks or snapshots", "Datastore.AllocateSpace",
     false, false},
    {9, "NetworkConsumer", "Network administrator (sample)",
     "Assigned to networks to allow association with virtual machines or hosts", "Network.Assign", false,
     false},
    {1000, "InventoryService.Tagging.TaggingAdmin", "Tagging Admin", "Tagging Administrator role",
     taggingAdmin, false, false},
}};

PrivilegeSet privilegesOf(std::string_view text) {
  PrivilegeSet set;
  while (!text.empty()) {
    const auto space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
    for (std::size_t i = 0; i < allPrivileges().size(); ++i) {
      const std::string& id = allPrivileges()[i].id;
      if (word == "*" || word == id) set.set(i);
      if (word.starts_with('-') && id.starts_with(word.substr(1))) set.reset(i);
    }
  }
  return set;
}

Value permissionsOn(const std::vector<Permission>& all, std::string_view entity) {
  std::vector<Value> here;
  for (const Permission& each : all) {
    if (each.entity.id == entity) here.push_back(each.describe());
  }
  return list(std::move(here));
}

}  // namespace

void Authorization::begin(std::string root, std::string managerId, bool esxi) {
  AuthorizationState::Roles roles;
  for (const Predefined& each : predefined) {
    if (esxi && !each.esxi) continue;
    PrivilegeSet privileges = privilegesOf(each.privileges);
    if (!each.system) privileges |= systemPrivileges();
    roles.emplace(each.id, Role{each.id, std::string(each.name), std::string(each.label),
                                std::string(each.summary), each.system, privileges});
  }
  managerId_ = std::move(managerId);
  state_ = std::make_shared<AuthorizationState>(std::move(root), std::move(roles), std::vector<Permission>());
}

void Authorization::change(AuthorizationState::Roles roles, std::vector<Permission> permissions) {
  const auto before = state_;
  state_ = std::make_shared<AuthorizationState>(before->root(), std::move(roles), std::move(permissions));
  show(*before);
}

void Authorization::show(const AuthorizationState& before) {
  std::vector<Value> roles;
  roles.reserve(state_->roles().size());
  for (const auto& [id, role] : state_->roles()) roles.push_back(role.describe());
  if (inventory_.find(managerId_)) inventory_.set(managerId_, "roleList", list(std::move(roles)));
  for (const auto* all : {&before.permissions(), &state_->permissions()}) {
    for (const Permission& each : *all) {
      if (!inventory_.find(each.entity.id)) continue;
      inventory_.set(each.entity.id, "permission", permissionsOn(state_->permissions(), each.entity.id));
    }
  }
  inventory_.touch();  // what users see may have changed
}

void Authorization::restore(AuthorizationState::Roles roles, std::vector<Permission> permissions,
                            std::int32_t nextRole) {
  nextRole_ = nextRole;
  change(std::move(roles), std::move(permissions));
}

std::int32_t Authorization::addRole(std::string name, const PrivilegeSet& privileges) {
  auto roles = state_->roles();
  const std::int32_t id = nextRole_++;
  roles.emplace(id, Role{id, name, name, {}, false, privileges | systemPrivileges()});
  change(std::move(roles), state_->permissions());
  return id;
}

void Authorization::updateRole(std::int32_t id, std::string name, const PrivilegeSet& privileges) {
  auto roles = state_->roles();
  Role& role = roles.at(id);
  if (role.name != name) role.label = name;
  role.name = std::move(name);
  role.privileges = privileges | systemPrivileges();
  change(std::move(roles), state_->permissions());
}

void Authorization::removeRole(std::int32_t id) {
  auto roles = state_->roles();
  roles.erase(id);
  auto permissions = state_->permissions();
  std::erase_if(permissions, [&](const Permission& each) { return each.roleId == id; });
  change(std::move(roles), std::move(permissions));
}

void Authorization::setPermission(const Permission& permission) {
  auto permissions = state_->permissions();
  const auto present = std::find_if(permissions.begin(), permissions.end(), [&](const Permission& each) {
    return each.entity.id == permission.entity.id && each.group == permission.group &&
           samePrincipal(each.principal, permission.principal);
  });
  if (present == permissions.end()) {
    permissions.push_back(permission);
  } else {
    *present = permission;
  }
  change(state_->roles(), std::move(permissions));
}

bool Authorization::removePermission(std::string_view entity, std::string_view principal, bool group) {
  auto permissions = state_->permissions();
  const auto removed = std::erase_if(permissions, [&](const Permission& each) {
    return each.entity.id == entity && each.group == group && samePrincipal(each.principal, principal);
  });
  if (removed > 0) change(state_->roles(), std::move(permissions));
  return removed > 0;
}

void Authorization::setPermissions(std::vector<Permission> permissions) {
  change(state_->roles(), std::move(permissions));
}

}  // namespace failback::mock
