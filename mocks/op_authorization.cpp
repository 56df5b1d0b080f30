// SPDX-License-Identifier: GPL-2.0-or-later
// AuthorizationManager and UserDirectory.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "mocks/fault.h"
#include "mocks/operation_tables.h"

namespace failback::mock {

namespace {

const AuthorizationState& state(const Operation& op) {
  return op.world.authorization.now();
}

// Those on entities that are still there.
std::vector<Permission> permissions(const Operation& op) {
  std::vector<Permission> found = state(op).permissions();
  std::erase_if(found, [&](const Permission& each) { return !op.world.inventory.find(each.entity.id); });
  return found;
}

std::vector<std::string> texts(const Value& value) {
  std::vector<std::string> found;
  const List* items = value.asList();
  if (!items) return found;
  found.reserve(items->items.size());
  for (const Value& item : items->items) found.emplace_back(item.string());
  return found;
}

Value values(const std::vector<std::string>& list) {
  return std::vector<Value>(list.begin(), list.end());
}

Answer answerOf(std::vector<Value> found) {
  return found.empty() ? Answer{} : Answer{list(std::move(found)), {}};
}

const Role& roleIn(const Operation& op, std::string_view parameter) {
  const auto id = op.number(parameter);
  const Role* role = id ? state(op).findRole(static_cast<std::int32_t>(*id)) : nullptr;
  if (!role) throw makeFault("NotFound", fmt::format("The role {} was not found.", id.value_or(0)));
  return *role;
}

// The privileges named; those of the system are in every role and need not be.
PrivilegeSet privilegesIn(const Operation& op) {
  std::vector<std::string> unknown;
  const PrivilegeSet set = privilegeSet(texts(op.get("privIds")), &unknown);
  if (!unknown.empty()) throw invalidArgument("privIds", unknown.front());
  return set;
}

// Nobody gives away what it does not have.
void needAll(const Operation& op, const MoRef& on, const PrivilegeSet& privileges) {
  if (op.scope.unrestricted()) return;
  for (const std::string& id : privilegeIds(privileges)) op.need(on, id);
}

MoRef rootOf(const Operation& op) {
  return {"Folder", state(op).root()};
}

Value roleArgument(const Role& role) {
  return object("RoleEventArgument", {{"roleId", role.id}, {"name", role.name}});
}

void checkRoleName(const Operation& op, const std::string& name, const Role* except) {
  if (name.empty()) throw makeFault("InvalidName", "The name '' is not valid.", {{"name", name}});
  const Role* present = state(op).findRole(name);
  if (present && present != except)
    throw makeFault("AlreadyExists",
                    fmt::format("The specified key, name, or identifier '{}' already exists.", name),
                    {{"name", name}});
}

// A permission that leaves somebody in charge: Admin at the root, for all below it.
bool isCharge(const Operation& op, const Permission& permission) {
  return permission.entity.id == state(op).root() && permission.roleId == role::admin && permission.propagate;
}

void needCharge(const Operation& op, const std::vector<Permission>& planned) {
  const auto charge = [&](const Permission& each) { return isCharge(op, each); };
  const auto& before = state(op).permissions();
  if (std::any_of(before.begin(), before.end(), charge) &&
      std::none_of(planned.begin(), planned.end(), charge))
    throw makeFault("AuthMinimumAdminPermission",
                    "At least one user or group must have the Administrator role on the root folder.");
}

bool samePlace(const Permission& a, const Permission& b) {
  return a.entity.id == b.entity.id && a.group == b.group && samePrincipal(a.principal, b.principal);
}

std::string_view propagation(bool propagate) {
  return propagate ? "enabled" : "disabled";
}

Value nameOf(const Operation& op, const MoRef& entity) {
  return op.world.inventory.need(entity.id).properties().get("name");
}

void post(Operation& op, std::string_view type, const MoRef& entity, std::string message,
          std::vector<Field> fields) {
  fields.emplace_back("userName", op.session->user->name);
  op.world.events.post(type, entity, std::move(message), fields);
}

void postPermission(Operation& op, std::string_view type, const Permission& permission, std::string message,
                    std::vector<Field> fields) {
  fields.emplace_back("entity", op.world.events.entityArgument(permission.entity));
  fields.emplace_back("principal", permission.principal);
  fields.emplace_back("group", permission.group);
  post(op, type, permission.entity, std::move(message), std::move(fields));
}

void tellRemoved(Operation& op, const Permission& old) {
  postPermission(
      op, "PermissionRemovedEvent", old,
      fmt::format("Permission rule removed for {} on {}", old.principal, nameOf(op, old.entity).string()),
      {});
}

void tellSet(Operation& op, const Permission& now, const Permission* before) {
  const Role& role = *state(op).findRole(now.roleId);
  std::vector<Field> fields{{"role", roleArgument(role)}, {"propagate", now.propagate}};
  const std::string on = fmt::format("{} on {}", now.principal, nameOf(op, now.entity).string());
  if (!before) {
    postPermission(op, "PermissionAddedEvent", now,
                   fmt::format("Permission created for {}, role is {}, propagation is {}", on, role.name,
                               propagation(now.propagate)),
                   std::move(fields));
    return;
  }
  const Role& old = *state(op).findRole(before->roleId);
  fields.emplace_back("prevRole", roleArgument(old));
  fields.emplace_back("prevPropagate", before->propagate);
  postPermission(
      op, "PermissionUpdatedEvent", now,
      fmt::format("Permission changed for {}. Role changed from {} to role {}. Propagation changed from "
                  "{} to {}.",
                  on, old.name, role.name, propagation(before->propagate), propagation(now.propagate)),
      std::move(fields));
}

// Makes the permissions the ones planned, and tells of what differs.
void apply(Operation& op, std::vector<Permission> planned) {
  const std::vector<Permission> before = permissions(op);
  op.world.authorization.setPermissions(planned);
  for (const Permission& old : before) {
    const bool kept = std::any_of(planned.begin(), planned.end(),
                                  [&](const Permission& each) { return samePlace(each, old); });
    if (!kept) tellRemoved(op, old);
  }
  for (const Permission& now : planned) {
    const auto old = std::find_if(before.begin(), before.end(),
                                  [&](const Permission& each) { return samePlace(each, now); });
    const bool same = old != before.end() && old->roleId == now.roleId && old->propagate == now.propagate;
    if (!same) tellSet(op, now, old == before.end() ? nullptr : &*old);
  }
}

std::optional<std::string> knownPrincipal(const Operation& op, std::string_view name, bool group) {
  if (group) {
    for (const std::string& each : op.world.groups) {
      if (samePrincipal(each, name)) return each;
    }
    return std::nullopt;
  }
  const User* user = op.world.findUser(name);
  return user ? std::optional<std::string>(user->name) : std::nullopt;
}

Permission permissionFrom(const Operation& op, const MoRef& entity, const Value& given) {
  Permission permission;
  permission.entity = entity;
  permission.group = *given.at("group").asBool();
  permission.propagate = *given.at("propagate").asBool();
  permission.roleId = static_cast<std::int32_t>(*given.at("roleId").asInteger());
  const Role* role = state(op).findRole(permission.roleId);
  if (!role) throw makeFault("NotFound", fmt::format("The role {} was not found.", permission.roleId));
  if (role->id == role::view || role->id == role::anonymous) throw invalidArgument("permission.roleId");
  const std::string_view name = given.at("principal").string();
  const auto known = knownPrincipal(op, name, permission.group);
  if (!known)
    throw makeFault("UserNotFound", fmt::format("The user or group named '{}' does not exist.", name),
                    {{"principal", name}, {"unresolved", true}});
  permission.principal = *known;
  needAll(op, entity, role->privileges);
  return permission;
}

std::vector<Permission> permissionsIn(const Operation& op, const MoRef& entity) {
  std::vector<Permission> found;
  const List* items = op.get("permission").asList();
  for (const Value& item : items ? items->items : std::vector<Value>{}) {
    Permission permission = permissionFrom(op, entity, item);
    std::erase_if(found, [&](const Permission& each) { return samePlace(each, permission); });
    found.push_back(std::move(permission));
  }
  return found;
}

Answer addAuthorizationRole(Operation& op) {
  const std::string name = op.text("name");
  const PrivilegeSet privileges = privilegesIn(op);
  checkRoleName(op, name, nullptr);
  needAll(op, rootOf(op), privileges);
  const std::int32_t id = op.world.authorization.addRole(name, privileges);
  const Role& role = *state(op).findRole(id);
  post(op, "RoleAddedEvent", rootOf(op), fmt::format("New role {} created", name),
       {{"role", roleArgument(role)}, {"privilegeList", values(privilegeIds(role.privileges))}});
  return {id, {}};
}

Answer updateAuthorizationRole(Operation& op) {
  const Role before = roleIn(op, "roleId");
  if (before.system) throw invalidArgument("roleId");
  const std::string name = op.text("newName");
  const PrivilegeSet privileges = privilegesIn(op);
  checkRoleName(op, name, state(op).findRole(before.id));
  needAll(op, rootOf(op), privileges & ~before.privileges);
  op.world.authorization.updateRole(before.id, name, privileges);
  const Role& now = *state(op).findRole(before.id);
  const auto added = privilegeIds(now.privileges & ~before.privileges);
  const auto removed = privilegeIds(before.privileges & ~now.privileges);
  std::vector<Field> fields{{"role", roleArgument(now)},
                            {"privilegeList", values(privilegeIds(now.privileges))},
                            {"prevRoleName", before.name}};
  if (!added.empty()) fields.emplace_back("privilegesAdded", values(added));
  if (!removed.empty()) fields.emplace_back("privilegesRemoved", values(removed));
  post(op, "RoleUpdatedEvent", rootOf(op),
       fmt::format(
           "Role modified. Previous name: {}, new name: {}. Added privileges: {}. Removed privileges: {}.",
           before.name, now.name, fmt::join(added, ", "), fmt::join(removed, ", ")),
       std::move(fields));
  return {};
}

bool uses(const Permission& permission, std::int32_t roleId) {
  return permission.roleId == roleId;
}

Answer removeAuthorizationRole(Operation& op) {
  const Role role = roleIn(op, "roleId");
  if (role.system) throw invalidArgument("roleId");
  std::vector<Permission> kept = permissions(op);
  const auto used = std::erase_if(kept, [&](const Permission& each) { return uses(each, role.id); });
  if (used > 0 && op.flag("failIfUsed"))
    throw makeFault("RemoveFailed", fmt::format("The role '{}' is in use.", role.name));
  if (used > 0) apply(op, std::move(kept));
  op.world.authorization.removeRole(role.id);
  post(op, "RoleRemovedEvent", rootOf(op), fmt::format("Role {} removed", role.name),
       {{"role", roleArgument(role)}});
  return {};
}

Answer mergePermissions(Operation& op) {
  const Role& from = roleIn(op, "srcRoleId");
  const Role& to = roleIn(op, "dstRoleId");
  if (from.id == role::admin) throw invalidArgument("srcRoleId");
  if (to.id == role::view || to.id == role::anonymous) throw invalidArgument("dstRoleId");
  needAll(op, rootOf(op), to.privileges);
  std::vector<Permission> planned = permissions(op);
  for (Permission& each : planned) {
    if (uses(each, from.id)) each.roleId = to.id;
  }
  apply(op, std::move(planned));
  return {};
}

// The permissions that `wanted` says yes to, without those on objects that the user does not see.
template <typename Wanted>
std::vector<Value> visiblePermissions(const Operation& op, const Wanted& wanted) {
  std::vector<Value> found;
  for (const Permission& each : permissions(op)) {
    if (wanted(each) && op.scope.sees(each.entity.id)) found.push_back(each.describe());
  }
  return found;
}

Answer retrieveRolePermissions(Operation& op) {
  const std::int32_t id = roleIn(op, "roleId").id;
  return answerOf(visiblePermissions(op, [&](const Permission& each) { return uses(each, id); }));
}

Answer retrieveAllPermissions(Operation& op) {
  return answerOf(visiblePermissions(op, [](const Permission&) { return true; }));
}

// Permissions on the entity, then those from above that nothing nearer replaces.
void collectPermissions(const Operation& op, const ManagedObject& entity, bool inheritedOnly,
                        std::vector<Permission>& found) {
  const std::vector<Permission> nearer = found;
  for (const Permission& each : state(op).permissions()) {
    if (each.entity.id != entity.ref.id || (inheritedOnly && !each.propagate)) continue;
    const bool replaced = std::any_of(nearer.begin(), nearer.end(), [&](const Permission& other) {
      return other.group == each.group && samePrincipal(other.principal, each.principal);
    });
    if (!replaced) found.push_back(each);
  }
}

Answer retrieveEntityPermissions(Operation& op) {
  const ManagedObject& entity = op.object("entity", "ManagedEntity");
  std::vector<Permission> found;
  collectPermissions(op, entity, false, found);
  if (op.flag("inherited")) {
    std::vector<const ManagedObject*> level = authorityParents(op.world.inventory, entity);
    while (!level.empty()) {
      std::vector<const ManagedObject*> above;
      for (const ManagedObject* each : level) {
        collectPermissions(op, *each, true, found);
        for (const ManagedObject* parent : authorityParents(op.world.inventory, *each)) {
          if (std::find(above.begin(), above.end(), parent) == above.end()) above.push_back(parent);
        }
      }
      level = std::move(above);
    }
  }
  std::vector<Value> shown;
  shown.reserve(found.size());
  for (const Permission& each : found) shown.push_back(each.describe());
  return answerOf(std::move(shown));
}

Answer setEntityPermissions(Operation& op) {
  const MoRef entity = op.object("entity", "ManagedEntity").ref;
  std::vector<Permission> planned = permissions(op);
  for (Permission& each : permissionsIn(op, entity)) {
    const auto present = std::find_if(planned.begin(), planned.end(),
                                      [&](const Permission& other) { return samePlace(other, each); });
    if (present == planned.end()) {
      planned.push_back(std::move(each));
    } else {
      *present = std::move(each);
    }
  }
  needCharge(op, planned);
  apply(op, std::move(planned));
  return {};
}

Answer resetEntityPermissions(Operation& op) {
  const MoRef entity = op.object("entity", "ManagedEntity").ref;
  std::vector<Permission> planned = permissions(op);
  std::erase_if(planned, [&](const Permission& each) { return each.entity.id == entity.id; });
  for (Permission& each : permissionsIn(op, entity)) planned.push_back(std::move(each));
  needCharge(op, planned);
  apply(op, std::move(planned));
  return {};
}

Answer removeEntityPermission(Operation& op) {
  const MoRef entity = op.object("entity", "ManagedEntity").ref;
  const Permission sought{entity, op.text("user"), op.flag("isGroup"), 0, false};
  std::vector<Permission> planned = permissions(op);
  if (std::erase_if(planned, [&](const Permission& each) { return samePlace(each, sought); }) == 0)
    throw makeFault("NotFound", "The permission was not found.");
  needCharge(op, planned);
  apply(op, std::move(planned));
  return {};
}

std::vector<std::string> knownIds(const Operation& op) {
  std::vector<std::string> ids = texts(op.get("privId"));
  for (const std::string& id : ids) {
    if (!privilegeIndex(id)) throw invalidArgument("privId", id);
  }
  return ids;
}

const User& userOfSession(const Operation& op) {
  const std::string key = op.text("sessionId");
  for (const auto& session : op.world.sessions.all()) {
    if (session->key == key) return *session->user;
  }
  throw invalidArgument("sessionId");
}

const User& namedUser(const Operation& op) {
  const std::string name = op.text("userName");
  const User* user = op.world.findUser(name);
  if (!user) throw invalidArgument("userName", name);
  return *user;
}

const ManagedObject& entityAt(const Operation& op, const MoRef& ref) {
  const ManagedObject* found = op.world.inventory.find(ref.id);
  if (!found || !op.scope.sees(ref.id)) throw objectNotFound(ref);
  return *found;
}

const Rights& rightsOf(const Operation& op, const User& user, const ManagedObject& entity) {
  return state(op).rights(op.world.inventory, user.name, user.groups, entity);
}

Answer availability(const Operation& op, const User& user, std::string_view entities) {
  const std::vector<std::string> ids = knownIds(op);
  if (ids.empty()) throw invalidArgument("privId");
  std::vector<Value> found;
  for (const MoRef& ref : op.refs(entities)) {
    const Rights& rights = rightsOf(op, user, entityAt(op, ref));
    std::vector<Value> privileges;
    privileges.reserve(ids.size());
    for (const std::string& id : ids)
      privileges.push_back(object("PrivilegeAvailability", {{"privId", id}, {"isGranted", rights.has(id)}}));
    found.push_back(
        object("EntityPrivilege", {{"entity", ref}, {"privAvailability", list(std::move(privileges))}}));
  }
  return answerOf(std::move(found));
}

Answer hasPrivilegeOnEntities(Operation& op) {
  return availability(op, userOfSession(op), "entity");
}

Answer hasUserPrivilegeOnEntities(Operation& op) {
  return availability(op, namedUser(op), "entities");
}

Answer hasPrivilegeOnEntity(Operation& op) {
  const User& user = userOfSession(op);
  const Rights& rights = rightsOf(op, user, op.object("entity", "ManagedEntity"));
  std::vector<Value> found;
  for (const std::string& id : knownIds(op)) found.emplace_back(rights.has(id));
  return answerOf(std::move(found));
}

Answer fetchUserPrivilegeOnEntities(Operation& op) {
  const User& user = namedUser(op);
  std::vector<Value> found;
  for (const MoRef& ref : op.refs("entities")) {
    const auto ids = privilegeIds(rightsOf(op, user, entityAt(op, ref)).privileges);
    found.push_back(object("UserPrivilegeResult",
                           {{"entity", ref}, {"privileges", ids.empty() ? Value() : values(ids)}}));
  }
  return answerOf(std::move(found));
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

// Login name and domain of "name@domain" and "DOMAIN\name"; no domain: local.
std::pair<std::string, std::string> split(std::string_view principal) {
  const auto slash = principal.find('\\');
  if (slash != std::string_view::npos)
    return {std::string(principal.substr(slash + 1)), lower(principal.substr(0, slash))};
  const auto at = principal.find('@');
  if (at == std::string_view::npos) return {std::string(principal), {}};
  return {std::string(principal.substr(0, at)), lower(principal.substr(at + 1))};
}

class DirectorySearch {
 public:
  explicit DirectorySearch(const Operation& op)
      : op_(op),
        sought_(lower(op.text("searchStr"))),
        exact_(op.flag("exactMatch")),
        domain_(lower(op.text("domain"))) {
    const std::string group = op.text("belongsToGroup"), user = op.text("belongsToUser");
    if (!group.empty() && !knownPrincipal(op, group, true)) notFound(group);
    member_ = user.empty() ? nullptr : op.world.findUser(user);
    if (!user.empty() && !member_) notFound(user);
    if (!domain_.empty() && !hasDomain()) notFound(domain_);
    group_ = group;
  }

  std::vector<Value> run() {
    if (op_.flag("findUsers") && !member_) {
      for (const auto& user : op_.world.users) {
        if (group_.empty() || inGroup(*user, group_)) add(user->name, false);
      }
    }
    if (op_.flag("findGroups") && group_.empty()) {
      for (const std::string& group : op_.world.groups) {
        if (!member_ || inGroup(*member_, group)) add(group, true);
      }
    }
    return std::move(found_);
  }

 private:
  [[noreturn]] static void notFound(const std::string& what) {
    throw makeFault("NotFound", fmt::format("'{}' was not found.", what));
  }

  static bool inGroup(const User& user, std::string_view group) {
    return std::any_of(user.groups.begin(), user.groups.end(),
                       [&](const std::string& each) { return samePrincipal(each, group); });
  }

  bool hasDomain() const {
    const std::vector<std::string> known = texts(op_.self.properties().get("domainList"));
    return std::any_of(known.begin(), known.end(),
                       [&](const std::string& each) { return lower(each) == domain_; });
  }

  void add(const std::string& principal, bool group) {
    const auto [name, domain] = split(principal);
    const std::string simple = lower(name);
    if (exact_ ? simple != sought_ : simple.find(sought_) == std::string::npos) return;
    if (domain != domain_) return;  // no domain: local ones
    found_.push_back(
        object("UserSearchResult", {{"principal", name}, {"fullName", principal}, {"group", group}}));
  }

  const Operation& op_;
  std::string sought_;
  bool exact_;
  std::string domain_, group_;
  const User* member_ = nullptr;
  std::vector<Value> found_;
};

Answer retrieveUserGroups(Operation& op) {
  return answerOf(DirectorySearch(op).run());
}

constexpr std::array<OperationEntry, 15> operations{{
    {"AddAuthorizationRole", addAuthorizationRole},
    {"UpdateAuthorizationRole", updateAuthorizationRole},
    {"RemoveAuthorizationRole", removeAuthorizationRole},
    {"MergePermissions", mergePermissions},
    {"RetrieveRolePermissions", retrieveRolePermissions},
    {"RetrieveAllPermissions", retrieveAllPermissions},
    {"RetrieveEntityPermissions", retrieveEntityPermissions},
    {"SetEntityPermissions", setEntityPermissions},
    {"ResetEntityPermissions", resetEntityPermissions},
    {"RemoveEntityPermission", removeEntityPermission},
    {"HasPrivilegeOnEntity", hasPrivilegeOnEntity},
    {"HasPrivilegeOnEntities", hasPrivilegeOnEntities},
    {"HasUserPrivilegeOnEntities", hasUserPrivilegeOnEntities},
    {"FetchUserPrivilegeOnEntities", fetchUserPrivilegeOnEntities},
    {"RetrieveUserGroups", retrieveUserGroups},
}};

}  // namespace

std::span<const OperationEntry> authorizationOperations() {
  return operations;
}

}  // namespace failback::mock
