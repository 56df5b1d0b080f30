// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/decode_host.h"

namespace failback::vsphere::binding {
namespace {

bool setProduct(Host& host, const xsd__anyType& value) {
  const auto* product = dynamic_cast<const vim25__AboutInfo*>(&value);
  if (product == nullptr) return false;
  host.productName = product->name;
  host.productFullName = product->fullName;
  host.version = product->version;
  host.build = product->build;
  host.apiVersion = product->apiVersion;
  host.productLineId = product->productLineId;
  host.licenseProductName = product->licenseProductName;
  return true;
}

bool setAutoStartVms(Host& host, const xsd__anyType& value) {
  const auto* list = dynamic_cast<const vim25__ArrayOfAutoStartPowerInfo*>(&value);
  if (list == nullptr) return false;
  host.autoStartVms.clear();
  for (const auto* info : list->AutoStartPowerInfo) {
    if (info == nullptr || !info->startAction) continue;
    // "None" and "none" both occur for a VM that is listed but not started.
    const std::string& action = *info->startAction;
    if (action != "powerOn" && action != "PowerOn") continue;
    if (auto vm = optionalMoref(info->key)) host.autoStartVms.push_back(std::move(*vm));
  }
  return true;
}

}  // namespace

const SetterTable<Host>& hostSetters() {
  static const SetterTable<Host> table{
      {"name", setName},
      {"parent", set<&Host::parent>},
      {"recentTask", set<&Host::recentTasks>},
      {"runtime.connectionState", set<&Host::connectionState>},
      {"runtime.powerState", set<&Host::powerState>},
      {"runtime.inMaintenanceMode", set<&Host::inMaintenanceMode>},
      {"runtime.inQuarantineMode", set<&Host::inQuarantineMode>},
      {"runtime.bootTime", set<&Host::bootTime>},
      {"summary.config.product", setProduct},
      {"summary.hardware.memorySize", set<&Host::memoryBytes>},
      {"summary.hardware.numCpuCores", set<&Host::cpuCores>},
      {"summary.hardware.vendor", set<&Host::vendor>},
      {"summary.hardware.model", set<&Host::model>},
      {"summary.hardware.uuid", set<&Host::uuid>},
      {"summary.hardware.cpuModel", set<&Host::cpuModel>},
      {"summary.hardware.cpuMhz", set<&Host::cpuMHz>},
      {"summary.hardware.numCpuPkgs", set<&Host::cpuPackages>},
      {"summary.hardware.numCpuThreads", set<&Host::cpuThreads>},
      {"summary.quickStats.overallMemoryUsage", setScaled<&Host::memoryUsedBytes, kMebibyte>},
      {"summary.quickStats.overallCpuUsage", set<&Host::cpuUsedMHz>},
      {"summary.managementServerIp", set<&Host::managementServerIp>},
      {"capability.maxSupportedVcpus", set<&Host::maxSupportedVcpus>},
      {"capability.maxSupportedVmMemory", setScaled<&Host::maxSupportedVmMemoryBytes, kMebibyte>},
      {"capability.maxRegisteredVMs", set<&Host::maxRegisteredVms>},
      {"capability.maxRunningVMs", set<&Host::maxRunningVms>},
      {"capability.vmotionSupported", set<&Host::vmotionSupported>},
      {"capability.storageVMotionSupported", set<&Host::storageVmotionSupported>},
      {"config.autoStart.defaults.enabled", set<&Host::autoStartEnabled>},
      {"config.autoStart.powerInfo", setAutoStartVms},
      {"datastore", set<&Host::datastores>},
      {"network", set<&Host::networks>},
      {"vm", set<&Host::vms>},
  };
  return table;
}

}  // namespace failback::vsphere::binding
