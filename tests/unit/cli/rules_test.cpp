// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/rules_command.h"

#include <nlohmann/json.hpp>

#include "tests/unit/cli/support.h"

namespace cli = failback::cli;
namespace testing = failback::testing;
using testing::holds;

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(rules_and_codes_are_listed_and_explained) {
  const testing::Ran all = testing::ran({"rules"});
  BOOST_TEST(all.code == 0);
  BOOST_TEST((holds(all.out, "ENV-REACHABLE") && holds(all.out, "FB-LEFTOVERS")));
  const testing::Ran one = testing::ran({"rules", "mt-snapshot"});
  BOOST_TEST((one.code == 0 && holds(one.out, "What to do") && holds(one.out, "ECD011")));
  const testing::Ran code = testing::ran({"rules", "8061"});
  BOOST_TEST((code.code == 0 && holds(code.out, "VM-DATASTORE-RW") && holds(code.out, "1. ")));
}

BOOST_AUTO_TEST_CASE(a_slip_is_told_with_what_was_meant) {
  const testing::Ran wrong = testing::ran({"rules", "mt-snapshto"});
  BOOST_TEST(wrong.code == 2);
  BOOST_TEST(holds(wrong.err, "did you mean MT-SNAPSHOT?"), wrong.err);
  BOOST_TEST(wrong.out.empty());
}

BOOST_AUTO_TEST_CASE(json_has_all_rules_and_codes) {
  const auto document = nlohmann::json::parse(testing::ran({"rules", "-o", "json"}).out);
  BOOST_TEST(document["schemaVersion"] == 1);
  BOOST_TEST(document["rules"].size() == 74u);
  for (const auto& code : document["codes"]) BOOST_TEST(!code["rules"].empty());
}

BOOST_AUTO_TEST_CASE(the_page_is_what_the_program_prints) {
  BOOST_TEST(testing::ran({"rules", "-o", "markdown"}).out ==
             testing::readFile(std::string(FAILBACK_SOURCE_DIR) + "/docs/rules.md"));
}

BOOST_AUTO_TEST_SUITE_END()
