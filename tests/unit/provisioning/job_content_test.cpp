// SPDX-License-Identifier: GPL-2.0-or-later
// What contentId says at a failback: that nothing was replicated, or that somebody has written since.
#include <boost/test/unit_test.hpp>

#include "provisioning/job/ledger_mark.h"
#include "tests/unit/provisioning/job_support.h"

namespace failback::provisioning {
namespace {

Homecoming attached() {
  Homecoming job;
  job.giveContent();
  BOOST_TEST(job.reprotectAll() == "adopt attach nothing");
  for (const vsphere::Disk& each : job.home.disks) job.attachedFiles.push_back(each.path());
  return job;
}

std::vector<LedgerEntry> ledger(const Homecoming& job) {
  return ledgerOn(job.target, job.site.plan, job.site.plan.machines.front());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(job_content)

BOOST_AUTO_TEST_CASE(what_was_there_before_is_written_down_with_the_attachment) {
  const Homecoming job = attached();
  BOOST_REQUIRE(ledger(job).size() == 2U);
  BOOST_TEST(ledger(job)[0].content == "content-0");
  BOOST_TEST(ledger(job)[1].content == "content-1");
  BOOST_TEST(ledger(job)[1].slot == "0:2");
}

BOOST_AUTO_TEST_CASE(nothing_is_detached_when_nothing_was_replicated) {
  Homecoming job = attached();
  BOOST_TEST(job.failBackAll() == "reload stop");
  expectStop(job.failback(), "nothing was written to any of the 2 disks of web-01");
  BOOST_TEST(job.target.disks.size() == 3U);
  // The operator's word goes before.
  job.acceptedContent = true;
  BOOST_TEST(job.failBackAll() == "detach restore powerOn nothing");
}

BOOST_AUTO_TEST_CASE(one_disk_that_was_written_to_is_enough) {
  Homecoming job = attached();
  job.replicate(1, "new");
  BOOST_TEST(job.failBackAll() == "detach reload restore powerOn nothing");
}

BOOST_AUTO_TEST_CASE(a_server_that_shows_it_late_is_asked_again) {
  Homecoming job = attached();
  job.replicate(0, "new");
  job.target.disks[1].chain.back().contentId = "content-0";  // as it was read before the reload
  BOOST_TEST(job.failBackAll() == "reload detach restore powerOn nothing");
}

BOOST_AUTO_TEST_CASE(what_looks_as_it_was_may_be_shown_late) {
  Homecoming job = attached();
  job.replicate(0, "new");
  job.pretend(job.failback());
  // The home VM shows what it showed at the detaching; only after a reload what somebody wrote since.
  job.home.disks[0].chain.back().contentId = "new";
  job.replicate(0, "a stranger's");
  BOOST_TEST(job.failBackAll() == "reload stop");
}

BOOST_AUTO_TEST_CASE(what_is_not_known_holds_nothing_up) {
  Homecoming job = attached();
  for (vsphere::Disk& each : job.target.disks) each.chain.back().contentId.reset();
  BOOST_TEST(job.failBackAll() == "detach restore powerOn nothing");
}

BOOST_AUTO_TEST_CASE(who_has_written_after_the_detaching_stops_it) {
  Homecoming job = attached();
  job.replicate(0, "new");
  job.pretend(job.failback());
  BOOST_TEST(ledger(job)[0].left == "new");
  // The home VM showed what was there before: that is late, no stranger.
  BOOST_TEST(job.home.disks[0].chain.back().contentId.value_or("") == "content-0");
  BOOST_TEST(job.failBackAll() == "reload restore powerOn nothing");

  Homecoming other = attached();
  other.replicate(0, "new");
  other.pretend(other.failback());
  other.replicate(0, "a stranger's");
  BOOST_TEST(other.failBackAll() == "reload stop");
  expectStop(other.failback(), "somebody has written to disk scsi0-0 of web-01");
  BOOST_TEST(other.home.powerState.value_or("") == "poweredOff");
}

BOOST_AUTO_TEST_CASE(what_the_machine_itself_has_written_does_not_stop_it) {
  Homecoming job = attached();
  job.replicate(0, "new");
  BOOST_TEST(job.failBackAll() == "detach reload restore powerOn nothing");
  job.replicate(0, "its own");
  job.home.powerState = "poweredOff";
  BOOST_TEST(job.failBackAll() == "powerOn nothing");
}

BOOST_AUTO_TEST_CASE(what_comes_back_from_a_failback_keeps_its_first_record) {
  Homecoming job = attached();
  job.site.plan.policy.safetySnapshot = true;
  job.replicate(0, "new");
  BOOST_TEST(job.failBackAll() == "detach reload restore snapshot powerOn nothing");
  BOOST_TEST(job.undoFailbackAll() == "powerOff revert dropSnapshot adopt attach nothing");
  BOOST_TEST(ledger(job)[0].content == "content-0");
  BOOST_TEST(ledger(job)[0].left.empty());
  // It holds what was replicated the first time.
  job.ran = job.reverted = false;
  BOOST_TEST(job.failBackAll() == "detach restore snapshot powerOn nothing");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::provisioning
