// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/device_changes.h"

#include <fmt/format.h>

#include <algorithm>

#include "mocks/device_slots.h"
#include "mocks/fault.h"
#include "mocks/random_source.h"
#include "mocks/vm_lifecycle.h"
#include "mocks/vm_model.h"

namespace failback::mock {

namespace {

std::string_view textAt(const Value& value, std::string_view member) {
  const DataObject* object = value.asObject();
  return object && object->type().find(member) ? object->get(member).string() : std::string_view();
}

Value description(std::string label, std::string summary) {
  return object("Description", {{"label", std::move(label)}, {"summary", std::move(summary)}});
}

// The number that the next device of its kind is called by.
std::size_t nextNumber(const std::vector<Value>& devices, std::string_view type) {
  return 1 + static_cast<std::size_t>(std::count_if(
                 devices.begin(), devices.end(), [&](const Value& each) { return deviceIsA(each, type); }));
}

std::int64_t capacityOf(const Value& disk) {
  if (const auto bytes = disk.at("capacityInBytes").asInteger(); bytes && *bytes > 0) return *bytes;
  return disk.at("capacityInKB").asInteger().value_or(0) * 1024;
}

std::string provisioningOf(const Value& backing) {
  const auto flag = [&](std::string_view member) {
    const DataObject* object = backing.asObject();
    const bool* value = object->type().find(member) ? object->get(member).asBool() : nullptr;
    return value && *value;
  };
  if (flag("thinProvisioned")) return "thin";
  return flag("eagerlyScrub") ? "eager" : "thick";
}

// Throws FileTooLarge for a disk beyond what the datastore can hold in one file.
void needPossibleSize(const World& world, const FileId& file, std::int64_t capacity) {
  const Value& datastore = world.inventory.need(file.datastore).state;
  const auto most = datastore.at("info.maxVirtualDiskCapacity").asInteger();
  if (!most || capacity <= *most) return;
  const std::string path = world.files.pathOf(file);
  throw makeFault(
      "FileTooLarge", fmt::format("File {} is larger than the datastore supports.", path),
      {{"file", path}, {"datastore", datastore.at("name")}, {"fileSize", capacity}, {"maxFileSize", *most}});
}

// `before` with every member that `after` sets; both of one type.
Value merged(const Value& before, const Value& after) {
  DataObject object = *before.asObject();
  for (const DataObject::Member& member : after.asObject()->members()) object.set(member.index, member.value);
  return object;
}

}  // namespace

DeviceChanges::DeviceChanges(World& world, const ConfigPlace& place, std::string name,
                             std::vector<Value> devices)
    : world_(world), place_(place), name_(std::move(name)), devices_(std::move(devices)) {}

void DeviceChanges::fault(std::string_view type, std::string_view property, std::vector<Field> fields) const {
  // TooManyDevices is of the whole configuration.
  if (TypeModel::get().need(type).find("deviceIndex")) fields.emplace_back("deviceIndex", index_);
  fields.emplace_back("property", property);
  throw makeFault(type, fmt::format("Invalid configuration for device '{}'.", index_), fields);
}

void DeviceChanges::invalid(std::string_view property) const {
  fault("InvalidDeviceSpec", fmt::format("virtualDeviceSpec.device.{}", property));
}

std::int64_t DeviceChanges::realKey(std::int64_t key) const {
  const auto found = keys_.find(key);
  return found == keys_.end() ? key : found->second;
}

void DeviceChanges::apply(const Value& deviceChange) {
  const List* changes = deviceChange.asList();
  if (!changes) return;
  // Placeholders may be used before the controller that they stand for comes: controllers are taken first.
  std::vector<bool> done(changes->items.size(), false);
  for (const bool controllers : {true, false}) {
    for (std::size_t i = 0; i < changes->items.size(); ++i) {
      const Value& change = changes->items[i];
      const bool first = change.at("operation").string() == "add" && familyOf(change.at("device"));
      if (done[i] || first != controllers) continue;
      index_ = static_cast<std::int32_t>(i);
      one(change);
      done[i] = true;
    }
  }
  checkControllersEmptied();
}

void DeviceChanges::one(const Value& change) {
  const std::string_view operation = change.at("operation").string();
  if (operation == "add") {
    add(change);
  } else if (operation == "remove") {
    remove(change);
  } else {
    edit(change);
  }
}

void DeviceChanges::add(const Value& change) {
  Value device = change.at("device");
  const std::int64_t asked = *device.at("key").asInteger();
  if (familyOf(device)) {
    device = addedController(device);
  } else if (isDisk(device)) {
    device = addedDisk(change, device);
  } else if (deviceIsA(device, "VirtualEthernetCard")) {
    device = addedNic(device);
  } else {
    device = placed(device.with("key", freeKey(devices_, device)), false);
    if (!device.at("deviceInfo").isSet()) {
      const std::string type(deviceType(device));
      device = device.with("deviceInfo", description(type.substr(7), type.substr(7)));
    }
  }
  keys_[asked] = *device.at("key").asInteger();
  devices_.push_back(std::move(device));
}

Value DeviceChanges::addedController(Value device) {
  const ControllerFamily& family = *familyOf(device);
  std::int64_t bus = device.at("busNumber").asInteger().value_or(-1);
  const auto taken = [&](std::int64_t number) {
    return std::any_of(devices_.begin(), devices_.end(), [&](const Value& each) {
      return familyOf(each) == &family && each.at("busNumber").asInteger() == number;
    });
  };
  if (nextNumber(devices_, family.type) > static_cast<std::size_t>(family.buses)) invalid("busNumber");
  if (bus < 0) {
    bus = 0;
    while (taken(bus)) ++bus;
  }
  if (bus >= family.buses || taken(bus)) invalid("busNumber");
  const auto number = static_cast<std::int32_t>(bus);
  const std::string label = fmt::format(fmt::runtime(family.label), number);
  device = device.with("busNumber", number).with("key", family.firstKey + number).with("device", {});
  const std::int32_t slot = deviceIsA(device, "VirtualSATAController") ? 24 : 3;
  device = device.with("controllerKey", std::int32_t{100}).with("unitNumber", slot + number);
  if (deviceIsA(device, "VirtualSCSIController")) {
    device = device.with("hotAddRemove", true).with("scsiCtlrUnitNumber", std::int32_t{7});
  }
  return device.with("deviceInfo", description(label, label));
}

const Value& DeviceChanges::controllerOf(const Value& device) const {
  const auto key = device.at("controllerKey").asInteger();
  if (!key) fault("MissingController", "virtualDeviceSpec.device.controllerKey");
  const Value* controller = findDevice(devices_, realKey(*key));
  if (!controller || !deviceIsA(*controller, "VirtualController")) {
    fault("InvalidController", "virtualDeviceSpec.device.controllerKey",
          {{"controllerKey", static_cast<std::int32_t>(*key)}});
  }
  return *controller;
}

// The device at the controller and unit that it asks for, or at a free unit.
Value DeviceChanges::placed(Value device, bool mustHaveController) {
  if (!device.at("controllerKey").isSet() && !mustHaveController) return device;
  const Value controller = controllerOf(device);
  device = device.with("controllerKey", controller.at("key"));
  const ControllerFamily* family = familyOf(controller);
  std::optional<std::int64_t> unit = device.at("unitNumber").asInteger();
  if (!unit || *unit < 0) {
    const auto free = freeUnit(devices_, controller);
    if (!free) fault("TooManyDevices", "virtualDeviceSpec.device.controllerKey");
    unit = *free;
  }
  if (family) {
    if (*unit >= unitsOf(controller) || *unit == family->reserved) invalid("unitNumber");
    if (unitTaken(devices_, controller, *unit, *device.at("key").asInteger())) invalid("unitNumber");
  }
  return device.with("unitNumber", static_cast<std::int32_t>(*unit));
}

Value DeviceChanges::addedDisk(const Value& change, Value device) {
  device = placed(device.with("key", std::int32_t{-1}), true);
  const Value& controller = controllerOf(device);
  if (!familyOf(controller)) {
    fault("InvalidController", "virtualDeviceSpec.device.controllerKey",
          {{"controllerKey", static_cast<std::int32_t>(*controller.at("key").asInteger())}});
  }
  if (place_.poweredOn && deviceIsA(controller, "VirtualIDEController")) {
    throw makeFault("InvalidPowerState",
                    "The attempted operation cannot be performed in the current state (Powered on).",
                    {{"requestedState", "poweredOff"}, {"existingState", "poweredOn"}});
  }
  device = device.with("key",
                       diskKey(controller, static_cast<std::int32_t>(*device.at("unitNumber").asInteger())));
  if (!device.at("backing").isSet() || !fileNameOf(device)) invalid("backing");
  device = change.at("fileOperation").isSet() ? newDisk(change, device) : existingDisk(device);
  const std::string label = fmt::format("Hard disk {}", nextNumber(devices_, "VirtualDisk"));
  device = device.with("deviceInfo", description(label, ""));
  if (!device.at("shares").isSet()) {
    device =
        device.with("shares", object("SharesInfo", {{"shares", std::int32_t{1000}}, {"level", "normal"}}));
  }
  return device.with("nativeUnmanagedLinkedClone", false);
}

FileId DeviceChanges::fileForNewDisk(const Value& backing) {
  const std::string wanted(textAt(backing, "fileName"));
  std::string datastore;
  if (const MoRef* ref = backing.at("datastore").asRef(); ref && wanted.empty()) datastore = ref->id;
  const auto path = parseDatastorePath(wanted);
  if (path && !path->path.empty()) return world_.files.locate(wanted);
  if (path) datastore = world_.files.locate(wanted).datastore;
  if (datastore.empty()) datastore = place_.home.datastore;
  // A file of its own in the machine's directory, on whatever datastore.
  const std::string directory = place_.home.path.empty() ? name_ : place_.home.path;
  for (std::int32_t number = 0;; ++number) {
    FileId file{datastore,
                fmt::format("{}/{}{}.vmdk", directory, name_, number ? fmt::format("_{}", number) : "")};
    const bool planned = std::find(planned_.begin(), planned_.end(), file) != planned_.end();
    if (!planned && !world_.files.exists(file)) return file;
  }
}

Value DeviceChanges::newDisk(const Value& change, const Value& device) {
  if (change.at("fileOperation").string() == "destroy") {
    fault("InvalidDeviceOperation", "virtualDeviceSpec.fileOperation", {{"badFileOp", "destroy"}});
  }
  const std::int64_t capacity = capacityOf(device);
  if (capacity <= 0) invalid("capacityInKB");
  const Value& backing = device.at("backing");
  const FileId file = fileForNewDisk(backing);
  const std::string path = world_.files.pathOf(file);
  needAccepting(world_, {"Datastore", file.datastore});
  needPossibleSize(world_, file, capacity);
  if (world_.files.exists(file)) {
    throw makeFault("FileAlreadyExists", fmt::format("The file {} already exists.", path), {{"file", path}});
  }
  FileStore::NewDisk made;
  made.uuid = textAt(backing, "uuid");
  made.capacity = capacity;
  made.provisioning = provisioningOf(backing);
  const Value& summary = world_.inventory.need(file.datastore).state.at("summary");
  if (made.provisioning != "thin") need_[file.datastore] += capacity;
  if (need_[file.datastore] > summary.at("freeSpace").asInteger().value_or(0)) {
    throw makeFault("NoDiskSpace",
                    fmt::format("Insufficient disk space on datastore '{}'.", summary.at("name").string()),
                    {{"file", path}, {"datastore", summary.at("name")}});
  }
  planned_.push_back(file);
  files_.emplace_back([&world = world_, file, made] { world.files.createDisk(file, made); });
  return device
      .with("backing", backing.with("fileName", path).with("datastore", MoRef{"Datastore", file.datastore}))
      .with("capacityInKB", capacity / 1024)
      .with("capacityInBytes", capacity);
}

Value DeviceChanges::existingDisk(const Value& device) {
  const std::string name = *fileNameOf(device);
  const FileId file = world_.files.locate(name);
  const Descriptor& found = world_.files.descriptor(file);
  needAccepting(world_, {"Datastore", file.datastore});
  for (const Value& each : devices_) {
    if (isDisk(each) && fileNameOf(each) == name) invalid("backing");
  }
  if (place_.poweredOn) {
    world_.files.needUnlocked(file, place_.vm.id);
    const bool shared = textAt(device.at("backing"), "sharing") == "sharingMultiWriter";
    files_.emplace_back([&world = world_, file, shared, vm = place_.vm.id, host = place_.host.id] {
      for (const FileId& each : world.files.chain(file))
        world.files.lock(each, {vm, host, shared || each != file});
    });
  }
  return device.with("backing", backingFor(world_, file, device.at("backing")))
      .with("capacityInKB", found.capacity / 1024)
      .with("capacityInBytes", found.capacity);
}

void DeviceChanges::checkNetwork(const Value& device) const {
  const Value& backing = device.at("backing");
  const DataObject* object = backing.asObject();
  if (!object) return;
  const List* networks = nullptr;
  if (const ManagedObject* host = world_.inventory.find(place_.host.id))
    networks = host->state.at("network").asList();
  const auto onHost = [&](auto matches) {
    if (!networks) return true;
    return std::any_of(networks->items.begin(), networks->items.end(), [&](const Value& each) {
      const ManagedObject* network = world_.inventory.find(each.asRef()->id);
      return network && matches(*network);
    });
  };
  bool there = true;
  if (object->type().find("port")) {
    const std::string_view key = backing.at("port.portgroupKey").string();
    there = onHost([&](const ManagedObject& network) { return network.ref.id == key; });
  } else if (object->type().find("network")) {
    const std::string_view name = object->get("deviceName").string();
    const MoRef* ref = object->get("network").asRef();
    there = onHost([&](const ManagedObject& network) {
      return network.state.at("name").string() == name || (ref && network.ref == *ref);
    });
  }
  if (!there) fault("InvalidDeviceBacking", "virtualDeviceSpec.device.backing");
}

Value DeviceChanges::addedNic(Value device) {
  constexpr std::size_t most = 10;
  const std::size_t number = nextNumber(devices_, "VirtualEthernetCard");
  if (number > most) fault("TooManyDevices", "virtualDeviceSpec.device");
  if (!device.at("backing").isSet()) invalid("backing");
  checkNetwork(device);
  const std::int32_t key = freeKey(devices_, device);
  std::string mac(textAt(device, "macAddress"));
  std::string_view type = textAt(device, "addressType");
  if (mac.empty() || type == "generated" || type == "assigned") {
    const std::uint64_t hash = hashOf(fmt::format("{}/{}/{}", place_.vm.id, name_, world_.random.uuid()));
    mac = fmt::format("00:50:56:{:02x}:{:02x}:{:02x}", 0x80U | (hash & 0x3fU), hash >> 8U & 0xffU,
                      hash >> 16U & 0xffU);
    type = "assigned";
  } else if (type.empty()) {
    type = "manual";
  }
  if (!device.at("connectable").isSet()) {
    device = device.with(
        "connectable", object("VirtualDeviceConnectInfo", {{"startConnected", true},
                                                           {"allowGuestControl", true},
                                                           {"connected", place_.poweredOn},
                                                           {"status", place_.poweredOn ? "ok" : "untried"}}));
  }
  const std::string network(textAt(device.at("backing"), "deviceName"));
  return device.with("key", key)
      .with("controllerKey", std::int32_t{100})
      .with("unitNumber", static_cast<std::int32_t>(7 + key - 4000))
      .with("macAddress", mac)
      .with("addressType", type)
      .with("deviceInfo",
            description(fmt::format("Network adapter {}", number), network.empty() ? "DVSwitch" : network));
}

void DeviceChanges::edit(const Value& change) {
  const Value& device = change.at("device");
  const Value* present = findDevice(devices_, realKey(*device.at("key").asInteger()));
  if (!present) invalid("key");
  if (present->asObject()->type().name != device.asObject()->type().name) invalid("key");
  const Value before = *present;
  Value after = merged(before, device).with("key", before.at("key"));
  // The server's own, whatever the client sends back.
  after = after.with("deviceInfo", before.at("deviceInfo"));
  if (isDisk(before)) {
    after = editedDisk(change, before, std::move(after));
  } else if (deviceIsA(before, "VirtualEthernetCard")) {
    checkNetwork(after);
  } else if (familyOf(before) && before.at("busNumber").asInteger() != after.at("busNumber").asInteger()) {
    invalid("busNumber");
  }
  for (Value& each : devices_) {
    if (each.at("key").asInteger() == before.at("key").asInteger()) each = after;
  }
}

Value DeviceChanges::editedDisk(const Value&, const Value& before, Value after) {
  if (before.at("controllerKey").asInteger() != after.at("controllerKey").asInteger() ||
      before.at("unitNumber").asInteger() != after.at("unitNumber").asInteger()) {
    if (place_.poweredOn) invalid("unitNumber");
    after = placed(after, true);
  }
  const std::string file = *fileNameOf(before), wanted = fileNameOf(after).value_or(file);
  if (file != wanted) {
    if (place_.poweredOn) invalid("backing");
    const FileId found = world_.files.locate(wanted);
    const std::int64_t capacity = world_.files.descriptor(found).capacity;
    needAccepting(world_, {"Datastore", found.datastore});
    return after.with("backing", backingFor(world_, found, after.at("backing")))
        .with("capacityInKB", capacity / 1024)
        .with("capacityInBytes", capacity);
  }
  // A client sends back one of the two sizes changed.
  const auto bytes = after.at("capacityInBytes").asInteger(), old = before.at("capacityInBytes").asInteger();
  const std::int64_t kilobytes = *after.at("capacityInKB").asInteger() * 1024;
  const std::int64_t capacity = bytes && bytes != old                                        ? *bytes
                                : kilobytes != *before.at("capacityInKB").asInteger() * 1024 ? kilobytes
                                                                                             : *old;
  if (capacity != *old) {
    if (capacity < *old || before.at("backing.parent").isSet()) invalid("capacityInKB");
    const FileId found = world_.files.locate(file);
    files_.emplace_back([&world = world_, found, capacity] {
      world.files.changeDescriptor(found, [capacity](Descriptor& each) { each.capacity = capacity; });
    });
    after = after.with("capacityInBytes", capacity).with("capacityInKB", capacity / 1024);
  }
  // What the descriptor says is not the client's to change.
  Value backing = before.at("backing");
  for (const std::string_view own : {"diskMode", "sharing"}) {
    if (!textAt(after.at("backing"), own).empty()) backing = backing.with(own, after.at("backing").at(own));
  }
  if (place_.poweredOn && backing.at("diskMode").string() != before.at("backing.diskMode").string()) {
    fault("DisallowedDiskModeChange", "virtualDeviceSpec.device.backing.diskMode");
  }
  return after.with("backing", backing);
}

void DeviceChanges::remove(const Value& change) {
  const std::int64_t key = realKey(*change.at("device.key").asInteger());
  const Value* present = findDevice(devices_, key);
  if (!present) invalid("key");
  if (familyOf(*present)) removedControllers_.emplace_back(index_, key);
  const auto name = isDisk(*present) ? fileNameOf(*present) : std::nullopt;
  if (name && place_.poweredOn) {
    const FileId file = world_.files.locate(*name);
    files_.emplace_back([&world = world_, file, vm = place_.vm.id] {
      if (!world.files.exists(file)) return;
      for (const FileId& each : world.files.chain(file)) world.files.unlock(each, vm);
    });
  }
  if (name && change.at("fileOperation").string() == "destroy") {
    const FileId file = world_.files.locate(*name);
    if (world_.files.exists(file)) {
      world_.files.needUnlocked(file, place_.vm.id);
      files_.emplace_back([&world = world_, file] {
        const std::vector<FileId> chain = world.files.chain(file);
        for (const FileId& each : chain) world.files.removeDisk(each);
      });
    }
  }
  std::erase_if(devices_, [key](const Value& each) { return each.at("key").asInteger() == key; });
}

void DeviceChanges::checkControllersEmptied() const {
  for (const auto& [index, controller] : removedControllers_) {
    const std::int64_t key = controller;
    const bool used = std::any_of(devices_.begin(), devices_.end(), [key](const Value& each) {
      return each.at("controllerKey").asInteger() == key;
    });
    if (!used) continue;
    throw makeFault(
        "InvalidDeviceOperation", fmt::format("Invalid configuration for device '{}'.", index),
        {{"deviceIndex", index}, {"property", "virtualDeviceSpec.operation"}, {"badOp", "remove"}});
  }
}

}  // namespace failback::mock
