// SPDX-License-Identifier: GPL-2.0-or-later
// CloneVM_Task: full copies, and linked clones that stand on a snapshot's disks.
#include <fmt/format.h>

#include <algorithm>

#include "mocks/config_spec.h"
#include "mocks/entity_tools.h"
#include "mocks/fault.h"
#include "mocks/random_source.h"
#include "mocks/search_index.h"
#include "mocks/vm_events.h"
#include "mocks/vm_lifecycle.h"
#include "mocks/vm_model.h"
#include "mocks/vm_snapshots.h"

namespace failback::mock {

namespace {

struct DiskCopy {
  std::size_t device;  // index in the configuration
  FileId from, to;
  bool linked;
};

struct ClonePlan {
  Placement place;
  FileId home;
  Value config;  // of the source, or its snapshot
  std::vector<DiskCopy> disks;
};

const Value& locatorFor(const Value& location, const Value& device) {
  static const Value none;
  const List* locators = location.at("disk").asList();
  if (!locators) return none;
  for (const Value& each : locators->items) {
    if (each.at("diskId").asInteger() == device.at("key").asInteger()) return each;
  }
  return none;
}

std::optional<MoRef> refAt(const Value& value, std::string_view member) {
  const MoRef* ref = value.at(member).asRef();
  return ref ? std::optional<MoRef>(*ref) : std::nullopt;
}

bool linksTo(const Value& location, const Value& locator) {
  const Value& own = locator.isSet() ? locator.at("diskMoveType") : location.at("diskMoveType");
  return own.string() == "createNewChildDiskBacking";
}

void needSpace(World& world, const ClonePlan& plan) {
  std::map<std::string, std::int64_t> bytes;
  for (const DiskCopy& each : plan.disks) {
    if (each.linked) continue;
    for (const FileId& link : world.files.chain(each.from))
      bytes[each.to.datastore] += world.files.sizeOf(link);
  }
  for (const auto& [datastore, needed] : bytes) {
    const Value& summary = world.inventory.need(datastore).state.at("summary");
    if (needed <= summary.at("freeSpace").asInteger().value_or(0)) continue;
    throw makeFault("NoDiskSpace",
                    fmt::format("Insufficient disk space on datastore '{}'.", summary.at("name").string()),
                    {{"file", world.files.pathOf(plan.home)}, {"datastore", summary.at("name")}});
  }
}

ClonePlan planClone(World& world, const ManagedObject& source, const std::string& name, const Value& spec) {
  ClonePlan plan;
  const Value& location = spec.at("location");
  plan.config = source.state.at("config");
  const std::optional<MoRef> snapshot = refAt(spec, "snapshot");
  if (snapshot) {
    const ManagedObject* found = world.inventory.find(snapshot->id);
    if (!found || !holds(snapshotsOf(source.state), *snapshot)) throw invalidArgument("spec.snapshot");
    plan.config = found->state.at("config");
  }
  const MoRef was = *source.state.at("runtime.host").asRef();
  std::optional<MoRef> pool = refAt(location, "pool"), host = refAt(location, "host");
  const bool becomesTemplate = *spec.at("template").asBool();
  if (!pool && !becomesTemplate) pool = refAt(source.state, "resourcePool");
  if (!pool && !becomesTemplate) throw invalidArgument("spec.location.pool");
  if (!host && (!pool || computeResourceOf(world, *pool) == computeResourceOf(world, was))) host = was;
  const std::optional<MoRef> datastore = refAt(location, "datastore");
  const std::string target = datastore ? datastore->id : homeOf(world, source.state).datastore;
  plan.home = freeDirectory(world, target, name);
  std::vector<MoRef> used{MoRef{"Datastore", target}};
  const std::vector<Value> devices = devicesOfConfig(plan.config);
  std::size_t number = 0;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const auto file = isDisk(devices[i]) ? fileNameOf(devices[i]) : std::nullopt;
    if (!file) continue;
    const Value& locator = locatorFor(location, devices[i]);
    const std::optional<MoRef> own = refAt(locator, "datastore");
    const bool linked = linksTo(location, locator);
    if (linked && !snapshot) throw invalidArgument("spec.location.diskMoveType");
    const std::string path =
        fmt::format("{}/{}{}.vmdk", plan.home.path, name, number ? fmt::format("_{}", number) : "");
    ++number;
    const FileId from = world.files.locate(*file);
    (void)world.files.descriptor(from);
    const FileId to{own ? own->id : target, path};
    if (!holds(used, MoRef{"Datastore", to.datastore})) used.push_back(MoRef{"Datastore", to.datastore});
    plan.disks.push_back({i, from, to, linked});
  }
  plan.place = placeMachine(world, pool, host, used);
  if (becomesTemplate) plan.place.pool.reset();
  needHardware(world, plan.place.host, plan.config.at("version").string());
  needSpace(world, plan);
  return plan;
}

// MAC addresses that a server gave are given anew.
Value withNewAddress(World& world, const Value& device) {
  if (!deviceIsA(device, "VirtualEthernetCard") || device.at("addressType").string() == "manual")
    return device;
  const std::uint64_t hash = hashOf(world.random.uuid());
  return device.with("macAddress", fmt::format("00:50:56:{:02x}:{:02x}:{:02x}", 0x80U | (hash & 0x3fU),
                                               hash >> 8U & 0xffU, hash >> 16U & 0xffU));
}

// All options are copied, marks of other programs included, but for what names the machine itself.
Value copiedOptions(const Value& config, const std::string& name) {
  const List* options = config.at("extraConfig").asList();
  std::vector<Value> kept;
  for (const Value& each : options ? options->items : std::vector<Value>{}) {
    const std::string_view key = each.at("key").string();
    if (key == "viv.moid" || key == "migrate.hostLog") continue;
    kept.push_back(key == "nvram" ? each.with("value", name + ".nvram") : each);
  }
  return list(std::move(kept));
}

Value copiedConfig(World& world, const ClonePlan& plan, const std::string& name, bool isTemplate) {
  const std::string vmx = world.files.pathOf(
      {plan.home.datastore, plan.home.path + "/" + name + (isTemplate ? ".vmtx" : ".vmx")});
  std::string bios = world.random.uuid();
  bios.replace(0, 2, "42");
  std::vector<Value> devices = devicesOfConfig(plan.config);
  for (Value& device : devices) device = withNewAddress(world, device);
  for (const DiskCopy& each : plan.disks) {
    devices[each.device] = devices[each.device]
                               .with("backing.fileName", world.files.pathOf(each.to))
                               .with("backing.datastore", MoRef{"Datastore", each.to.datastore});
  }
  return rebased(world, plan.config, vmx)
      .with("hardware.device", list(std::move(devices)))
      .with("extraConfig", copiedOptions(plan.config, name))
      .with("name", name)
      .with("uuid", bios)
      .with("instanceUuid", newInstanceUuid(world))
      .with("createDate", Value::dateTime(world.now()))
      .with("template", isTemplate);
}

void copyFiles(World& world, const ClonePlan& plan, const std::string& name) {
  for (const DiskCopy& each : plan.disks) {
    if (each.linked) {
      FileStore::NewDisk delta;
      delta.parent = each.from;
      world.files.createDisk(each.to, delta);
    } else {
      world.files.copyDisk(each.from, each.to, false);  // a copied disk is its source's twin, UUID included
    }
  }
  StoredFile nvram;
  nvram.kind = FileKind::nvram;
  nvram.size = 270'840;
  world.files.put({plan.home.datastore, plan.home.path + "/" + name + ".nvram"}, nvram);
}

// Whatever a clone that failed has made by then.
void removeCopies(World& world, const ClonePlan& plan) {
  for (const DiskCopy& each : plan.disks) {
    if (each.to.datastore != plan.home.datastore && world.files.exists(each.to)) {
      world.files.removeDisk(each.to);
      const FileId directory{each.to.datastore, plan.home.path};
      if (world.files.list(directory.datastore, directory.path).empty()) world.files.remove(directory);
    }
  }
  if (world.files.exists(plan.home)) world.files.remove(plan.home);
  world.files.updateDatastores();
}

}  // namespace

