// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/rule.h"

#include <boost/test/unit_test.hpp>
#include <regex>
#include <set>
#include <string>

namespace provisioning = failback::provisioning;
using provisioning::findRule;
using provisioning::Rule;

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(ids_are_unique_and_of_one_form) {
  const std::regex form("(ENV|PLAN|MT|VM|NEW|FB)-[A-Z0-9]+(-[A-Z0-9]+)*");
  std::set<std::string> seen;
  for (const Rule& rule : provisioning::rules()) {
    const std::string id(rule.id);
    BOOST_TEST(std::regex_match(id, form), id);
    BOOST_TEST(seen.insert(id).second, id << " is there twice");
  }
  BOOST_TEST(seen.size() == 74u);
}

BOOST_AUTO_TEST_CASE(every_rule_says_what_it_is_about) {
  for (const Rule& rule : provisioning::rules()) {
    BOOST_TEST(!rule.object.empty(), rule.id);
    BOOST_TEST(!rule.reads.empty(), rule.id);
    BOOST_TEST(!provisioning::letters(rule.phases).empty(), rule.id);
    BOOST_TEST(!provisioning::toString(rule.severity).empty(), rule.id);
    BOOST_TEST(rule.since == "0.2", rule.id);
    // A title is a heading, the others are sentences.
    BOOST_TEST((!rule.title.empty() && rule.title.back() != '.' && rule.title.size() <= 100), rule.id);
    BOOST_TEST((rule.explanation.size() > 60 && rule.explanation.back() == '.'), rule.id);
    BOOST_TEST((!rule.remedy.empty() && rule.remedy.back() == '.'), rule.id);
  }
}

BOOST_AUTO_TEST_CASE(codes_look_like_the_vendors) {
  const std::regex form("[0-9]{4,5}|EC[0-9]{4}|ECD[0-9]{3}");
  for (const Rule& rule : provisioning::rules()) {
    for (const std::string_view code : rule.codes) {
      BOOST_TEST(std::regex_match(std::string(code), form), rule.id << ": " << code);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_rule_is_found_in_any_case) {
  const Rule* rule = findRule("mt-Snapshot");
  BOOST_REQUIRE(rule != nullptr);
  BOOST_TEST(rule->id == "MT-SNAPSHOT");
  BOOST_TEST(provisioning::toString(rule->severity) == "fix");
  BOOST_TEST(provisioning::letters(rule->phases) == "RFC");
  BOOST_TEST(*rule->codes.begin() == "ECD011");
  BOOST_TEST(findRule("MT-SNAPSHO") == nullptr);
  BOOST_TEST(findRule("") == nullptr);
}

BOOST_AUTO_TEST_CASE(groups_together_are_all_rules) {
  std::size_t count = 0;
  for (const provisioning::RuleGroup& group : provisioning::ruleGroups()) {
    BOOST_TEST(!group.title.empty());
    count += group.rules.size();
  }
  BOOST_TEST(count == provisioning::rules().size());
}

BOOST_AUTO_TEST_SUITE_END()
