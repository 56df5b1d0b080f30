// SPDX-License-Identifier: GPL-2.0-or-later
// A change of a VM's configuration, as values, and what vCenter says of one before it is made.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vsphere/error.h"
#include "vsphere/model/moref.h"

namespace failback::vsphere {

// A SCSI controller that is added.
struct AddedController {
  std::string type = "VirtualLsiLogicController";  // vSphere's class: that, or VirtualLsiLogicSASController
  std::int32_t busNumber = 0;
  std::int32_t key = 0;  // negative, and different in one change; disks refer to it
};

// A disk that is there and gets attached: no file is made or changed.
struct AttachedDisk {
  std::string file;  // "[datastore1] web-01/web-01.vmdk"
  Moref datastore;   // may be empty
  std::string mode;  // "independent_persistent", "persistent"
  std::int32_t controllerKey = 0;
  std::int32_t unitNumber = 0;
  std::int64_t capacityBytes = 0;
};

struct VmChange {
  std::vector<AddedController> controllers;
  std::vector<AttachedDisk> disks;
};

// CheckResult: what would be refused, and what would be done with a warning.
struct ConfigVerdict {
  std::vector<Error> errors, warnings;
};

}  // namespace failback::vsphere
