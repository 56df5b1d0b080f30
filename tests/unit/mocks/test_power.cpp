// SPDX-License-Identifier: GPL-2.0-or-later
// Power operations, questions, and what a running machine does to its files.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "mocks/guest_disk.h"
#include "mocks/vm_power.h"
#include "tests/unit/mocks/task_helper.h"

using namespace failback::mock;
using namespace failback::mock::testing;
using namespace std::chrono_literals;

namespace {

// A scenario of one's own, as a file.
std::string scenarioFile(
    const std::string& vms,
    const std::string& more = R"("datastores": [{ "name": "ds1", "capacity": "2TiB" }])") {
  static int number = 0;
  const auto path =
      std::filesystem::temp_directory_path() / fmt::format("failback-power-{}-{}.json", getpid(), number++);
  std::ofstream(path) << R"({"datacenters": [{ "name": "DC1", "clusters": [{ "name": "C1", "hosts": [
      { "name": "esx-01", "memory": "16GiB" }, { "name": "esx-02", "maintenance": true }] }], )"
                      << more << R"(, "networks": ["VM Network"], "vms": [)" << vms << "]}]}";
  return path.string();
}

struct PowerFixture : TaskFixture {
  explicit PowerFixture(const std::string& scenario = "site") : TaskFixture(scenario) { client.login(); }

