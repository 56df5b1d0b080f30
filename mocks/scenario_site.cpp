// SPDX-License-Identifier: GPL-2.0-or-later
// What a scenario's JSON says of datacenters, hosts, datastores and networks.
#include "mocks/scenario_reader.h"

namespace failback::mock {

namespace {

HostSpec readHost(ScenarioReader& in) {
  HostSpec spec;
  in.need("name", spec.name);
  in.read("address", spec.address);
  in.read("uuid", spec.uuid);
  in.read("version", spec.version);
  in.read("build", spec.build);
  in.read("vendor", spec.vendor);
  in.read("model", spec.model);
  in.read("cpuModel", spec.cpuModel);
  in.read("packages", spec.packages, 1);
  in.read("coresPerPackage", spec.coresPerPackage, 1);
  in.read("megahertz", spec.megahertz, 1);
  in.size("memory", spec.memory);
  in.read("maintenance", spec.maintenance);
  in.read("standby", spec.standby);
  if (spec.standby) spec.connection = "notResponding";
  in.oneOf("connection", spec.connection, {"connected", "disconnected", "notResponding"});
  return spec;
}

VappSpec readVapp(ScenarioReader& in) {
  VappSpec spec;
  in.need("name", spec.name);
  in.read("folder", spec.folder);
  in.read("annotation", spec.annotation);
  return spec;
}

PoolSpec readPool(ScenarioReader& in) {
  PoolSpec spec;
  in.need("name", spec.name);
  in.list("pools", spec.pools, readPool);
  in.list("vapps", spec.vapps, readVapp);
  return spec;
}

ClusterSpec readCluster(ScenarioReader& in) {
  ClusterSpec spec;
  in.need("name", spec.name);
  in.read("drs", spec.drs);
  in.read("ha", spec.ha);
  in.oneOf("drsBehavior", spec.drsBehavior, {"manual", "partiallyAutomated", "fullyAutomated"});
  in.list("hosts", spec.hosts, readHost);
  in.list("pools", spec.pools, readPool);
  in.list("vapps", spec.vapps, readVapp);
  return spec;
}

StoragePodSpec readStoragePod(ScenarioReader& in) {
  StoragePodSpec spec;
  in.need("name", spec.name);
  in.read("drs", spec.drs);
  in.oneOf("behavior", spec.behavior, {"manual", "automated"});
  return spec;
}

DatastoreSpec readDatastore(ScenarioReader& in) {
  DatastoreSpec spec;
  in.need("name", spec.name);
  in.oneOf("type", spec.type, {"VMFS", "NFS", "NFS41", "vsan", "VVOL", "PMEM"});
  in.size("capacity", spec.capacity);
  in.size("free", spec.free);
  in.read("hosts", spec.hosts);
  in.read("readOnlyOn", spec.readOnlyOn);
  in.read("cluster", spec.cluster);
  in.oneOf("maintenance", spec.maintenance, {"normal", "enteringMaintenance", "inMaintenance"});
  in.read("accessible", spec.accessible);
  in.read("remoteHost", spec.remoteHost);
  in.read("remotePath", spec.remotePath);
  return spec;
}

PortGroupSpec readPortGroup(ScenarioReader& in) {
  PortGroupSpec spec;
  in.need("name", spec.name);
  in.read("vlan", spec.vlan, 0, 4094);
  in.oneOf("binding", spec.binding, {"earlyBinding", "lateBinding", "ephemeral"});
  return spec;
}

// VLAN 4095 hands on all that comes, tags included.
PortGroupSpec readStandardPortGroup(ScenarioReader& in) {
  PortGroupSpec spec;
  in.need("name", spec.name);
  in.read("vlan", spec.vlan, 0, 4095);
  return spec;
}

SwitchSpec readSwitch(ScenarioReader& in) {
  SwitchSpec spec;
  in.need("name", spec.name);
  in.read("version", spec.version);
  in.read("hosts", spec.hosts);
  in.list("portGroups", spec.portGroups, readPortGroup);
  return spec;
}

StandardSwitchSpec readStandardSwitch(ScenarioReader& in) {
  StandardSwitchSpec spec;
  in.need("name", spec.name);
  in.read("hosts", spec.hosts);
  in.read("uplinks", spec.uplinks);
  in.read("mtu", spec.mtu, 1280, 9000);
  in.list("portGroups", spec.portGroups, readStandardPortGroup);
  return spec;
}

}  // namespace

DatacenterSpec readDatacenter(ScenarioReader& in) {
  DatacenterSpec spec;
  in.need("name", spec.name);
  in.read("folders", spec.folders);
  in.list("clusters", spec.clusters, readCluster);
  in.list("datastoreClusters", spec.datastoreClusters, readStoragePod);
  in.list("datastores", spec.datastores, readDatastore);
  in.read("networks", spec.networks);
  in.list("standardSwitches", spec.standardSwitches, readStandardSwitch);
  in.list("switches", spec.switches, readSwitch);
  in.list("vms", spec.vms, readVm);
  return spec;
}

}  // namespace failback::mock
