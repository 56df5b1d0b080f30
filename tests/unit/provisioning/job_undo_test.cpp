// SPDX-License-Identifier: GPL-2.0-or-later
// What a cancel and a commit do next: no base is written below a delta, what has run at home is not taken for
// what was replicated, and nothing is given up that is not ours.
#include <boost/test/unit_test.hpp>

#include "provisioning/plan/identity.h"
#include "tests/unit/provisioning/job_support.h"

namespace failback::provisioning {
namespace {

constexpr const char* foreignName = "before-upgrade";

struct Wanted {
  bool safety = false, tracking = false;
};

// Adopted, attached, and in the ledger.
Homecoming protectedMachine(const Wanted& wanted = {}) {
  Homecoming job;
  job.plan().policy.safetySnapshot = wanted.safety;
  job.home.changeTrackingEnabled = wanted.tracking;
  BOOST_TEST(job.reprotectAll() == "adopt attach nothing");
  for (const vsphere::Disk& each : job.home.disks) job.attachedFiles.push_back(each.path());
  return job;
}

// And then brought home, where it runs.
Homecoming homeMachine(const Wanted& wanted = {}) {
  Homecoming job = protectedMachine(wanted);
  const std::string steps = job.failBackAll();
  BOOST_TEST(holds(steps, "powerOn nothing"), steps);
  return job;
}

std::vector<std::string> marksOfOurs(const vsphere::VirtualMachine& vm) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : vm.extraConfig)
    if (key.starts_with("failback.")) keys.push_back(key);
  return keys;
}

