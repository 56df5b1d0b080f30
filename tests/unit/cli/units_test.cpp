// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/units.h"

#include "tests/unit/cli/support.h"

using namespace failback;
using cli::humanBytes;
using cli::parseDuration;
using testing::expectUsage;

BOOST_AUTO_TEST_SUITE(units)

BOOST_AUTO_TEST_CASE(sizes_have_three_digits_at_most) {
  BOOST_TEST(humanBytes(0) == "0 B");
  BOOST_TEST(humanBytes(999) == "999 B");
  BOOST_TEST(humanBytes(1000) == "1.0 KiB");
  BOOST_TEST(humanBytes(1024) == "1 KiB");
  BOOST_TEST(humanBytes(1536) == "1.5 KiB");
  BOOST_TEST(humanBytes(40LL << 30) == "40 GiB");
  BOOST_TEST(humanBytes((5LL << 40) + (1LL << 39)) == "5.5 TiB");
  BOOST_TEST(humanBytes(1023LL << 30) == "1.0 TiB");
  BOOST_TEST(humanBytes(-1) == "-");
}

BOOST_AUTO_TEST_CASE(durations_are_read) {
  BOOST_TEST(parseDuration("30s", "--timeout").count() == 30'000);
  BOOST_TEST(parseDuration("1m30s", "--timeout").count() == 90'000);
  BOOST_TEST(parseDuration("500ms", "--timeout").count() == 500);
  BOOST_TEST(parseDuration("1h", "--timeout").count() == 3'600'000);
}

BOOST_AUTO_TEST_CASE(what_is_no_duration_is_refused_with_its_name) {
  for (const char* text : {"", "30", "soon", "s", "-5s", "5 s", "1.5h", "99999999999h", "5sx"}) {
    expectUsage([&] { parseDuration(text, "--timeout"); }, "--timeout");
  }
  expectUsage([] { parseDuration("0s", "FAILBACK_TIMEOUT"); }, "more than zero");
}

BOOST_AUTO_TEST_CASE(durations_are_shown) {
  BOOST_TEST(cli::humanDuration(vsphere::Milliseconds(450)) == "450 ms");
  BOOST_TEST(cli::humanDuration(vsphere::Milliseconds(4'200)) == "4.2 s");
  BOOST_TEST(cli::humanDuration(vsphere::Milliseconds(30'000)) == "30 s");
  BOOST_TEST(cli::humanDuration(vsphere::Milliseconds(200'000)) == "3 min 20 s");
}

BOOST_AUTO_TEST_SUITE_END()
