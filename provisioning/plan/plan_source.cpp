// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/plan/plan_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

#include "discovery/master_target.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {

namespace {

constexpr std::int64_t mebibyte = 1024 * 1024;

std::optional<ControllerType> controllerType(const std::string& type) {
  constexpr std::array<std::pair<std::string_view, ControllerType>, 8> known{{
      {"VirtualLsiLogicController", ControllerType::lsiLogic},
      {"VirtualLsiLogicSASController", ControllerType::lsiLogicSas},
      {"VirtualBusLogicController", ControllerType::busLogic},
      {"ParaVirtualSCSIController", ControllerType::pvscsi},
      {"VirtualIDEController", ControllerType::ide},
      {"VirtualAHCIController", ControllerType::sata},
      {"VirtualSATAController", ControllerType::sata},
      {"VirtualNVMEController", ControllerType::nvme},
  }};
  for (const auto& [name, value] : known) {
    if (name == type) return value;
  }
  return std::nullopt;
}

NicType nicType(const std::string& type) {
  if (type == "VirtualVmxnet3") return NicType::vmxnet3;
  if (type == "VirtualE1000") return NicType::e1000;
  return type == "VirtualE1000e" ? NicType::e1000e : NicType::other;
}

Provisioning provisioningOf(const vsphere::Disk& disk) {
  if (disk.thin.value_or(false)) return Provisioning::thin;
  return disk.eagerlyScrub.value_or(false) ? Provisioning::eagerZeroedThick : Provisioning::thick;
}

class Reading {
 public:
  Reading(const vsphere::VirtualMachine& vm, const discovery::Inventory& inventory)
      : vm_(vm), inventory_(inventory), source_(result_.source) {}

  SourceReading read() && {
    identity();
    system();
    hardware();
    for (const vsphere::Disk& each : vm_.disks) disk(each);
    if (vm_.disks.empty()) missing("config.hardware.device (no disk was read)");
    for (const vsphere::Nic& each : vm_.nics) nic(each);
    bootOrder();
    return std::move(result_);
  }

 private:
  void missing(std::string path) { result_.missing.push_back(std::move(path)); }
  void remark(std::string text) { result_.remarks.push_back(std::move(text)); }

  void identity() {
    source_.name = vm_.name;
    const auto uuid = [](const std::optional<std::string>& value) {
      const std::string text = lower(value.value_or(""));
      return hasForm(text, Form::uuid) ? text : std::string();
    };
    source_.instanceUuid = uuid(vm_.instanceUuid);
    source_.biosUuid = uuid(vm_.biosUuid);
    if (source_.instanceUuid.empty() && source_.biosUuid.empty()) missing("config.instanceUuid");
  }

  void system() {
    source_.guestId = vm_.guestId.value_or("");
    if (source_.guestId.empty()) missing("config.guestId");
    switch (discovery::osFamilyOf(vm_)) {
      case discovery::OsFamily::linux:
        source_.osFamily = OsFamily::linux;
        break;
      case discovery::OsFamily::windows:
        source_.osFamily = OsFamily::windows;
        break;
      case discovery::OsFamily::unknown:
        break;  // config.guestId is missing
      case discovery::OsFamily::other:
        missing(fmt::format("a system that can come home ({} is neither Linux nor Windows)",
                            vm_.guestFullName.value_or(source_.guestId)));
        break;
    }
  }

  void hardware() {
    source_.cpus = vm_.cpus.value_or(0);
    if (source_.cpus == 0) missing("config.hardware.numCPU");
    source_.coresPerSocket = std::max(1, vm_.coresPerSocket.value_or(1));
    source_.memoryMB = vm_.memoryBytes.value_or(0) / mebibyte;
    if (source_.memoryMB == 0) missing("config.hardware.memoryMB");
    if (!vm_.firmware) missing("config.firmware");
    source_.firmware = vm_.firmware.value_or("bios") == "efi" ? Firmware::efi : Firmware::bios;
    source_.secureBoot = vm_.secureBoot.value_or(false);
    source_.diskUuidEnabled = discovery::diskUuidEnabled(vm_).value_or(false);
    const std::string version = vm_.hardwareVersion.value_or("");
    const std::string_view digits =
        std::string_view(version).substr(std::min<std::size_t>(4, version.size()));
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number);
    if (version.rfind("vmx-", 0) == 0 && error == std::errc() && end == digits.end()) {
      source_.hardwareVersion = number;
    } else {
      remark(fmt::format("its hardware version could not be read; the plan says vmx-{}",
                         source_.hardwareVersion));
    }
  }

