// SPDX-License-Identifier: GPL-2.0-or-later
// The n-th call fails, for every n and in every way: always a clean Failure or the whole truth, never a hang,
// and the session is given back whenever the server lets us.
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/unit/vsphere/client/fake_server.h"
#include "vsphere/error.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

// Sleeps take no time, so that back-off does not make the tests slow.
class ImpatientClock : public Clock {
 public:
  SteadyTime now() const override { return systemClock().now() + slept_.load(); }
  WallTime wallNow() const override { return systemClock().wallNow(); }
  bool sleepUntil(SteadyTime until, const std::stop_token& stop) const override {
    const auto missing = until - now();
    if (missing.count() > 0) slept_ = slept_.load() + missing;
    return !stop.stop_requested();
  }

 private:
  mutable std::atomic<SteadyTime::duration> slept_{SteadyTime::duration::zero()};
};

struct Outcome {
  bool failed = false;
  Error error;
  std::size_t objects = 0;
  std::size_t holes = 0;
};

Outcome discover(const std::shared_ptr<FakeServer>& server, unsigned parallel) {
  const ImpatientClock clock;
  Outcome outcome;
  Collected sink;
  try {
    ClientOptions options = optionsFor(server);
    options.pageSize = 10;
    options.parallelCalls = parallel;
    const Context context = Context(clock).withTimeout(std::chrono::minutes(10));
    const auto client = Client::connect(std::move(options), credentialsOf(*server), context);
    client->readInventory({}, sink, context);
  } catch (const Failure& failure) {
    outcome.failed = true;
    outcome.error = failure.error();
  }
  const std::set<std::string> once(sink.names.begin(), sink.names.end());
  BOOST_TEST(once.size() == sink.names.size());
  outcome.objects = sink.names.size();
  outcome.holes = sink.holes.size();
  return outcome;
}

std::shared_ptr<FakeServer> newServer() {
  auto server = std::make_shared<FakeServer>();
  server->objects = smallInventory(25);
  server->serverPage = 6;
  return server;
}

std::size_t callsInAll() {
  const auto server = newServer();
  BOOST_TEST(!discover(server, 1).failed);
  return server->calls().size();
}

using Spoil = std::function<std::optional<Response>(const Request&)>;

// Runs discovery once for each n, with the n-th call spoiled; `judge` sees how it ended.
void forEachCall(const Spoil& spoilIt, const std::function<void(const FakeServer&, const Outcome&)>& judge) {
  const std::size_t calls = callsInAll();
  BOOST_REQUIRE(calls > 10u);
  for (const unsigned parallel : {1u, 4u}) {
    for (std::size_t n = 1; n <= calls; ++n) {
      const auto server = newServer();
      std::string spoiled;
      server->meet = [&](const Request& request, std::size_t call) -> std::optional<Response> {
        if (call != n) return {};
        spoiled = request.method;
        return spoilIt(request);
      };
      const Outcome outcome = discover(server, parallel);
      BOOST_TEST_CONTEXT("call " << n << " (" << spoiled << "), " << parallel << " in flight: "
                                 << (outcome.failed ? describe(outcome.error) : "succeeded")) {
        if (outcome.failed) {
          BOOST_TEST(!outcome.error.text.empty());
          BOOST_TEST((outcome.error.category != Category::internal));
        } else {
          // What is not there is told, at least.
          BOOST_TEST(outcome.objects + outcome.holes == server->objects.size());
        }
        // A Logout that was spoiled itself was tried, at least.
        if (server->count("Login") > 0 && spoiled != "Login") BOOST_TEST(server->count("Logout") >= 1u);
        judge(*server, outcome);
      }
    }
  }
}

void nothingLeft(const FakeServer& server, const Outcome&) {
  // What was lost on the way to Logout can't be given back by anybody.
  if (server.count("Logout") == 1) BOOST_TEST(server.openSessions() <= 1u);
}

