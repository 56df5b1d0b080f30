// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vmx_reader.h"

#include <fmt/format.h>

#include <array>
#include <cctype>

#include "mocks/config_spec.h"
#include "mocks/device_slots.h"
#include "mocks/random_source.h"
#include "mocks/vm_model.h"
#include "mocks/vmx_text.h"

namespace failback::mock {

namespace {

constexpr std::int32_t mostUnits = 64;  // of a paravirtual SCSI controller

std::string stemOf(const FileId& file) {
  const std::string name = file.path.substr(file.path.rfind('/') + 1);
  return name.substr(0, name.rfind('.'));
}

// The devices that the keys of a .vmx describe.
class DeviceReader {
 public:
  DeviceReader(World& world, const FileId& vmx, VmxText& text) : world_(world), vmx_(vmx), text_(text) {}

  // VirtualDeviceConfigSpecs of controllers and of disks whose files are there.
  Value changes() {
    for (const auto& [kind, buses] : {std::pair("scsi", 4), std::pair("sata", 4), std::pair("nvme", 4)}) {
      for (int bus = 0; bus < buses; ++bus) controller(kind, bus);
    }
    for (int bus = 0; bus < 2; ++bus) units(fmt::format("ide{}", bus));
    return list(std::move(changes_));
  }

  // What no change of a configuration would let in: disks whose files are missing, drives and NICs as they
  // are.
  std::vector<Value> others() {
    for (int number = 0; number < 10; ++number) nic(number);
    return std::move(others_);
  }

 private:
  void controller(std::string_view kind, int bus) {
    const std::string name = fmt::format("{}{}", kind, bus);
    if (!text_.takeFlag(name + ".present")) return;
    const std::string driver = text_.take(name + ".virtualDev"), sharing = text_.take(name + ".sharedBus");
    const std::string_view type = kind == "sata"           ? "VirtualAHCIController"
                                  : kind == "nvme"         ? "VirtualNVMEController"
                                  : driver == "pvscsi"     ? "ParaVirtualSCSIController"
                                  : driver == "lsisas1068" ? "VirtualLsiLogicSASController"
                                  : driver == "buslogic"   ? "VirtualBusLogicController"
                                                           : "VirtualLsiLogicController";
    Value made = object(type, {{"key", -100 - controllerPlace(name)->key()}, {"busNumber", bus}});
    if (kind == "scsi") {
      made = made.with("sharedBus", sharing == "virtual"    ? "virtualSharing"
                                    : sharing == "physical" ? "physicalSharing"
                                                            : "noSharing");
    }
    change(made);
    units(name);
  }

  void units(const std::string& name) {
    const auto place = controllerPlace(name);
    for (std::int32_t unit = 0; unit < mostUnits; ++unit) {
      const std::string at = fmt::format("{}:{}", name, unit);
      if (!text_.takeFlag(at + ".present")) continue;
      const bool drive = text_.take(at + ".deviceType").find("cdrom") != std::string::npos;
      const bool own = name.starts_with("ide");  // every machine has these controllers
      const std::int32_t key = own ? place->key() : -100 - place->key();
      if (drive) {
        cdrom(at, *place, unit);
      } else {
        disk(at, *place, key, unit);
      }
    }
  }

  void disk(const std::string& at, const ControllerPlace& place, std::int32_t controllerKey,
            std::int32_t unit) {
    const std::string path = pathFor(text_.take(at + ".fileName"));
    std::string mode = text_.take(at + ".mode");
    for (char& each : mode) {
      if (each == '-') each = '_';
    }
    const bool shared = text_.take(at + ".sharing") == "multi-writer";
    const Value backing = object("VirtualDiskFlatVer2BackingInfo",
                                 {{"fileName", path},
                                  {"diskMode", mode.empty() ? "persistent" : mode},
                                  {"sharing", shared ? "sharingMultiWriter" : "sharingNone"}});
    Value made = object("VirtualDisk", {{"key", nextKey_--},
                                        {"backing", backing},
                                        {"controllerKey", controllerKey},
                                        {"unitNumber", unit},
                                        {"capacityInKB", std::int64_t{0}}});
    const auto parsed = parseDatastorePath(path);
    const auto store = parsed ? world_.files.datastoreNamed(parsed->datastore) : std::nullopt;
    if (store && world_.files.exists({store->id, parsed->path})) return change(made);
    if (store) made = made.with("backing.datastore", *store);
    ++missing_;
    others_.push_back(
        made.with("key", place.deviceKey(unit))
            .with("controllerKey", place.key())
            .with("capacityInBytes", std::int64_t{0})
            .with("deviceInfo",
                  object("Description",
                         {{"label", fmt::format("Hard disk {}", disks_ + missing_)}, {"summary", "0 KB"}})));
  }

