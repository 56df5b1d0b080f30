// SPDX-License-Identifier: GPL-2.0-or-later
// The record of a job that no store knows: made from marks and devices, neither of which is trusted alone.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <nlohmann/json.hpp>

#include "provisioning/job/rebuild.h"
#include "provisioning/plan/identity.h"
#include "tests/unit/provisioning/check_support.h"
#include "vsphere/error.h"

namespace failback::provisioning {
namespace {

constexpr std::int64_t now = 1'800'000'000;
constexpr const char* ours = "store-ours";

// web-01, marked, with both disks at scsi0:1 and scsi0:2 of mt-01, which is locked by store-ours.
struct Lost : Site {
  Lost() {
    phase = Phase::failback;
    mark(home());
    home().powerState = "poweredOff";
    for (std::size_t i = 0; i < 2; ++i) {
      planDisk(i).unit = static_cast<std::int32_t>(i);
      vsphere::Disk disk = home().disks.at(i);
      disk.key = 2001 + static_cast<std::int32_t>(i);
      disk.controllerKey = 1000;
      disk.unitNumber = 1 + static_cast<std::int32_t>(i);
      target().disks.push_back(disk);
    }
    target().extraConfig[ledgerMark(plan, machine())] = ledger().dump();
    lock(ours, now + 100);
  }

  nlohmann::ordered_json ledger() {
    auto disks = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < 2; ++i)
      disks.push_back({{"id", planDisk(i).id},
                       {"uuid", *home().disks.at(i).uuid},
                       {"file", home().disks.at(i).path()},
                       {"slot", "0:" + std::to_string(i + 1)}});
    return disks;
  }
  void lock(const std::string& store, std::int64_t until) {
    target().extraConfig[lockMark(plan)] = lockText({"jo", store, until});
  }
  void setLedger(const nlohmann::ordered_json& disks) {
    target().extraConfig[ledgerMark(plan, machine())] = disks.dump();
  }
  void detach(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) target().disks.pop_back();
  }

  Rebuilt made() {
    const World world(plan, facts, phase);
    return rebuild(world, marksIn(world), now);
  }
  bool tells(bool over = false) {
    const World world(plan, facts, phase);
    return tellOfJob(world, marksIn(world), ours, over);
  }
  std::string refusal(bool word = false) {
    const World world(plan, facts, phase);
    return claimRefusal(world, marksIn(world), ours, now, word);
  }
};

std::string states(const Rebuilt& made) {
  std::string text = made.job.kind + " " + made.job.state + ":";
  for (const StoredDisk& each : made.job.disks)
    text += " " + each.state + "@" + std::to_string(each.bus) + ":" + std::to_string(each.unit);
  return text;
}

std::string told(const Rebuilt& made) {
  std::string text;
  for (const std::string& each : made.told) text += each + "\n";
  return text;
}

const StoredStep& stepOf(const Rebuilt& made, const std::string& machine) {
  const auto found = std::find_if(made.steps.begin(), made.steps.end(),
                                  [&](const StoredStep& each) { return each.machine == machine; });
  BOOST_REQUIRE(found != made.steps.end());
  return *found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rebuilding)

BOOST_AUTO_TEST_CASE(what_is_attached_is_protected_again) {
  Lost site;
  const Rebuilt made = site.made();
  BOOST_TEST(states(made) == "reprotect protected: attached@0:1 attached@0:2");
  const StoredDisk& disk = made.job.disks.at(0);
  BOOST_TEST(disk.uuid == *site.home().disks[0].uuid);
  BOOST_TEST(disk.file == site.home().disks[0].path());
  BOOST_TEST(disk.masterTarget == *site.target().instanceUuid);
  BOOST_TEST(made.job.machines.at(0).id == "web-01");
  // Nothing disagrees; what the journal knew is told to be lost.
  BOOST_TEST(made.told.size() == 1u, told(made));
  BOOST_TEST(holds(made.told.at(0), "what was confirmed"), told(made));
  // It can't have run at home: its disks are here.
  BOOST_TEST(!rebuiltMayHaveRun(stepOf(made, "web-01")));
  BOOST_TEST(holds(stepOf(made, "web-01").before, "failback.machine"));
  BOOST_TEST(holds(stepOf(made, "").before, "store-ours"));
}

BOOST_AUTO_TEST_CASE(what_was_detached_has_come_home_and_may_have_run) {
  Lost site;
  site.detach(2);
  const Rebuilt made = site.made();
  BOOST_TEST(states(made) == "failback interrupted: home@0:1 home@0:2");
  BOOST_TEST(holds(told(made), "taken as failed back"), told(made));
  BOOST_TEST(rebuiltMayHaveRun(stepOf(made, "web-01")));
  // What can't be read says the same.
  StoredStep step = stepOf(made, "web-01");
  for (const char* text : {"", "[]", "{}", "{\"mayHaveRun\": \"no\"}"}) {
    step.spec = text;
    BOOST_TEST(rebuiltMayHaveRun(step), text);
  }
}

