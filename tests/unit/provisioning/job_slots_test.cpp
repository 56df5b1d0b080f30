// SPDX-License-Identifier: GPL-2.0-or-later
// Which disk of a plan gets which slot: each once, those of an open job as they were, or a plain refusal.
#include <boost/test/unit_test.hpp>
#include <set>

#include "provisioning/job/job.h"
#include "tests/unit/provisioning/check_support.h"
#include "vsphere/error.h"

namespace failback::provisioning {
namespace {

using Slots = std::map<std::string, std::vector<Slot>>;

Slots slotsOf(Site& site, const StoredJob* job = nullptr) {
  const World world(site.plan, site.facts, Phase::reprotect);
  return provisioning::slotsOf(world, job);
}

// "0:1 0:2".
std::string words(const std::vector<Slot>& slots) {
  std::string text;
  for (const Slot& each : slots)
    text += (text.empty() ? "" : " ") + std::to_string(each.bus) + ":" + std::to_string(each.unit);
  return text;
}

StoredDisk stored(const Site& site, const std::string& disk, std::int64_t bus, std::int64_t unit,
                  const std::string& state = "reserved") {
  StoredDisk result;
  result.machine = "web-01";
  result.id = disk;
  result.masterTarget = site.plan.masterTargets[0].instanceUuid;
  result.bus = bus;
  result.unit = unit;
  result.state = state;
  return result;
}

StoredJob jobOf(const std::string& plan, std::vector<StoredDisk> disks) {
  StoredJob job;
  job.id = "job of " + plan;
  job.plan = plan;
  job.disks = std::move(disks);
  return job;
}

// A machine like web-01, with disks of its own.
void addMachine(Site& site, const std::string& id, const std::string& target, std::size_t disks) {
  Machine machine = site.machine();
  machine.id = id;
  machine.masterTarget = target;
  machine.source.name = id;
  machine.source.instanceUuid = "50000000-0000-0000-0000-0000000000aa";
  machine.source.biosUuid.clear();
  machine.source.disks.resize(disks, machine.source.disks[0]);
  for (std::size_t i = 0; i < disks; ++i) {
    machine.source.disks[i].id = "disk-" + std::to_string(i);
    machine.source.disks[i].uuid = "6000C291-0000-0000-0000-0000000000" + std::to_string(10 + i);
  }
  site.plan.machines.push_back(machine);
}

void addTarget(Site& site) {
  vsphere::VirtualMachine& vm = site.addVm("vm-21", "mt-02");
  MasterTarget target;
  target.name = "mt-02";
  target.instanceUuid = *vm.instanceUuid;
  site.plan.masterTargets.push_back(target);
}

vsphere::Error refusal(Site& site, const StoredJob* job = nullptr) {
  try {
    slotsOf(site, job);
  } catch (const vsphere::Failure& failure) {
    return failure.error();
  }
  BOOST_ERROR("it was not refused");
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(job_slots)

BOOST_AUTO_TEST_CASE(a_new_job_gets_free_slots_beside_the_master_targets_own_disk) {
  Site site;
  BOOST_TEST(words(slotsOf(site).at("web-01")) == "0:1 0:2");
}

BOOST_AUTO_TEST_CASE(machines_of_one_master_target_share_no_slot_and_those_of_two_may) {
  Site site;
  addTarget(site);
  addMachine(site, "db-01", "mt-01", 2);
  addMachine(site, "mail-01", "mt-02", 1);
  const Slots slots = slotsOf(site);
  BOOST_TEST(words(slots.at("web-01")) == "0:1 0:2");
  BOOST_TEST(words(slots.at("db-01")) == "0:3 0:4");
  BOOST_TEST(words(slots.at("mail-01")) == "0:1");
}

BOOST_AUTO_TEST_CASE(slots_of_an_open_job_stay_and_the_others_go_around_them) {
  Site site;
  addMachine(site, "db-01", "mt-01", 2);
  const StoredJob job = jobOf(site.plan.id, {stored(site, "scsi0-0", 0, 9), stored(site, "scsi0-1", 0, 1)});
  const Slots slots = slotsOf(site, &job);
  BOOST_TEST(words(slots.at("web-01")) == "0:9 0:1");
  BOOST_TEST(words(slots.at("db-01")) == "0:2 0:3");
}

BOOST_AUTO_TEST_CASE(a_kept_slot_may_be_on_a_controller_that_is_still_to_be_added) {
  Site site;
  const StoredJob job = jobOf(site.plan.id, {stored(site, "scsi0-0", 2, 0)});
  BOOST_TEST(words(slotsOf(site, &job).at("web-01")) == "2:0 0:1");
}

BOOST_AUTO_TEST_CASE(slots_of_other_jobs_are_not_given_twice) {
  Site site;
  StoredDisk home = stored(site, "scsi0-1", 0, 2, "home");
  StoredDisk elsewhere = stored(site, "scsi0-0", 0, 3);
  elsewhere.masterTarget = "50000000-0000-0000-0000-000000000099";
  // Only what is there, or promised there, is taken; UUIDs are compared as UUIDs.
  StoredDisk promised = stored(site, "scsi0-0", 0, 1);
  for (char& each : promised.masterTarget) each = static_cast<char>(std::toupper(each));
  site.facts.openJobs.answer = {jobOf("another plan", {promised, home, elsewhere})};
  BOOST_TEST(words(slotsOf(site).at("web-01")) == "0:2 0:3");
}

BOOST_AUTO_TEST_CASE(a_job_that_lost_its_store_finds_its_disks_where_they_hang) {
  Site site;
  site.mark(site.home());
  vsphere::Disk disk = site.home().disks[1];
  disk.key = 2012;
  disk.unitNumber = 12;
  site.target().disks.push_back(disk);
  BOOST_TEST(words(slotsOf(site).at("web-01")) == "0:1 0:12");
  // Without the marks somebody else has attached it: no reason to go by that.
  site.home().extraConfig.clear();
  BOOST_TEST(words(slotsOf(site).at("web-01")) == "0:1 0:2");
}

BOOST_AUTO_TEST_CASE(unit_7_is_never_given) {
  Site site;
  addMachine(site, "db-01", "mt-01", 57);
  std::set<std::pair<std::int32_t, std::int32_t>> taken;
  for (const auto& [machine, slots] : slotsOf(site)) {
    for (const Slot& each : slots) {
      BOOST_TEST(each.unit != 7);
      BOOST_TEST(taken.emplace(each.bus, each.unit).second);
    }
  }
  BOOST_TEST(taken.size() == 59U);  // with the master target's own disk all 60
}

BOOST_AUTO_TEST_CASE(too_few_slots_are_refused_before_anything_is_done) {
  Site site;
  addMachine(site, "db-01", "mt-01", 58);
  const vsphere::Error error = refusal(site);
  BOOST_TEST((error.category == vsphere::Category::insufficient));
  BOOST_TEST(holds(error.text, "mt-01"), error.text);
  BOOST_TEST(holds(error.remedy, "--split"), error.remedy);
}

BOOST_AUTO_TEST_CASE(what_other_jobs_were_promised_counts_against_it) {
  Site site;
  addMachine(site, "db-01", "mt-01", 57);
  BOOST_TEST(slotsOf(site).at("db-01").size() == 57U);
  site.facts.openJobs.answer = {jobOf("another plan", {stored(site, "scsi0-0", 3, 15)})};
  BOOST_TEST((refusal(site).category == vsphere::Category::insufficient));
}

BOOST_AUTO_TEST_CASE(a_slot_on_another_master_target_is_none_on_this_one) {
  Site site;
  StoredDisk before = stored(site, "scsi0-0", 0, 0);  // where mt-01 has its own disk
  before.masterTarget = "50000000-0000-0000-0000-000000000099";
  const StoredJob job = jobOf(site.plan.id, {before});
  BOOST_TEST(words(slotsOf(site, &job).at("web-01")) == "0:1 0:2");
}

BOOST_AUTO_TEST_CASE(disks_that_are_attached_to_another_master_target_are_not_attached_to_a_second_one) {
  Site site;
  StoredDisk before = stored(site, "scsi0-0", 0, 1, "attached");
  before.masterTarget = "50000000-0000-0000-0000-000000000099";
  const StoredJob job = jobOf(site.plan.id, {before});
  const vsphere::Error error = refusal(site, &job);
  BOOST_TEST((error.category == vsphere::Category::conflict));
  BOOST_TEST(holds(error.text, "disk scsi0-0 of web-01"), error.text);
  BOOST_TEST(!error.remedy.empty());
}

BOOST_AUTO_TEST_CASE(machines_without_a_master_target_have_no_slots_and_hold_up_no_others) {
  Site site;
  addMachine(site, "db-01", "mt-09", 2);
  BOOST_TEST(words(slotsOf(site).at("web-01")) == "0:1 0:2");
  // Whoever tells what became of it still asks for them.
  BOOST_TEST(slotsOf(site).contains("db-01"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::provisioning
