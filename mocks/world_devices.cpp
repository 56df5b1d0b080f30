// SPDX-License-Identifier: GPL-2.0-or-later
// The virtual devices of a machine, with the keys that vCenter gives them.
#include "mocks/world_devices.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

#include "mocks/random_source.h"

namespace failback::mock {

namespace {

Value thousands(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits + " KB";
}

Value simpleController(std::string_view type, std::int32_t key, const std::string& label,
                       const Value& attached = {}) {
  return shared(object(type, {{"key", key},
                              {"deviceInfo", deviceDescription(label, label)},
                              {"busNumber", std::int32_t{key == 201 ? 1 : 0}},
                              {"device", attached}}));
}

Value pointingDevice() {
  const Value pointer =
      object("VirtualPointingDeviceDeviceBackingInfo",
             {{"deviceName", ""}, {"useAutoDetect", false}, {"hostPointingDevice", "autodetect"}});
  return object("VirtualPointingDevice",
                {{"key", std::int32_t{700}},
                 {"deviceInfo", deviceDescription("Pointing device", "Pointing device; Device")},
                 {"backing", pointer},
                 {"controllerKey", std::int32_t{300}},
                 {"unitNumber", std::int32_t{1}}});
}

// Every VM has these, all alike.
std::vector<Value> makeBasics() {
  const std::vector<Value> input{std::int32_t{600}, std::int32_t{700}};
  return {simpleController("VirtualIDEController", 200, "IDE 0"),
          simpleController("VirtualIDEController", 201, "IDE 1"),
          simpleController("VirtualPS2Controller", 300, "PS2 controller 0", input),
          simpleController("VirtualSIOController", 400, "SIO controller 0"),
          object("VirtualKeyboard", {{"key", std::int32_t{600}},
                                     {"deviceInfo", deviceDescription("Keyboard", "Keyboard")},
                                     {"controllerKey", std::int32_t{300}},
                                     {"unitNumber", std::int32_t{0}}}),
          pointingDevice(),
          object("VirtualMachineVideoCard", {{"key", std::int32_t{500}},
                                             {"deviceInfo", deviceDescription("Video card", "Video card")},
                                             {"controllerKey", std::int32_t{100}},
                                             {"unitNumber", std::int32_t{0}},
                                             {"videoRamSizeInKB", std::int64_t{8192}},
                                             {"numDisplays", std::int32_t{1}},
                                             {"useAutoDetect", false},
                                             {"enable3DSupport", false}}),
          object("VirtualMachineVMCIDevice", {{"key", std::int32_t{12000}},
                                              {"deviceInfo", deviceDescription("VMCI device", "VMCI device")},
                                              {"controllerKey", std::int32_t{100}},
                                              {"unitNumber", std::int32_t{17}},
                                              {"id", std::int64_t{-1}},
                                              {"allowUnrestrictedCommunication", false},
                                              {"filterEnable", true}})};
}

std::vector<Value> sharedEach(std::vector<Value> values) {
  for (Value& each : values) each = shared(each);
  return values;
}

struct ScsiKind {
  std::string_view name, type, summary;
};
constexpr std::array<ScsiKind, 4> scsiKinds{
    {{"pvscsi", "ParaVirtualSCSIController", "VMware paravirtual SCSI"},
     {"lsilogic", "VirtualLsiLogicController", "LSI Logic"},
     {"lsisas", "VirtualLsiLogicSASController", "LSI Logic SAS"},
     {"buslogic", "VirtualBusLogicController", "Bus Logic"}}};

Value scsiController(const SiteVm& vm, const ControllerPlace& place, const ControllerSpec* said,
                     const Value& attached) {
  const std::string& kind = said && !said->type.empty() ? said->type : vm.spec->scsi;
  const ScsiKind* chosen = &scsiKinds[0];
  for (const ScsiKind& each : scsiKinds) {
    if (each.name == kind) chosen = &each;
  }
  const std::string sharing = said ? said->sharing : "none";
  return shared(
      object(chosen->type, {{"key", place.key()},
                            {"deviceInfo", deviceDescription(fmt::format("SCSI controller {}", place.bus),
                                                             std::string(chosen->summary))},
                            {"controllerKey", std::int32_t{100}},
                            {"unitNumber", 3 + place.bus},
                            {"busNumber", place.bus},
                            {"device", attached},
                            {"hotAddRemove", true},
                            {"sharedBus", sharing == "none" ? "noSharing" : word(sharing + "Sharing")},
                            {"scsiCtlrUnitNumber", std::int32_t{7}}}));
}

// Of the other families; those of IDE are in every machine.
Value controller(const ControllerPlace& place, const Value& attached) {
  const bool sata = place.kind == "sata";
  return shared(object(
      sata ? "VirtualAHCIController" : "VirtualNVMEController",
      {{"key", place.key()},
       {"deviceInfo", deviceDescription(fmt::format("{} controller {}", sata ? "SATA" : "NVME", place.bus),
                                        sata ? "AHCI" : "NVME Controller")},
       {"controllerKey", std::int32_t{100}},
       {"unitNumber", (sata ? 24 : 30) + place.bus},
       {"busNumber", place.bus},
       {"device", attached}}));
}

std::string contentId(const std::string& path) {
  return fmt::format("{:032x}", hashOf("content/" + path)).substr(0, 32);
}

Value keyOf(const SiteVm& vm) {
  return vm.spec->encrypted.empty() ? Value() : cryptoKey(vm.spec->encrypted);
}

Value rawBacking(const SiteDisk& disk, std::size_t depth) {
  const std::string path = diskPath(disk, depth);
  const bool physical = disk.spec->rdm == "physical";
  const std::string lun = lunOf(disk);
  return object("VirtualDiskRawDiskMappingVer1BackingInfo",
                {{"fileName", path},
                 {"datastore", disk.datastore->ref},
                 {"lunUuid", fmt::format("0200000000{}504f5745522020", lun.substr(lun.find('.') + 1))},
                 {"deviceName", fmt::format("vml.0200000000{}504f5745522020", lun.substr(lun.find('.') + 1))},
                 {"compatibilityMode", physical ? "physicalMode" : "virtualMode"},
                 {"diskMode", word(physical ? "independent_persistent" : disk.own->mode)},
                 {"uuid", diskUuid(disk)},
                 {"contentId", contentId(path)},
                 {"parent", depth > 0 ? rawBacking(disk, depth - 1) : Value()},
                 {"sharing", disk.own->sharing == "multiWriter" ? "sharingMultiWriter" : "sharingNone"}});
}

// The backing with `depth` deltas above its base, as snapshots leave it.
Value backing(const SiteVm& vm, const SiteDisk& disk, std::size_t depth) {
  if (!disk.spec->rdm.empty()) return rawBacking(disk, depth);
  const std::string path = diskPath(disk, depth);
  const bool delta = depth > 0;
  return object("VirtualDiskFlatVer2BackingInfo",
                {{"fileName", path},
                 {"datastore", disk.datastore->ref},
                 {"backingObjectId", disk.datastore->spec->type == "vsan" ? Value(uuidFor(path)) : Value()},
                 {"diskMode", word(disk.own->mode)},
                 {"split", false},
                 {"writeThrough", false},
                 {"thinProvisioned", disk.spec->provisioning == "thin"},
                 {"eagerlyScrub", disk.spec->provisioning == "eager"},
                 {"uuid", diskUuid(disk)},
                 {"contentId", contentId(path)},
                 {"parent", delta ? backing(vm, disk, depth - 1) : Value()},
                 {"deltaDiskFormat", delta ? Value("seSparseFormat") : Value()},
                 {"digestEnabled", false},
                 {"keyId", keyOf(vm)},
                 {"sharing", disk.own->sharing == "multiWriter" ? "sharingMultiWriter" : "sharingNone"}});
}

Value diskDevice(const SiteVm& vm, std::size_t number, std::size_t depth) {
  const SiteDisk& disk = vm.disks[number];
  const std::int64_t kilobytes = disk.spec->size / 1024;
  return object(
      "VirtualDisk",
      {{"key", disk.key()},
       {"deviceInfo", shared(object("Description", {{"label", fmt::format("Hard disk {}", number + 1)},
                                                    {"summary", thousands(kilobytes)}}))},
       {"backing", backing(vm, disk, touchedBySnapshots(disk) ? depth : 0)},
       {"controllerKey", disk.place.key()},
       {"unitNumber", disk.unit},
       {"capacityInKB", kilobytes},
       {"capacityInBytes", disk.spec->size},
       {"shares", shared(object("SharesInfo", {{"shares", std::int32_t{1000}}, {"level", "normal"}}))},
       {"diskObjectId", fmt::format("{}-{}", disk.key(), hashOf(disk.stem) % 100'000)},
       {"nativeUnmanagedLinkedClone", false}});
}

Value nicDevice(const SiteVm& vm, std::size_t number) {
  const NicSpec& spec = vm.spec->nics[number];
  const SiteNetwork& network = *vm.nics[number];
  const auto key = static_cast<std::int32_t>(4000 + number);
  Value networkBacking;
  std::string summary = network.name;
  if (network.dvs.id.empty()) {
    networkBacking = object("VirtualEthernetCardNetworkBackingInfo", {{"deviceName", network.name},
                                                                      {"useAutoDetect", false},
                                                                      {"network", network.ref},
                                                                      {"inPassthroughMode", false}});
  } else {
    summary = fmt::format("DVSwitch: {}", network.switchUuid);
    networkBacking = object("VirtualEthernetCardDistributedVirtualPortBackingInfo",
                            {{"port", shared(object("DistributedVirtualSwitchPortConnection",
                                                    {{"switchUuid", network.switchUuid},
                                                     {"portgroupKey", network.key},
                                                     {"portKey", std::to_string(number)},
                                                     {"connectionCookie", std::int32_t{1'234'567}}}))}});
  }
  static const std::map<std::string, std::string_view> types{{"vmxnet3", "VirtualVmxnet3"},
                                                             {"vmxnet2", "VirtualVmxnet2"},
                                                             {"e1000", "VirtualE1000"},
                                                             {"e1000e", "VirtualE1000e"}};
  const Value connectable =
      shared(object("VirtualDeviceConnectInfo", {{"startConnected", spec.connected},
                                                 {"allowGuestControl", true},
                                                 {"connected", spec.connected && vm.spec->powered},
                                                 {"status", vm.spec->powered ? "ok" : "untried"}}));
  return object(types.at(spec.type),
                {{"key", key},
                 {"deviceInfo", deviceDescription(fmt::format("Network adapter {}", number + 1), summary)},
                 {"backing", shared(networkBacking)},
                 {"connectable", connectable},
                 {"controllerKey", std::int32_t{100}},
                 {"unitNumber", static_cast<std::int32_t>(7 + number)},
                 {"addressType", spec.mac.empty() ? "assigned" : "manual"},
                 {"macAddress", nicMac(vm, number)},
                 {"wakeOnLanEnabled", true}});
}

}  // namespace

Value deviceDescription(std::string label, std::string summary) {
  return shared(object("Description", {{"label", std::move(label)}, {"summary", std::move(summary)}}));
}

std::string diskPath(const SiteDisk& disk, std::size_t depth) {
  return fmt::format("[{}] {}{}.vmdk", disk.datastore->spec->name, disk.stem,
                     depth ? fmt::format("-{:06}", depth) : "");
}

std::string diskUuid(const SiteDisk& disk) {
  if (!disk.spec->uuid.empty()) return disk.spec->uuid;
  return uuidFor("disk/" + diskPath(disk, 0), "6000C29");
}

std::string nicMac(const SiteVm& vm, std::size_t number) {
  if (!vm.spec->nics[number].mac.empty()) return vm.spec->nics[number].mac;
  const std::uint64_t hash = hashOf(fmt::format("mac/{}/{}/{}", vm.home->spec->name, vm.directory, number));
  return fmt::format("00:50:56:{:02x}:{:02x}:{:02x}", 0x80U | (hash & 0x3fU), hash >> 8U & 0xffU,
                     hash >> 16U & 0xffU);
}

std::string lunOf(const SiteDisk& disk) {
  if (!disk.spec->lun.empty()) return disk.spec->lun;
  return fmt::format("naa.60060160{:016x}{:08x}", hashOf("lun/" + disk.stem),
                     hashOf(disk.stem) & 0xffffffffU);
}

bool touchedBySnapshots(const SiteDisk& disk) {
  return !disk.own->mode.starts_with("independent") && disk.spec->rdm != "physical";
}

Value cryptoKey(const std::string& providerAndKey) {
  const auto slash = providerAndKey.find('/');
  const std::string key = slash == std::string::npos ? providerAndKey : providerAndKey.substr(slash + 1);
  return shared(object(
      "CryptoKeyId",
      {{"keyId", key},
       {"providerId", slash == std::string::npos
                          ? Value()
                          : Value(object("KeyProviderId", {{"id", providerAndKey.substr(0, slash)}}))}}));
}

Value devicesOf(const SiteVm& vm, std::size_t depth) {
  std::map<std::int32_t, std::vector<Value>> on;  // keys of what hangs on a controller, by its key
  for (const SiteDisk& disk : vm.disks) on[disk.place.key()].emplace_back(disk.key());
  const std::vector<Value> others = otherDevices(vm);
  on[100] = {std::int32_t{500}, std::int32_t{12000}};
  for (const auto& [key, said] : vm.controllers) {
    if (said.first.kind != "ide") on[100].emplace_back(key);
  }
  for (std::size_t i = 0; i < vm.nics.size(); ++i) on[100].emplace_back(static_cast<std::int32_t>(4000 + i));
  for (const Value& each : others) {
    if (const auto above = each.at("controllerKey").asInteger())
      on[static_cast<std::int32_t>(*above)].push_back(each.at("key"));
  }
  const auto attached = [&](std::int32_t key) {
    const auto found = on.find(key);
    return found == on.end() ? Value() : shared(found->second);
  };
  // Shared by all machines, because they are the same in all.
  static const std::vector<Value> basics = sharedEach(makeBasics());
  std::vector<Value> devices = basics;
  for (Value& each : devices) {
    const auto key = static_cast<std::int32_t>(*each.at("key").asInteger());
    if (key != 300 && on.contains(key)) each = shared(each.with("device", attached(key)));
  }
  devices.push_back(simpleController("VirtualPCIController", 100, "PCI controller 0", attached(100)));
  for (const std::string_view kind : {"scsi", "sata", "nvme"}) {
    for (const auto& [key, said] : vm.controllers) {
      if (said.first.kind != kind) continue;
      devices.push_back(kind == "scsi" ? scsiController(vm, said.first, said.second, attached(key))
                                       : controller(said.first, attached(key)));
    }
  }
  const auto isDrive = [](const Value& each) { return each.asObject()->type().isA("VirtualCdrom"); };
  std::copy_if(others.begin(), others.end(), std::back_inserter(devices), isDrive);
  for (std::size_t i = 0; i < vm.disks.size(); ++i) devices.push_back(diskDevice(vm, i, depth));
  for (std::size_t i = 0; i < vm.nics.size(); ++i) devices.push_back(nicDevice(vm, i));
  for (const Value& each : others) {
    if (isDrive(each)) continue;
    // A controller of USB devices is among them.
    const bool holds = each.asObject()->type().isA("VirtualController");
    const auto key = static_cast<std::int32_t>(*each.at("key").asInteger());
    devices.push_back(holds ? each.with("device", attached(key)) : each);
  }
  return devices;
}

}  // namespace failback::mock
