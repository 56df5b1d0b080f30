// SPDX-License-Identifier: GPL-2.0-or-later
// What findings mean for a job, and in which order they are told.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "provisioning/check/call_budget.h"
#include "provisioning/check/check.h"
#include "provisioning/check/collect.h"
#include "provisioning/check/judge.h"
#include "provisioning/check/report.h"
#include "provisioning/check/wording.h"

namespace p = failback::provisioning;

namespace {

p::Finding finding(const char* rule, p::Status status, bool consented = false) {
  p::Finding result;
  result.rule = p::findRule(rule);
  BOOST_REQUIRE(result.rule != nullptr);
  result.severity = result.rule->severity;
  result.status = status;
  result.consented = consented;
  return result;
}

p::Verdict weighed(const p::Finding& finding, p::Phase phase = p::Phase::reprotect,
                   p::UnknownPolicy unknown = p::UnknownPolicy::block) {
  return weigh(finding, phase, unknown);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_failed_rule_counts_by_its_severity) {
  using p::Status;
  BOOST_CHECK(weighed(finding("MT-STATE", Status::fail)) == p::Verdict::block);
  BOOST_CHECK(weighed(finding("MT-UUID", Status::fail)) == p::Verdict::block);  // fix
  BOOST_CHECK(weighed(finding("MT-IP", Status::fail)) == p::Verdict::warn);
  BOOST_CHECK(weighed(finding("NEW-EXPOSURE", Status::fail)) == p::Verdict::pass);  // info
  BOOST_CHECK(weighed(finding("MT-STATE", Status::pass)) == p::Verdict::pass);
}

BOOST_AUTO_TEST_CASE(what_the_job_does_itself_needs_the_plans_consent) {
  BOOST_CHECK(weighed(finding("VM-POWER", p::Status::fail, false)) == p::Verdict::block);
  BOOST_CHECK(weighed(finding("VM-POWER", p::Status::fail, true)) == p::Verdict::warn);
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_never_a_pass) {
  using p::Status;
  BOOST_CHECK(weighed(finding("MT-STATE", Status::unknown)) == p::Verdict::unknown);
  BOOST_CHECK(weighed(finding("MT-UUID", Status::unknown)) == p::Verdict::unknown);
  BOOST_CHECK(weighed(finding("VM-POWER", Status::unknown, true)) == p::Verdict::unknown);
  BOOST_CHECK(weighed(finding("MT-IP", Status::unknown)) == p::Verdict::warn);
  // Rules that say so, and plans that say so, warn.
  BOOST_CHECK(weighed(finding("ENV-LICENSE", Status::unknown)) == p::Verdict::warn);
  BOOST_CHECK(weighed(finding("MT-STATE", Status::unknown), p::Phase::reprotect, p::UnknownPolicy::warn) ==
              p::Verdict::warn);
}

BOOST_AUTO_TEST_CASE(a_cancel_is_only_blocked_by_what_it_cannot_do_without) {
  using p::Status;
  BOOST_CHECK(weighed(finding("MT-SNAPSHOT", Status::fail), p::Phase::cancel) == p::Verdict::warn);
  BOOST_CHECK(weighed(finding("VM-TASK", Status::unknown), p::Phase::cancel) == p::Verdict::warn);
  BOOST_CHECK(weighed(finding("ENV-PRIVILEGE", Status::fail), p::Phase::cancel) == p::Verdict::block);
  BOOST_CHECK(weighed(finding("MT-FOUND", Status::fail), p::Phase::cancel) == p::Verdict::block);
  BOOST_CHECK(weighed(finding("VM-IDENTITY", Status::fail), p::Phase::cancel) == p::Verdict::block);
}

BOOST_AUTO_TEST_CASE(every_rule_is_judged_but_for_those_that_a_check_cannot_judge) {
  for (const p::Rule& rule : p::rules()) {
    const bool judged = p::findJudge(rule.id) != nullptr;
    BOOST_TEST(judged == (rule.id != "FB-DETACHED"), rule.id);
  }
}

BOOST_AUTO_TEST_CASE(what_blocks_comes_first) {
  p::Plan plan;
  plan.machines.resize(1);
  plan.machines[0].id = "a";
  plan.machines[0].masterTarget = "mt";
  plan.masterTargets.resize(1);
  plan.masterTargets[0].name = "mt";
  plan.masterTargets[0].instanceUuid = "52b5c3d6-19a4-4f3e-8c1b-2f6a9d0e7c55";
  const p::Facts facts;
  const p::Report report = check(plan, facts, p::Phase::reprotect);
  BOOST_REQUIRE(!report.findings.empty());
  BOOST_CHECK(report.verdict == p::Verdict::block);
  p::Verdict last = p::Verdict::block;
  bool seen = false;
  for (const p::Finding& each : report.findings) {
    const p::Verdict verdict = weighed(each);
    BOOST_TEST(static_cast<int>(verdict) <= static_cast<int>(last), each.rule->id);
    last = verdict;
    seen = seen || each.rule->id == "MT-FOUND";
  }
  BOOST_TEST(seen);
  BOOST_CHECK(last == p::Verdict::pass);
}

BOOST_AUTO_TEST_CASE(reports_say_the_same_in_three_forms) {
  p::Report report;
  report.verdict = p::Verdict::block;
  report.findings = {finding("MT-SNAPSHOT", p::Status::fail), finding("MT-IP", p::Status::fail),
                     finding("MT-STATE", p::Status::pass)};
  for (p::Finding& each : report.findings) {
    each.object = {"master target", "mt <1> & \"co\"", "vm-1", "/DC/vm/mt"};
    each.value = "seen \x01 <this>";
    each.property = "a.b";
    each.remedy = "Do it.";
  }
  p::ReportOrigin origin;
  origin.planFile = "plan.yaml";
  origin.calls = 9;
  const auto json = nlohmann::json::parse(reportJson(report, origin, false));
  BOOST_TEST(json.at("verdict") == "block");
  BOOST_TEST(json.at("calls") == 9);
  BOOST_TEST(json.at("findings").size() == 2u);
  BOOST_TEST(json.at("findings")[0].at("object").at("name") == "mt <1> & \"co\"");
  BOOST_TEST(nlohmann::json::parse(reportJson(report, origin, true)).at("findings").size() == 3u);

  const std::string junit = reportJunit(report, origin);
  BOOST_TEST(junit.find("failures=\"1\"") != std::string::npos);
  BOOST_TEST(junit.find("tests=\"3\"") != std::string::npos);
  BOOST_TEST(junit.find("&lt;this&gt;") != std::string::npos);
  BOOST_TEST(junit.find('\x01') == std::string::npos);

  const auto sarif = nlohmann::json::parse(reportSarif(report, origin));
  const auto& results = sarif.at("runs")[0].at("results");
  BOOST_TEST(results.size() == 2u);
  BOOST_TEST(results[0].at("level") == "error");
  BOOST_TEST(results[1].at("level") == "warning");
  const std::size_t index = results[0].at("ruleIndex");
  BOOST_TEST(sarif.at("runs")[0].at("tool").at("driver").at("rules")[index].at("id") == "MT-SNAPSHOT");
}

BOOST_AUTO_TEST_CASE(an_unreachable_server_is_a_report_too) {
  failback::vsphere::Error error;
  error.category = failback::vsphere::Category::tlsTrust;
  error.text = "the certificate is another one";
  const p::Report report = p::unreachableReport(p::Phase::reprotect, "https://vc/sdk", error);
  BOOST_TEST(report.findings.size() == 1u);
  BOOST_TEST(report.findings[0].rule->id == "ENV-REACHABLE");
  BOOST_TEST(report.findings[0].value == error.text);
  BOOST_CHECK(report.verdict == p::Verdict::block);
}

BOOST_AUTO_TEST_CASE(calls_are_counted_beside_pages_waits_and_login) {
  failback::vsphere::CallCounts counts;
  counts.byMethod = {{"Login", 1},
                     {"RetrievePropertiesEx", 5},
                     {"ContinueRetrievePropertiesEx", 3},
                     {"WaitForUpdatesEx", 4},
                     {"QueryEvents", 1},
                     {"CurrentTime", 1}};
  counts.pages = 5;
  const p::CallBudget budget = p::budgetOf(counts);
  BOOST_TEST(budget.calls == 4u);
  BOOST_TEST(budget.pages == 5u);
  BOOST_TEST(budget.waits == 4u);
  BOOST_TEST(budget.login == 2u);
}

BOOST_AUTO_TEST_CASE(endpoints) {
  const auto is = [](const char* text, const char* host, int port) {
    const p::Endpoint end = p::endpointOf(text, 443);
    BOOST_TEST(end.host == host, text);
    BOOST_TEST(end.port == port, text);
  };
  is("cs.example", "cs.example", 443);
  is("cs.example:8443", "cs.example", 8443);
  is("10.0.0.4:1", "10.0.0.4", 1);
  is("fd00::4", "fd00::4", 443);
  is("[fd00::4]", "fd00::4", 443);
  is("[fd00::4]:9", "fd00::4", 9);
}

BOOST_AUTO_TEST_CASE(times_are_compared_in_utc) {
  BOOST_TEST(p::shortTime("2026-11-27T03:41:22.123Z") == "2026-11-27 03:41");
  BOOST_TEST(p::shortTime("2026-11-27T03:41:22+02:00") == "2026-11-27 01:41");
  BOOST_TEST(p::shortTime("yesterday") == "yesterday");
  BOOST_TEST(p::isLater("2026-11-27T03:41:22Z", "2026-11-27T04:41:22+02:00"));
  BOOST_TEST(!p::isLater("2026-11-27T03:41:22Z", "never"));
}

BOOST_AUTO_TEST_CASE(what_two_targets_have_in_common_is_one_finding) {
  p::Plan plan;
  plan.masterTargets.resize(2);
  p::Facts facts;
  facts.inventory.vcenter.about.apiVersion = "8.0.3.0";
  const char* const uuids[] = {"52b5c3d6-19a4-4f3e-8c1b-2f6a9d0e7c55",
                               "52b5c3d6-19a4-4f3e-8c1b-2f6a9d0e7c56"};
  failback::vsphere::Host host;
  host.ref = {"HostSystem", "host-1", ""};
  host.connectionState = "notResponding";
  facts.inventory.add(failback::vsphere::Host(host));
  for (int i = 0; i < 2; ++i) {
    plan.masterTargets[static_cast<std::size_t>(i)].instanceUuid = uuids[i];
    failback::vsphere::VirtualMachine vm;
    vm.ref = {"VirtualMachine", "vm-" + std::to_string(i), ""};
    vm.instanceUuid = uuids[i];
    vm.host = host.ref;
    facts.inventory.add(std::move(vm));
  }
  const p::Report report = check(plan, facts, p::Phase::reprotect);
  const auto count = std::count_if(report.findings.begin(), report.findings.end(),
                                   [](const p::Finding& each) { return each.rule->id == "MT-HOST"; });
  BOOST_TEST(count == 1);
}
