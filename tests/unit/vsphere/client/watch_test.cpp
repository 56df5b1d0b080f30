// SPDX-License-Identifier: GPL-2.0-or-later
#include <boost/test/unit_test.hpp>

#include "tests/unit/vsphere/client/fake_server.h"
#include "vsphere/error.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

Context soon() {
  return Context().withTimeout(std::chrono::seconds(30));
}

Moref vm(int number) {
  return {"VirtualMachine", "vm-" + std::to_string(number), {}};
}

std::string name(const std::string& value) {
  return "<changeSet><name>name</name><op>assign</op><val xsi:type=\"xsd:string\">" + value +
         "</val></changeSet>";
}

std::string power(const std::string& value) {
  return "<changeSet><name>runtime.powerState</name><op>assign</op><val "
         "xsi:type=\"VirtualMachinePowerState\">" +
         value + "</val></changeSet>";
}

std::string memory(const std::string& value) {
  return "<changeSet><name>config.hardware.memoryMB</name><op>assign</op><val xsi:type=\"xsd:int\">" + value +
         "</val></changeSet>";
}

std::string object(const std::string& kind, const Moref& ref, const std::string& content) {
  return "<objectSet><kind>" + kind + "</kind>" + reference("obj", ref) + content + "</objectSet>";
}

std::string update(const std::string& content, bool truncated = false) {
  return "<filterSet><filter type=\"PropertyFilter\">filter-1</filter>" + content + "</filterSet>" +
         (truncated ? "<truncated>true</truncated>" : "");
}

std::string told(const InventoryChange& change) {
  std::string text = change.kind == InventoryChange::Kind::enter    ? "+"
                     : change.kind == InventoryChange::Kind::modify ? "~"
                                                                    : "-";
  text += change.object.value;
  for (const ChangedValue& value : change.values) text += " " + value.path + "=" + value.json;
  return text;
}

struct Recorder : InventoryWatcher {
  bool change(InventoryChange&& change) override {
    changes.push_back(told(change));
    last = std::move(change);
    return changes.size() < wanted;
  }
  void unreadable(Unreadable&& what) override {
    changes.push_back("?" + what.object.value + " " + what.property);
  }
  bool complete() override {
    changes.emplace_back("complete");
    return changes.size() < wanted;
  }

  std::size_t wanted = 0;  // then it ends
  std::vector<std::string> changes;
  InventoryChange last;
};

struct Fixture {
  Fixture() { client = Client::connect(optionsFor(server), credentialsOf(*server), soon()); }
  ~Fixture() {
    client.reset();
    BOOST_TEST(server->leftovers().empty());
  }

  // Watches until that much has come.
  void watch(std::size_t wanted) {
    ReadRequest request;
    request.types = {"VirtualMachine"};
    request.depth = Depth::thin;
    recorder.wanted = wanted;
    client->watch(request, recorder, soon(), soon());
  }

  void check(const std::vector<std::string>& expected) const {
    BOOST_TEST(recorder.changes == expected, boost::test_tools::per_element());
  }

