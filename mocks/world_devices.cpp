// SPDX-License-Identifier: GPL-2.0-or-later
// The virtual devices of a machine, with the keys that vCenter gives them.
#include "mocks/world_devices.h"

#include <fmt/format.h>

#include <array>
#include <map>

#include "mocks/random_source.h"

namespace failback::mock {

namespace {

Value description(std::string label, std::string summary) {
  return shared(object("Description", {{"label", std::move(label)}, {"summary", std::move(summary)}}));
}

Value thousands(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits + " KB";
}

Value simpleController(std::string_view type, std::int32_t key, const std::string& label,
                       const Value& attached = {}) {
  return shared(object(type, {{"key", key},
                              {"deviceInfo", description(label, label)},
                              {"busNumber", std::int32_t{key == 201 ? 1 : 0}},
                              {"device", attached}}));
}

Value pointingDevice() {
  const Value pointer =
      object("VirtualPointingDeviceDeviceBackingInfo",
             {{"deviceName", ""}, {"useAutoDetect", false}, {"hostPointingDevice", "autodetect"}});
  return object("VirtualPointingDevice",
                {{"key", std::int32_t{700}},
                 {"deviceInfo", description("Pointing device", "Pointing device; Device")},
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
                                     {"deviceInfo", description("Keyboard", "Keyboard")},
                                     {"controllerKey", std::int32_t{300}},
                                     {"unitNumber", std::int32_t{0}}}),
          pointingDevice(),
          object("VirtualMachineVideoCard", {{"key", std::int32_t{500}},
                                             {"deviceInfo", description("Video card", "Video card")},
                                             {"controllerKey", std::int32_t{100}},
                                             {"unitNumber", std::int32_t{0}},
                                             {"videoRamSizeInKB", std::int64_t{8192}},
                                             {"numDisplays", std::int32_t{1}},
                                             {"useAutoDetect", false},
                                             {"enable3DSupport", false}}),
          object("VirtualMachineVMCIDevice", {{"key", std::int32_t{12000}},
                                              {"deviceInfo", description("VMCI device", "VMCI device")},
                                              {"controllerKey", std::int32_t{100}},
                                              {"unitNumber", std::int32_t{17}},
                                              {"id", std::int64_t{-1}},
                                              {"allowUnrestrictedCommunication", false},
                                              {"filterEnable", true}})};
}

std::vector<Value> makeOptical() {
  const Value remote = object("VirtualCdromRemotePassthroughBackingInfo",
                              {{"deviceName", ""}, {"useAutoDetect", false}, {"exclusive", false}});
  const Value connectable = object(
      "VirtualDeviceConnectInfo",
      {{"startConnected", false}, {"allowGuestControl", true}, {"connected", false}, {"status", "untried"}});
  return {object("VirtualAHCIController", {{"key", std::int32_t{15000}},
                                           {"deviceInfo", description("SATA controller 0", "AHCI")},
                                           {"controllerKey", std::int32_t{100}},
                                           {"unitNumber", std::int32_t{24}},
                                           {"busNumber", std::int32_t{0}},
                                           {"device", std::vector<Value>{std::int32_t{16000}}}}),
          object("VirtualCdrom", {{"key", std::int32_t{16000}},
                                  {"deviceInfo", description("CD/DVD drive 1", "Remote device")},
                                  {"backing", remote},
                                  {"connectable", connectable},
                                  {"controllerKey", std::int32_t{15000}},
                                  {"unitNumber", std::int32_t{0}}})};
}

struct ScsiKind {
  std::string_view name, type, summary;
};
constexpr std::array<ScsiKind, 4> scsiKinds{
    {{"pvscsi", "ParaVirtualSCSIController", "VMware paravirtual SCSI"},
     {"lsilogic", "VirtualLsiLogicController", "LSI Logic"},
     {"lsisas", "VirtualLsiLogicSASController", "LSI Logic SAS"},
     {"buslogic", "VirtualBusLogicController", "Bus Logic"}}};

Value scsiController(const std::string& kind, std::int32_t bus, const std::vector<Value>& disks) {
  const ScsiKind* chosen = &scsiKinds[0];
  for (const ScsiKind& each : scsiKinds) {
    if (each.name == kind) chosen = &each;
  }
  return shared(object(chosen->type, {{"key", 1000 + bus},
                                      {"deviceInfo", description(fmt::format("SCSI controller {}", bus),
                                                                 std::string(chosen->summary))},
                                      {"controllerKey", std::int32_t{100}},
                                      {"unitNumber", 3 + bus},
                                      {"busNumber", bus},
                                      {"device", shared(disks)},
                                      {"hotAddRemove", true},
                                      {"sharedBus", "noSharing"},
                                      {"scsiCtlrUnitNumber", std::int32_t{7}}}));
}

std::string contentId(const std::string& path) {
  return fmt::format("{:032x}", hashOf("content/" + path)).substr(0, 32);
}

// The backing with `depth` deltas above its base, as snapshots leave it.
Value backing(const SiteDisk& disk, std::size_t depth) {
  const std::string path = diskPath(disk, depth);
  const bool delta = depth > 0;
  return object("VirtualDiskFlatVer2BackingInfo",
                {{"fileName", path},
                 {"datastore", disk.datastore->ref},
                 {"backingObjectId", disk.datastore->spec->type == "vsan" ? Value(uuidFor(path)) : Value()},
                 {"diskMode", word(disk.spec->mode)},
                 {"split", false},
                 {"writeThrough", false},
                 {"thinProvisioned", disk.spec->provisioning == "thin"},
                 {"eagerlyScrub", disk.spec->provisioning == "eager"},
                 {"uuid", diskUuid(disk)},
                 {"contentId", contentId(path)},
                 {"parent", delta ? backing(disk, depth - 1) : Value()},
                 {"deltaDiskFormat", delta ? Value("seSparseFormat") : Value()},
                 {"digestEnabled", false},
                 {"sharing", "sharingNone"}});
}

Value diskDevice(const SiteDisk& disk, std::size_t number, std::size_t depth) {
  const std::int64_t kilobytes = disk.spec->size / 1024;
  const bool independent = disk.spec->mode.starts_with("independent");
  return object(
      "VirtualDisk",
      {{"key", disk.key()},
       {"deviceInfo", shared(object("Description", {{"label", fmt::format("Hard disk {}", number + 1)},
                                                    {"summary", thousands(kilobytes)}}))},
       {"backing", backing(disk, independent ? 0 : depth)},
       {"controllerKey", 1000 + disk.bus},
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
                 {"deviceInfo", description(fmt::format("Network adapter {}", number + 1), summary)},
                 {"backing", shared(networkBacking)},
                 {"connectable", connectable},
                 {"controllerKey", std::int32_t{100}},
                 {"unitNumber", static_cast<std::int32_t>(7 + number)},
                 {"addressType", spec.mac.empty() ? "assigned" : "manual"},
                 {"macAddress", nicMac(vm, number)},
                 {"wakeOnLanEnabled", true}});
}

}  // namespace

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
  const std::uint64_t hash = hashOf(fmt::format("mac/{}/{}/{}", vm.home->spec->name, vm.spec->name, number));
  return fmt::format("00:50:56:{:02x}:{:02x}:{:02x}", 0x80U | (hash & 0x3fU), hash >> 8U & 0xffU,
                     hash >> 16U & 0xffU);
}

