// SPDX-License-Identifier: GPL-2.0-or-later
// Orders put into effect, and what can be told and asked below /mock/, without a socket.
#include <fmt/format.h>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "mocks/json_value.h"
#include "tests/unit/mocks/soap_client.h"

namespace failback::mock::testing {

namespace {

using namespace std::chrono_literals;

// "administrator@vsphere.local:secret"
const std::string credentials = "Basic YWRtaW5pc3RyYXRvckB2c3BoZXJlLmxvY2FsOnNlY3JldA==";

struct Answered {
  int status = 0;
  Json json;
};

struct ControlFixture : Fixture {
  ControlFixture() : Fixture("site") {}

  std::future<HttpResponse> send(const std::string& method, const std::string& path, const std::string& body,
                                 const std::string& authorization = credentials) {
    HttpRequest request{method, "/mock/" + path, {}, body, "192.0.2.1"};
    if (!authorization.empty()) request.headers["authorization"] = authorization;
    auto promise = std::make_shared<std::promise<HttpResponse>>();
    auto future = promise->get_future();
    simulation.handle(std::move(request),
                      [promise](HttpResponse response) { promise->set_value(std::move(response)); });
    return future;
  }

  Answered ask(const std::string& method, const std::string& path, const std::string& body = {},
               const std::string& authorization = credentials) {
    auto future = send(method, path, body, authorization);
    for (int i = 0; i < 1000 && future.wait_for(0s) != std::future_status::ready; ++i)
      simulation.scheduler().advance(10ms);
    BOOST_REQUIRE((future.wait_for(0s) == std::future_status::ready));
    const HttpResponse response = future.get();
    return {response.status, Json::parse(response.body)};
  }

  void order(const std::string& json) { BOOST_REQUIRE(ask("POST", "faults", json).status == 201); }

  // The answer as it would be sent.
  HttpResponse raw(const std::string& method, const std::string& body) {
    HttpRequest request{
        "POST", "/sdk", {{"soapaction", "urn:vim25/8.0.2.0"}, {"cookie", client.cookie}}, {}, "192.0.2.1"};
    request.body = "<Envelope xmlns=\"http://schemas.xmlsoap.org/soap/envelope/\"><Body><" + method +
                   " xmlns=\"urn:vim25\">" + body + "</" + method + "></Body></Envelope>";
    HttpResponse answer;
    answer.status = 0;
    simulation.handle(std::move(request), [&answer](HttpResponse response) { answer = std::move(response); });
    return answer;
  }

  std::string power(const std::string& id) {
    return client.call("RetrievePropertiesEx", oneObject("VirtualMachine", id, {"runtime.powerState"}))
        .one("//val");
  }
  SoapReply taskInfo(const std::string& task) {
    return client.call("RetrievePropertiesEx", oneObject("Task", task, {"info"}));
  }
  std::string powerOff(const std::string& id) {
    return client.call("PowerOffVM_Task", self("VirtualMachine", id)).one("//returnval");
  }