  std::shared_ptr<FakeServer> server = std::make_shared<FakeServer>();
  std::unique_ptr<Client> client;
  Recorder recorder;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(watching, Fixture)

BOOST_AUTO_TEST_CASE(objects_enter_change_and_leave) {
  server->updates = {update(object("enter", vm(1), name("a") + power("poweredOn")), true),
                     update(object("enter", vm(2), name("b"))),
                     "",
                     update(object("modify", vm(1), power("poweredOff"))),
                     update(object("leave", vm(2), "")),
                     update(object("enter", vm(3), name("c")))};
  watch(6);
  check({"+vm-1", "+vm-2", "complete", "~vm-1 runtime.powerState=\"poweredOff\"", "-vm-2", "+vm-3"});
  BOOST_REQUIRE(recorder.last.value.has_value());
  BOOST_TEST(entityOf(*recorder.last.value).name == "c");
}

BOOST_AUTO_TEST_CASE(the_filter_is_over_a_view_on_the_types_and_asks_for_whole_values) {
  server->updates = {update(object("enter", vm(1), name("a")))};
  watch(1);
  const ReadRequestXml filter = server->requests("CreateFilter").at(0);
  BOOST_TEST(filter.references("obj").at(0).type == "ContainerView");
  BOOST_TEST(filter.text("path") == "view");
  BOOST_TEST(filter.text("partialUpdates") == "false");
  BOOST_TEST(server->requests("CreateContainerView").at(0).text("type") == "VirtualMachine");
  // On a collector of its own.
  BOOST_TEST(filter.self.value != "propertyCollector");
}

BOOST_AUTO_TEST_CASE(after_a_lost_session_only_what_differs_is_told) {
  server->updates = {update(object("enter", vm(1), name("a") + power("poweredOn")) +
                            object("enter", vm(2), name("b")) + object("enter", vm(3), name("c")))};
  int idle = 0;
  server->onIdle = [&] {
    if (++idle == 1) {
      server->killSessions();
      return;
    }
    // vm-1 was renamed, vm-2 is as it was, vm-3 has gone, vm-4 is new; on two pages.
    if (idle == 2) {
      server->updates = {update(object("enter", vm(1), name("z") + power("poweredOn")), true),
                         update(object("enter", vm(2), name("b")) + object("enter", vm(4), name("d")))};
    } else {
      server->updates = {update(object("modify", vm(2), name("bb")))};
    }
  };
  watch(8);
  check({"+vm-1", "+vm-2", "+vm-3", "complete", "~vm-1 name=\"z\"", "+vm-4", "-vm-3", "~vm-2 name=\"bb\""});
  BOOST_TEST(server->count("Login") == 2u);
}

BOOST_AUTO_TEST_CASE(a_change_before_the_loss_counts_in_the_comparison) {
  server->updates = {update(object("enter", vm(1), name("a"))), update(object("modify", vm(1), name("b")))};
  int idle = 0;
  server->onIdle = [&] {
    if (++idle == 1) {
      server->killSessions();
      return;
    }
    server->updates = {idle == 2 ? update(object("enter", vm(1), name("b")))
                                 : update(object("leave", vm(1), ""))};
  };
  watch(4);
  check({"+vm-1", "complete", "~vm-1 name=\"b\"", "-vm-1"});
}

BOOST_AUTO_TEST_CASE(a_forgotten_version_begins_anew_without_repeating) {
  server->updates = {update(object("enter", vm(1), name("a")))};
  bool forgot = false;
  server->meet = [&](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method != "WaitForUpdatesEx" || readRequest(request.body).text("version").empty() || forgot)
      return {};
    forgot = true;
    server->updates = {update(object("enter", vm(1), name("a"))), update(object("modify", vm(1), name("b")))};
    return faulty("InvalidCollectorVersion", "");
  };
  watch(3);
  check({"+vm-1", "complete", "~vm-1 name=\"b\""});
}

BOOST_AUTO_TEST_CASE(what_is_said_again_is_not_told_again) {
  server->updates = {update(object("enter", vm(1), name("a") + power("poweredOn"))),
                     update(object("modify", vm(1), name("a") + power("poweredOff"))),
                     update(object("modify", vm(1), power("poweredOff"))),
                     update(object("modify", vm(1), name("b")))};
  watch(4);
  check({"+vm-1", "complete", "~vm-1 runtime.powerState=\"poweredOff\"", "~vm-1 name=\"b\""});
}

BOOST_AUTO_TEST_CASE(values_are_told_as_the_server_wrote_them) {
  const std::string devices =
      "<changeSet><name>network</name><op>assign</op><val xsi:type=\"ArrayOfManagedObjectReference\">"
      "<ManagedObjectReference type=\"Network\">network-7</ManagedObjectReference></val></changeSet>";
  const std::string host =
      "<changeSet><name>runtime.host</name><op>assign</op><val type=\"HostSystem\" "
      "xsi:type=\"ManagedObjectReference\">host-3</val></changeSet>";
  const std::string unset = "<changeSet><name>parentVApp</name><op>assign</op></changeSet>";
  const std::string part = "<changeSet><name>recentTask[\"task-1\"]</name><op>remove</op></changeSet>";
  server->updates = {update(object("enter", vm(1), name("a"))),
                     update(object("modify", vm(1), devices + host + unset + part))};
  watch(3);
  check({"+vm-1", "complete",
         "~vm-1 network=[{\"type\":\"Network\",\"value\":\"network-7\"}] "
         "runtime.host={\"type\":\"HostSystem\",\"value\":\"host-3\"} parentVApp= "
         "recentTask[\"task-1\"]="});
  BOOST_TEST(recorder.last.values.at(3).op == "remove");
}

