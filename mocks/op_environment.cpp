// SPDX-License-Identifier: GPL-2.0-or-later
// What tools read of a cluster before they make a machine: hardware versions with guests and devices, and
// what the hosts have to put below them.
#include <algorithm>
#include <array>
#include <map>

#include "mocks/config_option.h"
#include "mocks/entity_tools.h"
#include "mocks/fault.h"
#include "mocks/operation_tables.h"

namespace failback::mock {

namespace {

// The compute resource that the browser belongs to; machines share theirs.
const ManagedObject* ownerOf(Operation& op) {
  for (const ManagedObject* each : op.world.inventory.all("ComputeResource")) {
    const MoRef* browser = each->state.at("environmentBrowser").asRef();
    if (browser && *browser == op.self.ref) return each;
  }
  return nullptr;
}

// The host asked for, or all, as far as vCenter is connected to them.
std::vector<const ManagedObject*> hostsAsked(Operation& op, const ManagedObject& owner,
                                             const std::optional<MoRef>& host) {
  const std::vector<MoRef> all = refsOfList(owner.state.at("host"));
  if (host && !holds(all, *host)) throw invalidArgument("host", "it is not of this compute resource");
  std::vector<const ManagedObject*> found;
  for (const MoRef& each : all) {
    if ((host && *host != each) || !op.scope.sees(each.id)) continue;
    const ManagedObject& object = op.world.inventory.need(each.id);
    if (object.state.at("runtime.connectionState").string() == "connected") found.push_back(&object);
  }
  return found;
}

std::optional<MoRef> hostParameter(Operation& op) {
  if (!op.ref("host")) return std::nullopt;
  return op.object("host", "HostSystem").ref;
}

// ---- hardware versions

// Without a key the usual one. Nothing for one that nobody offers.
Answer optionFor(Operation& op, std::string_view key, const std::optional<MoRef>& host,
                 const std::vector<std::string_view>& guests) {
  const ManagedObject* owner = ownerOf(op);
  if (!owner) return {};
  if (host) hostsAsked(op, *owner, host);
  const auto offered = op.world.configOptions.find(op.self.ref.id);
  if (offered == op.world.configOptions.end()) return {};
  for (const Value& each : itemsOf(offered->second)) {
    const bool wanted = key.empty() ? isTrue(each.at("defaultConfigOption")) : each.at("key").string() == key;
    if (!wanted) continue;
    if (host && !holds(refsOfList(each.at("host")), *host)) continue;
    return {configOption(std::string(each.at("key").string()), std::string(each.at("description").string()),
                         guests),
            {}};
  }
  return {};
}

Answer queryOption(Operation& op) {
  return optionFor(op, op.text("key"), hostParameter(op), {});
}

Answer queryOptionEx(Operation& op) {
  const Value& spec = op.get("spec");
  std::optional<MoRef> host;
  if (const MoRef* asked = spec.at("host").asRef()) {
    if (!op.scope.find(*asked) || !op.scope.sees(asked->id)) throw objectNotFound(*asked);
    host = *asked;
  }
  const std::vector<Value> ids = itemsOf(spec.at("guestId"));
  std::vector<std::string_view> guests;
  guests.reserve(ids.size());
  for (const Value& each : ids) guests.push_back(each.string());
  return optionFor(op, spec.at("key").string(), host, guests);
}

// ---- targets

Value datastoreTarget(const ManagedObject& datastore, const std::vector<const ManagedObject*>& hosts) {
  bool mounted = false, writable = false;
  for (const Value& each : itemsOf(datastore.state.at("host"))) {
    const MoRef* host = each.at("key").asRef();
    const bool asked = std::any_of(hosts.begin(), hosts.end(),
                                   [host](const ManagedObject* one) { return host && one->ref == *host; });
    if (!asked || !isTrue(each.at("mountInfo.mounted"))) continue;
    mounted = true;
    writable = writable || each.at("mountInfo.accessMode").string() == "readWrite";
  }
  if (!mounted) return {};
  const Value& info = datastore.state.at("info");
  const bool raw = info.asObject()->type().isA("VmfsDatastoreInfo");
  return object("VirtualMachineDatastoreInfo",
                {{"name", datastore.state.at("name")},
                 {"datastore", datastore.state.at("summary")},
                 {"capability", datastore.state.at("capability")},
                 {"maxFileSize", info.at("maxFileSize")},
                 {"maxVirtualDiskCapacity", info.at("maxVirtualDiskCapacity")},
                 {"maxPhysicalRDMFileSize", raw ? info.at("maxPhysicalRDMFileSize") : Value()},
                 {"maxVirtualRDMFileSize", raw ? info.at("maxVirtualRDMFileSize") : Value()},
                 {"mode", writable ? "readWrite" : "readOnly"},
                 {"vStorageSupport", "vStorageUnknown"}});
}

struct Networks {
  std::vector<Value> standard, portGroups, switches;
};

Value switchTarget(const ManagedObject& dvs) {
  return object("DistributedVirtualSwitchInfo", {{"switchName", dvs.state.at("name")},
                                                 {"switchUuid", dvs.state.at("uuid")},
                                                 {"distributedVirtualSwitch", dvs.ref},
                                                 {"networkReservationSupported", true}});
}

void addNetwork(World& world, const ManagedObject& network, Networks& found) {
  const MoRef* dvs = network.type().isA("DistributedVirtualPortgroup")
                         ? network.state.at("config.distributedVirtualSwitch").asRef()
                         : nullptr;
  if (dvs == nullptr) {
    found.standard.push_back(object("VirtualMachineNetworkInfo", {{"name", network.state.at("name")},
                                                                  {"network", network.state.at("summary")}}));
    return;
  }
  const ManagedObject& above = world.inventory.need(dvs->id);
  found.portGroups.push_back(object("DistributedVirtualPortgroupInfo",
                                    {{"switchName", above.state.at("name")},
                                     {"switchUuid", above.state.at("uuid")},
                                     {"portgroupName", network.state.at("name")},
                                     {"portgroupKey", network.state.at("key")},
                                     {"portgroupType", network.state.at("config.type")},
                                     {"uplinkPortgroup", isTrue(network.state.at("config.uplink"))},
                                     {"portgroup", network.ref},
                                     {"networkReservationSupported", true},
                                     {"backingType", "standard"}}));
  Value target = switchTarget(above);
  if (std::find(found.switches.begin(), found.switches.end(), target) == found.switches.end()) {
    found.switches.push_back(std::move(target));
  }
}

// What hosts list in a property, each object once and only those that the user sees.
std::vector<const ManagedObject*> reached(Operation& op, const std::vector<const ManagedObject*>& hosts,
                                          std::string_view property) {
  std::vector<MoRef> known;
  std::vector<const ManagedObject*> found;
  for (const ManagedObject* host : hosts) {
    for (const MoRef& each : refsOfList(host->state.at(property))) {
      if (holds(known, each) || !op.scope.sees(each.id)) continue;
      known.push_back(each);
      found.push_back(&op.world.inventory.need(each.id));
    }
  }
  return found;
}

Answer queryTarget(Operation& op) {
  const ManagedObject* owner = ownerOf(op);
  if (!owner) return {};
  const std::vector<const ManagedObject*> hosts = hostsAsked(op, *owner, hostParameter(op));
  if (hosts.empty()) return {};
  std::vector<Value> datastores;
  for (const ManagedObject* each : reached(op, hosts, "datastore")) {
    Value target = datastoreTarget(*each, hosts);
    if (target.isSet()) datastores.push_back(std::move(target));
  }
  Networks networks;
  for (const ManagedObject* each : reached(op, hosts, "network")) addNetwork(op.world, *each, networks);
  // Of several hosts, what the largest has.
  const auto most = [&](std::string_view path) {
    std::int64_t found = 0;
    for (const ManagedObject* each : hosts)
      found = std::max(found, each->state.at(path).asInteger().value_or(0));
    return found;
  };
  const auto number = [&](std::string_view path) { return static_cast<std::int32_t>(most(path)); };
  const MoRef* pool = owner->state.at("resourcePool").asRef();
  const bool drs = isTrue(owner->state.at("configuration.drsConfig.enabled"));
  return {
      object("ConfigTarget",
             {{"numCpus", number("summary.hardware.numCpuThreads")},
              {"numCpuCores", number("summary.hardware.numCpuCores")},
              {"numNumaNodes", number("summary.hardware.numCpuPkgs")},
              {"maxCpusPerHost", number("summary.hardware.numCpuThreads")},
              {"smcPresent", false},
              {"datastore", datastores},
              {"network", networks.standard},
              {"distributedVirtualPortgroup", networks.portGroups},
              {"distributedVirtualSwitch", networks.switches},
              {"maxMemMBOptimalPerf", static_cast<std::int32_t>(most("summary.hardware.memorySize") >> 20)},
              {"supportedMaxMemMB", std::int32_t{24'560 * 1024}},
              {"resourcePool", pool ? op.world.inventory.need(pool->id).state.at("runtime") : Value()},
              {"autoVmotion", drs}}),
      {}};
}

// Of several hosts, what the first can.
Answer queryCapabilities(Operation& op) {
  const ManagedObject* owner = ownerOf(op);
  if (!owner) return {};
  const std::vector<const ManagedObject*> hosts = hostsAsked(op, *owner, hostParameter(op));
  return hosts.empty() ? Answer{} : Answer{hosts.front()->state.at("capability"), {}};
}

constexpr std::array<OperationEntry, 4> environmentEntries{{
    {"QueryConfigOption", queryOption},
    {"QueryConfigOptionEx", queryOptionEx},
    {"QueryConfigTarget", queryTarget},
    {"QueryTargetCapabilities", queryCapabilities},
}};

}  // namespace

std::span<const OperationEntry> environmentOperations() {
  return environmentEntries;
}

}  // namespace failback::mock