  const bool loggedIn = client.login().status == 200;
  const std::string vm = client.id("DC1/vm/Production/Linux/web-01");
  const std::string currentTime = self("ServiceInstance", "ServiceInstance");
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(control, ControlFixture)

BOOST_AUTO_TEST_CASE(only_who_knows_the_password_may_ask) {
  BOOST_TEST(ask("GET", "calls", {}, "").status == 401);
  BOOST_TEST(ask("GET", "calls", {}, "Basic bm9ib2R5OnNlY3JldA==").status == 401);  // nobody:secret
  BOOST_TEST(ask("GET", "calls", {}, "Basic cmVhZG9ubHk6d3Jvbmc=").status == 401);  // readonly:wrong
  BOOST_TEST(ask("GET", "calls", {}, "Basic !!").status == 401);
  BOOST_TEST(ask("GET", "calls").status == 200);
  BOOST_TEST(ask("GET", "nothing").status == 404);
  BOOST_TEST(ask("PUT", "calls").status == 405);
  BOOST_TEST(ask("GET", "call").status == 405);
}

BOOST_AUTO_TEST_CASE(a_fault_comes_at_the_call_that_was_ordered_and_the_call_does_not_happen) {
  order(R"({"match": {"method": "PowerOffVM_Task", "object": "web-01"}, "when": {"call": 2},
            "do": {"fault": {"type": "TaskInProgress", "message": "Busy.", "members": {"task": "Task:task-9"}}}})");
  BOOST_TEST(client.call("PowerOffVM_Task", self("VirtualMachine", vm)).status == 200);
  simulation.scheduler().advance(1s);
  BOOST_TEST(power(vm) == "poweredOff");
  client.call("PowerOnVM_Task", self("VirtualMachine", vm));
  simulation.scheduler().advance(1s);
  const SoapReply second = client.call("PowerOffVM_Task", self("VirtualMachine", vm));
  BOOST_TEST(second.status == 500);
  BOOST_TEST(second.faultType() == "TaskInProgress");
  BOOST_TEST(second.one("//faultstring") == "Busy.");
  BOOST_TEST(second.one("//detail//task") == "task-9");
  simulation.scheduler().advance(1s);
  BOOST_TEST(power(vm) == "poweredOn");
  const Json listed = ask("GET", "faults").json;
  BOOST_TEST(listed["orders"][0]["matched"] == 2);
  BOOST_TEST(listed["orders"][0]["acted"] == 1);
}

BOOST_AUTO_TEST_CASE(a_fault_may_hide_that_the_call_did_happen) {
  order(
      R"({"match": {"method": "PowerOffVM_Task"}, "do": {"fault": {"type": "HostCommunication"}, "happens": true}})");
  BOOST_TEST(client.call("PowerOffVM_Task", self("VirtualMachine", vm)).faultType() == "HostCommunication");
  simulation.scheduler().advance(1s);
  BOOST_TEST(power(vm) == "poweredOff");
}

BOOST_AUTO_TEST_CASE(clients_can_meet_faults_that_they_do_not_know) {
  order(R"([{"match": {"method": "CurrentTime"}, "do": {"fault":
               {"type": "CannotDeleteFile", "members": {"file": "[vmfs-01] a.vmdk"}}}},
            {"do": {"task": {"fail": {"type": "CannotDeleteFile", "members": {"file": "[vmfs-01] b.vmdk"}}}}}])");
  const SoapReply called = client.call("CurrentTime", currentTime);
  BOOST_TEST(called.faultType() == "CannotDeleteFile");
  BOOST_TEST(called.one("//detail/CannotDeleteFileFault/file") == "[vmfs-01] a.vmdk");
  const std::string task = powerOff(vm);
  simulation.scheduler().advance(1s);
  BOOST_TEST(taskInfo(task).one("//val/error/fault/@type") == "CannotDeleteFile");
  BOOST_TEST(taskInfo(task).one("//val/error/fault/file") == "[vmfs-01] b.vmdk");
}

