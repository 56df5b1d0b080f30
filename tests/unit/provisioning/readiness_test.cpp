// SPDX-License-Identifier: GPL-2.0-or-later
// Could these machines come home today: policies, documents, open jobs, names.
#include <nlohmann/json.hpp>

#include "tests/unit/provisioning/readiness_support.h"

namespace failback::readiness_tests {

BOOST_AUTO_TEST_CASE(a_machine_that_runs_is_no_finding_and_a_suspended_one_is) {
  Site site;
  site.wish.all = true;
  site.add(machine("web", "debian12_64Guest"));
  vs::VirtualMachine asleep = machine("asleep", "debian12_64Guest");
  asleep.powerState = "suspended";
  site.add(asleep);
  const std::vector<std::string> found = machinesWith(site.judged(), "VM-POWER");
  BOOST_TEST(found == std::vector<std::string>{"asleep"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_a_master_target_of_its_family_a_machine_is_blocked_for_that_one_reason) {
  Site site;
  site.wish.all = true;
  site.add(machine("web", "debian12_64Guest"));
  site.add(machine("win", "windows2019srv_64Guest"));
  const p::Readiness readiness = site.judged();
  BOOST_CHECK(rowOf(readiness, "web").cells[2] == p::Verdict::block);
  const auto found = machinesWith(readiness, "MT-FOUND");
  BOOST_TEST(found.size() == 2u);
  for (const p::ReadinessFinding& each : readiness.findings) {
    if (each.finding.rule->id == "MT-FOUND") BOOST_TEST(each.machines.size() == 1u);
    BOOST_TEST((each.finding.rule->id != "VM-DATASTORE-RW"));
  }
}

BOOST_AUTO_TEST_CASE(a_named_master_target_is_used_and_is_no_machine_itself) {
  Site site;
  site.wish.all = true;
  site.wish.masterTargets = {"mt-*"};
  site.add(machine("mt-1", "ubuntu64Guest"));
  site.add(machine("web", "debian12_64Guest"));
  const p::Readiness readiness = site.judged();
  BOOST_TEST(readiness.rows.size() == 1u);
  BOOST_TEST(rowOf(readiness, "web").masterTarget == "mt-1");
  // Its disks are counted against the slots of that one machine alone.
  BOOST_TEST(machinesWith(readiness, "MT-SLOTS").empty());
}

BOOST_AUTO_TEST_CASE(slots_are_counted_for_one_machine_at_a_time) {
  Site site;
  site.wish.all = true;
  site.wish.masterTargets = {"mt-1"};
  site.add(machine("mt-1", "ubuntu64Guest"));
  for (int i = 0; i < 70; ++i) site.add(machine("m" + std::to_string(i), "debian12_64Guest"));
  vs::VirtualMachine wide = machine("wide", "debian12_64Guest");
  for (int i = 1; i < 62; ++i) {
    vs::Disk disk = wide.disks[0];
    disk.key += i;
    disk.controllerKey = 1000 + i / 15;
    disk.unitNumber = i % 15 < 7 ? i % 15 : i % 15 + 1;
    disk.chain[0].path = "[ds] wide/" + std::to_string(i) + ".vmdk";
    disk.uuid = "6000C290-0000-0000-0001-0000000000" + std::to_string(10 + i);
    wide.disks.push_back(disk);
  }
  for (int i = 1; i < 5; ++i) {
    vs::Controller more = wide.controllers[0];
    more.key = 1000 + i;
    more.busNumber = i;
    wide.controllers.push_back(more);
  }
  site.add(wide);
  const auto found = machinesWith(site.judged(), "MT-SLOTS");
  BOOST_TEST(found == std::vector<std::string>{"wide"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_machine_that_can_not_be_planned_is_left_out_with_the_reason) {
  Site site;
  site.wish.all = true;
  site.add(machine("sun", "solaris11_64Guest"));
  const p::Readiness readiness = site.judged();
  BOOST_TEST(readiness.rows.empty());
  BOOST_REQUIRE(readiness.leftOut.size() == 1u);
  BOOST_TEST(readiness.leftOut[0].first == "/DC1/vm/sun");
}

BOOST_AUTO_TEST_CASE(names_are_text_in_the_page_and_in_the_json) {
  Site site;
  site.wish.all = true;
  site.add(machine("<script>alert(1)</script> & \"co\"", "debian12_64Guest"));
  const p::Readiness readiness = site.judged();
  p::ReadinessOrigin origin;
  origin.server = "https://vc/sdk?<b>";
  const std::string page = readinessHtml(readiness, origin);
  BOOST_TEST(page.find("<script") == std::string::npos);
  BOOST_TEST(page.find("<b>&lt;b&gt;") == std::string::npos);
  BOOST_TEST(page.find("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;co&quot;") != std::string::npos);
  // Nothing comes from elsewhere.
  for (const char* word : {"src=", "href=", "url(", "@import"})
    BOOST_TEST(page.find(word) == std::string::npos, word);
  const auto json = nlohmann::json::parse(readinessJson(readiness, origin));
  BOOST_TEST(json.at("machines")[0].at("name") == "<script>alert(1)</script> & \"co\"");
}

BOOST_AUTO_TEST_CASE(findings_of_one_rule_are_one_section) {
  Site site;
  site.wish.all = true;
  for (const char* name : {"a", "b", "c"}) {
    vs::VirtualMachine vm = machine(name, "debian12_64Guest");
    vm.keyId = "key-1";
    site.add(vm);
  }
  const p::Readiness readiness = site.judged();
  const auto groups = byRule(readiness);
  const auto encrypted = std::find_if(groups.begin(), groups.end(), [](const p::RuleFindings& each) {
    return each.rule->id == "VM-ENCRYPTED";
  });
  BOOST_REQUIRE(encrypted != groups.end());
  BOOST_TEST(encrypted->entries.size() == 3u);
  BOOST_TEST(encrypted->machines == 3u);
}

BOOST_AUTO_TEST_CASE(a_policy_weighs_here_too) {
  Site site;
  site.wish.all = true;
  site.wish.masterTargets = {"mt-1"};
  site.add(machine("mt-1", "ubuntu64Guest"));
  vs::VirtualMachine keyed = machine("keyed", "debian12_64Guest");
  keyed.keyId = "key-1";
  site.add(keyed);
  site.add(machine("old", "rhel5Guest"));
  const auto weightOf = [](const p::Readiness& readiness) {
    for (const p::ReadinessFinding& each : readiness.findings) {
      if (each.finding.rule->id == "VM-ENCRYPTED") return std::pair(each.verdict, each.finding.silenced);
    }
    return std::pair(p::Verdict::unknown, false);
  };
  BOOST_CHECK(weightOf(site.judged()) == std::pair(p::Verdict::block, false));
  site.policy.severities["VM-ENCRYPTED"] = p::Severity::warn;
  BOOST_CHECK(weightOf(site.judged()) == std::pair(p::Verdict::warn, false));
  site.policy.severities["VM-ENCRYPTED"] = std::nullopt;
  site.policy.refusedGuests = {{"rhel5*", "no agent"}};
  const p::Readiness silent = site.judged();
  BOOST_CHECK(weightOf(silent) == std::pair(p::Verdict::pass, true));
  BOOST_TEST(machinesWith(silent, "PLAN-GUEST-OS") == Names{"old"}, boost::test_tools::per_element());
  // Told as what it is, by each document.
  bool told = false;
  const auto json = nlohmann::json::parse(readinessJson(silent, {}));
  for (const auto& each : json.at("findings")) told = told || each.value("silenced", false);
  BOOST_TEST(told);
  BOOST_TEST(readinessHtml(silent, {}).find(">silent</span> VM-ENCRYPTED") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(of_a_server_that_can_not_be_asked_the_documents_say_so) {
  vs::Error error;
  error.category = vs::Category::loginRefused;
  error.text = "vc refuses the login of \"op\"";
  const p::Readiness readiness = p::unreachableReadiness("https://vc/sdk", error);
  BOOST_CHECK(readiness.verdict == p::Verdict::block);
  BOOST_TEST(readiness.rows.empty());
  BOOST_REQUIRE(readiness.findings.size() == 1u);
  BOOST_TEST((readiness.findings[0].finding.rule->id == "ENV-REACHABLE"));
  const auto json = nlohmann::json::parse(readinessJson(readiness, {}));
  BOOST_TEST(json.at("verdict") == "block");
  BOOST_TEST(json.at("findings")[0].at("value") == error.text);
  const std::string page = readinessHtml(readiness, {});
  BOOST_TEST(page.find("vc refuses the login of &quot;op&quot;") != std::string::npos);
  BOOST_TEST(page.find("no machine was judged") != std::string::npos);
  BOOST_TEST(page.find("could come home today</span>") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_open_jobs_hold_is_not_free) {
  Site site;
  site.wish.all = true;
  site.wish.masterTargets = {"mt-1"};
  const vs::VirtualMachine target = machine("mt-1", "ubuntu64Guest");
  const vs::VirtualMachine held = machine("held", "debian12_64Guest");
  const vs::VirtualMachine shared = machine("shared", "debian12_64Guest");
  for (const vs::VirtualMachine& each : {target, held, shared, machine("free", "debian12_64Guest")})
    site.add(each);
  p::StoredJob job;
  job.id = "job-1";
  job.plan = "another";
  job.machines = {{"m", "held", *held.instanceUuid, "", "", 0}};
  p::StoredDisk disk;
  disk.uuid = *shared.disks[0].uuid;
  disk.file = shared.disks[0].chain[0].path;
  job.disks = {disk};
  site.facts.openJobs.answer = {job};
  p::Readiness readiness = site.judged();
  BOOST_TEST(machinesWith(readiness, "PLAN-UNIQUE") == (Names{"held", "shared"}),
             boost::test_tools::per_element());
  for (const p::ReadinessFinding& each : readiness.findings) {
    if (each.finding.rule->id == "PLAN-UNIQUE") BOOST_TEST(each.finding.object.kind == "home VM");
  }
  BOOST_TEST(machinesWith(readiness, "MT-SLOTS").empty());
  // All slots but one are taken, or promised.
  job.disks.clear();
  for (int i = 0; i < 59; ++i) {
    p::StoredDisk& each = job.disks.emplace_back();
    each.masterTarget = *target.instanceUuid;
  }
  site.facts.openJobs.answer = {job};
  readiness = site.judged();
  BOOST_TEST(machinesWith(readiness, "MT-SLOTS") == (Names{"free", "held", "shared"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_store_that_can_not_be_read_is_not_known) {
  Site site;
  site.wish.all = true;
  site.add(machine("web", "debian12_64Guest"));
  site.facts.openJobs.why = "failback.db: no database";
  const p::Readiness readiness = site.judged();
  BOOST_TEST(machinesWith(readiness, "PLAN-UNIQUE") == Names{"web"}, boost::test_tools::per_element());
  BOOST_CHECK(rowOf(readiness, "web").cells[1] == p::Verdict::unknown);
}

BOOST_AUTO_TEST_CASE(names_are_found_as_for_a_plan) {
  Site site;
  site.add(machine("web[1]", "debian12_64Guest"));
  site.add(machine("web1", "debian12_64Guest"));
  site.wish.machines = {"WEB[1]"};
  BOOST_TEST(site.judged().rows.size() == 1u);
  BOOST_TEST(site.judged().rows[0].name == "web[1]");
  site.wish.machines = {"*1*"};
  BOOST_TEST(site.judged().rows.size() == 2u);
  site.wish.masterTargets = {"nobody"};
  BOOST_TEST(planForReadiness(site.wish, site.facts).problems.size() == 1u);
}

}  // namespace failback::readiness_tests
