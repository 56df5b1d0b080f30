// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/device_slots.h"

#include <array>

namespace failback::mock {

namespace {

constexpr std::array<ControllerFamily, 4> families{
    {{"VirtualSCSIController", 1000, 4, 16, 7, 2000, 16, "SCSI controller {}"},
     {"VirtualIDEController", 200, 2, 2, -1, 3000, 2, "IDE {}"},
     {"VirtualSATAController", 15000, 4, 30, -1, 16000, 30, "SATA controller {}"},
     {"VirtualNVMEController", 31000, 4, 15, -1, 32000, 15, "NVME controller {}"}}};

constexpr std::int32_t paravirtualUnits = 64;
constexpr std::int32_t paravirtualBase = 131'072;  // keys of the units that do not fit among the old ones

constexpr std::array<std::string_view, 4> kinds{"scsi", "ide", "sata", "nvme"};  // of the families

std::int32_t keyAt(const ControllerFamily& family, std::int32_t bus, std::int32_t unit) {
  if (unit >= family.perBus) return paravirtualBase + paravirtualUnits * bus + unit;
  return family.deviceBase + family.perBus * bus + unit;
}

struct KeyBase {
  std::string_view type;
  std::int32_t base;
};
constexpr std::array<KeyBase, 9> keyBases{{{"VirtualEthernetCard", 4000},
                                           {"VirtualCdrom", 3000},
                                           {"VirtualFloppy", 8000},
                                           {"VirtualSerialPort", 9000},
                                           {"VirtualParallelPort", 10000},
                                           {"VirtualTPM", 11000},
                                           {"VirtualUSBController", 7000},
                                           {"VirtualUSBXHCIController", 14000},
                                           {"VirtualSoundCard", 5000}}};

bool isA(const Value& device, std::string_view type) {
  return device.asObject()->type().isA(type);
}

std::int32_t busOf(const Value& controller) {
  return static_cast<std::int32_t>(controller.at("busNumber").asInteger().value_or(0));
}

}  // namespace

std::int32_t ControllerPlace::deviceKey(std::int32_t unit) const {
  return keyAt(*family, bus, unit);
}

std::optional<ControllerPlace> controllerPlace(std::string_view name) {
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (!name.starts_with(kinds[i]) || name.size() != kinds[i].size() + 1) continue;
    const std::int32_t bus = name.back() - '0';
    if (bus >= 0 && bus < families[i].buses) return ControllerPlace{kinds[i], bus, &families[i]};
  }
  return std::nullopt;
}

const ControllerFamily* familyOf(const Value& controller) {
  for (const ControllerFamily& each : families) {
    if (isA(controller, each.type)) return &each;
  }
  return nullptr;
}

std::int32_t unitsOf(const Value& controller) {
  if (isA(controller, "ParaVirtualSCSIController")) return paravirtualUnits;
  const ControllerFamily* family = familyOf(controller);
  return family ? family->units : 1;
}

std::int32_t diskKey(const Value& controller, std::int32_t unit) {
  return keyAt(*familyOf(controller), busOf(controller), unit);
}

const Value* findDevice(const std::vector<Value>& devices, std::int64_t key) {
  for (const Value& device : devices) {
    if (device.at("key").asInteger() == key) return &device;
  }
  return nullptr;
}

std::int32_t freeKey(const std::vector<Value>& devices, const Value& device) {
  std::int32_t key = 13'000;  // anything else
  for (const KeyBase& each : keyBases) {
    if (isA(device, each.type)) key = each.base;
  }
  while (findDevice(devices, key)) ++key;
  return key;
}

bool unitTaken(const std::vector<Value>& devices, const Value& controller, std::int64_t unit,
               std::int64_t exceptKey) {
  const auto controllerKey = controller.at("key").asInteger();
  for (const Value& device : devices) {
    if (device.at("controllerKey").asInteger() == controllerKey &&
        device.at("unitNumber").asInteger() == unit && device.at("key").asInteger() != exceptKey) {
      return true;
    }
  }
  return false;
}

std::optional<std::int32_t> freeUnit(const std::vector<Value>& devices, const Value& controller) {
  const ControllerFamily* family = familyOf(controller);
  for (std::int32_t unit = 0; unit < unitsOf(controller); ++unit) {
    if (family && unit == family->reserved) continue;
    if (!unitTaken(devices, controller, unit, -1)) return unit;
  }
  return std::nullopt;
}

}  // namespace failback::mock
