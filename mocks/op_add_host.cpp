// SPDX-License-Identifier: GPL-2.0-or-later
// Hosts that are added to a vCenter: into a cluster, or on their own. A new host has no datastores, and of
// networks the port group "VM Network", if its datacenter has one.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "mocks/cluster_config.h"
#include "mocks/config_option.h"
#include "mocks/entity_tools.h"
#include "mocks/operation_tables.h"
#include "mocks/random_source.h"
#include "mocks/search_index.h"
#include "mocks/site.h"

namespace failback::mock {

namespace {

// A host has one certificate, so always the same thumbprint.
std::string thumbprintOf(const std::string& hostName) {
  std::string found;
  std::string seed = hostName;
  for (int byte = 0; byte < 20; ++byte) {
    seed += 'x';
    found += fmt::format("{}{:02X}", byte == 0 ? "" : ":", hashOf(seed) >> 56);
  }
  return found;
}

// SHA-1 or SHA-256, which are told apart by their length, without regard to case. Only the first is compared.
bool sameThumbprint(std::string_view given, const std::string& own) {
  return given.size() == own.size() &&
         std::equal(given.begin(), given.end(), own.begin(),
                    [](char a, char b) { return std::toupper(static_cast<unsigned char>(a)) == b; });
}

const ManagedObject* hostNamed(const World& world, const std::string& name) {
  for (const ManagedObject* each : world.inventory.all("HostSystem")) {
    if (sameName(each->state.at("name").string(), name)) return each;
  }
  return nullptr;
}

// Throws what connecting to the host ends with. Names below ".invalid" are nobody's (RFC 6761).
void needConnectable(const World& world, const Value& spec) {
  const std::string name(spec.at("hostName").string());
  if (name.ends_with(".invalid")) {
    throw makeFault("NoHost", fmt::format("Unable to communicate with the host {}.", name), {{"name", name}});
  }
  const std::string own = thumbprintOf(name);
  if (!sameThumbprint(spec.at("sslThumbprint").string(), own)) {
    throw makeFault("SSLVerifyFault", "The authenticity of the host's SSL certificate is not verified.",
                    {{"selfSigned", true}, {"thumbprint", own}});
  }
  if (spec.at("userName").string().empty() || spec.at("password").string().empty()) {
    throw makeFault("InvalidLogin", "Cannot complete login due to an incorrect user name or password.");
  }
  const ManagedObject* present = hostNamed(world, name);
  if (!present) return;
  if (present->state.at("runtime.connectionState").string() == "connected") {
    throw makeFault("AlreadyConnected",
                    fmt::format("The host {} is already connected to vCenter Server.", name),
                    {{"name", name}});
  }
  throw makeFault("DuplicateName", fmt::format("The name '{}' already exists.", name),
                  {{"name", name}, {"object", present->ref}});
}

// The networks of the datacenter that a new host has, too.
void joinNetworks(World& world, const MoRef& resource, Site& site, SiteHost& host) {
  const auto datacenter = ancestorOf(world.inventory, resource, "Datacenter");
  if (!datacenter) return;
  for (const MoRef& each : refsOfList(world.inventory.need(datacenter->id).state.at("network"))) {
    const ManagedObject& network = world.inventory.need(each.id);
    if (each.type != "Network" || network.state.at("name").string() != "VM Network") continue;
    SiteNetwork& found = site.networks.emplace_back();
    found.name = "VM Network";
    found.ref = each;
    host.networks.push_back(&found);
    host.portGroups.push_back({&found, "vSwitch0", 0});
  }
}

MoRef buildHost(World& world, const MoRef& resource, const std::string& name, bool connected) {
  ServerSpec server;
  server.name = world.serviceContent.at("about.instanceUuid").string();
  server.version = world.serviceContent.at("about.version").string();
  server.build = world.serviceContent.at("about.build").string();
  const DatacenterSpec datacenter;
  Site site{world, nullptr, server, datacenter, {}, {}, {}, {}, {},   {},
            {},    {},      {},     {},         {}, {}, {}, {}, false};
  HostSpec spec;
  spec.name = name;
  spec.version = server.version;
  spec.build = server.build;
  SiteCluster& cluster = site.clusters.emplace_back();
  cluster.ref = resource;
  SiteHost& host = site.hosts.emplace_back();
  host.spec = &spec;
  host.ref = freshRef(world, "HostSystem", "host-");
  host.cluster = &cluster;
  spec.connection = connected ? "connected" : "disconnected";
  joinNetworks(world, resource, site, host);
  buildHosts(site);
  for (const SiteNetwork* each : host.networks) addRef(world, each->ref, "host", host.ref);
  addRef(world, resource, "host", host.ref);
  settleCluster(world, resource);
  return host.ref;
}

void offerHardware(World& world, const MoRef& resource) {
  const Value& state = world.inventory.need(resource.id).state;
  const MoRef* browser = state.at("environmentBrowser").asRef();
  world.configOptions.insert_or_assign(browser->id, hardwareVersions(world.release(), state.at("host")));
}

MoRef addStandalone(World& world, const MoRef& folder, const std::string& name) {
  MoRef made = freshRef(world, "ComputeResource", "domain-s");
  MoRef pool = freshRef(world, "ResourcePool", "resgroup-");
  const MoRef browser{"EnvironmentBrowser", "envbrowser-" + made.id};
  const Value summary = object("ComputeResourceSummary", {{"totalCpu", std::int32_t{0}},
                                                          {"totalMemory", std::int64_t{0}},
                                                          {"numCpuCores", std::int32_t{0}},
                                                          {"numCpuThreads", std::int32_t{0}},
                                                          {"effectiveCpu", std::int32_t{0}},
                                                          {"effectiveMemory", std::int64_t{0}},
                                                          {"numHosts", std::int32_t{0}},
                                                          {"numEffectiveHosts", std::int32_t{0}},
                                                          {"overallStatus", "green"}});
  std::vector<Field> fields = entity(name, folder);
  fields.insert(fields.end(), {{"resourcePool", pool},
                               {"host", std::vector<Value>{}},
                               {"datastore", std::vector<Value>{}},
                               {"network", std::vector<Value>{}},
                               {"summary", summary},
                               {"environmentBrowser", browser},
                               {"configurationEx",
                                object("ComputeResourceConfigInfo", {{"vmSwapPlacement", "vmDirectory"}})}});
  world.inventory.add(made, object("ComputeResource", fields));
  world.inventory.add(browser, object("EnvironmentBrowser"));
  addRootPool(world, pool, made);
  addRef(world, folder, "childEntity", made);
  return made;
}

void needLicence(const World& world, const std::string& key) {
  if (key.empty()) return;
  const Value& licenses =
      world.inventory.need(world.managerId("LicenseManager")).properties().get("licenses");
  const List* items = licenses.asList();
  for (const Value& each : items ? items->items : std::vector<Value>{}) {
    if (each.at("licenseKey").string() == key) return;
  }
  throw invalidArgument("license");
}

// The rest of adding, once it is known where to.
struct Addition {
  MoRef into;  // a cluster, or a folder of hosts
  Value spec;
  bool connected = true;
};

Value addNow(World& world, const Addition& what) {
  if (!world.inventory.find(what.into.id)) throw objectNotFound(what.into);
  const std::string name(what.spec.at("hostName").string());
  try {
    needConnectable(world, what.spec);
  } catch (const Fault& fault) {
    world.events.post("HostAddFailedEvent", what.into,
                      fmt::format("Cannot add host {}: {}", name, fault.text()), {{"hostname", name}});
    throw;
  }
  const bool alone = what.into.type == "Folder";
  const MoRef resource = alone ? addStandalone(world, what.into, name) : what.into;
  const MoRef host = buildHost(world, resource, name, what.connected);
  offerHardware(world, resource);
  world.events.post("HostAddedEvent", host, fmt::format("Added host {}", name));
  if (what.connected) world.events.post("HostConnectedEvent", host, fmt::format("Connected to {}", name));
  return alone ? resource : host;
}

Answer add(Operation& op, std::string_view descriptionId, bool connected) {
  const Value spec = op.get("spec");
  if (spec.at("hostName").string().empty()) throw invalidArgument("spec.hostName");
  needLicence(op.world, op.text("license"));
  Operation::Task task;
  task.descriptionId = descriptionId;
  task.exclusive = false;
  task.finish = [&world = op.world, what = Addition{op.self.ref, spec, connected}] {
    return addNow(world, what);
  };
  return op.start(std::move(task));
}

Answer addToCluster(Operation& op) {
  if (op.ref("resourcePool")) {
    const ManagedObject& pool = op.object("resourcePool", "ResourcePool");
    if (*pool.state.at("owner").asRef() != op.self.ref) throw invalidArgument("resourcePool");
  }
  return add(op, "ClusterComputeResource.addHost", op.flag("asConnected"));
}

Answer addAlone(Operation& op) {
  const List* types = op.self.state.at("childType").asList();
  const bool fits = types != nullptr && std::find(types->items.begin(), types->items.end(),
                                                  Value("ComputeResource")) != types->items.end();
  if (!fits || isEsxi(op.world)) throw notSupported("Hosts are added to folders of hosts.");
  return add(op, "Folder.addStandaloneHost", op.flag("addConnected"));
}

constexpr std::array<OperationEntry, 2> addHostEntries{{
    {"AddHost_Task", addToCluster},
    {"AddStandaloneHost_Task", addAlone},
}};

}  // namespace

std::span<const OperationEntry> addHostOperations() {
  return addHostEntries;
}

}  // namespace failback::mock