BOOST_AUTO_TEST_CASE(a_disk_that_is_away_while_another_is_there_was_not_detached_by_a_failback) {
  Lost site;
  site.detach(1);
  const Rebuilt made = site.made();
  // The ledger's word stays, so that the rule FB-LEDGER sees it.
  BOOST_TEST(states(made) == "reprotect interrupted: attached@0:1 attached@0:2");
  BOOST_TEST(holds(told(made), "and is not on mt-01"), told(made));
}

BOOST_AUTO_TEST_CASE(where_marks_and_devices_disagree_it_is_told) {
  const std::string other = "[vmfs-01] elsewhere/web-01.vmdk";
  {  // moved by a Storage vMotion: known by its UUID and the mark; recorded as it was attached
    Lost site;
    site.target().disks.at(1).chain.front().path = other;
    const std::string was = site.home().disks[0].path();
    const Rebuilt made = site.made();
    BOOST_TEST(made.job.disks.at(0).file == was);
    BOOST_TEST(made.job.disks.at(0).state == "attached");
    BOOST_TEST(holds(told(made), "and is " + other + " now"), told(made));
  }
  {  // another slot: where it is counts
    Lost site;
    site.target().disks.at(1).unitNumber = 9;
    const Rebuilt made = site.made();
    BOOST_TEST(made.job.disks.at(0).unit == 9);
    BOOST_TEST(holds(told(made), "is at scsi0:9 now"), told(made));
  }
  {  // a mark with another file and UUID
    Lost site;
    auto ledger = site.ledger();
    ledger[0]["file"] = other;
    ledger[0]["uuid"] = "6000C29f-0000-0000-0000-000000000000";
    site.setLedger(ledger);
    const Rebuilt made = site.made();
    BOOST_TEST(made.job.disks.at(0).file == site.home().disks[0].path());
    BOOST_TEST(holds(told(made), "was attached as " + other), told(made));
    BOOST_TEST(holds(told(made), "was attached with UUID 6000C29f"), told(made));
  }
  {  // devices alone
    Lost site;
    site.target().extraConfig.erase(ledgerMark(site.plan, site.machine()));
    const Rebuilt made = site.made();
    BOOST_TEST(states(made) == "reprotect protected: attached@0:1 attached@0:2");
    BOOST_TEST(holds(told(made), "no mark says so"), told(made));
  }
  {  // a mark that is none
    Lost site;
    site.target().extraConfig[ledgerMark(site.plan, site.machine())] = "[{\"id\": 4}]";
    BOOST_TEST(holds(told(site.made()), "can't be read"));
  }
}

BOOST_AUTO_TEST_CASE(a_clones_marks_do_not_count) {
  Lost site;
  site.detach(2);
  site.home().extraConfig[std::string(markInstance)] = "50000000-0000-0000-0000-00000000beef";
  const Rebuilt made = site.made();
  BOOST_TEST(states(made) == "reprotect interrupted: reserved@0:1 reserved@0:2");
  BOOST_TEST(holds(told(made), "does not count"), told(made));
}

BOOST_AUTO_TEST_CASE(before_the_attachment_nothing_is_recorded_as_attached) {
  Lost site;
  site.detach(2);
  site.target().extraConfig.erase(ledgerMark(site.plan, site.machine()));
  BOOST_TEST(site.tells());
  BOOST_TEST(states(site.made()) == "reprotect interrupted: reserved@0:1 reserved@0:2");
  // Marked and running: a commit has taken the ledger away already. No reprotect may shut it down.
  site.home().powerState = "poweredOn";
  BOOST_TEST(states(site.made()).starts_with("failback interrupted: home"), states(site.made()));
}

BOOST_AUTO_TEST_CASE(a_slot_that_is_promised_to_another_job_is_not_promised_twice) {
  Lost site;
  site.detach(2);
  StoredJob other;
  other.plan = "another";
  other.state = "running";
  StoredDisk taken;
  taken.masterTarget = *site.target().instanceUuid;
  taken.unit = 1;
  other.disks = {taken};
  site.facts.openJobs.answer = std::vector{other};
  BOOST_TEST(states(site.made()) == "failback interrupted: home@0:2 home@0:3");
}

BOOST_AUTO_TEST_CASE(an_edited_plan_is_refused) {
  Lost site;
  site.target().extraConfig[lockMark(site.plan) + ".db-01"] = "[]";
  BOOST_CHECK_EXCEPTION(site.made(), vsphere::Failure, [](const vsphere::Failure& failure) {
    return failure.error().category == vsphere::Category::conflict && holds(failure.error().text, "db-01");
  });
}

