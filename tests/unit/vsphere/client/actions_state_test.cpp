// SPDX-License-Identifier: GPL-2.0-or-later
// Power, questions, snapshots, UUIDs of files and overrides, read back from mock-vcenter.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/unit/vsphere/client/mock_vcenter.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

const DrsOverride* overrideOf(const std::vector<DrsOverride>& overrides, const Moref& vm) {
  const auto found =
      std::ranges::find_if(overrides, [&](const DrsOverride& each) { return each.vm.str() == vm.str(); });
  return found == overrides.end() ? nullptr : &*found;
}

template <class Call>
Error refusalOf(Call call) {
  try {
    call();
  } catch (const Failure& failure) {
    return failure.error();
  }
  BOOST_FAIL("not refused");
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(actions_state)

BOOST_AUTO_TEST_CASE(a_vm_is_switched_off_and_on) {
  MockSite site;
  const Moref web = site.vm("web-01");
  site.done(site.act().startPowerOff(web, site.soon()));
  BOOST_TEST(*site.machine(web).powerState == "poweredOff");
  const TaskInfo again = site.ended(site.act().startPowerOff(web, site.soon()));
  BOOST_REQUIRE(again.error);
  BOOST_TEST(again.error->fault == "InvalidPowerState");
  site.done(site.act().startPowerOn(web, site.soon()));
  BOOST_TEST(*site.machine(web).powerState == "poweredOn");
}

BOOST_AUTO_TEST_CASE(a_guest_shuts_down_in_its_own_time) {
  MockSite site;
  const Moref web = site.vm("web-01");
  site.act().shutdownGuest(web, site.soon());
  site.server->simulation().scheduler().advance(std::chrono::minutes(5));
  BOOST_TEST(*site.machine(web).powerState == "poweredOff");
  // Without a running guest there is nobody to ask.
  BOOST_TEST(
      (refusalOf([&] { site.act().shutdownGuest(web, site.soon()); }).category == Category::invalidState));
}

BOOST_AUTO_TEST_CASE(a_question_is_answered_and_the_vm_goes_on) {
  MockSite site("question");
  const Moref web = site.vm("web-01");
  const Moref task = site.act().startPowerOn(web, site.soon());
  site.server->simulation().scheduler().advance(std::chrono::minutes(1));
  const std::optional<Question> asked = site.machine(web).question;
  BOOST_REQUIRE(asked);
  BOOST_REQUIRE(asked->choices.size() == 2u);
  BOOST_TEST(refusalOf([&] { site.act().answer(web, asked->id, "9", site.soon()); }).fault ==
             "InvalidArgument");
  site.act().answer(web, asked->id, asked->choices[0].key, site.soon());
  site.done(task);
  BOOST_TEST(*site.machine(web).powerState == "poweredOn");
  BOOST_TEST(!site.machine(web).question);
}

BOOST_AUTO_TEST_CASE(snapshots_are_taken_reverted_to_and_removed) {
  MockSite site;
  const Moref mt = site.vm("mt-linux-01");
  site.done(site.act().startPowerOff(mt, site.soon()));
  const std::string base = site.machine(mt).disks.at(0).path();
  const TaskInfo first =
      site.done(site.act().startCreateSnapshot(mt, {"before", "a <snapshot>"}, site.soon()));
  const TaskInfo second = site.done(site.act().startCreateSnapshot(mt, {"later", ""}, site.soon()));
  BOOST_REQUIRE(first.result);
  VirtualMachine now = site.machine(mt);
  BOOST_TEST(now.snapshotCount() == 2u);
  BOOST_TEST(now.snapshots.at(0).name == "before");
  BOOST_TEST(now.snapshots.at(0).description == "a <snapshot>");
  BOOST_TEST(now.currentSnapshot->str() == second.result->str());
  BOOST_TEST(now.hasDelta());

  site.done(site.act().startRevertTo(*first.result, site.soon()));
  BOOST_TEST(site.machine(mt).currentSnapshot->str() == first.result->str());
  site.done(site.act().startRemoveSnapshot(*second.result, false, true, site.soon()));
  BOOST_TEST(site.machine(mt).snapshotCount() == 1u);
  site.done(site.act().startRemoveAllSnapshots(mt, true, site.soon()));
  now = site.machine(mt);
  BOOST_TEST(now.snapshotCount() == 0u);
  BOOST_TEST(!now.hasDelta());
  BOOST_TEST(now.disks.at(0).path() == base);
}

BOOST_AUTO_TEST_CASE(a_snapshot_goes_with_its_children) {
  MockSite site;
  const Moref db = site.vm("db-01");
  const VirtualMachine before = site.machine(db);
  BOOST_REQUIRE(before.snapshotCount() == 2u);
  site.done(site.act().startRemoveSnapshot(before.snapshots.at(0).ref, true, true, site.soon()));
  BOOST_TEST(site.machine(db).snapshotCount() == 0u);
}

BOOST_AUTO_TEST_CASE(leftover_deltas_are_consolidated_once_nobody_holds_them) {
  MockSite site("stuck-merge");
  const Moref db = site.vm("db-01"), proxy = site.vm("backup-proxy");
  BOOST_TEST(*site.machine(db).consolidationNeeded);
  const TaskInfo held = site.ended(site.act().startConsolidate(db, site.soon()));
  BOOST_REQUIRE(held.error);
  BOOST_TEST(held.error->hasFault("FileLocked"));
  site.done(site.act().startPowerOff(proxy, site.soon()));
  site.done(site.act().startConsolidate(db, site.soon()));
  const VirtualMachine now = site.machine(db);
  BOOST_TEST(!*now.consolidationNeeded);
  BOOST_TEST(!now.hasDelta());
}

BOOST_AUTO_TEST_CASE(the_uuid_of_a_file_is_changed) {
  MockSite site;
  const Moref web = site.vm("web-01"), datacenter = site.ref("Datacenter", "DC1");
  const Disk disk = site.machine(web).disks.at(0);
  BOOST_TEST(sameUuid(site.act().diskUuid(disk.path(), datacenter, site.soon()), *disk.uuid));
  const std::string other = "6000C29e-1f4a-0a0b-0c0d-0102030405a6";
  // A running machine holds it.
  BOOST_TEST(refusalOf([&] {
               site.act().setDiskUuid(disk.path(), datacenter, other, site.soon());
             }).hasFault("FileLocked"));
  site.done(site.act().startPowerOff(web, site.soon()));
  site.act().setDiskUuid(disk.path(), datacenter, other, site.soon());
  BOOST_TEST(sameUuid(site.act().diskUuid(disk.path(), datacenter, site.soon()), other));
  BOOST_TEST(sameUuid(*site.machine(web).disks.at(0).uuid, other));
  BOOST_TEST((refusalOf([&] {
                site.act().setDiskUuid(disk.path(), datacenter, "6000C29e", site.soon());
              }).category == Category::usage));
  BOOST_TEST(refusalOf([&] {
               (void)site.act().diskUuid("[vmfs-01] no/no.vmdk", datacenter, site.soon());
             }).hasFault("FileNotFound"));
}

BOOST_AUTO_TEST_CASE(a_drs_override_is_set_changed_and_taken_back) {
  MockSite site;
  const Moref mt = site.vm("mt-linux-01"), cluster = site.ref("ClusterComputeResource", "Cluster-1");
  const auto change = [&](DrsOverrideChange what) {
    return site.act().startDrsOverride(cluster, mt, what, site.soon());
  };
  const auto now = [&] { return site.read<Cluster>(cluster); };
  const std::string behavior = now().drsDefaultBehavior.value_or("");
  BOOST_TEST(site.faultOf(change({OverrideAct::remove, {}, {}})) == "InvalidArgument");

  site.done(change({OverrideAct::add, false, {}}));
  Cluster read = now();
  const DrsOverride* found = overrideOf(read.drsOverrides, mt);
  BOOST_REQUIRE(found != nullptr);
  BOOST_TEST(!found->enabled.value_or(true));

  site.done(change({OverrideAct::edit, true, "manual"}));
  read = now();
  found = overrideOf(read.drsOverrides, mt);
  BOOST_REQUIRE(found != nullptr);
  BOOST_TEST(found->enabled.value_or(false));
  BOOST_TEST(found->behavior.value_or("") == "manual");

  site.done(change({OverrideAct::remove, {}, {}}));
  read = now();
  BOOST_TEST((overrideOf(read.drsOverrides, mt) == nullptr));
  // Nothing else of the cluster has changed.
  BOOST_TEST(*read.drsEnabled);
  BOOST_TEST(read.drsDefaultBehavior.value_or("") == behavior);
}

BOOST_AUTO_TEST_CASE(a_storage_drs_override_is_set_changed_and_taken_back) {
  MockSite site;
  const Moref mt = site.vm("mt-linux-01"), pod = site.ref("StoragePod", "VMFS-Cluster");
  const auto change = [&](StorageDrsOverrideChange what) {
    return site.act().startStorageDrsOverride(pod, mt, what, site.soon());
  };
  const auto now = [&] { return site.read<StoragePod>(pod); };
  site.done(change({OverrideAct::add, false, {}, {}}));
  StoragePod read = now();
  const DrsOverride* found = overrideOf(read.sdrsOverrides, mt);
  BOOST_REQUIRE(found != nullptr);
  BOOST_TEST(!found->enabled.value_or(true));

  site.done(change({OverrideAct::add, true, "manual", false}));  // over the one that is there
  read = now();
  found = overrideOf(read.sdrsOverrides, mt);
  BOOST_REQUIRE(found != nullptr);
  BOOST_TEST(found->enabled.value_or(false));
  BOOST_TEST(found->behavior.value_or("") == "manual");
  BOOST_TEST(!found->intraVmAffinity.value_or(true));

  site.done(change({OverrideAct::remove, {}, {}, {}}));
  read = now();
  BOOST_TEST((overrideOf(read.sdrsOverrides, mt) == nullptr));
  BOOST_TEST(*read.sdrsEnabled);
}

BOOST_AUTO_TEST_CASE(a_standalone_host_does_what_it_can) {
  MockSite site("esxi");
  const Moref web = site.vm("web-01");
  const Disk disk = site.machine(web).disks.at(0);
  BOOST_TEST(sameUuid(site.act().diskUuid(disk.path(), {}, site.soon()), *disk.uuid));
  VmChange change;
  change.options = {{"failback.mark", "1"}};
  BOOST_TEST(!site.client->checkConfig(web, change, site.soon()));
  BOOST_TEST(!site.client->checkNewVm({}, {}, site.soon()));
  site.done(site.act().startReconfigure(web, change, site.soon()));
  BOOST_TEST(site.machine(web).extraConfig.at("failback.mark") == "1");
}

BOOST_AUTO_TEST_CASE(an_edition_without_writes_refuses_them) {
  MockSite site("free-licence");
  const Moref vm = site.vm("web-01");
  BOOST_TEST((refusalOf([&] { site.done(site.act().startRename(vm, "other", site.soon())); }).category ==
              Category::licence));
}

BOOST_AUTO_TEST_SUITE_END()
