// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/retry_transport.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/support/fake_transport.h"

namespace failback::vsphere {
namespace {

using namespace std::chrono_literals;
using testing::FakeTransport;
using testing::ManualClock;
using testing::request;
using testing::response;

[[noreturn]] void lose(Category category, Fate fate, bool transient = true) {
  Error error;
  error.category = category;
  error.text = "lost";
  throw TransportFailure(std::move(error), fate, transient);
}

struct World {
  ManualClock clock;
  std::unique_ptr<Random> random = seededRandom(1);
  unsigned calls = 0;
  std::string outcome;
  bool transient = false;
  RetryOptions options;
  bool answeredBefore = false;

  // Sends once through the retries; `answer` is told the number of the attempt, from 1.
  void send(Request one, const std::function<Response(unsigned)>& answer, Milliseconds timeout = 1h,
            std::stop_token stop = {}) {
    bool known = false;
    auto below = std::make_shared<FakeTransport>(
        [&](const Request&) { return known ? response(200) : answer(++calls); });
    RetryTransport retrying(below, *random, options);
    if (answeredBefore) {
      known = true;
      retrying.send(request("Login", Replay::never), Context(clock));
      known = false;
    }
    try {
      outcome = std::to_string(retrying.send(one, Context(clock).withTimeout(timeout).withStop(stop)).status);
    } catch (const TransportFailure& failure) {
      outcome = std::string(toString(failure.error().category)) + ": " + failure.error().text;
      transient = failure.transient();
    } catch (const Failure& failure) {
      outcome = std::string(toString(failure.error().category)) + ": " + failure.error().text;
    }
  }
};

BOOST_AUTO_TEST_CASE(an_unknown_fate_is_repeated_only_where_that_does_no_harm) {
  const auto lostOnce = [](unsigned attempt) {
    if (attempt == 1) lose(Category::unreachable, Fate::unknown);
    return response(200);
  };
  for (const Replay replay : {Replay::safe, Replay::sessionBound}) {
    World world;
    world.send(request("X", replay), lostOnce);
    BOOST_TEST(world.outcome == "200");
    BOOST_TEST(world.calls == 2u);
  }
  for (const Replay replay : {Replay::cursor, Replay::never}) {
    World world;
    world.send(request("X", replay), lostOnce);
    BOOST_TEST(world.outcome == "unreachable: lost");
    BOOST_TEST(world.calls == 1u);
  }
}

BOOST_AUTO_TEST_CASE(what_was_never_sent_is_repeated_even_for_a_write) {
  World world;
  world.send(request("CreateVM_Task", Replay::never), [](unsigned attempt) {
    if (attempt < 4) lose(Category::unreachable, Fate::notSent);
    return response(200);
  });
  BOOST_TEST(world.outcome == "200");
  BOOST_TEST(world.calls == 4u);
}

BOOST_AUTO_TEST_CASE(it_gives_up_after_the_last_attempt_and_says_how_many_there_were) {
  World world;
  world.send(request("X"), [](unsigned) -> Response { lose(Category::unreachable, Fate::unknown); });
  BOOST_TEST(world.outcome == "unreachable: lost (4 attempts)");
  BOOST_TEST(world.calls == 4u);
  // 250, 500 and 1000 ms, each less a random part of at most half.
  BOOST_TEST(world.clock.elapsed() >= 875);
  BOOST_TEST(world.clock.elapsed() <= 1750);
}

BOOST_AUTO_TEST_CASE(trust_and_damaged_answers_are_not_tried_again) {
  for (const Category category : {Category::tlsTrust, Category::malformedAnswer}) {
    World world;
    world.send(request("X"), [category](unsigned) -> Response { lose(category, Fate::notSent, false); });
    BOOST_TEST(world.calls == 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_stall_is_tried_once_more_only) {
  World world;
  world.send(request("X"), [](unsigned) -> Response { lose(Category::deadline, Fate::unknown); });
  BOOST_TEST(world.calls == 2u);
}

BOOST_AUTO_TEST_CASE(busy_servers_are_asked_again_and_told_to_the_caller_in_the_end) {
  for (const int status : {429, 502, 503, 504}) {
    World world;
    world.send(request("X"), [status](unsigned attempt) { return response(attempt < 3 ? status : 200); });
    BOOST_TEST(world.outcome == "200");
  }
  World world;
  world.send(request("X"), [](unsigned) { return response(503); });
  BOOST_TEST(world.outcome == "503");
  BOOST_TEST(world.calls == 4u);
  World fault;
  fault.send(request("X"), [](unsigned) { return response(500); });
  BOOST_TEST(fault.calls == 1u);
  for (const Replay replay : {Replay::cursor, Replay::never}) {
    World write;
    write.send(request("X", replay), [](unsigned) { return response(503); });
    BOOST_TEST(write.calls == 1u);
  }
}

BOOST_AUTO_TEST_CASE(retry_after_is_honoured_within_bounds) {
  const auto busyFor = [](const std::string& wait) {
    return [wait](unsigned attempt) {
      Response busy = response(attempt == 1 ? 503 : 200);
      busy.headers.emplace_back("retry-after", wait);
      return busy;
    };
  };
  World world;
  world.send(request("X"), busyFor("7"));
  BOOST_TEST(world.outcome == "200");
  BOOST_TEST(world.clock.elapsed() == 7'000);
  World date;
  date.send(request("X"), busyFor("Tue, 14 Nov 2023 22:13:50 GMT"));  // 30 s after the clock's beginning
  BOOST_TEST(date.clock.elapsed() == 30'000);
  World tooLong;
  tooLong.send(request("X"), busyFor("3600"));
  BOOST_TEST(tooLong.outcome == "503");
  BOOST_TEST(tooLong.clock.elapsed() == 0);
  World overTheDeadline;
  overTheDeadline.send(request("X"), busyFor("7"), 5s);
  BOOST_TEST(overTheDeadline.outcome == "503");
  BOOST_TEST(overTheDeadline.clock.elapsed() == 0);
}

BOOST_AUTO_TEST_CASE(retry_after_in_all_its_spellings) {
  const WallTime now{std::chrono::seconds(1'700'000'000)};
  BOOST_TEST(retryAfter("120", now).count() == 120'000);
  BOOST_TEST(retryAfter("0", now).count() == 0);
  BOOST_TEST(retryAfter("-5", now).count() == 0);
  BOOST_TEST(retryAfter("", now).count() == 0);
  BOOST_TEST(retryAfter("soon", now).count() == 0);
  BOOST_TEST(retryAfter("99999999999", now).count() == 1'000'000'000);
  BOOST_TEST(retryAfter("Tue, 14 Nov 2023 22:13:21 GMT", now).count() == 1'000);
  BOOST_TEST(retryAfter("Mon, 13 Nov 2023 22:13:21 GMT", now).count() == 0);
}

BOOST_AUTO_TEST_CASE(a_wait_is_not_begun_that_would_outlast_the_deadline) {
  World world;
  world.send(
      request("X"), [](unsigned) -> Response { lose(Category::unreachable, Fate::notSent); }, 400ms);
  BOOST_TEST(world.outcome.starts_with("unreachable: lost"));
  BOOST_TEST(world.clock.elapsed() < 400);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_waiting) {
  World world;
  std::stop_source stop;
  world.send(
      request("X"),
      [&stop](unsigned) -> Response {
        stop.request_stop();
        lose(Category::unreachable, Fate::notSent);
      },
      1h, stop.get_token());
  BOOST_TEST(world.outcome.starts_with("interrupted"));
  BOOST_TEST(world.calls == 1u);
}

BOOST_AUTO_TEST_CASE(what_was_given_up_is_told_apart_from_what_may_not_be_repeated) {
  World inVain;
  inVain.send(request("X"), [](unsigned) -> Response { lose(Category::unreachable, Fate::unknown); });
  BOOST_TEST(!inVain.transient);
  World forbidden;
  forbidden.send(request("X", Replay::cursor),
                 [](unsigned) -> Response { lose(Category::unreachable, Fate::unknown); });
  BOOST_TEST(forbidden.transient);
}

// A World whose server was there before, and is waited for when it goes away.
struct PatientWorld : World {
  explicit PatientWorld(Milliseconds patience = 2min) {
    answeredBefore = true;
    options.patience = patience;
  }
};

BOOST_AUTO_TEST_CASE(a_pause_of_a_minute_is_waited_out) {
  // Paused for a minute: what is sent meanwhile is met with silence, and each silence costs a stall deadline.
  PatientWorld world;
  const auto paused = [&world](unsigned) {
    if (world.clock.elapsed() >= 60'000) return response(200);
    world.clock.advance(30s);
    lose(Category::deadline, Fate::unknown);
  };
  world.send(request("X"), paused);
  BOOST_TEST(world.outcome == "200");
  BOOST_TEST(world.clock.elapsed() >= 60'000);
  BOOST_TEST(world.clock.elapsed() < 100'000);
}

BOOST_AUTO_TEST_CASE(a_restart_of_two_minutes_is_waited_out) {
  PatientWorld world(3min);
  world.send(request("X"), [&world](unsigned) {
    const std::int64_t now = world.clock.elapsed();
    if (now == 0) lose(Category::unreachable, Fate::unknown);      // the connection breaks
    if (now < 40'000) lose(Category::unreachable, Fate::notSent);  // nothing listens
    return response(now < 120'000 ? 503 : 200);                    // its services start
  });
  BOOST_TEST(world.outcome == "200");
  BOOST_TEST(world.clock.elapsed() >= 120'000);
}

BOOST_AUTO_TEST_CASE(patience_ends) {
  PatientWorld gone;
  gone.send(request("X"), [](unsigned) -> Response { lose(Category::unreachable, Fate::notSent); });
  BOOST_TEST(gone.outcome.starts_with("unreachable: lost ("));
  BOOST_TEST(!gone.transient);
  BOOST_TEST(gone.clock.elapsed() >= 120'000);
  BOOST_TEST(gone.clock.elapsed() < 130'000);
  PatientWorld busy;
  busy.send(request("X"), [](unsigned) { return response(503); });
  BOOST_TEST(busy.outcome == "503");
  BOOST_TEST(busy.clock.elapsed() < 130'000);
  // The command's own deadline comes first.
  PatientWorld hurried;
  hurried.send(
      request("X"), [](unsigned) -> Response { lose(Category::unreachable, Fate::notSent); }, 20s);
  BOOST_TEST(hurried.outcome.starts_with("unreachable: lost"));
  BOOST_TEST(hurried.clock.elapsed() < 20'000);
}

BOOST_AUTO_TEST_CASE(nobody_is_waited_for_who_was_never_there_or_who_answers_badly) {
  PatientWorld stranger;
  stranger.answeredBefore = false;
  stranger.send(request("X"), [](unsigned) -> Response { lose(Category::unreachable, Fate::notSent); });
  BOOST_TEST(stranger.calls == 4u);
  PatientWorld damaged;
  damaged.send(request("X"), [](unsigned) -> Response { lose(Category::malformedAnswer, Fate::unknown); });
  BOOST_TEST(damaged.calls == 4u);
  PatientWorld write;
  write.send(request("X", Replay::never),
             [](unsigned) -> Response { lose(Category::unreachable, Fate::unknown); });
  BOOST_TEST(write.calls == 1u);
}

BOOST_AUTO_TEST_CASE(nothing_is_repeated_once_a_piece_has_been_delivered) {
  struct Cut final : Transport {
    unsigned calls = 0;
    Response send(const Request& one, const Context&) override {
      ++calls;
      one.onBody("a piece");
      lose(Category::malformedAnswer, Fate::unknown);
    }
  };
  auto below = std::make_shared<Cut>();
  const auto random = seededRandom(1);
  RetryTransport retrying(below, *random);
  Request streamed = request("X");
  std::string got;
  streamed.onBody = [&got](std::string_view piece) { got += piece; };
  BOOST_CHECK_THROW(retrying.send(streamed, Context()), TransportFailure);
  BOOST_TEST(below->calls == 1u);
  BOOST_TEST(got == "a piece");
}

BOOST_AUTO_TEST_CASE(who_can_begin_anew_is_told_to_and_gets_the_whole_answer) {
  struct CutOnce final : Transport {
    unsigned calls = 0;
    Response send(const Request& one, const Context&) override {
      one.onBody(++calls == 1 ? "half" : "the whole");
      if (calls == 1) lose(Category::unreachable, Fate::unknown);
      Response response;
      response.status = 200;
      return response;
    }
  };
  auto below = std::make_shared<CutOnce>();
  const auto random = seededRandom(1);
  const ManualClock clock;
  RetryTransport retrying(below, *random);
  Request streamed = request("RetrievePropertiesEx");
  streamed.replay = Replay::safe;
  std::string got;
  unsigned restarts = 0;
  streamed.onBody = [&got](std::string_view piece) { got += piece; };
  streamed.onRestart = [&] {
    ++restarts;
    got.clear();
  };
  BOOST_TEST(retrying.send(streamed, Context(clock)).status == 200);
  BOOST_TEST(got == "the whole");
  BOOST_TEST(restarts == 1u);
  // What may have changed something is not sent twice, whoever could take it.
  below->calls = 0;
  streamed.replay = Replay::never;
  BOOST_CHECK_THROW(retrying.send(streamed, Context(clock)), TransportFailure);
  BOOST_TEST(below->calls == 1u);
}

}  // namespace
}  // namespace failback::vsphere
