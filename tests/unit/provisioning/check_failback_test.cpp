// SPDX-License-Identifier: GPL-2.0-or-later
// The rules of a failback: what the host, the adapters and the record of attachments say.
#include <boost/test/unit_test.hpp>
#include "tests/unit/provisioning/check_support.h"

namespace failback::provisioning {

BOOST_AUTO_TEST_SUITE(check_failback)

BOOST_AUTO_TEST_CASE(a_host_must_have_the_memory_and_cpus) {
  Site site;
  site.phase = Phase::failback;
  expectOne(site, "FB-POWER-ON", Status::pass, "2 vCPUs, 4 GiB; esx-01 has 48 GiB free");
  site.host().memoryUsedBytes = 61 * gib;
  Finding finding =
      expectOne(site, "FB-POWER-ON", Status::fail, "web-01 needs 4 GiB, and esx-01 has 3 GiB of 64 GiB free");
  BOOST_TEST((finding.severity == Severity::warn));
  site.home().memoryBytes = 65 * gib;
  finding = expectOne(site, "FB-POWER-ON", Status::fail, "65 GiB of memory, and esx-01 has 64 GiB");
  BOOST_TEST((finding.severity == Severity::block));
  Site cpus, away, unread;
  expectOne(cpus, "FB-POWER-ON", Status::fail, "64 vCPUs", [](Site& it) { it.home().cpus = 64; });
  expectOne(away, "FB-POWER-ON", Status::fail, "esx-01 is in maintenance mode",
            [](Site& it) { it.host().inMaintenanceMode = true; });
  expectOne(unread, "FB-POWER-ON", Status::unknown, "esx-01: summary.quickStats.overallMemoryUsage",
            [](Site& it) { it.host().memoryUsedBytes.reset(); });
}

BOOST_AUTO_TEST_CASE(adapters_are_as_planned_and_a_static_address_is_told) {
  Site site;
  site.phase = Phase::failback;
  expectOne(site, "FB-NETWORK", Status::pass, "1 adapter as planned");
  Site moved = site, gone = site, addressed = site;
  moved.machine().home.networks = {{"VM Network", "prod"}};
  expectOne(moved, "FB-NETWORK", Status::fail,
            "nic-1 (Network adapter 1) is in VM Network, and the plan says prod");
  gone.home().nics.clear();
  expectOne(gone, "FB-NETWORK", Status::fail, "nic-1 (00:50:56:00:00:10) is not there");
  addressed.machine().source.nics[0].staticAddress = true;
  expectOne(addressed, "FB-NETWORK", Status::fail, "static address on nic-1, and comes back with DHCP");
  addressed.machine().source.osFamily = OsFamily::windows;
  expectOne(addressed, "FB-NETWORK", Status::pass, "as planned");
}

BOOST_AUTO_TEST_CASE(without_a_record_of_attachments_it_is_not_known_where_disks_are) {
  for (const char* rule : {"FB-LEDGER", "FB-SVMOTION"}) {
    Site site;
    BOOST_TEST(site.judge(rule).empty(), rule);
    site.phase = Phase::failback;
    expectOne(site, rule, Status::unknown, "nothing is recorded as attached by this program");
    site.facts.openJobs.why = "the store can't be read";
    expectOne(site, rule, Status::unknown, "the store can't be read");
  }
}

namespace {

// The first disk of web-01 hangs on the master target, as the store has it.
Site attachedSite() {
  Site site;
  site.phase = Phase::failback;
  site.target().disks.push_back(site.home().disks[0]);
  StoredJob job;
  job.id = "1";
  job.plan = site.plan.id;
  job.kind = "reprotect";
  job.opened = "2026-11-27T03:00:00Z";
  job.disks = {{"web-01", "scsi0-0", *site.home().disks[0].uuid, site.home().disks[0].path(), 40 * gib,
                *site.target().instanceUuid, 0, 1, "attached"}};
  site.facts.openJobs.answer = {job};
  return site;
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_recorded_disk_is_looked_for_on_the_master_target) {
  Site site = attachedSite();
  expectOne(site, "FB-LEDGER", Status::pass, "scsi0:1");
  expectOne(site, "FB-SVMOTION", Status::pass, "not moved");
  site.target().disks.pop_back();
  expectOne(site, "FB-LEDGER", Status::fail, "somebody else has detached it, the home VM has it");
  site.facts.openJobs.answer->front().kind = "failback";
  expectOne(site, "FB-LEDGER", Status::pass, "detached by this job");
  // The file alone is not it.
  Site other = attachedSite();
  other.target().disks.back().uuid = "6000C290-0000-0000-0000-0000000000ff";
  expectOne(other, "FB-LEDGER", Status::fail, "does not have it");
}

BOOST_AUTO_TEST_CASE(a_disk_that_moved_while_it_was_attached_is_told_with_both_places) {
  Site site = attachedSite();
  site.target().disks.back().chain[0].path = "[vmfs-02] mt-01/web-01.vmdk";
  const Finding finding = expectOne(site, "FB-SVMOTION", Status::fail, "[vmfs-02] mt-01/web-01.vmdk");
  BOOST_TEST(holds(finding.wanted, "[vmfs-01] web-01/web-01.vmdk"), finding.wanted);
  expectOne(site, "FB-LEDGER", Status::pass, "[vmfs-02]");
}

BOOST_AUTO_TEST_CASE(marks_without_a_job_are_left_over) {
  Site site = attachedSite();
  site.mark(site.home(), "web-01");
  expectOne(site, "FB-LEFTOVERS", Status::pass, "open job");
  site.facts.openJobs.answer->clear();
  expectOne(site, "FB-LEFTOVERS", Status::fail, "marks of this plan");
  site.home().extraConfig.clear();
  expectOne(site, "FB-LEFTOVERS", Status::pass, "no marks");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::provisioning