BOOST_AUTO_TEST_CASE(answers_are_maimed_as_ordered) {
  const HttpResponse good = raw("CurrentTime", currentTime);
  BOOST_TEST(good.status == 200);
  order(R"([{"when": {"call": 1}, "do": {"malformed": true}}, {"when": {"call": 2}, "do": {"truncate": 40}},
            {"when": {"call": 3}, "do": {"status": 503}}, {"when": {"call": 4}, "do": {"cut": 17}},
            {"when": {"call": 5}, "do": {"drip": 100}}, {"when": {"call": 6}, "do": {"drop": "before"}},
            {"when": {"call": 7}, "do": {"drop": "unanswered"}}, {"when": {"call": 8}, "do": {"drop": "middle"}},
            {"when": {"call": 9}, "do": {"drop": "after"}}])");
  const HttpResponse malformed = raw("CurrentTime", currentTime);
  BOOST_TEST(malformed.status == 200);
  BOOST_TEST(malformed.body.find("</soapenv:Bodi>") != std::string::npos);
  BOOST_TEST(raw("CurrentTime", currentTime).body == good.body.substr(0, 40));
  BOOST_TEST(raw("CurrentTime", currentTime).status == 503);
  BOOST_TEST(*raw("CurrentTime", currentTime).delivery.bodyBytes == 17U);
  BOOST_TEST(raw("CurrentTime", currentTime).delivery.bytesPerSecond == 100U);
  BOOST_TEST(!raw("CurrentTime", currentTime).delivery.answered);
  BOOST_TEST(!raw("CurrentTime", currentTime).delivery.answered);
  const HttpResponse middle = raw("CurrentTime", currentTime);
  BOOST_TEST(*middle.delivery.bodyBytes == middle.body.size() / 2);
  const HttpResponse after = raw("CurrentTime", currentTime);
  BOOST_TEST(after.delivery.closeAfter);
  BOOST_TEST(after.body.size() == good.body.size());
}

BOOST_AUTO_TEST_CASE(a_drop_before_keeps_the_call_from_happening_and_others_do_not) {
  for (const auto& [drop, state] :
       {std::pair{"before", "poweredOn"}, std::pair{"unanswered", "poweredOff"}}) {
    order(fmt::format(R"({{"match": {{"method": "PowerOffVM_Task"}}, "do": {{"drop": "{}"}}}})", drop));
    BOOST_TEST(!raw("PowerOffVM_Task", self("VirtualMachine", vm)).delivery.answered);
    simulation.scheduler().advance(1s);
    BOOST_TEST(power(vm) == state);
    ask("DELETE", "faults");
  }
}

BOOST_AUTO_TEST_CASE(an_answer_may_come_late) {
  order(R"({"do": {"delay": "3s"}})");
  auto late = client.start("CurrentTime", currentTime);
  simulation.scheduler().advance(2900ms);
  BOOST_TEST((late.wait_for(0s) == std::future_status::timeout));
  simulation.scheduler().advance(200ms);
  BOOST_TEST(late.get().status == 200);
}

BOOST_AUTO_TEST_CASE(orders_go_when_they_are_cleared_and_bad_ones_change_nothing) {
  order(R"([{"do": {"status": 503}}, {"do": {"status": 504}}])");
  BOOST_TEST(raw("CurrentTime", currentTime).status == 503);
  BOOST_TEST(ask("DELETE", "faults/order-1").status == 200);
  BOOST_TEST(raw("CurrentTime", currentTime).status == 504);
  BOOST_TEST(ask("DELETE", "faults/order-1").status == 404);
  const Answered bad = ask("POST", "faults", R"([{"do": {"status": 501}}, {"do": {}}])");
  BOOST_TEST(bad.status == 400);
  BOOST_TEST(bad.json["error"] == "/1/do: nothing is to happen");
  BOOST_TEST(ask("DELETE", "faults").json["removed"].size() == 1U);
  BOOST_TEST(raw("CurrentTime", currentTime).status == 200);
}

