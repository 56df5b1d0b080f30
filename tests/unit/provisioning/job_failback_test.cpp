// SPDX-License-Identifier: GPL-2.0-or-later
// What a failback does next: nothing is detached or started that can't be trusted.
#include <boost/test/unit_test.hpp>

#include "provisioning/plan/identity.h"
#include "tests/unit/provisioning/job_support.h"

namespace failback::provisioning {
namespace {

// Adopted, attached, and in the ledger.
Homecoming protectedMachine(const std::function<void(Homecoming&)>& change = {}) {
  Homecoming job;
  if (change) change(job);
  BOOST_TEST(job.reprotectAll() == "adopt attach nothing");
  for (const vsphere::Disk& each : job.home.disks) job.attachedFiles.push_back(each.path());
  return job;
}

vsphere::Nic nicOf(std::int32_t key, bool startConnected) {
  vsphere::Nic nic;
  nic.key = key;
  nic.startConnected = startConnected;
  return nic;
}

std::vector<bool> startsOf(const vsphere::VirtualMachine& vm) {
  std::vector<bool> starts;
  starts.reserve(vm.nics.size());
  for (const vsphere::Nic& each : vm.nics) starts.push_back(each.startConnected.value_or(false));
  return starts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(job_failback)

BOOST_AUTO_TEST_CASE(it_comes_home_and_stays) {
  Homecoming job = protectedMachine();
  BOOST_TEST(job.failBackAll() == "detach restore powerOn nothing");
  BOOST_TEST(job.failBackAll() == "nothing");
  BOOST_TEST(job.home.powerState.value_or("") == "poweredOn");
  BOOST_TEST(job.target.disks.size() == 1U);
}

BOOST_AUTO_TEST_CASE(without_a_home_vm_nothing_is_done) {
  Homecoming job = protectedMachine();
  job.exists = false;
  expectStop(job.failback(), "there is no home VM of web-01");
}

BOOST_AUTO_TEST_CASE(the_stale_copy_is_never_started) {
  // Off, whole and at home, as it was left when it failed over: nothing has been replicated into it.
  Homecoming job;
  MachineState state = job.state();
  state.neverAttached = true;
  expectStop(nextOfFailback(state), "web-01 was not reprotected");
}

BOOST_AUTO_TEST_CASE(a_disk_that_is_missing_stops_it_before_anything_is_detached) {
  Homecoming job = protectedMachine();
  job.home.disks.erase(job.home.disks.begin());
  expectStop(job.failback(), "disk scsi0-0 of web-01 is not on web-01");
}

BOOST_AUTO_TEST_CASE(a_disk_that_has_moved_stops_it_before_anything_is_detached) {
  Homecoming job = protectedMachine();
  job.target.disks[1].chain[0].path = "[vmfs-02] mt-01/web-01.vmdk";
  expectStop(job.failback(), "[vmfs-02] mt-01/web-01.vmdk");
}

BOOST_AUTO_TEST_CASE(only_the_plans_disks_are_detached_all_in_one_change) {
  Homecoming job = protectedMachine();
  vsphere::Disk foreign = job.target.disks[0];
  foreign.key = 2009;
  foreign.uuid = "6000C290-0000-0000-0000-0000000000aa";
  foreign.chain[0].path = "[vmfs-01] db-01/db-01.vmdk";
  job.target.disks.push_back(foreign);
  const Step step = job.failback();
  expectKind(step, StepKind::detach);
  BOOST_TEST(step.object.value == "vm-20");
  BOOST_TEST(step.change.changeVersion == *job.target.changeVersion);
  BOOST_REQUIRE_EQUAL(step.change.detachedDisks.size(), 2U);
  BOOST_TEST(step.change.detachedDisks[0].path() == "[vmfs-01] web-01/web-01.vmdk");
  BOOST_TEST(step.change.detachedDisks[1].path() == "[vmfs-01] web-01/web-01_1.vmdk");
  job.pretend(step);
  BOOST_TEST(job.target.disks.size() == 2U);
}

BOOST_AUTO_TEST_CASE(of_a_machine_that_is_partly_detached_the_rest_is) {
  Homecoming job = protectedMachine();
  job.target.disks.pop_back();
  const Step step = job.failback();
  expectKind(step, StepKind::detach);
  BOOST_TEST(step.change.detachedDisks.size() == 1U);
}

BOOST_AUTO_TEST_CASE(adapters_come_back_as_they_were_and_no_others) {
  Homecoming job = protectedMachine([](Homecoming& each) {
    each.home.nics = {nicOf(4000, true), nicOf(4001, false)};
  });
  BOOST_TEST((startsOf(job.home) == std::vector<bool>{false, false}));
  job.pretend(job.failback());
  // One that came meanwhile is not ours either.
  job.home.nics.push_back(nicOf(400, false));
  const Step step = job.failback();
  expectKind(step, StepKind::restore);
  BOOST_TEST(step.change.changeVersion == *job.home.changeVersion);
  job.pretend(step);
  BOOST_TEST((startsOf(job.home) == std::vector<bool>{true, false, false}));
  BOOST_TEST(!job.home.extraConfig.contains(std::string(markNics)));
  // Its marks stay until the job is over.
  BOOST_TEST(job.home.extraConfig.contains(std::string(markPlan)));
}

BOOST_AUTO_TEST_CASE(change_tracking_begins_anew_where_it_was_on) {
  Homecoming job = protectedMachine([](Homecoming& each) { each.home.changeTrackingEnabled = true; });
  BOOST_TEST(job.failback().change.detachedDisks.size() == 2U);
  job.pretend(job.failback());
  const Step off = job.failback();
  BOOST_TEST((off.change.changeTrackingEnabled == false));
  job.pretend(off);
  const Step on = job.failback();
  BOOST_TEST((on.change.changeTrackingEnabled == true));
  BOOST_TEST(on.change.nicStarts.empty());
  BOOST_TEST(job.failBackAll() == "restore powerOn nothing");
  BOOST_TEST((job.home.changeTrackingEnabled == true));
  BOOST_TEST(!job.home.extraConfig.contains(std::string(markTracking)));
}

BOOST_AUTO_TEST_CASE(change_tracking_that_was_off_stays_off) {
  Homecoming job = protectedMachine([](Homecoming& each) { each.home.changeTrackingEnabled = false; });
  job.failBackAll();
  BOOST_TEST((job.home.changeTrackingEnabled == false));
}

BOOST_AUTO_TEST_CASE(a_created_vm_is_started_as_it_was_made) {
  Homecoming job = Homecoming::made();
  BOOST_TEST(job.reprotectAll() == "attach nothing");
  BOOST_TEST(job.failBackAll() == "detach powerOn nothing");
}

BOOST_AUTO_TEST_CASE(the_safety_snapshot_is_taken_once) {
  Homecoming job = protectedMachine([](Homecoming& each) { each.plan().policy.safetySnapshot = true; });
  BOOST_TEST(job.failBackAll() == "detach restore snapshot powerOn nothing");
  // A start that failed is tried again, on the same snapshot.
  job.home.powerState = "poweredOff";
  expectKind(job.failback(), StepKind::powerOn);
}

BOOST_AUTO_TEST_CASE(what_is_suspended_is_not_resumed_on_disks_that_were_written) {
  Homecoming job = protectedMachine();
  job.pretend(job.failback());
  job.home.powerState = "suspended";
  expectStop(job.failback(), "web-01 is suspended");
  job.home.powerState.reset();
  expectStop(job.failback(), "can't be read");
}

BOOST_AUTO_TEST_CASE(a_vm_with_a_snapshot_that_is_not_ours_is_not_started) {
  // Somebody detached the disks by hand after a snapshot had been taken: the base was written under its
  // delta.
  for (const bool safety : {false, true}) {
    Homecoming job = protectedMachine([&](Homecoming& each) { each.plan().policy.safetySnapshot = safety; });
    job.pretend(job.failback());
    job.addSnapshot("nightly");
    expectStop(job.failback(), "web-01 has 1 snapshot");
    job.home.snapshots.clear();
    expectStop(job.failback(), "web-01 has delta disks");
  }
}

BOOST_AUTO_TEST_CASE(a_vm_that_somebody_started_early_is_not_called_home) {
  Homecoming job = protectedMachine();
  job.pretend(job.failback());
  job.home.powerState = "poweredOn";
  expectStop(job.failback(), "web-01 was started before");
  job.home.powerState = "poweredOff";
  BOOST_TEST(job.failBackAll() == "restore powerOn nothing");
}

BOOST_AUTO_TEST_CASE(wherever_a_job_dies_the_next_one_goes_on_from_there) {
  constexpr std::size_t steps = 6;
  for (std::size_t died = 0; died <= steps; ++died) {
    Homecoming job = protectedMachine([](Homecoming& each) {
      each.plan().policy.safetySnapshot = true;
      each.home.changeTrackingEnabled = true;
    });
    for (std::size_t i = 0; i < died; ++i) job.pretend(job.failback());
    const std::string rest = job.failBackAll();
    BOOST_TEST(holds("detach restore restore snapshot powerOn nothing", rest), rest);
    BOOST_TEST(job.home.snapshots.size() == 1U);
    BOOST_TEST((startsOf(job.home) == std::vector<bool>{true}));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::provisioning
