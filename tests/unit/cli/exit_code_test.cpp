// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/exit_code.h"

#include "tests/unit/cli/support.h"

using namespace failback;
using vsphere::Category;

BOOST_AUTO_TEST_SUITE(exit_code)

BOOST_AUTO_TEST_CASE(the_numbers_that_callers_rely_on) {
  const std::map<int, Category> promised = {{2, Category::usage},
                                            {6, Category::unreachable},
                                            {7, Category::tlsTrust},
                                            {8, Category::loginRefused},
                                            {9, Category::notPermitted},
                                            {10, Category::deadline},
                                            {11, Category::malformedAnswer},
                                            {12, Category::interrupted},
                                            {14, Category::busy},
                                            {1, Category::internal}};
  for (const auto& [code, category] : promised) {
    BOOST_TEST(static_cast<int>(cli::exitCodeFor(category)) == code, vsphere::toString(category));
  }
  int number = 0;
  for (const cli::ExitCodeInfo& row : cli::exitCodes()) BOOST_TEST(static_cast<int>(row.code) == number++);
  BOOST_TEST(number == 15);
}

BOOST_AUTO_TEST_CASE(the_documentation_says_the_same) {
  const std::string page = testing::readFile(std::string(FAILBACK_SOURCE_DIR) + "/docs/exit-codes.md");
  const std::string begin = "<!-- begin -->\n", end = "<!-- end -->";
  const std::size_t from = page.find(begin), to = page.find(end);
  BOOST_REQUIRE(from != std::string::npos);
  BOOST_REQUIRE(to != std::string::npos);
  const std::string table = page.substr(from + begin.size(), to - from - begin.size());
  BOOST_TEST(table == cli::exitCodesMarkdown(), "docs/exit-codes.md must hold:\n"
                                                    << cli::exitCodesMarkdown());
}

BOOST_AUTO_TEST_SUITE_END()