BOOST_AUTO_TEST_CASE(tasks_fail_hang_vanish_or_take_long) {
  order(R"({"match": {"method": "PowerOffVM_Task"}, "when": {"call": 1},
            "do": {"task": {"fail": {"type": "FileLocked", "members": {"file": "[vmfs-01] x.vmdk"}}}}})");
  const std::string failing = powerOff(vm);
  simulation.scheduler().advance(1s);
  const SoapReply failed = taskInfo(failing);
  BOOST_TEST(failed.one("//val/state") == "error");
  BOOST_TEST(failed.one("//val/error/fault/@type") == "FileLocked");
  BOOST_TEST(failed.one("//val/error/fault/file") == "[vmfs-01] x.vmdk");
  BOOST_TEST(power(vm) == "poweredOn");
  ask("DELETE", "faults");

  order(R"({"do": {"task": {"hang": true, "at": 60}}})");
  const std::string hanging = powerOff(vm);
  simulation.scheduler().advance(5min);
  BOOST_TEST(taskInfo(hanging).one("//val/state") == "running");
  BOOST_TEST(taskInfo(hanging).one("//val/progress") == "60");
  BOOST_TEST(ask("GET", "tasks").json["tasks"].back()["hangs"] == true);
  BOOST_TEST(client.call("PowerOffVM_Task", self("VirtualMachine", vm)).faultType() == "TaskInProgress");
  BOOST_TEST(ask("POST", "tasks/" + hanging, R"({"do": "finish"})").status == 200);
  BOOST_TEST(taskInfo(hanging).one("//val/state") == "success");
  BOOST_TEST(power(vm) == "poweredOff");
  ask("DELETE", "faults");

  order(R"({"do": {"task": {"vanish": true, "at": 50, "happens": true}}})");
  const std::string vanishing = client.call("PowerOnVM_Task", self("VirtualMachine", vm)).one("//returnval");
  simulation.scheduler().advance(50ms);
  BOOST_TEST(taskInfo(vanishing).one("//val/state") == "running");
  simulation.scheduler().advance(60ms);
  BOOST_TEST(taskInfo(vanishing).faultType() == "ManagedObjectNotFound");
  BOOST_TEST(power(vm) == "poweredOff");
  simulation.scheduler().advance(1s);
  BOOST_TEST(power(vm) == "poweredOn");
  ask("DELETE", "faults");

  order(R"({"do": {"task": {"duration": "10s"}}})");
  const std::string slow = powerOff(vm);
  simulation.scheduler().advance(9s);
  BOOST_TEST(taskInfo(slow).one("//val/state") == "running");
  BOOST_TEST(
      ask("POST", "tasks/" + slow, R"({"do": "fail", "fault": {"type": "HostCommunication"}})").status ==
      200);
  BOOST_TEST(taskInfo(slow).one("//val/error/fault/@type") == "HostCommunication");
  BOOST_TEST(ask("POST", "tasks/" + slow, R"({"do": "vanish"})").status == 404);
}

BOOST_AUTO_TEST_CASE(sessions_are_lost_of_one_user_or_of_all) {
  SoapClient reader(simulation);
  reader.login("readonly");
  BOOST_TEST(ask("GET", "sessions").json["sessions"].size() == 2U);
  BOOST_TEST(ask("DELETE", "sessions?user=readonly").json["killed"] == 1);
  BOOST_TEST(reader
                 .call("FindByInventoryPath",
                       self("SearchIndex", "SearchIndex") + "<inventoryPath>DC1</inventoryPath>")
                 .faultType() == "NotAuthenticated");
  BOOST_TEST(client
                 .call("FindByInventoryPath",
                       self("SearchIndex", "SearchIndex") + "<inventoryPath>DC1</inventoryPath>")
                 .status == 200);
  order(R"({"match": {"method": "PowerOffVM_Task"}, "do": {"sessions": "all"}})");
  BOOST_TEST(client.call("PowerOffVM_Task", self("VirtualMachine", vm)).faultType() == "NotAuthenticated");
  BOOST_TEST(ask("GET", "sessions").json["sessions"].empty());
  client.login();
  BOOST_TEST(power(vm) == "poweredOn");
}

