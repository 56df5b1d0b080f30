// SPDX-License-Identifier: GPL-2.0-or-later
#include <boost/test/unit_test.hpp>

#include "tests/unit/vsphere/client/fake_server.h"
#include "tests/unit/vsphere/client/task_xml.h"
#include "vsphere/error.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

Context soon() {
  return Context().withTimeout(std::chrono::seconds(20));
}

struct Fixture {
  Fixture() { client = Client::connect(optionsFor(server), credentialsOf(*server), soon()); }
  ~Fixture() {
    client.reset();
    BOOST_TEST(server->leftovers().empty());
  }

  std::vector<TaskInfo> wait(const std::vector<Moref>& tasks, const Context& context = soon()) {
    return client->waitForTasks(
        tasks, [this](const TaskInfo& task) { told.push_back(task); }, context);
  }

  std::shared_ptr<FakeServer> server = std::make_shared<FakeServer>();
  std::unique_ptr<Client> client;
  std::vector<TaskInfo> told;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tasks, Fixture)

BOOST_AUTO_TEST_CASE(two_tasks_end_on_one_stream_and_come_back_in_order) {
  server->updates = {update(object("enter", kOne, info(kOne, "running", "<progress>10</progress>")) +
                            object("enter", kTwo, info(kTwo, "queued"))),
                     "", update(object("modify", kOne, info(kOne, "running", "<progress>60</progress>"))),
                     update(object("modify", kTwo, info(kTwo, "success"))),
                     update(object("modify", kOne,
                                   info(kOne, "success",
                                        "<result type=\"VirtualMachine\" "
                                        "xsi:type=\"ManagedObjectReference\">vm-9"
                                        "</result>")))};
  const std::vector<TaskInfo> ended = wait({kTwo, kOne});
  BOOST_REQUIRE(ended.size() == 2u);
  BOOST_TEST(ended[0].ref.value == "task-2");
  BOOST_TEST(ended[0].state == "success");
  BOOST_TEST(ended[1].state == "success");
  BOOST_TEST(ended[1].entity->value == "vm-7");
  BOOST_TEST(ended[1].result->value == "vm-9");
  BOOST_TEST(told.size() == 5u);
  BOOST_TEST(*told[0].progress == 10);
  BOOST_TEST(server->count("CreateFilter") == 1u);
  BOOST_TEST(server->requests("CreateFilter").at(0).references("obj").size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_task_that_fails_says_why) {
  server->updates = {update(object("enter", kOne,
                                   info(kOne, "error",
                                        "<error><fault xsi:type=\"FileLocked\"><file>[ds] "
                                        "a.vmdk</file></fault><localizedMessage>Failed to lock the "
                                        "file</localizedMessage></error>")))};
  const TaskInfo ended = wait({kOne}).at(0);
  BOOST_TEST(ended.state == "error");
  BOOST_REQUIRE(ended.error.has_value());
  BOOST_TEST(ended.error->fault == "FileLocked");
  BOOST_TEST((ended.error->category == Category::busy));
}

BOOST_AUTO_TEST_CASE(the_same_task_twice_and_no_task) {
  BOOST_TEST(wait({}).empty());
  BOOST_TEST(server->count("CreatePropertyCollector") == 0u);
  server->updates = {update(object("enter", kOne, info(kOne, "success")))};
  const auto ended = wait({kOne, kOne});
  BOOST_REQUIRE(ended.size() == 2u);
  BOOST_TEST(ended[1].state == "success");
}

BOOST_AUTO_TEST_CASE(a_task_that_may_not_be_read_is_told_so_and_the_other_awaited) {
  server->updates = {
      update(
          object("enter", kOne,
                 "<missingSet><path>info</path><fault><fault xsi:type=\"NoPermission\"><object "
                 "type=\"Folder\">group-d1</object><privilegeId>System.Read</privilegeId></"
                 "fault><localizedMessage>"
                 "Permission to perform this operation was denied.</localizedMessage></fault></missingSet>") +
          object("enter", kTwo, info(kTwo, "running"))),
      update(object("modify", kTwo, info(kTwo, "success")))};
  const auto ended = wait({kOne, kTwo});
  BOOST_TEST(ended[0].state.empty());
  BOOST_REQUIRE(ended[0].error.has_value());
  BOOST_TEST((ended[0].error->category == Category::notPermitted));
  BOOST_TEST(ended[0].error->privilege == "System.Read");
  BOOST_TEST(ended[1].state == "success");
}

BOOST_AUTO_TEST_CASE(a_task_that_vanishes_is_told_so) {
  server->updates = {update(object("enter", kOne, info(kOne, "running"))), update(object("leave", kOne, ""))};
  const TaskInfo ended = wait({kOne}).at(0);
  BOOST_TEST(ended.state.empty());
  BOOST_REQUIRE(ended.error.has_value());
  BOOST_TEST((ended.error->category == Category::notFound));
}

BOOST_AUTO_TEST_CASE(a_task_that_is_unknown_from_the_start_is_told_so) {
  // Some servers name it, others leave it out.
  server->updates = {update("<missingSet>" + reference("obj", kOne) +
                            "<fault><fault xsi:type=\"ManagedObjectNotFound\">" + reference("obj", kOne) +
                            "</fault><localizedMessage>gone</localizedMessage></fault></missingSet>")};
  BOOST_TEST((wait({kOne}).at(0).error->category == Category::notFound));
  server->updates = {update(object("enter", kTwo, info(kTwo, "success")))};
  const auto ended = wait({kOne, kTwo});
  BOOST_TEST((ended[0].error->category == Category::notFound));
  BOOST_TEST(ended[1].state == "success");
}

BOOST_AUTO_TEST_CASE(a_server_that_refuses_the_filter_for_one_task_is_asked_for_the_others) {
  bool refused = false;
  server->meet = [&](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method != "CreateFilter" || refused) return {};
    refused = true;
    return faulty("ManagedObjectNotFound", "The object has already been deleted", reference("obj", kOne));
  };
  server->updates = {update(object("enter", kTwo, info(kTwo, "success")))};
  const auto ended = wait({kOne, kTwo});
  BOOST_TEST((ended[0].error->category == Category::notFound));
  BOOST_TEST(ended[1].state == "success");
}

