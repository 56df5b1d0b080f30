// SPDX-License-Identifier: GPL-2.0-or-later
// Smaller things that are asked of machines: tools, tickets, changed areas, linked clones made whole.
#include <algorithm>

#include "mocks/guest_disk.h"
#include "tests/unit/mocks/places.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

struct Machine : Places {
  Machine() { vm = client.id("DC1/vm/Production/Linux/web-01"); }
  SoapReply call(const std::string& method, const std::string& body = {}) {
    return client.call(method, self("VirtualMachine", vm) + body);
  }
  SoapReply vmTask(const std::string& method, const std::string& body = {}) {
    return task(method, self("VirtualMachine", vm) + body);
  }
  std::string snapshot(const std::string& name) {
    return vmTask("CreateSnapshot_Task",
                  "<name>" + name + "</name><memory>false</memory><quiesce>false</quiesce>")
        .one("//val/result");
  }
  std::string changeId(const std::string& id) {
    return read("VirtualMachineSnapshot", id, {"config.hardware.device[2000].backing"}).one("//val/changeId");
  }
  SoapReply areas(const std::string& id, const std::string& since, const std::string& key = "2000") {
    return call("QueryChangedDiskAreas", ref("snapshot", "VirtualMachineSnapshot", id) + "<deviceKey>" + key +
                                             "</deviceKey><startOffset>0</startOffset><changeId>" + since +
                                             "</changeId>");
  }
  void write(const std::string& token) {
    World& world = simulation.world();
    const std::lock_guard lock(world.lock());
    BOOST_TEST(guestWrite(world, {"VirtualMachine", vm}, 2000, token, 1 << 20));
    world.inventory.commit();
  }
  std::string vm;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(guest_tools)

BOOST_AUTO_TEST_CASE(a_backup_reads_what_changed_between_two_snapshots) {
  Machine f;
  BOOST_TEST(state(f.vmTask("ReconfigVM_Task",
                            "<spec><changeTrackingEnabled>true</changeTrackingEnabled></spec>")) ==
             "success");
  const std::string first = f.snapshot("backup-1");
  const std::string id = f.changeId(first);
  BOOST_TEST(!id.empty());
  const SoapReply all = f.areas(first, "*");
  BOOST_TEST(all.count("//returnval/changedArea") == 1u);

  f.write("one");
  f.write("two");
  const std::string second = f.snapshot("backup-2");
  BOOST_TEST(f.changeId(second) != id);
  BOOST_TEST(f.areas(first, id).count("//changedArea") == 0u);
  BOOST_TEST(f.areas(second, id).count("//changedArea") == 2u);
  BOOST_TEST(f.areas(second, f.changeId(second)).count("//changedArea") == 0u);
  BOOST_TEST(f.areas(second, "52 00/3").faultType() == "FileFault");
  BOOST_TEST(f.areas(second, "*", "2999").faultType() == "NotFound");
}

BOOST_AUTO_TEST_CASE(without_tracking_nobody_knows_what_changed) {
  Machine f;
  f.vmTask("ReconfigVM_Task", "<spec><changeTrackingEnabled>false</changeTrackingEnabled></spec>");
  const std::string snapshot = f.snapshot("backup");
  BOOST_TEST(f.changeId(snapshot).empty());
  BOOST_TEST(f.areas(snapshot, "*").faultType() == "FileFault");
}

BOOST_AUTO_TEST_CASE(the_installer_is_mounted_in_a_running_machine) {
  Machine f;
  BOOST_TEST(f.call("UnmountToolsInstaller").faultType() == "InvalidState");
  BOOST_TEST(f.call("MountToolsInstaller").status == 200);
  BOOST_TEST(f.text("VirtualMachine", f.vm, "runtime.toolsInstallerMounted") == "true");
  const std::vector<std::string> disabled = f.refs("VirtualMachine", f.vm, "disabledMethod");
  BOOST_TEST(std::count(disabled.begin(), disabled.end(), "MountToolsInstaller") == 1);
  BOOST_TEST(std::count(disabled.begin(), disabled.end(), "UnmountToolsInstaller") == 0);
  BOOST_TEST(f.call("UnmountToolsInstaller").status == 200);
  BOOST_TEST(f.text("VirtualMachine", f.vm, "runtime.toolsInstallerMounted") == "false");
  BOOST_TEST(fault(f.vmTask("UpgradeTools_Task")) == "ToolsAutoUpgradeNotSupported");
  f.vmTask("PowerOffVM_Task");
  BOOST_TEST(f.call("MountToolsInstaller").faultType() == "InvalidState");
}

BOOST_AUTO_TEST_CASE(what_is_known_of_the_guest_can_be_forgotten_when_it_is_off) {
  Machine f;
  BOOST_TEST(f.call("ResetGuestInformation").faultType() == "InvalidState");
  f.vmTask("PowerOffVM_Task");
  BOOST_TEST(f.call("ResetGuestInformation").status == 200);
  BOOST_TEST(f.text("VirtualMachine", f.vm, "guest.hostName").empty());
  BOOST_TEST(f.call("DefragmentAllDisks").status == 200);
  BOOST_TEST(f.call("RefreshStorageInfo").status == 200);
  BOOST_TEST(f.call("QueryUnownedFiles").count("//returnval") == 0u);
}

BOOST_AUTO_TEST_CASE(a_console_ticket_names_the_host) {
  Machine f;
  const SoapReply ticket = f.call("AcquireTicket", "<ticketType>webmks</ticketType>");
  BOOST_TEST(ticket.one("//returnval/port") == "443");
  BOOST_TEST(ticket.one("//returnval/url").starts_with("wss://"));
  BOOST_TEST(f.call("AcquireTicket", "<ticketType>nothing</ticketType>").faultType() == "InvalidArgument");
  f.vmTask("PowerOffVM_Task");
  BOOST_TEST(f.call("AcquireTicket", "<ticketType>mks</ticketType>").faultType() == "InvalidState");
}

BOOST_AUTO_TEST_CASE(a_linked_clone_becomes_whole) {
  Machine f;
  const std::string snapshot = f.snapshot("base");
  const std::string folder = f.client.id("DC1/vm");
  const SoapReply cloned = f.vmTask(
      "CloneVM_Task", ref("folder", "Folder", folder) +
                          "<name>linked</name><spec><location><diskMoveType>createNewChildDiskBacking"
                          "</diskMoveType></location><template>false</template><powerOn>false</powerOn>" +
                          ref("snapshot", "VirtualMachineSnapshot", snapshot) + "</spec>");
  BOOST_REQUIRE(state(cloned) == "success");
  const std::string clone = cloned.one("//val/result");
  const std::string backing = "config.hardware.device[2000].backing";
  BOOST_TEST(f.read("VirtualMachine", clone, {backing}).count("//val/parent") == 1u);
  BOOST_TEST(f.client.call("PromoteDisks_Task", self("VirtualMachine", f.vm) + "<unlink>true</unlink>")
                 .faultType() == "InvalidPowerState");
  BOOST_TEST(state(f.task("PromoteDisks_Task", self("VirtualMachine", clone) + "<unlink>true</unlink>")) ==
             "success");
  BOOST_TEST(f.read("VirtualMachine", clone, {backing}).count("//val/parent") == 0u);
  BOOST_TEST(state(f.task("PowerOnVM_Task", self("VirtualMachine", clone))) == "success");
}

BOOST_AUTO_TEST_CASE(a_host_knows_how_long_it_runs_and_what_machines_take) {
  Machine f;
  const std::string host = f.text("VirtualMachine", f.vm, "runtime.host");
  BOOST_TEST(std::stol(f.client.call("RetrieveHardwareUptime", self("HostSystem", host)).one("//returnval")) >
             0);
  const SoapReply overhead =
      f.client.call("QueryMemoryOverhead",
                    self("HostSystem", host) + "<memorySize>4294967296</memorySize><numVcpus>2</numVcpus>");
  BOOST_TEST(std::stol(overhead.one("//returnval")) > 0);
}

BOOST_AUTO_TEST_SUITE_END()