BOOST_AUTO_TEST_CASE(a_restart_loses_sessions_views_filters_and_tasks_and_keeps_the_inventory) {
  const std::string view = client
                               .call("CreateContainerView", self("ViewManager", "ViewManager") +
                                                                ref("container", "Folder", "group-d1") +
                                                                "<recursive>true</recursive>")
                               .one("//returnval");
  const std::string task = powerOff(vm);
  auto waiting = raw("WaitForUpdatesEx", self("PropertyCollector", "propertyCollector") +
                                             "<options><maxWaitSeconds>600</maxWaitSeconds></options>");
  (void)waiting;
  BOOST_TEST(ask("POST", "restart", R"({"down": "5s"})").status == 200);
  BOOST_TEST(client.call("RetrieveServiceContent", currentTime).status == 503);
  simulation.scheduler().advance(5100ms);
  BOOST_TEST(client.call("RetrieveServiceContent", currentTime).status == 200);
  BOOST_TEST(client.call("DestroyView", self("ContainerView", view)).faultType() == "NotAuthenticated");
  client.login();
  BOOST_TEST(client.call("DestroyView", self("ContainerView", view)).faultType() == "ManagedObjectNotFound");
  BOOST_TEST(taskInfo(task).faultType() == "ManagedObjectNotFound");
  // What the host was doing went on.
  BOOST_TEST(client.id("DC1/vm/Production/Linux/web-01") == vm);
  BOOST_TEST(power(vm) == "poweredOff");
}

BOOST_AUTO_TEST_CASE(calls_under_way_get_no_answer_from_a_server_that_restarts) {
  HttpRequest request{
      "POST", "/sdk", {{"soapaction", "urn:vim25/8.0.2.0"}, {"cookie", client.cookie}}, {}, "192.0.2.1"};
  request.body =
      "<Envelope xmlns=\"http://schemas.xmlsoap.org/soap/envelope/\"><Body><WaitForUpdatesEx "
      "xmlns=\"urn:vim25\">" +
      self("PropertyCollector", "propertyCollector") +
      "<options><maxWaitSeconds>600</maxWaitSeconds></options></WaitForUpdatesEx></Body></Envelope>";
  std::optional<HttpResponse> answer;
  simulation.handle(std::move(request), [&answer](HttpResponse response) { answer = std::move(response); });
  simulation.scheduler().advance(1s);
  BOOST_REQUIRE(!answer);
  ask("POST", "restart");
  simulation.scheduler().advance(1s);
  BOOST_REQUIRE(answer);
  BOOST_TEST(!answer->delivery.answered);
}

BOOST_AUTO_TEST_CASE(the_clock_can_be_wrong) {
  const auto hour = [this] {
    return client.call("CurrentTime", currentTime).one("//returnval").substr(0, 10);
  };
  const std::string today = hour();
  BOOST_TEST(ask("POST", "clock", R"({"by": "+48h"})").json["skew"] == "+2d");
  BOOST_TEST(hour() > today);
  BOOST_TEST(ask("POST", "clock", R"({"by": "-72h"})").json["skew"] == "-1d");
  BOOST_TEST(hour() < today);
  BOOST_TEST(ask("DELETE", "clock").json["skew"] == "0ms");
  BOOST_TEST(hour() == today);
  BOOST_TEST(ask("POST", "clock", R"({"by": "later"})").status == 400);
}

BOOST_AUTO_TEST_CASE(calls_are_counted_by_method_and_outcome) {
  ask("DELETE", "calls");
  order(
      R"({"match": {"method": "CurrentTime"}, "when": {"call": 2}, "do": {"fault": {"type": "HostCommunication"}}})");
  for (int i = 0; i < 3; ++i) client.call("CurrentTime", currentTime);
  client.call("PowerOnVM_Task", self("VirtualMachine", "vm-none"));
  const Json report = ask("GET", "calls").json;
  BOOST_TEST(report["calls"] == 4);
  BOOST_TEST(report["faults"] == 2);
  const Json& time = report["methods"]["CurrentTime"];
  BOOST_TEST(time["calls"] == 3);
  BOOST_TEST(time["faults"] == 1);
  BOOST_TEST(time["ordered"] == 1);
  BOOST_TEST(time["byFault"]["HostCommunication"] == 1);
  BOOST_TEST(time["byStatus"]["200"] == 2);
  BOOST_TEST(report["methods"]["PowerOnVM_Task"]["byFault"]["ManagedObjectNotFound"] == 1);
  BOOST_TEST(ask("DELETE", "calls").json["calls"] == 4);
  BOOST_TEST(ask("GET", "calls").json["calls"] == 0);
}

