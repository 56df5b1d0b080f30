// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/authorization.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>

#include "mocks/search_index.h"

namespace failback::mock {

namespace {

// "VSPHERE.LOCAL\Name" and "name@vsphere.local" -> "name@vsphere.local".
std::string canonical(std::string_view name) {
  std::string text;
  const auto slash = name.find('\\');
  if (slash == std::string_view::npos) {
    text = name;
  } else {
    text = std::string(name.substr(slash + 1)) + "@" + std::string(name.substr(0, slash));
  }
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Value strings(const std::vector<std::string>& texts) {
  return texts.empty() ? Value() : Value(std::vector<Value>(texts.begin(), texts.end()));
}

// Calls `each` for the entities above one, on all ways.
void climb(const Inventory& inventory, const ManagedObject& entity,
           const std::function<bool(const ManagedObject&)>& each) {
  for (const ManagedObject* parent : authorityParents(inventory, entity)) {
    if (each(*parent)) climb(inventory, *parent, each);
  }
}

// Of a packed object nothing but the reference is made.
std::optional<MoRef> refIn(const ManagedObject& object, std::string_view property) {
  const Value value = object.read(property);
  return value.asRef() ? std::optional(*value.asRef()) : std::nullopt;
}

bool holds(const Value& value, const MoRef& ref) {
  if (const MoRef* one = value.asRef()) return *one == ref;
  if (const DataObject* object = value.asObject()) {
    return std::any_of(object->members().begin(), object->members().end(),
                       [&](const DataObject::Member& member) { return holds(member.value, ref); });
  }
  return false;
}

// The host, cluster, datastore or machine that a part belongs to, by the property that points to it.
const ManagedObject* ownerOf(const Inventory& inventory, const MoRef& part) {
  struct Rule {
    std::string_view type, property;
  };
  constexpr std::array<Rule, 5> rules{{{"HostSystem", "configManager"},
                                       {"HostSystem", "datastoreBrowser"},
                                       {"Datastore", "browser"},
                                       {"ComputeResource", "environmentBrowser"},
                                       {"VirtualMachine", "environmentBrowser"}}};
  for (const Rule& rule : rules) {
    for (const ManagedObject* candidate : inventory.all(rule.type)) {
      const bool has = candidate->type().find(rule.property) != nullptr;
      if (has && holds(candidate->read(rule.property), part)) return candidate;
    }
  }
  return nullptr;
}

bool isPart(const ManagedObject& object) {
  const std::string_view type = object.ref.type;
  return (type.starts_with("Host") && type != "HostProfileManager" && type != "HostSnmpSystem") ||
         type == "EnvironmentBrowser" || type == "IscsiManager";
}

}  // namespace

bool samePrincipal(std::string_view a, std::string_view b) {
  return canonical(a) == canonical(b);
}

PrivilegeSet privilegeSet(const std::vector<std::string>& ids, std::vector<std::string>* unknown) {
  PrivilegeSet set;
  for (const std::string& id : ids) {
    if (const auto index = privilegeIndex(id)) {
      set.set(*index);
    } else if (unknown) {
      unknown->push_back(id);
    }
  }
  return set;
}

std::vector<std::string> privilegeIds(const PrivilegeSet& set) {
  std::vector<std::string> ids;
  ids.reserve(set.count());
  for (std::size_t i = 0; i < allPrivileges().size(); ++i) {
    if (set.test(i)) ids.push_back(allPrivileges()[i].id);
  }
  return ids;
}

PrivilegeSet systemPrivileges() {
  return privilegeSet({"System.Anonymous", "System.View", "System.Read"});
}

Value Role::describe() const {
  return object("AuthorizationRole",
                {{"roleId", id},
                 {"system", system},
                 {"name", name},
                 {"info", object("Description", {{"label", label}, {"summary", summary}})},
                 {"privilege", strings(privilegeIds(privileges))}});
}

Value Permission::describe() const {
  return object("Permission", {{"entity", entity},
                               {"principal", principal},
                               {"group", group},
                               {"roleId", roleId},
                               {"propagate", propagate}});
}

bool Rights::has(std::string_view privilege) const {
  if (privilege.empty() || everything) return true;
  if (privilege == "System.View") return sees;
  if (privilege == "System.Read") return reads;
  if (privilege == "System.Anonymous") return true;
  const auto index = privilegeIndex(privilege);
  return index && privileges.test(*index);
}

AuthorizationState::AuthorizationState(std::string root, Roles roles, std::vector<Permission> permissions)
    : root_(std::move(root)), roles_(std::move(roles)), permissions_(std::move(permissions)) {}

const Role* AuthorizationState::findRole(std::int32_t id) const {
  const auto found = roles_.find(id);
  return found == roles_.end() ? nullptr : &found->second;
}

const Role* AuthorizationState::findRole(std::string_view name) const {
  const auto found = std::find_if(roles_.begin(), roles_.end(),
                                  [&](const auto& each) { return samePrincipal(each.second.name, name); });
  return found == roles_.end() ? nullptr : &found->second;
}

const Rights* AuthorizationState::intern(std::vector<std::int32_t> roles) const {
  std::sort(roles.begin(), roles.end());
  roles.erase(std::unique(roles.begin(), roles.end()), roles.end());
  auto& place = rights_[roles];
  if (place) return place.get();
  place = std::make_unique<Rights>();
  place->roles = std::move(roles);
  for (const std::int32_t id : place->roles) {
    if (const Role* role = findRole(id)) place->privileges |= role->privileges;
    place->everything = place->everything || id == role::admin;
  }
  const auto test = [&](std::string_view id) {
    const auto index = privilegeIndex(id);
    return place->everything || (index && place->privileges.test(*index));
  };
  place->sees = test("System.View");
  place->reads = test("System.Read");
  return place.get();
}

AuthorizationState::Principal& AuthorizationState::principal(std::string_view user,
                                                             const std::vector<std::string>& groups) const {
  const auto known = principals_.find(user);
  if (known != principals_.end()) return known->second;
  Principal& who = principals_[std::string(user)];
  bool onlyAtRoot = true;
  for (const Permission& each : permissions_) {
    const auto isMine = [&](const std::string& group) { return samePrincipal(group, each.principal); };
    const bool applies =
        each.group ? std::any_of(groups.begin(), groups.end(), isMine) : samePrincipal(each.principal, user);
    if (!applies) continue;
    (each.group ? who.ofGroups : who.own)[each.entity.id].push_back(&each);
    onlyAtRoot = onlyAtRoot && each.entity.id == root_ && each.propagate;
  }
  if (onlyAtRoot) {
    const Rights* atRoot = given(who, root_, true);
    who.everywhere = atRoot ? atRoot : intern({});
  }
  return who;
}

// What the permissions on an entity itself give; null when none applies.
const Rights* AuthorizationState::given(const Principal& who, std::string_view entity,
                                        bool toChildren) const {
  for (const auto* kind : {&who.own, &who.ofGroups}) {
    const auto here = kind->find(entity);
    if (here == kind->end()) continue;
    std::vector<std::int32_t> roles;
    roles.reserve(here->second.size());
    for (const Permission* each : here->second) {
      if (each->propagate || !toChildren) roles.push_back(each->roleId);
    }
    if (!roles.empty()) return intern(std::move(roles));
  }
  return nullptr;
}

const Rights* AuthorizationState::fromParents(Principal& who, const Inventory& inventory,
                                              const ManagedObject& entity) const {
  const Rights* all = nullptr;
  for (const ManagedObject* parent : authorityParents(inventory, entity)) {
    const Rights* more = inherited(who, inventory, *parent);
    if (!more || more == all) continue;
    if (!all) {
      all = more;
      continue;
    }
    std::vector<std::int32_t> roles = all->roles;
    roles.insert(roles.end(), more->roles.begin(), more->roles.end());
    all = intern(std::move(roles));
  }
  return all;
}

// What children of the entity inherit; null when nothing.
const Rights* AuthorizationState::inherited(Principal& who, const Inventory& inventory,
                                            const ManagedObject& entity) const {
  const auto known = who.inherited.find(entity.ref.id);
  if (known != who.inherited.end()) return known->second;
  const Rights* found = given(who, entity.ref.id, true);
  if (!found) found = fromParents(who, inventory, entity);
  who.inherited.emplace(entity.ref.id, found);
  return found;
}

void AuthorizationState::refresh(Principal& who, const Inventory& inventory) const {
  if (who.structure == inventory.structure()) return;
  who.structure = inventory.structure();
  who.inherited.clear();
  who.found.clear();
  who.onTheWay.clear();
  for (const auto* kind : {&who.own, &who.ofGroups}) {
    for (const auto& [id, permissions] : *kind) {
      const ManagedObject* entity = inventory.find(id);
      const Rights* here = given(who, id, false);
      if (!entity || !here || !here->sees) continue;
      climb(inventory, *entity,
            [&](const ManagedObject& parent) { return who.onTheWay.insert(parent.ref.id).second; });
    }
  }
}

const Rights& AuthorizationState::rights(const Inventory& inventory, std::string_view user,
                                         const std::vector<std::string>& groups,
                                         const ManagedObject& object) const {
  Principal& who = principal(user, groups);
  if (who.everywhere) return *who.everywhere;
  refresh(who, inventory);
  const auto known = who.found.find(object.ref.id);
  if (known != who.found.end()) return *known->second;
  const ManagedObject* entity = authorityOf(inventory, object, root_);
  const Rights* found = nullptr;
  if (entity) {
    found = given(who, entity->ref.id, false);
    if (!found) found = fromParents(who, inventory, *entity);
    if (!found && who.onTheWay.contains(entity->ref.id)) found = intern({role::view});
  }
  if (!found) found = intern({});
  // What a task is about may go before the task does.
  if (object.ref.type != "Task") who.found.emplace(object.ref.id, found);
  return *found;
}

const Rights* AuthorizationState::everywhere(std::string_view user,
                                             const std::vector<std::string>& groups) const {
  return principal(user, groups).everywhere;
}

bool AuthorizationState::admits(const Inventory& inventory, std::string_view user,
                                const std::vector<std::string>& groups) const {
  const Principal& who = principal(user, groups);
  for (const auto* kind : {&who.own, &who.ofGroups}) {
    for (const auto& [id, permissions] : *kind) {
      const Rights* here = given(who, id, false);
      if (here && here->sees && inventory.find(id)) return true;
    }
  }
  return false;
}

std::vector<const ManagedObject*> authorityParents(const Inventory& inventory, const ManagedObject& entity) {
  std::vector<const ManagedObject*> found;
  for (const std::string_view property : {"parent", "parentFolder", "parentVApp", "resourcePool"}) {
    // A pool's "resourcePool" are its children.
    if (property == "resourcePool" && !entity.type().isA("VirtualMachine")) continue;
    const auto ref = refIn(entity, property);
    const ManagedObject* parent = ref ? inventory.find(ref->id) : nullptr;
    if (parent) found.push_back(parent);
  }
  return found;
}

const ManagedObject* authorityOf(const Inventory& inventory, const ManagedObject& object,
                                 std::string_view root) {
  if (object.type().isA("ManagedEntity")) return &object;
  std::optional<MoRef> about;
  if (object.ref.type == "Task") about = refIn(object, "info.entity");
  if (object.ref.type == "VirtualMachineSnapshot") about = refIn(object, "vm");
  const ManagedObject* entity = about ? inventory.find(about->id) : nullptr;
  if (!entity && isPart(object)) entity = ownerOf(inventory, object.ref);
  return entity ? entity : inventory.find(root);
}

}  // namespace failback::mock