  void cdrom(const std::string& at, const ControllerPlace& place, std::int32_t unit) {
    const std::string file = text_.take(at + ".fileName");
    (void)text_.take(at + ".clientDevice");
    const bool image = file.ends_with(".iso");
    const Value backing = image ? object("VirtualCdromIsoBackingInfo", {{"fileName", pathFor(file)}})
                                : object("VirtualCdromRemotePassthroughBackingInfo",
                                         {{"deviceName", ""}, {"exclusive", false}});
    const bool connected = text_.takeFlag(at + ".startConnected");
    others_.push_back(
        object("VirtualCdrom",
               {{"key", place.deviceKey(unit)},
                {"deviceInfo",
                 object("Description", {{"label", fmt::format("CD/DVD drive {}", ++drives_)},
                                        {"summary", image ? "ISO " + pathFor(file) : "Remote device"}})},
                {"backing", backing},
                {"connectable", connectable(connected)},
                {"controllerKey", place.key()},
                {"unitNumber", unit}}));
  }

  void nic(int number) {
    const std::string at = fmt::format("ethernet{}", number);
    if (!text_.takeFlag(at + ".present")) return;
    const std::string driver = text_.take(at + ".virtualDev"), kind = text_.take(at + ".addressType");
    const std::string fixed = text_.take(at + ".address"), given = text_.take(at + ".generatedAddress");
    const std::string_view type = driver == "e1000"     ? "VirtualE1000"
                                  : driver == "e1000e"  ? "VirtualE1000e"
                                  : driver == "vmxnet2" ? "VirtualVmxnet2"
                                                        : "VirtualVmxnet3";
    const std::string network = text_.take(at + ".networkName");
    const std::string group = text_.take(at + ".dvs.portgroupId"), with = text_.take(at + ".dvs.switchId");
    Value backing;
    if (!group.empty()) {
      backing = object("VirtualEthernetCardDistributedVirtualPortBackingInfo",
                       {{"port", object("DistributedVirtualSwitchPortConnection",
                                        {{"switchUuid", with}, {"portgroupKey", group}})}});
    } else {
      backing = object("VirtualEthernetCardNetworkBackingInfo", {{"deviceName", network}});
      for (const ManagedObject* each : world_.inventory.all("Network")) {
        if (each->ref.type == "Network" && each->state.at("name").string() == network)
          backing = backing.with("network", each->ref);
      }
    }
    const std::string label = fmt::format("Network adapter {}", number + 1);
    const std::string_view addressType = kind == "static" ? "manual"
                                         : kind == "vpx"  ? "assigned"
                                                          : "generated";
    others_.push_back(
        object(type, {{"key", std::int32_t{4000} + number},
                      {"deviceInfo", object("Description", {{"label", label}, {"summary", network}})},
                      {"backing", backing},
                      {"connectable", connectable(true)},
                      {"controllerKey", std::int32_t{100}},
                      {"unitNumber", std::int32_t{7} + number},
                      {"addressType", addressType},
                      {"macAddress", given.empty() ? fixed : given},
                      {"wakeOnLanEnabled", true}}));
  }

  static Value connectable(bool atStart) {
    return object("VirtualDeviceConnectInfo", {{"startConnected", atStart},
                                               {"allowGuestControl", true},
                                               {"connected", false},
                                               {"status", "untried"}});
  }

  // "web.vmdk" lies beside the .vmx, "/vmfs/volumes/NAME-or-id/..." anywhere.
  std::string pathFor(const std::string& name) {
    constexpr std::string_view volumes = "/vmfs/volumes/";
    if (name.starts_with('[')) return name;
    if (!name.starts_with('/')) {
      const std::string directory = vmx_.path.substr(0, vmx_.path.rfind('/') + 1);
      return world_.files.pathOf({vmx_.datastore, directory + name});
    }
    if (!name.starts_with(volumes)) return "[] " + name;
    const auto slash = std::min(name.find('/', volumes.size()), name.size());
    const std::string volume = name.substr(volumes.size(), slash - volumes.size());
    for (const ManagedObject* each : world_.inventory.all("Datastore")) {
      const bool same = each->state.at("name").string() == volume ||
                        each->state.at("summary.url").string().find("/" + volume + "/") != std::string::npos;
      if (same) return world_.files.pathOf({each->ref.id, name.substr(std::min(slash + 1, name.size()))});
    }
    return fmt::format("[{}] {}", volume, name.substr(std::min(slash + 1, name.size())));
  }

  void change(const Value& device) {
    if (deviceIsA(device, "VirtualDisk")) ++disks_;
    changes_.push_back(object("VirtualDeviceConfigSpec", {{"operation", "add"}, {"device", device}}));
  }

