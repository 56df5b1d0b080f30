// SPDX-License-Identifier: GPL-2.0-or-later
// Tasks of the past, their collectors, and tasks of clients' own.
#include <boost/test/unit_test.hpp>
#include <chrono>

#include "tests/unit/mocks/soap_client.h"

using namespace failback::mock;
using namespace failback::mock::testing;
using namespace std::chrono_literals;

namespace {

std::string collector(SoapClient& client, const std::string& filter) {
  return client
      .call("CreateCollectorForTasks", self("TaskManager", "TaskManager") + "<filter>" + filter + "</filter>")
      .one("//returnval");
}

SoapReply readNext(SoapClient& client, const std::string& id) {
  return client.call("ReadNextTasks", self("TaskHistoryCollector", id) + "<maxCount>100</maxCount>");
}

std::size_t count(SoapClient& client, const std::string& filter) {
  return readNext(client, collector(client, filter)).count("//returnval");
}

std::string about(std::string_view type, const std::string& id, std::string_view recursion) {
  return "<entity>" + ref("entity", type, id) + "<recursion>" + std::string(recursion) +
         "</recursion></entity>";
}

std::string extension(const std::string& task) {
  return "<extension><description><label>Replicator</label><summary>Replicator</summary></description>"
         "<key>com.example.replicator</key><version>1</version><taskList><taskID>" +
         task + "</taskID></taskList><lastHeartbeatTime>2020-01-01T00:00:00Z</lastHeartbeatTime></extension>";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(task_history)

BOOST_AUTO_TEST_CASE(a_task_is_in_the_history_when_its_object_is_gone) {
  Fixture f;
  f.client.login();
  const std::string vm = f.client.id(webPath);
  const std::string task = f.client.call("PowerOffVM_Task", self("VirtualMachine", vm)).one("//returnval");
  const std::string id = collector(f.client, about("VirtualMachine", vm, "self"));
  BOOST_TEST(readNext(f.client, id).one("//returnval/state") == "queued");
  f.simulation.scheduler().advance(1s);
  const auto latest = [&] {
    return f.client.call("RetrievePropertiesEx", oneObject("TaskHistoryCollector", id, {"latestPage"}));
  };
  BOOST_TEST(latest().one("//val/TaskInfo/state") == "success");
  for (int i = 0; i < 2; ++i) {
    f.simulation.scheduler().advance(9min);
    f.client.call("CurrentTime", self("ServiceInstance", "ServiceInstance"));
    const SoapReply recent =
        f.client.call("RetrievePropertiesEx", oneObject("TaskManager", "TaskManager", {"recentTask"}));
    BOOST_TEST(recent.count("//val/ManagedObjectReference") == (i == 0 ? 1U : 0U));
  }
  BOOST_TEST(f.client.call("RetrievePropertiesEx", oneObject("Task", task, {"info"})).faultType() ==
             "ManagedObjectNotFound");
  BOOST_TEST(latest().one("//val/TaskInfo/key") == task);
}

BOOST_AUTO_TEST_CASE(a_filter_chooses_tasks) {
  Fixture f;
  f.client.login();
  const std::string vm = f.client.id(webPath);
  f.client.call("PowerOffVM_Task", self("VirtualMachine", vm));
  f.simulation.scheduler().advance(1s);
  f.client.call("PowerOffVM_Task", self("VirtualMachine", vm));  // off already
  f.simulation.scheduler().advance(1s);
  const std::string folder = f.client.id("DC1/vm/Production/Linux");
  BOOST_TEST(count(f.client, "<state>success</state>") == 1U);
  BOOST_TEST(count(f.client, "<state>error</state><state>success</state>") == 2U);
  BOOST_TEST(count(f.client, about("Folder", folder, "self")) == 0U);
  BOOST_TEST(count(f.client, about("Folder", folder, "all")) == 2U);
  BOOST_TEST(
      count(f.client, "<userName><systemUser>true</systemUser><userList>nobody</userList></userName>") == 0U);
  BOOST_TEST(count(f.client,
                   "<time><timeType>completedTime</timeType><beginTime>2001-01-01T00:00:00Z</beginTime>"
                   "</time>") == 2U);
  BOOST_TEST(count(f.client,
                   "<time><timeType>startedTime</timeType><endTime>2001-01-01T00:00:00Z</endTime>"
                   "</time>") == 0U);
  BOOST_TEST(count(f.client, "<activationId>none</activationId>") == 0U);
  BOOST_TEST(count(f.client, "<eventChainId>1</eventChainId>") == 0U);
  BOOST_TEST(count(f.client, "<parentTaskKey>task-1</parentTaskKey>") == 0U);
}

BOOST_AUTO_TEST_CASE(a_session_has_32_task_collectors_and_no_more) {
  Fixture f;
  f.client.login();
  for (int i = 0; i < 32; ++i) BOOST_REQUIRE(!collector(f.client, "").empty());
  BOOST_TEST(
      f.client.call("CreateCollectorForTasks", self("TaskManager", "TaskManager") + "<filter></filter>")
          .faultType() == "InvalidState");
}

BOOST_AUTO_TEST_CASE(a_client_runs_a_task_of_its_own) {
  Fixture f;
  f.client.login();
  const std::string vm = f.client.id(webPath);
  const auto create = [&](const std::string& parent) {
    return f.client.call("CreateTask", self("TaskManager", "TaskManager") + ref("obj", "VirtualMachine", vm) +
                                           "<taskTypeId>com.example.replicate</taskTypeId>"
                                           "<initiatedBy>robot</initiatedBy><cancelable>true</cancelable>" +
                                           parent);
  };
  BOOST_TEST(create("").faultType() == "InvalidArgument");  // nobody has registered the type
  BOOST_TEST(f.client
                 .call("RegisterExtension",
                       self("ExtensionManager", "ExtensionManager") + extension("com.example.replicate"))
                 .status == 200);
  const SoapReply made = create("");
  BOOST_TEST(made.one("//returnval/state") == "queued");
  BOOST_TEST(made.one("//returnval/reason/userName") == "robot");
  const std::string task = made.one("//returnval/key");
  const auto state = [&](const std::string& wanted, const std::string& more = "") {
    return f.client.call("SetTaskState", self("Task", task) + "<state>" + wanted + "</state>" + more).status;
  };
  const auto progress = [&](int percent) {
    return f.client
        .call("UpdateProgress",
              self("Task", task) + "<percentDone>" + std::to_string(percent) + "</percentDone>")
        .faultType();
  };
  const auto info = [&](const std::string& member) {
    return f.client.call("RetrievePropertiesEx", oneObject("Task", task, {"info"})).one("//val/" + member);
  };
  BOOST_TEST(progress(10) == "InvalidState");
  BOOST_TEST(state("running") == 200);
  BOOST_TEST(progress(10) == "");
  BOOST_TEST(progress(101) == "InvalidArgument");
  BOOST_TEST(info("progress") == "10");
  BOOST_TEST(
      f.client
          .call("SetTaskDescription",
                self("Task", task) + "<description><key>k</key><message>Copying</message></description>")
          .status == 200);
  BOOST_TEST(info("description/message") == "Copying");
  const SoapReply child = create("<parentTaskKey>" + task + "</parentTaskKey>");
  BOOST_TEST(child.one("//returnval/rootTaskKey") == task);
  BOOST_TEST(count(f.client, "<parentTaskKey>" + task + "</parentTaskKey>") == 1U);
  BOOST_TEST(f.client.call("CancelTask", self("Task", task)).status == 200);
  BOOST_TEST(info("cancelled") == "true");
  BOOST_TEST(info("state") == "running");  // the client ends it, when it has heard of that
  BOOST_TEST(state("success", "<result xsi:type=\"xsd:string\">done</result>") == 200);
  BOOST_TEST(info("result") == "done");
  BOOST_TEST(!info("completeTime").empty());
  BOOST_TEST(state("running") == 500);
}

BOOST_AUTO_TEST_CASE(the_description_names_the_tasks) {
  Fixture f;
  f.client.login();
  const SoapReply reply =
      f.client.call("RetrievePropertiesEx", oneObject("TaskManager", "TaskManager", {"description"}));
  for (const std::string id : {"VirtualMachine.createSnapshot", "VirtualMachine.relocate", "Folder.createVm",
                               "VirtualDiskManager.copyVirtualDisk", "ManagedEntity.destroy"}) {
    BOOST_TEST(reply.count("//methodInfo[./key='" + id + "']") == 1U, id);
  }
}

BOOST_AUTO_TEST_CASE(a_scenario_has_tasks_of_the_past) {
  ScenarioSpec scenario = loadScenario("site");
  VmSpec& vm = scenario.datacenters.at(0).vms.at(0);
  HistorySpec snapshot;
  snapshot.task = "VirtualMachine.createSnapshot";
  snapshot.user = "svc-backup";
  for (int day = 1; day <= 3; ++day) {
    snapshot.daysAgo = day;
    vm.history.push_back(snapshot);
  }
  vm.history.back().state = "error";
  Simulation simulation(scenario, "secret", {}, recording(), Scheduler::Clock::manual);
  SoapClient client(simulation);
  client.login();
  const std::string id = client.id("DC1/vm/" + vm.folder + "/" + vm.name);
  const SoapReply found = readNext(client, collector(client, about("VirtualMachine", id, "all")));
  BOOST_TEST(found.count("//returnval") == 3U);
  BOOST_TEST(found.all("//returnval/state").at(0) == "error");  // the oldest first
  BOOST_TEST(found.all("//returnval/reason/userName").at(1) == "svc-backup");
  BOOST_TEST(found.all("//returnval/name").at(1) == "CreateSnapshot_Task");
  BOOST_TEST(client
                 .call("QueryEvents",
                       self("EventManager", "EventManager") + "<filter><type>TaskEvent</type></filter>")
                 .count("//returnval") == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
