// SPDX-License-Identifier: GPL-2.0-or-later
// ReconfigVM_Task: what a failback does to a master target, and what a server refuses.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "tests/unit/mocks/task_helper.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

std::string disk(const std::string& file, int controller, int unit, int key = -1) {
  return fmt::format(
      "<deviceChange><operation>add</operation><device xsi:type=\"VirtualDisk\"><key>{}</key>"
      "<backing xsi:type=\"VirtualDiskFlatVer2BackingInfo\"><fileName>{}</fileName>"
      "<diskMode>independent_persistent</diskMode></backing><controllerKey>{}</controllerKey>"
      "<unitNumber>{}</unitNumber><capacityInKB>0</capacityInKB></device></deviceChange>",
      key, file, controller, unit);
}

std::string controller(int bus, int key) {
  return fmt::format(
      "<deviceChange><operation>add</operation><device xsi:type=\"VirtualLsiLogicController\"><key>{}</key>"
      "<busNumber>{}</busNumber><sharedBus>noSharing</sharedBus></device></deviceChange>",
      key, bus);
}

std::string removal(std::string_view type, int key, std::string_view more = "") {
  return fmt::format(
      "<deviceChange><operation>remove</operation>{}<device "
      "xsi:type=\"{}\"><key>{}</key>{}</device></deviceChange>",
      more, type, key,
      type == "VirtualDisk" ? "<capacityInKB>0</capacityInKB>"
                            : "<busNumber>0</busNumber><sharedBus>noSharing</sharedBus>");
}

struct ReconfigureSite : TaskFixture {
  ReconfigureSite() {
    client.login();
    mt = client.id("DC1/vm/Failback/mt-linux-01");
    web = client.id("DC1/vm/Production/Linux/web-01");
    run("PowerOffVM_Task", self("VirtualMachine", web));
    // The home VM's file, as the home VM has it.
    webDisk = read("VirtualMachine", web, {"config.hardware.device[2000]"}).one("//val/backing/fileName");
  }
  SoapReply reconfigure(const std::string& vm, const std::string& spec) {
    return run("ReconfigVM_Task", self("VirtualMachine", vm) + "<spec>" + spec + "</spec>");
  }
  std::string mtValue(const std::string& path) { return read("VirtualMachine", mt, {path}).one("//val"); }
  std::string mt, web, webDisk;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reconfigure)

BOOST_AUTO_TEST_CASE(an_existing_vmdk_is_attached_as_its_descriptor_says) {
  ReconfigureSite f;
  const SoapReply home = f.read("VirtualMachine", f.web, {"config.hardware.device[2000]"});
  const SoapReply done = f.reconfigure(f.mt, disk(f.webDisk, 1000, 5));
  BOOST_TEST(faultOf(done) == "");
  const SoapReply there = f.read("VirtualMachine", f.mt, {"config.hardware.device[2005]"});
  BOOST_TEST(there.one("//val/backing/fileName") == f.webDisk);
  BOOST_TEST(there.one("//val/backing/uuid") == home.one("//val/backing/uuid"));
  BOOST_TEST(there.one("//val/capacityInBytes") == home.one("//val/capacityInBytes"));
  BOOST_TEST(there.one("//val/backing/diskMode") == "independent_persistent");
  BOOST_TEST(there.one("//val/controllerKey") == "1000");
}

BOOST_AUTO_TEST_CASE(placeholders_stand_for_controllers_of_the_same_spec) {
  ReconfigureSite f;
  const SoapReply done = f.reconfigure(f.mt, disk(f.webDisk, -101, 0, -102) + controller(1, -101));
  BOOST_TEST(faultOf(done) == "");
  BOOST_TEST(f.read("VirtualMachine", f.mt, {"config.hardware.device[1001]"}).one("//val/device") == "2016");
  BOOST_TEST(f.read("VirtualMachine", f.mt, {"config.hardware.device[2016]"}).one("//val/controllerKey") ==
             "1001");
}

BOOST_AUTO_TEST_CASE(detaching_without_a_file_operation_keeps_the_file) {
  ReconfigureSite f;
  f.reconfigure(f.mt, disk(f.webDisk, 1000, 5));
  BOOST_TEST(faultOf(f.reconfigure(f.mt, removal("VirtualDisk", 2005))) == "");
  BOOST_TEST(f.read("VirtualMachine", f.mt, {"config.hardware.device[2005]"}).count("//val") == 0U);
  BOOST_TEST(faultOf(f.reconfigure(f.mt, disk(f.webDisk, 1000, 6))) == "");  // it is still there
}