BOOST_AUTO_TEST_CASE(a_lost_session_is_survived) {
  server->updates = {update(object("enter", kOne, info(kOne, "running", "<progress>10</progress>")))};
  int idle = 0;
  server->onIdle = [&] {
    if (++idle == 1) {
      server->killSessions();
      return;
    }
    server->updates = {update(object("enter", kOne, info(kOne, "success")))};
  };
  BOOST_TEST(wait({kOne}).at(0).state == "success");
  BOOST_TEST(server->count("Login") == 2u);
  BOOST_TEST(server->count("CreatePropertyCollector") == 2u);
}

BOOST_AUTO_TEST_CASE(a_version_that_the_server_has_forgotten_is_survived) {
  server->updates = {update(object("enter", kOne, info(kOne, "running")))};
  bool forgot = false;
  server->meet = [&](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method != "WaitForUpdatesEx" || readRequest(request.body).text("version").empty() || forgot)
      return {};
    forgot = true;
    server->updates = {update(object("enter", kOne, info(kOne, "success")))};
    return faulty("InvalidCollectorVersion", "");
  };
  BOOST_TEST(wait({kOne}).at(0).state == "success");
}

BOOST_AUTO_TEST_CASE(the_deadline_ends_the_wait) {
  server->updates = {update(object("enter", kOne, info(kOne, "running")))};
  server->onIdle = [] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); };
  try {
    wait({kOne}, Context().withTimeout(Milliseconds(200)));
    BOOST_FAIL("ended");
  } catch (const Failure& failure) {
    BOOST_TEST((failure.error().category == Category::deadline));
  }
  BOOST_TEST(server->count("DestroyPropertyCollector") == 1u);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_wait) {
  std::stop_source stop;
  server->updates = {update(object("enter", kOne, info(kOne, "running")))};
  server->onIdle = [&] { stop.request_stop(); };
  try {
    wait({kOne}, soon().withStop(stop.get_token()));
    BOOST_FAIL("ended");
  } catch (const Failure& failure) {
    BOOST_TEST((failure.error().category == Category::interrupted));
  }
  BOOST_TEST(server->count("DestroyPropertyCollector") == 1u);
}

BOOST_AUTO_TEST_CASE(a_wait_is_bounded_on_the_server_and_known_to_the_transport) {
  server->updates = {update(object("enter", kOne, info(kOne, "success")))};
  wait({kOne});
  const std::string seconds = server->requests("WaitForUpdatesEx").at(0).text("maxWaitSeconds");
  BOOST_TEST(std::stoi(seconds) >= 1);
  BOOST_TEST(std::stoi(seconds) <= 30);
  for (const Request& request : server->raw()) {
    if (request.method == "WaitForUpdatesEx") {
      BOOST_TEST((request.longPoll == std::chrono::seconds(std::stoi(seconds))));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
