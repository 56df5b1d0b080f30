// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/search_index.h"

#include <algorithm>
#include <cctype>

#include "mocks/view.h"

namespace failback::mock {

namespace {

bool equalNoCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

std::optional<MoRef> ancestorOf(const Inventory& inventory, const MoRef& ref, std::string_view type) {
  const ManagedObject* object = inventory.find(ref.id);
  while (object) {
    if (object->type().isA(type)) return object->ref;
    Value above = object->read("parent");
    if (!above.isSet()) above = object->read("parentVApp");
    object = above.asRef() ? inventory.find(above.asRef()->id) : nullptr;
  }
  return std::nullopt;
}

std::vector<MoRef> findEntities(const Inventory& inventory, bool virtualMachines,
                                const std::optional<MoRef>& datacenter,
                                const std::function<bool(const ManagedObject&)>& matches) {
  std::vector<MoRef> found;
  for (const ManagedObject* object : inventory.all(virtualMachines ? "VirtualMachine" : "HostSystem")) {
    if (!matches(*object)) continue;
    if (datacenter && ancestorOf(inventory, object->ref, "Datacenter") != datacenter) continue;
    found.push_back(object->ref);
  }
  return found;
}

bool hasUuid(const ManagedObject& object, std::string_view uuid, bool instance) {
  if (object.type().isA("HostSystem"))
    return equalNoCase(object.read("summary.hardware.uuid").string(), uuid);
  const Value own = object.read(instance ? "config.instanceUuid" : "config.uuid");
  return !own.string().empty() && equalNoCase(own.string(), uuid);
}

bool hasDnsName(const ManagedObject& object, std::string_view name) {
  if (object.type().isA("HostSystem")) return equalNoCase(object.read("name").string(), name);
  return equalNoCase(object.read("guest.hostName").string(), name);
}

bool hasAddress(const ManagedObject& object, std::string_view address) {
  if (object.type().isA("HostSystem")) {
    const Value nics = object.read("config.network.vnic");
    const List* adapters = nics.asList();
    if (!adapters) return false;
    return std::any_of(adapters->items.begin(), adapters->items.end(),
                       [&](const Value& nic) { return nic.at("spec.ip.ipAddress").string() == address; });
  }
  if (object.read("guest.ipAddress").string() == address) return true;
  const Value net = object.read("guest.net");
  const List* nics = net.asList();
  for (const Value& nic : nics ? nics->items : std::vector<Value>{}) {
    const List* addresses = nic.at("ipAddress").asList();
    for (const Value& each : addresses ? addresses->items : std::vector<Value>{}) {
      if (each.string() == address) return true;
    }
  }
  return false;
}

std::optional<MoRef> findChildByName(const Inventory& inventory, const MoRef& parent, std::string_view name) {
  const ManagedObject* object = inventory.find(parent.id);
  if (!object) return std::nullopt;
  for (const MoRef& child : childrenOf(*object)) {
    const ManagedObject* found = inventory.find(child.id);
    if (found && found->read("name").string() == name) return child;
  }
  return std::nullopt;
}

std::optional<MoRef> findByPath(const Inventory& inventory, const MoRef& root, std::string_view path) {
  std::optional<MoRef> current = root;
  while (current && !path.empty()) {
    const auto slash = path.find('/');
    const std::string_view name = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    if (!name.empty()) current = findChildByName(inventory, *current, name);
  }
  return current;
}

}  // namespace failback::mock
