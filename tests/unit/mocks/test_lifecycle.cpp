// SPDX-License-Identifier: GPL-2.0-or-later
// Machines made, registered, cloned, turned into templates, removed. Cases are named after rows of the table
// of what has to be as a real vCenter has it.
#include <fmt/format.h>

#include "tests/unit/mocks/task_helper.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

struct Site : TaskFixture {
  Site() {
    client.login();
    web = client.id("DC1/vm/Production/Linux/web-01");
    run("PowerOffVM_Task", self("VirtualMachine", web));
    pool = value("resourcePool");
    folder = value("parent");
    instance = value("config.instanceUuid");
    vmx = value("config.files.vmPathName");
    datastore = vmx.substr(1, vmx.find(']') - 1);
  }
  std::string value(const std::string& path) { return valueOf(web, path); }
  std::string valueOf(const std::string& vm, const std::string& path) {
    return read("VirtualMachine", vm, {path}).one("//val");
  }
  SoapReply create(const std::string& name, const std::string& more = "") {
    return run("CreateVM_Task", creation(name, more));
  }
  std::string creation(const std::string& name, const std::string& more = "") const {
    return fmt::format("{}<config><name>{}</name>{}<files><vmPathName>[{}]</vmPathName></files></config>{}",
                       self("Folder", folder), name, more, datastore, ref("pool", "ResourcePool", pool));
  }
  SoapReply registerVm(const std::string& path, const std::string& name) {
    return run("RegisterVM_Task",
               fmt::format("{}<path>{}</path><name>{}</name><asTemplate>false</asTemplate>{}",
                           self("Folder", folder), path, name, ref("pool", "ResourcePool", pool)));
  }
  std::string web, pool, folder, instance, vmx, datastore;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(lifecycle)

BOOST_AUTO_TEST_CASE(names) {
  Site f;
  const SoapReply taken = f.create("web-01");
  BOOST_TEST(faultOf(taken) == "DuplicateName");
  BOOST_TEST(taken.one("//fault/object") == f.web);
  // Two at once: both are tasks, the second one fails.
  BOOST_TEST(f.client.call("CreateVM_Task", f.creation("twice")).status == 200);
  BOOST_TEST(faultOf(f.run("CreateVM_Task", f.creation("twice"))) == "DuplicateName");
}

BOOST_AUTO_TEST_CASE(a_new_machine_is_where_it_belongs) {
  Site f;
  const SoapReply made = f.create("new-01");
  BOOST_TEST(faultOf(made) == "");
  const std::string vm = made.one("//val/result");
  BOOST_TEST(f.client.id("DC1/vm/Production/Linux/new-01") == vm);
  BOOST_TEST(f.valueOf(vm, "config.files.vmPathName") == fmt::format("[{}] new-01/new-01.vmx", f.datastore));
  const std::string host = f.valueOf(vm, "runtime.host");
  BOOST_TEST(f.read("HostSystem", host, {"vm"}).count(fmt::format("//ManagedObjectReference[.='{}']", vm)) ==
             1U);
  BOOST_TEST(
      f.read("ResourcePool", f.pool, {"vm"}).count(fmt::format("//ManagedObjectReference[.='{}']", vm)) ==
      1U);
  BOOST_TEST(f.valueOf(vm, "runtime.powerState") == "poweredOff");
}

BOOST_AUTO_TEST_CASE(instance_uuids) {
  Site f;
  const SoapReply made = f.create("new-02", "<instanceUuid>" + f.instance + "</instanceUuid>");
  BOOST_TEST(faultOf(made) == "");
  const std::string vm = made.one("//val/result");
  BOOST_TEST(f.valueOf(vm, "config.instanceUuid") != f.instance);
  BOOST_TEST(f.value("config.instanceUuid") == f.instance);
}

BOOST_AUTO_TEST_CASE(register_) {
  Site f;
  const std::string disk =
      f.read("VirtualMachine", f.web, {"config.hardware.device[2000]"}).one("//val/backing/uuid");
  const std::string memory = f.value("config.hardware.memoryMB"), bios = f.value("config.uuid");
  BOOST_TEST(faultOf(f.registerVm(f.vmx, "other")) == "AlreadyExists");
  BOOST_TEST(f.client.call("UnregisterVM", self("VirtualMachine", f.web)).status == 200);
  BOOST_TEST(faultOf(f.registerVm(f.vmx + "x", "other")) == "FileNotFound");
  const SoapReply back = f.registerVm(f.vmx, "back-01");
  BOOST_TEST(faultOf(back) == "");
  const std::string vm = back.one("//val/result");
  BOOST_TEST(vm != f.web);
  BOOST_TEST(f.valueOf(vm, "config.hardware.memoryMB") == memory);
  BOOST_TEST(f.valueOf(vm, "config.uuid") == bios);
  BOOST_TEST(f.valueOf(vm, "config.instanceUuid") == f.instance);
  BOOST_TEST(f.read("VirtualMachine", vm, {"config.hardware.device[2000]"}).one("//val/backing/uuid") ==
             disk);
}

BOOST_AUTO_TEST_CASE(a_running_machine_is_neither_unregistered_nor_destroyed) {
  Site f;
  f.run("PowerOnVM_Task", self("VirtualMachine", f.web));
  BOOST_TEST(f.client.call("UnregisterVM", self("VirtualMachine", f.web)).faultType() == "InvalidPowerState");
  BOOST_TEST(faultOf(f.run("Destroy_Task", self("VirtualMachine", f.web))) == "InvalidPowerState");
}

BOOST_AUTO_TEST_CASE(destroy_takes_the_files) {
  Site f;
  BOOST_TEST(faultOf(f.run("Destroy_Task", self("VirtualMachine", f.web))) == "");
  BOOST_TEST(faultOf(f.registerVm(f.vmx, "back-01")) == "FileNotFound");
  BOOST_TEST(f.client.id("DC1/vm/Production/Linux/web-01") == "");
}

BOOST_AUTO_TEST_CASE(clones_are_twins_but_for_the_instance_uuid) {
  Site f;
  const std::string disk =
      f.read("VirtualMachine", f.web, {"config.hardware.device[2000]"}).one("//val/backing/uuid");
  const SoapReply made =
      f.run("CloneVM_Task", fmt::format("{}{}<name>copy-01</name><spec><location/><template>false</template>"
                                        "<powerOn>false</powerOn></spec>",
                                        self("VirtualMachine", f.web), ref("folder", "Folder", f.folder)));
  BOOST_TEST(faultOf(made) == "");
  const std::string vm = made.one("//val/result");
  const SoapReply copy = f.read("VirtualMachine", vm, {"config.hardware.device[2000]"});
  BOOST_TEST(copy.one("//val/backing/uuid") == disk);
  BOOST_TEST(copy.one("//val/backing/fileName") == fmt::format("[{}] copy-01/copy-01.vmdk", f.datastore));
  BOOST_TEST(f.valueOf(vm, "config.instanceUuid") != f.instance);
}

BOOST_AUTO_TEST_CASE(templates_and_back) {
  Site f;
  BOOST_TEST(f.client.call("MarkAsTemplate", self("VirtualMachine", f.web)).status == 200);
  BOOST_TEST(f.value("config.template") == "true");
  BOOST_TEST(f.value("resourcePool") == "");
  BOOST_TEST(f.value("config.files.vmPathName").ends_with(".vmtx"));
  BOOST_TEST(
      f.client
          .call("MarkAsVirtualMachine", self("VirtualMachine", f.web) + ref("pool", "ResourcePool", f.pool))
          .status == 200);
  BOOST_TEST(f.value("resourcePool") == f.pool);
  BOOST_TEST(f.value("config.files.vmPathName") == f.vmx);
}

BOOST_AUTO_TEST_SUITE_END()
