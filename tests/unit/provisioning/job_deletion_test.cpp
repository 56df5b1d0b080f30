// SPDX-License-Identifier: GPL-2.0-or-later
// cancel --delete-created: only what the job made, and only while it is proved to be empty. And a cancel when
// the home VM has gone.
#include <boost/test/unit_test.hpp>

#include "tests/unit/provisioning/job_support.h"

namespace failback::provisioning {
namespace {

// Made by the job, read back, attached.
Homecoming made() {
  Homecoming job = Homecoming::made();
  job.giveContent();
  for (std::size_t i = 0; i < job.home.disks.size(); ++i) {
    const vsphere::Disk& disk = job.home.disks[i];
    job.madeDisks.push_back({job.site.planDisk(i).id, disk.uuid.value_or(""), disk.path(), "",
                             disk.chain.back().contentId.value_or(""), ""});
  }
  BOOST_TEST(job.reprotectAll() == "attach nothing");
  for (const vsphere::Disk& each : job.home.disks) job.attachedFiles.push_back(each.path());
  job.deleteCreated = true;
  return job;
}

std::string keptBecause(Homecoming& job) {
  const std::string steps = job.undoReprotectAll();
  BOOST_TEST(steps.ends_with("nothing"), steps);
  BOOST_TEST(steps.find("destroy") == std::string::npos, steps);
  BOOST_TEST(job.exists);
  return job.undoReprotect().summary;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(job_deletion)

BOOST_AUTO_TEST_CASE(what_was_made_and_is_empty_is_deleted) {
  Homecoming job = made();
  BOOST_TEST(job.undoReprotectAll() == "detach reload destroy nothing");
  BOOST_TEST(!job.exists);
  BOOST_TEST(job.target.disks.size() == 1U);
}

BOOST_AUTO_TEST_CASE(nobody_asked_so_it_stays) {
  Homecoming job = made();
  job.deleteCreated = false;
  BOOST_TEST(job.undoReprotectAll() == "detach nothing");
  BOOST_TEST(job.undoReprotect().summary.empty());
}

BOOST_AUTO_TEST_CASE(data_keeps_it) {
  Homecoming job = made();
  // The home VM shows it only after the reload.
  job.replicate(1, "replicated");
  const std::string why = keptBecause(job);
  BOOST_TEST(holds(why, "data has come to disk"), why);
}

BOOST_AUTO_TEST_CASE(what_is_not_proved_keeps_it) {
  Homecoming unread = made();
  unread.home.disks[0].chain.back().contentId.reset();
  BOOST_TEST(holds(keptBecause(unread), "can't be read"));
  Homecoming unrecorded = made();
  unrecorded.madeDisks.clear();
  BOOST_TEST(holds(keptBecause(unrecorded), "was not recorded by this job"));
  Homecoming started = made();
  started.ran = true;
  BOOST_TEST(holds(keptBecause(started), "has been started"));
  Homecoming frozen = made();
  for (int i = 0; i < 2; ++i) frozen.pretend(frozen.undoReprotect());
  frozen.addSnapshot("by hand");
  BOOST_TEST(holds(keptBecause(frozen), "1 snapshot"));
  Homecoming shared = made();
  shared.otherUser = "backup-01";
  BOOST_TEST(holds(keptBecause(shared), "backup-01 uses disk"));
  Homecoming running = made();
  running.pretend(running.undoReprotect());
  running.home.powerState = "poweredOn";
  BOOST_TEST(holds(keptBecause(running), "not powered off"));
}

BOOST_AUTO_TEST_CASE(a_disk_put_in_place_of_what_was_made_keeps_it) {
  Homecoming job = made();
  job.pretend(job.undoReprotect());
  job.home.disks[0].chain.back().path = "[vmfs-01] other/other.vmdk";
  BOOST_TEST(holds(keptBecause(job), "is not the one that was made"));
}

BOOST_AUTO_TEST_CASE(a_foreign_disk_is_taken_from_it_before) {
  Homecoming job = made();
  vsphere::Disk foreign = job.home.disks[0];
  foreign.key = 2015;
  foreign.uuid = "6000C290-0000-0000-0000-0000000000aa";
  foreign.chain[0].path = "[vmfs-01] db-01/db-01.vmdk";
  job.home.disks.push_back(foreign);
  BOOST_TEST(job.undoReprotectAll() == "detach reload release destroy nothing");
}

BOOST_AUTO_TEST_CASE(what_the_job_did_not_make_is_never_deleted) {
  Homecoming job;
  job.deleteCreated = true;
  BOOST_TEST(job.reprotectAll() == "adopt attach nothing");
  BOOST_TEST(job.undoReprotectAll() == "detach restore unmark nothing");
}

BOOST_AUTO_TEST_CASE(without_a_home_vm_the_mark_tells_what_is_detached) {
  Homecoming job = made();
  job.exists = false;
  vsphere::Disk foreign = job.target.disks[1];
  foreign.key = 2015;
  foreign.uuid = "6000C290-0000-0000-0000-0000000000aa";
  job.target.disks.push_back(foreign);
  BOOST_TEST(job.undoReprotectAll() == "detach nothing");
  BOOST_TEST(job.target.disks.size() == 2U);  // its own, and the foreign one
  BOOST_TEST(!job.target.extraConfig.contains(ledgerMark(job.plan(), job.machine())));

  Homecoming moved = made();
  moved.exists = false;
  moved.target.disks[1].chain[0].path = "[vmfs-02] mt-01/web-01.vmdk";
  expectStop(moved.undoReprotect(), "[vmfs-02] mt-01/web-01.vmdk, which was attached as");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::provisioning
