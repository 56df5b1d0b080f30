// SPDX-License-Identifier: GPL-2.0-or-later
// The same against mock-vcenter, whose tasks run and whose machines ask.
#include <boost/test/unit_test.hpp>
#include <future>
#include <vector>

#include "tests/unit/vsphere/client/mock_vcenter.h"
#include "vsphere/error.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

BOOST_AUTO_TEST_SUITE(task_watch_world)

BOOST_AUTO_TEST_CASE(a_start_that_asks_goes_on_once_it_is_answered) {
  MockSite site("question");
  const Moref web = site.vm("web-01");
  const auto watch = site.client->watchTasks(Context());
  std::vector<std::string> told;
  TaskWatch::Listener listener;
  listener.question = [&](const std::optional<Question>& asked) {
    told.push_back(asked ? asked->messageIds.at(0) : "none");
    if (asked) site.act().answer(web, asked->id, asked->choices.at(0).key, site.soon());
  };
  const TaskInfo ended = watch->wait(site.act().startPowerOn(web, site.soon()), web, listener, site.soon());
  BOOST_TEST(ended.state == "success");
  BOOST_REQUIRE(!told.empty());
  BOOST_TEST(told.front() == "msg.serial.file.open");
  BOOST_TEST(site.machine(web).powerState.value_or("") == "poweredOn");
}

BOOST_AUTO_TEST_CASE(a_question_that_nobody_answers_is_there_until_the_deadline) {
  MockSite site("question");
  const Moref web = site.vm("web-01");
  const auto watch = site.client->watchTasks(Context());
  int asked = 0;
  TaskWatch::Listener listener;
  listener.question = [&](const std::optional<Question>& question) { asked += question.has_value(); };
  try {
    watch->wait(site.act().startPowerOn(web, site.soon()), web, listener,
                Context().withTimeout(Milliseconds(300)));
    BOOST_FAIL("it ended");
  } catch (const Failure& failure) {
    BOOST_TEST((failure.error().category == Category::deadline));
  }
  BOOST_TEST(asked == 1);
  BOOST_TEST(site.machine(web).question.has_value());
}

BOOST_AUTO_TEST_CASE(many_tasks_of_many_threads_share_one_collector_and_leave_few_filters) {
  MockSite site;
  const Moref vm = site.vm("web-01");
  constexpr int threads = 4, each = 12;
  {
    const auto watch = site.client->watchTasks(Context());
    std::vector<std::future<int>> done;
    std::vector<Moref> vms;
    for (const char* name : {"web-01", "app-01", "files-01", "mt-linux-01"}) vms.push_back(site.vm(name));
    for (int i = 0; i < threads; ++i) {
      done.push_back(std::async(std::launch::async, [&, i] {
        int good = 0;
        for (int n = 0; n < each; ++n) {
          VmChange change;
          change.options["failback.test"] = std::to_string(n);
          const Moref task =
              site.act().startReconfigure(vms[static_cast<std::size_t>(i)], change, site.soon());
          const TaskInfo ended = watch->wait(task, vms[static_cast<std::size_t>(i)], {}, site.soon());
          // This world's time runs wild while anybody waits: a task may have ended long ago, and be
          // forgotten.
          const bool forgotten = ended.error && ended.error->category == Category::notFound;
          good += ended.ref == task && (ended.state == "success" || forgotten);
        }
        return good;
      }));
    }
    for (auto& one : done) BOOST_TEST(one.get() == each);
  }
  BOOST_TEST(site.server->sent("CreatePropertyCollector").size() == 1u);
  BOOST_TEST(site.server->sent("DestroyPropertyCollector").size() == 1u);
  const std::size_t made = site.server->sent("CreateFilter").size();
  // Those who begin together may share one.
  BOOST_TEST(made <= static_cast<std::size_t>(threads * each));
  BOOST_TEST(made >= static_cast<std::size_t>(threads * (each - 1)));
  // At most 32 that nobody needs are left, and those of the four who wait.
  BOOST_TEST(site.server->sent("DestroyPropertyFilter").size() >= made - 32 - 2 * threads);
  BOOST_TEST(site.machine(vm).extraConfig.contains("failback.test"));
}

BOOST_AUTO_TEST_SUITE_END()
