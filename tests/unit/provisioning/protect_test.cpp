// SPDX-License-Identifier: GPL-2.0-or-later
// What a job sets so that nothing is moved, what it puts back, and who may lock a master target.
#include <boost/test/unit_test.hpp>

#include "provisioning/job/protect.h"
#include "tests/unit/provisioning/check_support.h"

namespace failback::provisioning {
namespace {

using vsphere::DrsOverride;
using vsphere::Moref;
using vsphere::OverrideAct;

const Moref podRef{"StoragePod", "group-p1", ""};

// vmfs-01 lies in a datastore cluster that moves what it likes.
struct MovingSite : Site {
  MovingSite() {
    vsphere::StoragePod pod;
    pod.ref = podRef;
    pod.name = "Pod";
    pod.sdrsEnabled = true;
    pod.sdrsDefaultBehavior = "automated";
    add(std::move(pod));
    datastore().storagePod = podRef;
  }
  vsphere::StoragePod& pod() { return find<vsphere::StoragePod>(podRef.type, podRef.value); }
  void override(const std::string& vm, std::optional<bool> enabled, std::optional<std::string> behavior) {
    pod().sdrsOverrides.push_back({vmRef(vm), enabled, std::move(behavior), std::nullopt});
  }
  WantedLeases wanted() {
    const World world(plan, facts, phase);
    return wantedLeases(world, moversOf(world));
  }
};

StoredStep rowOf(const Leases& leases, StepKind kind, const std::string& state) {
  StoredStep row;
  row.step = toString(kind);
  row.object = leases.object.str();
  row.before = leasesJson(leases);
  row.state = state;
  return row;
}

Leases leasesWith(std::optional<DrsOverride> was) {
  return {podRef, "Pod", {{vmRef("vm-10"), "web-01", std::move(was)}}};
}

const DrsOverride automated{vmRef("vm-10"), true, "automated", false};
const DrsOverride asSet{vmRef("vm-10"), false, "automated", false};

constexpr std::int64_t now = 1'800'000'000;

}  // namespace

BOOST_AUTO_TEST_SUITE(protect)

BOOST_AUTO_TEST_CASE(both_are_held_in_one_call) {
  MovingSite site;
  const WantedLeases wanted = site.wanted();
  BOOST_REQUIRE(wanted.leases.size() == 1u);
  BOOST_TEST(wanted.leases[0].overrides.size() == 2u);
  for (const auto& [vm, change] : storageDrsChanges(wanted.leases[0], false)) {
    BOOST_TEST((change.act == OverrideAct::add));
    BOOST_TEST(!change.enabled.value_or(true));
  }
}

BOOST_AUTO_TEST_CASE(who_is_not_moved_is_not_held) {
  MovingSite site;
  site.override("vm-20", false, std::nullopt);
  site.override("vm-10", std::nullopt, "manual");
  BOOST_TEST(site.wanted().leases.empty());
  site.pod().sdrsOverrides.clear();
  site.pod().sdrsDefaultBehavior = "manual";
  BOOST_TEST(site.wanted().leases.empty());
}

BOOST_AUTO_TEST_CASE(what_cant_be_read_is_left_alone_and_told) {
  MovingSite site;
  site.pod().sdrsEnabled.reset();
  BOOST_TEST(site.wanted().leases.empty());
  BOOST_TEST(site.wanted().obstacles.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_override_that_is_there_keeps_its_values) {
  MovingSite site;
  site.override("vm-10", true, "automated");
  site.override("vm-20", false, std::nullopt);
  const WantedLeases wanted = site.wanted();
  BOOST_REQUIRE(wanted.leases.size() == 1u);
  const auto set = storageDrsChanges(wanted.leases[0], false),
             back = storageDrsChanges(wanted.leases[0], true);
  BOOST_REQUIRE(set.size() == 1u);
  BOOST_TEST((set[0].second.act == OverrideAct::edit));
  BOOST_TEST(set[0].second.behavior.value_or("") == "automated");
  BOOST_TEST((back[0].second.act == OverrideAct::edit));
  BOOST_TEST(back[0].second.enabled.value_or(false));
}

BOOST_AUTO_TEST_CASE(the_journal_knows_what_was_there) {
  const Leases none = leasesWith(std::nullopt), some = leasesWith(automated);
  const auto held = heldLeases({rowOf(some, StepKind::protect, "unknown")});
  BOOST_REQUIRE(held.size() == 1u);
  BOOST_REQUIRE(held[0].overrides.at(0).was.has_value());
  BOOST_TEST(held[0].overrides[0].was->behavior.value_or("") == "automated");
  BOOST_TEST(!held[0].overrides[0].was->intraVmAffinity.value_or(true));
  BOOST_TEST(held[0].name == "Pod");
  // What failed was not done; what was put back is not held.
  BOOST_TEST(heldLeases({rowOf(some, StepKind::protect, "failed")}).empty());
  BOOST_TEST(
      heldLeases({rowOf(none, StepKind::protect, "done"), rowOf(none, StepKind::unprotect, "done")}).empty());
  BOOST_TEST(heldLeases({rowOf(none, StepKind::protect, "done"), rowOf(none, StepKind::unprotect, "begun")})
                 .size() == 1u);
  // Somebody has set it anew in between: that is what comes back.
  const auto later =
      heldLeases({rowOf(none, StepKind::protect, "done"), rowOf(some, StepKind::protect, "done")});
  BOOST_TEST(later.at(0).overrides.at(0).was.has_value());
}

BOOST_AUTO_TEST_CASE(only_what_is_still_as_it_was_set_is_put_back) {
  const Leases none = leasesWith(std::nullopt), some = leasesWith(automated);
  BOOST_TEST(givingBack(some, {asSet}).restore.overrides.size() == 1u);
  BOOST_TEST(givingBack(none, {asSet}).restore.overrides.size() == 1u);
  // It is as it was before: an earlier call has put it back, or the change was never made.
  for (const auto& [held, present] :
       {std::pair{none, std::vector<DrsOverride>{}}, std::pair{some, std::vector{automated}}}) {
    const GivingBack back = givingBack(held, present);
    BOOST_TEST(back.restore.overrides.empty());
    BOOST_TEST(back.changed.empty());
  }
  const DrsOverride manual{vmRef("vm-10"), true, "manual", false};
  for (const Leases& held : {none, some}) {
    const GivingBack back = givingBack(held, {manual});
    BOOST_TEST(back.restore.overrides.empty());
    BOOST_TEST(back.changed == std::vector<std::string>{"web-01"});
  }
  BOOST_TEST(givingBack(some, {}).changed.size() == 1u);
  BOOST_TEST((storageDrsChanges(none, true).at(0).second.act == OverrideAct::remove));
}

BOOST_AUTO_TEST_CASE(drs_is_overridden_only_where_a_vmotion_would_harm) {
  Site site;
  auto& cluster = site.facts.inventory.all<vsphere::Cluster>().at(0);
  cluster.isCluster = true;
  cluster.hosts = {site.host().ref};
  cluster.drsEnabled = true;
  cluster.drsDefaultBehavior = "fullyAutomated";
  const auto wanted = [&] {
    const World world(site.plan, site.facts, site.phase);
    return wantedLeases(world, moversOf(world));
  };
  BOOST_TEST(wanted().leases.empty());
  site.datastore().mounts.at(0).accessMode = "readOnly";
  BOOST_REQUIRE(wanted().leases.size() == 1u);
  const Leases leases = wanted().leases[0];
  BOOST_TEST(!leases.isStorage());
  BOOST_TEST(leases.overrides.at(0).name == site.target().name);
  BOOST_TEST((drsChanges(leases, false).at(0).second.act == OverrideAct::add));
  cluster.drsVmOverridesAllowed = false;
  BOOST_TEST(wanted().leases.empty());
  BOOST_TEST(wanted().obstacles.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_lock_is_read_as_it_was_written) {
  const auto note = lockFrom(lockText({"jo \"the boss\"", "store-1", now}));
  BOOST_REQUIRE(note.has_value());
  BOOST_TEST(note->owner == "jo \"the boss\"");
  BOOST_TEST(note->store == "store-1");
  BOOST_TEST(note->until == now);
  for (const char* text : {"", "yes", "[]", "{}", "{\"store\": 1, \"until\": 2}", "{\"store\": \"a\"}"})
    BOOST_TEST(!lockFrom(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(another_stores_lock_holds_until_it_expires) {
  Site site;
  vsphere::VirtualMachine& target = site.target();
  BOOST_TEST(lockDecision(target, site.plan, "mine", now).write);
  // For any plan.
  target.extraConfig["failback.mt.other-plan"] = lockText({"jo", "theirs", now + 10});
  const LockDecision held = lockDecision(target, site.plan, "mine", now);
  BOOST_TEST(!held.write);
  BOOST_TEST(held.refusal.find("jo holds") != std::string::npos, held.refusal);
  BOOST_TEST(held.refusal.find("2027-01-15T08:00:10Z") != std::string::npos, held.refusal);
  BOOST_TEST(lockDecision(target, site.plan, "theirs", now).write);
  const LockDecision later = lockDecision(target, site.plan, "mine", now + 10);
  BOOST_TEST(later.write);
  BOOST_TEST(later.takenOver.empty());
  // The ledger of a machine is no lock.
  target.extraConfig = {{"failback.mt.other-plan.web-01", lockText({"jo", "theirs", now + 10})}};
  BOOST_TEST(lockDecision(target, site.plan, "mine", now).refusal.empty());
}

BOOST_AUTO_TEST_CASE(its_own_lock_is_renewed_in_time) {
  Site site;
  vsphere::VirtualMachine& target = site.target();
  const std::string key = lockMark(site.plan);
  target.extraConfig[key] = lockText({"jo", "mine", now + lockSeconds});
  BOOST_TEST(!lockDecision(target, site.plan, "mine", now).write);
  BOOST_TEST(lockDecision(target, site.plan, "mine", now + lockSeconds / 2 + 1).write);
  BOOST_TEST(holdsLock(target, site.plan, "mine"));
  BOOST_TEST(!holdsLock(target, site.plan, "theirs"));
  const LockDecision lost = lockDecision(target, site.plan, "other", now + lockSeconds);
  BOOST_TEST(lost.write);
  BOOST_TEST(lost.takenOver == "jo");
  BOOST_TEST(!hasLedger(target, site.plan));
  target.extraConfig[key + ".web-01"] = "[]";
  BOOST_TEST(hasLedger(target, site.plan));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::provisioning
