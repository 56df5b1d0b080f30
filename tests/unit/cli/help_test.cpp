// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/help.h"

#include "cli/exit_code.h"
#include "cli/output_csv.h"
#include "cli/text_width.h"
#include "tests/unit/cli/support.h"

using namespace failback;
using testing::holds;

namespace {

std::string page(const std::string& name) {
  return testing::readFile(std::string(FAILBACK_SOURCE_DIR) + "/docs/" + name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(help)

BOOST_AUTO_TEST_CASE(help_names_every_verb_option_variable_and_code) {
  const std::string all = cli::programHelp(80);
  for (const cli::VerbSpec& verb : cli::verbs()) {
    BOOST_TEST(holds(all, verb.name));
    const std::string own = cli::verbHelp(verb, 80);
    for (const cli::OptionSpec* option : cli::allOptions(verb)) {
      BOOST_TEST(holds(own, "--" + option->name), option->name);
      BOOST_TEST(holds(own, option->environment), option->environment);
      BOOST_TEST(holds(own, option->govcEnvironment), option->govcEnvironment);
    }
    for (const cli::Example& example : verb.examples) BOOST_TEST(holds(own, "failback " + example.command));
    for (const cli::ExitCodeInfo& row : cli::exitCodes())
      BOOST_TEST(holds(own, std::to_string(static_cast<int>(row.code))));
  }
}

BOOST_AUTO_TEST_CASE(help_fits_the_terminal_but_for_commands_to_copy) {
  for (const std::size_t width : {60u, 80u, 200u}) {
    for (const cli::VerbSpec& verb : cli::verbs()) {
      std::istringstream lines(cli::verbHelp(verb, width));
      for (std::string line; std::getline(lines, line);) {
        const bool command = line.rfind("  failback ", 0) == 0 || line.rfind("  # ", 0) == 0 ||
                             line.rfind("failback ", 0) == 0;
        BOOST_TEST((command || cli::displayWidth(line) <= std::min<std::size_t>(width, 100)),
                   width << ": " << line);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_man_page_has_its_sections_and_no_stray_request) {
  const std::string text = cli::manPage();
  for (const char* section : {".SH NAME", ".SH SYNOPSIS", ".SH VERBS", ".SH EXIT STATUS", ".SH FILES"}) {
    BOOST_TEST(holds(text, section), section);
  }
  BOOST_TEST(holds(text, "failback rules [OPTION...] [ID|CODE]"));
  BOOST_TEST(holds(text, "\\fB\\-\\-thumbprint\\fR \\fIHEX\\fR"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    BOOST_TEST(!line.empty());
    if (line[0] == '\'') BOOST_ERROR("begins with a quote: " << line);
    if (line[0] != '.') continue;
    const std::string request = line.substr(0, 3);
    const bool known = request == ".TH" || request == ".SH" || request == ".SS" || request == ".PP" ||
                       request == ".TP" || request == ".RS" || request == ".RE" || request == ".nf" ||
                       request == ".fi" || request == ".\\\"";
    BOOST_TEST(known, line);
  }
}

BOOST_AUTO_TEST_CASE(the_documentation_names_every_setting) {
  const std::string configuration = page("configuration.md");
  for (const cli::OptionSpec& option : cli::connectionOptions().options) {
    BOOST_TEST(holds(configuration, "--" + option.name), option.name);
    if (!option.environment.empty()) {
      BOOST_TEST(holds(configuration, "`" + option.environment + "`"), option.environment);
    }
    if (!option.govcEnvironment.empty()) {
      BOOST_TEST(holds(configuration, "`" + option.govcEnvironment + "`"), option.govcEnvironment);
    }
  }
  const std::string discover = page("discover.md");
  for (const discovery::KindInfo& row : discovery::allKinds())
    BOOST_TEST(holds(discover, std::string(row.name)));
}

BOOST_AUTO_TEST_CASE(csv_columns_are_different_and_begin_with_the_name) {
  for (const discovery::KindInfo& row : discovery::allKinds()) {
    std::vector<std::string> columns = cli::csvColumns(row.kind);
    BOOST_TEST(columns.front() == "name");
    std::sort(columns.begin(), columns.end());
    BOOST_TEST((std::adjacent_find(columns.begin(), columns.end()) == columns.end()), row.name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
