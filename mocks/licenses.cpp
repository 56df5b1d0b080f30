// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/licenses.h"

#include <algorithm>
#include <cctype>

#include "mocks/fault.h"
#include "mocks/time_text.h"
#include "wsdl/schema.h"

namespace failback::mock {

namespace {

Value property(std::string_view key, Value value) {
  return object("KeyAnyValue", {{"key", key}, {"value", std::move(value)}});
}

bool isExpired(const World& world, const Value& license) {
  const List* properties = license.at("properties").asList();
  for (const Value& each : properties ? properties->items : std::vector<Value>{}) {
    if (each.at("key").string() != "expirationDate") continue;
    const auto expiry = microsOf(each.at("value").string());
    return expiry && *expiry <= *microsOf(world.now());
  }
  return false;
}

// The licence of a host: the one assigned to it; on ESXi, where nobody assigns, the first one. Unset: none,
// which means evaluation.
Value licenseOf(const World& world, std::string_view hostId) {
  const List* assigned = world.assignedLicenses.asList();
  for (const Value& each : assigned ? assigned->items : std::vector<Value>{}) {
    if (each.at("entityId").string() == hostId) return each.at("assignedLicense");
  }
  if (world.serviceContent.at("about.apiType").string() != "HostAgent") return {};
  const ManagedObject* manager = world.inventory.find(world.managerId("LicenseManager"));
  const List* licenses = manager ? manager->properties().get("licenses").asList() : nullptr;
  return licenses && !licenses->items.empty() ? licenses->items.front() : Value();
}

bool isRestricted(const World& world, std::string_view hostId) {
  const Value license = licenseOf(world, hostId);
  if (!license.isSet()) return false;
  return license.at("editionKey").string().starts_with("esxBasic") || isExpired(world, license);
}

// Whether the method changes hosts, machines or their files; what manages the server itself does not count.
bool isWrite(const MethodInfo& method) {
  const std::string_view privilege = method.privilege;
  // VirtualDiskManager asks its privileges of the datastore, not for the method.
  if (method.owner == "VirtualDiskManager") return !std::string_view(method.name).starts_with("Query");
  if (privilege == "Datastore.Browse" || method.owner == "HostDatastoreBrowser") return false;
  for (const std::string_view area : {"VirtualMachine.", "Host.", "Datastore.", "Resource.", "Network.",
                                      "Folder.", "VApp.", "StoragePod."}) {
    if (privilege.starts_with(area)) return true;
  }
  const vim25::MethodInfo* known = vim25::findMethod(method.name);
  return privilege.empty() && known && known->isTask;
}

bool allRestricted(const World& world) {
  const auto hosts = world.inventory.all("HostSystem");
  return !hosts.empty() && std::all_of(hosts.begin(), hosts.end(), [&](const ManagedObject* host) {
    return isRestricted(world, host->ref.id);
  });
}

}  // namespace

Value licenseInfo(const World& world, const LicenseSpec& spec, const std::string& key,
                  const std::string& expiry) {
  std::vector<Value> properties{property("ProductName", spec.name)};
  if (!expiry.empty()) {
    const std::int64_t left = (*microsOf(expiry) - *microsOf(world.now())) / microsPerSecond;
    properties.push_back(property("expirationDate", Value::dateTime(expiry)));
    properties.push_back(property("expirationHours", std::int64_t{left / 3600}));
    properties.push_back(property("expirationMinutes", std::int64_t{left / 60}));
  }
  return object("LicenseManagerLicenseInfo", {{"licenseKey", key},
                                              {"editionKey", spec.edition},
                                              {"name", spec.name},
                                              {"total", spec.total},
                                              {"used", std::int32_t{0}},
                                              {"costUnit", "cpuPackage"},
                                              {"properties", properties}});
}

Value decodedLicense(const World& world, const std::string& key) {
  constexpr std::size_t group = 5, length = 29;
  bool good = key.size() == length;
  for (std::size_t i = 0; good && i < key.size(); ++i) {
    const auto c = static_cast<unsigned char>(key[i]);
    good = i % (group + 1) == group ? c == '-' : std::isupper(c) || std::isdigit(c);
  }
  if (good) return licenseInfo(world, LicenseSpec{}, key, {});
  return object("LicenseManagerLicenseInfo",
                {{"licenseKey", key},
                 {"editionKey", ""},
                 {"name", ""},
                 {"total", std::int32_t{0}},
                 {"costUnit", ""},
                 {"properties", std::vector<Value>{property("diagnostic", "License is not valid.")}}});
}

void assignLicenses(World& world, const ScenarioSpec& scenario) {
  if (scenario.server.esxi) return;
  const ManagedObject* manager = world.inventory.find(world.managerId("LicenseManager"));
  const List* licenses = manager ? manager->properties().get("licenses").asList() : nullptr;
  for (const ManagedObject* host : world.inventory.all("HostSystem")) {
    const std::string_view name = host->properties().get("name").string();
    std::optional<std::size_t> chosen;
    for (std::size_t i = 0; i < scenario.licenses.size(); ++i) {
      const LicenseSpec& spec = scenario.licenses[i];
      const bool named = std::find(spec.hosts.begin(), spec.hosts.end(), name) != spec.hosts.end();
      if (named || (!chosen && spec.hosts.empty() && spec.edition.starts_with("esx"))) chosen = i;
      if (named) break;
    }
    if (!chosen || !licenses) continue;
    world.assignedLicenses =
        world.assignedLicenses.appended(object("LicenseAssignmentManagerLicenseAssignment",
                                               {{"entityId", host->ref.id},
                                                {"scope", world.serviceContent.at("about.instanceUuid")},
                                                {"entityDisplayName", name},
                                                {"assignedLicense", licenses->items[*chosen]}}));
  }
  for (const LicenseSpec& spec : scenario.licenses) {
    for (const std::string& name : spec.hosts) {
      const auto hosts = world.inventory.all("HostSystem");
      const bool known = std::any_of(hosts.begin(), hosts.end(), [&](const ManagedObject* host) {
        return host->properties().get("name").string() == name;
      });
      if (!known) throw ScenarioError("licenses: there is no host named '" + name + "'");
    }
  }
}

void checkLicense(const World& world, const ManagedObject& self, const MethodInfo& method) {
  if (!world.assignedLicenses.isSet() && world.serviceContent.at("about.apiType").string() != "HostAgent")
    return;
  if (!isWrite(method)) return;
  bool restricted = false;
  if (self.type().isA("HostSystem")) {
    restricted = isRestricted(world, self.ref.id);
  } else if (self.type().isA("VirtualMachine")) {
    const MoRef* host = self.state.at("runtime.host").asRef();
    restricted = host && isRestricted(world, host->id);
  } else {
    restricted = allRestricted(world);
  }
  if (!restricted) return;
  throw makeFault("RestrictedVersion",
                  "Current license or ESXi version prohibits execution of the requested operation.");
}

}  // namespace failback::mock
