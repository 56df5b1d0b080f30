// SPDX-License-Identifier: GPL-2.0-or-later
// Hosts, datastores, networks and containers out of pages.
#include <boost/test/unit_test.hpp>

#include "tests/unit/vsphere/decode/messages.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

constexpr std::int64_t mib = 1024 * 1024;

struct Containers {
  InventoryPage page = decode(message("containers-004-RetrievePropertiesEx.response.xml"));
};

}  // namespace

BOOST_AUTO_TEST_SUITE(PageOfObjects)

BOOST_AUTO_TEST_CASE(hosts) {
  const auto page =
      decode(message("hosts-002-ContinueRetrievePropertiesEx.response.xml"), "ContinueRetrievePropertiesEx");
  BOOST_TEST(page.token.empty());
  const auto& host = named<Host>(page, "esx-01.example");
  BOOST_TEST(*host.connectionState == "connected");
  BOOST_TEST(*host.version == "8.0.3");
  BOOST_TEST(*host.apiVersion == "8.0.3.0");
  BOOST_TEST(*host.licenseProductName == "VMware ESX Server");
  BOOST_TEST(*host.memoryBytes == 549423452160);
  BOOST_TEST(*host.cpuCores == 64);
  BOOST_TEST(*host.cpuThreads == 128);
  BOOST_TEST(*host.memoryUsedBytes == 131072 * mib);
  BOOST_TEST(*host.maxSupportedVmMemoryBytes == 25149440 * mib);
  BOOST_TEST(*host.bootTime == "2026-07-01T05:06:07.89Z");
  BOOST_TEST(host.parent->str() == "ClusterComputeResource:domain-c7");
  // Listed but not started is not autostart.
  BOOST_TEST(*host.autoStartEnabled == true);
  BOOST_REQUIRE(host.autoStartVms.size() == 1);
  BOOST_TEST(host.autoStartVms[0].value == "vm-41");
  const auto& gone = named<Host>(page, "esx-02.example");
  BOOST_TEST(*gone.connectionState == "notResponding");
  BOOST_TEST((reasons(page.unreadable) ==
              std::vector<std::string>{"capability.maxSupportedVcpus hostNotResponding HostNotReachable"}));
}

BOOST_AUTO_TEST_CASE(datastores_of_every_kind) {
  const auto page = decode(message("datastores-003-RetrievePropertiesEx.response.xml"));
  const auto& vmfs = named<Datastore>(page, "vmfs-01");
  BOOST_TEST(*vmfs.type == "VMFS");
  BOOST_TEST(*vmfs.maxFileSizeBytes == 70368744177664);
  BOOST_TEST(*vmfs.uncommittedBytes == 2199023255552);
  BOOST_TEST(*vmfs.vmfsUuid == "5f0d3e11-2a3b4c5d-6e7f-246e96a3b1c0");
  BOOST_TEST(*vmfs.vmfsVersion == "6.82");
  BOOST_TEST(*vmfs.local == false);
  BOOST_TEST(vmfs.parent->type == "StoragePod");
  BOOST_TEST(vmfs.browser->value == "datastoreBrowser-datastore-11");
  BOOST_REQUIRE(vmfs.mounts.size() == 2);
  BOOST_TEST(*vmfs.mounts[0].accessMode == "readWrite");
  BOOST_TEST(*vmfs.mounts[1].accessMode == "readOnly");
  BOOST_TEST(*vmfs.mounts[1].mounted == false);
  BOOST_TEST(*vmfs.mounts[1].inaccessibleReason == "AllPathsDown_Timeout");

  const auto& nfs = named<Datastore>(page, "nfs-01");
  BOOST_TEST(*nfs.nfsRemoteHost == "nas.example");
  BOOST_TEST(*nfs.nfsRemotePath == "/export/vol1");
  BOOST_TEST(*nfs.maintenanceMode == "enteringMaintenance");

  const auto& vsan = named<Datastore>(page, "vsan");
  BOOST_TEST(*vsan.containerId == "52a1b2c3-d4e5-f607-1829-3a4b5c6d7e8f");
  BOOST_TEST(*vsan.aliasOf == "52ffffff-d4e5-f607-1829-3a4b5c6d7e8f");
  // Zero is no limit, and what is not told is not zero.
  BOOST_TEST(!vsan.maxFileSizeBytes.has_value());
  BOOST_TEST(!vsan.uncommittedBytes.has_value());

  BOOST_TEST(*named<Datastore>(page, "vvol-01").type == "VVOL");

  // A kind newer than this build: everything but its own details is there, and that is said.
  const auto& crystal = named<Datastore>(page, "crystal-01");
  BOOST_TEST(*crystal.type == "CRYSTAL");
  BOOST_TEST(*crystal.capacityBytes == 1099511627776);
  BOOST_TEST((reasons(page.unreadable) == std::vector<std::string>{"info unknownType"}));
}