Value cloneVm(World& world, const MoRef& source, const MoRef& vm, const MoRef& folder,
              const std::string& asked, const Value& spec, bool checkOnly) {
  const ManagedObject& original = world.inventory.need(source.id);
  needUsable(original);
  const std::string name = storedName(asked);
  needGoodName(name);
  needFreeName(world, folder, "VirtualMachine", name);
  const ClonePlan plan = planClone(world, original, name, spec);
  const bool isTemplate = *spec.at("template").asBool();
  Value config = copiedConfig(world, plan, name, isTemplate);
  std::vector<std::function<void()>> more;
  if (const Value& changes = spec.at("config"); changes.isSet()) {
    // Devices are judged with the disks as the source has them: the copies are not there yet.
    const ConfigPlace place{MoRef{}, plan.place.host, plan.home, false};
    ConfigResult changed =
        applyConfigSpec(world, place, config, changes.with("name", {}).with("changeVersion", {}));
    config = std::move(changed.config);
    more = std::move(changed.files);
  }
  if (checkOnly) return {};
  try {
    copyFiles(world, plan, name);
    for (const auto& step : more) step();
  } catch (const Fault&) {
    removeCopies(world, plan);
    throw;
  }
  addMachine(world, {vm, folder, plan.place}, config);
  const std::string from(world.inventory.need(source.id).state.at("name").string());
  const std::string instance(config.at("instanceUuid").string());
  postVmEvent(world, "VmInstanceUuidAssignedEvent", vm,
              fmt::format("Assigned new instance UUID ({}) to {}", instance, name),
              {{"instanceUuid", instance}});
  const std::string bios(config.at("uuid").string());
  postVmEvent(world, "VmUuidAssignedEvent", vm, fmt::format("Assigned new BIOS UUID ({}) to {}", bios, name),
              {{"uuid", bios}});
  postVmEvent(world, "VmClonedEvent", vm, fmt::format("{} cloned to {}", from, name),
              {{"sourceVm", world.events.vmArgument(source)}});
  return vm;
}

}  // namespace failback::mock
