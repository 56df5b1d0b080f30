// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/host_mounts.h"

#include <algorithm>

#include "mocks/entity_tools.h"

namespace failback::mock {

namespace {

// "/vmfs/volumes/<uuid>", from "ds:///vmfs/volumes/<uuid>/".
std::string pathOf(const World& world, const MoRef& datastore) {
  std::string path(world.inventory.need(datastore.id).state.at("summary.url").string());
  if (path.starts_with("ds://")) path.erase(0, 5);
  while (path.ends_with('/')) path.pop_back();
  return path;
}

// The host's configuration, shown or not.
Value configOf(const World& world, const MoRef& host) {
  const auto hidden = world.unreachableHosts.find(host.id);
  if (hidden != world.unreachableHosts.end()) return hidden->second.at("config");
  return world.inventory.need(host.id).state.at("config");
}

void storeVolumes(World& world, const MoRef& host, std::vector<Value> mounts) {
  const Value config = configOf(world, host);
  if (!config.isSet()) return;
  const Value changed = config.with("fileSystemVolume.mountInfo", list(std::move(mounts)));
  const auto hidden = world.unreachableHosts.find(host.id);
  if (hidden != world.unreachableHosts.end()) {
    hidden->second = hidden->second.with("config", changed);
  } else {
    world.inventory.set(host.id, "config", changed);
  }
  world.inventory.set(managerOf(world, host, "storageSystem").id, "fileSystemVolumeInfo",
                      changed.at("fileSystemVolume"));
}

std::vector<Value> volumesOf(const World& world, const MoRef& host) {
  const Value config = configOf(world, host);
  return config.isSet() ? itemsOf(config.at("fileSystemVolume.mountInfo")) : std::vector<Value>{};
}

// Capacity as the volume below it says, for when it can be reached again.
Value capacityOf(const Value& info) {
  for (const std::string_view volume : {"vmfs", "nas"}) {
    const DataObject* object = info.asObject();
    if (object->type().find(volume) && object->get(volume).isSet()) return object->get(volume).at("capacity");
  }
  return {};
}

}  // namespace

MoRef managerOf(const World& world, const MoRef& host, std::string_view member) {
  return *world.inventory.need(host.id).state.at("configManager").at(member).asRef();
}

MoRef hostOfManager(const World& world, const MoRef& manager) {
  for (const ManagedObject* host : world.inventory.all("HostSystem")) {
    for (const DataObject::Member& each : host->state.at("configManager").asObject()->members()) {
      if (each.value.asRef() && *each.value.asRef() == manager) return host->ref;
    }
  }
  throw std::logic_error("no host has the manager " + manager.id);
}

Value mountOnHost(const World& world, const MoRef& host, const MoRef& datastore) {
  const std::string path = pathOf(world, datastore);
  for (const Value& each : volumesOf(world, host)) {
    if (each.at("mountInfo.path").string() == path) return each.at("mountInfo");
  }
  return {};
}

void settleAccess(World& world, const MoRef& datastore) {
  Value state = world.inventory.need(datastore.id).state;
  const std::vector<Value> mounts = itemsOf(state.at("host"));
  const bool reached = std::any_of(mounts.begin(), mounts.end(),
                                   [](const Value& each) { return isTrue(each.at("mountInfo.accessible")); });
  state = state.with("summary.multipleHostAccess", mounts.size() > 1);
  if (reached != isTrue(state.at("summary.accessible"))) {
    state = state.with("summary.accessible", reached);
    // Of a datastore that no host reaches, vCenter knows no sizes.
    const Value capacity = capacityOf(state.at("info"));
    if (!reached || capacity.isSet()) {
      state = state.with("summary.capacity", reached ? capacity : Value(std::int64_t{0}))
                  .with("summary.freeSpace", reached ? state.at("info.freeSpace") : Value(std::int64_t{0}));
    }
  }
  world.inventory.replace(datastore.id, std::move(state));
}

void changeMount(World& world, const MoRef& host, const MoRef& datastore,
                 const std::function<Value(const Value&)>& change) {
  const std::string path = pathOf(world, datastore);
  std::vector<Value> volumes = volumesOf(world, host);
  for (Value& each : volumes) {
    if (each.at("mountInfo.path").string() == path)
      each = each.with("mountInfo", change(each.at("mountInfo")));
  }
  storeVolumes(world, host, std::move(volumes));
  std::vector<Value> mounts = itemsOf(world.inventory.need(datastore.id).state.at("host"));
  for (Value& each : mounts) {
    if (*each.at("key").asRef() == host) each = each.with("mountInfo", change(each.at("mountInfo")));
  }
  world.inventory.set(datastore.id, "host", list(std::move(mounts)));
  settleAccess(world, datastore);
}

void addMount(World& world, const MoRef& host, const MoRef& datastore, const Value& mountInfo,
              const Value& volume) {
  std::vector<Value> volumes = volumesOf(world, host);
  volumes.push_back(object("HostFileSystemMountInfo", {{"mountInfo", mountInfo}, {"volume", volume}}));
  storeVolumes(world, host, std::move(volumes));
  const Value mounts = world.inventory.need(datastore.id).state.at("host");
  world.inventory.set(
      datastore.id, "host",
      mounts.appended(object("DatastoreHostMount", {{"key", host}, {"mountInfo", mountInfo}})));
  addRef(world, host, "datastore", datastore);
  addRef(world, managerOf(world, host, "datastoreSystem"), "datastore", datastore);
  addRef(world, *world.inventory.need(host.id).state.at("datastoreBrowser").asRef(), "datastore", datastore);
  settleAccess(world, datastore);
}

void dropMount(World& world, const MoRef& host, const MoRef& datastore) {
  const std::string path = pathOf(world, datastore);
  std::vector<Value> volumes = volumesOf(world, host);
  std::erase_if(volumes, [&](const Value& each) { return each.at("mountInfo.path").string() == path; });
  storeVolumes(world, host, std::move(volumes));
  std::vector<Value> mounts = itemsOf(world.inventory.need(datastore.id).state.at("host"));
  std::erase_if(mounts, [&](const Value& each) { return *each.at("key").asRef() == host; });
  world.inventory.set(datastore.id, "host", list(std::move(mounts)));
  dropRef(world, host, "datastore", datastore);
  dropRef(world, managerOf(world, host, "datastoreSystem"), "datastore", datastore);
  dropRef(world, *world.inventory.need(host.id).state.at("datastoreBrowser").asRef(), "datastore", datastore);
  settleAccess(world, datastore);
}

}  // namespace failback::mock
