// SPDX-License-Identifier: GPL-2.0-or-later
// One update stream for the tasks of several threads, by a server whose every answer is written by hand.
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>
#include <memory>
#include <set>
#include <thread>
#include <utility>

#include "tests/unit/vsphere/client/fake_server.h"
#include "tests/unit/vsphere/client/task_xml.h"
#include "vsphere/error.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

const Moref kVm{"VirtualMachine", "vm-7", {}};

Context soon() {
  return Context().withTimeout(std::chrono::seconds(20));
}

void rest() {
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

struct Fixture {
  Fixture() {
    client = Client::connect(optionsFor(server), credentialsOf(*server), soon());
    watch = client->watchTasks(Context());
    // A server waits until something happens.
    server->onIdle = rest;
  }
  ~Fixture() {
    watch.reset();
    client.reset();
    BOOST_TEST(server->leftovers().empty());
  }

  TaskInfo wait(const Moref& task, const TaskWatch::Listener& listener = {}, const Context& context = soon(),
                const Moref& vm = {}) {
    return watch->wait(task, vm, listener, context);
  }
  // From now on the server tells this of each filter that is made, and then what `next` says.
  void tellEachFilter(const std::string& content, std::function<void()> next) {
    server->onIdle = [this, content, next = std::move(next),
                      known = server->count("CreateFilter")]() mutable {
      rest();
      const std::size_t made = server->count("CreateFilter");
      if (made > known) {
        known = made;
        server->updates = {update(content)};
      } else {
        next();
      }
    };
  }
  Category failureOf(const Moref& task, const Context& context) {
    try {
      wait(task, {}, context);
    } catch (const Failure& failure) {
      return failure.error().category;
    }
    BOOST_FAIL("it ended");
    return Category::internal;
  }

  std::shared_ptr<FakeServer> server = std::make_shared<FakeServer>();
  std::unique_ptr<Client> client;
  std::unique_ptr<TaskWatch> watch;
};

// Another thread that waits.
std::future<TaskInfo> waits(Fixture& fixture, const Moref& task, const Context& context = soon()) {
  return std::async(std::launch::async,
                    [&fixture, task, context] { return fixture.wait(task, {}, context); });
}

std::string refused(const Moref& task) {
  return object(
      "enter", task,
      "<missingSet><path>info</path><fault><fault xsi:type=\"NoPermission\"><object "
      "type=\"Folder\">group-d1</object><privilegeId>System.Read</privilegeId></fault>"
      "<localizedMessage>Permission to perform this operation was denied.</localizedMessage></fault>"
      "</missingSet>");
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(task_watch, Fixture)

BOOST_AUTO_TEST_CASE(nothing_is_asked_before_somebody_waits) {
  BOOST_TEST(server->count("CreatePropertyCollector") == 0u);
}

BOOST_AUTO_TEST_CASE(two_threads_get_their_own_tasks_from_one_stream) {
  tellEachFilter(object("enter", kOne, info(kOne, "running")) + object("enter", kTwo, info(kTwo, "queued")),
                 [&, told = false]() mutable {
                   if (server->count("CreateFilter") < 2 || std::exchange(told, true)) return;
                   server->updates = {
                       update(object("modify", kTwo,
                                     info(kTwo, "error",
                                          "<error><fault xsi:type=\"FileLocked\"/>"
                                          "<localizedMessage>locked</localizedMessage></error>"))),
                       update(object("modify", kOne, info(kOne, "success")))};
                 });
  auto first = waits(*this, kOne);
  while (server->count("WaitForUpdatesEx") == 0) rest();
  auto second = waits(*this, kTwo);
  BOOST_TEST(first.get().state == "success");
  const TaskInfo failed = second.get();
  BOOST_TEST(failed.state == "error");
  BOOST_TEST(failed.error->fault == "FileLocked");
  BOOST_TEST(server->count("CreatePropertyCollector") == 1u);
  BOOST_TEST(server->count("CreateFilter") == 2u);
}

BOOST_AUTO_TEST_CASE(while_nobody_waits_nothing_is_asked) {
  server->updates = {update(object("enter", kOne, info(kOne, "success")))};
  BOOST_TEST(wait(kOne).state == "success");
  rest();
  const std::size_t before = server->calls().size();
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  BOOST_TEST(server->calls().size() == before);
  // The stream is there still.
  server->updates = {update(object("enter", kTwo, info(kTwo, "success")))};
  BOOST_TEST(wait(kTwo).state == "success");
  BOOST_TEST(server->count("CreatePropertyCollector") == 1u);
}

BOOST_AUTO_TEST_CASE(who_waits_is_told_on_its_own_thread) {
  server->onIdle = [&, step = 0]() mutable {
    rest();
    if (++step == 1)
      server->updates = {update(object("enter", kOne, info(kOne, "running", "<progress>10</progress>")))};
    if (step == 20) server->updates = {update(object("modify", kOne, info(kOne, "success")))};
  };
  std::vector<std::string> told;
  std::set<std::thread::id> threads;
  TaskWatch::Listener listener;
  listener.progress = [&](const TaskInfo& task) {
    told.push_back(task.state);
    threads.insert(std::this_thread::get_id());
  };
  BOOST_TEST(wait(kOne, listener).state == "success");
  BOOST_TEST(told == (std::vector<std::string>{"running", "success"}), boost::test_tools::per_element());
  BOOST_TEST((threads == std::set{std::this_thread::get_id()}));
}

BOOST_AUTO_TEST_CASE(a_question_is_told_when_it_comes_and_when_it_is_gone) {
  server->onIdle = [&, step = 0]() mutable {
    rest();
    ++step;
    if (step == 1)
      server->updates = {
          update(object("enter", kOne, info(kOne, "running")) + object("enter", kVm, noQuestion()))};
    if (step == 10) server->updates = {update(object("modify", kVm, question("17", "No space.")))};
    if (step == 20) server->updates = {update(object("modify", kVm, noQuestion()))};
    if (step == 30) server->updates = {update(object("modify", kOne, info(kOne, "success")))};
  };
  std::vector<std::optional<Question>> told;
  TaskWatch::Listener listener;
  listener.question = [&](const std::optional<Question>& asked) { told.push_back(asked); };
  BOOST_TEST(wait(kOne, listener, soon(), kVm).state == "success");
  BOOST_REQUIRE(told.size() == 2u);
  BOOST_REQUIRE(told[0].has_value());
  BOOST_TEST(told[0]->id == "17");
  BOOST_TEST(told[0]->text == "No space.");
  BOOST_TEST(told[0]->messageIds.at(0) == "msg.hbacommon.outofspace");
  BOOST_TEST(told[0]->choices.at(1).label == "button.cancel");
  BOOST_TEST(told[0]->choices.at(1).summary == "Cancel");
  BOOST_TEST(*told[0]->defaultIndex == 1);
  BOOST_TEST(!told[1].has_value());
  const auto asked = server->requests("CreateFilter").at(0);
  BOOST_TEST(asked.references("obj").size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_who_waits_throws_ends_its_wait_only) {
  tellEachFilter(object("enter", kOne, info(kOne, "running")) + object("enter", kTwo, info(kTwo, "success")),
                 [] {});
  TaskWatch::Listener listener;
  listener.progress = [](const TaskInfo&) { throw std::runtime_error("enough"); };
  BOOST_CHECK_THROW(wait(kOne, listener), std::runtime_error);
  BOOST_TEST(wait(kTwo).state == "success");
}

BOOST_AUTO_TEST_CASE(a_vm_that_may_not_be_read_or_is_gone_holds_nothing_up) {
  server->updates = {update(object("enter", kVm,
                                   "<missingSet><path>runtime.question</path><fault><fault "
                                   "xsi:type=\"NoPermission\"/></fault></missingSet>") +
                            object("enter", kOne, info(kOne, "success")))};
  BOOST_TEST(wait(kOne, {}, soon(), kVm).state == "success");
  // One that the server refuses the filter for.
  server->meet = [&](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method != "CreateFilter" || readRequest(request.body).references("obj").size() < 2) return {};
    server->updates = {update(object("enter", kTwo, info(kTwo, "success")))};
    return faulty("ManagedObjectNotFound", "The object has already been deleted", reference("obj", kVm));
  };
  BOOST_TEST(wait(kTwo, {}, soon(), kVm).state == "success");
}

BOOST_AUTO_TEST_CASE(a_task_that_may_not_be_read_is_told_so_and_the_other_awaited) {
  tellEachFilter(object("enter", kOne, info(kOne, "running")) + object("enter", kTwo, info(kTwo, "running")),
                 [&, told = false]() mutable {
                   if (server->count("CreateFilter") < 2 || std::exchange(told, true)) return;
                   server->updates = {update(refused(kOne) + object("modify", kTwo, info(kTwo, "success")))};
                 });
  auto first = waits(*this, kOne);
  while (server->count("WaitForUpdatesEx") == 0) rest();
  BOOST_TEST(wait(kTwo).state == "success");
  const TaskInfo ended = first.get();
  BOOST_TEST(ended.state.empty());
  BOOST_TEST((ended.error->category == Category::notPermitted));
  BOOST_TEST(ended.error->privilege == "System.Read");
}

BOOST_AUTO_TEST_CASE(a_task_that_vanishes_is_told_so) {
  server->updates = {update(object("enter", kOne, info(kOne, "running"))), update(object("leave", kOne, ""))};
  const TaskInfo ended = wait(kOne);
  BOOST_TEST(ended.state.empty());
  BOOST_TEST((ended.error->category == Category::notFound));
}

BOOST_AUTO_TEST_CASE(a_task_that_is_unknown_from_the_start_is_told_so) {
  server->updates = {update("<missingSet>" + reference("obj", kOne) +
                            "<fault><fault xsi:type=\"ManagedObjectNotFound\">" + reference("obj", kOne) +
                            "</fault><localizedMessage>gone</localizedMessage></fault></missingSet>")};
  BOOST_TEST((wait(kOne).error->category == Category::notFound));
  // Left out altogether, by one whose stream tells of others.
  server->updates = {""};
  BOOST_TEST((wait(kTwo).error->category == Category::notFound));
}

BOOST_AUTO_TEST_CASE(one_that_comes_later_is_not_given_up_by_a_picture_that_was_asked_for_before) {
  std::atomic<int> waitsBegun{0};
  server->meet = [&](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method == "WaitForUpdatesEx") ++waitsBegun;
    return {};
  };
  std::atomic<bool> filtered{false}, done{false};
  server->updates = {update(object("enter", kOne, info(kOne, "running")))};
  server->onIdle = [&] {
    // This call is under way when the second filter is made, and tells nothing of it.
    while (!filtered && server->count("CreateFilter") < 2) rest();
    filtered = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (!done.exchange(true))
      server->updates = {"", update(object("enter", kTwo, info(kTwo, "success"))),
                         update(object("modify", kOne, info(kOne, "success")))};
  };
  auto first = waits(*this, kOne);
  while (waitsBegun < 2) rest();
  BOOST_TEST(wait(kTwo).state == "success");
  BOOST_TEST(first.get().state == "success");
}

BOOST_AUTO_TEST_CASE(a_lost_session_is_survived_by_all_who_wait) {
  tellEachFilter(object("enter", kOne, info(kOne, "running")) + object("enter", kTwo, info(kTwo, "running")),
                 [&, step = 0]() mutable {
                   if (server->count("CreateFilter") < 2) return;
                   if (step++ == 0) return server->killSessions();
                   server->updates = {update(object("modify", kOne, info(kOne, "success"))),
                                      update(object("modify", kTwo, info(kTwo, "success")))};
                 });
  auto first = waits(*this, kOne);
  while (server->count("WaitForUpdatesEx") == 0) rest();
  auto second = waits(*this, kTwo);
  BOOST_TEST(first.get().state == "success");
  BOOST_TEST(second.get().state == "success");
  BOOST_TEST(server->count("Login") == 2u);
  BOOST_TEST(server->count("CreatePropertyCollector") == 2u);
  // Both, in one filter.
  BOOST_TEST(server->requests("CreateFilter").back().references("obj").size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_session_that_is_lost_while_nobody_waits_is_survived) {
  server->updates = {update(object("enter", kOne, info(kOne, "success")))};
  BOOST_TEST(wait(kOne).state == "success");
  server->killSessions();
  server->onIdle = [&, step = 0]() mutable {
    rest();
    if (step++ == 0) server->updates = {update(object("enter", kTwo, info(kTwo, "success")))};
  };
  BOOST_TEST(wait(kTwo).state == "success");
}

BOOST_AUTO_TEST_CASE(a_collector_that_is_destroyed_and_a_version_that_is_forgotten_are_survived) {
  for (const bool destroyed : {true, false}) {
    server->updates = {update(object("enter", kOne, info(kOne, "running")))};
    bool lost = false;
    server->meet = [&](const Request& request, std::size_t) -> std::optional<Response> {
      const auto asked = readRequest(request.body);
      if (request.method != "WaitForUpdatesEx" || asked.text("version").empty() || lost) return {};
      lost = true;
      server->updates = {update(object("enter", kOne, info(kOne, "success")))};
      return destroyed ? faulty("ManagedObjectNotFound", "The object has already been deleted",
                                reference("obj", asked.self))
                       : faulty("InvalidCollectorVersion", "");
    };
    BOOST_TEST(wait(kOne).state == "success");
    BOOST_TEST(lost);
  }
}

BOOST_AUTO_TEST_CASE(a_stream_that_is_lost_again_and_again_is_told) {
  // The server is asked once more when the fixture ends, after this function.
  const auto broken = std::make_shared<std::atomic<bool>>(true);
  tellEachFilter(object("enter", kTwo, info(kTwo, "success")), [] {});
  server->meet = [broken](const Request& request, std::size_t) -> std::optional<Response> {
    if (*broken && request.method == "WaitForUpdatesEx") return faulty("InvalidCollectorVersion", "");
    return {};
  };
  BOOST_CHECK_THROW(wait(kOne), Failure);
  BOOST_TEST(server->count("WaitForUpdatesEx") <= 5u);
  // And the next one begins anew.
  *broken = false;
  BOOST_TEST(wait(kTwo).state == "success");
}

BOOST_AUTO_TEST_CASE(a_server_that_is_lost_is_told_to_all_who_wait) {
  std::atomic<bool> gone{false};
  tellEachFilter(object("enter", kOne, info(kOne, "running")) + object("enter", kTwo, info(kTwo, "running")),
                 [] {});
  server->meet = [&](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method != "WaitForUpdatesEx" || !gone) return {};
    Error error;
    error.category = Category::unreachable;
    error.text = "the connection was closed";
    throw TransportFailure(std::move(error), Fate::unknown, true);
  };
  auto first = waits(*this, kOne);
  while (server->count("WaitForUpdatesEx") == 0) rest();
  auto second = waits(*this, kTwo);
  while (server->count("CreateFilter") < 2) rest();
  gone = true;
  BOOST_CHECK_THROW(first.get(), TransportFailure);
  BOOST_CHECK_THROW(second.get(), TransportFailure);
}

BOOST_AUTO_TEST_CASE(deadline_and_stop_end_one_wait_and_not_the_other) {
  std::atomic<bool> end{false};
  tellEachFilter(object("enter", kOne, info(kOne, "running")), [&] {
    if (end) server->updates = {update(object("modify", kOne, info(kOne, "success")))};
  });
  auto first = waits(*this, kOne);
  while (server->count("WaitForUpdatesEx") < 2) rest();
  BOOST_TEST((failureOf(kOne, Context().withTimeout(Milliseconds(50))) == Category::deadline));
  std::stop_source stop;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    stop.request_stop();
  });
  BOOST_TEST((failureOf(kOne, soon().withStop(stop.get_token())) == Category::interrupted));
  end = true;
  BOOST_TEST(first.get().state == "success");
}

BOOST_AUTO_TEST_CASE(meanwhile_is_called_now_and_then) {
  int calls = 0;
  std::atomic<bool> enough{false};
  server->updates = {update(object("enter", kOne, info(kOne, "running")))};
  server->onIdle = [&, told = 0]() mutable {
    rest();
    if (enough && told++ == 0) server->updates = {update(object("modify", kOne, info(kOne, "success")))};
  };
  TaskWatch::Listener listener;
  listener.interval = Milliseconds(10);
  listener.meanwhile = [&] { enough = ++calls >= 3; };
  const auto begun = std::chrono::steady_clock::now();
  BOOST_TEST(wait(kOne, listener).state == "success");
  BOOST_TEST(calls >= 3);
  BOOST_TEST((std::chrono::steady_clock::now() - begun >= Milliseconds(30)));
}

BOOST_AUTO_TEST_SUITE_END()
