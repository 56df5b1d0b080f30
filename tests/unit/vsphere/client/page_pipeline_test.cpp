// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/page_pipeline.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <set>
#include <stdexcept>
#include <thread>

#include "vsphere/error.h"

using namespace failback::vsphere;
using Pipeline = PagePipeline<int>;

namespace {

Context soon() {
  return Context().withTimeout(std::chrono::seconds(30));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(page_pipeline)

BOOST_AUTO_TEST_CASE(all_items_come_to_the_calling_thread) {
  for (const unsigned threads : {0u, 1u, 4u, 64u}) {
    std::multiset<int> got;
    const auto caller = std::this_thread::get_id();
    Pipeline::run(
        50, threads, soon(),
        [](std::size_t i, const Context&, const Pipeline::Emit& emit) {
          emit(static_cast<int>(i));
          if (i % 2 == 0) emit(1000 + static_cast<int>(i));
        },
        [&](int&& item) {
          BOOST_TEST((std::this_thread::get_id() == caller));
          got.insert(item);
        });
    BOOST_TEST(got.size() == 75u);
    BOOST_TEST(got.count(49) == 1u);
    BOOST_TEST(got.count(1048) == 1u);
  }
}

BOOST_AUTO_TEST_CASE(nothing_to_do_is_done_at_once) {
  Pipeline::run(
      0, 4, soon(), [](std::size_t, const Context&, const Pipeline::Emit&) { BOOST_FAIL("called"); },
      [](int&&) { BOOST_FAIL("called"); });
}

BOOST_AUTO_TEST_CASE(a_producer_s_exception_stops_the_others_and_passes_through) {
  std::atomic<int> begun{0};
  BOOST_CHECK_THROW(Pipeline::run(
                        10'000, 4, soon(),
                        [&](std::size_t i, const Context& context, const Pipeline::Emit&) {
                          ++begun;
                          if (i == 20) throw std::domain_error("no");
                          context.check("a page");
                        },
                        [](int&&) {}),
                    std::domain_error);
  BOOST_TEST(begun < 10'000);
}

BOOST_AUTO_TEST_CASE(a_consumer_s_exception_frees_producers_that_wait) {
  BOOST_CHECK_THROW(
      Pipeline::run(
          1000, 4, soon(),
          [](std::size_t i, const Context&, const Pipeline::Emit& emit) { emit(static_cast<int>(i)); },
          [](int&& item) {
            if (item > 100) throw std::domain_error("enough");
          }),
      std::domain_error);
}

BOOST_AUTO_TEST_CASE(items_that_wait_are_bounded) {
  std::atomic<int> made{0};
  int taken = 0;
  Pipeline::run(
      200, 3, soon(),
      [&](std::size_t, const Context&, const Pipeline::Emit& emit) {
        ++made;
        emit(1);
      },
      [&](int&&) {
        ++taken;
        // Six may wait, each of three threads may hold one more, and one is here.
        BOOST_TEST(made <= taken + 10);
      });
  BOOST_TEST(taken == 200);
}

BOOST_AUTO_TEST_CASE(a_stop_from_outside_ends_producers_and_consumer) {
  std::stop_source stop;
  int taken = 0;
  BOOST_CHECK_EXCEPTION(
      Pipeline::run(
          100'000, 4, soon().withStop(stop.get_token()),
          [](std::size_t i, const Context&, const Pipeline::Emit& emit) { emit(static_cast<int>(i)); },
          [&](int&&) {
            if (++taken == 10) stop.request_stop();
          }),
      Failure, [](const Failure& failure) { return failure.error().category == Category::interrupted; });
  BOOST_TEST(taken < 100'000);
}

BOOST_AUTO_TEST_CASE(a_stop_before_the_beginning_makes_nothing) {
  std::stop_source stop;
  stop.request_stop();
  BOOST_CHECK_THROW(
      Pipeline::run(
          10, 4, soon().withStop(stop.get_token()),
          [](std::size_t, const Context& context, const Pipeline::Emit&) { context.check("a page"); },
          [](int&&) {}),
      Failure);
}

BOOST_AUTO_TEST_SUITE_END()
