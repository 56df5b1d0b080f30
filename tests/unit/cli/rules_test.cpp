// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/rules_command.h"

#include <nlohmann/json.hpp>

#include "tests/unit/cli/support.h"

namespace cli = failback::cli;
namespace testing = failback::testing;
using testing::holds;

namespace {

struct Result {
  int code;
  std::string out, err;
};

Result call(const std::vector<std::string>& words) {
  cli::StringOutput out, err;
  cli::Surroundings surroundings{
      .environment = {}, .out = out, .err = err, .outTerminal = {}, .errTerminal = {}, .stop = {}, .ask = {}};
  const int code = static_cast<int>(cli::run(words, surroundings));
  return {code, out.text, err.text};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(rules_and_codes_are_listed_and_explained) {
  const Result all = call({"rules"});
  BOOST_TEST(all.code == 0);
  BOOST_TEST((holds(all.out, "ENV-REACHABLE") && holds(all.out, "FB-LEFTOVERS")));
  const Result one = call({"rules", "mt-snapshot"});
  BOOST_TEST((one.code == 0 && holds(one.out, "What to do") && holds(one.out, "ECD011")));
  const Result code = call({"rules", "8061"});
  BOOST_TEST((code.code == 0 && holds(code.out, "VM-DATASTORE-RW") && holds(code.out, "1. ")));
}

BOOST_AUTO_TEST_CASE(a_slip_is_told_with_what_was_meant) {
  const Result wrong = call({"rules", "mt-snapshto"});
  BOOST_TEST(wrong.code == 2);
  BOOST_TEST(holds(wrong.err, "did you mean MT-SNAPSHOT?"), wrong.err);
  BOOST_TEST(wrong.out.empty());
}

BOOST_AUTO_TEST_CASE(json_has_all_rules_and_codes) {
  const auto document = nlohmann::json::parse(call({"rules", "-o", "json"}).out);
  BOOST_TEST(document["schemaVersion"] == 1);
  BOOST_TEST(document["rules"].size() == 72u);
  for (const auto& code : document["codes"]) BOOST_TEST(!code["rules"].empty());
}

BOOST_AUTO_TEST_CASE(the_page_is_what_the_program_prints) {
  BOOST_TEST(call({"rules", "-o", "markdown"}).out ==
             testing::readFile(std::string(FAILBACK_SOURCE_DIR) + "/docs/rules.md"));
}

BOOST_AUTO_TEST_SUITE_END()
