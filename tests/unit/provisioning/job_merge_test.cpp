// SPDX-License-Identifier: GPL-2.0-or-later
// Merging: what is tried next, how long is waited, when it stops, and when a datastore is too full.
#include <boost/test/unit_test.hpp>

#include "provisioning/job/steps_merge.h"
#include "tests/unit/provisioning/job_support.h"

namespace failback::provisioning {
namespace {

using steps::nextMerge;

vsphere::VirtualMachine vmWith(std::size_t snapshots, bool delta) {
  vsphere::VirtualMachine vm;
  vm.ref = {"VirtualMachine", "vm-10", ""};
  vm.name = "web-01";
  for (std::size_t i = 0; i < snapshots; ++i) vm.snapshots.emplace_back().name = "nightly";
  vm.consolidationNeeded = delta;
  return vm;
}

// Tries, and nothing ever helps: the words of the steps. `removes`: removing snapshots takes them away, and
// leaves their deltas.
std::string allTries(bool removes, std::size_t snapshots, MergeTries& tries) {
  std::string words;
  for (int i = 0; i < 40; ++i) {
    const Step step = nextMerge(vmWith(snapshots, true), tries);
    words += (words.empty() ? "" : " ") + std::string(toString(step.kind));
    if (step.kind == StepKind::stop) return words;
    if (step.kind == StepKind::merge) {
      ++tries.merges;
      if (removes) snapshots = 0;
    } else if (step.kind == StepKind::consolidate) {
      ++tries.consolidations;
    } else {
      tries.fresh = true;
      tries.beforeFresh = tries.all();
      snapshots = 1;
    }
  }
  return words + " ...";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(job_merge)

BOOST_AUTO_TEST_CASE(snapshots_are_removed_and_what_is_left_is_consolidated) {
  MergeTries tries;
  expectKind(nextMerge(vmWith(2, false), tries), StepKind::merge);
  BOOST_TEST(nextMerge(vmWith(2, false), tries).summary == "merge 2 snapshots of web-01");
  expectKind(nextMerge(vmWith(0, true), tries), StepKind::consolidate);
}

BOOST_AUTO_TEST_CASE(what_does_not_consolidate_gets_one_fresh_snapshot_and_then_it_stops) {
  MergeTries tries;
  BOOST_TEST(allTries(true, 0, tries) ==
             "consolidate consolidate consolidate consolidateSnapshot merge consolidate stop");
  tries = {};
  BOOST_TEST(allTries(true, 2, tries) ==
             "merge consolidate consolidate consolidate consolidateSnapshot merge consolidate stop");
}

BOOST_AUTO_TEST_CASE(snapshots_that_do_not_go_stop_it) {
  MergeTries tries;
  BOOST_TEST(allTries(false, 2, tries) == "merge merge merge merge stop");
  // One that was taken last, too.
  tries = {};
  BOOST_TEST(allTries(false, 0, tries) ==
             "consolidate consolidate consolidate consolidateSnapshot merge merge merge merge merge stop");
}

BOOST_AUTO_TEST_CASE(it_says_what_went_wrong_last) {
  MergeTries tries{4, 3, true, 3, "FileLocked: [vmfs-01] web-01/web-01.vmdk is locked"};
  const Step step = nextMerge(vmWith(0, true), {4, 4, true, 3, tries.failure});
  expectStop(step, "after 8 attempts");
  BOOST_TEST(step.obstacle.find(tries.failure) != std::string::npos, step.obstacle);
  BOOST_TEST(step.remedy.find("vm-10") != std::string::npos, step.remedy);
}

BOOST_AUTO_TEST_CASE(pauses_grow_and_begin_anew_after_the_fresh_snapshot) {
  using std::chrono::seconds;
  const auto pause = [](int all, int before = 0) {
    return steps::pauseBefore({all, 0, before > 0, before, ""});
  };
  BOOST_TEST((pause(0) == seconds(0)));
  BOOST_TEST((pause(1) == seconds(2)));
  BOOST_TEST((pause(2) == seconds(6)));
  BOOST_TEST((pause(3) == seconds(18)));
  BOOST_TEST((pause(4) == seconds(54)));
  BOOST_TEST((pause(9) == seconds(60)));
  BOOST_TEST((pause(3, 3) == seconds(0)));
  BOOST_TEST((pause(4, 3) == seconds(2)));
}

BOOST_AUTO_TEST_CASE(it_needs_the_plans_consent_and_a_left_over_snapshot_of_ours_does_too) {
  Homecoming job;
  job.addSnapshot(std::string(steps::consolidateSnapshotName));
  expectStop(job.reprotect(), "does not let them be merged");
  job.consentToAll();
  expectKind(job.reprotect(), StepKind::merge);
  // Never below what is attached.
  Homecoming attached;
  attached.consentToAll();
  attached.attachAll();
  attached.addSnapshot(std::string(steps::consolidateSnapshotName));
  expectStop(attached.reprotect(), "while its disks are attached");
}

BOOST_AUTO_TEST_CASE(a_datastore_that_gets_full_is_told_with_its_limit) {
  constexpr std::int64_t gib = std::int64_t{1} << 30;
  vsphere::Datastore store;
  store.name = "vmfs-01";
  BOOST_TEST(!steps::lowSpace(store, "web-01").has_value());  // not known
  store.capacityBytes = 100 * gib;
  store.freeSpaceBytes = 5 * gib;
  BOOST_TEST(!steps::lowSpace(store, "web-01").has_value());
  store.freeSpaceBytes = 5 * gib - 1;
  const auto low = steps::lowSpace(store, "web-01");
  BOOST_REQUIRE(low.has_value());
  for (const char* word : {"vmfs-01", "web-01", "can't be stopped"})
    BOOST_TEST(low->find(word) != std::string::npos, *low);
  // Not more than 20 GiB, however large it is.
  store.capacityBytes = 4096 * gib;
  store.freeSpaceBytes = 20 * gib;
  BOOST_TEST(!steps::lowSpace(store, "web-01").has_value());
  store.freeSpaceBytes = 20 * gib - 1;
  BOOST_TEST(steps::lowSpace(store, "web-01").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::provisioning
