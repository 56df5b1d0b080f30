// SPDX-License-Identifier: GPL-2.0-or-later
// A site whose machines are asked whether they could come home.
#pragma once

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "provisioning/check/readiness.h"

namespace failback::readiness_tests {

namespace p = failback::provisioning;
namespace vs = failback::vsphere;

inline vs::VirtualMachine machine(const std::string& name, const char* guest) {
  static int number = 100;  // of three digits
  vs::VirtualMachine vm;
  vm.ref = {"VirtualMachine", "vm-" + std::to_string(++number), ""};
  vm.name = name;
  vm.inventoryPath = "/DC1/vm/" + name;
  vm.instanceUuid = "52b5c3d6-19a4-4f3e-8c1b-2f6a9d0e7" + std::to_string(number);
  vm.guestId = guest;
  vm.isTemplate = false;
  vm.powerState = "poweredOn";
  vm.connectionState = "connected";
  vm.cpus = 2;
  vm.memoryBytes = std::int64_t{8} << 30;
  vm.firmware = "bios";
  vm.hardwareVersion = "vmx-19";
  vm.consolidationNeeded = false;
  vm.changeVersion = "1";
  vm.datastores = {{"Datastore", "datastore-1", ""}};
  vs::Controller scsi;
  scsi.key = 1000;
  scsi.type = "VirtualLsiLogicController";
  vm.controllers = {scsi};
  vs::Disk disk;
  disk.key = 2000;
  disk.controllerKey = 1000;
  disk.unitNumber = 0;
  disk.kind = "flat";
  disk.capacityBytes = std::int64_t{40} << 30;
  disk.uuid = "6000C290-0000-0000-0000-000000000" + std::to_string(number);
  disk.chain = {{"[ds] " + name + "/" + name + ".vmdk",
                 vs::Moref{"Datastore", "datastore-1", ""},
                 disk.uuid,
                 {},
                 {},
                 {},
                 {}}};
  vm.disks = {disk};
  return vm;
}

// The one disk of it is somewhere else, and may be thin.
inline void put(vs::VirtualMachine& vm, const char* datastore, bool thin = false) {
  const vs::Moref ref{"Datastore", datastore, ""};
  vm.datastores = {ref};
  vm.disks[0].chain[0].datastore = ref;
  vm.disks[0].thin = thin;
}

struct Site {
  p::Facts facts;
  p::ReadinessWish wish;
  p::CheckPolicy policy;

  void add(vs::VirtualMachine vm) {
    facts.whole.insert(vm.ref);
    facts.inventory.add(std::move(vm));
  }
  // Hosts of one cluster whose DRS moves machines.
  void addHosts(const std::vector<std::string>& names) {
    vs::Cluster cluster;
    cluster.ref = {"ClusterComputeResource", "domain-c1", ""};
    cluster.name = "C1";
    cluster.isCluster = true;
    cluster.drsEnabled = true;
    cluster.drsDefaultBehavior = "fullyAutomated";
    for (const std::string& name : names) {
      vs::Host host;
      host.ref = {"HostSystem", name, ""};
      host.name = name;
      host.parent = cluster.ref;
      host.connectionState = "connected";
      host.powerState = "poweredOn";
      host.inMaintenanceMode = false;
      cluster.hosts.push_back(host.ref);
      facts.inventory.add(std::move(host));
    }
    facts.inventory.add(std::move(cluster));
  }
  void addDatastore(const char* id, const std::vector<std::string>& hosts, std::int64_t freeGiB = 1000) {
    vs::Datastore datastore;
    datastore.ref = {"Datastore", id, ""};
    datastore.name = id;
    datastore.type = "VMFS";
    datastore.url = std::string("ds:///") + id;
    datastore.accessible = true;
    datastore.freeSpaceBytes = freeGiB << 30;
    for (const std::string& host : hosts) {
      vs::HostMount& mount = datastore.mounts.emplace_back();
      mount.host = {"HostSystem", host, ""};
      mount.accessMode = "readWrite";
      mount.mounted = true;
      mount.accessible = true;
    }
    facts.inventory.add(std::move(datastore));
  }
  void addTarget(const std::string& name, const char* host, const char* datastore) {
    vs::VirtualMachine vm = machine(name, "ubuntu64Guest");
    vm.host = vs::Moref{"HostSystem", host, ""};
    put(vm, datastore);
    add(std::move(vm));
  }
  p::Readiness judged() const { return readinessOf(planForReadiness(wish, facts), facts, policy); }
};

inline const p::ReadinessRow& rowOf(const p::Readiness& readiness, const std::string& name) {
  const auto found = std::find_if(readiness.rows.begin(), readiness.rows.end(),
                                  [&](const p::ReadinessRow& row) { return row.name == name; });
  BOOST_REQUIRE(found != readiness.rows.end());
  return *found;
}

inline std::vector<std::string> machinesWith(const p::Readiness& readiness, const std::string& rule) {
  std::vector<std::string> names;
  for (const p::ReadinessFinding& each : readiness.findings) {
    if (each.finding.rule->id == rule) names.insert(names.end(), each.machines.begin(), each.machines.end());
  }
  std::sort(names.begin(), names.end());
  return names;
}

inline std::vector<std::string> valuesOf(const p::Readiness& readiness, const std::string& rule) {
  std::vector<std::string> values;
  for (const p::ReadinessFinding& each : readiness.findings) {
    if (each.finding.rule->id == rule) values.push_back(each.finding.value);
  }
  return values;
}

using Names = std::vector<std::string>;

}  // namespace failback::readiness_tests
