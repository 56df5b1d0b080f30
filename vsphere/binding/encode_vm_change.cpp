// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/encode_vm_change.h"

#include <array>
#include <charconv>
#include <string_view>

#include "vsphere/binding/values.h"
#include "vsphere/error.h"

namespace failback::vsphere {
namespace {

// A class of device by its name on the wire.
template <class Base>
struct Maker {
  std::string_view type;
  Base* (*make)(RequestArena& arena);
};
template <class Device, class Base>
Base* made(RequestArena& arena) {
  return arena.make<Device>();
}

template <class Base, std::size_t N>
Base* deviceOf(RequestArena& arena, const std::array<Maker<Base>, N>& makers, const std::string& type) {
  for (const Maker<Base>& each : makers)
    if (each.type == type) return each.make(arena);
  fail(Category::internal, type + " is no device that can be added or changed here");
}

using ControllerMaker = Maker<vim25__VirtualController>;
#define FAILBACK_CONTROLLER(name)                          \
  ControllerMaker {                                        \
#name, made < vim25__##name, vim25__VirtualController> \
  }
const std::array controllerMakers = {
    FAILBACK_CONTROLLER(VirtualLsiLogicController), FAILBACK_CONTROLLER(VirtualLsiLogicSASController),
    FAILBACK_CONTROLLER(VirtualBusLogicController), FAILBACK_CONTROLLER(ParaVirtualSCSIController),
    FAILBACK_CONTROLLER(VirtualAHCIController),     FAILBACK_CONTROLLER(VirtualNVMEController),
};
#undef FAILBACK_CONTROLLER

using NicMaker = Maker<vim25__VirtualEthernetCard>;
#define FAILBACK_NIC(name)                                   \
  NicMaker {                                                 \
#name, made < vim25__##name, vim25__VirtualEthernetCard> \
  }
const std::array nicMakers = {
    FAILBACK_NIC(VirtualVmxnet3), FAILBACK_NIC(VirtualVmxnet2), FAILBACK_NIC(VirtualVmxnet),
    FAILBACK_NIC(VirtualE1000),   FAILBACK_NIC(VirtualE1000e),  FAILBACK_NIC(VirtualPCNet32),
};
#undef FAILBACK_NIC

constexpr std::int64_t kibibyte = 1024;

vim25__VirtualController* encode(RequestArena& arena, const AddedController& controller) {
  vim25__VirtualController* device = deviceOf(arena, controllerMakers, controller.type);
  device->key = controller.key;
  device->busNumber = controller.busNumber;
  if (auto* scsi = dynamic_cast<vim25__VirtualSCSIController*>(device)) scsi->sharedBus = "noSharing";
  return device;
}

vim25__VirtualController* encode(RequestArena& arena, const Controller& controller) {
  vim25__VirtualController* device = deviceOf(arena, controllerMakers, controller.type);
  device->key = controller.key;
  device->busNumber = controller.busNumber;
  if (auto* scsi = dynamic_cast<vim25__VirtualSCSIController*>(device))
    scsi->sharedBus = controller.sharedBus.value_or("noSharing");
  return device;
}

// What added and present disks have in common.
vim25__VirtualDisk* diskAt(RequestArena& arena, vim25__VirtualDiskFlatVer2BackingInfo* backing,
                           std::int32_t controllerKey, std::optional<std::int32_t> unit,
                           std::int64_t capacityBytes) {
  auto* device = arena.make<vim25__VirtualDisk>();
  device->backing = backing;
  device->controllerKey = controllerKey;
  device->unitNumber = unit;
  // Both are asked for; of a file that is there the server takes its own size.
  device->capacityInBytes = capacityBytes;
  device->capacityInKB = capacityBytes / kibibyte;
  return device;
}

vim25__VirtualDiskFlatVer2BackingInfo* flatBacking(RequestArena& arena, const std::string& file,
                                                   const Moref& datastore, const std::string& mode) {
  auto* backing = arena.make<vim25__VirtualDiskFlatVer2BackingInfo>();
  backing->fileName = file;
  if (!datastore.empty()) backing->datastore = arena.reference(datastore);
  backing->diskMode = mode;
  return backing;
}

vim25__VirtualDisk* encode(RequestArena& arena, const AttachedDisk& disk) {
  return diskAt(arena, flatBacking(arena, disk.file, disk.datastore, disk.mode), disk.controllerKey,
                disk.unitNumber, disk.capacityBytes);
}

vim25__VirtualDisk* encode(RequestArena& arena, const CreatedDisk& disk) {
  auto* backing = flatBacking(arena, disk.file, disk.datastore, disk.mode);
  backing->thinProvisioned = disk.thin;
  if (!disk.thin) backing->eagerlyScrub = disk.eagerlyScrub;
  if (!disk.uuid.empty()) backing->uuid = disk.uuid;
  return diskAt(arena, backing, disk.controllerKey, disk.unitNumber, disk.capacityBytes);
}

vim25__VirtualDisk* encode(RequestArena& arena, const Disk& disk, std::int64_t capacityBytes) {
  const DiskFile file = disk.chain.empty() ? DiskFile{} : disk.chain.front();
  auto* backing =
      flatBacking(arena, file.path, file.datastore.value_or(Moref{}), disk.mode.value_or("persistent"));
  // Without them a server would take the disk for another one.
  if (disk.uuid) backing->uuid = *disk.uuid;
  backing->thinProvisioned = disk.thin;
  auto* device = diskAt(arena, backing, disk.controllerKey, disk.unitNumber, capacityBytes);
  device->key = disk.key;
  return device;
}

vim25__VirtualDeviceBackingInfo* encode(RequestArena& arena, const NicBacking& backing) {
  if (!backing.portgroupKey.empty()) {
    auto* made = arena.make<vim25__VirtualEthernetCardDistributedVirtualPortBackingInfo>();
    made->port = arena.make<vim25__DistributedVirtualSwitchPortConnection>();
    made->port->switchUuid = backing.dvsUuid;
    made->port->portgroupKey = backing.portgroupKey;
    return made;
  }
  if (!backing.opaqueNetworkId.empty()) {
    auto* made = arena.make<vim25__VirtualEthernetCardOpaqueNetworkBackingInfo>();
    made->opaqueNetworkId = backing.opaqueNetworkId;
    made->opaqueNetworkType = backing.opaqueNetworkType;
    return made;
  }
  auto* made = arena.make<vim25__VirtualEthernetCardNetworkBackingInfo>();
  made->deviceName = backing.networkName;
  if (backing.network) made->network = arena.reference(*backing.network);
  return made;
}

vim25__VirtualDeviceConnectInfo* connectable(RequestArena& arena, bool startConnected, bool connected,
                                             bool guestControl) {
  auto* made = arena.make<vim25__VirtualDeviceConnectInfo>();
  made->startConnected = startConnected;
  made->connected = connected;
  made->allowGuestControl = guestControl;
  return made;
}

vim25__VirtualEthernetCard* encode(RequestArena& arena, const AddedNic& nic) {
  vim25__VirtualEthernetCard* device = deviceOf(arena, nicMakers, nic.type);
  device->key = nic.key;
  device->backing = encode(arena, nic.backing);
  device->connectable = connectable(arena, nic.startConnected, false, true);
  device->addressType = nic.macAddress.empty() ? "generated" : "manual";
  if (!nic.macAddress.empty()) device->macAddress = nic.macAddress;
  return device;
}

// Everything that is known of it goes along: what is left out of an edit may be taken for changed.
vim25__VirtualEthernetCard* encode(RequestArena& arena, const NicStart& start) {
  const Nic& nic = start.nic;
  vim25__VirtualEthernetCard* device = deviceOf(arena, nicMakers, nic.type);
  device->key = nic.key;
  NicBacking backing{nic.networkName.value_or(""), nic.network, nic.portgroupKey.value_or(""),
                     nic.dvsUuid.value_or(""),     "",          ""};
  // The type of an opaque network is not read: its backing stays as it is.
  if (!nic.opaqueNetworkId) device->backing = encode(arena, backing);
  auto* port = dynamic_cast<vim25__VirtualEthernetCardDistributedVirtualPortBackingInfo*>(device->backing);
  // Without its own port it would be given another one.
  if (port != nullptr && nic.portKey) port->port->portKey = *nic.portKey;
  device->connectable = connectable(arena, start.startConnected, nic.connected.value_or(false),
                                    nic.allowGuestControl.value_or(true));
  device->addressType = nic.addressType;
  device->macAddress = nic.macAddress;
  device->wakeOnLanEnabled = nic.wakeOnLan;
  return device;
}

vim25__VirtualMachineBootOptionsBootableDevice* bootDevice(RequestArena& arena, std::string_view entry) {
  const auto key = [&](std::string_view prefix) {
    std::int32_t number = 0;
    std::from_chars(entry.data() + prefix.size(), entry.data() + entry.size(), number);
    return number;
  };
  constexpr std::string_view disk = "disk:", ethernet = "ethernet:";
  if (entry.starts_with(disk)) {
    auto* made = arena.make<vim25__VirtualMachineBootOptionsBootableDiskDevice>();
    made->deviceKey = key(disk);
    return made;
  }
  if (entry.starts_with(ethernet)) {
    auto* made = arena.make<vim25__VirtualMachineBootOptionsBootableEthernetDevice>();
    made->deviceKey = key(ethernet);
    return made;
  }
  if (entry == "floppy") return arena.make<vim25__VirtualMachineBootOptionsBootableFloppyDevice>();
  return arena.make<vim25__VirtualMachineBootOptionsBootableCdromDevice>();
}

class SpecMaker {
 public:
  explicit SpecMaker(RequestArena& arena)
      : arena_(arena), spec_(arena.make<vim25__VirtualMachineConfigSpec>()) {}