  World& world_;
  const FileId& vmx_;
  VmxText& text_;
  std::vector<Value> changes_, others_;
  std::int32_t nextKey_ = -10'000;
  int disks_ = 0, missing_ = 0, drives_ = 0;
};

Value optionsOf(const VmxText& text) {
  std::vector<Value> options;
  for (const auto& [key, value] : text.rest())
    options.push_back(object("OptionValue", {{"key", key}, {"value", value}}));
  return list(std::move(options));
}

std::string guestIdOf(std::string guest) {
  if (guest.empty()) return "otherGuest";
  // "debian12-64" is debian12_64Guest.
  for (char& each : guest) {
    if (each == '-') each = '_';
  }
  return guest.find("Guest") == std::string::npos ? guest + "Guest" : guest;
}

// Throws InvalidVmConfig for a configuration that says something impossible.
Value configFromText(World& world, const FileId& vmx, const std::string& content) {
  VmxText text(content);
  (void)text.need("config.version");
  const std::string hardware = text.need("virtualHW.version");
  (void)text.take(".encoding");
  (void)text.take("uuid.location");
  std::string name = text.take("displayName");
  if (name.empty()) name = stemOf(vmx);
  Value config = newConfig(world, name, world.files.pathOf(vmx))
                     .with("extraConfig", std::vector<Value>{})
                     .with("version", "vmx-" + hardware);
  const std::string bios = plainUuid(text.take("uuid.bios")), instance = plainUuid(text.take("vc.uuid"));
  if (!bios.empty()) config = config.with("uuid", bios);
  if (!instance.empty()) config = config.with("instanceUuid", instance);
  const std::string firmware = text.take("firmware");
  DeviceReader devices(world, vmx, text);
  const Value changes = devices.changes();
  const std::vector<Value> others = devices.others();
  const auto memory = static_cast<std::int64_t>(text.takeNumber("memSize", 32));
  const auto cpus = static_cast<std::int32_t>(text.takeNumber("numvcpus", 1));
  const auto cores = static_cast<std::int32_t>(text.takeNumber("cpuid.coresPerSocket", 1));
  const std::string annotation = text.take("annotation");
  const Value spec =
      object("VirtualMachineConfigSpec", {{"guestId", guestIdOf(text.take("guestOS"))},
                                          {"annotation", annotation.empty() ? Value() : Value(annotation)},
                                          {"memoryMB", memory},
                                          {"numCPUs", cpus},
                                          {"numCoresPerSocket", cores},
                                          {"firmware", firmware.empty() ? Value("bios") : Value(firmware)},
                                          {"deviceChange", changes},
                                          {"extraConfig", optionsOf(text)}});
  const FileId home{vmx.datastore, vmx.path.substr(0, vmx.path.rfind('/'))};
  config = applyConfigSpec(world, {MoRef{}, MoRef{}, home, false}, config, spec).config;
  std::vector<Value> all = devicesOfConfig(config);
  all.insert(all.end(), others.begin(), others.end());
  return config.with("hardware.device", list(std::move(all)));
}

}  // namespace

Value configIn(World& world, const FileId& vmx) {
  const StoredFile& stored = world.files.need(vmx);
  const bool own = stored.config.isSet() && stored.kind == FileKind::config;
  return own ? stored.config : configFromText(world, vmx, stored.text);
}

std::string locationOf(const FileId& vmx) {
  return uuidFor(fmt::format("location/{}/{}", vmx.datastore, vmx.path.substr(0, vmx.path.rfind('.'))),
                 "564d");
}

std::string rememberedLocation(World& world, const FileId& vmx) {
  const StoredFile& stored = world.files.need(vmx);
  if (!stored.config.isSet()) return plainUuid(VmxText(stored.text).take("uuid.location"));
  if (!stored.text.empty()) return stored.text;
  // It is the place where the machine was when the file was written; a datastore may have another name by
  // now.
  const auto path = parseDatastorePath(stored.config.at("files.vmPathName").string());
  const auto store = path ? world.files.datastoreNamed(path->datastore) : std::nullopt;
  return path ? locationOf({store ? store->id : vmx.datastore, path->path}) : std::string();
}

void rememberLocation(World& world, const FileId& vmx, const std::string& location) {
  StoredFile stored = world.files.need(vmx);
  stored.text = location == locationOf(vmx) ? std::string() : location;
  world.files.put(vmx, std::move(stored));
}

void settleLocation(World& world, const MoRef& vm) {
  world.movedOrCopied.erase(vm.id);
  const FileId vmx = world.files.locate(vmxPathOf(world.inventory.need(vm.id).state));
  if (world.files.exists(vmx)) rememberLocation(world, vmx, {});
}

}  // namespace failback::mock
