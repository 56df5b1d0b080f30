// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/call_counting_transport.h"

#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

#include "tests/support/fake_transport.h"

namespace failback::vsphere {
namespace {

using testing::FakeTransport;
using testing::request;
using testing::response;

BOOST_AUTO_TEST_CASE(calls_and_bytes_are_counted_over_threads_and_streams) {
  auto below =
      std::make_shared<FakeTransport>([](const Request&) { return response(200, std::string(2500, 'x')); });
  CallCountingTransport counting(below);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&counting, i] {
      for (int call = 0; call < 50; ++call) {
        Request one = request(i % 2 == 0 ? "Even" : "Odd", Replay::safe, "12345");
        std::size_t streamed = 0;
        if (call % 2 == 0) one.onBody = [&streamed](std::string_view piece) { streamed += piece.size(); };
        const Response got = counting.send(one, Context());
        if (got.body.size() + streamed != 2500) throw std::runtime_error("the answer did not pass through");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const CallCounts counts = counting.counts();
  BOOST_TEST(counts.byMethod.at("Even") == 100u);
  BOOST_TEST(counts.byMethod.at("Odd") == 100u);
  BOOST_TEST(counts.requestBytes == 200u * 5);
  BOOST_TEST(counts.responseBytes == 200u * 2500);
}

BOOST_AUTO_TEST_CASE(what_only_goes_on_with_a_read_is_counted_apart_as_well) {
  auto below = std::make_shared<FakeTransport>([](const Request&) { return response(200, ""); });
  CallCountingTransport counting(below);
  Request next = request("ContinueRetrievePropertiesEx");
  next.continues = true;
  counting.send(request("RetrievePropertiesEx"), Context());
  counting.send(next, Context());
  counting.send(next, Context());
  BOOST_TEST(counting.counts().pages == 2u);
  BOOST_TEST(counting.counts().byMethod.at("ContinueRetrievePropertiesEx") == 2u);
}

BOOST_AUTO_TEST_CASE(a_call_that_fails_counts_as_well) {
  auto below = std::make_shared<FakeTransport>(
      [](const Request&) -> Response { throw TransportFailure({}, Fate::unknown, true); });
  CallCountingTransport counting(below);
  BOOST_CHECK_THROW(counting.send(request("Login"), Context()), TransportFailure);
  BOOST_TEST(counting.counts().byMethod.at("Login") == 1u);
  BOOST_TEST(counting.counts().responseBytes == 0u);
}

}  // namespace
}  // namespace failback::vsphere
