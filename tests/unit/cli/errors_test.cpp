// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/errors.h"

#include <nlohmann/json.hpp>

#include "tests/unit/cli/support.h"

using namespace failback;
using testing::holds;
using vsphere::Category;
using vsphere::Error;

namespace {

Error denied() {
  Error error;
  error.category = Category::notPermitted;
  error.fault = "NoPermission";
  error.text = "the licences may not be read";
  error.object.type = "LicenseManager";
  error.object.value = "LicenseManager";
  error.privilege = "Global.Licenses";
  error.remedy = "grant Global.Licenses";
  Error cause;
  cause.category = Category::fault;
  cause.text = "below \x1b[2J";
  cause.fault = "SystemError";
  error.causes = {cause};
  return error;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(an_error_tells_what_where_why_and_what_to_do) {
  const std::string text = cli::errorText(denied(), "https://vc.example (from --url)", cli::Terminal{});
  for (const char* word : {"failback: error: the licences may not be read", "NoPermission",
                           "LicenseManager:LicenseManager", "Global.Licenses", "because:", "SystemError",
                           "https://vc.example (from --url)", "try:      grant Global.Licenses"}) {
    BOOST_TEST(holds(text, word), word << " is not in\n" << text);
  }
  BOOST_TEST(!holds(text, "\x1b"));
}

BOOST_AUTO_TEST_CASE(the_server_is_named_only_where_it_may_be_the_cause) {
  Error error;
  error.category = Category::internal;
  error.text = "no space";
  BOOST_TEST(!holds(cli::errorText(error, "https://vc.example", cli::Terminal{}), "vc.example"));
}

BOOST_AUTO_TEST_CASE(programs_get_json_on_one_line) {
  const std::string line = cli::errorJson(denied(), "https://vc.example");
  BOOST_TEST(!holds(line, "\n"));
  const auto error = nlohmann::json::parse(line)["error"];
  BOOST_TEST(error["category"] == "notPermitted");
  BOOST_TEST(error["exitCode"] == 9);
  BOOST_TEST(error["privilege"] == "Global.Licenses");
  BOOST_TEST(error["object"] == "LicenseManager:LicenseManager");
  BOOST_TEST(error["remedy"] == "grant Global.Licenses");
  BOOST_TEST(error["causes"][0]["fault"] == "SystemError");
  BOOST_TEST(error["server"] == "https://vc.example");
}

BOOST_AUTO_TEST_CASE(colour_on_a_terminal_only) {
  cli::Terminal terminal;
  terminal.colour = true;
  BOOST_TEST(holds(cli::errorText(denied(), "", terminal), "\x1b[31merror\x1b[0m"));
}

BOOST_AUTO_TEST_CASE(progress_is_one_line_that_words_replace) {
  cli::StringOutput out;
  cli::Terminal terminal;
  terminal.isTerminal = true;
  terminal.width = 40;
  {
    cli::Console console(out, terminal, vsphere::systemClock());
    console.progress("reading: 100 objects");
    console.message("a line");
  }
  BOOST_TEST(out.text == "\r\x1b[Kreading: 100 objects\r\x1b[Ka line\n");
  out.text.clear();
  {
    cli::Console console(out, cli::Terminal{}, vsphere::systemClock());
    console.progress("reading: 100 objects");
  }
  BOOST_TEST(out.text.empty());
}

BOOST_AUTO_TEST_SUITE_END()
