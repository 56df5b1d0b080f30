// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/environment.h"

#include <cstring>

#include "cli/terminal.h"
#include "tests/unit/cli/support.h"

using namespace failback;
using cli::Environment;

BOOST_AUTO_TEST_SUITE(environment)

BOOST_AUTO_TEST_CASE(a_password_leaves_the_environment_when_it_is_read) {
  ::setenv("FAILBACK_PASSWORD", "s3cret-in-env", 1);
  ::setenv("FAILBACK_URL", "https://u:s3cret-in-url@vc.example", 1);
  ::setenv("FAILBACK_USERNAME", "anna", 1);
  const char* place = ::getenv("FAILBACK_PASSWORD");
  const Environment taken = Environment::takeFromProcess();
  BOOST_TEST(::getenv("FAILBACK_PASSWORD") == nullptr);
  BOOST_TEST(::getenv("FAILBACK_URL") == nullptr);
  BOOST_TEST(std::string(13, '\0') == std::string(place, 13));
  BOOST_TEST(taken.secret("FAILBACK_PASSWORD").reveal() == "s3cret-in-env");
  BOOST_TEST(!taken.get("FAILBACK_PASSWORD"));
  BOOST_TEST(taken.get("FAILBACK_USERNAME").value() == "anna");
  ::unsetenv("FAILBACK_USERNAME");
}

BOOST_AUTO_TEST_CASE(a_pipe_is_no_terminal) {
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  const cli::Terminal terminal = cli::lookAtTerminal(
      ends[1], Environment({{"TERM", "xterm"}, {"COLUMNS", "120"}, {"LANG", "de_DE.UTF-8"}}));
  BOOST_TEST(!terminal.isTerminal);
  BOOST_TEST(!terminal.colour);
  BOOST_TEST(terminal.width == 0u);
  BOOST_TEST(terminal.utf8);
  ::close(ends[0]);
  ::close(ends[1]);
}

BOOST_AUTO_TEST_CASE(a_terminal_without_utf8_gets_ascii) {
  const std::map<std::string, std::string> plain = {{"LANG", "C"}};
  BOOST_TEST(cli::lookAtTerminal(-1, Environment(plain)).ellipsis() == "~");
  const std::map<std::string, std::string> utf8 = {{"LANG", "C"}, {"LC_ALL", "C.utf8"}};
  BOOST_TEST(cli::lookAtTerminal(-1, Environment(utf8)).utf8);
}

BOOST_AUTO_TEST_SUITE_END()
