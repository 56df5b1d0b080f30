// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/fault_injection_transport.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/support/fake_transport.h"
#include "vsphere/soap_peek.h"

namespace failback::vsphere {
namespace {

using testing::FakeTransport;
using testing::request;
using testing::response;

struct World {
  std::shared_ptr<FakeTransport> below =
      std::make_shared<FakeTransport>([](const Request&) { return response(200, "0123456789"); });
  FaultInjectionTransport injecting;
  explicit World(std::vector<InjectedFault> script) : injecting(below, std::move(script)) {}
  std::size_t happened() const { return below->requests().size(); }

  // "200:body", or what was thrown.
  std::string call(const std::string& method) {
    try {
      const Response got = injecting.send(request(method), Context());
      return std::to_string(got.status) + ":" + got.body;
    } catch (const TransportFailure& failure) {
      return std::string(toString(failure.error().category)) +
             (failure.fate() == Fate::notSent ? ":notSent" : ":unknown");
    }
  }
};

BOOST_AUTO_TEST_CASE(only_the_nth_call_of_that_method_is_hit) {
  World world({InjectedFault::beforeSend("B", 2)});
  BOOST_TEST(world.call("B") == "200:0123456789");
  BOOST_TEST(world.call("A") == "200:0123456789");
  BOOST_TEST(world.call("B") == "unreachable:notSent");
  BOOST_TEST(world.call("B") == "200:0123456789");
  BOOST_TEST(world.happened() == 3u);
  BOOST_TEST(world.injecting.calls("B") == 3u);
}

BOOST_AUTO_TEST_CASE(a_fault_without_a_method_counts_all_calls_and_may_last) {
  InjectedFault fault = InjectedFault::beforeSend("", 2);
  fault.times = 2;
  World world({fault});
  BOOST_TEST(world.call("A") == "200:0123456789");
  BOOST_TEST(world.call("B") == "unreachable:notSent");
  BOOST_TEST(world.call("C") == "unreachable:notSent");
  BOOST_TEST(world.call("D") == "200:0123456789");
  fault.nth = 5;
  fault.times = 0;
  world.injecting.add(fault);
  BOOST_TEST(world.call("A") == "unreachable:notSent");
  BOOST_TEST(world.call("A") == "unreachable:notSent");
}

BOOST_AUTO_TEST_CASE(after_the_send_the_call_did_happen) {
  World world({InjectedFault::afterSend("A")});
  BOOST_TEST(world.call("A") == "unreachable:unknown");
  BOOST_TEST(world.happened() == 1u);
}

BOOST_AUTO_TEST_CASE(a_cut_answer_is_delivered_up_to_the_cut) {
  InjectedFault cut = InjectedFault::afterSend("A");
  cut.kind = InjectedFault::Kind::cutAnswer;
  cut.cutAt = 4;
  World world({cut});
  Request streamed = request("A");
  std::string got;
  streamed.onBody = [&got](std::string_view piece) { got += piece; };
  BOOST_CHECK_EXCEPTION(world.injecting.send(streamed, Context()), TransportFailure,
                        [](const TransportFailure& failure) {
                          return failure.error().category == Category::malformedAnswer && failure.transient();
                        });
  BOOST_TEST(got == "0123");
  cut.kind = InjectedFault::Kind::truncateAnswer;
  cut.nth = 2;
  world.injecting.add(cut);
  BOOST_TEST(world.call("A") == "200:0123");
}

BOOST_AUTO_TEST_CASE(answers_in_the_servers_place) {
  World world({InjectedFault::busy("A", 1, "7"), InjectedFault::fault("A", "NotAuthenticated", 2)});
  const Response busy = world.injecting.send(request("A"), Context());
  BOOST_TEST(busy.status == 503);
  BOOST_TEST(busy.header("retry-after") == "7");
  const Response fault = world.injecting.send(request("A"), Context());
  BOOST_TEST(fault.status == 500);
  BOOST_REQUIRE(peekFault(fault.body));
  BOOST_TEST(peekFault(fault.body)->type == "NotAuthenticated");
  BOOST_TEST(world.happened() == 0u);
}

}  // namespace
}  // namespace failback::vsphere
