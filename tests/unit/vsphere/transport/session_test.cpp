// SPDX-License-Identifier: GPL-2.0-or-later
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <latch>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/fake_transport.h"
#include "vsphere/fault_injection_transport.h"
#include "vsphere/session_transport.h"

namespace failback::vsphere {
namespace {

using namespace std::chrono_literals;
using testing::request;
using testing::response;

std::string envelope(const std::string& content) {
  return R"(<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/")"
         R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><e:Body>)" +
         content + "</e:Body></e:Envelope>";
}

const std::string missing =
    "<objects><missingSet><path>name</path><fault><fault xsi:type=\"NotAuthenticated\"/></fault></missingSet>"
    "</objects>";

// A server with sessions: knows the cookies it gave out, and forgets them when told. Thread-safe.
class FakeServer final : public Transport {
 public:
  Response send(const Request& one, const Context& context) override {
    context.check("the fake server");
    Response made = judge(one);
    if (made.status == 500 && onRefusal) onRefusal();
    if (one.method == "Slow" && onSlow) onSlow();
    return made;
  }
  void forgetSessions() {
    const std::lock_guard lock(mutex_);
    valid_.clear();
  }

  // Called without the lock: before a NotAuthenticated fault, and the answer to "Slow", go out.
  std::function<void()> onRefusal, onSlow;
  std::vector<std::string> cookies;
  std::string answer = envelope("<objects><propSet><name>x</name></propSet></objects>");
  std::string refusal =
      envelope("<RetrievePropertiesExResponse>" + missing + "</RetrievePropertiesExResponse>");
  bool refuseLogin = false;
  bool givesUselessSessions = false;
  unsigned logins = 0, answered = 0;

 private:
  Response judge(const Request& one) {
    const std::lock_guard lock(mutex_);
    std::string cookie;
    for (const auto& [name, value] : one.headers) {
      if (name == "Cookie") cookie = value;
    }
    cookies.push_back(one.method + " " + cookie);
    if (one.method == "Login") return login();
    if (valid_.count(cookie) == 0) return refuse(one);
    ++answered;
    Response made = deliver(one, one.method == "RetrievePropertiesEx" ? answer : envelope("<ok/>"));
    if (one.method == "Slow")
      made.headers.emplace_back("set-cookie", "vmware_soap_session=\"stale\"; Path=/");
    return made;
  }
  Response login() {
    ++logins;
    Response made = refuseLogin ? InjectedFault::fault("Login", "InvalidLogin").response : response(200);
    const std::string cookie = "vmware_soap_session=\"c00" + std::to_string(logins) + "\"";
    made.headers.emplace_back("set-cookie", cookie + "; Path=/; HttpOnly; Secure;");
    if (!refuseLogin && !givesUselessSessions) valid_.insert(cookie);
    return made;
  }
  // The property collector says it inside an answer, everything else by a fault.
  Response refuse(const Request& one) {
    if (one.method == "RetrievePropertiesEx") return deliver(one, refusal);
    return InjectedFault::fault("", "NotAuthenticated").response;
  }
  static Response deliver(const Request& one, const std::string& body) {
    if (!one.onBody) return response(200, body);
    for (std::size_t at = 0; at < body.size(); at += 700) one.onBody(std::string_view(body).substr(at, 700));
    return response(200);
  }

  std::mutex mutex_;
  std::set<std::string> valid_;
};

struct World {
  std::shared_ptr<FakeServer> server = std::make_shared<FakeServer>();
  std::atomic<unsigned> renewals{0};
  std::atomic<unsigned> loginCalls{0};
  SessionTransport session{server,
                           [this](Transport& below, const Context& context) {
                             ++loginCalls;
                             if (below.send(request("Login", Replay::never), context).status == 500) {
                               fail(Category::loginRefused, "wrong user name or password");
                             }
                           },
                           [this](const Context&) { ++renewals; }};

  std::string send(const Request& one) {
    try {
      const Response got = session.send(one, Context().withTimeout(1min));
      return std::to_string(got.status);
    } catch (const Failure& failure) {
      return std::string(toString(failure.error().category));
    }
  }
};

