// SPDX-License-Identifier: GPL-2.0-or-later
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "discovery/derived.h"
#include "discovery/json.h"
#include "tests/unit/discovery/sample_site.h"

using namespace failback;
using namespace failback::discovery;
using testing::dumpOf;
using testing::ref;

namespace {

Dump readBack(const std::string& text) {
  std::istringstream input(text);
  return readDump(input, "site.json");
}

Inventory site(vsphere::Depth depth) {
  Inventory inventory;
  inventory.depth = depth;
  inventory.vcenter = testing::sampleVCenter();
  for (auto& object : testing::sampleObjects()) inventory.add(std::move(object));
  inventory.add(testing::completeVm());
  vsphere::Unreadable hole;
  hole.object = ref("Datastore", "datastore-77");
  hole.reason = "noPermission";
  hole.text = "may not be read";
  inventory.unreadable = {hole};
  deriveFacts(inventory);
  return inventory;
}

void expectRefused(const std::string& text, const std::string& word) {
  BOOST_TEST_CONTEXT(text.substr(0, 80)) {
    try {
      readBack(text);
      BOOST_ERROR("it was read");
    } catch (const vsphere::Failure& failure) {
      BOOST_TEST((failure.error().category == vsphere::Category::usage));
      BOOST_TEST(failure.error().text.find(word) != std::string::npos, failure.error().text);
      BOOST_TEST(!failure.error().remedy.empty());
    }
  }
}

const std::string start = R"({"schemaVersion": 1, "generator": "failback x", "depth": "standard",
  "vcenter": {"url": "u", "name": "n", "apiType": "VirtualCenter", "apiVersion": "8.0"})";

}  // namespace

BOOST_AUTO_TEST_SUITE(dump_read)

BOOST_AUTO_TEST_CASE(what_is_read_back_is_written_the_same) {
  for (const auto depth : {vsphere::Depth::thin, vsphere::Depth::standard, vsphere::Depth::full}) {
    const std::string text = dumpOf(site(depth));
    const Dump dump = readBack(text);
    BOOST_TEST((dump.inventory.depth == depth));
    BOOST_TEST(dump.generator == "failback test");
    BOOST_TEST(dump.filter.empty());
    BOOST_TEST(dumpOf(dump.inventory) == text);
  }
}

BOOST_AUTO_TEST_CASE(values_and_references_come_back) {
  const Inventory original = site(vsphere::Depth::full);
  const Inventory inventory = readBack(dumpOf(original)).inventory;
  const auto* vm = inventory.find<vsphere::VirtualMachine>(ref("VirtualMachine", "vm-40"));
  const auto* before = original.find<vsphere::VirtualMachine>(ref("VirtualMachine", "vm-40"));
  BOOST_REQUIRE(vm != nullptr);
  BOOST_TEST((vm->host == before->host));
  BOOST_TEST((vm->parent == before->parent));
  BOOST_TEST((vm->resourcePool == before->resourcePool));
  BOOST_TEST(vm->disks[0].chain.size() == 2u);
  BOOST_TEST(vm->disks[0].chain[1].uuid.value() == "6000C29e-2");
  BOOST_TEST(vm->snapshots[0].children[0].name == "two");
  BOOST_TEST((vm->snapshots[0].children[0].ref == before->snapshots[0].children[0].ref));
  BOOST_TEST(vm->extraConfig.at("failback.plan") == "p-1");
  const auto* shop = inventory.find<vsphere::VirtualMachine>(ref("VirtualMachine", "vm-42"));
  BOOST_TEST(shop->parentVApp->type == "VirtualApp");
  const auto* cluster = inventory.find<vsphere::Cluster>(ref("ClusterComputeResource", "domain-c7"));
  BOOST_REQUIRE(cluster != nullptr);
  BOOST_TEST(cluster->isCluster);
  // References say which type, though a dump writes their values only.
  BOOST_TEST(cluster->networks[1].type == "DistributedVirtualPortgroup");
  BOOST_TEST((cluster->drsOverrides[0].vm == ref("VirtualMachine", "vm-40")));
  BOOST_TEST(inventory.find<vsphere::ResourcePool>(ref("VirtualApp", "resgroup-v17"))->isVApp);
  BOOST_TEST(inventory.find<vsphere::Network>(ref("DistributedVirtualPortgroup", "dvportgroup-15"))->kind ==
             "distributed");
  BOOST_TEST(inventory.find<vsphere::Host>(ref("HostSystem", "host-31"))->parent->type == "ComputeResource");
  BOOST_TEST(inventory.vcenter.rootFolder.value == "group-d1");
  BOOST_TEST(inventory.vcenter.serverTime == "2026-03-01T10:00:00Z");
  BOOST_TEST(inventory.unreadable.size() == 1u);
}