BOOST_AUTO_TEST_CASE(somebody_else_can_act_by_any_method) {
  ask("DELETE", "calls");
  const Answered off =
      ask("POST", "call", R"({"method": "PowerOffVM_Task", "object": "DC1/vm/Production/Linux/web-01"})");
  BOOST_TEST(off.status == 200);
  BOOST_TEST(off.json["state"] == "success");
  BOOST_TEST(off.json.contains("result"));
  BOOST_TEST(power(vm) == "poweredOff");
  const Answered again = ask("POST", "call", R"({"method": "PowerOffVM_Task", "object": "web-01"})");
  BOOST_TEST(again.json["fault"]["type"] == "InvalidPowerState");
  BOOST_TEST(again.json["fault"]["members"]["existingState"] == "poweredOff");
  const Answered changed =
      ask("POST", "call", R"({"method": "ReconfigVM_Task", "object": "web-01", "arguments":
      {"spec": {"annotation": "by hand", "extraConfig": [{"key": "a.b", "value": "c"}]}}})");
  BOOST_TEST(changed.json["state"] == "success", changed.json.dump());
  BOOST_TEST(client.call("RetrievePropertiesEx", oneObject("VirtualMachine", vm, {"config.annotation"}))
                 .one("//val") == "by hand");
  const Answered found = ask(
      "POST", "call",
      R"({"method": "FindByInventoryPath", "arguments": {"inventoryPath": "DC1/vm/Production/Linux/web-01"}})");
  BOOST_TEST(found.json["result"] == "VirtualMachine:" + vm);
  const Answered fetched = ask(
      "POST", "call", R"({"method": "Fetch", "object": "web-01", "arguments": {"prop": "config.hardware"}})");
  BOOST_TEST(fetched.json["result"]["numCPU"].is_number_integer(), fetched.json.dump());
  BOOST_TEST(fetched.json["result"]["device"].is_array());
  // Not a call of the client's, and no session of its own is left.
  BOOST_TEST(ask("GET", "calls").json["methods"].contains("PowerOffVM_Task") == false);
  BOOST_TEST(ask("GET", "sessions").json["sessions"].size() == 1U);
}

BOOST_AUTO_TEST_CASE(orders_are_not_for_calls_by_somebody_else) {
  order(R"([{"match": {"method": "Power*"}, "do": {"status": 503}}, {"do": {"task": {"hang": true}}}])");
  BOOST_TEST(ask("POST", "call", R"({"method": "PowerOffVM_Task", "object": "web-01"})").json["state"] ==
             "success");
}

