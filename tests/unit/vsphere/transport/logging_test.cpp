// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/logging_transport.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "tests/support/fake_transport.h"
#include "vsphere/fault_injection_transport.h"

namespace failback::vsphere {
namespace {

using testing::FakeTransport;
using testing::ManualClock;
using testing::request;
using testing::response;

struct World {
  ManualClock clock;
  std::vector<std::string> lines;
  std::shared_ptr<Redactor> redactor = std::make_shared<Redactor>();
  std::shared_ptr<Transport> below;
  explicit World(FakeTransport::Answer answer) : below(std::make_shared<FakeTransport>(std::move(answer))) {}
  Response send(const Request& one) {
    LoggingTransport logging(below, redactor, [this](const std::string& line) { lines.push_back(line); });
    return logging.send(one, Context(clock).withOperationId("fb-7"));
  }
};

BOOST_AUTO_TEST_CASE(a_call_is_one_line) {
  World world([&](const Request&) {
    world.clock.advance(std::chrono::milliseconds(12));
    return response(200, "0123456789");
  });
  world.send(request("Rename_Task", Replay::never, "12345"));
  Request streamed = request("RetrievePropertiesEx", Replay::safe, "123");
  streamed.onBody = [](std::string_view) {};
  world.send(streamed);
  BOOST_TEST(world.lines == (std::vector<std::string>{
                                "op=fb-7 Rename_Task Thing:thing-1 200 sent=5 received=10 ms=12",
                                "op=fb-7 RetrievePropertiesEx Thing:thing-1 200 sent=3 received=10 ms=12"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_fault_is_named) {
  World world([](const Request&) { return response(200); });
  world.below = std::make_shared<FaultInjectionTransport>(
      world.below, std::vector<InjectedFault>{InjectedFault::fault("", "NoPermission")});
  world.send(request("PowerOnVM_Task"));
  BOOST_TEST(world.lines.at(0).find(" 500 fault=NoPermission ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_secret_is_logged_not_even_by_an_error) {
  World world([](const Request&) -> Response {
    Error error;
    error.category = Category::unreachable;
    error.text = "proxy said: user me password s3cr%65t-word refused\nsecond line \x1b[31m";
    throw TransportFailure(error, Fate::notSent, true);
  });
  world.redactor->addSecret(Secret("s3cret-word"));
  BOOST_CHECK_THROW(world.send(request("Login", Replay::never, "<password>s3cret-word</password>")),
                    TransportFailure);
  BOOST_REQUIRE(world.lines.size() == 1u);
  BOOST_TEST(
      world.lines[0] ==
      "op=fb-7 Login Thing:thing-1 failed=unreachable: proxy said: user me password *** refused second line "
      " [31m; sent=32 received=0 ms=0");
}

BOOST_AUTO_TEST_CASE(what_a_receiver_throws_passes_through) {
  World world([](const Request&) { return response(200, "0123456789"); });
  Request streamed = request("RetrievePropertiesEx");
  streamed.onBody = [](std::string_view) { throw std::logic_error("enough"); };
  BOOST_CHECK_THROW(world.send(streamed), std::logic_error);
  BOOST_TEST(world.lines.at(0).find("ended by the receiver") != std::string::npos);
}

}  // namespace
}  // namespace failback::vsphere