BOOST_AUTO_TEST_CASE(the_cookie_goes_back_just_as_it_came) {
  World world;
  world.session.login(Context());
  BOOST_TEST(world.send(request("CurrentTime")) == "200");
  BOOST_TEST(world.server->cookies ==
                 (std::vector<std::string>{"Login ", "CurrentTime vmware_soap_session=\"c001\""}),
             boost::test_tools::per_element());
  BOOST_TEST(world.session.generation() == 1u);
  BOOST_TEST(world.renewals == 0u);
}

BOOST_AUTO_TEST_CASE(a_lost_session_is_renewed_and_a_safe_call_sent_again) {
  for (const char* method : {"CurrentTime", "RetrievePropertiesEx"}) {
    World world;
    world.session.login(Context());
    world.server->forgetSessions();
    BOOST_TEST(world.send(request(method)) == "200");
    BOOST_TEST(world.server->logins == 2u);
    BOOST_TEST(world.renewals == 1u);
    BOOST_TEST(world.session.generation() == 2u);
    // The login itself carries no cookie of the dead session.
    BOOST_TEST(world.server->cookies.at(2) == "Login ");
  }
}

BOOST_AUTO_TEST_CASE(the_others_are_not_sent_again_but_the_session_is_good) {
  for (const auto& [replay, category] :
       {std::pair{Replay::sessionBound, "sessionLost"}, std::pair{Replay::cursor, "sessionLost"},
        std::pair{Replay::never, "notAuthenticated"}}) {
    World world;
    world.session.login(Context());
    world.server->forgetSessions();
    BOOST_TEST(world.send(request("Rename_Task", replay)) == category);
    BOOST_TEST(world.server->answered == 0u);
    BOOST_TEST(world.server->logins == 2u);
    BOOST_TEST(world.send(request("Rename_Task", replay)) == "200");
  }
}

BOOST_AUTO_TEST_CASE(without_a_login_not_authenticated_is_just_an_answer) {
  World world;
  BOOST_TEST(world.send(request("CurrentTime")) == "500");
  BOOST_TEST(world.send(request("RetrievePropertiesEx")) == "200");
  BOOST_TEST(world.server->logins == 0u);
}

BOOST_AUTO_TEST_CASE(a_session_that_is_refused_right_after_login_ends_it) {
  World world;
  world.session.login(Context());
  world.server->forgetSessions();
  world.server->givesUselessSessions = true;
  BOOST_TEST(world.send(request("CurrentTime")) == "notAuthenticated");
  BOOST_TEST(world.server->logins == 2u);
}

BOOST_AUTO_TEST_CASE(a_refused_login_is_never_tried_again) {
  World world;
  world.session.login(Context());
  world.server->forgetSessions();
  world.server->refuseLogin = true;
  for (int i = 0; i < 3; ++i) BOOST_TEST(world.send(request("CurrentTime")) == "loginRefused");
  BOOST_CHECK_THROW(world.session.login(Context()), Failure);
  BOOST_TEST(world.server->logins == 2u);
  // The cookie of the refused login is not used.
  for (const std::string& cookie : world.server->cookies) {
    BOOST_TEST(cookie.find("c002") == std::string::npos, cookie);
  }
}

BOOST_AUTO_TEST_CASE(a_login_that_failed_for_another_reason_may_be_tried_again) {
  World world;
  auto flaky = std::make_shared<FaultInjectionTransport>(
      world.server, std::vector<InjectedFault>{InjectedFault::beforeSend("Login", 2)});
  SessionTransport session(flaky, [](Transport& below, const Context& context) {
    below.send(request("Login", Replay::never), context);
  });
  session.login(Context());
  world.server->forgetSessions();
  BOOST_CHECK_THROW(session.send(request("CurrentTime"), Context()), TransportFailure);
  BOOST_TEST(session.send(request("CurrentTime"), Context()).status == 200);
}

