// SPDX-License-Identifier: GPL-2.0-or-later
// Events: what is posted, how they are asked for, and their collectors.
#include <boost/test/unit_test.hpp>
#include <chrono>

#include "tests/unit/mocks/soap_client.h"

using namespace failback::mock;
using namespace failback::mock::testing;
using namespace std::chrono_literals;

namespace {

SoapReply query(SoapClient& client, const std::string& filter) {
  return client.call("QueryEvents", self("EventManager", "EventManager") + "<filter>" + filter + "</filter>");
}

std::string collector(SoapClient& client, const std::string& filter) {
  return client
      .call("CreateCollectorForEvents",
            self("EventManager", "EventManager") + "<filter>" + filter + "</filter>")
      .one("//returnval");
}

SoapReply read(SoapClient& client, const std::string& method, const std::string& id, int count) {
  return client.call(
      method, self("EventHistoryCollector", id) + "<maxCount>" + std::to_string(count) + "</maxCount>");
}

std::string about(std::string_view type, const std::string& id, std::string_view recursion) {
  return "<entity>" + ref("entity", type, id) + "<recursion>" + std::string(recursion) +
         "</recursion></entity>";
}

// Powers a machine off or on and waits for the end. Gives the task's id.
std::string power(Fixture& f, const std::string& vm, bool on) {
  const SoapReply reply =
      f.client.call(on ? "PowerOnVM_Task" : "PowerOffVM_Task", self("VirtualMachine", vm));
  BOOST_REQUIRE(reply.status == 200);
  f.simulation.scheduler().advance(1s);
  return reply.one("//returnval");
}

std::string logEvent(SoapClient& client, const std::string& vm, const std::string& text) {
  return client
      .call("LogUserEvent", self("EventManager", "EventManager") + ref("entity", "VirtualMachine", vm) +
                                "<msg>" + text + "</msg>")
      .faultType();
}

struct Quiet {
  // A site without a past, so that tests see what they do themselves.
  Quiet() : simulation(scenario(), "secret", {}, recording(), Scheduler::Clock::manual), client(simulation) {}
  static ScenarioSpec scenario() {
    ScenarioSpec spec = loadScenario("site");
    spec.pastActivity = false;
    return spec;
  }
  Simulation simulation;
  SoapClient client;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE(a_power_operation_leaves_its_events_in_the_chain_of_its_task) {
  Fixture f;
  f.client.login();
  const std::string vm = f.client.id(webPath);
  const std::string task = power(f, vm, false);
  const std::string chain =
      f.client.call("RetrievePropertiesEx", oneObject("Task", task, {"info.eventChainId"})).one("//val");
  const SoapReply found = query(f.client, "<eventChainId>" + chain + "</eventChainId>");
  const std::vector<std::string> types{"TaskEvent", "VmStoppingEvent", "VmPoweredOffEvent"};
  BOOST_TEST(found.all("//returnval/@type") == types, boost::test_tools::per_element());
  BOOST_TEST(found.all("//returnval/userName").at(2) == "administrator@vsphere.local");
  BOOST_TEST(found.all("//returnval/vm/vm").at(1) == vm);
  BOOST_TEST(found.all("//returnval/key").at(0) == chain);
  BOOST_TEST(found.one("//returnval/info/key") == task);
  BOOST_TEST(found.one("//returnval/info/descriptionId") == "VirtualMachine.powerOff");
  BOOST_TEST(found.all("//returnval/fullFormattedMessage").at(0) == "Task: Power Off virtual machine");
  BOOST_TEST(found.all("//returnval/fullFormattedMessage").at(2) ==
             "web-01 on " + found.all("//returnval/host/name").at(2) + " in DC1 is powered off");
}

BOOST_AUTO_TEST_CASE(sessions_leave_events) {
  Quiet f;
  f.client.login();
  BOOST_TEST(f.client.login("mallory", "x").faultType() == "InvalidLogin");
  SoapClient other(f.simulation);
  other.login("readonly");
  other.call("Logout", self("SessionManager", "SessionManager"));
  const SoapReply found = query(f.client, "<eventTypeId>SessionEvent</eventTypeId>");
  const std::vector<std::string> types{"UserLoginSessionEvent", "BadUsernameSessionEvent",
                                       "UserLoginSessionEvent", "UserLogoutSessionEvent"};
  BOOST_TEST(found.all("//returnval/@type") == types, boost::test_tools::per_element());
  BOOST_TEST(found.all("//returnval/userName").at(1) == "mallory");
  BOOST_TEST(found.all("//returnval/fullFormattedMessage").at(0) ==
             "User administrator@vsphere.local@192.0.2.1 logged in as tests");
  BOOST_TEST(found.all("//returnval/callCount").size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_filter_chooses_by_entity_user_category_type_and_number) {
  Quiet f;
  f.client.login();
  const std::string vm = f.client.id(webPath);
  const std::string folder = f.client.id("DC1/vm/Production/Linux");
  const std::string other = f.client.id("DC1/vm/Production/Linux/db-01");
  BOOST_TEST(logEvent(f.client, vm, "one") == "");
  BOOST_TEST(logEvent(f.client, other, "two") == "");
  BOOST_TEST(logEvent(f.client, vm, "three") == "");
  const auto count = [&](const std::string& filter) { return query(f.client, filter).count("//returnval"); };
  BOOST_TEST(count(about("VirtualMachine", vm, "self")) == 2U);
  BOOST_TEST(count(about("VirtualMachine", vm, "children")) == 0U);
  BOOST_TEST(count(about("Folder", folder, "self")) == 0U);
  BOOST_TEST(count(about("Folder", folder, "children")) == 3U);
  BOOST_TEST(count(about("Folder", folder, "all") + "<maxCount>2</maxCount>") == 2U);
  BOOST_TEST(count("<category>user</category>") == 3U);
  BOOST_TEST(count("<category>error</category>") == 0U);
  BOOST_TEST(count("<eventTypeId>vim.event.GeneralUserEvent</eventTypeId>") == 3U);
  BOOST_TEST(count("<type>GeneralUserEvent</type>") == 3U);
  BOOST_TEST(count("<eventTypeId>com.example.none</eventTypeId>") == 0U);
  BOOST_TEST(count("<userName><systemUser>false</systemUser><userList>readonly</userList></userName>") == 0U);
  BOOST_TEST(count("<userName><systemUser>false</systemUser><userList>administrator@vsphere.local</"
                   "userList></userName>"
                   "<type>GeneralUserEvent</type>") == 3U);
  BOOST_TEST(count("<time><endTime>2001-01-01T00:00:00Z</endTime></time>") == 0U);
  BOOST_TEST(
      count("<time><beginTime>2001-01-01T00:00:00+02:00</beginTime></time><type>GeneralUserEvent</type>") ==
      3U);
  const SoapReply silent = query(
      f.client,
      "<disableFullMessage>true</disableFullMessage><type>GeneralUserEvent</type><maxCount>1</maxCount>");
  BOOST_TEST(silent.count("//fullFormattedMessage") == 0U);
  BOOST_TEST(silent.one("//returnval/message") == "three");  // the newest
  BOOST_TEST(query(f.client, about("VirtualMachine", "vm-0815", "self")).faultType() ==
             "ManagedObjectNotFound");
}

BOOST_AUTO_TEST_CASE(a_collector_pages_both_ways) {
  Quiet f;
  f.client.login();
  const std::string vm = f.client.id(webPath);
  for (int i = 1; i <= 5; ++i) logEvent(f.client, vm, std::to_string(i));
  const std::string id = collector(f.client, "<type>GeneralUserEvent</type>");
  const auto texts = [](const SoapReply& reply) {
    std::string all;
    for (const std::string& each : reply.all("//returnval/message")) all += each;
    return all;
  };
  BOOST_TEST(texts(read(f.client, "ReadNextEvents", id, 2)) == "12");
  BOOST_TEST(texts(read(f.client, "ReadNextEvents", id, 2)) == "34");
  BOOST_TEST(texts(read(f.client, "ReadNextEvents", id, 2)) == "5");
  BOOST_TEST(texts(read(f.client, "ReadNextEvents", id, 2)) == "");
  logEvent(f.client, vm, "6");
  BOOST_TEST(texts(read(f.client, "ReadNextEvents", id, 2)) == "6");
  BOOST_TEST(texts(read(f.client, "ReadPreviousEvents", id, 2)) == "65");
  f.client.call("RewindCollector", self("EventHistoryCollector", id));
  BOOST_TEST(texts(read(f.client, "ReadPreviousEvents", id, 2)) == "");
  BOOST_TEST(texts(read(f.client, "ReadNextEvents", id, 1)) == "1");
  BOOST_TEST(read(f.client, "SetCollectorPageSize", id, 2).status == 200);
  f.client.call("ResetCollector", self("EventHistoryCollector", id));
  BOOST_TEST(texts(read(f.client, "ReadPreviousEvents", id, 3)) == "432");
  BOOST_TEST(f.client.call("RetrievePropertiesEx", oneObject("EventHistoryCollector", id, {"latestPage"}))
                 .count("//val/Event") == 2U);
  BOOST_TEST(read(f.client, "ReadNextEvents", id, 0).faultType() == "InvalidArgument");
  BOOST_TEST(read(f.client, "ReadNextEvents", id, 1001).faultType() == "InvalidArgument");
  BOOST_TEST(f.client.call("DestroyCollector", self("EventHistoryCollector", id)).status == 200);
  BOOST_TEST(read(f.client, "ReadNextEvents", id, 1).faultType() == "ManagedObjectNotFound");
}

BOOST_AUTO_TEST_CASE(a_collector_belongs_to_its_session_and_ends_with_it) {
  Quiet f;
  f.client.login();
  const std::string id = collector(f.client, "");
  SoapClient other(f.simulation);
  other.login();
  BOOST_TEST(read(other, "ReadNextEvents", id, 1).faultType() == "ManagedObjectNotFound");
  f.client.call("Logout", self("SessionManager", "SessionManager"));
  const std::lock_guard lock(f.simulation.world().lock());
  BOOST_TEST(f.simulation.world().inventory.find(id) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_session_has_32_collectors_and_no_more) {
  Quiet f;
  f.client.login();
  for (int i = 0; i < 32; ++i) BOOST_REQUIRE(!collector(f.client, "").empty());
  BOOST_TEST(
      f.client.call("CreateCollectorForEvents", self("EventManager", "EventManager") + "<filter></filter>")
          .faultType() == "InvalidState");
  SoapClient other(f.simulation);
  other.login();
  BOOST_TEST(!collector(other, "").empty());
}

BOOST_AUTO_TEST_CASE(a_wait_on_the_latest_page_ends_with_the_next_event) {
  Quiet f;
  f.client.login();
  const std::string vm = f.client.id(webPath);
  const std::string id = collector(f.client, "<type>GeneralUserEvent</type>");
  f.client.call("CreateFilter",
                self("PropertyCollector", "propertyCollector") +
                    "<spec><propSet><type>EventHistoryCollector</type><pathSet>latestPage</pathSet>"
                    "</propSet><propSet><type>EventManager</type><pathSet>latestEvent</pathSet>"
                    "</propSet><objectSet>" +
                    ref("obj", "EventHistoryCollector", id) + "</objectSet><objectSet>" +
                    ref("obj", "EventManager", "EventManager") +
                    "</objectSet></spec><partialUpdates>false</partialUpdates>");
  const SoapReply first = f.client.call("WaitForUpdatesEx", self("PropertyCollector", "propertyCollector"));
  const std::string version = first.one("//returnval/version");
  auto waiting = f.client.start("WaitForUpdatesEx", self("PropertyCollector", "propertyCollector") +
                                                        "<version>" + version + "</version>");
  BOOST_TEST((waiting.wait_for(50ms) == std::future_status::timeout));
  logEvent(f.client, vm, "here I am");
  f.simulation.scheduler().advance(1ms);
  BOOST_REQUIRE((waiting.wait_for(5s) == std::future_status::ready));
  const SoapReply update = waiting.get();
  BOOST_TEST(update.all("//val/Event/message").at(0) == "here I am");
  BOOST_TEST(update.has("latestEvent"));
}

BOOST_AUTO_TEST_CASE(a_client_posts_an_event_of_its_own) {
  Quiet f;
  f.client.login();
  const std::string vm = f.client.id(webPath);
  const auto post = [&](SoapClient& client) {
    return client.call(
        "PostEvent", self("EventManager", "EventManager") +
                         "<eventToPost xsi:type=\"EventEx\"><key>0</key><chainId>0</chainId>"
                         "<createdTime>2001-01-01T00:00:00Z</createdTime><userName>nobody</"
                         "userName><eventTypeId>com.example.moved"
                         "</eventTypeId><severity>warning</severity><message>Disk moved</message><objectId>" +
                         vm + "</objectId><objectType>VirtualMachine</objectType></eventToPost>");
  };
  BOOST_TEST(post(f.client).status == 200);
  const SoapReply found =
      query(f.client, about("VirtualMachine", vm, "self") +
                          "<category>warning</category><eventTypeId>com.example.moved</eventTypeId>");
  BOOST_TEST(found.one("//returnval/userName") == "administrator@vsphere.local");
  BOOST_TEST(found.one("//returnval/fullFormattedMessage") == "Disk moved");
  BOOST_TEST(!found.one("//returnval/createdTime").starts_with("2001"));
  SoapClient reader(f.simulation);
  reader.login("readonly");
  BOOST_TEST(post(reader).one("//detail/NoPermissionFault/privilegeId") == "Global.LogEvent");
  BOOST_TEST(logEvent(reader, vm, "x") == "NoPermission");
}

BOOST_AUTO_TEST_CASE(the_description_knows_every_type_of_event) {
  Quiet f;
  f.client.login();
  const SoapReply reply = f.client.call(
      "RetrievePropertiesEx", oneObject("EventManager", "EventManager", {"description", "maxCollector"}));
  BOOST_TEST(reply.count("//eventInfo") > 400U);
  BOOST_TEST(reply.one("//eventInfo[./key='VmPoweredOnEvent']/fullFormat") ==
             "{vm.name} on {host.name} in {datacenter.name} is powered on");
  BOOST_TEST(reply.one("//eventInfo[./key='VmFailedToPowerOnEvent']/category") == "error");
  BOOST_TEST(reply.has(">32<"));
  const SoapReply arguments =
      f.client.call("RetrieveArgumentDescription",
                    self("EventManager", "EventManager") + "<eventTypeId>VmRenamedEvent</eventTypeId>");
  BOOST_TEST(arguments.one("//returnval[./name='oldName']/type") == "string");
}

BOOST_AUTO_TEST_CASE(a_rename_says_both_names) {
  Quiet f;
  f.client.login();
  const std::string vm = f.client.id(webPath);
  f.client.call("Rename_Task", self("VirtualMachine", vm) + "<newName>web-02</newName>");
  f.simulation.scheduler().advance(1s);
  const SoapReply found = query(f.client, "<type>VmRenamedEvent</type>");
  BOOST_TEST(found.one("//returnval/oldName") == "web-01");
  BOOST_TEST(found.one("//returnval/newName") == "web-02");
  BOOST_TEST(found.one("//returnval/fullFormattedMessage") == "Renamed web-02 from web-01 to web-02 in DC1");
}

BOOST_AUTO_TEST_CASE(a_scenario_tells_a_history) {
  ScenarioSpec scenario = loadScenario("site");
  VmSpec& vm = scenario.datacenters.at(0).vms.at(0);
  HistorySpec started;
  started.type = "VmPoweredOnEvent";
  started.time = "2020-02-29T22:00:00.5Z";
  started.user = "operator";
  vm.history.push_back(started);
  Simulation simulation(scenario, "secret", {}, recording(), Scheduler::Clock::manual);
  SoapClient client(simulation);
  client.login();
  const SoapReply found =
      query(client,
            "<time><endTime>2020-12-31T00:00:00Z</endTime></time><userName><systemUser>false"
            "</systemUser><userList>operator</userList></userName>");
  BOOST_TEST(found.one("//returnval/createdTime") == "2020-02-29T22:00:00.500000Z");
  BOOST_TEST(found.one("//returnval/vm/name") == vm.name);
  // And the site's usual past.
  BOOST_TEST(query(client, "<type>VmCreatedEvent</type>").count("//returnval") ==
             scenario.datacenters.at(0).vms.size());
}

BOOST_AUTO_TEST_CASE(a_wrong_history_is_refused_with_its_place) {
  const auto error = [](const std::string& history) -> std::string {
    try {
      (void)parseScenario("{\"history\": [" + history + "]}", "x.json");
    } catch (const ScenarioError& problem) {
      return problem.what();
    }
    return {};
  };
  BOOST_TEST(error(R"({"type": "VmPoweredOnEvent", "daysAgo": 3})").empty());
  BOOST_TEST(error(R"({"type": "VmFlownEvent"})").find("x.json:/history/0/type: 'VmFlownEvent'") == 0U);
  BOOST_TEST(error(R"({"daysAgo": 1})").find("x.json:/history/0/type") == 0U);
  BOOST_TEST(error(R"({"type": "VmPoweredOnEvent", "time": "yesterday"})").find("x.json:/history/0/time") ==
             0U);
  BOOST_TEST(error(R"({"task": "powerOn"})").find("x.json:/history/0/task") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
