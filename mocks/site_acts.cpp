// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/site_acts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "mocks/device_slots.h"
#include "mocks/drs.h"
#include "mocks/entity_tools.h"
#include "mocks/guest_disk.h"
#include "mocks/json_reader.h"
#include "mocks/object_names.h"
#include "mocks/vm_disks.h"
#include "mocks/vm_model.h"
#include "mocks/vm_power.h"

namespace failback::mock {

namespace {

MoRef theObject(const World& world, const std::string& name, std::initializer_list<std::string_view> types,
                const std::string& place) {
  std::vector<MoRef> found = objectsCalled(world, name);
  std::erase_if(found, [&](const MoRef& ref) {
    const ManagedObject* object = world.inventory.find(ref.id);
    return !object || std::none_of(types.begin(), types.end(),
                                   [&](std::string_view type) { return object->type().isA(type); });
  });
  if (found.size() == 1) return found.front();
  const std::string kinds = fmt::format("{}", fmt::join(types, " or "));
  throw JsonError(place, found.empty() ? fmt::format("there is no {} '{}'", kinds, name)
                                       : fmt::format("'{}' may be any of several", name));
}

std::string textOf(const MoRef& ref) {
  return ref.type + ":" + ref.id;
}

struct Sum {
  Json moved = Json::array(), refused = Json::array();
};

// Tries the targets in their order until one is taken.
void moveOne(World& world, const MoRef& vm, const MoRef& from, const std::vector<MoRef>& targets,
             bool (*move)(World&, const MoRef&, const MoRef&), Sum& sum) {
  std::string problem;
  for (const MoRef& target : targets) {
    try {
      if (!move(world, vm, target)) continue;
      sum.moved.push_back(
          {{"vm", textOf(vm)}, {"name", nameOf(world, vm)}, {"from", textOf(from)}, {"to", textOf(target)}});
      return;
    } catch (const Fault& fault) {
      problem = fault.type();
    }
  }
  if (!problem.empty())
    sum.refused.push_back({{"vm", textOf(vm)}, {"name", nameOf(world, vm)}, {"fault", problem}});
}

std::size_t running(const World& world, const MoRef& host) {
  const std::vector<MoRef> machines = refsOfList(world.inventory.need(host.id).state.at("vm"));
  return static_cast<std::size_t>(std::count_if(machines.begin(), machines.end(), [&](const MoRef& vm) {
    return poweredOn(world.inventory.need(vm.id));
  }));
}

void moveBetweenHosts(World& world, const MoRef& cluster, Sum& sum) {
  const std::vector<MoRef> hosts = refsOfList(world.inventory.need(cluster.id).state.at("host"));
  for (const MoRef& vm : machinesBelow(world, cluster)) {
    const MoRef from = *world.inventory.need(vm.id).state.at("runtime.host").asRef();
    std::vector<MoRef> targets = hosts;
    std::erase(targets, from);
    std::stable_sort(targets.begin(), targets.end(),
                     [&](const MoRef& a, const MoRef& b) { return running(world, a) < running(world, b); });
    moveOne(world, vm, from, targets, drsMove, sum);
  }
}

void moveBetweenDatastores(World& world, const MoRef& pod, Sum& sum) {
  const std::vector<MoRef> stores = refsOfList(world.inventory.need(pod.id).state.at("childEntity"));
  std::vector<MoRef> machines;
  for (const MoRef& store : stores) {
    for (const MoRef& vm : refsOfList(world.inventory.need(store.id).state.at("vm"))) {
      if (!holds(machines, vm)) machines.push_back(vm);
    }
  }
  for (const MoRef& vm : machines) {
    const MoRef from{"Datastore", homeOf(world, world.inventory.need(vm.id).state).datastore};
    std::vector<MoRef> targets = stores;
    std::erase(targets, from);
    std::stable_sort(targets.begin(), targets.end(), [&](const MoRef& a, const MoRef& b) {
      return freeSpace(world, a.id) > freeSpace(world, b.id);
    });
    moveOne(world, vm, from, targets, storageDrsMove, sum);
  }
}

// "[vmfs-01] web-01" of "[vmfs-01] web-01/web-01.vmdk".
std::string folderOf(std::string_view file) {
  return std::string(file.substr(0, file.rfind('/')));
}

// As Linux shows it: the UUID in lower case without dashes.
std::string serialOf(std::string_view uuid) {
  std::string serial;
  serial.reserve(uuid.size());
  for (const char each : uuid) {
    if (each != '-') serial += static_cast<char>(std::tolower(static_cast<unsigned char>(each)));
  }
  return serial;
}

}  // namespace

Json actDrs(World& world, const Json& request) {
  JsonReader in(request, "");
  std::string name;
  in.need("object");
  in.text("object", name);
  in.done();
  const std::lock_guard lock(world.lock());
  const MoRef object = theObject(world, name, {"ClusterComputeResource", "StoragePod"}, "/object");
  Sum sum;
  if (object.type == "StoragePod") {
    moveBetweenDatastores(world, object, sum);
  } else {
    moveBetweenHosts(world, object, sum);
  }
  world.inventory.commit();
  return {{"moved", sum.moved}, {"refused", sum.refused}};
}

Json actWrite(World& world, const Json& request) {
  JsonReader in(request, "");
  std::string name;
  std::uint64_t disk = 0, bytes = 4096;
  in.need("vm");
  in.text("vm", name);
  in.need("disk");
  in.number("disk", disk, 0);
  in.number("bytes", bytes, 1);
  in.done();
  const std::lock_guard lock(world.lock());
  const MoRef vm = theObject(world, name, {"VirtualMachine"}, "/vm");
  try {
    const bool done = guestWrite(world, vm, static_cast<std::int32_t>(disk), world.random.uuid(),
                                 static_cast<std::int64_t>(bytes));
    world.inventory.commit();
    if (!done) return {{"question", true}};
  } catch (const Fault& fault) {
    throw JsonError("/vm", fmt::format("{}: {}", fault.type(), fault.text()));
  }
  const std::vector<Value> devices = devicesOfConfig(world.inventory.need(vm.id).state.at("config"));
  const Value* device = findDevice(devices, static_cast<std::int64_t>(disk));
  return {{"contentId", device ? device->at("backing.contentId").string() : ""}};
}

Json actReplicate(World& world, const Json& request) {
  JsonReader in(request, "");
  std::string name;
  std::uint64_t bytes = 1048576;
  in.need("vm");
  in.text("vm", name);
  in.number("bytes", bytes, 1);
  in.done();
  const std::lock_guard lock(world.lock());
  const MoRef vm = theObject(world, name, {"VirtualMachine"}, "/vm");
  const Value config = world.inventory.need(vm.id).state.at("config");
  const std::string own = folderOf(config.at("files.vmPathName").string());
  Json written = Json::array();
  try {
    for (const Value& device : devicesOfConfig(config)) {
      const std::string file(isDisk(device) ? device.at("backing.fileName").string() : std::string_view());
      if (file.empty() || folderOf(file) == own) continue;
      const std::int64_t key = *device.at("key").asInteger();
      guestWrite(world, vm, static_cast<std::int32_t>(key), world.random.uuid(),
                 static_cast<std::int64_t>(bytes));
      written.push_back({{"key", key}, {"file", file}});
    }
    world.inventory.commit();
  } catch (const Fault& fault) {
    throw JsonError("/vm", fmt::format("{}: {}", fault.type(), fault.text()));
  }
  return {{"written", written}};
}

Json guestView(World& world, const std::string& vm) {
  const std::lock_guard lock(world.lock());
  const MoRef ref = theObject(world, vm, {"VirtualMachine"}, "/vm");
  Json disks = Json::array();
  const ManagedObject& machine = world.inventory.need(ref.id);
  const bool serials = guestSeesSerials(world, ref);
  for (const Value& device : devicesOfConfig(machine.state.at("config"))) {
    if (!isDisk(device) || !poweredOn(machine)) continue;
    Json each{{"key", *device.at("key").asInteger()}, {"serial", nullptr}};
    if (serials) each["serial"] = serialOf(device.at("backing.uuid").string());
    disks.push_back(std::move(each));
  }
  return {{"disks", disks}};
}

}  // namespace failback::mock
