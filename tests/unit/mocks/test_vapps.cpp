// SPDX-License-Identifier: GPL-2.0-or-later
// vApps as clients make, start, stop and change them.
#include <algorithm>

#include "tests/unit/mocks/places.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

const std::string resources =
    "<cpuAllocation><reservation>0</reservation><expandableReservation>true</expandableReservation>"
    "<limit>-1</limit><shares><shares>0</shares><level>normal</level></shares></cpuAllocation>"
    "<memoryAllocation><reservation>0</reservation><expandableReservation>true</expandableReservation>"
    "<limit>-1</limit><shares><shares>0</shares><level>normal</level></shares></memoryAllocation>";

struct Shop : Places {
  explicit Shop() : Places("vapp") {
    vapp = client.id("DC1/vm/Production/shop");
    pool = client.id("DC1/host/Cluster-1/Resources");
    for (const std::string& each : refs("VirtualApp", vapp, "vm")) {
      (text("VirtualMachine", each, "name") == "shop-db" ? db : web) = each;
    }
  }
  SoapReply vappTask(const std::string& method, const std::string& body = {}) {
    return task(method, self("VirtualApp", vapp) + body);
  }
  std::string power(const std::string& vm) { return text("VirtualMachine", vm, "runtime.powerState"); }
  std::string summary(const std::string& id, const std::string& member) {
    return read("VirtualApp", id, {"summary"}).one("//val/" + member);
  }
  std::string vappState() { return summary(vapp, "vAppState"); }
  // The machines of the events of a type, in their order.
  std::vector<std::string> machinesOf(const std::string& type) {
    std::vector<std::string> found;
    const std::lock_guard lock(simulation.world().lock());
    for (const HistoryItem& each : simulation.world().events.items()) {
      if (each.item.asObject()->type().name == type) found.emplace_back(each.item.at("vm.name").string());
    }
    return found;
  }
  SoapReply create(const std::string& name, const std::string& folder) {
    return client.call("CreateVApp", self("ResourcePool", pool) + "<name>" + name + "</name><resSpec>" +
                                         resources + "</resSpec><configSpec></configSpec>" +
                                         (folder.empty() ? "" : ref("vmFolder", "Folder", folder)));
  }
  std::string vapp, pool, db, web;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(vapps)

BOOST_AUTO_TEST_CASE(machines_start_in_the_order_of_the_vapp_and_stop_the_other_way_round) {
  Shop f;
  BOOST_TEST(state(f.vappTask("PowerOffVApp_Task", "<force>false</force>")) == "success");
  BOOST_TEST(f.power(f.db) == "poweredOff");
  BOOST_TEST(f.vappState() == "stopped");
  BOOST_TEST(fault(f.vappTask("PowerOffVApp_Task", "<force>true</force>")) == "InvalidPowerState");
  BOOST_TEST(fault(f.vappTask("SuspendVApp_Task")) == "InvalidPowerState");
  BOOST_TEST(f.vappState() == "stopped");

  // The web server first, now.
  const SoapReply changed = f.client.call(
      "UpdateVAppConfig",
      self("VirtualApp", f.vapp) + "<spec><entityConfig>" + ref("key", "VirtualMachine", f.web) +
          "<startOrder>1</startOrder></entityConfig><entityConfig>" + ref("key", "VirtualMachine", f.db) +
          "<startOrder>2</startOrder></entityConfig></spec>");
  BOOST_TEST(changed.status == 200);
  BOOST_TEST(state(f.vappTask("PowerOnVApp_Task")) == "success");
  BOOST_TEST(f.vappState() == "started");
  const std::vector<std::string> order = f.machinesOf("VmPoweredOnEvent");
  BOOST_REQUIRE(order.size() >= 2u);
  BOOST_TEST(order[order.size() - 2] == "shop-web");
  BOOST_TEST(order.back() == "shop-db");

  BOOST_TEST(fault(f.vappTask("PowerOnVApp_Task")) == "InvalidPowerState");
  BOOST_TEST(state(f.vappTask("PowerOffVApp_Task", "<force>false</force>")) == "success");
  const std::vector<std::string> stopped = f.machinesOf("VmPoweredOffEvent");
  BOOST_TEST(stopped.back() == "shop-web");
}

BOOST_AUTO_TEST_CASE(a_machine_that_cannot_start_ends_the_task_and_what_runs_goes_on) {
  Shop f;
  f.vappTask("PowerOffVApp_Task", "<force>true</force>");
  const std::string path =
      f.read("VirtualMachine", f.web, {"config.hardware.device"}).one("//backing/fileName");
  const std::string datacenter = f.client.id("DC1");
  BOOST_TEST(state(f.task("DeleteVirtualDisk_Task",
                          self("VirtualDiskManager", "virtualDiskManager") + "<name>" + path + "</name>" +
                              ref("datacenter", "Datacenter", datacenter))) == "success");
  const SoapReply started = f.vappTask("PowerOnVApp_Task");
  BOOST_TEST(fault(started) == "FileNotFound");
  BOOST_TEST(f.power(f.db) == "poweredOn");
  BOOST_TEST(f.power(f.web) == "poweredOff");
  BOOST_TEST(f.vappState() == "started");
}

BOOST_AUTO_TEST_CASE(suspending_is_said_of_the_vapp) {
  Shop f;
  BOOST_TEST(state(f.vappTask("SuspendVApp_Task")) == "success");
  BOOST_TEST(f.power(f.db) == "suspended");
  BOOST_TEST(f.vappState() == "stopped");
  BOOST_TEST(f.summary(f.vapp, "suspended") == "true");
}

BOOST_AUTO_TEST_CASE(a_vapp_is_made_in_a_pool_and_a_folder) {
  Shop f;
  BOOST_TEST(f.create("new", "").one("//detail/*/invalidProperty") == "vmFolder");
  const std::string folder = f.client.id("DC1/vm/Production");
  const std::string made = f.create("new", folder).one("//returnval");
  BOOST_TEST(f.client.id("DC1/vm/Production/new") == made);
  BOOST_TEST(f.client.id("DC1/host/Cluster-1/Resources/new") == made);
  BOOST_TEST(f.create("NEW", folder).faultType() == "DuplicateName");
  BOOST_TEST(f.summary(made, "vAppState") == "stopped");
  BOOST_TEST(f.client.call("PowerOnVApp_Task", self("VirtualApp", made)).faultType() == "NoVmInVApp");

  // A machine that moves in leaves its folder, and starts last.
  const std::string batch = f.client.id("DC1/vm/batch-01");
  BOOST_TEST(
      f.client.call("MoveIntoResourcePool", self("VirtualApp", made) + ref("list", "VirtualMachine", batch))
          .status == 200);
  BOOST_TEST(f.text("VirtualMachine", batch, "parentVApp") == made);
  BOOST_TEST(f.text("VirtualMachine", batch, "parent").empty());
  BOOST_TEST(f.read("VirtualApp", made, {"vAppConfig"}).one("//entityConfig/key") == batch);
  // And out again, into the folder of the vApp.
  BOOST_TEST(
      f.client
          .call("MoveIntoResourcePool", self("ResourcePool", f.pool) + ref("list", "VirtualMachine", batch))
          .status == 200);
  BOOST_TEST(f.text("VirtualMachine", batch, "parent") == folder);

  BOOST_TEST(state(f.task("Destroy_Task", self("VirtualApp", made))) == "success");
  BOOST_TEST(f.client.id("DC1/vm/Production/new").empty());
}

BOOST_AUTO_TEST_CASE(a_machine_is_registered_in_a_vapp) {
  Shop f;
  const std::string batch = f.client.id("DC1/vm/batch-01");
  f.task("PowerOffVM_Task", self("VirtualMachine", batch));
  const std::string path = f.text("VirtualMachine", batch, "config.files.vmPathName");
  BOOST_TEST(f.client.call("UnregisterVM", self("VirtualMachine", batch)).status == 200);
  const SoapReply registered = f.task(
      "RegisterChildVM_Task", self("VirtualApp", f.vapp) + "<path>" + path + "</path><name>again</name>");
  BOOST_TEST(state(registered) == "success");
  const std::string vm = registered.one("//val/result");
  BOOST_TEST(f.text("VirtualMachine", vm, "parentVApp") == f.vapp);
  BOOST_TEST(f.text("VirtualMachine", vm, "parent").empty());
  const auto members = [&] { return f.read("VirtualApp", f.vapp, {"vAppConfig"}).count("//entityConfig"); };
  BOOST_TEST(members() == 3u);
  BOOST_TEST(f.client.call("UnregisterVM", self("VirtualMachine", vm)).status == 200);
  BOOST_TEST(members() == 2u);
}

BOOST_AUTO_TEST_CASE(properties_are_changed_one_by_one) {
  Shop f;
  const auto update = [&](const std::string& spec) {
    return f.client.call("UpdateVAppConfig", self("VirtualApp", f.vapp) + "<spec>" + spec + "</spec>");
  };
  const std::string info = "<info><key>1</key><id>port</id><value>80</value></info>";
  BOOST_TEST(update("<property><operation>add</operation>" + info + "</property>").status == 200);
  BOOST_TEST(update("<property><operation>add</operation>" + info + "</property>").faultType() ==
             "InvalidArgument");
  BOOST_TEST(update("<annotation>web last</annotation>").status == 200);
  const SoapReply config = f.read("VirtualApp", f.vapp, {"vAppConfig"});
  BOOST_TEST(config.one("//property/id") == "port");
  BOOST_TEST(config.one("//annotation") == "web last");
  BOOST_TEST(update("<entityConfig>" + ref("key", "VirtualMachine", f.client.id("DC1/vm/batch-01")) +
                    "</entityConfig>")
                 .one("//detail/*/invalidProperty") == "spec.entityConfig.key");
}

BOOST_AUTO_TEST_CASE(unregistering_keeps_the_files) {
  Shop f;
  BOOST_TEST(f.client.call("unregisterVApp_Task", self("VirtualApp", f.vapp)).faultType() == "InvalidState");
  f.vappTask("PowerOffVApp_Task", "<force>true</force>");
  const std::string path = f.text("VirtualMachine", f.db, "config.files.vmPathName");
  BOOST_TEST(state(f.vappTask("unregisterVApp_Task")) == "success");
  BOOST_TEST(f.client.id("DC1/vm/Production/shop").empty());
  const std::lock_guard lock(f.simulation.world().lock());
  World& world = f.simulation.world();
  BOOST_TEST(world.files.exists(world.files.locate(path)));
}

BOOST_AUTO_TEST_SUITE_END()
