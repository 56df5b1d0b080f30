// SPDX-License-Identifier: GPL-2.0-or-later
// HostSystem: an ESXi host.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vsphere/model/container.h"

namespace failback::vsphere {

struct Host : Entity {
  std::optional<std::string> connectionState;  // "connected", "disconnected", "notResponding"
  std::optional<std::string> powerState;       // "poweredOn", "standBy", ...
  std::optional<bool> inMaintenanceMode;
  std::optional<bool> inQuarantineMode;
  std::optional<std::string> bootTime;     // RFC 3339
  std::optional<std::string> productName;  // "VMware ESXi"
  std::optional<std::string> productFullName;
  std::optional<std::string> version;  // "8.0.3"
  std::optional<std::string> build;
  std::optional<std::string> apiVersion;
  std::optional<std::string> productLineId;  // "embeddedEsx"
  std::optional<std::string> licenseProductName;
  std::optional<std::string> uuid;  // of the hardware
  std::optional<std::string> vendor, model;
  std::optional<std::string> cpuModel;
  std::optional<std::int64_t> memoryBytes;  // summary.hardware.memorySize
  std::optional<std::int32_t> cpuMHz;
  std::optional<std::int32_t> cpuPackages, cpuCores, cpuThreads;
  std::optional<std::int64_t> memoryUsedBytes;  // quickStats
  std::optional<std::int32_t> cpuUsedMHz;
  std::optional<std::string> managementServerIp;

  // HostCapability, as far as a failback asks.
  std::optional<std::int32_t> maxSupportedVcpus;
  std::optional<std::int64_t> maxSupportedVmMemoryBytes;  // 7.0 and later
  std::optional<std::int32_t> maxRegisteredVms, maxRunningVms;
  std::optional<bool> vmotionSupported, storageVmotionSupported;
  std::vector<std::string> supportedHardwareVersions;  // "vmx-19"; from the compute resource's environment

  // Autostart of VMs with the host (MT-HABIT).
  std::optional<bool> autoStartEnabled;
  std::vector<Moref> autoStartVms;  // those that it powers on

  std::vector<Moref> datastores, networks, vms;

  friend bool operator==(const Host&, const Host&) = default;
};

}  // namespace failback::vsphere
