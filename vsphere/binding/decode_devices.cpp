// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/decode_devices.h"

#include "vsphere/binding/decode_disk.h"
#include "vsphere/text_case.h"
#include "wsdl/vim_hooks.h"

namespace failback::vsphere::binding {
namespace {

std::string labelOf(const vim25__VirtualDevice& device) {
  return device.deviceInfo == nullptr ? std::string() : device.deviceInfo->label.value_or("");
}

Controller controllerOf(const vim25__VirtualController& device) {
  Controller controller;
  controller.key = device.key.value_or(0);
  controller.type = vim25::wireTypeName(device);
  controller.label = labelOf(device);
  controller.busNumber = device.busNumber.value_or(0);
  controller.deviceKeys.assign(device.device.begin(), device.device.end());
  if (const auto* scsi = dynamic_cast<const vim25__VirtualSCSIController*>(&device)) {
    controller.sharedBus = scsi->sharedBus;
    controller.scsiCtlrUnitNumber = scsi->scsiCtlrUnitNumber;
  }
  return controller;
}

void readNicBacking(Nic& nic, const vim25__VirtualDeviceBackingInfo& backing) {
  nic.backingType = vim25::wireTypeName(backing);
  if (const auto* device = dynamic_cast<const vim25__VirtualDeviceDeviceBackingInfo*>(&backing))
    nic.networkName = device->deviceName;
  if (const auto* standard = dynamic_cast<const vim25__VirtualEthernetCardNetworkBackingInfo*>(&backing)) {
    nic.network = optionalMoref(standard->network);
  } else if (const auto* distributed =
                 dynamic_cast<const vim25__VirtualEthernetCardDistributedVirtualPortBackingInfo*>(&backing)) {
    if (distributed->port == nullptr) return;
    nic.portgroupKey = distributed->port->portgroupKey;
    nic.dvsUuid = distributed->port->switchUuid;
    nic.portKey = distributed->port->portKey;
  } else if (const auto* opaque =
                 dynamic_cast<const vim25__VirtualEthernetCardOpaqueNetworkBackingInfo*>(&backing)) {
    nic.opaqueNetworkId = opaque->opaqueNetworkId;
  }
}

Nic nicOf(const vim25__VirtualEthernetCard& device) {
  Nic nic;
  nic.key = device.key.value_or(0);
  nic.label = labelOf(device);
  nic.type = vim25::wireTypeName(device);
  if (device.macAddress) nic.macAddress = lowerCase(*device.macAddress);
  nic.addressType = device.addressType;
  nic.wakeOnLan = device.wakeOnLanEnabled;
  if (const auto* connectable = device.connectable) {
    nic.connected = connectable->connected;
    nic.startConnected = connectable->startConnected;
    nic.allowGuestControl = connectable->allowGuestControl;
  }
  if (device.backing != nullptr) readNicBacking(nic, *device.backing);
  return nic;
}

OtherDevice otherOf(const vim25__VirtualDevice& device) {
  OtherDevice other;
  other.key = device.key.value_or(0);
  other.type = vim25::wireTypeName(device);
  other.label = labelOf(device);
  other.controllerKey = device.controllerKey;
  other.unitNumber = device.unitNumber;
  return other;
}

}  // namespace

void decodeDevices(VirtualMachine& vm, const std::vector<vim25__VirtualDevice*>& devices) {
  vm.controllers.clear();
  vm.disks.clear();
  vm.nics.clear();
  vm.otherDevices.clear();
  vm.vtpmPresent = false;
  for (const vim25__VirtualDevice* device : devices) {
    if (device == nullptr) continue;
    if (const auto* disk = dynamic_cast<const vim25__VirtualDisk*>(device)) {
      vm.disks.push_back(decodeDisk(*disk));
    } else if (const auto* controller = dynamic_cast<const vim25__VirtualController*>(device)) {
      vm.controllers.push_back(controllerOf(*controller));
    } else if (const auto* nic = dynamic_cast<const vim25__VirtualEthernetCard*>(device)) {
      vm.nics.push_back(nicOf(*nic));
    } else {
      vm.otherDevices.push_back(otherOf(*device));
      if (vm.otherDevices.back().type == "VirtualTPM") vm.vtpmPresent = true;
    }
  }
}

}  // namespace failback::vsphere::binding
