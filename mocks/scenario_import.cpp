// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/scenario_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "mocks/scenario.h"
#include "mocks/scenario_import_parts.h"
#include "mocks/time_text.h"

namespace failback::mock {

std::string text(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t number(const Json& object, const char* member, std::int64_t otherwise) {
  const auto found = object.find(member);
  return found != object.end() && found->is_number() ? found->get<std::int64_t>() : otherwise;
}

bool flag(const Json& object, const char* member, bool otherwise) {
  const auto found = object.find(member);
  return found != object.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

std::vector<std::string> texts(const Json& object, const char* member) {
  std::vector<std::string> list;
  for (const Json& each : items(object, member)) {
    if (each.is_string()) list.push_back(each.get<std::string>());
  }
  return list;
}

const Json& items(const Json& object, const char* member) {
  static const Json none = Json::array();
  const auto found = object.find(member);
  return found != object.end() && found->is_array() ? *found : none;
}

void put(Json& object, const char* member, const std::string& value) {
  if (!value.empty()) object[member] = value;
}

void put(Json& object, const char* member, Json list) {
  if (!list.empty()) object[member] = std::move(list);
}

Importing::Importing(const Json& from, bool anonymous) : dump(from), names(anonymous) {
  for (const char* kind : {"datacenters", "folders", "clusters", "hosts", "datastores", "storagePods",
                           "networks", "distributedSwitches", "resourcePools", "virtualMachines"}) {
    for (const Json& each : items(dump, kind)) objects_.emplace(text(each, "moref"), &each);
  }
}

const Json* Importing::find(const std::string& moref) const {
  const auto found = objects_.find(moref);
  return found == objects_.end() ? nullptr : found->second;
}

std::string Importing::nameOf(std::string_view kind, const Json& object) {
  const std::string path = text(object, "inventoryPath");
  const std::string last = path.substr(path.rfind('/') + 1);
  return names.name(kind, last.empty() ? text(object, "name") : last);
}

std::string Importing::nameOf(std::string_view kind, const std::string& moref) {
  const Json* object = find(moref);
  return object ? nameOf(kind, *object) : std::string();
}

std::string Importing::pathBelow(std::string_view kind, const std::string& moref, const std::string& top) {
  std::string path, current = moref;
  constexpr int deepest = 100;
  for (int level = 0; level < deepest && !current.empty() && current != top; ++level) {
    const Json* object = find(current);
    if (!object) break;
    path = nameOf(kind, *object) + (path.empty() ? "" : "/" + path);
    current = text(*object, "parent");
  }
  return path;
}

const Json* Importing::datacenterOf(const Json& object) const {
  const Json* current = &object;
  constexpr int deepest = 100;
  for (int level = 0; level < deepest && current; ++level) {
    if (text(*current, "objectType") == "Datacenter") return current;
    std::string above = text(*current, "parent");
    for (const char* other : {"cluster", "parentVApp", "storagePod", "host"}) {
      if (above.empty() && current->contains(other)) above = text(*current, other);
    }
    current = find(above);
  }
  return nullptr;
}

void Importing::note(std::string_view kind, const Json& object, const std::string& text) {
  note(fmt::format("{} {}: {}", kind, nameOf(kind == "virtual machine" ? "vm" : kind, object), text));
}

void Importing::note(std::string text) {
  if (std::find(notes_.begin(), notes_.end(), text) == notes_.end()) notes_.push_back(std::move(text));
}

namespace {

class SiteImport {
 public:
  SiteImport(Importing& in, const Json& datacenter) : in_(in), datacenter_(datacenter) {}

  Json build() {
    Json made;
    made["name"] = in_.nameOf("datacenter", datacenter_);
    put(made, "folders", folders());
    put(made, "clusters", clusters());
    put(made, "datastoreClusters", pods());
    put(made, "datastores", datastores());
    networks(made);
    put(made, "switches", switches());
    Json machines = Json::array();
    for (const Json* each : mine("virtualMachines")) machines.push_back(importMachine(in_, *each));
    put(made, "vms", machines);
    return made;
  }

 private:
  std::vector<const Json*> mine(const char* kind) const {
    std::vector<const Json*> found;
    for (const Json& each : items(in_.dump, kind)) {
      const Json* datacenter = in_.datacenterOf(each);
      // One that is out of sight is put into the first.
      if (datacenter == &datacenter_ || (!datacenter && &items(in_.dump, "datacenters")[0] == &datacenter_))
        found.push_back(&each);
    }
    return found;
  }

  Json folders() {
    Json list = Json::array();
    const std::string top = text(datacenter_, "vmFolder");
    for (const Json* each : mine("folders")) {
      const std::string moref = text(*each, "moref");
      bool fixed = false;
      for (const char* member : {"vmFolder", "hostFolder", "datastoreFolder", "networkFolder"})
        fixed = fixed || text(datacenter_, member) == moref;
      if (fixed) continue;
      const std::vector<std::string> types = texts(*each, "childType");
      if (std::find(types.begin(), types.end(), "VirtualMachine") != types.end()) {
        list.push_back(in_.pathBelow("folder", moref, top));
      } else {
        in_.note("folder", *each,
                 "folders of hosts, datastores and networks are not kept; what is in them is");
      }
    }
    return list;
  }

  Json host(const Json& host) {
    Json made;
    made["name"] = in_.nameOf("host", host);
    put(made, "uuid", in_.names.uuid(text(host, "uuid")));
    const Json product = host.value("product", Json::object());
    put(made, "version", text(product, "version"));
    put(made, "build", text(product, "build"));
    for (const char* member : {"vendor", "model", "cpuModel"}) put(made, member, text(host, member));
    const std::int64_t packages = number(host, "numCpuPkgs");
    if (packages > 0) {
      made["packages"] = packages;
      made["coresPerPackage"] = std::max<std::int64_t>(1, number(host, "numCpuCores") / packages);
    }
    put(made, "megahertz", number(host, "cpuMhz"), std::int64_t{0});
    put(made, "memory", number(host, "memorySize"), std::int64_t{0});
    if (packages == 0) in_.note("host", host, "its hardware is not in the dump; the usual is made up");
    put(made, "maintenance", flag(host, "inMaintenanceMode"), false);
    const bool standby = text(host, "powerState") == "standBy";
    put(made, "standby", standby, false);
    const std::string connection = text(host, "connectionState");
    put(made, "connection", connection, std::string(standby ? "notResponding" : "connected"));
    if (connection.empty()) made.erase("connection");
    if (flag(host, "inQuarantineMode")) in_.note("host", host, "quarantine mode is not kept");
    return made;
  }

  // Pools and vApps below a pool.
  void pools(const std::string& above, Json& made) {
    Json pools = Json::array(), vapps = Json::array();
    for (const Json& each : items(in_.dump, "resourcePools")) {
      if (text(each, "parent") != above) continue;
      const bool vapp = text(each, "objectType") == "VirtualApp";
      Json inner;
      inner["name"] = in_.nameOf(vapp ? "vapp" : "pool", each);
      for (const char* member : {"cpuAllocation", "memoryAllocation"}) {
        const Json allocation = each.value(member, Json::object());
        if (number(allocation, "limit", -1) != -1 || number(allocation, "reservation") != 0)
          in_.note("pool", each, "limits and reservations are not kept");
      }
      if (vapp) {
        const std::string folder = text(each, "parentFolder");
        put(inner, "folder", in_.pathBelow("folder", folder, text(datacenter_, "vmFolder")));
        vapps.push_back(inner);
      } else {
        this->pools(text(each, "moref"), inner);
        pools.push_back(inner);
      }
    }
    put(made, "pools", pools);
    put(made, "vapps", vapps);
  }

  Json clusters() {
    Json list = Json::array();
    std::set<std::string> seen;
    for (const Json* each : mine("clusters")) {
      const Json& cluster = *each;
      Json made;
      const bool real = text(cluster, "objectType") == "ClusterComputeResource";
      made["name"] = in_.nameOf(real ? "cluster" : "host", cluster);
      const Json drs = cluster.value("drsConfig", Json::object());
      made["drs"] = flag(drs, "enabled");
      put(made, "drsBehavior", text(drs, "defaultVmBehavior"));
      made["ha"] = flag(cluster.value("dasConfig", Json::object()), "enabled");
      Json hosts = Json::array();
      for (const std::string& moref : texts(cluster, "host")) {
        const Json* found = in_.find(moref);
        if (found && seen.insert(moref).second) hosts.push_back(host(*found));
      }
      put(made, "hosts", hosts);
      pools(text(cluster, "resourcePool"), made);
      list.push_back(made);
      if (!real && text(in_.dump["vcenter"], "apiType") != "HostAgent")
        in_.note("host", cluster, "stands alone; it becomes a cluster of one host");
      for (const char* member : {"drsVmConfig", "rule", "group"}) {
        if (!items(cluster, member).empty())
          in_.note("cluster", cluster, "overrides, rules and groups of DRS are not kept");
      }
    }
    return list;
  }

  Json pods() {
    Json list = Json::array();
    for (const Json* each : mine("storagePods")) {
      const Json config = each->value("podConfig", Json::object());
      Json made;
      made["name"] = in_.nameOf("pod", *each);
      made["drs"] = flag(config, "enabled");
      put(made, "behavior", text(config, "defaultVmBehavior"), std::string("manual"));
      list.push_back(made);
      if (!items(*each, "vmConfig").empty()) in_.note("pod", *each, "overrides of Storage DRS are not kept");
    }
    return list;
  }

  // The names of hosts; nothing when it is all hosts of the datacenter.
  Json hostList(const std::vector<std::string>& morefs) {
    Json list = Json::array();
    for (const std::string& each : morefs) {
      if (const Json* found = in_.find(each)) list.push_back(in_.nameOf("host", *found));
    }
    return list.size() >= mine("hosts").size() ? Json::array() : list;
  }

  void mounts(const Json& store, Json& made) {
    std::vector<std::string> mounted, readOnly;
    for (const Json& each : items(store, "host")) {
      if (!flag(each, "mounted", true)) {
        in_.note("datastore", store, "is unmounted on a host; there it is not connected at all");
        continue;
      }
      mounted.push_back(text(each, "host"));
      const Json* host = in_.find(mounted.back());
      if (text(each, "accessMode") == "readOnly") readOnly.push_back(mounted.back());
      if (!flag(each, "accessible", true) && flag(store, "accessible", true) && host &&
          text(*host, "connectionState") == "connected") {
        in_.note("datastore", store, "is not accessible on some hosts; it becomes so on all");
      }
    }
    put(made, "hosts", hostList(mounted));
    Json list = Json::array();
    for (const std::string& each : readOnly) {
      const std::string name = in_.nameOf("host", each);
      if (!name.empty()) list.push_back(name);
    }
    put(made, "readOnlyOn", list);
  }

  Json datastores() {
    static const std::set<std::string> types{"VMFS", "NFS", "NFS41", "vsan", "VVOL", "PMEM"};
    Json list = Json::array();
    for (const Json* each : mine("datastores")) {
      const Json& store = *each;
      Json made;
      made["name"] = in_.nameOf("datastore", store);
      const std::string type = text(store, "type");
      made["type"] = types.contains(type) ? type : "VMFS";
      if (!types.contains(type))
        in_.note("datastore", store, fmt::format("of type '{}' becomes one of VMFS", type));
      const bool accessible = flag(store, "accessible", true);
      if (number(store, "capacity") > 0) {
        made["capacity"] = number(store, "capacity");
        made["free"] = std::clamp<std::int64_t>(number(store, "freeSpace"), 0, number(store, "capacity"));
      } else {
        in_.note("datastore", store, "its capacity is not in the dump; 4 TiB are made up");
      }
      put(made, "accessible", accessible, true);
      put(made, "maintenance", text(store, "maintenanceMode"), std::string("normal"));
      if (text(store, "maintenanceMode").empty()) made.erase("maintenance");
      mounts(store, made);
      put(made, "cluster", in_.nameOf("pod", text(store, "storagePod")));
      const Json nas = store.value("nas", Json::object());
      put(made, "remoteHost", in_.names.name("nas", text(nas, "remoteHost")));
      put(made, "remotePath", in_.names.name("export", text(nas, "remotePath")));
      list.push_back(made);
    }
    return list;
  }

  // What is on every host is short; the rest is on a vSwitch0 of the hosts that have it.
  void networks(Json& made) {
    Json everywhere = Json::array(), switches = Json::array();
    for (const Json* each : mine("networks")) {
      const std::string type = text(*each, "objectType");
      if (type == "DistributedVirtualPortgroup") continue;
      if (type != "Network") in_.note("network", *each, "of NSX becomes a standard one");
      const Json hosts = hostList(texts(*each, "host"));
      const std::string name = in_.nameOf("network", *each);
      if (hosts.empty()) {
        everywhere.push_back(name);
        continue;
      }
      const auto same = std::find_if(switches.begin(), switches.end(),
                                     [&hosts](const Json& one) { return one["hosts"] == hosts; });
      if (same == switches.end()) {
        switches.push_back({{"name", "vSwitch0"}, {"hosts", hosts}, {"portGroups", Json::array()}});
        switches.back()["portGroups"].push_back({{"name", name}});
      } else {
        (*same)["portGroups"].push_back({{"name", name}});
      }
    }
    put(made, "networks", everywhere);
    put(made, "standardSwitches", switches);
  }

  Json switches() {
    Json list = Json::array();
    for (const Json* each : mine("distributedSwitches")) {
      Json made, groups = Json::array();
      made["name"] = in_.nameOf("switch", *each);
      put(made, "hosts", hostList(texts(*each, "host")));
      for (const Json* network : mine("networks")) {
        if (text(*network, "distributedVirtualSwitch") != text(*each, "moref") || flag(*network, "uplink"))
          continue;
        Json group;
        group["name"] = in_.nameOf("network", *network);
        const std::string binding = text(*network, "portBinding");
        put(group, "binding", binding, std::string("earlyBinding"));
        if (binding.empty()) group.erase("binding");
        groups.push_back(group);
      }
      put(made, "portGroups", groups);
      list.push_back(made);
    }
    return list;
  }

  Importing& in_;
  const Json& datacenter_;
};

// The host in "https://vcenter.example/sdk".
std::string hostIn(const std::string& url) {
  const auto start = url.find("://");
  const std::string rest = start == std::string::npos ? url : url.substr(start + 3);
  return rest.substr(0, rest.find_first_of(":/"));
}

Json server(Importing& in) {
  const Json& vcenter = in.dump["vcenter"];
  Json made;
  const bool esxi = text(vcenter, "apiType") == "HostAgent";
  if (esxi) made["kind"] = "esxi";
  put(made, "name", in.names.name(esxi ? "host" : "server", hostIn(text(vcenter, "url"))));
  put(made, "version", text(vcenter, "version"));
  put(made, "build", text(vcenter, "build"));
  put(made, "instanceUuid", in.names.uuid(text(vcenter, "instanceUuid")));
  return made;
}

Json licenses(Importing& in) {
  Json list = Json::array();
  const Json& all = items(in.dump["vcenter"], "licenses");
  const auto today = microsOf(text(in.dump, "readAt"));
  for (const Json& each : all) {
    if (each.contains("entityId")) continue;
    Json made{{"name", text(each, "name")}, {"edition", text(each, "editionKey")}};
    if (number(each, "total") > 0) made["total"] = number(each, "total");
    constexpr std::int64_t day = 86'400'000'000;
    const auto end = microsOf(text(each, "expirationDate"));
    if (end && today) made["expiresInDays"] = (*end - *today) / day;
    list.push_back(made);
  }
  // An assignment says which licence by its name.
  for (Json& made : list) {
    Json hosts = Json::array();
    for (const Json& each : all) {
      if (text(each, "name") != text(made, "name") || !each.contains("entityId")) continue;
      const Json* found = in.find(text(each, "entityId"));
      if (found && text(*found, "objectType") == "HostSystem") hosts.push_back(in.nameOf("host", *found));
    }
    if (list.size() > 1) put(made, "hosts", hosts);
  }
  return list;
}

void checkDump(const Json& dump) {
  if (!dump.is_object() || !dump.contains("schemaVersion") || !dump.contains("virtualMachines") ||
      !dump.contains("vcenter")) {
    throw ScenarioError("this is no dump; make one with: failback discover --full -o json");
  }
  if (number(dump, "schemaVersion") != 1)
    throw ScenarioError(fmt::format("a dump of version {} is not known here", number(dump, "schemaVersion")));
  if (text(dump, "depth") == "thin")
    throw ScenarioError("a dump made with --thin has no devices; make one with --full");
  if (dump.contains("filters"))
    throw ScenarioError("the dump is of a part of the site; make one without filters");
}

}  // namespace

ImportedScenario importDump(std::string_view document, bool anonymous) {
  Json dump;
  try {
    dump = Json::parse(document);
  } catch (const Json::exception& problem) {
    throw ScenarioError(fmt::format("not JSON: {}", problem.what()));
  }
  checkDump(dump);
  Importing in(dump, anonymous);
  // Names of machines first, because files are named after them.
  for (const Json& each : items(dump, "virtualMachines")) (void)in.nameOf("vm", each);
  Json made;
  made["description"] =
      anonymous ? "A site, with made-up names" : "Imported from a dump of " + text(dump["vcenter"], "url");
  made["server"] = server(in);
  put(made, "licenses", licenses(in));
  Json datacenters = Json::array();
  for (const Json& each : items(dump, "datacenters")) datacenters.push_back(SiteImport(in, each).build());
  put(made, "datacenters", datacenters);
  in.note("accounts, roles and permissions are not in a dump; there are the usual two accounts");
  if (!items(dump, "networks").empty()) in.note("VLANs are not in a dump; port groups have none");
  if (!items(dump, "unreadable").empty())
    in.note(
        fmt::format("{} things could not be read when the dump was made", items(dump, "unreadable").size()));
  return {made.dump(2) + "\n", in.takeNotes()};
}

}  // namespace failback::mock
