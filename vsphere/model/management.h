// SPDX-License-Identifier: GPL-2.0-or-later
// What the server's managers know beside the inventory: tasks, scheduled tasks, licences; and what a compute
// resource can run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vsphere/model/moref.h"
#include "vsphere/model/task.h"
#include "vsphere/model/top_file.h"
#include "vsphere/model/unreadable.h"
#include "vsphere/model/vcenter.h"

namespace failback::vsphere {

// ScheduledTaskInfo, as far as it says what happens to what, and when.
struct ScheduledTask {
  Moref ref, entity;
  std::string name, description;
  bool enabled = false;
  std::string action;  // the method's name, "CreateSnapshot_Task"; empty for an action that is no method
  std::optional<std::string> nextRunTime;  // RFC 3339
};

struct Management {
  std::vector<TaskInfo> tasks;  // those asked for that are still known
  std::vector<ScheduledTask> scheduledTasks;
  std::vector<License> licenses;  // the server's, and those assigned to hosts (License::entityId)
  std::vector<Unreadable> unreadable;
};

// GuestOsDescriptor.
struct GuestOs {
  std::string id;      // "ubuntu64Guest"
  std::string family;  // "linuxGuest", "windowsGuest"
  std::string fullName;
  std::vector<std::string> firmware;  // that it supports: "bios", "efi"
  bool secureBoot = false;
};

// VirtualMachineConfigOption of the newest hardware version that the host creates.
struct ConfigOption {
  std::string hardwareVersion;  // "vmx-19"
  std::vector<GuestOs> guests;
};

}  // namespace failback::vsphere