  vim25__VirtualMachineConfigSpec* spec() const { return spec_; }

  void take(const VmChange& change) {
    if (!change.changeVersion.empty()) spec_->changeVersion = change.changeVersion;
    devices(change);
    for (const auto& [key, value] : change.options) option(key, value);
    if (change.diskUuidEnabled) {
      spec_->flags = arena_.make<vim25__VirtualMachineFlagInfo>();
      spec_->flags->diskUuidEnabled = *change.diskUuidEnabled;
    }
    if (change.changeTrackingEnabled) spec_->changeTrackingEnabled = *change.changeTrackingEnabled;
    for (const std::string& each : change.bootOrder)
      bootOptions()->bootOrder.push_back(bootDevice(arena_, each));
  }

  void take(const NewVm& vm) {
    spec_->name = escapeName(vm.name);
    spec_->files = arena_.make<vim25__VirtualMachineFileInfo>();
    spec_->files->vmPathName = vm.files;
    spec_->guestId = vm.guestId;
    spec_->numCPUs = vm.cpus;
    spec_->numCoresPerSocket = vm.coresPerSocket;
    spec_->memoryMB = vm.memoryMB;
    const auto text = [](auto& member, const std::string& value) {
      if (!value.empty()) member = value;
    };
    text(spec_->version, vm.hardwareVersion);
    text(spec_->firmware, vm.firmware);
    text(spec_->instanceUuid, vm.instanceUuid);
    text(spec_->uuid, vm.biosUuid);
    if (vm.firmware == "efi") bootOptions()->efiSecureBootEnabled = vm.secureBoot;
    if (!vm.managedByExtension.empty()) {
      spec_->managedBy = arena_.make<vim25__ManagedByInfo>();
      spec_->managedBy->extensionKey = vm.managedByExtension;
      spec_->managedBy->type = vm.managedByType;
    }
    take(vm.change);
  }

