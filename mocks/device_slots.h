// SPDX-License-Identifier: GPL-2.0-or-later
// Where devices sit: families of controllers with their buses and units, and the keys that a server gives.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/value.h"

namespace failback::mock {

struct ControllerFamily {
  std::string_view type;    // a controller of it is a ...: "VirtualSCSIController"
  std::int32_t firstKey;    // of bus 0
  std::int32_t buses;       // how many controllers a machine can have
  std::int32_t units;       // 0 .. units - 1
  std::int32_t reserved;    // a unit that is the controller's own, -1: none
  std::int32_t deviceBase;  // key of the disk at bus 0, unit 0
  std::int32_t perBus;      // distance of the keys from one bus to the next
  std::string_view label;   // "SCSI controller {}"
};

// What scenarios call a controller: "scsi0", "ide1", "sata0", "nvme3".
struct ControllerPlace {
  std::string_view kind;  // "scsi"
  std::int32_t bus = 0;
  const ControllerFamily* family = nullptr;
  std::int32_t key() const { return family->firstKey + bus; }
  // Of what sits on a unit of it.
  std::int32_t deviceKey(std::int32_t unit) const;
};
// Nothing for a name that is none, or a bus that there can't be.
std::optional<ControllerPlace> controllerPlace(std::string_view name);
// Null for a device that is no controller of disks.
const ControllerFamily* familyOf(const Value& controller);
// Units of a controller: paravirtual ones have more.
std::int32_t unitsOf(const Value& controller);
// The key of a disk at a place.
std::int32_t diskKey(const Value& controller, std::int32_t unit);
// First free number at or above the base that the type's devices begin at ("VirtualEthernetCard": 4000).
std::int32_t freeKey(const std::vector<Value>& devices, const Value& device);
const Value* findDevice(const std::vector<Value>& devices, std::int64_t key);
// A unit of the controller that nothing sits on; nothing when all are taken.
std::optional<std::int32_t> freeUnit(const std::vector<Value>& devices, const Value& controller);
bool unitTaken(const std::vector<Value>& devices, const Value& controller, std::int64_t unit,
               std::int64_t exceptKey);

}  // namespace failback::mock