BOOST_AUTO_TEST_CASE(what_moves_by_itself_is_not_watched) {
  server->updates = {update(object("enter", vm(1), name("a")))};
  ReadRequest request;
  request.types = {"VirtualMachine", "HostSystem"};
  request.depths = {{"HostSystem", Depth::thin}};
  recorder.wanted = 1;
  client->watch(request, recorder, soon(), soon());
  const std::string filter = server->requests("CreateFilter").at(0).xml;
  BOOST_TEST(filter.find("summary.quickStats") == std::string::npos);
  // Each type as deep as it is wanted.
  BOOST_TEST(filter.find("config.hardware.device") != std::string::npos);
  BOOST_TEST(filter.find("summary.hardware.numCpuCores") != std::string::npos);
  BOOST_TEST(filter.find("summary.hardware.vendor") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_may_not_be_read_is_told_once) {
  const std::string hidden =
      "<missingSet><path>config.uuid</path><fault><fault xsi:type=\"NoPermission\">"
      "<object type=\"VirtualMachine\">vm-1</object><privilegeId>System.Read</privilegeId></fault>"
      "<localizedMessage/></fault></missingSet>";
  server->updates = {update(object("enter", vm(1), name("a") + hidden))};
  int idle = 0;
  server->onIdle = [&] {
    if (++idle == 1) {
      server->killSessions();
      return;
    }
    server->updates = {idle == 2 ? update(object("enter", vm(1), name("a") + hidden))
                                 : update(object("leave", vm(1), ""))};
  };
  watch(4);
  check({"+vm-1", "?vm-1 config.uuid", "complete", "-vm-1"});
}

BOOST_AUTO_TEST_CASE(one_bad_number_costs_one_property_and_not_the_picture) {
  server->updates = {
      update(object("enter", vm(1), name("a") + memory("much")) + object("enter", vm(2), name("b")))};
  watch(4);
  check({"+vm-1", "+vm-2", "?vm-1 config.hardware.memoryMB", "complete"});
}

BOOST_AUTO_TEST_CASE(a_change_to_a_bad_number_is_told_as_it_stands_there) {
  server->updates = {
      update(object("enter", vm(1), name("a")) + object("enter", vm(2), name("b"))),
      update(object("modify", vm(2), name("b")) + object("modify", vm(1), memory("much") + name("c"))),
      update(object("modify", vm(2), name("d")))};
  watch(6);
  check({"+vm-1", "+vm-2", "complete", "~vm-1 config.hardware.memoryMB=\"much\" name=\"c\"",
         "?vm-1 config.hardware.memoryMB", "~vm-2 name=\"d\""});
}

BOOST_AUTO_TEST_CASE(the_first_picture_has_a_deadline_of_its_own) {
  server->updates = {update(object("enter", vm(1), name("a")), true)};
  recorder.wanted = 9;
  ReadRequest request;
  request.types = {"VirtualMachine"};
  try {
    client->watch(request, recorder, Context().withTimeout(std::chrono::milliseconds(200)), soon());
    BOOST_FAIL("ended");
  } catch (const Failure& failure) {
    BOOST_TEST((failure.error().category == Category::deadline));
  }
  check({"+vm-1"});
}

BOOST_AUTO_TEST_CASE(a_path_that_the_server_does_not_know_is_left_out) {
  bool refused = false;
  server->meet = [&](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method != "CreateFilter" || refused) return {};
    refused = true;
    return faulty("InvalidProperty", "", "<name>runtime.powerState</name>");
  };
  server->updates = {update(object("enter", vm(1), name("a")))};
  watch(1);
  const auto filters = server->requests("CreateFilter");
  BOOST_REQUIRE(filters.size() == 2u);
  BOOST_TEST(filters[0].xml.find("runtime.powerState") != std::string::npos);
  BOOST_TEST(filters[1].xml.find("runtime.powerState") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_it) {
  std::stop_source stop;
  server->updates = {update(object("enter", vm(1), name("a")))};
  server->onIdle = [&] { stop.request_stop(); };
  ReadRequest request;
  request.types = {"VirtualMachine"};
  recorder.wanted = 9;
  try {
    const Context stopped = soon().withStop(stop.get_token());
    client->watch(request, recorder, stopped, stopped);
    BOOST_FAIL("ended");
  } catch (const Failure& failure) {
    BOOST_TEST((failure.error().category == Category::interrupted));
  }
}

BOOST_AUTO_TEST_SUITE_END()
