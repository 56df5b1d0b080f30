// SPDX-License-Identifier: GPL-2.0-or-later
// The inventory tree as clients change it: folders, names, moves, pools.
#include <algorithm>

#include "tests/unit/mocks/places.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

struct Tree : Places {
  using Places::Places;

  SoapReply create(const std::string& parent, const std::string& name) {
    return client.call("CreateFolder", self("Folder", client.id(parent)) + "<name>" + name + "</name>");
  }
  SoapReply rename(const std::string& type, const std::string& id, const std::string& name) {
    return task("Rename_Task", self(type, id) + "<newName>" + name + "</newName>");
  }
  SoapReply move(const std::string& folder, const std::string& type, const std::string& id) {
    return client.call("MoveIntoFolder_Task", self("Folder", folder) + ref("list", type, id));
  }

  static std::string poolSpec(int reservation = 0) {
    const std::string rest =
        "<expandableReservation>true</expandableReservation><limit>-1</limit>"
        "<shares><shares>0</shares><level>high</level></shares>";
    return "<cpuAllocation><reservation>" + std::to_string(reservation) + "</reservation>" + rest +
           "</cpuAllocation><memoryAllocation><reservation>0</reservation>" + rest + "</memoryAllocation>";
  }
  SoapReply createPool(const std::string& parent, const std::string& name, int reservation = 0) {
    return client.call("CreateResourcePool", self("ResourcePool", parent) + "<name>" + name +
                                                 "</name><spec>" + poolSpec(reservation) + "</spec>");
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(folders)

BOOST_AUTO_TEST_CASE(a_folder_is_made_and_its_name_is_taken_without_case) {
  Tree f;
  const std::string made = f.create("DC1/vm", "New").one("//returnval");
  BOOST_TEST(f.client.id("DC1/vm/New") == made);
  BOOST_TEST(contains(f.refs("Folder", made, "childType"), "VirtualMachine"));

  const SoapReply again = f.create("DC1/vm", "nEW");
  BOOST_TEST(again.faultType() == "DuplicateName");
  BOOST_TEST(again.one("//detail/*/object") == made);
  BOOST_TEST(f.create("DC1/vm/New", "New").status == 200);  // elsewhere it is free
}

BOOST_AUTO_TEST_CASE(names_are_kept_with_escapes_and_compared_without) {
  Tree f;
  const std::string made = f.create("DC1/vm", "a/b").one("//returnval");
  BOOST_TEST(f.text("Folder", made, "name") == "a%2fb");
  BOOST_TEST(f.create("DC1/vm", "A%2Fb").faultType() == "DuplicateName");
  BOOST_TEST(f.create("DC1/vm", "").faultType() == "InvalidName");
  BOOST_TEST(f.create("DC1/vm", std::string(81, 'x')).faultType() == "InvalidName");
  BOOST_TEST(f.create("DC1/vm", std::string(80, 'x')).status == 200);
}

BOOST_AUTO_TEST_CASE(a_datacenter_comes_with_its_four_folders) {
  Tree f;
  const std::string made =
      f.client.call("CreateDatacenter", self("Folder", "group-d1") + "<name>DC2</name>").one("//returnval");
  for (const std::string folder : {"vm", "host", "datastore", "network"}) {
    BOOST_TEST(!f.client.id("DC2/" + folder).empty());
  }
  BOOST_TEST(f.posted("DatacenterCreatedEvent"));
  BOOST_TEST(f.create("DC2/host", "Racks").status == 200);
  // A datacenter is no place in a folder of machines.
  const SoapReply wrong =
      f.client.call("CreateDatacenter", self("Folder", f.client.id("DC1/vm")) + "<name>DC3</name>");
  BOOST_TEST(wrong.faultType() == "NotSupported");
  BOOST_TEST(state(f.task("Destroy_Task", self("Datacenter", made))) == "success");
  BOOST_TEST(f.client.id("DC2").empty());
}

BOOST_AUTO_TEST_CASE(renaming_a_machine_shows_everywhere_and_is_told) {
  Tree f;
  const std::string vm = f.client.id(webPath);
  BOOST_TEST(state(f.rename("VirtualMachine", vm, "web-new")) == "success");
  const SoapReply read = f.read("VirtualMachine", vm, {"name", "config.name", "summary.config.name"});
  BOOST_TEST(read.all("//val") == std::vector<std::string>(3, "web-new"), boost::test_tools::per_element());
  BOOST_TEST(f.posted("VmRenamedEvent"));
  const SoapReply taken = f.rename("VirtualMachine", vm, "DB-01");
  BOOST_TEST(fault(taken) == "DuplicateName");
  BOOST_TEST(taken.one("//val/error/fault/object") == f.client.id("DC1/vm/Production/Linux/db-01"));
  BOOST_TEST(state(f.rename("VirtualMachine", vm, "WEB-NEW")) ==
             "success");  // its own name, otherwise written
}

BOOST_AUTO_TEST_CASE(renaming_a_datastore_renames_the_paths_of_its_machines) {
  Tree f;
  const std::string store = f.client.id("DC1/datastore/VMFS-Cluster/vmfs-02");
  const std::string vm = f.client.id("DC1/vm/Production/Linux/db-01");
  BOOST_TEST(fault(f.rename("Datastore", store, "VSAN-01")) == "DuplicateName");
  BOOST_TEST(state(f.rename("Datastore", store, "gold")) == "success");
  BOOST_TEST(f.text("Datastore", store, "summary.name") == "gold");
  BOOST_TEST(f.text("VirtualMachine", vm, "config.files.vmPathName").starts_with("[gold] db-01/"));
  const SoapReply all = f.read("VirtualMachine", vm, {"config", "layoutEx", "summary"});
  BOOST_TEST(!all.has("vmfs-02"));
  BOOST_TEST(all.has("[vsan-01]"));  // others stay
  BOOST_TEST(f.posted("DatastoreRenamedEvent"));
}

BOOST_AUTO_TEST_CASE(what_a_server_keeps_is_neither_renamed_nor_destroyed) {
  Tree f;
  for (const auto& [type, id] : std::vector<std::pair<std::string, std::string>>{
           {"Folder", "group-d1"},
           {"Folder", f.client.id("DC1/vm")},
           {"ResourcePool", f.client.id("DC1/host/Cluster-1/Resources")},
           {"HostSystem", f.client.id("DC1/host/Cluster-1/esx-01.site.example")}}) {
    const SoapReply renamed = f.client.call("Rename_Task", self(type, id) + "<newName>x</newName>");
    BOOST_TEST(renamed.faultType() == "NotSupported");
    if (type == "HostSystem") continue;
    BOOST_TEST(f.client.call("Destroy_Task", self(type, id)).faultType() == "NotSupported");
  }
}

BOOST_AUTO_TEST_CASE(a_machine_moves_to_another_folder) {
  Tree f;
  const std::string vm = f.client.id(webPath), target = f.client.id("DC1/vm/Templates");
  const std::string moved = f.move(target, "VirtualMachine", vm).one("//returnval");
  BOOST_TEST(state(f.outcome(moved)) == "success");
  BOOST_TEST(f.client.id("DC1/vm/Templates/web-01") == vm);
  BOOST_TEST(f.client.id(webPath).empty());
  BOOST_TEST(f.text("VirtualMachine", vm, "parent") == target);
}

BOOST_AUTO_TEST_CASE(moves_that_cannot_be_are_refused) {
  Tree f;
  const std::string production = f.client.id("DC1/vm/Production"),
                    linux = f.client.id("DC1/vm/Production/Linux");
  BOOST_TEST(f.move(linux, "Folder", production).faultType() == "InvalidFolder");
  BOOST_TEST(f.move(production, "Folder", production).faultType() == "InvalidFolder");
  BOOST_TEST(f.move(f.client.id("DC1/datastore"), "VirtualMachine", f.client.id(webPath)).faultType() ==
             "NotSupported");
  BOOST_TEST(f.move(f.client.id("DC1/datastore"), "Folder", linux).faultType() == "NotSupported");
  BOOST_TEST(f.move(production, "VirtualMachine", "vm-99999").faultType() == "ManagedObjectNotFound");
  f.create("DC1/vm/Templates", "Linux");
  const SoapReply taken =
      f.outcome(f.move(f.client.id("DC1/vm/Templates"), "Folder", linux).one("//returnval"));
  BOOST_TEST(fault(taken) == "DuplicateName");
}

BOOST_AUTO_TEST_CASE(a_datastore_cluster_is_as_large_as_its_datastores) {
  Tree f;
  const std::string pod =
      f.client.call("CreateStoragePod", self("Folder", f.client.id("DC1/datastore")) + "<name>Pod</name>")
          .one("//returnval");
  BOOST_TEST(f.text("StoragePod", pod, "summary.capacity") == "0");
  const std::string store = f.client.id("DC1/datastore/VMFS-Cluster/vmfs-01");
  const std::string old = f.client.id("DC1/datastore/VMFS-Cluster");
  const std::string before = f.text("StoragePod", old, "summary.capacity");
  BOOST_TEST(state(f.outcome(f.move(pod, "Datastore", store).one("//returnval"))) == "success");
  BOOST_TEST(f.text("StoragePod", pod, "summary.capacity") == f.text("Datastore", store, "summary.capacity"));
  BOOST_TEST(std::stoll(f.text("StoragePod", old, "summary.capacity")) * 2 == std::stoll(before));
}

BOOST_AUTO_TEST_CASE(an_empty_folder_is_destroyed_and_its_number_is_not_used_again) {
  Tree f;
  const std::string made = f.create("DC1/vm", "Brief").one("//returnval");
  BOOST_TEST(state(f.task("Destroy_Task", self("Folder", made))) == "success");
  BOOST_TEST(f.client.id("DC1/vm/Brief").empty());
  BOOST_TEST(f.create("DC1/vm", "Brief").one("//returnval") != made);
  // Running machines keep their folder.
  const SoapReply full = f.task("Destroy_Task", self("Folder", f.client.id("DC1/vm/Production")));
  BOOST_TEST(fault(full) == "InvalidState");
  BOOST_TEST(!f.client.id(webPath).empty());
}

BOOST_AUTO_TEST_CASE(who_only_reads_changes_nothing) {
  Tree f("site", "readonly");
  const std::string folder = f.client.id("DC1/vm");
  BOOST_TEST(f.create("DC1/vm", "New").faultType() == "NoPermission");
  const SoapReply moved = f.move(folder, "VirtualMachine", f.client.id(webPath));
  BOOST_TEST(moved.faultType() == "NoPermission");
  BOOST_TEST(moved.one("//detail/*/privilegeId") == "VirtualMachine.Inventory.Move");
  const SoapReply renamed =
      f.client.call("Rename_Task", self("Folder", f.client.id("DC1/vm/Templates")) + "<newName>x</newName>");
  BOOST_TEST(renamed.one("//detail/*/privilegeId") == "Folder.Rename");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(pools)

BOOST_AUTO_TEST_CASE(a_pool_is_made_changed_and_destroyed) {
  Tree f;
  const std::string root = f.client.id("DC1/host/Cluster-1/Resources");
  const std::string pool = f.createPool(root, "Gold", 500).one("//returnval");
  BOOST_TEST(contains(f.refs("ResourcePool", root, "resourcePool"), pool));
  BOOST_TEST(f.text("ResourcePool", pool, "config.cpuAllocation.shares.shares") == "8000");
  BOOST_TEST(f.text("ResourcePool", root, "runtime.cpu.reservationUsed") == "500");
  BOOST_TEST(f.posted("ResourcePoolCreatedEvent"));
  BOOST_TEST(f.createPool(root, "gold").faultType() == "DuplicateName");
  BOOST_TEST(f.createPool(root, "Huge", 100'000'000).faultType() == "InsufficientCpuResourcesFault");

  const std::string change =
      "<name>Silver</name><config><cpuAllocation><limit>900</limit></cpuAllocation><memoryAllocation/></"
      "config>";
  BOOST_TEST(f.client.call("UpdateConfig", self("ResourcePool", pool) + change).status == 200);
  BOOST_TEST(f.text("ResourcePool", pool, "name") == "Silver");
  BOOST_TEST(f.text("ResourcePool", pool, "config.cpuAllocation.limit") == "900");
  BOOST_TEST(f.text("ResourcePool", pool, "config.cpuAllocation.reservation") == "500");
  BOOST_TEST(f.text("ResourcePool", pool, "summary.name") == "Silver");

  BOOST_TEST(state(f.task("Destroy_Task", self("ResourcePool", pool))) == "success");
  BOOST_TEST(f.text("ResourcePool", root, "runtime.cpu.reservationUsed") == "0");
}

BOOST_AUTO_TEST_CASE(a_stale_change_of_a_pool_is_refused) {
  Tree f;
  const std::string pool = f.client.id("DC1/host/Cluster-1/Resources/Production");
  const std::string body =
      "<config><changeVersion>long ago</changeVersion><cpuAllocation/><memoryAllocation/></config>";
  BOOST_TEST(f.client.call("UpdateConfig", self("ResourcePool", pool) + body).faultType() ==
             "ConcurrentAccess");
}

BOOST_AUTO_TEST_CASE(machines_move_between_pools_and_survive_them) {
  Tree f;
  const std::string vm = f.client.id(webPath), root = f.client.id("DC1/host/Cluster-1/Resources");
  const std::string old = f.client.id("DC1/host/Cluster-1/Resources/Production");
  const std::string pool = f.createPool(root, "Gold").one("//returnval");
  BOOST_TEST(
      f.client.call("MoveIntoResourcePool", self("ResourcePool", pool) + ref("list", "VirtualMachine", vm))
          .status == 200);
  BOOST_TEST(f.text("VirtualMachine", vm, "resourcePool") == pool);
  BOOST_TEST(!contains(f.refs("ResourcePool", old, "vm"), vm));
  BOOST_TEST(f.posted("VmResourcePoolMovedEvent"));
  const SoapReply below =
      f.client.call("MoveIntoResourcePool", self("ResourcePool", pool) + ref("list", "ResourcePool", pool));
  BOOST_TEST(below.faultType() == "InvalidArgument");

  BOOST_TEST(
      f.client.call("MoveIntoResourcePool", self("ResourcePool", old) + ref("list", "ResourcePool", pool))
          .status == 200);
  BOOST_TEST(f.client.id("DC1/host/Cluster-1/Resources/Production/Gold") == pool);
  BOOST_TEST(f.client.call("DestroyChildren", self("ResourcePool", root)).status == 200);
  BOOST_TEST(f.text("VirtualMachine", vm, "resourcePool") == root);
  BOOST_TEST(f.refs("ResourcePool", root, "resourcePool").empty());
}

BOOST_AUTO_TEST_SUITE_END()
