// SPDX-License-Identifier: GPL-2.0-or-later
// Machines are spread over as few master targets as can hold their disks.
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>

#include "provisioning/check/policy.h"
#include "provisioning/check/split.h"

namespace p = failback::provisioning;

namespace {

// How many bins were used; -1 when the loads don't fit. Each bin holds no more than it can.
int used(const std::vector<p::Bin>& bins, const std::vector<p::Load>& loads) {
  const auto places = pack(bins, loads);
  if (!places) return -1;
  std::map<std::size_t, int> held;
  for (std::size_t i = 0; i < loads.size(); ++i) held[(*places)[i]] += loads[i].disks;
  for (const auto& [bin, disks] : held) BOOST_TEST(disks <= bins[bin].free);
  return static_cast<int>(held.size());
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_is_enough_when_it_is) {
  BOOST_TEST(used({{"a", 10}, {"b", 58}}, {{"x", 20}, {"y", 30}}) == 1);
  BOOST_TEST(used({{"a", 58}}, {}) == 0);
}

BOOST_AUTO_TEST_CASE(the_least_number_is_found_where_greed_would_need_more) {
  // The largest first into the first that has room would put 30+20 together and then need a third.
  BOOST_TEST(
      used({{"a", 60}, {"b", 60}, {"c", 60}}, {{"1", 31}, {"2", 29}, {"3", 25}, {"4", 20}, {"5", 15}}) == 2);
  BOOST_TEST(used({{"a", 10}, {"b", 10}}, {{"1", 6}, {"2", 4}, {"3", 5}, {"4", 5}}) == 2);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_said) {
  BOOST_TEST(used({{"a", 60}}, {{"x", 61}}) == -1);
  BOOST_TEST(used({{"a", 5}, {"b", 5}}, {{"1", 4}, {"2", 4}, {"3", 2}}) == -1);
}

BOOST_AUTO_TEST_CASE(a_policy_is_read_with_every_problem_in_its_place) {
  const auto reading = p::readPolicy(
      "severities:\n  mt-ip: block\n  NEW-MAC: silent\nrefusedGuests:\n  - {id: 'rhel5*', reason: no "
      "agent}\n");
  BOOST_REQUIRE(reading.policy);
  BOOST_TEST(reading.policy->refusedGuests.size() == 1u);
  BOOST_CHECK(reading.policy->severities.at("MT-IP") == p::Severity::block);
  BOOST_CHECK(!reading.policy->severities.at("NEW-MAC"));

  const auto bad =
      p::readPolicy("severities:\n  MT-UIID: block\n  MT-IP: loud\nguests: []\nrefusedGuests:\n  - id: x\n");
  BOOST_TEST(!bad.policy);
  BOOST_REQUIRE(bad.problems.size() == 4u);
  BOOST_TEST(bad.problems[0].place.line == 2);
  BOOST_TEST(bad.problems[0].expected == "MT-UUID");
  BOOST_TEST(bad.problems[1].pointer == "/severities/MT-IP");
  BOOST_TEST(bad.problems[3].pointer == "/refusedGuests/0/reason");
}

BOOST_AUTO_TEST_CASE(a_policy_changes_what_a_finding_weighs) {
  p::CheckPolicy policy;
  const auto weighed = [&](const char* rule, p::Severity own) {
    p::Finding finding;
    finding.rule = p::findRule(rule);
    finding.severity = own;
    finding.status = p::Status::fail;
    applyPolicy(policy, finding);
    return std::pair(finding.severity, finding.silenced);
  };
  policy.severities["MT-IP"] = p::Severity::block;
  policy.severities["MT-UUID"] = p::Severity::block;
  policy.severities["MT-STATE"] = p::Severity::warn;
  policy.severities["MT-RAM"] = p::Severity::block;
  policy.severities["NEW-MAC"] = std::nullopt;
  BOOST_CHECK(weighed("MT-IP", p::Severity::warn).first == p::Severity::block);
  BOOST_CHECK(weighed("MT-STATE", p::Severity::block).first == p::Severity::warn);
  // What the job can put right itself stays so.
  BOOST_CHECK(weighed("MT-UUID", p::Severity::fix).first == p::Severity::fix);
  // A case that the rule takes lightly is not what the policy is about.
  BOOST_CHECK(weighed("MT-RAM", p::Severity::warn).first == p::Severity::warn);
  BOOST_CHECK(weighed("MT-RAM", p::Severity::block).first == p::Severity::block);
  BOOST_TEST(weighed("NEW-MAC", p::Severity::warn).second);
  BOOST_TEST(!weighed("VM-FT", p::Severity::block).second);
}