Value devicesOf(const SiteVm& vm, std::size_t depth) {
  std::map<std::int32_t, std::vector<Value>> disksOn{{0, {}}};  // by bus
  for (const SiteDisk& disk : vm.disks) disksOn[disk.bus].emplace_back(disk.key());
  std::vector<Value> onPci{std::int32_t{500}, std::int32_t{12000}};
  for (const auto& [bus, disks] : disksOn) onPci.emplace_back(1000 + bus);
  for (std::size_t i = 0; i < vm.nics.size(); ++i) onPci.emplace_back(static_cast<std::int32_t>(4000 + i));
  // Shared by all machines, because they are the same in all.
  static const std::vector<Value> basics = makeBasics();
  static const std::vector<Value> optical = makeOptical();
  std::vector<Value> devices = basics;
  devices.push_back(simpleController("VirtualPCIController", 100, "PCI controller 0", shared(onPci)));
  for (const auto& [bus, disks] : disksOn) devices.push_back(scsiController(vm.spec->scsi, bus, disks));
  devices.insert(devices.end(), optical.begin(), optical.end());
  for (std::size_t i = 0; i < vm.disks.size(); ++i) devices.push_back(diskDevice(vm.disks[i], i, depth));
  for (std::size_t i = 0; i < vm.nics.size(); ++i) devices.push_back(nicDevice(vm, i));
  return devices;
}

}  // namespace failback::mock