Error unreachable() {
  Error error;
  error.category = Category::unreachable;
  error.text = "the connection was closed";
  return error;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(trouble)

BOOST_AUTO_TEST_CASE(a_connection_that_breaks_before_the_request) {
  forEachCall(
      [](const Request&) -> std::optional<Response> {
        throw TransportFailure(unreachable(), Fate::notSent, true);
      },
      [](const FakeServer& server, const Outcome& outcome) {
        // Nothing had been sent, so every call is simply made again.
        BOOST_TEST(!outcome.failed);
        BOOST_TEST(server.openSessions() == 0u);
      });
}

BOOST_AUTO_TEST_CASE(a_connection_that_breaks_before_the_answer) {
  forEachCall(
      [](const Request&) -> std::optional<Response> {
        throw TransportFailure(unreachable(), Fate::unknown, true);
      },
      nothingLeft);
}

BOOST_AUTO_TEST_CASE(a_general_fault) {
  forEachCall([](const Request&) { return faulty("SystemError", "A general system error occurred"); },
              [](const FakeServer& server, const Outcome& outcome) {
                if (outcome.failed) BOOST_TEST(outcome.error.hasFault("SystemError"));
                nothingLeft(server, outcome);
              });
}

BOOST_AUTO_TEST_CASE(no_permission) {
  forEachCall(
      [](const Request&) {
        return faulty("NoPermission", "Permission to perform this operation was denied.",
                      "<object type=\"Folder\">group-d1</object><privilegeId>System.View</privilegeId>");
      },
      [](const FakeServer& server, const Outcome& outcome) {
        if (outcome.failed) BOOST_TEST(outcome.error.privilege == "System.View");
        nothingLeft(server, outcome);
      });
}

BOOST_AUTO_TEST_CASE(an_unavailable_server_for_a_moment) {
  forEachCall(
      [](const Request&) -> std::optional<Response> {
        Response response;
        response.status = 503;
        response.body = "<html><body>503</body></html>";
        return response;
      },
      nothingLeft);
}

BOOST_AUTO_TEST_CASE(answers_that_are_none) {
  for (const std::string& body :
       {std::string(), std::string("<html>login</html>"), std::string("<?xml version=\"1.0\"?>"),
        envelope(""), envelope("<Other xmlns=\"urn:vim25\"/>"), std::string(3, '\0')}) {
    forEachCall([&](const Request&) { return ok(body); }, nothingLeft);
  }
}

BOOST_AUTO_TEST_CASE(answers_cut_in_the_middle) {
  const std::size_t calls = callsInAll();
  for (std::size_t n = 1; n <= calls; ++n) {
    const auto server = newServer();
    std::string spoiled;
    server->spoil = [&](const Request& request, std::size_t call, Response& response) {
      if (call != n) return;
      spoiled = request.method;
      response.body.resize(response.body.size() / 2);
    };
    const Outcome outcome = discover(server, 1);
    BOOST_TEST_CONTEXT("call " << n << " " << spoiled) {
      // Neither the version file nor what is said when leaving is needed.
      if (spoiled != "vimServiceVersions.xml" && spoiled != "DestroyView" && spoiled != "Logout") {
        BOOST_TEST(outcome.failed);
        BOOST_TEST((outcome.error.category == Category::malformedAnswer));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(empty_answers_of_the_right_kind) {
  forEachCall(
      [](const Request& request) -> std::optional<Response> {
        if (request.verb == Request::Verb::get) return ok("");
        return ok(answer(request.method, ""));
      },
      [](const FakeServer&, const Outcome&) {});
}

BOOST_AUTO_TEST_CASE(a_server_that_goes_away_for_good) {
  const std::size_t calls = callsInAll();
  for (std::size_t n = 1; n <= calls; ++n) {
    const auto server = newServer();
    server->meet = [&](const Request&, std::size_t call) -> std::optional<Response> {
      if (call >= n) throw TransportFailure(unreachable(), Fate::notSent, true);
      return {};
    };
    const Outcome outcome = discover(server, 4);
    BOOST_TEST_CONTEXT("from call " << n << " on") {
      if (n < calls - 1) {
        BOOST_TEST(outcome.failed);
        BOOST_TEST((outcome.error.category == Category::unreachable));
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