BOOST_AUTO_TEST_CASE(many_threads_that_meet_it_at_once_make_one_login) {
  World world;
  world.session.login(Context());
  for (unsigned round = 1; round <= 20; ++round) {
    world.server->forgetSessions();
    constexpr int count = 8;
    // No thread hears of the lost session before all have asked.
    std::latch allHaveAsked(count);
    world.server->onRefusal = [&allHaveAsked] { allHaveAsked.arrive_and_wait(); };
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int i = 0; i < count; ++i) {
      threads.emplace_back([&] {
        if (world.send(request("CurrentTime")) == "200") ++good;
      });
    }
    for (std::thread& thread : threads) thread.join();
    BOOST_TEST(good == count);
    BOOST_TEST(world.server->logins == round + 1);
    BOOST_TEST(world.renewals == round);
  }
}

BOOST_AUTO_TEST_CASE(a_late_answer_of_the_old_session_does_not_overwrite_the_new_cookie) {
  World world;
  world.session.login(Context());
  std::latch asked(1), mayAnswer(1);
  world.server->onSlow = [&] {
    asked.count_down();
    mayAnswer.wait();
  };
  std::thread slow([&] { world.send(request("Slow")); });
  asked.wait();
  world.server->forgetSessions();
  BOOST_TEST(world.send(request("CurrentTime")) == "200");
  mayAnswer.count_down();
  slow.join();
  BOOST_TEST(world.send(request("CurrentTime")) == "200");
  BOOST_TEST(world.server->cookies.back() == "CurrentTime vmware_soap_session=\"c002\"");
  // In the session that it belongs to, a new cookie is taken.
  world.server->onSlow = nullptr;
  world.send(request("Slow"));
  world.send(request("CurrentTime", Replay::never));
  BOOST_TEST(world.server->cookies.at(world.server->cookies.size() - 2) ==
             "CurrentTime vmware_soap_session=\"stale\"");
}

BOOST_AUTO_TEST_CASE(who_waits_for_anothers_login_can_be_stopped) {
  auto server = std::make_shared<FakeServer>();
  std::latch inLogin(1), mayEnd(1);
  bool first = true;
  SessionTransport session(server, [&](Transport& below, const Context& context) {
    if (!std::exchange(first, false)) {
      inLogin.count_down();
      mayEnd.wait();
    }
    below.send(request("Login", Replay::never), context);
  });
  session.login(Context());
  server->forgetSessions();
  std::thread renewing([&] { session.renew(1, Context()); });
  inLogin.wait();
  std::stop_source stop;
  std::jthread stopper([&stop] {
    std::this_thread::sleep_for(50ms);
    stop.request_stop();
  });
  BOOST_CHECK_EXCEPTION(
      session.send(request("CurrentTime"), Context().withStop(stop.get_token())), Failure,
      [](const Failure& failure) { return failure.error().category == Category::interrupted; });
  BOOST_CHECK_EXCEPTION(
      session.send(request("CurrentTime"), Context().withTimeout(50ms)), Failure,
      [](const Failure& failure) { return failure.error().category == Category::deadline; });
  mayEnd.count_down();
  renewing.join();
  BOOST_TEST(session.send(request("CurrentTime"), Context()).status == 200);
}

BOOST_AUTO_TEST_CASE(the_hook_may_call_and_runs_before_the_call_is_repeated) {
  auto server = std::make_shared<FakeServer>();
  SessionTransport* self = nullptr;
  bool remade = false;
  SessionTransport session(
      server,
      [](Transport& below, const Context& context) { below.send(request("Login", Replay::never), context); },
      [&](const Context& context) {
        self->send(request("CreateContainerView"), context);
        remade = true;
      });
  self = &session;
  session.login(Context());
  server->forgetSessions();
  BOOST_TEST(session.send(request("CurrentTime"), Context()).status == 200);
  BOOST_TEST(remade);
  BOOST_TEST(server->cookies.at(3).starts_with("CreateContainerView"));
  BOOST_TEST(server->cookies.at(4).starts_with("CurrentTime"));
}