BOOST_AUTO_TEST_CASE(whether_there_is_a_job) {
  Lost site;
  BOOST_TEST(site.tells());
  BOOST_TEST(site.tells(true));  // whatever the store thinks: disks are attached
  site.detach(2);
  BOOST_TEST(site.tells());
  BOOST_TEST(!site.tells(true));  // left over from a job that the store knows to be over
  site.lock("store-theirs", now + 100);
  BOOST_TEST(site.tells(true));
  site.target().extraConfig.clear();
  BOOST_TEST(site.tells());
  site.home().extraConfig.clear();
  BOOST_TEST(!site.tells());
  // The mark of another plan, and an emptied one.
  site.target().extraConfig = {{"failback.mt.other", lockText({"jo", ours, now})}, {lockMark(site.plan), ""}};
  BOOST_TEST(!site.tells());
}

BOOST_AUTO_TEST_CASE(what_a_cancelled_job_has_made_is_no_job) {
  Site site = Site::withoutHome();
  site.phase = Phase::failback;
  vsphere::VirtualMachine& vm = site.addVm("vm-77", "web-01");
  vm.instanceUuid = derivedInstanceUuid(site.plan, site.machine());
  site.mark(vm);
  vm.extraConfig[std::string(markCreated)] = "true";
  const World world(site.plan, site.facts, site.phase);
  BOOST_TEST(marksIn(world).homes.size() == 1u);
  BOOST_TEST(!tellOfJob(world, marksIn(world), ours, false));
}

BOOST_AUTO_TEST_CASE(whose_it_is) {
  Lost site;
  BOOST_TEST(site.refusal().empty());
  site.lock("store-theirs", now + 10);
  BOOST_TEST(holds(site.refusal(), "jo holds the master target mt-01"), site.refusal());
  BOOST_TEST(holds(site.refusal(), "2027-01-15T08:00:10Z (store store-theirs)"), site.refusal());
  BOOST_TEST(site.refusal(true).empty());
  site.lock("store-theirs", now);
  BOOST_TEST(site.refusal().empty());
  for (const char* text : {"", "nonsense"}) {
    site.target().extraConfig[lockMark(site.plan)] = text;
    BOOST_TEST(holds(site.refusal(), "says whose"), site.refusal());
    BOOST_TEST(!claimRefusal(site.target(), site.plan, ours, now, false).empty());
  }
  BOOST_TEST(site.refusal(true).empty());
}

BOOST_AUTO_TEST_CASE(overrides_whose_past_is_lost_are_told) {
  Lost site;
  vsphere::StoragePod pod;
  pod.ref = {"StoragePod", "group-p1", ""};
  pod.name = "Pod";
  pod.sdrsEnabled = true;
  pod.sdrsOverrides = {{site.home().ref, false, std::nullopt, std::nullopt},
                       {site.target().ref, true, std::nullopt, std::nullopt}};
  site.add(std::move(pod));
  site.datastore().storagePod = vsphere::Moref{"StoragePod", "group-p1", ""};
  const Rebuilt made = site.made();
  BOOST_TEST(holds(told(made), "of web-01 in Pod"), told(made));
  BOOST_TEST(!holds(told(made), "of mt-01 in Pod"), told(made));
  {
    const World world(site.plan, site.facts, site.phase);
    BOOST_TEST(forgottenOverrides(world, made.steps) == std::vector<std::string>{"of web-01 in Pod"});
    BOOST_TEST(forgottenOverrides(world, {}).empty());
  }
  site.find<vsphere::StoragePod>("StoragePod", "group-p1").sdrsOverrides.clear();
  const World later(site.plan, site.facts, site.phase);
  BOOST_TEST(forgottenOverrides(later, made.steps).empty());
}

BOOST_AUTO_TEST_CASE(a_slot_that_makes_no_sense_is_found_anew) {
  for (const char* slot : {"", "0", "0:", ":1", "a:b", "0:1x", "-1:2"}) {
    Lost site;
    site.detach(2);
    auto ledger = site.ledger();
    ledger[0]["slot"] = slot;
    site.setLedger(ledger);
    BOOST_TEST(states(site.made()) == "failback interrupted: home@0:2 home@0:1", slot);
  }
}

BOOST_AUTO_TEST_CASE(disks_that_no_failback_has_let_go_are_told) {
  Lost site;
  site.detach(2);
  auto ledger = site.ledger();
  ledger[0]["content"] = "0123";
  site.setLedger(ledger);
  BOOST_TEST(holds(told(site.made()), "no failback has noted it"), told(site.made()));
  ledger[0]["left"] = "4567";
  site.setLedger(ledger);
  BOOST_TEST(!holds(told(site.made()), "no failback has noted it"), told(site.made()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::provisioning