BOOST_AUTO_TEST_CASE(what_is_refused_names_the_device_and_changes_nothing) {
  ReconfigureSite f;
  const std::string before = f.mtValue("config.changeVersion");
  const auto refused = [&](const std::string& spec, std::string_view fault, std::string_view index,
                           std::string_view property) {
    const SoapReply reply = f.reconfigure(f.mt, spec);
    BOOST_TEST_CONTEXT(spec) {
      BOOST_TEST(faultOf(reply) == fault);
      BOOST_TEST(reply.one("//fault/deviceIndex") == index);
      BOOST_TEST(reply.one("//fault/property") == property);
    }
    BOOST_TEST(f.mtValue("config.changeVersion") == before);
  };
  const std::string unit = "virtualDeviceSpec.device.unitNumber", bus = "virtualDeviceSpec.device.busNumber";
  refused(disk(f.webDisk, 1000, 0), "InvalidDeviceSpec", "0", unit);   // taken
  refused(disk(f.webDisk, 1000, 7), "InvalidDeviceSpec", "0", unit);   // the controller's own
  refused(disk(f.webDisk, 1000, 16), "InvalidDeviceSpec", "0", unit);  // LSI ends at 15
  refused(controller(0, -1), "InvalidDeviceSpec", "0", bus);
  refused(controller(1, -1) + controller(2, -2) + controller(3, -3) + controller(4, -4), "InvalidDeviceSpec",
          "3", bus);
  // The good one before a bad one is not done either.
  refused(disk(f.webDisk, 1000, 5) + disk(f.webDisk, 1000, 6, -2), "InvalidDeviceSpec", "1",
          "virtualDeviceSpec.device.backing");
  refused(removal("VirtualDisk", 2009), "InvalidDeviceSpec", "0", "virtualDeviceSpec.device.key");
  refused(removal("VirtualLsiLogicController", 1000), "InvalidDeviceOperation", "0",
          "virtualDeviceSpec.operation");
  refused(disk(f.webDisk, 1009, 0), "InvalidController", "0", "virtualDeviceSpec.device.controllerKey");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_named) {
  ReconfigureSite f;
  const SoapReply reply = f.reconfigure(f.mt, disk("[vmfs-01] web-01/other.vmdk", 1000, 5));
  BOOST_TEST(faultOf(reply) == "FileNotFound");
  BOOST_TEST(reply.one("//fault/file") == "[vmfs-01] web-01/other.vmdk");
}

BOOST_AUTO_TEST_CASE(a_stale_change_version_is_concurrent_access) {
  ReconfigureSite f;
  const std::string stale = f.mtValue("config.changeVersion");
  BOOST_TEST(faultOf(f.reconfigure(f.mt, "<annotation>one</annotation>")) == "");
  BOOST_TEST(faultOf(f.reconfigure(
                 f.mt, "<changeVersion>" + stale + "</changeVersion><annotation>two</annotation>")) ==
             "ConcurrentAccess");
  BOOST_TEST(f.mtValue("config.annotation") == "one");
}

BOOST_AUTO_TEST_CASE(enable_uuid_is_one_setting_in_two_places) {
  ReconfigureSite f;
  const auto option = [](std::string_view key, std::string_view value) {
    return fmt::format("<extraConfig><key>{}</key><value xsi:type=\"xsd:string\">{}</value></extraConfig>",
                       key, value);
  };
  BOOST_TEST(faultOf(f.reconfigure(f.web, option("Disk.enableUUID", "true"))) == "");
  const auto flag = [&] {
    return f.read("VirtualMachine", f.web, {"config.flags.diskUuidEnabled"}).one("//val");
  };
  BOOST_TEST(flag() == "true");
  BOOST_TEST(faultOf(f.reconfigure(f.web, "<flags><diskUuidEnabled>false</diskUuidEnabled></flags>")) == "");
  BOOST_TEST(flag() == "false");
  BOOST_TEST(
      f.read("VirtualMachine", f.web, {"config.extraConfig[\"disk.EnableUUID\"].value"}).one("//val") ==
      "FALSE");
}

BOOST_AUTO_TEST_CASE(a_second_reconfigure_while_one_runs_is_refused) {
  ReconfigureSite f;
  const std::string spec = self("VirtualMachine", f.mt) + "<spec><annotation>one</annotation></spec>";
  BOOST_TEST(f.client.call("ReconfigVM_Task", spec).status == 200);
  BOOST_TEST(f.client.call("ReconfigVM_Task", spec).faultType() == "TaskInProgress");
}