 private:
  vim25__VirtualMachineBootOptions* bootOptions() {
    if (spec_->bootOptions == nullptr) spec_->bootOptions = arena_.make<vim25__VirtualMachineBootOptions>();
    return spec_->bootOptions;
  }

  void device(const char* operation, vim25__VirtualDevice* device, const char* fileOperation = nullptr) {
    auto* change = arena_.make<vim25__VirtualDeviceConfigSpec>();
    change->operation = operation;
    if (fileOperation != nullptr) change->fileOperation = fileOperation;
    change->device = device;
    spec_->deviceChange.push_back(change);
  }

  void devices(const VmChange& change) {
    // Keys of disks, below those of controllers and NICs, which number from -1 on.
    std::int32_t key = -1000;
    const auto disk = [&](vim25__VirtualDisk* made, const char* fileOperation) {
      made->key = key--;
      device("add", made, fileOperation);
    };
    for (const Disk& each : change.detachedDisks) device("remove", encode(arena_, each, each.capacityBytes));
    for (const Controller& each : change.removedControllers) device("remove", encode(arena_, each));
    for (const AddedController& each : change.controllers) device("add", encode(arena_, each));
    for (const AttachedDisk& each : change.disks) disk(encode(arena_, each), nullptr);
    for (const CreatedDisk& each : change.createdDisks) disk(encode(arena_, each), "create");
    for (const AddedNic& each : change.nics) device("add", encode(arena_, each));
    for (const ExtendedDisk& each : change.extendedDisks)
      device("edit", encode(arena_, each.disk, each.capacityBytes));
    for (const NicStart& each : change.nicStarts) device("edit", encode(arena_, each));
  }

  void option(const std::string& key, const std::string& value) {
    auto* made = arena_.make<vim25__OptionValue>();
    auto* text = arena_.make<xsd__string_>();
    text->__item = value;
    made->key = key;
    made->value = text;
    spec_->extraConfig.push_back(made);
  }

  RequestArena& arena_;
  vim25__VirtualMachineConfigSpec* spec_;
};

}  // namespace

vim25__VirtualMachineConfigSpec* encodeVmChange(RequestArena& arena, const VmChange& change) {
  SpecMaker maker(arena);
  maker.take(change);
  return maker.spec();
}

vim25__VirtualMachineConfigSpec* encodeNewVm(RequestArena& arena, const NewVm& vm) {
  SpecMaker maker(arena);
  maker.take(vm);
  return maker.spec();
}

}  // namespace failback::vsphere
