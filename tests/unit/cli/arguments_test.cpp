// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/arguments.h"

#include "tests/unit/cli/support.h"

using namespace failback;
using cli::parseArguments;
using testing::expectUsage;
using testing::holds;
using Words = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(arguments)

BOOST_AUTO_TEST_CASE(options_in_every_usual_spelling) {
  const auto given = parseArguments({"discover", "--output=json", "-u", "anna", "--kind", "vm,host",
                                     "--kind=ds", "--name", "a", "--name", "b,c", "-k", "-q"});
  BOOST_TEST(given.verb->name == "discover");
  BOOST_TEST(given.one("output").value() == "json");
  BOOST_TEST(given.one("username").value() == "anna");
  BOOST_TEST(given.all("kind") == (Words{"vm", "host", "ds"}), boost::test_tools::per_element());
  BOOST_TEST(given.all("name") == (Words{"a", "b,c"}),
             boost::test_tools::per_element());  // names may hold commas
  BOOST_TEST(given.has("insecure"));
  BOOST_TEST(!given.has("thin"));
  BOOST_TEST(parseArguments({"discover", "-ojsonl"}).one("output").value() == "jsonl");
  BOOST_TEST(parseArguments({"discover", "--password-file", "-"}).one("password-file").value() == "-");
}

BOOST_AUTO_TEST_CASE(mistakes_are_told_with_what_was_meant) {
  expectUsage([] { parseArguments({"discover", "--outptu", "json"}); }, "did you mean --output?");
  expectUsage([] { parseArguments({"dicsover"}); }, "did you mean discover?");
  expectUsage([] { parseArguments({"discover", "-o", "yaml"}); }, "table, json, jsonl, csv");
  expectUsage([] { parseArguments({"discover", "-o"}); }, "output");
  expectUsage([] { parseArguments({"discover", "vc.example"}); }, "vc.example");
  expectUsage([] { parseArguments({"discover", "-o", "json", "-o", "csv"}); }, "given twice");
  expectUsage([] { parseArguments({"--timeout", "5s", "discover"}); }, "stand after it");
  expectUsage([] { parseArguments({"completion", "bash", "zsh"}); }, "zsh");
}

BOOST_AUTO_TEST_CASE(a_verb_may_take_more_than_one_operand_and_not_more_than_it_says) {
  const auto given = parseArguments({"answer", "plan.yaml", "web-01", "0", "-o", "json"});
  BOOST_TEST(given.operands == (Words{"plan.yaml", "web-01", "0"}), boost::test_tools::per_element());
  BOOST_TEST(parseArguments({"answer", "plan.yaml", "web-01"}).operands.size() == 2u);
  expectUsage([] { parseArguments({"answer", "plan.yaml", "web-01", "0", "1"}); }, "1");
}

BOOST_AUTO_TEST_CASE(a_password_on_the_command_line_is_refused_and_not_repeated) {
  for (const Words& words :
       {Words{"discover", "--password", "s3cret"}, Words{"discover", "--password=s3cret"},
        Words{"--password=s3cret", "discover"}}) {
    const vsphere::Error error = testing::errorOf([&] { parseArguments(words); });
    BOOST_TEST((error.category == vsphere::Category::usage));
    BOOST_TEST(!holds(vsphere::describe(error) + error.remedy, "s3cret"));
    BOOST_TEST(holds(error.remedy, "--password-file"));
  }
}

BOOST_AUTO_TEST_CASE(help_is_understood_wherever_it_stands) {
  BOOST_TEST(parseArguments({"--help"}).has("help"));
  BOOST_TEST(parseArguments({"help"}).has("help"));
  BOOST_TEST(parseArguments({"help", "discover"}).verb->name == "discover");
  BOOST_TEST(parseArguments({"help", "discover"}).has("help"));
  BOOST_TEST(parseArguments({"discover", "--nonsense", "-h"}).has("help"));
  BOOST_TEST(parseArguments({"completion", "--help"}).has("help"));
  BOOST_TEST(parseArguments({"--version"}).has("version"));
  BOOST_TEST(parseArguments({}).verb == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
