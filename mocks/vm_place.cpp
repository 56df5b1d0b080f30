// SPDX-License-Identifier: GPL-2.0-or-later
// Where machines can run and lie.
#include <fmt/format.h>

#include <algorithm>

#include "mocks/entity_tools.h"
#include "mocks/fault.h"
#include "mocks/host_mounts.h"
#include "mocks/search_index.h"
#include "mocks/vm_lifecycle.h"
#include "mocks/vm_model.h"

namespace failback::mock {

namespace {

bool usable(World& world, const MoRef& host, const std::vector<MoRef>& datastores) {
  try {
    needReadyHost(world, host);
    for (const MoRef& each : datastores) needWritable(world, host, each);
  } catch (const Fault&) {
    return false;
  }
  return true;
}

}  // namespace

MoRef computeResourceOf(World& world, const MoRef& poolOrHost) {
  const ManagedObject& object = world.inventory.need(poolOrHost.id);
  return object.type().isA("ResourcePool") ? *object.state.at("owner").asRef()
                                           : *object.state.at("parent").asRef();
}

void needReadyHost(World& world, const MoRef& host) {
  const Value& runtime = world.inventory.need(host.id).state.at("runtime");
  if (runtime.at("connectionState").string() != "connected") {
    throw makeFault("InvalidHostConnectionState",
                    "The operation is not allowed in the current connection state of the host.",
                    {{"host", host}});
  }
  if (const bool* maintenance = runtime.at("inMaintenanceMode").asBool(); maintenance && *maintenance) {
    throw makeFault("InvalidHostState", "The operation is not allowed in the current state of the host.",
                    {{"host", host}});
  }
}

void needWritable(World& world, const MoRef& host, const MoRef& datastore) {
  const std::string name = nameOf(world, datastore);
  const Value mount = mountOnHost(world, host, datastore);
  const auto flag = [&](std::string_view member) {
    const bool* value = mount.at(member).asBool();
    return !value || *value;
  };
  if (!mount.isSet() || !flag("mounted") || !flag("accessible")) {
    throw makeFault("InaccessibleDatastore",
                    fmt::format("The datastore '{}' is not accessible on the host.", name),
                    {{"datastore", datastore}, {"name", name}});
  }
  if (mount.at("accessMode").string() == "readOnly") {
    throw makeFault("DatastoreNotWritableOnHost",
                    fmt::format("The datastore '{}' is mounted read-only on the host.", name),
                    {{"datastore", datastore}, {"name", name}, {"host", host}});
  }
}

void needAccepting(const World& world, const MoRef& datastore) {
  const Value& state = world.inventory.need(datastore.id).state;
  const std::string_view mode = state.at("summary.maintenanceMode").string();
  if (mode.empty() || mode == "normal") return;
  const std::string_view name = state.at("name").string();
  throw makeFault(
      "InvalidDatastoreState",
      fmt::format("The operation is not allowed in the current state of the datastore '{}'.", name),
      {{"datastoreName", name}});
}

void needHardware(World& world, const MoRef& host, std::string_view version) {
  const MoRef resource = computeResourceOf(world, host);
  const MoRef* browser = world.inventory.need(resource.id).state.at("environmentBrowser").asRef();
  const auto offered = browser ? world.configOptions.find(browser->id) : world.configOptions.end();
  const List* options = offered == world.configOptions.end() ? nullptr : offered->second.asList();
  if (!options) return;
  const bool known = std::any_of(options->items.begin(), options->items.end(),
                                 [&](const Value& each) { return each.at("key").string() == version; });
  if (known) return;
  const std::string name = nameOf(world, host);
  throw makeFault(
      "VirtualHardwareVersionNotSupported",
      fmt::format("Virtual hardware version '{}' is not supported by the host '{}'.", version, name),
      {{"hostName", name}, {"host", host}});
}

Placement placeMachine(World& world, const std::optional<MoRef>& pool, const std::optional<MoRef>& host,
                       const std::vector<MoRef>& datastores) {
  if (!pool && !host) throw invalidArgument("pool");
  for (const MoRef& each : datastores) needAccepting(world, each);
  if (host) {
    if (pool && computeResourceOf(world, *pool) != computeResourceOf(world, *host))
      throw invalidArgument("host");
    needReadyHost(world, *host);
    for (const MoRef& each : datastores) needWritable(world, *host, each);
    return {*host, pool};
  }
  std::optional<MoRef> best;
  std::size_t fewest = 0;
  const std::vector<MoRef> hosts =
      refsOfList(world.inventory.need(computeResourceOf(world, *pool).id).state.at("host"));
  for (const MoRef& each : hosts) {
    if (!usable(world, each, datastores)) continue;
    const std::size_t load = refsOfList(world.inventory.need(each.id).state.at("vm")).size();
    if (best && load >= fewest) continue;
    best = each;
    fewest = load;
  }
  if (!best && hosts.empty()) throw invalidArgument("host");
  if (!best) {  // say what is wrong with the first
    needReadyHost(world, hosts.front());
    for (const MoRef& each : datastores) needWritable(world, hosts.front(), each);
    throw makeFault("NoCompatibleHost", "No host is compatible with the virtual machine.");
  }
  return {*best, pool};
}

FileId freeDirectory(World& world, const std::string& datastoreId, const std::string& name) {
  FileId directory{datastoreId, name};
  for (int number = 1; world.files.exists(directory); ++number) {
    directory.path = fmt::format("{}_{}", name, number);
  }
  return directory;
}

std::vector<std::vector<FileId>> diskChains(World& world, const Value& config) {
  std::vector<std::vector<FileId>> found;
  for (const Value& device : devicesOfConfig(config)) {
    const auto name = isDisk(device) ? fileNameOf(device) : std::nullopt;
    const auto path = name ? parseDatastorePath(*name) : std::nullopt;
    if (!path || !world.files.datastoreNamed(path->datastore)) continue;
    const FileId top = world.files.locate(*name);
    const StoredFile* stored = world.files.find(top);
    if (stored && stored->disk) found.push_back(world.files.chain(top));
  }
  return found;
}

void holdFiles(World& world, const MoRef& vm) {
  const ManagedObject& machine = world.inventory.need(vm.id);
  world.files.unlockAll(vm.id);
  if (!poweredOn(machine)) return;
  const std::string host = machine.state.at("runtime.host").asRef()->id;
  world.files.lock(world.files.locate(vmxPathOf(machine.state)), {vm.id, host, false});
  for (const Value& device : devicesOfConfig(machine.state.at("config"))) {
    const auto name = isDisk(device) ? fileNameOf(device) : std::nullopt;
    if (!name || !parseDatastorePath(*name) || !world.files.exists(world.files.locate(*name))) continue;
    const DataObject& backing = *device.at("backing").asObject();
    bool shared = backing.type().find("sharing") && backing.get("sharing").string() == "sharingMultiWriter";
    for (const FileId& each : world.files.chain(world.files.locate(*name))) {
      world.files.lock(each, {vm.id, host, shared});
      shared = true;  // what lies below the top is only read
    }
  }
}

std::string newInstanceUuid(World& world) {
  std::string fresh = world.random.uuid();
  fresh.replace(0, 2, "50");
  return fresh;
}

Value rebased(World& world, const Value& config, const std::string& vmxPath) {
  const std::string before = std::string(config.at("files.vmPathName").string());
  const std::string from = before.substr(0, before.rfind('/') + 1),
                    to = vmxPath.substr(0, vmxPath.rfind('/') + 1);
  std::vector<Value> devices = devicesOfConfig(config);
  for (Value& device : devices) {
    const auto name = isDisk(device) ? fileNameOf(device) : std::nullopt;
    if (!name || from.empty() || !name->starts_with(from)) continue;
    const std::string moved = to + name->substr(from.size());
    const auto path = parseDatastorePath(moved);
    const auto store = path ? world.files.datastoreNamed(path->datastore) : std::nullopt;
    device = device.with("backing.fileName", moved);
    if (store) device = device.with("backing.datastore", *store);
  }
  return config.with("hardware.device", list(std::move(devices)))
      .with("files", object("VirtualMachineFileInfo", {{"vmPathName", vmxPath},
                                                       {"snapshotDirectory", to},
                                                       {"suspendDirectory", to},
                                                       {"logDirectory", to}}));
}

}  // namespace failback::mock
