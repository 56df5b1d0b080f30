// SPDX-License-Identifier: GPL-2.0-or-later
// Connections: kept and reused, never a write twice, through proxies, from many threads.
#include <signal.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/vsphere/transport/curl_helpers.h"

namespace failback::vsphere {
namespace {

using namespace std::chrono_literals;
using testing::answering;
using testing::request;
using testing::ScriptedServer;
using testing::ServerAnswer;
using testing::ServerConnection;
using testing::ServerRequest;

BOOST_AUTO_TEST_CASE(connections_are_kept_alive_and_reused) {
  ScriptedServer server(answering([](const ServerRequest&) { return ServerAnswer{200, "<ok/>", {}}; }));
  CurlTransport transport(optionsFor(server));
  for (int i = 0; i < 10; ++i) transport.send(request("X"), Context());
  BOOST_TEST(server.connections() == 1u);
  BOOST_TEST(server.requests() == 10u);
}

BOOST_AUTO_TEST_CASE(threads_send_at_the_same_time_on_connections_of_their_own) {
  constexpr unsigned count = 8;
  std::atomic<unsigned> inside{0}, most{0};
  ScriptedServer server(answering([&](const ServerRequest& one) {
    const unsigned now = ++inside;
    for (unsigned seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
    }
    std::this_thread::sleep_for(10ms);
    --inside;
    return ServerAnswer{200, one.body, {}};
  }));
  CurlTransport transport(optionsFor(server));
  std::atomic<unsigned> good{0};
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      for (unsigned call = 0; call < 20; ++call) {
        const std::string body = std::to_string(i * 100 + call);
        if (transport.send(request("X", Replay::safe, body), Context()).body == body) ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(good == count * 20);
  BOOST_TEST(most > 1u);
  BOOST_TEST(server.connections() <= count);
}

// Answers the first request of a connection, reads the second one, and closes without a word: what a server
// looks like that closes an idle connection just when the next request is on its way.
struct ForgetfulServer : ScriptedServer {
  ForgetfulServer()
      : ScriptedServer([](ServerConnection& connection) {
          ServerRequest got;
          if (!connection.read(got) || !connection.answer({200, "<ok/>", {}})) return;
          static_cast<void>(connection.read(got));
          connection.cut();
        }) {}
};

BOOST_AUTO_TEST_CASE(a_safe_request_on_a_dead_connection_is_sent_once_more) {
  ForgetfulServer server;
  CurlTransport transport(optionsFor(server));
  transport.send(request("X"), Context());
  BOOST_TEST(transport.send(request("X"), Context()).status == 200);
  BOOST_TEST(server.connections() == 2u);
  BOOST_TEST(server.requests() == 3u);  // the second one twice
}

BOOST_AUTO_TEST_CASE(a_cursor_request_on_a_dead_connection_is_not_sent_again) {
  ForgetfulServer server;
  CurlTransport transport(optionsFor(server));
  transport.send(request("X"), Context());
  const Outcome outcome = trySend(transport, request("ContinueRetrievePropertiesEx", Replay::cursor));
  BOOST_TEST(outcome.category() == "unreachable");
  BOOST_TEST((outcome.fate == Fate::unknown));
  BOOST_TEST(server.requests() == 2u);
  BOOST_TEST(transport.send(request("X", Replay::cursor), Context()).status == 200);
}

BOOST_AUTO_TEST_CASE(a_write_never_goes_on_a_used_connection_and_is_never_sent_twice) {
  ForgetfulServer server;
  CurlTransport transport(optionsFor(server));
  transport.send(request("X"), Context());
  for (unsigned i = 2; i < 6; ++i) {
    BOOST_TEST(transport.send(request("CreateVM_Task", Replay::never), Context()).status == 200);
    BOOST_TEST(server.connections() == i);
    BOOST_TEST(server.requests() == i);
  }
  BOOST_TEST(server.resumed() >= 1u);  // a fresh connection is not a full handshake
}

BOOST_AUTO_TEST_CASE(a_write_whose_connection_is_lost_is_sent_once_and_its_fate_is_unknown) {
  ScriptedServer server([](ServerConnection& connection) {
    ServerRequest got;
    static_cast<void>(connection.read(got));
    connection.reset();
  });
  const Outcome outcome = trySend(optionsFor(server), request("CreateVM_Task", Replay::never));
  BOOST_TEST(outcome.category() == "unreachable");
  BOOST_TEST((outcome.fate == Fate::unknown));
  BOOST_TEST(outcome.says("CreateVM_Task on Thing:thing-1"));
  BOOST_TEST(outcome.says("whether the call was carried out is not known"));
  BOOST_TEST(server.requests() == 1u);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_that_the_server_closed_costs_nothing) {
  ScriptedServer server([](ServerConnection& connection) {
    ServerRequest got;
    if (connection.read(got)) connection.answer({200, "<ok/>", {}});
  });
  CurlTransport transport(optionsFor(server));
  for (int i = 0; i < 5; ++i) {
    BOOST_TEST(transport.send(request("X", i % 2 == 0 ? Replay::safe : Replay::cursor), Context()).status ==
               200);
    BOOST_TEST(server.awaitClosed(static_cast<unsigned>(i) + 1));
  }
  BOOST_TEST(server.requests() == 5u);
}

volatile sig_atomic_t pipeSignals = 0;

BOOST_AUTO_TEST_CASE(a_peer_that_is_gone_raises_no_sigpipe) {
  struct sigaction before {
  }, counting{};
  counting.sa_handler = [](int) { pipeSignals = pipeSignals + 1; };
  ::sigaction(SIGPIPE, &counting, &before);
  ScriptedServer server([](ServerConnection& connection) {
    if (connection.number() == 1) {
      ServerRequest got;
      if (connection.read(got)) connection.answer({200, "<ok/>", {}});
    }
    connection.reset();
  });
  CurlTransport transport(optionsFor(server));
  transport.send(request("X"), Context());
  // A body larger than the socket's buffers is still being written when the reset arrives.
  for (int i = 0; i < 5; ++i) {
    BOOST_TEST(trySend(transport, request("X", Replay::safe, std::string(8'000'000, 'x'))).category() ==
               "unreachable");
  }
  ::sigaction(SIGPIPE, &before, nullptr);
  BOOST_TEST(pipeSignals == 0);
}

BOOST_AUTO_TEST_CASE(large_requests_arrive_whole) {
  ScriptedServer server(answering([](const ServerRequest& one) {
    return ServerAnswer{200, std::to_string(one.body.size()) + one.body.substr(one.body.size() - 3), {}};
  }));
  CurlTransport transport(optionsFor(server));
  const std::string body = std::string(3'000'000, 'x') + "end";
  for (const Replay replay : {Replay::safe, Replay::cursor, Replay::never}) {
    BOOST_TEST(transport.send(request("X", replay, body), Context()).body == "3000003end");
  }
}

// Proxies
// -------------------------------------------------------------------------------------------------------

// Sets variables of the environment, none other of the proxy's remaining, and puts them back.
class Environment {
 public:
  explicit Environment(const std::vector<std::pair<std::string, std::string>>& values) {
    for (const char* name : {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy",
                             "ALL_PROXY", "no_proxy", "NO_PROXY"}) {
      const char* value = std::getenv(name);
      before_.emplace_back(name, value == nullptr ? std::nullopt : std::optional<std::string>(value));
      ::unsetenv(name);
    }
    for (const auto& [name, value] : values) ::setenv(name.c_str(), value.c_str(), 1);
  }
  ~Environment() {
    for (const auto& [name, value] : before_) {
      value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
    }
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::vector<std::pair<std::string, std::optional<std::string>>> before_;
};

struct Proxy : ScriptedServer {
  explicit Proxy(std::string refusal = {})
      : ScriptedServer(
            [refusal](ServerConnection& connection) {
              ServerRequest got;
              if (!connection.read(got)) return;
              if (got.verb != "CONNECT" || !refusal.empty()) {
                connection.write(refusal.empty() ? "HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n" : refusal);
                return;
              }
              const auto port = std::stoul(got.target.substr(got.target.rfind(':') + 1));
              connection.write("HTTP/1.1 200 Connection established\r\n\r\n");
              connection.relay(static_cast<std::uint16_t>(port));
            },
            plain()) {}
  static Options plain() {
    Options options;
    options.tls = false;
    return options;
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }
};

Outcome throughEnvironment(const ScriptedServer& server, bool useIt = true) {
  ConnectionOptions options = optionsFor(server);
  options.tls.insecure = false;
  options.tls.thumbprint = testing::thumbprintOf(server.certificate(), testing::Digest::sha256);
  options.useEnvironmentProxy = useIt;
  return trySend(options, request("X"));
}

BOOST_AUTO_TEST_CASE(proxies_of_the_environment_are_used_and_the_pin_holds_behind_them) {
  ScriptedServer server(answering([](const ServerRequest&) { return ServerAnswer{200, "<ok/>", {}}; }));
  Proxy proxy;
  unsigned used = 0;
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    const Environment environment({{name, proxy.url()}});
    BOOST_TEST(throughEnvironment(server).category() == "none", name);
    BOOST_TEST(proxy.connections() == ++used, name);
  }
  const Environment environment({{"https_proxy", proxy.url()}});
  BOOST_TEST(throughEnvironment(server, false).category() == "none");
  const Environment exception({{"https_proxy", proxy.url()}, {"no_proxy", "example.com,127.0.0.1"}});
  BOOST_TEST(throughEnvironment(server).category() == "none");
  BOOST_TEST(proxy.connections() == used);
}

BOOST_AUTO_TEST_CASE(http_proxy_counts_for_http_in_lower_case_only) {
  ScriptedServer::Options plain;
  plain.tls = false;
  ScriptedServer server(answering([](const ServerRequest&) {
                          return ServerAnswer{200, "<ok/>", {}};
                        }),
                        plain);
  Proxy proxy;
  ConnectionOptions options = optionsFor(server, false);
  options.useEnvironmentProxy = true;
  const Environment upper({{"HTTP_PROXY", proxy.url()}});
  BOOST_TEST(trySend(options, request("X")).category() == "none");
  BOOST_TEST(proxy.connections() == 0u);
  const Environment lower({{"http_proxy", proxy.url()}});
  BOOST_TEST(trySend(options, request("X")).response->status == 400);
  BOOST_TEST(proxy.connections() == 1u);
}

BOOST_AUTO_TEST_CASE(a_proxy_that_refuses_or_is_gone_is_named_as_the_cause) {
  ScriptedServer server(answering([](const ServerRequest&) { return ServerAnswer{200, "<ok/>", {}}; }));
  const std::string place = "127.0.0.1:" + std::to_string(server.port());
  {
    Proxy proxy("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    const Environment environment(
        {{"https_proxy", "http://user:s3cret@127.0.0.1:" + std::to_string(proxy.port())}});
    const Outcome outcome = throughEnvironment(server);
    BOOST_TEST(outcome.category() == "unreachable");
    BOOST_TEST(outcome.says("the proxy answered 407 when asked for a connection to " + place),
               outcome.text());
    BOOST_TEST(!outcome.says("s3cret"));
    BOOST_TEST((outcome.fate == Fate::notSent));
  }
  std::string gone;
  {
    Proxy proxy;
    gone = proxy.url();
  }
  const Environment environment({{"https_proxy", gone}});
  const Outcome outcome = throughEnvironment(server);
  BOOST_TEST(outcome.category() == "unreachable");
  BOOST_TEST(outcome.says(place));
  BOOST_TEST((outcome.fate == Fate::notSent));
  BOOST_TEST(server.connections() == 0u);
}

}  // namespace
}  // namespace failback::vsphere
