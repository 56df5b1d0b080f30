// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/inventory_path.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/discovery/sample_site.h"

using namespace failback;
using discovery::Inventory;
using testing::ref;

namespace {

Inventory sampleInventory() {
  Inventory inventory;
  inventory.vcenter = testing::sampleVCenter();
  for (auto& object : testing::sampleObjects()) inventory.add(std::move(object));
  discovery::fillInventoryPaths(inventory);
  return inventory;
}

std::string pathOf(const Inventory& inventory, const std::string& type, const std::string& value) {
  const auto* entity = inventory.entity(ref(type, value));
  BOOST_REQUIRE_MESSAGE(entity != nullptr, "no " << type << " " << value);
  return entity->inventoryPath;
}

vsphere::Folder folder(const std::string& value, const std::string& name,
                       std::optional<vsphere::Moref> parent) {
  vsphere::Folder result;
  result.ref = ref("Folder", value);
  result.name = name;
  result.parent = std::move(parent);
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inventory_path)

BOOST_AUTO_TEST_CASE(paths_are_those_that_vcenter_writes) {
  const Inventory inventory = sampleInventory();
  BOOST_TEST(pathOf(inventory, "Datacenter", "datacenter-2") == "/DC0");
  BOOST_TEST(pathOf(inventory, "VirtualMachine", "vm-40") == "/DC0/vm/mt-linux-01");
  BOOST_TEST(pathOf(inventory, "HostSystem", "host-9") == "/DC0/host/cluster-a/esx-01.example");
  BOOST_TEST(pathOf(inventory, "HostSystem", "host-31") == "/DC0/host/esx-03.example/esx-03.example");
  BOOST_TEST(pathOf(inventory, "Datastore", "datastore-11") == "/DC0/datastore/pod-1/vmfs-01");
}

BOOST_AUTO_TEST_CASE(a_vm_in_a_vapp_lies_in_the_vapp) {
  const Inventory inventory = sampleInventory();
  BOOST_TEST(pathOf(inventory, "VirtualMachine", "vm-42") == "/DC0/host/cluster-a/Resources/shop/shop-db");
}

BOOST_AUTO_TEST_CASE(slashes_in_names_are_escaped) {
  const Inventory inventory = sampleInventory();
  BOOST_TEST(pathOf(inventory, "VirtualMachine", "vm-41") == "/DC0/vm/web%2ffront/web-01");
  BOOST_TEST(discovery::escapeName("100% a\\b/c") == "100%25 a%5cb%2fc");
  BOOST_TEST(discovery::unescapeName("100%25 a%5Cb%2Fc%20%") == "100% a\\b/c%20%");
}

BOOST_AUTO_TEST_CASE(the_root_folder_is_found_without_being_told) {
  Inventory inventory;  // says nothing of a root folder
  vsphere::Datacenter datacenter;
  datacenter.ref = ref("Datacenter", "ha-datacenter");
  datacenter.name = "ha-datacenter";
  datacenter.parent = ref("Folder", "ha-folder-root");
  inventory.add(datacenter);
  inventory.add(folder("ha-folder-root", "ha-folder-root", std::nullopt));
  discovery::fillInventoryPaths(inventory);
  BOOST_TEST(pathOf(inventory, "Datacenter", "ha-datacenter") == "/ha-datacenter");
  BOOST_TEST(inventory.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_parent_that_is_hidden_makes_the_path_visibly_incomplete) {
  Inventory inventory;
  inventory.vcenter = testing::sampleVCenter();
  inventory.add(folder("group-v50", "team", ref("Folder", "group-v3")));  // group-v3 is not there
  inventory.add(folder("group-v51", "other", std::nullopt));
  discovery::fillInventoryPaths(inventory);
  const std::string seen = pathOf(inventory, "Folder", "group-v50");
  BOOST_TEST(seen == ".../team");
  BOOST_TEST(!discovery::InventoryPaths::isComplete(seen));
  BOOST_TEST(pathOf(inventory, "Folder", "group-v51") == ".../other");
  const discovery::InventoryPaths paths(inventory);
  BOOST_TEST(!paths.datacenterOf(*inventory.entity(ref("Folder", "group-v50"))));
}

BOOST_AUTO_TEST_CASE(parents_that_come_later_complete_a_path) {
  Inventory inventory;
  inventory.vcenter = testing::sampleVCenter();
  const discovery::InventoryPaths paths(inventory);
  const vsphere::Folder child = folder("group-v50", "team", ref("Folder", "group-v3"));
  BOOST_TEST(paths.pathOf(child) == ".../team");
  inventory.add(folder("group-v3", "vm", ref("Folder", "group-d1")));
  BOOST_TEST(paths.pathOf(child) == "/vm/team");
}

BOOST_AUTO_TEST_CASE(a_circle_of_parents_ends) {
  Inventory inventory;
  inventory.vcenter = testing::sampleVCenter();
  inventory.add(folder("a", "a", ref("Folder", "b")));
  inventory.add(folder("b", "b", ref("Folder", "a")));
  discovery::fillInventoryPaths(inventory);
  BOOST_TEST(pathOf(inventory, "Folder", "a").substr(0, 3) == "...");
  BOOST_TEST(!discovery::InventoryPaths(inventory).datacenterOf(*inventory.entity(ref("Folder", "a"))));
}

BOOST_AUTO_TEST_CASE(the_datacenter_above) {
  const Inventory inventory = sampleInventory();
  const discovery::InventoryPaths paths(inventory);
  const auto* vm = inventory.find<vsphere::VirtualMachine>(ref("VirtualMachine", "vm-42"));
  BOOST_REQUIRE(vm != nullptr);
  BOOST_TEST(paths.datacenterOf(*vm)->value == "datacenter-2");
}

BOOST_AUTO_TEST_SUITE_END()