  // What the plan does not have is left out.
  void bootOrder() {
    for (const std::string& each : vm_.bootOrder) {
      std::string entry = each;
      if (const std::size_t colon = each.find(':'); colon != std::string::npos) {
        const auto id = idsByKey_.find(each.substr(colon + 1));
        if (id == idsByKey_.end()) continue;
        entry = each.substr(0, colon + 1) + id->second;
      }
      source_.bootOrder += (source_.bootOrder.empty() ? "" : ",") + entry;
    }
  }

  void disk(const vsphere::Disk& from) {
    const auto controller = std::find_if(vm_.controllers.begin(), vm_.controllers.end(),
                                         [&](const auto& each) { return each.key == from.controllerKey; });
    const auto type = controller == vm_.controllers.end() ? std::nullopt : controllerType(controller->type);
    if (!type) {
      missing(fmt::format("the controller of {}", from.label));
      return;
    }
    SourceDisk& disk = source_.disks.emplace_back();
    disk.controller = {*type, controller->busNumber};
    disk.unit = from.unitNumber.value_or(0);
    const bool scsi = controller->isScsi();
    disk.id = fmt::format("{}{}-{}", scsi ? "scsi" : word(*type), disk.controller.bus, disk.unit);
    idsByKey_[std::to_string(from.key)] = disk.id;
    disk.capacityBytes = from.capacityBytes;
    disk.kind = from.kind.rfind("rdm", 0) == 0 ? DiskKind::rdm : DiskKind::vmdk;
    disk.provisioning = provisioningOf(from);
    if (!from.chain.empty()) disk.file = from.chain.back().path;
    diskUuid(from, disk);
  }

  void diskUuid(const vsphere::Disk& from, SourceDisk& disk) {
    std::string uuid = from.uuid.value_or("");
    if (!from.chain.empty() && from.chain.back().uuid) uuid = *from.chain.back().uuid;
    if (hasForm(uuid, Form::diskUuid)) {
      disk.uuid = uuid;
    } else {
      remark(fmt::format("{} has no UUID that can be read: it can be told by its file only", from.label));
    }
  }

  void nic(const vsphere::Nic& from) {
    SourceNic& nic = source_.nics.emplace_back();
    nic.id = fmt::format("nic-{}", source_.nics.size());
    idsByKey_[std::to_string(from.key)] = nic.id;
    nic.type = nicType(from.type);
    nic.mac = lower(from.macAddress.value_or(""));
    if (!hasForm(nic.mac, Form::mac)) nic.mac.clear();
    if (const auto* network = inventory_.find<vsphere::Network>(from.network)) nic.network = network->name;
    if (nic.network.empty()) nic.network = from.networkName.value_or("");
    if (nic.network.empty()) remark(fmt::format("the network of {} could not be read", from.label));
    nic.startConnected = from.startConnected.value_or(true);
    for (const vsphere::GuestNic& guest : vm_.guestNics) {
      if (!nic.mac.empty() && lower(guest.macAddress.value_or("")) == nic.mac)
        nic.staticAddress = guest.dhcp && !*guest.dhcp;
    }
  }

  const vsphere::VirtualMachine& vm_;
  const discovery::Inventory& inventory_;
  std::map<std::string, std::string> idsByKey_;  // of disks and NICs
  SourceReading result_;
  Source& source_;
};

}  // namespace

SourceReading sourceOf(const vsphere::VirtualMachine& vm, const discovery::Inventory& inventory) {
  return Reading(vm, inventory).read();
}

}  // namespace failback::provisioning
