// SPDX-License-Identifier: GPL-2.0-or-later
// Servers that are slow, silent or gone, and callers that do not want to wait any more.
#include <dlfcn.h>
#include <netdb.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>
#include <thread>

#include "tests/unit/vsphere/transport/curl_helpers.h"

// Takes the system's place for all of this program: the name "slow.invalid" is looked up for half a minute.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  if (node != nullptr && std::string_view(node) == "slow.invalid") {
    std::this_thread::sleep_for(std::chrono::seconds(30));
    return EAI_AGAIN;
  }
  using Original = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto original = reinterpret_cast<Original>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return original(node, service, hints, result);
}

namespace failback::vsphere {
namespace {

using namespace std::chrono_literals;
using testing::answering;
using testing::request;
using testing::ScriptedServer;
using testing::ServerAnswer;
using testing::ServerConnection;
using testing::ServerRequest;

// Where a server stops to speak.
enum class Silence { tcp, handshake, header, body };
std::ostream& operator<<(std::ostream& out, Silence silence) {
  constexpr const char* names[] = {"tcp", "handshake", "header", "body"};
  return out << names[static_cast<int>(silence)];
}

struct SilentServer : ScriptedServer {
  explicit SilentServer(Silence silence)
      : ScriptedServer(
            [silence](ServerConnection& connection) {
              ServerRequest got;
              if (!connection.read(got)) return;
              if (silence == Silence::body) {
                connection.head(200, 1000);
                connection.write("0123456789");
              }
              connection.stall();
            },
            make(silence)) {}
  static Options make(Silence silence) {
    Options options;
    options.neverAccept = silence == Silence::tcp;
    options.stallHandshake = silence == Silence::handshake;
    return options;
  }
};

const Silence everywhere[] = {Silence::tcp, Silence::handshake, Silence::header, Silence::body};

BOOST_DATA_TEST_CASE(a_stop_ends_the_wait_at_once, boost::unit_test::data::make(everywhere), silence) {
  SilentServer server(silence);
  std::stop_source stop;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(200ms);
    stop.request_stop();
  });
  const Outcome outcome = trySend(optionsFor(server), request("X"), Context().withStop(stop.get_token()));
  BOOST_TEST(outcome.category() == "interrupted");
  BOOST_TEST(outcome.says("127.0.0.1:" + std::to_string(server.port())));
  BOOST_TEST((outcome.took < soon));  // no deadline of the connection is that short
  BOOST_TEST_MESSAGE("stopped " << silence << " after "
                                << std::chrono::duration_cast<Milliseconds>(outcome.took).count() << " ms");
}

BOOST_DATA_TEST_CASE(the_total_deadline_ends_the_wait, boost::unit_test::data::make(everywhere), silence) {
  SilentServer server(silence);
  const Outcome outcome = trySend(optionsFor(server), request("X"), Context().withTimeout(300ms));
  BOOST_TEST(outcome.category() == "deadline");
  BOOST_TEST(outcome.says("total deadline of 0.3 s"));
  BOOST_TEST(outcome.says("127.0.0.1:" + std::to_string(server.port())));
  BOOST_TEST((outcome.took < soon));
}

BOOST_AUTO_TEST_CASE(a_call_that_is_over_before_it_begins_sends_nothing) {
  ScriptedServer server(answering([](const ServerRequest&) { return ServerAnswer{}; }));
  std::stop_source stop;
  stop.request_stop();
  BOOST_TEST(trySend(optionsFor(server), request("X"), Context().withStop(stop.get_token())).category() ==
             "interrupted");
  BOOST_TEST(server.connections() == 0u);
}

BOOST_DATA_TEST_CASE(the_connect_deadline, boost::unit_test::data::make({Silence::tcp, Silence::handshake}),
                     silence) {
  SilentServer server(silence);
  ConnectionOptions options = optionsFor(server);
  options.connectTimeout = 300ms;
  const Outcome outcome = trySend(options, request("X"));
  BOOST_TEST(outcome.category() == "unreachable");
  BOOST_TEST(
      outcome.says("127.0.0.1:" + std::to_string(server.port()) + " within the connect deadline of 0.3 s"));
  BOOST_TEST(outcome.says(silence == Silence::tcp ? "its port, or the proxy, did not answer"
                                                  : "TCP was connected, but"));
  BOOST_TEST((outcome.fate == Fate::notSent));
  BOOST_TEST(outcome.transient);
  BOOST_TEST((outcome.took < soon));
}

BOOST_DATA_TEST_CASE(the_stall_deadline, boost::unit_test::data::make({Silence::header, Silence::body}),
                     silence) {
  SilentServer server(silence);
  ConnectionOptions options = optionsFor(server);
  options.stallTimeout = 1s;
  const Outcome outcome = trySend(options, request("RetrievePropertiesEx"));
  BOOST_TEST(outcome.category() == "deadline");
  BOOST_TEST(outcome.says("for 1 s (stall deadline) during RetrievePropertiesEx"));
  if (silence == Silence::body) BOOST_TEST(outcome.says("after 10 bytes"));
  BOOST_TEST((outcome.fate == Fate::unknown));
  BOOST_TEST((outcome.took < soon));
}