BOOST_FIXTURE_TEST_CASE(cluster_with_rules_and_overrides, Containers) {
  const auto& cluster = named<Cluster>(page, "cluster / east");
  BOOST_TEST(cluster.isCluster);
  BOOST_TEST(*cluster.drsEnabled == true);
  BOOST_TEST(*cluster.drsDefaultBehavior == "fullyAutomated");
  BOOST_TEST(*cluster.drsVmOverridesAllowed == true);
  BOOST_TEST(*cluster.haEnabled == true);
  BOOST_REQUIRE(cluster.drsOverrides.size() == 2);
  BOOST_TEST(cluster.drsOverrides[0].vm.value == "vm-41");
  BOOST_TEST(*cluster.drsOverrides[0].enabled == false);
  BOOST_TEST(!cluster.drsOverrides[0].behavior.has_value());
  BOOST_TEST(*cluster.drsOverrides[1].behavior == "manual");
  BOOST_REQUIRE(cluster.rules.size() == 3);
  BOOST_TEST(cluster.rules[0].kind == "ClusterAntiAffinityRuleSpec");
  BOOST_TEST(cluster.rules[0].vms.size() == 2);
  BOOST_TEST(cluster.rules[1].affineHostGroup == "site-a");
  BOOST_TEST(*cluster.rules[1].mandatory == true);
  BOOST_TEST(cluster.rules[2].kind == "ClusterMoonPhaseRuleInfo");
  BOOST_TEST(cluster.rules[2].name == "lunar");
  BOOST_TEST(!cluster.rules[2].enabled);
  BOOST_REQUIRE(cluster.groups.size() == 2);
  BOOST_TEST(cluster.groups[0].vms.at(0).value == "vm-42");
  BOOST_TEST(cluster.groups[1].hosts.at(0).value == "host-21");
  BOOST_TEST(cluster.environmentBrowser->value == "envbrowser-7");
  BOOST_TEST(*cluster.totalMemoryBytes == 1098846904320);
}

BOOST_FIXTURE_TEST_CASE(a_standalone_hosts_compute_resource, Containers) {
  const auto& alone = named<Cluster>(page, "esx-09.example");
  BOOST_TEST(!alone.isCluster);
  BOOST_TEST(!alone.drsEnabled.has_value());
}

BOOST_FIXTURE_TEST_CASE(datastore_cluster, Containers) {
  const auto& pod = named<StoragePod>(page, "pod-01");
  BOOST_TEST(*pod.sdrsEnabled == true);
  BOOST_TEST(*pod.sdrsDefaultBehavior == "automated");
  BOOST_TEST(pod.datastores.at(0).value == "datastore-11");
  BOOST_REQUIRE(pod.sdrsOverrides.size() == 1);
  BOOST_TEST(pod.sdrsOverrides[0].vm.value == "vm-42");
  BOOST_TEST(*pod.sdrsOverrides[0].intraVmAffinity == true);
}

BOOST_FIXTURE_TEST_CASE(pools_and_folders, Containers) {
  const auto& pool = named<ResourcePool>(page, "Resources");
  BOOST_TEST(!pool.isVApp);
  BOOST_TEST(*pool.cpuLimitMHz == -1);
  BOOST_TEST(*pool.memoryLimitBytes == -1);
  BOOST_TEST(*pool.memoryReservationBytes == 2048 * mib);
  BOOST_TEST(*pool.memoryExpandable == false);
  BOOST_TEST(*pool.memoryUnreservedBytes == 1000000000000);
  const auto& vapp = named<ResourcePool>(page, "shop");
  BOOST_TEST(vapp.isVApp);
  BOOST_TEST(vapp.parentFolder->value == "group-v3");
  BOOST_TEST(named<Datacenter>(page, "site / 1").vmFolder->value == "group-v3");
  const auto& folder = named<Folder>(page, "vm");
  BOOST_TEST((folder.childTypes == std::vector<std::string>{"Folder", "VirtualMachine", "VirtualApp"}));
  BOOST_TEST(folder.recentTasks.at(0).value == "task-77");
}

BOOST_FIXTURE_TEST_CASE(networks, Containers) {
  BOOST_TEST(named<Network>(page, "VM Network").kind == "standard");
  const auto& portgroup = named<Network>(page, "prod-net");
  BOOST_TEST(portgroup.kind == "distributed");
  BOOST_TEST(*portgroup.portgroupKey == "dvportgroup-31");
  BOOST_TEST(*portgroup.portBinding == "earlyBinding");
  BOOST_TEST(portgroup.dvs->value == "dvs-30");
  const auto& opaque = named<Network>(page, "nsx-seg");
  BOOST_TEST(opaque.kind == "opaque");
  BOOST_TEST(*opaque.opaqueNetworkId == "5a3b");
  BOOST_TEST(*opaque.accessible == true);
  const auto& dvs = named<DistributedSwitch>(page, "dvs-prod");
  BOOST_TEST(dvs.portgroups.size() == 1);
  BOOST_TEST(dvs.hosts.size() == 2);
}

BOOST_FIXTURE_TEST_CASE(an_object_of_an_unknown_type_is_listed, Containers) {
  BOOST_TEST((reasons(page.unreadable) == std::vector<std::string>{" unknownType"}));
  BOOST_TEST(page.unreadable[0].object.str() == "QuantumFolder:group-q1");
  BOOST_TEST(page.seen.size() == 12);
  BOOST_TEST(page.objects.size() == 11);
}

BOOST_AUTO_TEST_SUITE_END()
