// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/world_state.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "mocks/state_value.h"

namespace failback::mock {

namespace {

// Objects that end with the process, and what refers to them.
bool passing(const MoRef& ref) {
  return ref.type == "Task" || ref.id.starts_with("session[");
}

Value withoutTasks(const ManagedObject& object) {
  const bool shows = object.type().find("recentTask") && object.state.at("recentTask").isSet();
  return shows ? object.state.with("recentTask", list({})) : object.state;
}

Json inventoryJson(const World& world) {
  const Inventory::Changes changes = world.inventory.sinceBuilt();
  Json changed = Json::array(), removed = Json::array();
  for (const ManagedObject* each : changes.changed) {
    if (!passing(each->ref))
      changed.push_back(Json::array({encoded(each->ref), encoded(withoutTasks(*each))}));
  }
  for (const std::string& id : changes.removed) removed.push_back(id);
  return {{"changed", std::move(changed)}, {"removed", std::move(removed)}};
}

void restoreInventory(World& world, const Json& saved, const std::string& place) {
  JsonReader in(saved, place);
  for (const Json& id : in.need("removed")) world.inventory.remove(id.get<std::string>());
  for (const Json& each : in.need("changed")) {
    if (!each.is_array() || each.size() != 2) throw JsonError(in.place("changed"), "a pair is expected here");
    MoRef ref = decodedRef(each[0], in.place("changed"));
    Value state = decoded(each[1], in.place("changed") + "/" + ref.id);
    if (!state.asObject() || state.asObject()->type().name != ref.type)
      throw JsonError(in.place("changed") + "/" + ref.id, fmt::format("this is no {}", ref.type));
    if (world.inventory.find(ref.id)) {
      world.inventory.replace(ref.id, std::move(state));
    } else {
      world.inventory.add(std::move(ref), std::move(state));
    }
  }
  in.done();
}

Json historyJson(const HistoryItems& items) {
  Json all = Json::array();
  for (const HistoryItem& each : items) {
    all.push_back({{"key", each.key},
                   {"item", encoded(each.item)},
                   {"about", each.about.id.empty() ? Json() : encoded(each.about)},
                   {"within", each.within}});
  }
  return all;
}

HistoryItems historyFrom(const Json& saved, const std::string& place) {
  HistoryItems items;
  for (const Json& each : saved) {
    JsonReader in(each, place);
    HistoryItem item;
    item.key = in.need("key").get<std::int64_t>();
    item.item = decoded(in.need("item"), in.place("item"));
    if (const Json& about = in.need("about"); !about.is_null())
      item.about = decodedRef(about, in.place("about"));
    item.within = in.need("within").get<std::vector<std::string>>();
    in.done();
    items.push_back(std::move(item));
  }
  return items;
}

Json authorizationJson(const Authorization& authorization) {
  const AuthorizationState& now = authorization.now();
  Json roles = Json::array(), permissions = Json::array();
  for (const auto& [id, role] : now.roles()) {
    roles.push_back({{"id", id},
                     {"name", role.name},
                     {"label", role.label},
                     {"summary", role.summary},
                     {"system", role.system},
                     {"privileges", privilegeIds(role.privileges)}});
  }
  for (const Permission& each : now.permissions()) {
    permissions.push_back({{"entity", encoded(each.entity)},
                           {"principal", each.principal},
                           {"group", each.group},
                           {"role", each.roleId},
                           {"propagate", each.propagate}});
  }
  return {{"roles", std::move(roles)},
          {"permissions", std::move(permissions)},
          {"nextRole", authorization.nextRole()}};
}

void restoreAuthorization(Authorization& authorization, const Json& saved, const std::string& place) {
  JsonReader in(saved, place);
  AuthorizationState::Roles roles;
  for (const Json& each : in.need("roles")) {
    JsonReader one(each, in.place("roles"));
    Role role;
    role.id = one.need("id").get<std::int32_t>();
    role.name = stateText(one, "name");
    role.label = stateText(one, "label");
    role.summary = stateText(one, "summary");
    one.flag("system", role.system);
    role.privileges = privilegeSet(one.need("privileges").get<std::vector<std::string>>());
    one.done();
    roles.emplace(role.id, std::move(role));
  }
  std::vector<Permission> permissions;
  for (const Json& each : in.need("permissions")) {
    JsonReader one(each, in.place("permissions"));
    Permission permission;
    permission.entity = decodedRef(one.need("entity"), one.place("entity"));
    permission.principal = stateText(one, "principal");
    one.flag("group", permission.group);
    permission.roleId = one.need("role").get<std::int32_t>();
    one.flag("propagate", permission.propagate);
    one.done();
    permissions.push_back(std::move(permission));
  }
  authorization.restore(std::move(roles), std::move(permissions), in.need("nextRole").get<std::int32_t>());
  in.done();
}

Json valuesJson(const std::map<std::string, Value, std::less<>>& values) {
  Json json = Json::object();
  for (const auto& [id, value] : values) json[id] = encoded(value);
  return json;
}

std::map<std::string, Value, std::less<>> valuesFrom(const Json& saved, const std::string& place) {
  std::map<std::string, Value, std::less<>> values;
  for (const auto& [id, value] : saved.items()) values.emplace(id, decoded(value, place + "/" + id));
  return values;
}

// What a machine's guest is, beyond what its properties say. Those of the scenario keep what it says.
Json guestsJson(const World& world) {
  Json guests = Json::object();
  for (const ManagedObject* each : world.inventory.sinceBuilt().changed) {
    const VmSpec* known = world.vmSpecs.find(each->ref.id);
    if (!known) continue;
    const VmSpec& spec = *known;
    Json volumes = Json::array();
    for (const VolumeSpec& volume : spec.volumes) {
      volumes.push_back({{"path", volume.path},
                         {"filesystem", volume.filesystem},
                         {"size", volume.size},
                         {"free", volume.free},
                         {"disk", volume.disk ? Json(*volume.disk) : Json()}});
    }
    guests[each->ref.id] = {{"guestId", spec.guestId},       {"guestName", spec.guestName},
                            {"hostName", spec.hostName},     {"addresses", spec.addresses},
                            {"tools", spec.tools},           {"diskUuid", spec.diskUuid},
                            {"volumes", std::move(volumes)}, {"asks", spec.question.has_value()}};
  }
  return guests;
}

void restoreGuests(World& world, const Json& saved, const std::string& place) {
  for (const auto& [id, guest] : saved.items()) {
    JsonReader in(guest, place + "/" + id);
    VmSpec& spec = world.vmSpecs.edit(id);
    bool asks = true;
    spec.guestId = stateText(in, "guestId");
    spec.guestName = stateText(in, "guestName");
    spec.hostName = stateText(in, "hostName");
    spec.addresses = in.need("addresses").get<std::vector<std::string>>();
    in.flag("tools", spec.tools);
    in.flag("diskUuid", spec.diskUuid);
    if (in.flag("asks", asks); !asks) spec.question.reset();
    spec.volumes.clear();
    for (const Json& each : in.need("volumes")) {
      JsonReader one(each, in.place("volumes"));
      VolumeSpec volume;
      volume.path = stateText(one, "path");
      volume.filesystem = stateText(one, "filesystem");
      volume.size = one.need("size").get<std::int64_t>();
      volume.free = one.need("free").get<std::int64_t>();
      if (const Json& disk = one.need("disk"); !disk.is_null()) volume.disk = disk.get<std::int32_t>();
      one.done();
      spec.volumes.push_back(std::move(volume));
    }
    in.done();
  }
}

// A machine that asked something when the state was saved asks no more: what it was about to do has ended.
void settleQuestions(World& world) {
  std::vector<MoRef> machines;
  for (const ManagedObject* each : world.inventory.all("VirtualMachine")) {
    if (each->read("runtime.question").isSet() != world.questions.pending(each->ref.id))
      machines.push_back(each->ref);
  }
  for (const MoRef& vm : machines) {
    if (world.questions.pending(vm.id)) {
      world.questions.withdraw(world, vm);
    } else {
      world.inventory.set(vm.id, "runtime.question", {});
    }
  }
}

}  // namespace

Json saveWorld(World& world, bool ending) {
  if (ending) {
    world.tasks.finishAll();
    world.inventory.commit();
  }
  Json clocks = Json::object();
  for (const auto& [id, ahead] : world.hostClocks) clocks[id] = ahead.count();
  return {{"inventory", inventoryJson(world)},
          {"files", world.files.save()},
          {"events", historyJson(world.events.items())},
          {"tasks", historyJson(world.taskHistory.items())},
          {"nextTask", world.tasks.nextId()},
          {"authorization", authorizationJson(world.authorization)},
          {"licenses", encoded(world.assignedLicenses)},
          {"configOptions", valuesJson(world.configOptions)},
          {"unreachableHosts", valuesJson(world.unreachableHosts)},
          {"hostClocks", std::move(clocks)},
          {"guests", guestsJson(world)},
          {"movedOrCopied", world.movedOrCopied},
          {"lastSnapshot", world.lastSnapshot},
          {"lastNumber", world.lastNumber},
          {"clockSkew", world.clockSkew.load()},
          {"random", world.random.save()}};
}

void restoreWorld(World& world, const Json& saved) {
  JsonReader in(saved, "/world");
  restoreInventory(world, in.need("inventory"), in.place("inventory"));
  restoreAuthorization(world.authorization, in.need("authorization"), in.place("authorization"));
  world.files.restore(in.need("files"), in.place("files"));
  world.events.restore(historyFrom(in.need("events"), in.place("events")));
  world.taskHistory.restore(historyFrom(in.need("tasks"), in.place("tasks")));
  std::uint64_t number = 0;
  in.number("nextTask", number, 1);
  world.tasks.setNextId(number);
  world.assignedLicenses = decoded(in.need("licenses"), in.place("licenses"));
  world.configOptions = valuesFrom(in.need("configOptions"), in.place("configOptions"));
  world.unreachableHosts = valuesFrom(in.need("unreachableHosts"), in.place("unreachableHosts"));
  world.hostClocks.clear();
  for (const auto& [id, ahead] : in.need("hostClocks").items())
    world.hostClocks[id] = std::chrono::milliseconds(ahead.get<std::int64_t>());
  restoreGuests(world, in.need("guests"), in.place("guests"));
  world.movedOrCopied = in.need("movedOrCopied").get<std::set<std::string>>();
  in.number("lastSnapshot", number, 0);
  world.lastSnapshot = number;
  in.number("lastNumber", world.lastNumber, 0);
  world.clockSkew = in.need("clockSkew").get<std::int64_t>();
  std::string random;
  random = stateText(in, "random");
  if (!world.random.restore(random)) throw JsonError(in.place("random"), "no state of a random generator");
  in.done();
  settleQuestions(world);
  world.inventory.commit();
}

}  // namespace failback::mock