BOOST_AUTO_TEST_CASE(requests_that_the_schema_does_not_allow_name_the_place) {
  ReconfigureSite f;
  const SoapReply unknown = f.reconfigure(f.mt, "<nosuch>1</nosuch>");
  BOOST_TEST(unknown.faultType() == "InvalidRequest");
  BOOST_TEST(unknown.has("ReconfigVM_Task.spec"));
  BOOST_TEST(unknown.has("nosuch"));
  const SoapReply order = f.reconfigure(f.mt, "<name>b</name><changeVersion>a</changeVersion>");
  BOOST_TEST(order.faultType() == "InvalidRequest");
  const SoapReply missing = f.reconfigure(f.mt, "<deviceChange><operation>add</operation></deviceChange>");
  BOOST_TEST(
      missing.has("Required property device is missing from data object of type VirtualDeviceConfigSpec"));
}

BOOST_AUTO_TEST_CASE(the_event_says_what_changed) {
  ReconfigureSite f;
  f.reconfigure(f.web, "<annotation>new words</annotation><numCPUs>4</numCPUs>");
  f.reconfigure(f.web, removal("VirtualDisk", 2000));
  const SoapReply events = f.client.call(
      "QueryEvents",
      self("EventManager", "EventManager") + "<filter><entity>" + ref("entity", "VirtualMachine", f.web) +
          "<recursion>self</recursion></entity><eventTypeId>VmReconfiguredEvent</eventTypeId></filter>");
  const auto modified = events.all("//returnval/configChanges/modified");
  const auto deleted = events.all("//returnval/configChanges/deleted");
  BOOST_REQUIRE(modified.size() == 2);
  BOOST_TEST(modified[0].find("config.hardware.numCPU: 2 -> 4;") != std::string::npos);
  BOOST_TEST(modified[0].find("-> \"new words\";") != std::string::npos);
  BOOST_TEST(deleted[0] == "");
  BOOST_TEST(deleted[1].find("config.hardware.device(2000): (key = 2000") == 0);
}

BOOST_AUTO_TEST_CASE(what_is_not_allowed_now_is_disabled) {
  ReconfigureSite f;
  const auto disabled = [&f](const std::string& method) {
    const auto names = f.read("VirtualMachine", f.web, {"disabledMethod"}).all("//val/*");
    return std::find(names.begin(), names.end(), method) != names.end();
  };
  BOOST_TEST(disabled("PowerOffVM_Task"));
  BOOST_TEST(!disabled("ReconfigVM_Task"));
  f.client.call("ReconfigVM_Task", self("VirtualMachine", f.web) + "<spec><annotation>x</annotation></spec>");
  BOOST_TEST(disabled("ReconfigVM_Task"));
  BOOST_TEST(disabled("PowerOnVM_Task"));
  f.simulation.scheduler().advance(std::chrono::seconds(1));
  BOOST_TEST(!disabled("ReconfigVM_Task"));
  BOOST_TEST(!disabled("PowerOnVM_Task"));
  f.run("PowerOnVM_Task", self("VirtualMachine", f.web));
  BOOST_TEST(disabled("PowerOnVM_Task"));
  BOOST_TEST(!disabled("PowerOffVM_Task"));
}

BOOST_AUTO_TEST_CASE(impossible_guests_hardware_and_sizes_are_refused) {
  ReconfigureSite f;
  BOOST_TEST(faultOf(f.reconfigure(f.web, "<guestId>no such guest</guestId>")) == "InvalidArgument");
  BOOST_TEST(faultOf(f.reconfigure(f.web, "<version>vmx-9999</version>")) ==
             "VirtualHardwareVersionNotSupported");
  BOOST_TEST(faultOf(f.reconfigure(f.web, "<numCPUs>4</numCPUs><numCoresPerSocket>0</numCoresPerSocket>")) ==
             "InvalidVmConfig");
  const SoapReply large = f.reconfigure(
      f.web,
      "<deviceChange><operation>add</operation><fileOperation>create</fileOperation><device "
      "xsi:type=\"VirtualDisk\"><key>-1</key><backing xsi:type=\"VirtualDiskFlatVer2BackingInfo\">"
      "<fileName>[vmfs-01]</fileName><diskMode>persistent</diskMode></backing><controllerKey>1000</"
      "controllerKey>"
      "<unitNumber>4</unitNumber><capacityInKB>70000000000</capacityInKB></device></deviceChange>");
  BOOST_TEST(faultOf(large) == "FileTooLarge");
}

BOOST_AUTO_TEST_SUITE_END()
