// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/entity_tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "mocks/cluster_config.h"
#include "mocks/search_index.h"
#include "mocks/vapps.h"
#include "mocks/view.h"

namespace failback::mock {

namespace {

constexpr std::size_t longestName = 80;

// The number at the end of "group-v123"; 0 without one.
std::uint64_t numberOf(std::string_view id) {
  const auto last = id.find_last_not_of("0123456789");
  const std::string_view digits = last == std::string_view::npos ? id : id.substr(last + 1);
  return digits.empty() || digits.size() > 18 ? 0 : std::stoull(std::string(digits));
}

bool isHex(char c) {
  return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

bool startsEscape(std::string_view text) {
  return text.size() >= 3 && text[0] == '%' && isHex(text[1]) && isHex(text[2]);
}

// What people would call it: escapes resolved, lower case.
std::string comparable(std::string_view name) {
  std::string plain;
  for (std::size_t i = 0; i < name.size(); ++i) {
    char c = name[i];
    if (startsEscape(name.substr(i))) {
      c = static_cast<char>(std::stoi(std::string(name.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    }
    plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return plain;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

// The objects that may not have the same name as an entity of the type below that parent.
std::vector<MoRef> rivals(World& world, const MoRef& parent, std::string_view type) {
  if (type == "Datastore") {
    const auto datacenter = ancestorOf(world.inventory, parent, "Datacenter");
    const ManagedObject* found = datacenter ? world.inventory.find(datacenter->id) : nullptr;
    if (found) return refsOfList(found->state.at("datastore"));
  }
  const ManagedObject* found = world.inventory.find(parent.id);
  if (!found) return {};
  // Pools and vApps of one pool; its machines have their names in folders.
  if (found->type().isA("ResourcePool")) return refsOfList(found->state.at("resourcePool"));
  return childrenOf(*found);
}

void postRename(World& world, const ManagedObject& entity, const std::string& oldName,
                const std::string& newName) {
  const std::string text = fmt::format("Renamed {} to {}", oldName, newName);
  const std::vector<Field> names{{"oldName", oldName}, {"newName", newName}};
  const TypeInfo& type = entity.type();
  if (type.isA("VirtualMachine")) {
    const bool* isTemplate = entity.state.at("summary.config.template").asBool();
    world.events.post("VmRenamedEvent", entity.ref, text,
                      {{"template", isTemplate && *isTemplate}, {"oldName", oldName}, {"newName", newName}});
  } else if (type.isA("Datastore")) {
    world.events.post("DatastoreRenamedEvent", entity.ref, text,
                      {{"datastore", world.events.datastoreArgument(entity.ref)},
                       {"oldName", oldName},
                       {"newName", newName}});
  } else if (type.isA("Datacenter")) {
    world.events.post("DatacenterRenamedEvent", entity.ref, text, names);
  } else if (type.isA("DistributedVirtualPortgroup")) {
    world.events.post("DVPortgroupRenamedEvent", entity.ref, text, names);
  } else if (type.isA("DistributedVirtualSwitch")) {
    world.events.post("DvsRenamedEvent", entity.ref, text, names);
  }
}

// Where besides `name` an entity's name stands.
Value withNameEverywhere(const ManagedObject& entity, const std::string& name) {
  Value state = entity.state.with("name", name);
  const auto put = [&](std::string_view holder, std::string_view member) {
    const DataObject* found =
        entity.type().find(holder.substr(0, holder.find('.'))) ? state.at(holder).asObject() : nullptr;
    if (found && found->type().find(member)) state = state.with(fmt::format("{}.{}", holder, member), name);
  };
  put("summary", "name");
  put("summary.config", "name");
  if (entity.type().isA("VirtualMachine") || entity.type().isA("DistributedVirtualPortgroup") ||
      entity.type().isA("DistributedVirtualSwitch")) {
    put("config", "name");
  }
  return state;
}

}  // namespace

MoRef freshRef(World& world, std::string type, std::string_view prefix) {
  if (world.lastNumber == 0) {
    for (const ManagedObject* each : world.inventory.all("ManagedEntity")) {
      world.lastNumber = std::max(world.lastNumber, numberOf(each->ref.id));
    }
  }
  // Machines may be numbered by others.
  std::string id = fmt::format("{}{}", prefix, ++world.lastNumber);
  while (world.inventory.find(id)) id = fmt::format("{}{}", prefix, ++world.lastNumber);
  return {std::move(type), std::move(id)};
}

bool isTrue(const Value& value) {
  const bool* flag = value.asBool();
  return flag && *flag;
}

std::vector<Value> itemsOf(const Value& value) {
  const List* items = value.asList();
  return items ? items->items : std::vector<Value>{};
}

std::string nameOf(const World& world, const MoRef& ref) {
  return std::string(world.inventory.need(ref.id).state.at("name").string());
}

std::vector<MoRef> refsOfList(const Value& value) {
  std::vector<MoRef> found;
  const List* items = value.asList();
  if (!items) return found;
  found.reserve(items->items.size());
  for (const Value& item : items->items) {
    if (const MoRef* ref = item.asRef()) found.push_back(*ref);
  }
  return found;
}

Value listOfRefs(const std::vector<MoRef>& refs) {
  return Value(std::vector<Value>(refs.begin(), refs.end()));
}

bool holds(const std::vector<MoRef>& refs, const MoRef& ref) {
  return std::find(refs.begin(), refs.end(), ref) != refs.end();
}

void addRef(World& world, const MoRef& holder, std::string_view path, const MoRef& ref) {
  const ManagedObject* object = world.inventory.find(holder.id);
  if (!object || !object->type().find(path.substr(0, path.find('.')))) return;
  std::vector<MoRef> all = refsOfList(object->state.at(path));
  if (holds(all, ref)) return;
  all.push_back(ref);
  world.inventory.set(holder.id, path, listOfRefs(all));
}

void dropRef(World& world, const MoRef& holder, std::string_view path, const MoRef& ref) {
  const ManagedObject* object = world.inventory.find(holder.id);
  if (!object || !object->type().find(path.substr(0, path.find('.')))) return;
  std::vector<MoRef> all = refsOfList(object->state.at(path));
  if (std::erase(all, ref) > 0) world.inventory.set(holder.id, path, listOfRefs(all));
}

std::vector<MoRef> machinesBelow(World& world, const MoRef& container) {
  return containedIn(world.inventory, container, {"VirtualMachine"}, true);
}

std::optional<MoRef> parentOf(const World& world, const MoRef& entity) {
  const ManagedObject* object = world.inventory.find(entity.id);
  const MoRef* parent =
      object && object->type().find("parent") ? object->state.at("parent").asRef() : nullptr;
  return parent ? std::optional<MoRef>(*parent) : std::nullopt;
}

bool isBelow(const World& world, const MoRef& entity, const MoRef& ancestor) {
  std::optional<MoRef> current = entity;
  while (current && *current != ancestor) current = parentOf(world, *current);
  return current.has_value();
}

std::string storedName(std::string_view name) {
  std::string stored;
  for (std::size_t i = 0; i < name.size(); ++i) {
    switch (name[i]) {
      case '/':
        stored += "%2f";
        break;
      case '\\':
        stored += "%5c";
        break;
      case '%':
        stored += startsEscape(name.substr(i)) ? "%" : "%25";
        break;
      default:
        stored += name[i];
    }
  }
  return stored;
}

bool sameName(std::string_view a, std::string_view b) {
  return comparable(a) == comparable(b);
}

void needGoodName(std::string_view name, const std::optional<MoRef>& entity) {
  if (!name.empty() && characters(comparable(name)) <= longestName) return;
  throw makeFault("InvalidName", fmt::format("The name '{}' is not valid.", name),
                  {{"name", name}, {"entity", entity}});
}

void needFreeName(World& world, const MoRef& parent, std::string_view type, std::string_view name,
                  const std::optional<MoRef>& except) {
  for (const MoRef& each : rivals(world, parent, type)) {
    if (except && each == *except) continue;
    const ManagedObject* found = world.inventory.find(each.id);
    if (!found || !found->type().find("name")) continue;
    if (!sameName(found->state.at("name").string(), name)) continue;
    throw makeFault("DuplicateName", fmt::format("The name '{}' already exists.", name),
                    {{"name", name}, {"object", each}});
  }
}

void renameEntity(World& world, const MoRef& entity, const std::string& newName) {
  needGoodName(newName, entity);
  const std::string name = storedName(newName);
  const ManagedObject& object = world.inventory.need(entity.id);
  const std::string oldName(object.state.at("name").string());
  const auto parent = parentOf(world, entity);
  if (parent) needFreeName(world, *parent, entity.type, name, entity);
  if (name == oldName) return;
  if (object.type().isA("Datastore")) {
    renameDatastore(world, entity, name);
  } else {
    world.inventory.replace(entity.id, withNameEverywhere(object, name));
  }
  postRename(world, world.inventory.need(entity.id), oldName, name);
}

bool isEsxi(const World& world) {
  return world.serviceContent.at("about.apiType").string() == "HostAgent";
}

void forgetMachine(World& world, const MoRef& vm) {
  const ManagedObject* found = world.inventory.find(vm.id);
  if (!found) return;
  const Value state = found->state;
  // Files come into being from what the inventory says, and they stay: so before it changes.
  for (const MoRef& each : refsOfList(state.at("datastore"))) (void)world.files.used(each.id);
  world.files.unlockAll(vm.id);
  dropOverrides(world, vm);
  if (const MoRef* vapp = state.at("parentVApp").asRef()) dropMember(world, *vapp, vm);
  for (const std::string_view path : {"parent", "parentVApp", "resourcePool", "runtime.host"}) {
    const MoRef* holder = state.at(path).asRef();
    if (!holder) continue;
    dropRef(world, *holder, "childEntity", vm);
    dropRef(world, *holder, "vm", vm);
  }
  for (const std::string_view path : {"datastore", "network"}) {
    for (const MoRef& each : refsOfList(state.at(path))) dropRef(world, each, "vm", vm);
  }
  world.vmSpecs.erase(vm.id);
  world.inventory.remove(vm.id);
}

}  // namespace failback::mock
