// SPDX-License-Identifier: GPL-2.0-or-later
// Roles, groups, users and permissions of a scenario.
#include <fmt/format.h>

#include "mocks/search_index.h"
#include "mocks/site.h"

namespace failback::mock {

namespace {

class Builder {
 public:
  Builder(World& world, const MoRef& root) : world_(world), root_(root) {}

  void addRole(const RoleSpec& spec) {
    if (world_.authorization.now().findRole(spec.name))
      throw ScenarioError(fmt::format("roles: there is a role '{}' already", spec.name));
    PrivilegeSet set;
    for (const std::string& id : spec.privileges) set |= privilegesNamed(id, spec.name);
    world_.authorization.addRole(spec.name, set);
  }

  void addGroup(const GroupSpec& spec) {
    addKnown(spec.name);
    for (const PermissionSpec& each : spec.permissions) grant(spec.name, true, each);
  }

  void addUser(const UserSpec& spec) {
    auto user = std::make_unique<User>();
    user->name = user->fullName = spec.name;
    user->groups = spec.groups;
    user->password = spec.password;
    for (const std::string& group : spec.groups) addKnown(group);
    std::string role = spec.role;
    if (spec.readOnly) role = "ReadOnly";
    if (role.empty() && spec.permissions.empty() && spec.groups.empty()) role = "Admin";
    if (!role.empty()) grant(spec.name, false, {{}, role, true});
    for (const PermissionSpec& each : spec.permissions) grant(spec.name, false, each);
    for (const std::string& path : spec.hidden) grant(spec.name, false, {path, "NoAccess", true});
    for (const std::string& path : spec.unreadable) grant(spec.name, false, {path, "View", false});
    world_.users.push_back(std::move(user));
  }

  void finish() { world_.authorization.setPermissions(std::move(permissions_)); }

 private:
  static PrivilegeSet privilegesNamed(const std::string& id, const std::string& where) {
    PrivilegeSet set;
    const bool all = id.ends_with(".*");
    const std::string_view group = all ? std::string_view(id).substr(0, id.size() - 1) : std::string_view();
    for (std::size_t i = 0; i < allPrivileges().size(); ++i) {
      const std::string& known = allPrivileges()[i].id;
      if (all ? known.starts_with(group) : known == id) set.set(i);
    }
    if (set.none()) throw ScenarioError(fmt::format("roles: '{}': there is no privilege '{}'", where, id));
    return set;
  }

  void addKnown(const std::string& group) {
    for (const std::string& each : world_.groups) {
      if (samePrincipal(each, group)) return;
    }
    world_.groups.push_back(group);
  }

  void grant(const std::string& principal, bool group, const PermissionSpec& spec) {
    const auto entity = findByPath(world_.inventory, root_, spec.entity);
    if (!entity)
      throw ScenarioError(fmt::format("users: there is no object at the inventory path '{}'", spec.entity));
    const Role* role = world_.authorization.now().findRole(spec.role);
    if (!role) throw ScenarioError(fmt::format("users: '{}': there is no role '{}'", principal, spec.role));
    const Permission permission{*entity, principal, group, role->id, spec.propagate};
    for (Permission& each : permissions_) {
      if (each.entity == *entity && each.group == group && samePrincipal(each.principal, principal)) {
        each = permission;
        return;
      }
    }
    permissions_.push_back(permission);
  }

  World& world_;
  const MoRef& root_;
  std::vector<Permission> permissions_;
};

std::vector<UserSpec> usersOf(const ScenarioSpec& scenario) {
  if (!scenario.users.empty()) return scenario.users;
  UserSpec administrator{scenario.server.esxi ? "root" : "administrator@vsphere.local"};
  administrator.role = "Admin";
  if (!scenario.server.esxi) administrator.groups = {"VSPHERE.LOCAL\\Administrators"};
  return {administrator, {"readonly", true}};
}

}  // namespace

void buildUsers(World& world, const ScenarioSpec& scenario, const MoRef& root) {
  Builder builder(world, root);
  for (const RoleSpec& each : scenario.roles) builder.addRole(each);
  for (const GroupSpec& each : scenario.groups) builder.addGroup(each);
  for (const UserSpec& each : usersOf(scenario)) builder.addUser(each);
  builder.finish();
}

}  // namespace failback::mock