bool attachesAll(const Step& step) {
  return step.kind == StepKind::attach && step.change.disks.size() == 2U;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(job_undo)

// -------------------------------------------------------------------------------- cancel of a reprotect

BOOST_AUTO_TEST_CASE(a_reprotect_is_taken_back_until_nothing_of_ours_is_left) {
  Homecoming job = protectedMachine({.tracking = true});
  const auto before = job.home.disks.size();
  BOOST_TEST(job.undoReprotectAll() == "detach restore restore unmark nothing");
  BOOST_TEST(job.undoReprotectAll() == "nothing");
  BOOST_TEST(job.home.disks.size() == before);
  BOOST_TEST(job.target.disks.size() == 1U);
  BOOST_TEST(marksOfOurs(job.home).empty());
  BOOST_TEST(marksOfOurs(job.target).empty());
  BOOST_TEST((job.home.changeTrackingEnabled == true));
  for (const vsphere::Nic& each : job.home.nics) BOOST_TEST(each.startConnected.value_or(false));
}

BOOST_AUTO_TEST_CASE(wherever_the_cancel_of_a_reprotect_dies_the_next_one_goes_on) {
  constexpr std::size_t steps = 4;
  for (std::size_t died = 0; died <= steps; ++died) {
    Homecoming job = protectedMachine({.tracking = true});
    for (std::size_t i = 0; i < died; ++i) job.pretend(job.undoReprotect());
    const std::string rest = job.undoReprotectAll();
    BOOST_TEST(holds("detach restore restore unmark nothing", rest), rest);
    BOOST_TEST(marksOfOurs(job.home).empty());
    BOOST_TEST(marksOfOurs(job.target).empty());
  }
}

BOOST_AUTO_TEST_CASE(what_was_only_marked_is_unmarked) {
  Homecoming job;
  job.pretend(job.reprotect());
  BOOST_TEST(job.undoReprotectAll() == "restore unmark nothing");
  job.exists = false;
  expectKind(job.undoReprotect(), StepKind::nothing);
}

BOOST_AUTO_TEST_CASE(a_created_vm_keeps_its_marks) {
  // They are what tells the next reprotect that it need not make another.
  Homecoming job = Homecoming::made();
  BOOST_TEST(job.reprotectAll() == "attach nothing");
  for (const vsphere::Disk& each : job.home.disks) job.attachedFiles.push_back(each.path());
  const auto marks = marksOfOurs(job.home);
  BOOST_TEST(marks.size() >= 4U);
  BOOST_TEST(job.undoReprotectAll() == "detach nothing");
  BOOST_TEST((marksOfOurs(job.home) == marks));
  BOOST_TEST(marksOfOurs(job.target).empty());
}

BOOST_AUTO_TEST_CASE(a_disk_that_moved_is_detached_all_the_same) {
  Homecoming job = protectedMachine();
  job.target.disks[1].chain[0].path = "[vmfs-02] mt-01/web-01.vmdk";
  BOOST_TEST(job.undoReprotect().change.detachedDisks.size() == 2U);
}

// --------------------------------------------------------------------------------- cancel of a failback

BOOST_AUTO_TEST_CASE(a_failback_is_taken_back_to_the_safety_snapshot) {
  Homecoming job = homeMachine({.safety = true});
  BOOST_TEST(job.undoFailbackAll() == "powerOff revert dropSnapshot adopt attach nothing");
  BOOST_TEST(!job.home.hasDelta());
  BOOST_TEST(job.target.disks.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_base_is_never_attached_below_a_delta) {
  // Wherever it dies, and whatever this run knows of a revert.
  constexpr std::size_t steps = 5;
  for (std::size_t died = 0; died <= steps; ++died) {
    Homecoming job = homeMachine({.safety = true});
    for (std::size_t i = 0; i < died; ++i) job.pretend(job.undoFailback());
    job.reverted = false;
    for (std::size_t i = 0; i <= steps; ++i) {
      const Step step = job.undoFailback();
      if (step.kind == StepKind::attach) {
        BOOST_TEST(!job.home.hasDelta());
        BOOST_TEST(job.home.snapshotCount() == 0U);
      }
      job.pretend(step);
    }
    expectKind(job.undoFailback(), StepKind::nothing);
  }
}

BOOST_AUTO_TEST_CASE(deltas_that_no_snapshot_explains_stop_it) {
  // A removal that was broken off: vCenter shows no snapshot any more, and the files are still there.
  for (const bool reverted : {false, true}) {
    Homecoming job = protectedMachine();
    job.consentToAll();
    job.pretend(job.failback());
    job.addSnapshot(std::string(safetySnapshotName));
    job.home.snapshots.clear();
    job.reverted = reverted;
    expectStop(job.undoFailback(), "web-01 has delta disks");
    for (vsphere::Disk& disk : job.home.disks) disk.chain = {disk.chain.back()};
    job.home.consolidationNeeded = true;
    expectStop(job.undoFailback(), "web-01 has disks that need consolidation");
    job.home.consolidationNeeded = false;
    BOOST_TEST(job.undoFailbackAll() == "attach nothing");
  }
}

BOOST_AUTO_TEST_CASE(a_delta_beside_a_disk_that_is_attached_already_stops_it) {
  Homecoming job = protectedMachine();
  job.consentToAll();
  job.target.disks.pop_back();
  job.addSnapshot(std::string(safetySnapshotName));
  expectStop(job.undoFailback(), "web-01 has 1 snapshot while its disks are attached");
}

BOOST_AUTO_TEST_CASE(the_revert_is_decided_anew_in_every_run) {
  // Removing the snapshot merges what was written since: an earlier run's revert may have been followed by
  // a start.
  Homecoming job = homeMachine({.safety = true});
  job.pretend(job.undoFailback());
  expectKind(job.undoFailback(), StepKind::revert);
  job.pretend(job.undoFailback());
  expectKind(job.undoFailback(), StepKind::dropSnapshot);
  job.reverted = false;
  expectKind(job.undoFailback(), StepKind::revert);
  // In this run too, when somebody starts it in between.
  job.reverted = true;
  job.home.powerState = "poweredOn";
  expectKind(job.undoFailback(), StepKind::powerOff);
}

BOOST_AUTO_TEST_CASE(what_ran_without_a_safety_snapshot_is_not_taken_back) {
  Homecoming job = homeMachine();
  job.consentToAll();
  expectStop(job.undoFailback(), "web-01 has been started, and there is no safety snapshot to go back to");
  job.home.powerState = "suspended";
  expectStop(job.undoFailback(), "there is no safety snapshot to go back to");
  // Shut down, its disks hold what it wrote all the same.
  job.home.powerState = "poweredOff";
  expectStop(job.undoFailback(), "web-01 has been started, and there is no safety snapshot to go back to");
}

BOOST_AUTO_TEST_CASE(what_has_not_run_yet_needs_no_safety_snapshot) {
  Homecoming job = protectedMachine();
  job.pretend(job.failback());
  job.pretend(job.failback());
  expectKind(job.failback(), StepKind::powerOn);
  BOOST_TEST(job.undoFailbackAll() == "adopt attach nothing");
}

BOOST_AUTO_TEST_CASE(foreign_snapshots_stop_it_before_anything_is_given_up) {
  Homecoming job = homeMachine({.safety = true});
  job.consentToAll();
  vsphere::Snapshot other;
  other.name = foreignName;
  job.home.snapshots.front().children.push_back(other);
  expectStop(job.undoFailback(), "web-01 has 2 snapshots");
  job.home.powerState = "poweredOff";
  expectStop(job.undoFailback(), "web-01 has 2 snapshots");
  job.reverted = true;
  expectStop(job.undoFailback(), "web-01 has 2 snapshots");
  job.reverted = false;
  job.home.snapshots.clear();
  job.ran = false;
  job.home.snapshots.push_back(other);
  expectStop(job.undoFailback(), "web-01 has 1 snapshot");
}

BOOST_AUTO_TEST_CASE(what_is_attached_again_is_all_that_was) {
  Homecoming job = protectedMachine();
  const auto slots = job.target.disks;
  job.pretend(job.failback());
  BOOST_TEST(attachesAll(job.undoFailback()));
  job.pretend(job.undoFailback());
  BOOST_REQUIRE_EQUAL(job.target.disks.size(), slots.size());
  for (std::size_t i = 0; i < slots.size(); ++i) {
    BOOST_TEST(job.target.disks[i].path() == slots[i].path());
    BOOST_TEST(job.target.disks[i].unitNumber.value_or(-1) == slots[i].unitNumber.value_or(-1));
  }
}

BOOST_AUTO_TEST_CASE(without_a_home_vm_there_is_nothing_to_go_back_to) {
  Homecoming job = protectedMachine();
  job.exists = false;
  expectStop(job.undoFailback(), "there is no home VM of web-01");
  expectStop(job.commit(), "there is no home VM of web-01");
}

// --------------------------------------------------------------------------------------------- commit

BOOST_AUTO_TEST_CASE(a_commit_leaves_nothing_of_ours) {
  Homecoming job = homeMachine({.safety = true, .tracking = true});
  BOOST_TEST(job.commitAll() == "dropSnapshot unmarkTarget unmark nothing");
  BOOST_TEST(job.commitAll() == "nothing");
  BOOST_TEST(!job.home.hasDelta());
  BOOST_TEST(marksOfOurs(job.home).empty());
  BOOST_TEST(marksOfOurs(job.target).empty());
  BOOST_TEST(job.home.powerState.value_or("") == "poweredOn");
}

BOOST_AUTO_TEST_CASE(a_commit_waits_for_what_is_attached_or_does_not_run) {
  Homecoming job = protectedMachine();
  expectStop(job.commit(), "disks of web-01 are still attached to mt-01");
  job.home.powerState = "poweredOn";
  expectStop(job.commit(), "disks of web-01 are still attached to mt-01");
  job.home.powerState = "poweredOff";
  job.target.disks.pop_back();
  expectStop(job.commit(), "disks of web-01 are still attached to mt-01");
  job.pretend(job.failback());
  expectStop(job.commit(), "web-01 does not run");
  job.home.powerState.reset();
  expectStop(job.commit(), "web-01 does not run");
}

BOOST_AUTO_TEST_CASE(a_commit_leaves_what_is_not_ours) {
  Homecoming job = homeMachine({.safety = true});
  job.addSnapshot(foreignName);
  job.home.extraConfig["guestinfo.role"] = "shop";
  job.home.extraConfig["failback.note"] = "ours it is not, whatever it is called";
  job.target.extraConfig[ledgerMark(job.plan(), job.machine()) + "-of-another"] = "[]";
  const Step drop = job.commit();
  expectKind(drop, StepKind::dropSnapshot);
  BOOST_TEST(drop.snapshot.value == job.home.snapshots.front().ref.value);
  BOOST_TEST(job.commitAll() == "dropSnapshot unmarkTarget unmark nothing");
  BOOST_REQUIRE_EQUAL(job.home.snapshots.size(), 1U);
  BOOST_TEST(job.home.snapshots.front().name == foreignName);
  BOOST_TEST(job.home.extraConfig.at("guestinfo.role") == "shop");
  BOOST_TEST(job.home.extraConfig.contains("failback.note"));
  BOOST_TEST(job.target.extraConfig.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_commit_puts_adapters_back_and_keeps_off_change_tracking) {
  // Somebody started it before a failback could put its devices back.
  for (const char* const mark : {"on", "reset"}) {
    Homecoming job = protectedMachine({.safety = true, .tracking = true});
    job.pretend(job.failback());
    job.addSnapshot(std::string(safetySnapshotName));
    job.home.powerState = "poweredOn";
    job.home.extraConfig[std::string(markTracking)] = mark;
    // What could take it back is still there when it waits.
    expectStop(job.commit(), "changed block tracking of web-01");
    job.home.extraConfig.erase(std::string(markTracking));
    job.pretend(job.commit());
    const Step restore = job.commit();
    expectKind(restore, StepKind::restore);
    BOOST_TEST(!restore.change.changeTrackingEnabled.has_value());
    BOOST_TEST(!restore.change.options.contains(std::string(markTracking)));
    BOOST_TEST(restore.change.nicStarts.size() == 1U);
    BOOST_TEST(job.commitAll() == "restore unmarkTarget unmark nothing");
  }
}

BOOST_AUTO_TEST_CASE(a_commit_of_a_created_vm_makes_it_one_like_any_other) {
  Homecoming job = Homecoming::made();
  job.reprotectAll();
  job.failBackAll();
  BOOST_TEST(job.commitAll() == "unmarkTarget unmark nothing");
  BOOST_TEST(marksOfOurs(job.home).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::provisioning
