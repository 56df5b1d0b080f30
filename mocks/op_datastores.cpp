// SPDX-License-Identifier: GPL-2.0-or-later
// Datastores as hosts have them: mounting, unmounting, NFS, maintenance mode, removing.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mocks/cluster_config.h"
#include "mocks/destroy.h"
#include "mocks/entity_tools.h"
#include "mocks/host_mounts.h"
#include "mocks/operation_tables.h"
#include "mocks/random_source.h"
#include "mocks/search_index.h"
#include "mocks/site.h"

namespace failback::mock {

namespace {

constexpr std::int64_t tebibyte = 1LL << 40;

Fault inUse(const ManagedObject& datastore) {
  return makeFault("ResourceInUse",
                   fmt::format("The resource '{}' is in use.", datastore.state.at("name").string()),
                   {{"type", "Datastore"}, {"name", datastore.state.at("name")}});
}

// Machines of the host that have anything on the datastore.
bool usedBy(const World& world, const MoRef& host, const ManagedObject& datastore) {
  const std::vector<MoRef> onHost = refsOfList(world.inventory.need(host.id).state.at("vm"));
  const std::vector<MoRef> users = refsOfList(datastore.state.at("vm"));
  return std::any_of(users.begin(), users.end(), [&](const MoRef& vm) { return holds(onHost, vm); });
}

// ---- VMFS volumes of a host

const ManagedObject& volumeOf(Operation& op, const MoRef& host) {
  const std::string uuid = op.text("vmfsUuid");
  for (const MoRef& each : refsOfList(op.world.inventory.need(host.id).state.at("datastore"))) {
    const ManagedObject& store = op.world.inventory.need(each.id);
    const DataObject* info = store.state.at("info").asObject();
    if (info->type().find("vmfs") && info->get("vmfs").at("uuid").string() == uuid) return store;
  }
  throw makeFault("NotFound", "The VMFS volume was not found on the host.");
}

bool mountedOn(const World& world, const MoRef& host, const MoRef& datastore) {
  return isTrue(mountOnHost(world, host, datastore).at("mounted"));
}

Answer unmountVolume(Operation& op) {
  World& world = op.world;
  const MoRef host = hostOfManager(world, op.self.ref);
  const ManagedObject& store = volumeOf(op, host);
  const MoRef datastore = store.ref;
  if (!mountedOn(world, host, datastore)) throw makeFault("InvalidState", "The volume is not mounted.");
  if (usedBy(world, host, store)) throw inUse(store);
  changeMount(world, host, datastore, [](const Value& mount) {
    return mount.with("mounted", false).with("accessible", false).with("inaccessibleReason", {});
  });
  return {};
}

Answer mountVolume(Operation& op) {
  World& world = op.world;
  const MoRef host = hostOfManager(world, op.self.ref);
  const MoRef datastore = volumeOf(op, host).ref;
  if (mountedOn(world, host, datastore)) throw makeFault("InvalidState", "The volume is mounted.");
  changeMount(world, host, datastore,
              [](const Value& mount) { return mount.with("mounted", true).with("accessible", true); });
  return {};
}

// The host's view of its storage is always true here: there is nothing to find.
Answer rescan(Operation&) {
  return {};
}

// ---- NFS

std::optional<MoRef> sameExport(const World& world, const MoRef& datacenter, const Value& spec) {
  for (const MoRef& each : refsOfList(world.inventory.need(datacenter.id).state.at("datastore"))) {
    const DataObject* info = world.inventory.need(each.id).state.at("info").asObject();
    if (!info->type().find("nas") || !info->get("nas").isSet()) continue;
    const Value& nas = info->get("nas");
    if (nas.at("remoteHost").string() == spec.at("remoteHost").string() &&
        nas.at("remotePath").string() == spec.at("remotePath").string()) {
      return each;
    }
  }
  return std::nullopt;
}

MoRef addNasDatastore(World& world, const MoRef& datacenter, const std::string& name, const Value& spec) {
  // What the file server holds is not modelled; every export that nobody described has this size.
  constexpr std::int64_t capacity = 10 * tebibyte;
  const std::string_view type = spec.at("type").string() == "NFS41" ? "NFS41" : "NFS";
  const std::string remote =
      fmt::format("{}/{}", spec.at("remoteHost").string(), spec.at("remotePath").string());
  MoRef ref = freshRef(world, "Datastore", "datastore-");
  const MoRef browser{"HostDatastoreBrowser", "datastoreBrowser-" + ref.id};
  const MoRef folder = *world.inventory.need(datacenter.id).state.at("datastoreFolder").asRef();
  const std::string url = fmt::format("ds:///vmfs/volumes/{}/", uuidFor(remote).substr(0, 17));
  const Value volume = object("HostNasVolume", {{"type", type},
                                                {"name", name},
                                                {"capacity", capacity},
                                                {"remoteHost", spec.at("remoteHost")},
                                                {"remotePath", spec.at("remotePath")},
                                                {"protocolEndpoint", false}});
  const Value info = object("NasDatastoreInfo", {{"name", name},
                                                 {"url", url},
                                                 {"freeSpace", capacity},
                                                 {"maxFileSize", 256 * tebibyte},
                                                 {"maxVirtualDiskCapacity", 62 * tebibyte},
                                                 {"maxMemoryFileSize", 6 * tebibyte},
                                                 {"timestamp", Value::dateTime(world.now())},
                                                 {"nas", volume}});
  const Value summary = object("DatastoreSummary", {{"datastore", ref},
                                                    {"name", name},
                                                    {"url", url},
                                                    {"capacity", capacity},
                                                    {"freeSpace", capacity},
                                                    {"uncommitted", std::int64_t{0}},
                                                    {"accessible", true},
                                                    {"multipleHostAccess", false},
                                                    {"type", type},
                                                    {"maintenanceMode", "normal"}});
  const Value capability = object("DatastoreCapability", {{"directoryHierarchySupported", true},
                                                          {"rawDiskMappingsSupported", false},
                                                          {"perFileThinProvisioningSupported", true},
                                                          {"storageIORMSupported", type == "NFS"},
                                                          {"nativeSnapshotSupported", false},
                                                          {"topLevelDirectoryCreateSupported", true},
                                                          {"seSparseSupported", false}});
  std::vector<Field> fields = entity(name, folder);
  fields.insert(fields.end(), {{"info", info},
                               {"summary", summary},
                               {"host", std::vector<Value>{}},
                               {"vm", std::vector<Value>{}},
                               {"browser", browser},
                               {"capability", capability}});
  world.inventory.add(browser, object("HostDatastoreBrowser", {{"datastore", listOfRefs({ref})}}));
  world.inventory.add(ref, object("Datastore", fields));
  addRef(world, folder, "childEntity", ref);
  addRef(world, datacenter, "datastore", ref);
  return ref;
}

Answer createNasDatastore(Operation& op) {
  World& world = op.world;
  const MoRef host = hostOfManager(world, op.self.ref);
  const MoRef datacenter = *ancestorOf(world.inventory, host, "Datacenter");
  const Value spec = op.get("spec");
  const std::string mode(spec.at("accessMode").string());
  if (mode != "readOnly" && mode != "readWrite") throw invalidArgument("spec.accessMode");
  const std::string name = storedName(spec.at("localPath").string());
  needGoodName(spec.at("localPath").string());
  std::optional<MoRef> store = sameExport(world, datacenter, spec);
  if (store && holds(refsOfList(world.inventory.need(host.id).state.at("datastore")), *store)) {
    throw makeFault("AlreadyExists",
                    fmt::format("The specified key, name, or identifier '{}' already exists.", name),
                    {{"name", name}});
  }
  // One export is one datastore, whatever a host calls it; another export may not take its name.
  if (!store || !sameName(world.inventory.need(store->id).state.at("name").string(), name)) {
    needFreeName(world, datacenter, "Datastore", name, store);
  }
  if (!store) store = addNasDatastore(world, datacenter, name, spec);
  std::string path(world.inventory.need(store->id).state.at("summary.url").string().substr(5));
  path.pop_back();
  const Value mount = object("HostMountInfo",
                             {{"path", path}, {"accessMode", mode}, {"mounted", true}, {"accessible", true}});
  const Value nas = world.inventory.need(store->id).state.at("info.nas");
  addMount(world, host, *store, mount,
           object("HostFileSystemVolume",
                  {{"type", nas.at("type")}, {"name", nas.at("name")}, {"capacity", nas.at("capacity")}}));
  settleCluster(world, *parentOf(world, host));
  world.events.post("NASDatastoreCreatedEvent", host, fmt::format("Created NAS datastore {}", name),
                    {{"datastore", world.events.datastoreArgument(*store)}});
  return {*store, {}};
}

// ---- removing

void removeEverywhere(World& world, const MoRef& datastore) {
  std::vector<MoRef> hosts;
  for (const ManagedObject* host : world.inventory.all("HostSystem")) {
    if (holds(refsOfList(host->state.at("datastore")), datastore)) hosts.push_back(host->ref);
  }
  for (const MoRef& host : hosts) dropMount(world, host, datastore);
  removeDatastore(world, datastore);
}

Answer removeFromHost(Operation& op) {
  World& world = op.world;
  const MoRef host = hostOfManager(world, op.self.ref);
  const ManagedObject& store = op.object("datastore", "Datastore");
  const MoRef datastore = store.ref;
  if (!holds(refsOfList(world.inventory.need(host.id).state.at("datastore")), datastore)) {
    throw makeFault("NotFound", "The datastore is not on the host.");
  }
  const bool nas = store.state.at("info").asObject()->type().isA("NasDatastoreInfo");
  // An NFS mount is the host's own; a VMFS volume is destroyed for all.
  if (nas ? usedBy(world, host, store) : !refsOfList(store.state.at("vm")).empty()) throw inUse(store);
  world.events.post("DatastoreRemovedOnHostEvent", host,
                    fmt::format("Removed datastore {}", store.state.at("name").string()),
                    {{"datastore", world.events.datastoreArgument(datastore)}});
  if (nas) dropMount(world, host, datastore);
  const List* left = world.inventory.need(datastore.id).state.at("host").asList();
  if (!nas || !left || left->items.empty()) removeEverywhere(world, datastore);
  settleCluster(world, *parentOf(world, host));
  return {};
}

Answer destroyDatastore(Operation& op) {
  if (!refsOfList(op.self.state.at("vm")).empty()) throw inUse(op.self);
  removeEverywhere(op.world, MoRef(op.self.ref));
  return {};
}

// ---- a datastore's maintenance mode

void setMode(World& world, const MoRef& datastore, std::string_view mode) {
  world.inventory.set(datastore.id, "summary.maintenanceMode", mode);
}

std::string modeOf(const World& world, const MoRef& datastore) {
  const ManagedObject* found = world.inventory.find(datastore.id);
  return found ? std::string(found->state.at("summary.maintenanceMode").string()) : std::string();
}

// Waits for the machines to leave: nothing moves them away by itself.
Answer enterMaintenance(Operation& op) {
  World& world = op.world;
  const MoRef datastore = op.self.ref;
  if (modeOf(world, datastore) != "normal") {
    throw makeFault("InvalidState", "The datastore is in maintenance mode or entering it.");
  }
  Operation::Task task;
  task.descriptionId = "Datastore.enterMaintenanceMode";
  task.waiting = [&world, datastore] {
    const ManagedObject* found = world.inventory.find(datastore.id);
    return found && modeOf(world, datastore) == "enteringMaintenance" &&
           !refsOfList(found->state.at("vm")).empty();
  };
  task.finish = [&world, datastore] {
    if (modeOf(world, datastore) != "enteringMaintenance") {
      throw makeFault("RequestCanceled", "The datastore no longer enters maintenance mode.");
    }
    setMode(world, datastore, "inMaintenance");
    return Value();
  };
  const Answer started = op.start(std::move(task));
  setMode(world, datastore, "enteringMaintenance");
  return {object("StoragePlacementResult", {{"task", started.value}}), {}};
}

Answer exitMaintenance(Operation& op) {
  if (modeOf(op.world, op.self.ref) == "normal") {
    throw makeFault("InvalidState", "The datastore is not in maintenance mode.");
  }
  return op.start({.descriptionId = "Datastore.exitMaintenanceMode",
                   .finish =
                       [&world = op.world, datastore = op.self.ref] {
                         if (!world.inventory.find(datastore.id)) throw objectNotFound(datastore);
                         setMode(world, datastore, "normal");
                         return Value();
                       },
                   // The task that enters may still be waiting; this one ends it.
                   .exclusive = false});
}

constexpr std::array<OperationEntry, 12> datastoresEntries{{
    {"UnmountVmfsVolume", unmountVolume},
    {"MountVmfsVolume", mountVolume},
    {"RescanAllHba", rescan},
    {"RescanVmfs", rescan},
    {"RefreshStorageSystem", rescan},
    {"RefreshDatastore", rescan},
    {"RefreshDatastoreStorageInfo", rescan},
    {"CreateNasDatastore", createNasDatastore},
    {"RemoveDatastore", removeFromHost},
    {"DestroyDatastore", destroyDatastore},
    {"DatastoreEnterMaintenanceMode", enterMaintenance},
    {"DatastoreExitMaintenanceMode_Task", exitMaintenance},
}};

}  // namespace

std::span<const OperationEntry> datastoreOperations() {
  return datastoresEntries;
}

}  // namespace failback::mock
