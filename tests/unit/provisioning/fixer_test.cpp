// SPDX-License-Identifier: GPL-2.0-or-later
// What --fix would do: only what a rule found and what was asked for; and a master target that is off.
#include "provisioning/job/fixer.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/provisioning/check_support.h"

namespace failback::provisioning {
namespace {

std::vector<Fix> fixesOf(Site& site, const std::set<std::string>& rules) {
  const World world(site.plan, site.facts, site.phase);
  return wantedFixes(world, check(world), rules);
}

const std::set<std::string>& allFixable() {
  static const std::set<std::string> all = [] {
    const std::vector<std::string> ids = fixableRules();
    return std::set<std::string>(ids.begin(), ids.end());
  }();
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fixer)

BOOST_AUTO_TEST_CASE(there_is_something_for_each_rule_that_can_be_put_right) {
  BOOST_TEST(
      fixableRules() == (std::vector<std::string>{"MT-UUID", "MT-SNAPSHOT", "MT-BOOT", "VM-DISK-SIZE"}),
      boost::test_tools::per_element());
  Site site;
  BOOST_TEST(fixesOf(site, allFixable()).empty());
  site.target().diskUuidEnabled = false;
  site.target().snapshots.emplace_back().name = "nightly";
  site.target().disks[0].unitNumber = 3;
  site.planDisk(1).capacityBytes += gib;
  const std::vector<Fix> fixes = fixesOf(site, allFixable());
  BOOST_REQUIRE(fixes.size() == 4U);
  BOOST_TEST(fixes[0].change.diskUuidEnabled.value_or(false));
  BOOST_CHECK(fixes[1].kind == Fix::Kind::merge);
  BOOST_REQUIRE(fixes[2].change.bootOrder.size() == 1U);
  BOOST_TEST(fixes[2].change.bootOrder[0] == "disk:" + std::to_string(site.target().disks[0].key));
  BOOST_REQUIRE(fixes[3].change.extendedDisks.size() == 1U);
  BOOST_TEST(fixes[3].change.extendedDisks[0].capacityBytes == site.planDisk(1).capacityBytes);
  for (const Fix& each : fixes) BOOST_TEST(each.obstacle.empty(), each.obstacle);
}

BOOST_AUTO_TEST_CASE(nothing_is_done_that_nobody_asked_for) {
  Site site;
  site.target().diskUuidEnabled = false;
  site.target().snapshots.emplace_back().name = "nightly";
  BOOST_TEST(fixesOf(site, {}).empty());
  BOOST_TEST(fixesOf(site, {"MT-BOOT"}).empty());
  BOOST_REQUIRE(fixesOf(site, {"MT-UUID"}).size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_done_now_says_what_to_do) {
  Site site;
  site.planDisk(1).capacityBytes += gib;
  site.home().powerState = "poweredOn";
  std::vector<Fix> fixes = fixesOf(site, {"VM-DISK-SIZE"});
  BOOST_REQUIRE(fixes.size() == 1U);
  BOOST_TEST(holds(fixes[0].remedy, "consents.extendDisks"));
  // With the consent the job itself does it.
  site.machine().consents.extendDisks = true;
  BOOST_TEST(fixesOf(site, {"VM-DISK-SIZE"}).empty());

  Site strange;
  strange.target().disks[0].unitNumber = 3;
  strange.target().disks[0].chain[0].path = "[vmfs-02] elsewhere/disk.vmdk";
  fixes = fixesOf(strange, {"MT-BOOT"});
  BOOST_REQUIRE(fixes.size() == 1U);
  BOOST_TEST(holds(fixes[0].obstacle, "none of the disks of mt-01"), fixes[0].obstacle);
}

BOOST_AUTO_TEST_CASE(a_master_target_that_is_off_holds_up_a_reprotect_only) {
  Site site;
  site.target().powerState = "poweredOff";
  BOOST_CHECK(expectOne(site, "MT-STATE", Status::fail, "poweredOff").severity == Severity::block);
  for (const Phase phase : {Phase::failback, Phase::cancel}) {
    site.phase = phase;
    BOOST_CHECK(expectOne(site, "MT-STATE", Status::fail, "poweredOff").severity == Severity::warn);
  }
  site.target().powerState = "suspended";
  BOOST_CHECK(expectOne(site, "MT-STATE", Status::fail, "suspended").severity == Severity::block);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::provisioning
