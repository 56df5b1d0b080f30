// SPDX-License-Identifier: GPL-2.0-or-later
// The members of a dump's objects, other than virtual machines: name in JSON, member of the value. The schema
// that users get (docs/discover.schema.json) lists the same; a test compares them.
#pragma once

#include <concepts>
#include <type_traits>

#include "discovery/json_io.h"

namespace failback::discovery {

// T is `Value` or `const Value`: writers take the latter, readers fill the former.
template <class T, class Value>
concept Is = std::same_as<std::remove_const_t<T>, Value>;

template <class Io, class T>
void describeEntity(Io& io, T& x) {
  io.value("name", x.name);
  io.value("moref", x.ref.value);
  io.value("objectType", x.ref.type);
  io.member("serverGuid", x.ref.serverGuid);
  io.ref("parent", x.parent, anyType);
  io.value("inventoryPath", x.inventoryPath);
  io.texts("disabledMethod", x.disabledMethods);
  io.someRefs("recentTask", x.recentTasks, "Task");
}

template <class Io, Is<vsphere::License> T>
void describe(Io& io, T& x) {
  io.value("name", x.name);
  io.value("editionKey", x.editionKey);
  io.member("costUnit", x.costUnit);
  io.value("total", x.total);
  io.member("used", x.used);
  io.member("expirationDate", x.expirationDate);
  io.texts("features", x.features);
  io.member("entityId", x.entityId);
}

template <class Io, Is<vsphere::VCenter> T>
void describe(Io& io, T& x) {
  io.value("url", x.url);
  io.member("thumbprintSha256", x.thumbprintSha256);
  io.member("negotiatedVersion", x.negotiatedVersion);
  io.member("userName", x.userName);
  io.ref("rootFolder", x.rootFolder, "Folder");
  io.member("clockSkewMs", x.clockSkewMs);
  io.value("name", x.about.name);
  io.member("fullName", x.about.fullName);
  io.member("vendor", x.about.vendor);
  io.member("version", x.about.version);
  io.member("build", x.about.build);
  io.member("osType", x.about.osType);
  io.member("productLineId", x.about.productLineId);
  io.value("apiType", x.about.apiType);
  io.value("apiVersion", x.about.apiVersion);
  io.member("instanceUuid", x.about.instanceUuid);
  io.member("licenseProductName", x.about.licenseProductName);
  io.member("licenseProductVersion", x.about.licenseProductVersion);
  io.some("licenses", x.licenses);
}

template <class Io, Is<vsphere::Datacenter> T>
void describe(Io& io, T& x) {
  describeEntity(io, x);
  io.ref("vmFolder", x.vmFolder, "Folder");
  io.ref("hostFolder", x.hostFolder, "Folder");
  io.ref("datastoreFolder", x.datastoreFolder, "Folder");
  io.ref("networkFolder", x.networkFolder, "Folder");
}

template <class Io, Is<vsphere::Folder> T>
void describe(Io& io, T& x) {
  describeEntity(io, x);
  io.texts("childType", x.childTypes);
}

template <class Io, Is<vsphere::DrsRule> T>
void describe(Io& io, T& x) {
  io.value("key", x.key);
  io.member("name", x.name);
  io.value("objectType", x.kind);
  io.value("enabled", x.enabled);
  io.member("mandatory", x.mandatory);
  io.someRefs("vm", x.vms, "VirtualMachine");
  io.member("vmGroupName", x.vmGroup);
  io.member("affineHostGroupName", x.affineHostGroup);
  io.member("antiAffineHostGroupName", x.antiAffineHostGroup);
}

template <class Io, Is<vsphere::ClusterGroup> T>
void describe(Io& io, T& x) {
  io.value("name", x.name);
  io.someRefs("vm", x.vms, "VirtualMachine");
  io.someRefs("host", x.hosts, "HostSystem");
}

// A VM's own setting of DRS or of Storage DRS; the last member is the latter's.
template <class Io, Is<vsphere::DrsOverride> T>
void describe(Io& io, T& x) {
  io.ref("vm", x.vm, "VirtualMachine");
  io.member("enabled", x.enabled);
  io.member("behavior", x.behavior);
  io.member("intraVmAffinity", x.intraVmAffinity);
}

template <class Io, Is<vsphere::Cluster> T>
void describe(Io& io, T& x) {
  describeEntity(io, x);
  io.refs("host", x.hosts, "HostSystem");
  io.refs("datastore", x.datastores, "Datastore");
  io.refs("network", x.networks, "Network");
  io.ref("resourcePool", x.resourcePool, "ResourcePool");
  io.ref("environmentBrowser", x.environmentBrowser, "EnvironmentBrowser");
  io.group("drsConfig", [&](auto& drs) {
    drs.member("enabled", x.drsEnabled);
    drs.member("defaultVmBehavior", x.drsDefaultBehavior);
    drs.member("enableVmBehaviorOverrides", x.drsVmOverridesAllowed);
  });
  io.group("dasConfig", [&](auto& das) { das.member("enabled", x.haEnabled); });
  io.member("numEffectiveHosts", x.effectiveHosts);
  io.member("totalCpu", x.totalCpuMHz);
  io.member("totalMemory", x.totalMemoryBytes);
  io.some("drsVmConfig", x.drsOverrides);
  io.some("rule", x.rules);
  io.some("group", x.groups);
  // Known from the type, which a reader has by now.
  if constexpr (Io::reads) x.isCluster = x.ref.type == "ClusterComputeResource";
}

template <class Io, Is<vsphere::Host> T>
void describe(Io& io, T& x) {
  describeEntity(io, x);
  io.member("connectionState", x.connectionState);
  io.member("powerState", x.powerState);
  io.member("inMaintenanceMode", x.inMaintenanceMode);
  io.member("inQuarantineMode", x.inQuarantineMode);
  io.member("bootTime", x.bootTime);
  io.group("product", [&](auto& product) {
    product.member("name", x.productName);
    product.member("fullName", x.productFullName);
    product.member("version", x.version);
    product.member("build", x.build);
    product.member("apiVersion", x.apiVersion);
    product.member("productLineId", x.productLineId);
    product.member("licenseProductName", x.licenseProductName);
  });
  io.member("uuid", x.uuid);
  io.member("vendor", x.vendor);
  io.member("model", x.model);
  io.member("cpuModel", x.cpuModel);
  io.member("memorySize", x.memoryBytes);
  io.member("cpuMhz", x.cpuMHz);
  io.member("numCpuPkgs", x.cpuPackages);
  io.member("numCpuCores", x.cpuCores);
  io.member("numCpuThreads", x.cpuThreads);
  io.member("overallMemoryUsage", x.memoryUsedBytes);
  io.member("overallCpuUsage", x.cpuUsedMHz);
  io.member("managementServerIp", x.managementServerIp);
  io.member("maxSupportedVcpus", x.maxSupportedVcpus);
  io.member("maxSupportedVmMemory", x.maxSupportedVmMemoryBytes);
  io.member("maxRegisteredVMs", x.maxRegisteredVms);
  io.member("maxRunningVMs", x.maxRunningVms);
  io.member("vmotionSupported", x.vmotionSupported);
  io.member("storageVMotionSupported", x.storageVmotionSupported);
  io.texts("supportedHardwareVersions", x.supportedHardwareVersions);
  io.member("autoStartEnabled", x.autoStartEnabled);
  io.someRefs("autoStartVm", x.autoStartVms, "VirtualMachine");
  // A host's parent is its compute resource: said once more under the name that people look for.
  if constexpr (!Io::reads) {
    if (x.parent && kindFromType(x.parent->type) == Kind::cluster) io.ref("cluster", x.parent, anyType);
  }
  io.refs("datastore", x.datastores, "Datastore");
  io.refs("network", x.networks, "Network");
  io.refs("vm", x.vms, "VirtualMachine");
}

template <class Io, Is<vsphere::HostMount> T>
void describe(Io& io, T& x) {
  io.ref("host", x.host, "HostSystem");
  io.member("accessMode", x.accessMode);
  io.member("mounted", x.mounted);
  io.member("accessible", x.accessible);
  io.member("inaccessibleReason", x.inaccessibleReason);
  io.member("path", x.path);
}

template <class Io, Is<vsphere::Datastore> T>
void describe(Io& io, T& x) {
  describeEntity(io, x);
  io.member("type", x.type);
  io.member("url", x.url);
  io.member("capacity", x.capacityBytes);
  io.member("freeSpace", x.freeSpaceBytes);
  io.member("uncommitted", x.uncommittedBytes);
  io.member("accessible", x.accessible);
  io.member("multipleHostAccess", x.multipleHostAccess);
  io.member("maintenanceMode", x.maintenanceMode);
  io.member("maxFileSize", x.maxFileSizeBytes);
  io.member("maxVirtualDiskCapacity", x.maxVirtualDiskBytes);
  io.member("aliasOf", x.aliasOf);
  io.member("containerId", x.containerId);
  io.group("vmfs", [&](auto& vmfs) {
    vmfs.member("uuid", x.vmfsUuid);
    vmfs.member("version", x.vmfsVersion);
    vmfs.member("blockSizeMb", x.blockSizeMb);
    vmfs.member("local", x.local);
  });
  io.group("nas", [&](auto& nas) {
    nas.member("remoteHost", x.nfsRemoteHost);
    nas.member("remotePath", x.nfsRemotePath);
  });
  io.ref("browser", x.browser, "HostDatastoreBrowser");
  io.ref("storagePod", x.storagePod, "StoragePod");
  io.list("host", x.mounts);
  io.refs("vm", x.vms, "VirtualMachine");
}

template <class Io, Is<vsphere::StoragePod> T>
void describe(Io& io, T& x) {
  describeEntity(io, x);
  io.member("capacity", x.capacityBytes);
  io.member("freeSpace", x.freeSpaceBytes);
  io.refs("childEntity", x.datastores, "Datastore");
  io.group("podConfig", [&](auto& pod) {
    pod.member("enabled", x.sdrsEnabled);
    pod.member("defaultVmBehavior", x.sdrsDefaultBehavior);
  });
  io.some("vmConfig", x.sdrsOverrides);
}

// Network::kind follows from the type.
inline std::string networkKind(std::string_view type) {
  if (type == "DistributedVirtualPortgroup") return "distributed";
  return type == "OpaqueNetwork" ? "opaque" : "standard";
}

template <class Io, Is<vsphere::Network> T>
void describe(Io& io, T& x) {
  describeEntity(io, x);
  if constexpr (Io::reads) x.kind = networkKind(x.ref.type);
  io.member("accessible", x.accessible);
  io.refs("host", x.hosts, "HostSystem");
  io.member("portgroupKey", x.portgroupKey);
  io.member("portBinding", x.portBinding);
  io.member("uplink", x.uplink);
  io.ref("distributedVirtualSwitch", x.dvs, "VmwareDistributedVirtualSwitch");
  io.member("dvsUuid", x.dvsUuid);
  io.member("dvsName", x.dvsName);
  io.member("opaqueNetworkId", x.opaqueNetworkId);
  io.member("opaqueNetworkType", x.opaqueNetworkType);
}

template <class Io, Is<vsphere::DistributedSwitch> T>
void describe(Io& io, T& x) {
  describeEntity(io, x);
  io.member("uuid", x.uuid);
  io.refs("portgroup", x.portgroups, "DistributedVirtualPortgroup");
  io.refs("host", x.hosts, "HostSystem");
}

template <class Io, Is<vsphere::ResourcePool> T>
void describe(Io& io, T& x) {
  describeEntity(io, x);
  io.ref("owner", x.owner, "ComputeResource");
  io.refs("vm", x.vms, "VirtualMachine");
  io.group("cpuAllocation", [&](auto& cpu) {
    cpu.member("limit", x.cpuLimitMHz);
    cpu.member("reservation", x.cpuReservationMHz);
    cpu.member("expandableReservation", x.cpuExpandable);
  });
  io.group("memoryAllocation", [&](auto& memory) {
    memory.member("limit", x.memoryLimitBytes);
    memory.member("reservation", x.memoryReservationBytes);
    memory.member("expandableReservation", x.memoryExpandable);
  });
  io.member("cpuUnreservedForVm", x.cpuUnreservedMHz);
  io.member("memoryUnreservedForVm", x.memoryUnreservedBytes);
  io.ref("parentFolder", x.parentFolder, "Folder");
  if constexpr (Io::reads) x.isVApp = x.ref.type == "VirtualApp";
}

template <class Io, Is<vsphere::Unreadable> T>
void describe(Io& io, T& x) {
  io.member("moref", x.object.value);
  io.member("objectType", x.object.type);
  io.member("name", x.name);
  io.member("property", x.property);
  io.value("reason", x.reason);
  io.member("fault", x.fault);
  io.member("privilege", x.privilege);
  io.value("text", x.text);
}

}  // namespace failback::discovery