BOOST_AUTO_TEST_CASE(a_hook_that_meets_a_useless_session_fails_instead_of_waiting_for_itself) {
  auto server = std::make_shared<FakeServer>();
  SessionTransport* self = nullptr;
  SessionTransport session(
      server,
      [](Transport& below, const Context& context) { below.send(request("Login", Replay::never), context); },
      [&](const Context& context) { self->send(request("CreateContainerView"), context); });
  self = &session;
  session.login(Context());
  server->forgetSessions();
  server->givesUselessSessions = true;
  BOOST_CHECK_EXCEPTION(session.send(request("CurrentTime"), Context()), Failure, [](const Failure& failure) {
    return failure.error().category == Category::notAuthenticated;
  });
}

BOOST_AUTO_TEST_CASE(after_the_end_nobody_logs_in_again) {
  World world;
  world.session.login(Context());
  BOOST_TEST(world.send(request("Logout", Replay::sessionBound)) == "200");
  world.session.end();
  world.server->forgetSessions();
  BOOST_TEST(world.send(request("CurrentTime")) == "notAuthenticated");
  BOOST_TEST(world.server->logins == 1u);
}

BOOST_AUTO_TEST_CASE(a_logout_of_a_session_that_is_gone_does_not_make_a_new_one) {
  World world;
  world.session.login(Context());
  world.server->forgetSessions();
  BOOST_TEST(world.send(request("Logout", Replay::sessionBound)) == "500");
  BOOST_TEST(world.server->logins == 1u);
}

// Streamed answers.

std::string filler(std::size_t bytes) {
  return "<objects><propSet><name>x</name><val>" + std::string(bytes, 'x') + "</val></propSet></objects>";
}

BOOST_AUTO_TEST_CASE(a_streamed_answer_that_tells_at_once_is_not_delivered) {
  World world;
  world.session.login(Context());
  world.server->forgetSessions();
  std::string got;
  Request streamed = request("RetrievePropertiesEx");
  streamed.onBody = [&got](std::string_view piece) { got += piece; };
  BOOST_TEST(world.send(streamed) == "200");
  BOOST_TEST(got == world.server->answer);
  // Within the first 16 KiB it may also come a little later.
  world.server->refusal = envelope("<r>" + filler(10'000) + missing + filler(50'000) + "</r>");
  world.server->forgetSessions();
  got.clear();
  BOOST_TEST(world.send(streamed) == "200");
  BOOST_TEST(got == world.server->answer);
}

BOOST_AUTO_TEST_CASE(one_that_tells_too_late_fails_and_the_session_is_good) {
  World world;
  world.session.login(Context());
  world.server->refusal = envelope("<r>" + filler(40'000) + missing + filler(5'000) + "</r>");
  world.server->forgetSessions();
  std::string got;
  Request streamed = request("RetrievePropertiesEx");
  streamed.onBody = [&got](std::string_view piece) { got += piece; };
  BOOST_TEST(world.send(streamed) == "sessionLost");
  BOOST_TEST(got.size() > 16'384u);
  BOOST_TEST(got.find("NotAuthenticated") == std::string::npos);
  BOOST_TEST(world.server->logins == 2u);
}

BOOST_AUTO_TEST_CASE(who_can_begin_anew_gets_the_answer_of_the_new_session) {
  World world;
  world.session.login(Context());
  world.server->refusal = envelope("<r>" + filler(40'000) + missing + filler(5'000) + "</r>");
  world.server->forgetSessions();
  std::string got;
  unsigned restarts = 0;
  Request streamed = request("RetrievePropertiesEx");
  streamed.onBody = [&got](std::string_view piece) { got += piece; };
  streamed.onRestart = [&] {
    ++restarts;
    got.clear();
  };
  BOOST_TEST(world.send(streamed) == "200");
  BOOST_TEST((got == world.server->answer));
  BOOST_TEST(restarts == 1u);
  BOOST_TEST(world.server->logins == 2u);
}

BOOST_AUTO_TEST_CASE(large_streamed_answers_pass_whole) {
  World world;
  world.server->answer = envelope("<r>" + filler(1'000'000) + "</r>");
  world.session.login(Context());
  std::string got;
  Request streamed = request("RetrievePropertiesEx");
  streamed.onBody = [&got](std::string_view piece) { got += piece; };
  BOOST_TEST(world.send(streamed) == "200");
  BOOST_TEST((got == world.server->answer));
}

}  // namespace
}  // namespace failback::vsphere
