// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/config_option.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mocks/guest_os.h"
#include "mocks/vm_parts.h"
#include "mocks/world_devices.h"

namespace failback::mock {

namespace {

constexpr std::int32_t gibibyte = 1024;  // in MiB

// From the version on; the newest that is not newer counts.
constexpr std::array<HardwareLimits, 9> limitsByVersion{{{4, 4, 1, 65'532},
                                                         {7, 8, 8, 255 * gibibyte},
                                                         {8, 32, 32, 1011 * gibibyte},
                                                         {9, 64, 64, 1011 * gibibyte},
                                                         {11, 128, 64, 4080 * gibibyte},
                                                         {13, 128, 64, 6128 * gibibyte},
                                                         {15, 256, 64, 6128 * gibibyte},
                                                         {18, 768, 64, 24'560 * gibibyte},
                                                         {20, 768, 256, 24'560 * gibibyte}}};

HardwareLimits limitsOf(const std::string& key) {
  const std::int32_t version = std::stoi(key.substr(key.find('-') + 1));
  HardwareLimits found = limitsByVersion.front();
  for (const HardwareLimits& each : limitsByVersion) {
    if (each.version <= version) found = each;
  }
  found.version = version;
  return found;
}

Value sharesOption(std::int32_t usual) {
  return object("SharesOption",
                {{"sharesOption", intOption(0, 1'000'000, usual)}, {"defaultLevel", "normal"}});
}

Value choices(std::initializer_list<std::string_view> keys) {
  std::vector<Value> items;
  items.reserve(keys.size());
  for (const std::string_view each : keys) {
    items.push_back(object("ElementDescription", {{"label", each}, {"summary", each}, {"key", each}}));
  }
  return object("ChoiceOption", {{"choiceInfo", items}, {"defaultIndex", std::int32_t{0}}});
}

// A device option with what all have; "VirtualCdromOption" is that of VirtualCdrom.
Value deviceOption(const std::string& device, std::string_view controller, bool hotPlug,
                   const std::vector<Field>& own = {}) {
  std::vector<Field> fields{{"type", device},
                            {"controllerType", controller.empty() ? Value() : Value(controller)},
                            {"autoAssignController", boolOption(true, true)},
                            {"deprecated", false},
                            {"plugAndPlay", hotPlug},
                            {"hotRemoveSupported", hotPlug}};
  fields.insert(fields.end(), own.begin(), own.end());
  return object(device + "Option", fields);
}

Value scsiOption(const std::string& device, const HardwareLimits& limits) {
  const std::int32_t disks = device == "ParaVirtualSCSIController" && limits.version >= 14 ? 64 : 15;
  return deviceOption(
      device, "VirtualPCIController", true,
      {{"devices", intOption(0, disks, 0)},
       {"supportedDevice", std::vector<Value>{"VirtualDisk", "VirtualCdrom", "VirtualSCSIPassthrough"}},
       {"numSCSIDisks", intOption(0, disks, 0)},
       {"numSCSICdroms", intOption(0, disks, 0)},
       {"numSCSIPassthrough", intOption(0, disks, 0)},
       {"sharing", std::vector<Value>{"noSharing", "virtualSharing", "physicalSharing"}},
       {"defaultSharedIndex", std::int32_t{0}},
       {"hotAddRemove", boolOption(true, true)},
       {"scsiCtlrUnitNumber", std::int32_t{7}}});
}

Value cardOption(const std::string& device) {
  std::vector<Field> own{{"supportedOUI", choices({"00:50:56"})},
                         {"macType", choices({"generated", "assigned", "manual"})},
                         {"wakeOnLanEnabled", boolOption(true, true)},
                         {"vmDirectPathGen2Supported", device == "VirtualVmxnet3"}};
  if (device == "VirtualPCNet32") own.emplace_back("supportsMorphing", false);
  return deviceOption(device, "VirtualPCIController", true, own);
}

Value pciOption(const HardwareLimits& limits) {
  const bool nvme = limits.version >= 13;
  return deviceOption("VirtualPCIController", "", false,
                      {{"devices", intOption(0, 32, 0)},
                       {"numSCSIControllers", intOption(0, 4, 0)},
                       {"numEthernetCards", intOption(0, 10, 0)},
                       {"numVideoCards", intOption(1, 1, 1)},
                       {"numSoundCards", intOption(0, 1, 0)},
                       {"numVmiRoms", intOption(0, 0, 0)},
                       {"numVmciDevices", intOption(1, 1, 1)},
                       {"numPCIPassthroughDevices", intOption(0, limits.version >= 18 ? 16 : 4, 0)},
                       {"numSasSCSIControllers", intOption(0, limits.version >= 7 ? 4 : 0, 0)},
                       {"numVmxnet3EthernetCards", intOption(0, limits.version >= 7 ? 10 : 0, 0)},
                       {"numParaVirtualSCSIControllers", intOption(0, limits.version >= 7 ? 4 : 0, 0)},
                       {"numSATAControllers", intOption(0, limits.version >= 10 ? 4 : 0, 0)},
                       {"numNVMEControllers", intOption(0, nvme ? 4 : 0, 0)}});
}

Value diskOption(const HardwareLimits& limits) {
  const std::int64_t largest = (limits.version >= 10 ? 62LL << 40 : 2040LL << 30) >> 10;
  const Value allocation =
      object("StorageIOAllocationOption",
             {{"limitOption", longOption(-1, 2'147'483'647, -1)}, {"sharesOption", sharesOption(1000)}});
  return deviceOption(
      "VirtualDisk", "VirtualSCSIController", true,
      {{"capacityInKB", longOption(1024, largest, 8LL << 20)}, {"ioAllocationOption", allocation}});
}

Value ideOption() {
  return deviceOption("VirtualIDEController", "", false,
                      {{"devices", intOption(0, 2, 0)},
                       {"supportedDevice", std::vector<Value>{"VirtualDisk", "VirtualCdrom"}},
                       {"numIDEDisks", intOption(0, 2, 0)},
                       {"numIDECdroms", intOption(0, 2, 0)}});
}

std::vector<Value> deviceOptions(const HardwareLimits& limits) {
  std::vector<Value> found{ideOption(),
                           deviceOption("VirtualPS2Controller", "", false,
                                        {{"devices", intOption(0, 2, 2)},
                                         {"numKeyboards", intOption(1, 1, 1)},
                                         {"numPointingDevices", intOption(1, 1, 1)}}),
                           pciOption(limits),
                           deviceOption("VirtualSIOController", "", false,
                                        {{"devices", intOption(0, 37, 0)},
                                         {"numFloppyDrives", intOption(0, 2, 0)},
                                         {"numSerialPorts", intOption(0, limits.version >= 11 ? 32 : 4, 0)},
                                         {"numParallelPorts", intOption(0, 3, 0)}}),
                           deviceOption("VirtualKeyboard", "VirtualPS2Controller", false),
                           deviceOption("VirtualPointingDevice", "VirtualPS2Controller", false),
                           deviceOption("VirtualFloppy", "VirtualSIOController", false),
                           deviceOption("VirtualCdrom", "VirtualIDEController", false),
                           scsiOption("VirtualBusLogicController", limits),
                           scsiOption("VirtualLsiLogicController", limits)};
  if (limits.version >= 7) {
    found.push_back(scsiOption("VirtualLsiLogicSASController", limits));
    found.push_back(scsiOption("ParaVirtualSCSIController", limits));
  }
  if (limits.version >= 10) {
    found.push_back(deviceOption("VirtualAHCIController", "VirtualPCIController", true,
                                 {{"devices", intOption(0, 30, 0)},
                                  {"supportedDevice", std::vector<Value>{"VirtualDisk", "VirtualCdrom"}},
                                  {"numSATADisks", intOption(0, 30, 0)},
                                  {"numSATACdroms", intOption(0, 30, 0)}}));
  }
  if (limits.version >= 13) {
    const Value disks = intOption(0, limits.version >= 21 ? 64 : 15, 0);
    found.push_back(deviceOption("VirtualNVMEController", "VirtualPCIController", true,
                                 {{"devices", disks},
                                  {"supportedDevice", std::vector<Value>{"VirtualDisk"}},
                                  {"numNVMEDisks", disks}}));
  }
  found.push_back(diskOption(limits));
  found.push_back(cardOption("VirtualE1000"));
  if (limits.version >= 8) found.push_back(cardOption("VirtualE1000e"));
  if (limits.version >= 7) found.push_back(cardOption("VirtualVmxnet3"));
  found.push_back(cardOption("VirtualPCNet32"));
  return found;
}

Value hardwareOption(const HardwareLimits& limits) {
  std::vector<Value> cpus;
  cpus.reserve(static_cast<std::size_t>(limits.cpus));
  for (std::int32_t number = 1; number <= limits.cpus; ++number) cpus.emplace_back(number);
  const auto allocation = [](std::int32_t shares) {
    return object("ResourceAllocationOption", {{"sharesOption", sharesOption(shares)}});
  };
  return object(
      "VirtualHardwareOption",
      {{"hwVersion", limits.version},
       {"virtualDeviceOption", deviceOptions(limits)},
       {"deviceListReadonly", false},
       {"numCPU", cpus},
       {"numCoresPerSocket", intOption(1, limits.coresPerSocket, 1)},
       {"numCpuReadonly", false},
       {"memoryMB", longOption(4, limits.memoryMebibytes, 1024)},
       {"numPCIControllers", intOption(1, 1, 1)},
       {"numIDEControllers", intOption(2, 2, 2)},
       {"numUSBControllers", intOption(0, 1, 0)},
       {"numUSBXHCIControllers", intOption(0, limits.version >= 8 ? 1 : 0, 0)},
       {"numSIOControllers", intOption(1, 1, 1)},
       {"numPS2Controllers", intOption(1, 1, 1)},
       {"resourceConfigOption", object("ResourceConfigOption", {{"cpuAllocationOption", allocation(1000)},
                                                                {"memoryAllocationOption", allocation(10)}})},
       {"numNVDIMMControllers", intOption(0, limits.version >= 14 ? 1 : 0, 0)},
       {"numTPMDevices", intOption(0, limits.version >= 14 ? 1 : 0, 0)},
       {"numWDTDevices", intOption(0, limits.version >= 17 ? 1 : 0, 0)},
       {"numPrecisionClockDevices", intOption(0, limits.version >= 18 ? 1 : 0, 0)}});
}

// What every new machine has without being asked for.
Value defaultDevices() {
  VmSpec spec;
  DatastoreSpec datastore;
  SiteDatastore home;
  home.spec = &datastore;
  SiteVm vm;
  vm.spec = &spec;
  vm.home = &home;
  return devicesOf(vm, 0);
}

}  // namespace

Value hardwareVersions(Release release, const Value& hosts) {
  const std::int32_t newest = release == Release::v80   ? 21
                              : release == Release::v70 ? 19
                              : release == Release::v67 ? 14
                                                        : 13;
  std::vector<Value> found;
  for (std::int32_t version = 4; version <= newest; ++version) {
    // Never were hardware versions of ESXi.
    if (version == 5 || version == 6 || version == 12 || version == 16) continue;
    found.push_back(object("VirtualMachineConfigOptionDescriptor",
                           {{"key", fmt::format("vmx-{:02}", version)},
                            {"description", fmt::format("ESXi, version {}", version)},
                            {"host", hosts},
                            {"createSupported", true},
                            {"defaultConfigOption", version == newest},
                            {"runSupported", true},
                            {"upgradeSupported", true}}));
  }
  return found;
}

Value configOption(const std::string& key, const std::string& description,
                   const std::vector<std::string_view>& guests) {
  const HardwareLimits limits = limitsOf(key);
  const std::vector<Value> offered = guestDescriptors(limits, guests);
  return object("VirtualMachineConfigOption",
                {{"version", key},
                 {"description", description},
                 {"guestOSDescriptor", offered},
                 {"guestOSDefaultIndex", std::int32_t{0}},
                 {"hardwareOptions", hardwareOption(limits)},
                 {"capabilities", vmCapability()},
                 {"datastore", object("DatastoreOption")},
                 {"defaultDevice", defaultDevices()},
                 {"supportedMonitorType", std::vector<Value>{"release", "debug", "stats"}},
                 {"supportedOvfEnvironmentTransport", std::vector<Value>{"iso", "com.vmware.guestInfo"}},
                 {"supportedOvfInstallTransport", std::vector<Value>{"iso"}}});
}

}  // namespace failback::mock
