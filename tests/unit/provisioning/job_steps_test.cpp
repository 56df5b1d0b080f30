// SPDX-License-Identifier: GPL-2.0-or-later
// What a reprotect does next. Each way in which such tools have lost data is a case of its own.
#include <boost/test/unit_test.hpp>

#include "provisioning/plan/identity.h"
#include "tests/unit/provisioning/job_support.h"

namespace failback::provisioning {
namespace {

using vsphere::VirtualMachine;

std::string placeWords(const Homecoming& job) {
  std::string words;
  for (const DiskPlace& each : placesOf(job.state())) words += (words.empty() ? "" : " ") + each.state;
  return words;
}

void takeUnit(VirtualMachine& vm, std::int32_t controllerKey, std::int32_t unit) {
  vsphere::OtherDevice device;
  device.controllerKey = controllerKey;
  device.unitNumber = unit;
  vm.otherDevices.push_back(device);
}

vsphere::Nic nicOf(std::int32_t key, std::optional<bool> startConnected) {
  vsphere::Nic nic;
  nic.key = key;
  nic.startConnected = startConnected;
  return nic;
}

std::string optionOf(const Step& step, std::string_view key) {
  const auto found = step.change.options.find(std::string(key));
  return found == step.change.options.end() ? "(none)" : found->second;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(job_steps)

// ------------------------------------------------------------------------------------------------ identity

BOOST_AUTO_TEST_CASE(a_disk_is_attached_where_uuid_and_file_agree) {
  Homecoming job;
  BOOST_TEST(placeWords(job) == "home home");
  job.attachAll();
  BOOST_TEST(placeWords(job) == "attached attached");
  // VirtualDiskManager's way of writing it.
  job.target.disks[1].uuid = "60 00 C2 90 00 00 00 00-00 00 00 00 00 00 00 01";
  BOOST_TEST(placeWords(job) == "attached attached");
  job.exists = false;
  BOOST_TEST(placeWords(job) == "missing missing");
}

BOOST_AUTO_TEST_CASE(one_disk_that_fits_does_not_speak_for_the_others) {
  Homecoming job;
  job.consentToAll();
  job.home.disks.pop_back();
  BOOST_TEST(placeWords(job) == "home missing");
  expectStop(job.reprotect(), "disk scsi0-1 of web-01 is not on web-01");
  expectStop(job.failback(), "disk scsi0-1 of web-01 is not on web-01");
}

BOOST_AUTO_TEST_CASE(a_path_alone_is_no_identity) {
  // Somebody has put another disk where the plan's was.
  Homecoming job;
  job.home.disks[0].uuid = "6000C290-0000-0000-0000-0000000000ff";
  job.home.disks[0].chain[0].uuid = job.home.disks[0].uuid;
  BOOST_TEST(placeWords(job) == "missing home");
  expectStop(job.reprotect(), "disk scsi0-0 of web-01 is not on web-01");
}

BOOST_AUTO_TEST_CASE(a_file_that_the_master_target_has_with_another_uuid_is_neither_attached_nor_free) {
  for (const char* const uuid : {"6000C290-0000-0000-0000-0000000000ff", ""}) {
    Homecoming job;
    job.attachAll();
    job.target.disks[1].uuid = uuid;
    if (job.target.disks[1].uuid->empty()) job.target.disks[1].uuid.reset();
    BOOST_TEST(placeWords(job) == "twin attached");
    // Neither attached again, nor taken as detached and started.
    expectStop(job.reprotect(), "[vmfs-01] web-01/web-01.vmdk");
    expectStop(job.failback(), "[vmfs-01] web-01/web-01.vmdk");
    expectStop(nextOfUndoReprotect(job.state()), "[vmfs-01] web-01/web-01.vmdk");
  }
}

BOOST_AUTO_TEST_CASE(a_uuid_alone_is_no_identity_the_master_target_may_be_of_the_same_template) {
  Homecoming job;
  job.consentToAll();
  job.target.disks[0].uuid = job.home.disks[0].uuid;
  BOOST_TEST(placeWords(job) == "twin home");
  expectStop(job.reprotect(), "has a twin: [vmfs-01] mt-01/mt-01.vmdk on mt-01");
  // The master target's own disk is not taken away from it, whatever the job is.
  expectStop(job.failback(), "has a twin");
  expectKind(nextOfUndoReprotect(job.state()), StepKind::nothing);
}

BOOST_AUTO_TEST_CASE(a_twin_beside_the_disk_itself_does_not_hide_it) {
  Homecoming job;
  job.attachAll();
  job.target.disks[0].uuid = job.home.disks[0].uuid;
  BOOST_TEST(placeWords(job) == "attached attached");
}

BOOST_AUTO_TEST_CASE(a_disk_that_was_attached_and_has_another_file_has_moved) {
  Homecoming job;
  job.consentToAll();
  job.attachAll();
  job.target.disks[2].chain[0].path = "[vmfs-02] mt-01/web-01_1.vmdk";
  BOOST_TEST(placeWords(job) == "attached moved");
  expectStop(job.reprotect(), "[vmfs-02] mt-01/web-01_1.vmdk");
  expectStop(job.failback(), "[vmfs-02] mt-01/web-01_1.vmdk");
}

BOOST_AUTO_TEST_CASE(two_names_of_one_datastore_are_one_file) {
  Homecoming job;
  job.attachAll();
  for (const std::size_t i : {1U, 2U}) job.target.disks[i].chain[0].path.replace(0, 9, "[vmfs-01 (1)]");
  MachineState state = job.state();
  BOOST_TEST(placesOf(state)[0].state == "moved");
  state.sameFile = [](const std::string& a, const VirtualMachine&, const std::string& b,
                      const VirtualMachine&) { return a.substr(a.find(']')) == b.substr(b.find(']')); };
  BOOST_TEST(placesOf(state)[0].state == "attached");
}

BOOST_AUTO_TEST_CASE(disks_of_a_created_vm_that_bear_other_uuids_are_known_by_their_place) {
  Homecoming job = Homecoming::made();
  BOOST_TEST(placeWords(job) == "home home");
  for (vsphere::Disk& disk : job.home.disks) disk.uuid->replace(0, 8, "6000C2ff");
  for (vsphere::Disk& disk : job.home.disks) disk.chain[0].uuid = disk.uuid;
  std::swap(job.home.disks[0], job.home.disks[1]);
  const auto places = placesOf(job.state());
  BOOST_TEST(places[0].home == &job.home.disks[1]);
  BOOST_TEST(places[1].home == &job.home.disks[0]);
  // One of another size is none of them; and an original is never known so.
  job.home.disks[0].capacityBytes += gib;
  BOOST_TEST(placeWords(job) == "home missing");
  job.created = false;
  BOOST_TEST(placeWords(job) == "missing missing");
}

// ---------------------------------------------------------------------------------------------- before it

BOOST_AUTO_TEST_CASE(a_running_vm_is_powered_off_only_with_consent) {
  Homecoming job;
  job.home.powerState = "poweredOn";
  expectStop(job.reprotect(), "web-01 runs, and the plan does not let it be powered off");
  job.machine().consents.powerOff = true;
  expectKind(job.reprotect(), StepKind::powerOff);
  BOOST_TEST(isIrreversible(StepKind::powerOff));
}

BOOST_AUTO_TEST_CASE(suspended_is_not_off_nor_is_what_cannot_be_read) {
  Homecoming job;
  job.consentToAll();
  job.home.powerState = "suspended";
  expectStop(job.reprotect(), "web-01 is suspended");
  job.home.powerState.reset();
  expectStop(job.reprotect(), "can't be read");
}

BOOST_AUTO_TEST_CASE(snapshots_are_merged_only_with_consent_and_only_when_it_is_off) {
  Homecoming job;
  job.addSnapshot("before-upgrade");
  expectStop(job.reprotect(), "web-01 has 1 snapshot, and the plan does not let them be merged");
  job.consentToAll();
  expectKind(job.reprotect(), StepKind::merge);
  job.home.powerState = "poweredOn";
  expectKind(job.reprotect(), StepKind::powerOff);
  BOOST_TEST(isIrreversible(StepKind::merge));
}

BOOST_AUTO_TEST_CASE(deltas_that_no_snapshot_needs_are_no_base_to_write_to) {
  Homecoming job;
  job.addSnapshot("lost");
  job.home.snapshots.clear();
  expectStop(job.reprotect(), "web-01 has delta disks");
  job.consentToAll();
  expectKind(job.reprotect(), StepKind::consolidate);
  // One that was attached to another VM hides its chain, and shows it in its name.
  Homecoming named;
  named.home.disks[0].chain[0].path = "[vmfs-01] web-01/web-01-000002.vmdk";
  expectStop(named.reprotect(), "web-01 has delta disks");
  Homecoming flagged;
  flagged.home.consolidationNeeded = true;
  expectStop(flagged.reprotect(), "consolidation");
}

BOOST_AUTO_TEST_CASE(a_smaller_disk_grows_only_with_consent_and_a_larger_one_stays) {
  Homecoming job;
  job.home.disks[0].capacityBytes = 39 * gib;
  job.home.disks[1].capacityBytes = 90 * gib;
  expectStop(job.reprotect(), "disk scsi0-0 of web-01 is smaller");
  job.consentToAll();
  const Step step = job.reprotect();
  expectKind(step, StepKind::adopt);
  BOOST_REQUIRE_EQUAL(step.change.extendedDisks.size(), 1U);
  BOOST_TEST(step.change.extendedDisks[0].capacityBytes == 40 * gib);
}

// ------------------------------------------------------------------------------------------------ adopting

BOOST_AUTO_TEST_CASE(adopting_marks_the_vm_and_remembers_what_it_changes) {
  Homecoming job;
  job.home.nics = {nicOf(4000, true), nicOf(4001, false), nicOf(4002, std::nullopt)};
  job.home.changeTrackingEnabled = true;
  const Step step = job.reprotect();
  expectKind(step, StepKind::adopt);
  BOOST_TEST(optionOf(step, markPlan) == job.plan().id);
  BOOST_TEST(optionOf(step, markMachine) == "web-01");
  BOOST_TEST(optionOf(step, markInstance) == *job.home.instanceUuid);
  BOOST_TEST(optionOf(step, markCreated) == "(none)");
  BOOST_TEST(optionOf(step, markNics) == "4000,4002");
  BOOST_TEST(optionOf(step, markTracking) == "on");
  BOOST_TEST(step.change.nicStarts.size() == 2U);
  BOOST_TEST(step.change.changeVersion == "home-1");
  BOOST_TEST(!isIrreversible(StepKind::adopt));
}

BOOST_AUTO_TEST_CASE(adopting_is_not_done_twice) {
  Homecoming job;
  job.home.changeTrackingEnabled = true;
  job.pretend(job.reprotect());
  const auto marks = job.home.extraConfig;
  expectKind(job.reprotect(), StepKind::attach);
  // Half of it can't be, but a store that is lost, or an older run, may have left less.
  job.home.extraConfig.erase(std::string(markMachine));
  job.pretend(job.reprotect());
  BOOST_TEST(job.home.extraConfig == marks);
  BOOST_TEST(job.home.extraConfig.at(std::string(markNics)) == "4000");
}

BOOST_AUTO_TEST_CASE(marks_that_a_clone_carries_do_not_keep_its_adapters_on) {
  // The original was adopted; its clone became the home VM, and its adapter is on.
  Homecoming job;
  job.site.mark(job.home);
  job.home.extraConfig[std::string(markInstance)] = "50000000-0000-0000-0000-000000000099";
  job.home.extraConfig[std::string(markNics)] = "4000";
  job.home.nics = {nicOf(4000, true), nicOf(4001, true)};
  const Step step = job.reprotect();
  expectKind(step, StepKind::adopt);
  BOOST_TEST(optionOf(step, markInstance) == *job.home.instanceUuid);
  BOOST_TEST(step.change.nicStarts.size() == 2U);
  BOOST_TEST(optionOf(step, markNics) == "4000,4001");
}

BOOST_AUTO_TEST_CASE(change_tracking_that_is_on_again_has_to_begin_anew_again) {
  // A failback had begun to reset it, and somebody has switched it on meanwhile.
  Homecoming job;
  job.home.changeTrackingEnabled = true;
  job.home.extraConfig[std::string(markTracking)] = "reset";
  BOOST_TEST(optionOf(job.reprotect(), markTracking) == "on");
}

BOOST_AUTO_TEST_CASE(a_clone_that_carries_our_marks_is_not_ours) {
  Site site = Site::withoutHome();
  VirtualMachine& clone = site.addVm("vm-30", "web-01-clone");
  site.mark(clone);
  clone.extraConfig[std::string(markCreated)] = "true";
  {
    const World world(site.plan, site.facts, Phase::reprotect);
    BOOST_TEST(world.machines()[0].made == &clone);
  }
  clone.extraConfig[std::string(markInstance)] = "50000000-0000-0000-0000-000000000010";
  const World world(site.plan, site.facts, Phase::reprotect);
  BOOST_TEST(!world.isOurs(clone, site.machine()));
  BOOST_TEST(world.machines()[0].made == nullptr);
}

// ------------------------------------------------------------------------------------------------ attaching

BOOST_AUTO_TEST_CASE(all_disks_are_attached_in_one_change_without_touching_a_file) {
  Homecoming job;
  job.pretend(job.reprotect());
  const Step step = job.reprotect();
  expectKind(step, StepKind::attach);
  BOOST_TEST(step.object.value == "vm-20");
  BOOST_TEST(step.change.changeVersion == "target-1");
  BOOST_TEST(step.change.createdDisks.empty());
  BOOST_TEST(step.change.detachedDisks.empty());
  BOOST_TEST(step.change.controllers.empty());
  BOOST_REQUIRE_EQUAL(step.change.disks.size(), 2U);
  const vsphere::AttachedDisk& disk = step.change.disks[1];
  BOOST_TEST(disk.file == "[vmfs-01] web-01/web-01_1.vmdk");
  BOOST_TEST(disk.datastore.value == "datastore-1");
  BOOST_TEST(disk.mode == "independent_persistent");
  BOOST_TEST(disk.controllerKey == 1000);
  BOOST_TEST(disk.unitNumber == 2);
  const std::string ledger = optionOf(step, ledgerMark(job.plan(), job.machine()));
  BOOST_TEST(holds(ledger, *job.home.disks[0].uuid), ledger);
  BOOST_TEST(holds(ledger, "[vmfs-01] web-01/web-01_1.vmdk"), ledger);
  BOOST_TEST(holds(ledger, "0:2"), ledger);
}

BOOST_AUTO_TEST_CASE(of_a_machine_that_is_partly_attached_only_the_rest_is) {
  Homecoming job;
  job.pretend(job.reprotect());
  job.attachAll();
  job.target.disks.pop_back();
  const Step step = job.reprotect();
  expectKind(step, StepKind::attach);
  BOOST_REQUIRE_EQUAL(step.change.disks.size(), 1U);
  BOOST_TEST(step.change.disks[0].file == "[vmfs-01] web-01/web-01_1.vmdk");
  BOOST_TEST(step.change.disks[0].unitNumber == 2);
}

BOOST_AUTO_TEST_CASE(a_promised_slot_that_something_else_took_stops_the_job) {
  Homecoming job;
  job.pretend(job.reprotect());
  takeUnit(job.target, 1000, 2);
  expectStop(job.reprotect(), "scsi0:2 of mt-01 was promised to disk scsi0-1 of web-01");
  Homecoming other;
  other.pretend(other.reprotect());
  vsphere::Disk disk = other.target.disks[0];
  disk.unitNumber = 1;
  other.target.disks.push_back(disk);
  expectStop(other.reprotect(), "scsi0:1 of mt-01 was promised to disk scsi0-0 of web-01");
}

BOOST_AUTO_TEST_CASE(unit_7_is_the_controllers_own) {
  Homecoming job;
  job.slots[1] = {0, 7};
  job.pretend(job.reprotect());
  expectStop(job.reprotect(), "scsi0:7");
  job.slots[1] = {1, 7};
  expectStop(job.reprotect(), "scsi1:7");
}

BOOST_AUTO_TEST_CASE(controllers_are_added_where_they_are_missing_once_and_of_the_type_that_is_there) {
  Homecoming job;
  job.target.controllers[0].type = "VirtualLsiLogicSASController";
  job.slots = {{1, 0}, {1, 1}};
  job.pretend(job.reprotect());
  const Step step = job.reprotect();
  expectKind(step, StepKind::attach);
  BOOST_REQUIRE_EQUAL(step.change.controllers.size(), 1U);
  BOOST_TEST(step.change.controllers[0].type == "VirtualLsiLogicSASController");
  BOOST_TEST(step.change.controllers[0].busNumber == 1);
  BOOST_TEST(step.change.controllers[0].key < 0);
  for (const vsphere::AttachedDisk& each : step.change.disks)
    BOOST_TEST(each.controllerKey == step.change.controllers[0].key);
  job.pretend(step);
  BOOST_TEST(job.reprotectAll() == "nothing");
}

BOOST_AUTO_TEST_CASE(no_disk_goes_onto_a_paravirtual_controller) {
  Homecoming job;
  vsphere::Controller other = job.target.controllers[0];
  other.key = 1001;
  other.busNumber = 1;
  other.type = "ParaVirtualSCSIController";
  job.target.controllers.push_back(other);
  job.slots[1] = {1, 0};
  job.pretend(job.reprotect());
  expectStop(job.reprotect(), "scsi1:0");
}

// ----------------------------------------------------------------------------------------- while attached

BOOST_AUTO_TEST_CASE(a_snapshot_that_appears_while_disks_are_attached_is_never_merged) {
  Homecoming job;
  job.consentToAll();
  job.reprotectAll();
  job.attachedFiles = {job.home.disks[0].path(), job.home.disks[1].path()};
  job.addSnapshot("nightly");
  for (const Step& step : {job.reprotect(), job.failback()}) {
    expectStop(step, "web-01 has 1 snapshot while its disks are attached to mt-01");
    BOOST_TEST(holds(step.remedy, "never merge it"), step.remedy);
  }
  // Even when only one of them is there, or the list does not show it.
  job.target.disks.pop_back();
  expectStop(job.reprotect(), "while its disks are attached");
  job.home.snapshots.clear();
  expectStop(job.reprotect(), "while its disks are attached");
  for (vsphere::Disk& disk : job.home.disks) disk.chain = {disk.chain.back()};
  job.home.consolidationNeeded = true;
  expectStop(job.reprotect(), "while its disks are attached");
}

BOOST_AUTO_TEST_CASE(a_vm_that_runs_while_its_disks_are_attached_is_not_touched) {
  Homecoming job;
  job.consentToAll();
  job.attachAll();
  for (const char* const power : {"poweredOn", "suspended"}) {
    job.home.powerState = power;
    expectStop(job.reprotect(), "while its disks are attached to mt-01");
    expectStop(job.failback(), "while its disks are attached to mt-01");
  }
  job.home.powerState.reset();
  expectStop(job.failback(), "while its disks are attached to mt-01");
  // One disk is enough.
  job.home.powerState = "poweredOn";
  job.target.disks.pop_back();
  expectStop(job.reprotect(), "web-01 is poweredOn while its disks are attached to mt-01");
}

// ------------------------------------------------------------------------------------------------- the whole

BOOST_AUTO_TEST_CASE(an_original_with_snapshots_gets_there_and_stays) {
  Homecoming job;
  job.consentToAll();
  job.home.powerState = "poweredOn";
  job.addSnapshot("before-upgrade");
  job.addSnapshot("after-upgrade");
  BOOST_TEST(job.reprotectAll() == "powerOff merge adopt attach nothing");
  BOOST_TEST(job.reprotectAll() == "nothing");
  BOOST_TEST(placeWords(job) == "attached attached");
}

BOOST_AUTO_TEST_CASE(a_lost_vm_is_created_once_and_gets_there) {
  Homecoming job;
  job.exists = false;
  const Step step = job.reprotect();
  expectKind(step, StepKind::create);
  BOOST_TEST(holds(step.summary, "web-01"), step.summary);
  BOOST_TEST(job.reprotectAll() == "create attach nothing");
  BOOST_TEST(job.reprotectAll() == "nothing");
  // Its adapters are as the plan wants them; it has never been in the network.
  BOOST_TEST(!job.home.extraConfig.contains(std::string(markNics)));
}

BOOST_AUTO_TEST_CASE(a_created_vm_whose_disks_got_other_uuids_gets_there_and_stays) {
  Homecoming job = Homecoming::made();
  for (vsphere::Disk& disk : job.home.disks) {
    disk.uuid->replace(0, 8, "6000C2ff");
    disk.chain[0].uuid = disk.uuid;
  }
  BOOST_TEST(job.reprotectAll() == "attach nothing");
  BOOST_TEST(placeWords(job) == "attached attached");
  BOOST_TEST(job.failBackAll() == "detach powerOn nothing");
}

BOOST_AUTO_TEST_CASE(a_created_vm_without_its_marks_gets_them_before_anything_is_attached) {
  Homecoming job = Homecoming::made();
  job.home.extraConfig.erase(std::string(markCreated));
  const Step step = job.reprotect();
  expectKind(step, StepKind::adopt);
  BOOST_TEST(optionOf(step, markCreated) == "true");
  BOOST_TEST(job.reprotectAll() == "adopt attach nothing");
}

BOOST_AUTO_TEST_CASE(wherever_a_job_dies_the_next_one_goes_on_from_there) {
  constexpr std::size_t steps = 4;
  for (std::size_t died = 0; died <= steps; ++died) {
    Homecoming job;
    job.consentToAll();
    job.home.powerState = "poweredOn";
    job.addSnapshot("before-upgrade");
    for (std::size_t i = 0; i < died; ++i) job.pretend(job.reprotect());
    // Whoever goes on knows no more than what is there.
    Homecoming next = job;
    BOOST_TEST(holds("powerOff merge adopt attach nothing", next.reprotectAll()));
    BOOST_TEST(placeWords(next) == "attached attached");
  }
}

BOOST_AUTO_TEST_CASE(a_vm_that_was_made_boots_as_its_source_did) {
  Homecoming job = Homecoming::made();
  job.machine().source.bootOrder = "cdrom,disk:scsi0-1,disk:gone";
  const Step step = job.reprotect();
  expectKind(step, StepKind::adopt);
  BOOST_REQUIRE(step.change.bootOrder.size() == 2U);
  BOOST_TEST(step.change.bootOrder[0] == "cdrom");
  BOOST_TEST(step.change.bootOrder[1] == "disk:" + std::to_string(job.home.disks[1].key));
  BOOST_TEST(job.reprotectAll() == "adopt attach nothing");
  // One that is there keeps its own.
  Homecoming present;
  present.machine().source.bootOrder = "cdrom";
  BOOST_TEST(present.reprotect().change.bootOrder.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::provisioning
