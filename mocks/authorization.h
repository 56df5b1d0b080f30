// SPDX-License-Identifier: GPL-2.0-or-later
// Who may do what: roles, permissions on entities, and what follows from them for a user. Pure, over the
// inventory; no SOAP. Guarded by the World's lock.
//
// The nearest object with a permission that applies to the user decides: the user's own permission there,
// else those of all the user's groups together. A virtual machine inherits on two ways, from its folder and
// from its resource pool, and has what either gives. Above an object that a user has a role on, up to the
// root, there is System.View for finding the way to it. Managers count as the root folder, a host's parts as
// the host.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mocks/inventory.h"
#include "mocks/privilege_catalogue.h"

namespace failback::mock {

namespace role {
inline constexpr std::int32_t admin = -1, readOnly = -2, view = -3, anonymous = -4, noAccess = -5,
                              noCryptoAdmin = -6, noTrustedAdmin = -7;
}

struct Role {
  std::int32_t id = 0;
  std::string name, label, summary;
  bool system = false;
  PrivilegeSet privileges;

  // AuthorizationRole
  Value describe() const;
};

struct Permission {
  MoRef entity;
  std::string principal;  // "administrator@vsphere.local"; compared without case, and with "DOMAIN\name"
  bool group = false;
  std::int32_t roleId = 0;
  bool propagate = true;

  Value describe() const;
};

// Whether two names are one user's or group's: case does not matter, "DOMAIN\name" is "name@domain".
bool samePrincipal(std::string_view a, std::string_view b);

// The privileges of a list of ids; unknown ones are given to `unknown`.
PrivilegeSet privilegeSet(const std::vector<std::string>& ids, std::vector<std::string>* unknown = nullptr);
std::vector<std::string> privilegeIds(const PrivilegeSet& set);
// What every role of a user has besides: System.Anonymous, System.View and System.Read.
PrivilegeSet systemPrivileges();

// What somebody has on an object: the roles that give it and their privileges.
struct Rights {
  std::vector<std::int32_t> roles;  // ascending; empty: none, not even to see it
  PrivilegeSet privileges;
  bool everything = false;  // the role Admin: privileges that nobody has heard of, too
  bool sees = false, reads = false;

  bool has(std::string_view privilege) const;
};

// Roles and permissions at one time. Does not change; caches what it has found out.
class AuthorizationState {
 public:
  using Roles = std::map<std::int32_t, Role>;

  AuthorizationState(std::string root, Roles roles, std::vector<Permission> permissions);

  const Roles& roles() const { return roles_; }
  const Role* findRole(std::int32_t id) const;
  const Role* findRole(std::string_view name) const;
  const std::vector<Permission>& permissions() const { return permissions_; }
  const std::string& root() const { return root_; }

  // On an entity, or on another object by way of the entity that it belongs to.
  const Rights& rights(const Inventory& inventory, std::string_view user,
                       const std::vector<std::string>& groups, const ManagedObject& object) const;
  // The same for all objects, where that is so: what makes checks cheap for most users. Null otherwise.
  const Rights* everywhere(std::string_view user, const std::vector<std::string>& groups) const;
  // Whether the user has a permission anywhere that gives anything: else it may not log in.
  bool admits(const Inventory& inventory, std::string_view user,
              const std::vector<std::string>& groups) const;

 private:
  struct Principal {
    std::map<std::string, std::vector<const Permission*>, std::less<>> own, ofGroups;  // by entity
    const Rights* everywhere = nullptr;
    std::uint64_t structure = 0;  // of the inventory that the rest was found out from
    std::unordered_map<std::string, const Rights*> inherited;
    std::unordered_map<std::string, const Rights*> found;
    std::set<std::string, std::less<>> onTheWay;  // ancestors of what the user has a role on
  };

  Principal& principal(std::string_view user, const std::vector<std::string>& groups) const;
  void refresh(Principal& who, const Inventory& inventory) const;
  const Rights* given(const Principal& who, std::string_view entity, bool toChildren) const;
  const Rights* inherited(Principal& who, const Inventory& inventory, const ManagedObject& entity) const;
  const Rights* fromParents(Principal& who, const Inventory& inventory, const ManagedObject& entity) const;
  const Rights* intern(std::vector<std::int32_t> roles) const;

  std::string root_;
  Roles roles_;
  std::vector<Permission> permissions_;
  mutable std::map<std::string, Principal, std::less<>> principals_;
  mutable std::map<std::vector<std::int32_t>, std::unique_ptr<Rights>> rights_;
};

// The entities that an object inherits permissions from: its parent; of a machine in a pool that pool, too.
std::vector<const ManagedObject*> authorityParents(const Inventory& inventory, const ManagedObject& entity);
// The entity whose permissions count for an object: itself, the one that it belongs to, or the root folder.
// Null when the inventory has no root yet.
const ManagedObject* authorityOf(const Inventory& inventory, const ManagedObject& object,
                                 std::string_view root);

// The state now, and its changes. Changes show at once: in the properties of the AuthorizationManager and of
// the entities, and to whoever asks for rights.
class Authorization {
 public:
  explicit Authorization(Inventory& inventory) : inventory_(inventory) {}

  // Before anything else: predefined roles, no permissions. ESXi has no sample roles.
  void begin(std::string root, std::string managerId, bool esxi);

  const AuthorizationState& now() const { return *state_; }
  std::shared_ptr<const AuthorizationState> shared() const { return state_; }

  // Neither checks anything but that ids exist; op_authorization.cpp does.
  std::int32_t addRole(std::string name, const PrivilegeSet& privileges);
  void updateRole(std::int32_t id, std::string name, const PrivilegeSet& privileges);
  // With its permissions.
  void removeRole(std::int32_t id);
  // Instead of the permission that the principal has on the entity, if any.
  void setPermission(const Permission& permission);
  bool removePermission(std::string_view entity, std::string_view principal, bool group);
  void setPermissions(std::vector<Permission> permissions);  // all there are
  // Number of the next role; for a state that is restored.
  std::int32_t nextRole() const { return nextRole_; }
  void restore(AuthorizationState::Roles roles, std::vector<Permission> permissions, std::int32_t nextRole);

 private:
  void change(AuthorizationState::Roles roles, std::vector<Permission> permissions);
  void show(const AuthorizationState& before);

  Inventory& inventory_;
  std::string managerId_;
  std::int32_t nextRole_ = 1001;
  std::shared_ptr<const AuthorizationState> state_;
};

}  // namespace failback::mock