BOOST_AUTO_TEST_CASE(a_server_that_drips_is_ended_by_the_transfer_deadline) {
  ScriptedServer server([](ServerConnection& connection) {
    ServerRequest got;
    if (!connection.read(got)) return;
    connection.head(200, 1'000'000);
    connection.drip(std::string(1'000'000, 'x'), 20ms);
  });
  ConnectionOptions options = optionsFor(server);
  options.stallTimeout = 5s;
  options.transferTimeout = 700ms;
  const Outcome outcome = trySend(options, request("RetrievePropertiesEx"));
  BOOST_TEST(outcome.category() == "deadline");
  BOOST_TEST(outcome.says("within the transfer deadline of 0.7 s"));
  BOOST_TEST(!outcome.transient);
  BOOST_TEST((outcome.took < soon));
}

BOOST_AUTO_TEST_CASE(a_long_poll_may_take_its_time_to_begin) {
  ScriptedServer server(answering([](const ServerRequest&) {
    std::this_thread::sleep_for(900ms);
    return ServerAnswer{200, "<late/>", {}};
  }));
  ConnectionOptions options = optionsFor(server);
  options.stallTimeout = 300ms;
  options.transferTimeout = 400ms;
  BOOST_TEST(trySend(options, request("WaitForUpdatesEx")).category() == "deadline");
  Request poll = request("WaitForUpdatesEx");
  poll.longPoll = 20s;
  BOOST_TEST(trySend(options, poll).category() == "none");
}

BOOST_AUTO_TEST_CASE(a_slow_receiver_is_not_the_servers_fault) {
  ScriptedServer server(answering([](const ServerRequest&) {
    return ServerAnswer{200, std::string(100'000, 'x'), {}};
  }));
  ConnectionOptions options = optionsFor(server);
  options.stallTimeout = 1500ms;
  options.transferTimeout = 1800ms;
  Request streamed = request("X");
  std::size_t got = 0;
  streamed.onBody = [&got](std::string_view piece) {
    if (got == 0) std::this_thread::sleep_for(2500ms);
    got += piece.size();
  };
  BOOST_TEST(trySend(options, streamed).category() == "none");
  BOOST_TEST(got == 100'000u);
}

BOOST_AUTO_TEST_CASE(a_stopped_server_is_unreachable) {
  std::uint16_t port = 0;
  {
    ScriptedServer server(answering([](const ServerRequest&) { return ServerAnswer{}; }));
    port = server.port();
  }
  ConnectionOptions options;
  options.url.host = "127.0.0.1";
  options.url.port = port;
  options.useEnvironmentProxy = false;
  const Outcome outcome = trySend(options, request("X"));
  BOOST_TEST(outcome.category() == "unreachable");
  BOOST_TEST(outcome.text() == "no connection to 127.0.0.1:" + std::to_string(port) + ": Connection refused");
  BOOST_TEST((outcome.fate == Fate::notSent));
  BOOST_TEST(outcome.transient);
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_unreachable) {
  ConnectionOptions options;
  options.url.host = "no-such-host.invalid";
  options.useEnvironmentProxy = false;
  options.connectTimeout = 3s;
  const Outcome outcome = trySend(options, request("X"));
  BOOST_TEST(outcome.category() == "unreachable");
  BOOST_TEST(outcome.says("no-such-host.invalid:443"));
  BOOST_TEST((outcome.fate == Fate::notSent));
  BOOST_TEST((outcome.took < soon));
}

BOOST_AUTO_TEST_CASE(a_name_that_is_still_being_looked_up_holds_nobody) {
  ConnectionOptions options;
  options.url.host = "slow.invalid";
  options.useEnvironmentProxy = false;
  options.connectTimeout = 300ms;
  const auto begun = std::chrono::steady_clock::now();
  {
    CurlTransport transport(options);
    const Outcome outcome = trySend(transport, request("X"));
    BOOST_TEST(outcome.category() == "unreachable");
    BOOST_TEST(
        outcome.says("slow.invalid:443 within the connect deadline of 0.3 s: its name was not resolved"));
    BOOST_TEST(trySend(transport, request("X"), Context().withTimeout(100ms)).category() == "deadline");
  }  // nor does the end of the transport wait for it
  BOOST_TEST((std::chrono::steady_clock::now() - begun < soon));
}

BOOST_AUTO_TEST_CASE(the_transport_goes_on_after_each_of_these) {
  ScriptedServer server([](ServerConnection& connection) {
    ServerRequest got;
    while (connection.read(got)) {
      if (got.body == "stall") connection.stall();
      if (!connection.answer({200, "<ok/>", {}})) return;
    }
  });
  ConnectionOptions options = optionsFor(server);
  options.stallTimeout = 1s;
  CurlTransport transport(options);
  for (int i = 0; i < 2; ++i) {
    BOOST_TEST(trySend(transport, request("X", Replay::safe, "stall")).category() == "deadline");
    BOOST_TEST(trySend(transport, request("X")).category() == "none");
  }
}

BOOST_AUTO_TEST_CASE(timeouts_must_be_positive) {
  ConnectionOptions options;
  options.stallTimeout = 0ms;
  BOOST_CHECK_EXCEPTION(CurlTransport{options}, Failure,
                        [](const Failure& failure) { return failure.error().category == Category::usage; });
}

}  // namespace
}  // namespace failback::vsphere
