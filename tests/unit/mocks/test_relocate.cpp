// SPDX-License-Identifier: GPL-2.0-or-later
// RelocateVM_Task: files that move and are renamed, machines that point to them.
#include <fmt/format.h>

#include "tests/unit/mocks/task_helper.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

struct RelocateSite : TaskFixture {
  RelocateSite() {
    client.login();
    mt = client.id("DC1/vm/Failback/mt-linux-01");
    web = client.id("DC1/vm/Production/Linux/web-01");
    run("PowerOffVM_Task", self("VirtualMachine", web));
    webDisk = fileOf(web, 2000);
    const std::string host = read("VirtualMachine", mt, {"runtime.host"}).one("//val");
    const std::string home =
        read("VirtualMachine", mt, {"datastore"}).all("//val/ManagedObjectReference").at(0);
    for (const std::string& each :
         read("HostSystem", host, {"datastore"}).all("//val/ManagedObjectReference")) {
      const SoapReply found = read("Datastore", each, {"summary"});
      if (each == home || found.one("//val/type") != "VMFS" || !target.empty()) continue;
      target = each;
      targetName = found.one("//val/name");
    }
  }
  std::string fileOf(const std::string& vm, int key) {
    return read("VirtualMachine", vm, {fmt::format("config.hardware.device[{}]", key)})
        .one("//val/backing/fileName");
  }
  SoapReply attach(int unit = 5) {
    return run(
        "ReconfigVM_Task",
        self("VirtualMachine", mt) +
            fmt::format("<spec><deviceChange><operation>add</operation><device xsi:type=\"VirtualDisk\">"
                        "<key>-1</key><backing xsi:type=\"VirtualDiskFlatVer2BackingInfo\"><fileName>{}"
                        "</fileName><diskMode>persistent</diskMode></backing><controllerKey>1000"
                        "</controllerKey><unitNumber>{}</unitNumber><capacityInKB>0</capacityInKB></device>"
                        "</deviceChange></spec>",
                        webDisk, unit));
  }
  std::string moveTo(const std::string& vm, const std::string& more = "") const {
    return self("VirtualMachine", vm) + "<spec>" + ref("datastore", "Datastore", target) + more + "</spec>";
  }
  std::string mt, web, webDisk, target, targetName;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(relocation)

BOOST_AUTO_TEST_CASE(storage_vmotion) {
  RelocateSite f;
  BOOST_TEST_REQUIRE(!f.target.empty());
  BOOST_TEST(faultOf(f.attach()) == "");
  const std::string uuid =
      f.read("VirtualMachine", f.mt, {"config.hardware.device[2005]"}).one("//val/backing/uuid");
  BOOST_TEST(faultOf(f.run("RelocateVM_Task", f.moveTo(f.mt))) == "");
  BOOST_TEST(f.read("VirtualMachine", f.mt, {"config.files.vmPathName"}).one("//val") ==
             fmt::format("[{}] mt-linux-01/mt-linux-01.vmx", f.targetName));
  BOOST_TEST(f.fileOf(f.mt, 2000) == fmt::format("[{}] mt-linux-01/mt-linux-01.vmdk", f.targetName));
  // The foreign disk came along and is called after the machine that it was moved with.
  BOOST_TEST(f.fileOf(f.mt, 2005).starts_with(fmt::format("[{}] mt-linux-01/mt-linux-01_", f.targetName)));
  BOOST_TEST(f.read("VirtualMachine", f.mt, {"config.hardware.device[2005]"}).one("//val/backing/uuid") ==
             uuid);
  BOOST_TEST(
      f.read("Datastore", f.target, {"vm"}).count(fmt::format("//ManagedObjectReference[.='{}']", f.mt)) ==
      1U);
  // Its home machine still names the old file, which nobody can attach any more.
  BOOST_TEST(f.fileOf(f.web, 2000) == f.webDisk);
  BOOST_TEST(faultOf(f.attach(6)) == "FileNotFound");
}

BOOST_AUTO_TEST_CASE(a_disk_whose_locator_says_its_own_datastore_stays) {
  RelocateSite f;
  f.attach();
  const std::string store =
      f.read("VirtualMachine", f.mt, {"config.hardware.device[2005]"}).one("//val/backing/datastore");
  BOOST_TEST(faultOf(f.run("RelocateVM_Task",
                           f.moveTo(f.mt, "<disk><diskId>2005</diskId>" +
                                              ref("datastore", "Datastore", store) + "</disk>"))) == "");
  BOOST_TEST(f.fileOf(f.mt, 2005) == f.webDisk);
}

BOOST_AUTO_TEST_CASE(a_disk_that_a_running_machine_holds_does_not_move) {
  RelocateSite f;
  f.attach();
  if (f.target ==
      f.read("VirtualMachine", f.web, {"config.hardware.device[2000]"}).one("//val/backing/datastore"))
    return;
  const std::string state = f.read("VirtualMachine", f.mt, {"runtime.powerState"}).one("//val");
  BOOST_TEST(state == "poweredOn");
  BOOST_TEST(faultOf(f.run("RelocateVM_Task", f.moveTo(f.web))) == "FileLocked");
}

BOOST_AUTO_TEST_CASE(checkers) {
  RelocateSite f;
  const std::string checker =
      f.client.call("RetrieveServiceContent", "<_this type=\"ServiceInstance\">ServiceInstance</_this>")
          .one("//vmProvisioningChecker");
  const std::string before = f.fileOf(f.mt, 2000);
  const auto check = [&](const std::string& spec) {
    return f.run("CheckRelocate_Task", self("VirtualMachineProvisioningChecker", checker) +
                                           ref("vm", "VirtualMachine", f.mt) + "<spec>" + spec + "</spec>");
  };
  BOOST_TEST(check(ref("datastore", "Datastore", f.target)).count("//CheckResult/error") == 0U);
  const SoapReply wrong =
      check("<disk><diskId>77</diskId>" + ref("datastore", "Datastore", f.target) + "</disk>");
  BOOST_TEST(faultOf(wrong) == "");
  BOOST_TEST(wrong.one("//CheckResult/error/fault/@type") == "InvalidArgument");
  BOOST_TEST(f.fileOf(f.mt, 2000) == before);
}

BOOST_AUTO_TEST_CASE(what_moves_is_told_in_an_event_with_its_source) {
  RelocateSite f;
  const std::string home = f.fileOf(f.mt, 2000);
  BOOST_TEST(faultOf(f.run("RelocateVM_Task", f.moveTo(f.mt))) == "");
  const auto& events = f.simulation.world().events.items();
  BOOST_TEST_REQUIRE(!events.empty());
  const Value& last = events.back().item;
  BOOST_TEST(last.asObject()->type().name == "VmMigratedEvent");
  BOOST_TEST(home.starts_with(fmt::format("[{}]", last.at("sourceDatastore.name").string())));
  BOOST_TEST(last.at("ds.name").string() == f.targetName);
}

namespace {

struct Failures : RelocateSite {
  const Value& last() { return simulation.world().events.items().back().item; }
  // Starts a task and cancels it half-way.
  SoapReply cancelled(const std::string& method, const std::string& body) {
    const std::string task = client.call(method, body).one("//returnval");
    BOOST_TEST_REQUIRE(!task.empty());
    simulation.scheduler().advance(std::chrono::milliseconds(1));
    BOOST_TEST(client.call("CancelTask", self("Task", task)).status == 200);
    simulation.scheduler().advance(std::chrono::seconds(30));
    return read("Task", task, {"info"});
  }
  std::size_t filesOn(const std::string& datastore) {
    return simulation.world().files.below({datastore, ""}).size();
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_move_that_does_not_happen_is_told_in_its_chain) {
  Failures f;
  const std::size_t before = f.filesOn(f.target);
  const SoapReply info = f.cancelled("RelocateVM_Task", f.moveTo(f.mt));
  BOOST_TEST(faultOf(info) == "RequestCanceled");
  BOOST_TEST(f.last().asObject()->type().name == "VmFailedMigrateEvent");
  BOOST_TEST(f.last().at("reason.fault").asObject()->type().name == "RequestCanceled");
  BOOST_TEST(f.last().at("destDatastore.name").string() == f.targetName);
  BOOST_TEST(std::to_string(*f.last().at("chainId").asInteger()) == info.one("//val/eventChainId"));
  BOOST_TEST(f.filesOn(f.target) == before);
  // Off, and refused: the machine's disk is held by the one that it is attached to.
  f.attach();
  BOOST_TEST(faultOf(f.run("RelocateVM_Task", f.moveTo(f.web))) == "FileLocked");
  BOOST_TEST(f.last().asObject()->type().name == "VmRelocateFailedEvent");
  BOOST_TEST(f.last().at("reason.fault").asObject()->type().name == "FileLocked");
}

BOOST_AUTO_TEST_CASE(a_clone_that_does_not_happen_is_told_and_leaves_nothing) {
  Failures f;
  const std::string folder = f.read("VirtualMachine", f.web, {"parent"}).one("//val");
  const std::size_t before = f.filesOn(f.target);
  const auto with = [&](const std::string& config) {
    return self("VirtualMachine", f.web) + ref("folder", "Folder", folder) +
           "<name>copy</name><spec><location>" + ref("datastore", "Datastore", f.target) +
           "</location><template>false</template>" + config + "<powerOn>false</powerOn></spec>";
  };
  const SoapReply info = f.cancelled("CloneVM_Task", with(""));
  BOOST_TEST(faultOf(info) == "RequestCanceled");
  BOOST_TEST(f.last().asObject()->type().name == "VmCloneFailedEvent");
  BOOST_TEST(f.last().at("destName").string() == "copy");
  BOOST_TEST(std::to_string(*f.last().at("chainId").asInteger()) == info.one("//val/eventChainId"));
  BOOST_TEST(f.filesOn(f.target) == before);
  // A new disk with the name that the copy's first one has: it fails when the copies are there already.
  const std::string taken = fmt::format(
      "<config><deviceChange><operation>add</operation><fileOperation>create</fileOperation><device "
      "xsi:type=\"VirtualDisk\"><key>-1</key><backing "
      "xsi:type=\"VirtualDiskFlatVer2BackingInfo\"><fileName>[{}] "
      "copy/copy.vmdk</fileName><diskMode>persistent</diskMode></backing><controllerKey>1000</controllerKey>"
      "<unitNumber>9</unitNumber><capacityInKB>1024</capacityInKB></device></deviceChange></config>",
      f.targetName);
  BOOST_TEST(faultOf(f.run("CloneVM_Task", with(taken))) == "FileAlreadyExists");
  BOOST_TEST(f.last().asObject()->type().name == "VmCloneFailedEvent");
  BOOST_TEST(f.filesOn(f.target) == before);
}

BOOST_AUTO_TEST_CASE(nothing_new_comes_to_a_datastore_in_maintenance_mode) {
  Failures f;
  const std::string store =
      f.read("VirtualMachine", f.web, {"config.hardware.device[2000]"}).one("//val/backing/datastore");
  {
    const std::lock_guard lock(f.simulation.world().lock());
    Inventory& inventory = f.simulation.world().inventory;
    inventory.set(store, "summary.maintenanceMode", "inMaintenance");
    inventory.set(f.target, "summary.maintenanceMode", "enteringMaintenance");
    inventory.commit();
  }
  const SoapReply existing = f.attach();
  BOOST_TEST(faultOf(existing) == "InvalidDatastoreState");
  const SoapReply fresh = f.run(
      "ReconfigVM_Task",
      self("VirtualMachine", f.mt) +
          fmt::format(
              "<spec><deviceChange><operation>add</operation><fileOperation>create</fileOperation><device "
              "xsi:type=\"VirtualDisk\"><key>-1</key><backing "
              "xsi:type=\"VirtualDiskFlatVer2BackingInfo\"><fileName>[{}]</fileName><diskMode>persistent"
              "</diskMode></backing><controllerKey>1000</controllerKey><unitNumber>9</unitNumber>"
              "<capacityInKB>1024</capacityInKB></device></deviceChange></spec>",
              f.targetName));
  BOOST_TEST(faultOf(fresh) == "InvalidDatastoreState");
  BOOST_TEST(fresh.one("//val/error/fault/datastoreName") == f.targetName);
}

BOOST_AUTO_TEST_SUITE_END()