BOOST_AUTO_TEST_CASE(a_call_that_makes_no_sense_is_refused_with_its_place) {
  const auto refused = [this](const std::string& body) {
    const Answered answer = ask("POST", "call", body);
    BOOST_TEST(answer.status == 400);
    return answer.json["error"].get<std::string>();
  };
  BOOST_TEST(refused("nonsense").starts_with("line 1, column "));
  BOOST_TEST(refused(std::string(1'000'000, '[')) == "/: this is nested too deeply");
  BOOST_TEST(refused("{\"method\": 1e999}") == "/: a number is too large");
  BOOST_TEST(refused("{}") == "/: the member 'method' is missing");
  BOOST_TEST(refused(R"({"method": "PowerOffVM", "object": "web-01"})") ==
             "/method: no method 'PowerOffVM' is known; did you mean 'PowerOffVM_Task'?");
  BOOST_TEST(refused(R"({"method": "PowerOffVM_Task", "object": "web-77"})") ==
             "/object: there is no VirtualMachine 'web-77'");
  BOOST_TEST(refused(R"({"method": "PowerOffVM_Task", "object": "DC1"})") ==
             "/object: 'DC1' is a Datacenter, and a VirtualMachine is expected here");
  BOOST_TEST(refused(R"({"method": "Rename_Task", "object": "web-01"})") ==
             "/arguments: the member 'newName' is missing");
  BOOST_TEST(refused(R"({"method": "Rename_Task", "object": "web-01", "arguments": {"newName": 3}})") ==
             "/arguments/newName: a text is expected here, not a number");
  BOOST_TEST(
      refused(R"({"method": "PowerOnVM_Task", "object": "web-01", "arguments": {"host": "nowhere"}})") ==
      "/arguments/host: there is no HostSystem 'nowhere'");
  BOOST_TEST(refused(R"({"method": "PowerOnVM_Task", "object": "web-01", "arguments": {"hots": "x"}})") ==
             "/arguments: unknown member 'hots'; known are host");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(session_limits)

BOOST_AUTO_TEST_CASE(a_login_beyond_the_limit_is_answered_503) {
  WorldSettings settings;
  settings.sessionLimits = {2, 3};
  Simulation simulation(loadScenario("site"), "secret", settings, {}, Scheduler::Clock::manual);
  SoapClient first(simulation), second(simulation), third(simulation), fourth(simulation);
  BOOST_TEST(first.login().status == 200);
  BOOST_TEST(second.login().status == 200);
  const SoapReply refused = third.login();
  BOOST_TEST(refused.status == 503);
  BOOST_TEST(refused.setCookie.empty());
  BOOST_TEST(third.login("readonly").status == 200);
  BOOST_TEST(fourth.login("readonly").status == 503);
  first.call("Logout", self("SessionManager", "SessionManager"));
  BOOST_TEST(fourth.login("readonly").status == 200);
  // Those that expire make room.
  simulation.scheduler().advance(31min);
  BOOST_TEST(third.login().status == 200);
}

BOOST_AUTO_TEST_CASE(drs_moves_what_is_not_overridden) {
  ControlFixture f;
  const Answered moved = f.ask("POST", "drs", R"({ "object": "Cluster-1" })");
  BOOST_TEST(moved.status == 200);
  std::set<std::string> names;
  for (const Json& each : moved.json.at("moved")) {
    names.insert(each.at("name").get<std::string>());
    BOOST_TEST(each.at("from") != each.at("to"));
  }
  BOOST_TEST((names == std::set<std::string>{"mt-linux-01", "mt-win-01", "web-01", "app-01", "files-01"}));
  // The datastore cluster is set to manual.
  BOOST_TEST(f.ask("POST", "drs", R"({ "object": "VMFS-Cluster" })").json.at("moved").empty());
  BOOST_TEST(f.ask("POST", "drs", R"({ "object": "web-01" })").status == 400);
  BOOST_TEST(f.ask("GET", "drs").status == 405);
}

BOOST_AUTO_TEST_CASE(a_guest_writes_and_shows_its_disks) {
  ControlFixture f;
  const Answered first = f.ask("POST", "write", R"({ "vm": "mt-linux-01", "disk": 2000 })");
  const Answered second = f.ask("POST", "write", R"({ "vm": "mt-linux-01", "disk": 2000, "bytes": 4096 })");
  BOOST_TEST(second.status == 200);
  BOOST_TEST(first.json.at("contentId") != second.json.at("contentId"));
  BOOST_TEST(f.ask("POST", "write", R"({ "vm": "db-01", "disk": 2000 })").status == 400);  // it is off
  // Only what it holds of others is replicated to: nothing yet. Who is off replicates nothing.
  BOOST_TEST(f.ask("POST", "replicate", R"({ "vm": "mt-linux-01" })").json.at("written").empty());
  // The master target has disk.EnableUUID, web-01 has not.
  const Json disks = f.ask("GET", "guest/mt-linux-01").json.at("disks");
  BOOST_REQUIRE(disks.size() == 2);
  BOOST_TEST(disks[0].at("serial").get<std::string>().starts_with("6000c29"));
  BOOST_TEST(f.ask("GET", "guest/web-01").json.at("disks")[0].at("serial").is_null());
  BOOST_TEST(f.ask("GET", "guest/db-01").json.at("disks").empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::mock::testing