BOOST_AUTO_TEST_CASE(references_into_another_server_keep_its_id) {
  Inventory inventory = site(vsphere::Depth::standard);
  auto vm = testing::healthyMasterTarget();
  vm.host->serverGuid = "guid-1";
  inventory.add(vm);
  const Dump dump = readBack(dumpOf(inventory));
  const auto* read = dump.inventory.find<vsphere::VirtualMachine>(vm.ref);
  BOOST_TEST((read->host == vm.host));
}

BOOST_AUTO_TEST_CASE(a_filtered_dump_says_so) {
  FilterSpec spec;
  spec.kinds = {Kind::virtualMachine, Kind::host};
  spec.hosts = {"esx-0?*"};
  const Dump dump = readBack(dumpOf(site(vsphere::Depth::standard), spec));
  BOOST_TEST((dump.filter.kinds == spec.kinds));
  BOOST_TEST((dump.filter.hosts == spec.hosts));
  BOOST_TEST(dump.inventory.count(Kind::host) == 3u);
  BOOST_TEST(dump.inventory.count(Kind::datastore) == 0u);
  // A reference to something that the dump leaves out has the type that is usual there.
  const auto* vm = dump.inventory.find<vsphere::VirtualMachine>(ref("VirtualMachine", "vm-40"));
  BOOST_TEST((vm->datastores[0] == ref("Datastore", "datastore-11")));
}

BOOST_AUTO_TEST_CASE(members_of_a_newer_program_are_read_past) {
  const Dump dump = readBack(start + R"(, "fleets": [{"x": 1}], "hosts": [{"name": "h", "moref": "host-1",
    "objectType": "HostSystem", "inventoryPath": "/h", "wings": {"count": 2}}]})");
  BOOST_TEST(dump.inventory.count(Kind::host) == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_no_dump_is_refused_with_its_place) {
  expectRefused("", "site.json");
  expectRefused("[]", "no JSON object");
  expectRefused("17", "no JSON object");
  expectRefused("{}", "schemaVersion");
  expectRefused("<html>", "site.json");
  expectRefused(start, "site.json");  // cut short
  expectRefused(R"({"schemaVersion": 2, "vcenter": {}})", "schemaVersion is 2");
  expectRefused(R"({"schemaVersion": 1})", "vcenter");
  expectRefused(start + R"(, "hosts": [{"name": "h"}]})", "/hosts/0/moref");
  expectRefused(start + R"(, "hosts": [{"name": 7}]})", "/hosts/0/name");
  expectRefused(start + R"(, "hosts": [{"name": "h", "moref": "host-1", "objectType": "HostSystem",
    "inventoryPath": "/h", "memorySize": "big"}]})",
                "/hosts/0/memorySize");
  expectRefused(
      start + R"(, "virtualMachines": [{"name": "v", "moref": "vm-1", "objectType": "VirtualMachine",
    "inventoryPath": "/v", "disks": [{"key": 99999999999}]}]})",
      "/virtualMachines/0/disks/0/key");
}

BOOST_AUTO_TEST_SUITE_END()