  std::string value(const std::string& vm, const std::string& path) {
    return read("VirtualMachine", vm, {path}).one("//propSet/val");
  }
  SoapReply power(const std::string& method, const std::string& vm, const std::string& more = "") {
    return run(method, self("VirtualMachine", vm) + more);
  }
  std::string state(const std::string& vm) { return value(vm, "runtime.powerState"); }
  std::vector<std::string> files(const std::string& vm) {
    return read("VirtualMachine", vm, {"layoutEx.file"}).all("//val/VirtualMachineFileLayoutExFileInfo/name");
  }
  bool hasFile(const std::string& vm, const std::string& ending) {
    for (const std::string& each : files(vm)) {
      if (each.ends_with(ending)) return true;
    }
    return false;
  }
  // Types of the events about a machine, oldest first.
  std::vector<std::string> events(const std::string& vm) {
    const std::lock_guard lock(world().lock());
    std::vector<std::string> types;
    for (const auto& [key, event, entity, within] : world().events.items()) {
      const MoRef* about = event.at("vm.vm").asRef();
      if (about && about->id == vm) types.emplace_back(event.asObject()->type().name);
    }
    return types;
  }
  bool hasEvent(const std::string& vm, std::string_view type) {
    const auto all = events(vm);
    return std::find(all.begin(), all.end(), type) != all.end();
  }
  World& world() { return simulation.world(); }
  std::string question(const std::string& vm) {
    return read("VirtualMachine", vm, {"runtime.question"}).one("//val/id");
  }
  SoapReply answer(const std::string& vm, const std::string& id, const std::string& choice) {
    return client.call("AnswerVM", self("VirtualMachine", vm) + "<questionId>" + id +
                                       "</questionId><answerChoice>" + choice + "</answerChoice>");
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(power)

BOOST_AUTO_TEST_CASE(power_off_of_an_off_machine_is_the_tasks_error_with_both_states) {
  PowerFixture f;
  const std::string vm = f.client.id(webPath);
  BOOST_TEST(faultOf(f.power("PowerOffVM_Task", vm)) == "");
  BOOST_TEST(f.state(vm) == "poweredOff");
  const SoapReply again = f.power("PowerOffVM_Task", vm);
  BOOST_TEST(faultOf(again) == "InvalidPowerState");
  BOOST_TEST(again.one("//val/error/fault/requestedState") == "poweredOff");
  BOOST_TEST(again.one("//val/error/fault/existingState") == "poweredOff");
  BOOST_TEST(f.hasEvent(vm, "VmStoppingEvent"));
  BOOST_TEST(f.hasEvent(vm, "VmPoweredOffEvent"));
  BOOST_TEST(f.hasEvent(vm, "VmFailedToPowerOffEvent"));
}

BOOST_AUTO_TEST_CASE(a_running_machine_has_a_swap_file_and_a_log_of_its_own) {
  PowerFixture f;
  const std::string vm = f.client.id(webPath);
  BOOST_TEST(f.hasFile(vm, ".vswp"));
  f.power("PowerOffVM_Task", vm);
  BOOST_TEST(!f.hasFile(vm, ".vswp"));
  BOOST_TEST(!f.hasFile(vm, "vmware-1.log"));
  BOOST_TEST(faultOf(f.power("PowerOnVM_Task", vm)) == "");
  BOOST_TEST(f.hasFile(vm, ".vswp"));
  BOOST_TEST(f.hasFile(vm, "/vmware.log"));
  BOOST_TEST(f.hasFile(vm, "/vmware-1.log"));
  BOOST_TEST(!f.value(vm, "runtime.bootTime").empty());
  BOOST_TEST(f.hasEvent(vm, "VmStartingEvent"));
  BOOST_TEST(f.hasEvent(vm, "VmPoweredOnEvent"));
}

BOOST_AUTO_TEST_CASE(contentId_changes_when_somebody_writes_and_only_then) {
  PowerFixture f;
  const std::string vm = f.client.id(webPath);
  const auto content = [&] {
    return f.read("VirtualMachine", vm, {"config.hardware.device[2000]"}).one("//val/backing/contentId");
  };
  f.power("PowerOffVM_Task", vm);
  const std::string before = content();
  BOOST_TEST(!before.empty());
  f.power("PowerOffVM_Task", vm);
  BOOST_TEST(content() == before);
  f.power("PowerOnVM_Task", vm);
  const std::string running = content();
  BOOST_TEST(running != before);
  {
    const std::lock_guard lock(f.world().lock());
    BOOST_TEST(guestWrite(f.world(), {"VirtualMachine", vm}, 2000, "payload", 4096));
    f.world().inventory.commit();
  }
  BOOST_TEST(content() != running);
}

BOOST_AUTO_TEST_CASE(power_on_with_a_missing_disk_is_FileNotFound) {
  PowerFixture f;
  const std::string vm = f.client.id(webPath);
  f.power("PowerOffVM_Task", vm);
  const std::string disk =
      f.read("VirtualMachine", vm, {"config.hardware.device[2000]"}).one("//val/backing/fileName");
  {
    const std::lock_guard lock(f.world().lock());
    f.world().files.removeDisk(f.world().files.locate(disk));
  }
  const SoapReply reply = f.power("PowerOnVM_Task", vm);
  BOOST_TEST(faultOf(reply) == "FileNotFound");
  BOOST_TEST(reply.one("//val/error/fault/file") == disk);
  BOOST_TEST(f.state(vm) == "poweredOff");
  BOOST_TEST(f.hasEvent(vm, "VmFailedToPowerOnEvent"));
  // The checker says the same and changes nothing.
  const SoapReply checked =
      f.run("CheckPowerOn_Task",
            self("VirtualMachineCompatibilityChecker", "CompatChecker") + ref("vm", "VirtualMachine", vm));
  BOOST_TEST(checked.one("//val/state") == "success");
  BOOST_TEST(checked.one("//val/result/CheckResult/error/fault/@type") == "FileNotFound");
}

BOOST_AUTO_TEST_CASE(a_disk_of_two_machines_is_locked_by_the_one_that_runs) {
  PowerFixture f("stuck-merge");
  const std::string db = f.client.id("DC1/vm/db-01"), proxy = f.client.id("DC1/vm/backup-proxy");
  const SoapReply refused = f.power("PowerOnVM_Task", db);
  BOOST_TEST(faultOf(refused) == "FileLocked");
  BOOST_TEST(refused.one("//val/error/fault/file") == "[vmfs-01] db-01/db-01.vmdk");
  BOOST_TEST(faultOf(f.power("PowerOffVM_Task", proxy)) == "");
  BOOST_TEST(faultOf(f.power("PowerOnVM_Task", db)) == "");
  // Now it is the other way round.
  BOOST_TEST(faultOf(f.power("PowerOnVM_Task", proxy)) == "FileLocked");
}

BOOST_AUTO_TEST_CASE(not_enough_memory_says_what_is_asked_and_what_is_there) {
  PowerFixture f(scenarioFile(
      R"({ "name": "big", "powered": false, "memory": "32GiB", "disks": [{ "size": "1GiB" }] })"));
  const std::string vm = f.client.id("DC1/vm/big");
  const SoapReply reply = f.power("PowerOnVM_Task", vm);
  BOOST_TEST(faultOf(reply) == "InsufficientMemoryResourcesFault");
  BOOST_TEST(reply.one("//val/error/fault/unreserved") == std::to_string(16LL << 30));
  BOOST_TEST(std::stoll(reply.one("//val/error/fault/requested")) > (32LL << 30));
}

BOOST_AUTO_TEST_CASE(a_host_in_maintenance_or_away_starts_nothing) {
  PowerFixture f(scenarioFile(
      R"({ "name": "vm1", "powered": false, "host": "esx-02", "disks": [{ "size": "1GiB" }] })"));
  const std::string vm = f.client.id("DC1/vm/vm1");
  BOOST_TEST(faultOf(f.power("PowerOnVM_Task", vm)) == "InvalidHostState");
  // Another host of the cluster takes it.
  const std::string host = f.client.id("DC1/host/C1/esx-01");
  BOOST_TEST(faultOf(f.power("PowerOnVM_Task", vm, ref("host", "HostSystem", host))) == "");
  BOOST_TEST(f.value(vm, "runtime.host") == host);
  BOOST_TEST(f.read("HostSystem", host, {"vm"}).one("//val/ManagedObjectReference") == vm);
}

BOOST_AUTO_TEST_CASE(a_guest_without_tools_takes_no_orders) {
  PowerFixture f(scenarioFile(R"({ "name": "bare", "tools": false, "disks": [{ "size": "1GiB" }] })"));
  const std::string vm = f.client.id("DC1/vm/bare");
  for (const char* method : {"ShutdownGuest", "RebootGuest", "StandbyGuest"}) {
    BOOST_TEST(f.client.call(method, self("VirtualMachine", vm)).faultType() == "ToolsUnavailable");
  }
  f.power("PowerOffVM_Task", vm);
  BOOST_TEST(f.client.call("ShutdownGuest", self("VirtualMachine", vm)).faultType() == "InvalidPowerState");
}

BOOST_AUTO_TEST_CASE(a_guest_shuts_down_in_its_own_time) {
  PowerFixture f;
  const std::string vm = f.client.id(webPath);
  BOOST_TEST(f.client.call("ShutdownGuest", self("VirtualMachine", vm)).status == 200);
  BOOST_TEST(f.state(vm) == "poweredOn");
  BOOST_TEST(f.hasEvent(vm, "VmGuestShutdownEvent"));
  f.simulation.scheduler().advance(5s);
  BOOST_TEST(f.state(vm) == "poweredOff");
  BOOST_TEST(f.events(vm).back() == "VmPoweredOffEvent");
}

BOOST_AUTO_TEST_CASE(disk_EnableUUID_counts_from_the_next_power_cycle) {
  PowerFixture f;
  const std::string vm = f.client.id(webPath);
  const auto sees = [&] {
    const std::lock_guard lock(f.world().lock());
    return guestSeesSerials(f.world(), {"VirtualMachine", vm});
  };
  BOOST_TEST(!sees());
  f.run("ReconfigVM_Task",
        self("VirtualMachine", vm) + "<spec><flags><diskUuidEnabled>true</diskUuidEnabled></flags></spec>");
  BOOST_TEST(!sees());
  BOOST_TEST(faultOf(f.power("ResetVM_Task", vm)) == "");
  BOOST_TEST(!sees());
  f.power("PowerOffVM_Task", vm);
  f.power("PowerOnVM_Task", vm);
  BOOST_TEST(sees());
}

BOOST_AUTO_TEST_CASE(a_suspended_machine_is_neither_on_nor_off) {
  PowerFixture f;
  const std::string vm = f.client.id(webPath);
  BOOST_TEST(faultOf(f.power("SuspendVM_Task", vm)) == "");
  BOOST_TEST(f.state(vm) == "suspended");
  BOOST_TEST(!f.value(vm, "runtime.suspendTime").empty());
  BOOST_TEST(f.hasFile(vm, ".vmss"));
  const SoapReply again = f.power("SuspendVM_Task", vm);
  BOOST_TEST(again.one("//val/error/fault/existingState") == "suspended");
  BOOST_TEST(faultOf(f.power("PowerOnVM_Task", vm)) == "");
  BOOST_TEST(f.state(vm) == "poweredOn");
  BOOST_TEST(!f.hasFile(vm, ".vmss"));
  BOOST_TEST(f.value(vm, "runtime.suspendTime") == "");
  f.power("SuspendVM_Task", vm);
  BOOST_TEST(faultOf(f.power("PowerOffVM_Task", vm)) == "");
  BOOST_TEST(f.state(vm) == "poweredOff");
}

BOOST_AUTO_TEST_CASE(a_terminated_machine_was_not_shut_down_cleanly) {
  PowerFixture f;
  const std::string vm = f.client.id(webPath);
  BOOST_TEST(f.client.call("TerminateVM", self("VirtualMachine", vm)).status == 200);
  BOOST_TEST(f.state(vm) == "poweredOff");
  BOOST_TEST(f.value(vm, "runtime.cleanPowerOff") == "false");
  BOOST_TEST(f.client.call("TerminateVM", self("VirtualMachine", vm)).faultType() == "InvalidPowerState");
}

BOOST_AUTO_TEST_CASE(a_question_may_stop_the_task_until_somebody_answers) {
  PowerFixture f("question");
  const std::string vm = f.client.id("DC1/vm/web-01");
  const std::string task = f.client.call("PowerOnVM_Task", self("VirtualMachine", vm)).one("//returnval");
  f.simulation.scheduler().advance(1min);
  const SoapReply waiting = f.read("Task", task, {"info"});
  BOOST_TEST(waiting.one("//val/state") == "running");
  BOOST_TEST(waiting.one("//val/progress") == "75");
  BOOST_TEST(f.state(vm) == "poweredOff");
  BOOST_TEST(f.hasEvent(vm, "VmMessageEvent"));
  const SoapReply asked = f.read("VirtualMachine", vm, {"runtime.question"});
  BOOST_TEST(asked.all("//val/choice/choiceInfo/key").size() == 2U);
  BOOST_TEST(f.read("VirtualMachine", vm, {"summary.runtime.question"}).one("//val/id") == f.question(vm));
  const std::string id = f.question(vm);
  BOOST_TEST(f.answer(vm, "no-such", "0").faultType() == "InvalidArgument");
  BOOST_TEST(f.answer(vm, id, "9").faultType() == "InvalidArgument");
  BOOST_TEST(f.answer(vm, id, "0").status == 200);
  BOOST_TEST(f.answer(vm, id, "0").faultType() == "ConcurrentAccess");
  f.simulation.scheduler().advance(1s);
  BOOST_TEST(f.read("Task", task, {"info"}).one("//val/state") == "success");
  BOOST_TEST(f.state(vm) == "poweredOn");
  BOOST_TEST(f.question(vm) == "");
}

BOOST_AUTO_TEST_CASE(a_question_that_is_cancelled_ends_the_task_and_comes_again) {
  PowerFixture f("question");
  const std::string vm = f.client.id("DC1/vm/web-01");
  for (int round = 0; round < 2; ++round) {
    const std::string task = f.client.call("PowerOnVM_Task", self("VirtualMachine", vm)).one("//returnval");
    f.simulation.scheduler().advance(1s);
    BOOST_TEST(f.answer(vm, f.question(vm), "1").status == 200);
    f.simulation.scheduler().advance(1s);
    const SoapReply info = f.read("Task", task, {"info"});
    BOOST_TEST(info.one("//val/error/fault/@type") == "RequestCanceled");
    BOOST_TEST(f.state(vm) == "poweredOff");
  }
}

BOOST_AUTO_TEST_CASE(a_machine_with_a_question_refuses_everything_else) {
  PowerFixture f("question");
  const std::string vm = f.client.id("DC1/vm/db-01");
  BOOST_TEST(!f.question(vm).empty());
  const SoapReply refused = f.power("PowerOffVM_Task", vm);
  BOOST_TEST(faultOf(refused) == "QuestionPending");
  BOOST_TEST(refused.one("//val/error/fault/text").starts_with("There is no more space"));
  BOOST_TEST(f.answer(vm, f.question(vm), "0").status == 200);
  BOOST_TEST(faultOf(f.power("PowerOffVM_Task", vm)) == "");
}

BOOST_AUTO_TEST_CASE(a_copied_machine_asks_and_gets_another_uuid) {
  PowerFixture f("mt-snapshot");
  const std::string vm = f.client.id("DC1/vm/web-01");
  const std::string uuid = f.value(vm, "config.uuid");
  const auto powerOnAnd = [&](std::string_view label) {
    {
      const std::lock_guard lock(f.world().lock());
      f.world().movedOrCopied.insert(vm);
    }
    f.client.call("PowerOnVM_Task", self("VirtualMachine", vm));
    f.simulation.scheduler().advance(1s);
    const SoapReply asked = f.read("VirtualMachine", vm, {"runtime.question"});
    BOOST_TEST(asked.one("//val/message/id") == "msg.uuid.altered");
    const auto labels = asked.all("//val/choice/choiceInfo/label");
    const auto at = std::find(labels.begin(), labels.end(), label) - labels.begin();
    f.answer(vm, f.question(vm), std::to_string(at));
    f.simulation.scheduler().advance(1s);
    BOOST_TEST(f.state(vm) == "poweredOn");
    f.power("PowerOffVM_Task", vm);
  };
  powerOnAnd("button.uuid.movedTheVM");
  BOOST_TEST(f.value(vm, "config.uuid") == uuid);
  powerOnAnd("button.uuid.copiedTheVM");
  BOOST_TEST(f.value(vm, "config.uuid") != uuid);
  BOOST_TEST(f.hasEvent(vm, "VmUuidChangedEvent"));
}

BOOST_AUTO_TEST_CASE(a_thin_disk_on_a_full_datastore_stops_the_machine_with_a_question) {
  PowerFixture f(scenarioFile(R"({ "name": "vm1", "disks": [{ "size": "100GiB" }] })",
                              R"("datastores": [{ "name": "ds1", "capacity": "200GiB", "free": "2GiB" }])"));
  const std::string vm = f.client.id("DC1/vm/vm1");
  const auto write = [&](std::int64_t bytes) {
    const std::lock_guard lock(f.world().lock());
    const bool done = guestWrite(f.world(), {"VirtualMachine", vm}, 2000, "data", bytes);
    f.world().inventory.commit();
    return done;
  };
  BOOST_TEST(write(1LL << 30));
  BOOST_TEST(!write(3LL << 30));
  BOOST_TEST(f.read("VirtualMachine", vm, {"runtime.question"}).one("//val/message/id") ==
             "msg.hbacommon.outofspace");
  BOOST_TEST(f.answer(vm, f.question(vm), "0").status == 200);  // Retry, and still no room
  BOOST_TEST(!f.question(vm).empty());
  BOOST_TEST(f.answer(vm, f.question(vm), "1").status == 200);  // Cancel
  BOOST_TEST(f.state(vm) == "poweredOff");
}

BOOST_AUTO_TEST_CASE(several_machines_are_powered_on_by_one_call) {
  PowerFixture f;
  const std::string off = f.client.id(webPath), on = f.client.id("DC1/vm/Failback/mt-linux-01");
  const std::string dc = f.client.id("DC1");
  f.power("PowerOffVM_Task", off);
  const SoapReply reply =
      f.run("PowerOnMultiVM_Task",
            self("Datacenter", dc) + ref("vm", "VirtualMachine", off) + ref("vm", "VirtualMachine", on));
  BOOST_TEST(reply.one("//val/result/attempted/vm") == off);
  BOOST_TEST(reply.one("//val/result/notAttempted/vm") == on);
  BOOST_TEST(reply.one("//val/result/notAttempted/fault/fault/@type") == "InvalidPowerState");
  f.simulation.scheduler().advance(1s);
  BOOST_TEST(f.state(off) == "poweredOn");
}

BOOST_AUTO_TEST_SUITE_END()
