// SPDX-License-Identifier: GPL-2.0-or-later
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "tests/support/fake_transport.h"
#include "vsphere/context.h"
#include "vsphere/error.h"
#include "vsphere/secret.h"
#include "vsphere/transport.h"

namespace failback::vsphere {
namespace {

using namespace std::chrono_literals;
using testing::ManualClock;

Error errorOf(const std::function<void()>& run) {
  try {
    run();
  } catch (const Failure& failure) {
    return failure.error();
  }
  BOOST_FAIL("nothing was thrown");
  return {};
}

BOOST_AUTO_TEST_CASE(a_contexts_deadline_is_the_earliest_one) {
  ManualClock clock;
  const Context context = Context(clock).withTimeout(30s);
  BOOST_TEST(context.remaining().count() == 30'000);
  BOOST_TEST(context.withTimeout(60s).remaining().count() == 30'000);
  BOOST_TEST(context.withTimeout(5s).remaining().count() == 5'000);
  BOOST_TEST(context.withDeadline(clock.now() + 2s).remaining().count() == 2'000);
  BOOST_TEST(!Context(clock).hasDeadline());
  BOOST_TEST(!Context(clock).withTimeout(Milliseconds::max()).hasDeadline());
  clock.advance(31s);
  BOOST_TEST(context.remaining().count() == 0);
}

BOOST_AUTO_TEST_CASE(a_passed_deadline_says_how_long_it_was_and_what_was_awaited) {
  ManualClock clock;
  const Context context = Context(clock).withTimeout(2500ms);
  context.check("vc:443");
  clock.advance(2500ms);
  const Error error = errorOf([&] { context.check("vc:443 to answer"); });
  BOOST_TEST(toString(error.category) == "deadline");
  BOOST_TEST(error.text == "the total deadline of 2.5 s passed while waiting for vc:443 to answer");
}

BOOST_AUTO_TEST_CASE(a_sleep_that_would_outlast_the_deadline_ends_with_it) {
  ManualClock clock;
  const Context context = Context(clock).withTimeout(10s);
  context.sleep(4s, "a pause");
  BOOST_TEST(clock.elapsed() == 4'000);
  const Error error = errorOf([&] { context.sleep(60s, "a pause"); });
  BOOST_TEST(toString(error.category) == "deadline");
  BOOST_TEST(clock.elapsed() == 10'000);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_a_real_sleep_at_once) {
  std::stop_source stop;
  const Context context = Context().withStop(stop.get_token());
  const auto begun = std::chrono::steady_clock::now();
  std::thread stopper([&stop] {
    std::this_thread::sleep_for(50ms);
    stop.request_stop();
  });
  const Error error = errorOf([&] { context.sleep(1h, "an hour"); });
  stopper.join();
  BOOST_TEST(toString(error.category) == "interrupted");
  BOOST_TEST((std::chrono::steady_clock::now() - begun < 30s));
}

BOOST_AUTO_TEST_CASE(seeded_random_repeats_and_the_systems_does_not) {
  const auto a = seededRandom(7), b = seededRandom(7), c = seededRandom(8);
  const auto first = a->next();
  BOOST_TEST(first == b->next());
  BOOST_TEST(first != c->next());
  BOOST_TEST(systemRandom().next() != systemRandom().next());
}

BOOST_AUTO_TEST_CASE(an_error_is_one_line_with_its_causes_and_the_object) {
  Error cause;
  cause.text = "the file is\nlocked";
  cause.category = Category::busy;
  Error error;
  error.category = Category::fault;
  error.text = "powering on failed";
  error.fault = "GenericVmConfigFault";
  error.object = {"VirtualMachine", "vm-42", ""};
  error.privilege = "VirtualMachine.Interact.PowerOn";
  error.causes.push_back(cause);
  BOOST_TEST(describe(error) ==
             "powering on failed: the file is locked (GenericVmConfigFault, object VirtualMachine:vm-42, "
             "privilege VirtualMachine.Interact.PowerOn)");
  BOOST_TEST(error.hasCategory(Category::busy));
  BOOST_TEST(!error.hasCategory(Category::deadline));
  BOOST_TEST(std::string(Failure(error).what()) == describe(error));
}

BOOST_AUTO_TEST_CASE(every_category_has_a_name_of_its_own) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Category::internal); ++i) {
    names.insert(toString(static_cast<Category>(i)));
  }
  BOOST_TEST(names.size() == static_cast<std::size_t>(Category::internal) + 1);
}

BOOST_AUTO_TEST_CASE(the_first_header_of_a_name_counts) {
  Response response;
  response.headers = {{"set-cookie", "a"}, {"set-cookie", "b"}};
  BOOST_TEST(response.header("set-cookie") == "a");
  BOOST_TEST(response.header("date") == "");
}

// The pages of a secret as the kernel sees them: "dd" is "do not dump".
bool isKeptOutOfCores(const void* place) {
  std::ifstream maps("/proc/self/smaps");
  const auto address = reinterpret_cast<std::uintptr_t>(place);
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0, end = 0;
    char dash = 0;
    std::istringstream range(line);
    if (line.find('-') < 17 && range >> std::hex >> begin >> dash >> end && dash == '-') {
      inside = address >= begin && address < end;
    }
    if (inside && line.starts_with("VmFlags:")) return line.find(" dd") != std::string::npos;
  }
  return false;
}

BOOST_AUTO_TEST_CASE(a_secret_lives_outside_of_core_files_and_is_shared_by_copies) {
  std::string typed = "correct horse battery staple";
  const Secret secret(typed);
  wipe(typed);
  BOOST_TEST(typed.empty());
  const Secret copy = secret;
  BOOST_TEST(copy.reveal() == "correct horse battery staple");
  BOOST_TEST(copy.reveal().data() == secret.reveal().data());
  BOOST_TEST(isKeptOutOfCores(secret.reveal().data()));
  BOOST_TEST(Secret().empty());
  BOOST_TEST(Secret("").reveal() == "");
}

BOOST_AUTO_TEST_CASE(wiping_overwrites_the_characters) {
  std::string text(100, 'x');
  const char* place = text.data();
  text.resize(40);  // what was behind it is wiped as well
  wipe(text);
  // The string still owns its memory: its capacity has not changed.
  BOOST_REQUIRE(text.data() == place);
  text.resize(90, 'y');
  BOOST_TEST(text.find('x') == std::string::npos);
}

}  // namespace
}  // namespace failback::vsphere
