// SPDX-License-Identifier: GPL-2.0-or-later
// The rules of the home VM: each passes on a healthy VM, and finds the one thing that a test changes.
#include <boost/test/unit_test.hpp>

#include "tests/unit/provisioning/check_support.h"

namespace failback::provisioning {
namespace {

using vsphere::VirtualMachine;

vsphere::DiskFile fileOn(const std::string& path) {
  vsphere::DiskFile file;
  file.path = path;
  file.datastore = datastoreRef("datastore-1");
  return file;
}

// The first disk gets a delta over its base, as a snapshot makes one.
void addDelta(VirtualMachine& vm) {
  vsphere::Disk& disk = vm.disks[0];
  disk.chain.insert(disk.chain.begin(), fileOn("[vmfs-01] web-01/web-01-000001.vmdk"));
}
void addSnapshot(VirtualMachine& vm) {
  vsphere::Snapshot child, root;
  child.name = "after-patch";
  root.name = "nightly";
  root.children = {child};
  vm.snapshots = {root};
  addDelta(vm);
}

vsphere::TaskInfo taskOf(const VirtualMachine& vm, const std::string& state) {
  vsphere::TaskInfo task;
  task.ref = {"Task", "task-1", ""};
  task.entity = vm.ref;
  task.name = "CreateSnapshot_Task";
  task.state = state;
  task.queueTime = "2026-03-01T22:00:00Z";
  task.userName = "LAB\\svc-backup";
  return task;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(check_home_vm)

BOOST_AUTO_TEST_CASE(a_healthy_vm_passes_every_rule_and_says_what_was_seen) {
  for (const Judge& judge : homeVmJudges()) {
    if (judge.rule == "VM-STAYS-OFF") continue;  // of failback, below
    Site site;
    const std::vector<Finding> findings = site.judge(judge.rule);
    BOOST_TEST(!findings.empty(), judge.rule);
    for (const Finding& finding : findings) {
      BOOST_TEST_CONTEXT(judge.rule << ": " << finding.value) {
        BOOST_TEST(toString(finding.status) == "pass");
        BOOST_TEST(finding.machine == "web-01");
        BOOST_TEST(!finding.value.empty());
        BOOST_TEST(finding.object.kind == finding.rule->object);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(nothing_passes_when_only_names_were_read) {
  for (const Judge& judge : homeVmJudges()) {
    Site site;
    VirtualMachine thin;
    const VirtualMachine& full = site.home();
    thin.ref = full.ref;
    thin.name = full.name;
    thin.parent = full.parent;
    thin.instanceUuid = full.instanceUuid;
    thin.biosUuid = full.biosUuid;
    site.home() = thin;
    site.facts.whole.erase(thin.ref);
    const std::vector<Finding> findings = site.judge(judge.rule);
    BOOST_TEST(!findings.empty(), judge.rule);
    for (const Finding& finding : findings)
      BOOST_TEST(toString(finding.status) == "unknown", judge.rule << ": " << finding.value);
  }
}

BOOST_AUTO_TEST_CASE(identity_is_one_vm_with_the_disks_of_the_plan) {
  Site several;
  VirtualMachine& clone = several.addVm("vm-11", "web-01-clone");
  clone.instanceUuid = several.home().instanceUuid;
  Finding finding = expectOne(several, "VM-IDENTITY", Status::fail, "2 VMs have instance UUID");
  BOOST_TEST(holds(finding.value, "web-01-clone (poweredOff, /DC0/vm/prod/web-01-clone), vm-11"),
             finding.value);
  // Which is the right one is not known, so nothing else is said of them.
  BOOST_TEST(several.judge("VM-POWER").empty());

  Site otherDisk;
  otherDisk.home().disks[1].uuid = "6000C290-0000-0000-0000-0000000000ff";
  otherDisk.home().disks[1].chain[0] = fileOn("[vmfs-01] web-01/new.vmdk");
  finding = expectOne(otherDisk, "VM-IDENTITY", Status::fail,
                      "1 of 2 disks are not there: scsi0-1 ([vmfs-01] web-01/web-01_1.vmdk with UUID "
                      "6000C290-0000-0000-0000-000000000002)");
  BOOST_TEST(holds(finding.value, "it has instead Hard disk 2: [vmfs-01] web-01/new.vmdk"), finding.value);
  BOOST_TEST((finding.severity == Severity::block));
}

BOOST_AUTO_TEST_CASE(a_vm_that_is_gone_is_told_at_failback_and_holds_up_no_cancel) {
  Site site = Site::withoutHome();
  BOOST_TEST(site.judge("VM-IDENTITY").empty());  // it can be made
  site.phase = Phase::failback;
  Finding finding = expectOne(site, "VM-IDENTITY", Status::fail, "no VM with instance UUID 5000");
  BOOST_TEST((finding.severity == Severity::block));
  site.phase = Phase::cancel;
  finding = expectOne(site, "VM-IDENTITY", Status::fail, "no VM with");
  BOOST_TEST((finding.severity == Severity::warn));
}

BOOST_AUTO_TEST_CASE(state_is_connected_and_no_template) {
  Site site;
  expectOne(site, "VM-STATE", Status::pass, "connected");
  expectOne(site, "VM-STATE", Status::fail, "orphaned",
            [](Site& it) { it.home().connectionState = "orphaned"; });
  Site other;
  expectOne(other, "VM-STATE", Status::fail, "template", [](Site& it) { it.home().isTemplate = true; });
  Site hidden;
  expectOne(hidden, "VM-STATE", Status::unknown, "no permission", [](Site& it) {
    it.home().connectionState.reset();
    it.hide(it.home().ref, "runtime.connectionState");
  });
}

BOOST_AUTO_TEST_CASE(a_running_machine_shows_how_long_and_where) {
  Site site;
  VirtualMachine& vm = site.home();
  vm.powerState = "poweredOn";
  vm.uptimeSeconds = 3 * 86'400 + 100;
  vm.ipAddress = "10.0.0.5";
  vsphere::GuestNic nic;
  nic.ipAddresses = {"10.0.0.5", "fe80::1"};
  vm.guestNics = {nic};
  Finding finding = expectOne(site, "VM-POWER", Status::fail, "poweredOn since 3 days, 10.0.0.5, fe80::1");
  BOOST_TEST(!finding.consented);
  BOOST_TEST((finding.severity == Severity::automatic));
  site.machine().consents.powerOff = true;
  BOOST_TEST(expectOne(site, "VM-POWER", Status::fail, "10.0.0.5").consented);
}

BOOST_AUTO_TEST_CASE(suspended_is_not_off_and_no_consent_is_for_it) {
  Site site;
  site.machine().consents.powerOff = true;
  site.home().powerState = "suspended";
  site.home().suspendTime = "2026-03-01T22:00:00Z";
  const Finding finding = expectOne(site, "VM-POWER", Status::fail, "suspended since 2026-03-01 22:00");
  BOOST_TEST(!finding.consented);
  BOOST_TEST(holds(finding.remedy, "loses"), finding.remedy);
}

BOOST_AUTO_TEST_CASE(whether_it_stayed_off_is_not_known_without_events) {
  Site site;
  site.phase = Phase::failback;
  expectOne(site, "VM-STAYS-OFF", Status::unknown, "no job of this plan is recorded");
  StoredJob job;
  job.plan = site.plan.id;
  job.opened = "2026-11-27T03:00:00Z";
  site.facts.openJobs.answer = {job};
  expectOne(site, "VM-STAYS-OFF", Status::unknown, "events");
  // Of another VM.
  vsphere::Event start;
  start.vm = site.target().ref;
  start.time = "2026-11-27T04:00:00Z";
  start.userName = "night-shift";
  site.facts.starts.answer = {start};
  expectOne(site, "VM-STAYS-OFF", Status::pass, "not started since 2026-11-27T03:00:00Z");
  site.facts.starts.answer->front().vm = site.home().ref;
  expectOne(site, "VM-STAYS-OFF", Status::fail, "started on 2026-11-27T04:00:00Z by night-shift");
  // There may be more than the server gave.
  start.vm = site.target().ref;
  site.facts.starts.answer->assign(1000, start);
  expectOne(site, "VM-STAYS-OFF", Status::unknown, "too many events");
  site.home().powerState = "poweredOn";
  expectOne(site, "VM-STAYS-OFF", Status::fail, "poweredOn");
}

BOOST_AUTO_TEST_CASE(snapshots_are_named_and_merged_by_consent_before_a_reprotect_only) {
  Site site;
  addSnapshot(site.home());
  site.machine().consents.mergeSnapshots = true;
  Finding finding = expectOne(site, "VM-SNAPSHOT", Status::fail, "2 snapshots: nightly, after-patch");
  BOOST_TEST(holds(finding.value, "Hard disk 1 on [vmfs-01] web-01/web-01-000001.vmdk"), finding.value);
  BOOST_TEST(finding.consented);
  BOOST_TEST((finding.severity == Severity::automatic));
  site.phase = Phase::failback;
  finding = expectOne(site, "VM-SNAPSHOT", Status::fail, "nightly");
  BOOST_TEST(!finding.consented);
  BOOST_TEST((finding.severity == Severity::block));
  BOOST_TEST(holds(finding.remedy, "do not merge"), finding.remedy);
}

BOOST_AUTO_TEST_CASE(each_signal_of_a_snapshot_counts_alone) {
  Site delta, pending, hidden;
  expectOne(delta, "VM-SNAPSHOT", Status::fail, "delta disks", [](Site& it) { addDelta(it.home()); });
  const Finding finding = expectOne(pending, "VM-SNAPSHOT", Status::fail, "consolidation",
                                    [](Site& it) { it.home().consolidationNeeded = true; });
  BOOST_TEST(holds(finding.remedy, "Consolidate the disks of web-01"), finding.remedy);
  expectOne(hidden, "VM-SNAPSHOT", Status::unknown, "snapshot could not be read",
            [](Site& it) { it.hide(it.home().ref, "snapshot"); });
}

BOOST_AUTO_TEST_CASE(merging_needs_space_for_the_largest_delta) {
  Site site;
  addSnapshot(site.home());
  // Whatever the deltas hold, they are no larger than their disks.
  expectOne(site, "VM-MERGEABLE", Status::pass, "merging takes 40 GiB at most");
  site.datastore().freeSpaceBytes = 10 * gib;
  expectOne(site, "VM-MERGEABLE", Status::unknown, "layoutEx");
  const auto file = [](std::int32_t key, std::int64_t bytes) {
    vsphere::VmFile each;
    each.key = key;
    each.sizeBytes = bytes;
    return each;
  };
  site.home().files = {file(1, 40 * gib), file(2, 3 * gib)};
  site.home().diskLayouts = {{2000, {{1}, {2}}}};
  expectOne(site, "VM-MERGEABLE", Status::pass, "its largest delta takes 3 GiB");
  site.home().files[1].sizeBytes = 11 * gib;
  const Finding finding = expectOne(site, "VM-MERGEABLE", Status::fail, "vmfs-01 has 10 GiB free");
  BOOST_TEST(finding.property == "layoutEx");
}

BOOST_AUTO_TEST_CASE(a_backup_stands_in_the_way_of_merging) {
  Site site;
  addSnapshot(site.home());
  site.home().disabledMethods = {"RelocateVM_Task"};
  expectOne(site, "VM-MERGEABLE", Status::unknown, "backup");
  site.home().disabledMethods = {"RemoveAllSnapshots_Task"};
  expectOne(site, "VM-MERGEABLE", Status::fail, "RemoveAllSnapshots_Task is disabled");
  // Without a snapshot a server disables that, which says nothing.
  Site clean;
  clean.home().disabledMethods = {"RemoveAllSnapshots_Task"};
  expectOne(clean, "VM-MERGEABLE", Status::pass, "nothing to merge");
}

BOOST_AUTO_TEST_CASE(a_clone_over_its_disk_is_named) {
  Site site;
  VirtualMachine& child = site.addVm("vm-11", "child");
  expectOne(site, "VM-SHARED-BASE", Status::pass, "no other VM");
  child.disks[0].chain.push_back(fileOn("[vmfs-01] web-01/web-01.vmdk"));
  const Finding finding =
      expectOne(site, "VM-SHARED-BASE", Status::fail, "lies over [vmfs-01] web-01/web-01.vmdk");
  BOOST_TEST(holds(finding.value, "child (poweredOff, /DC0/vm/prod/child)"), finding.value);
}

BOOST_AUTO_TEST_CASE(a_home_vm_that_is_itself_a_clone_is_found) {
  Site attached, alone, native;
  VirtualMachine& base = attached.addVm("vm-11", "tmpl");
  base.isTemplate = true;
  attached.home().disks[0].chain.push_back(fileOn("[vmfs-01] tmpl/tmpl.vmdk"));
  expectOne(attached, "VM-SHARED-BASE", Status::fail,
            "Hard disk 1 lies over [vmfs-01] tmpl/tmpl.vmdk, which tmpl (template, /DC0/vm/prod/tmpl) has "
            "attached");
  // The base belongs to nobody that can be seen, and no snapshot made the delta.
  alone.home().disks[0].chain.push_back(fileOn("[vmfs-01] gone/gone.vmdk"));
  expectOne(alone, "VM-SHARED-BASE", Status::unknown, "no snapshot explains");
  native.home().disks[1].nativeUnmanagedLinkedClone = true;
  expectOne(native, "VM-SHARED-BASE", Status::fail, "Hard disk 2 is a linked clone");
}

BOOST_AUTO_TEST_CASE(who_else_uses_the_disks_is_not_known_while_a_vm_is_not_read) {
  Site site;
  VirtualMachine& other = site.addVm("vm-11", "locked");
  other.disks.clear();
  other.controllers.clear();
  site.hide(other.ref, "config");
  expectOne(site, "VM-SHARED-BASE", Status::unknown, "the devices of 1 VM could not be read: locked");
  for (const Finding& finding : site.judge("VM-DISK-FREE"))
    BOOST_TEST(toString(finding.status) == "unknown", finding.value);
  Site hidden;
  hidden.datastore().vms.push_back(vmRef("vm-99"));
  expectOne(hidden, "VM-SHARED-BASE", Status::unknown, "1 VM can't be seen");
}

BOOST_AUTO_TEST_CASE(other_products_that_hold_the_disks_are_named) {
  Site replicated, managed, filtered, firstClass, own;
  expectOne(replicated, "VM-OTHER-DR", Status::fail, "vSphere Replication",
            [](Site& it) { it.home().hasReplicationConfig = true; });
  expectOne(managed, "VM-OTHER-DR", Status::fail, "com.example.backup",
            [](Site& it) { it.home().managedByExtension = "com.example.backup"; });
  expectOne(filtered, "VM-OTHER-DR", Status::fail, "Hard disk 2 has the I/O filter VMW_x",
            [](Site& it) { it.home().disks[1].ioFilters = {"VMW_x"}; });
  expectOne(firstClass, "VM-OTHER-DR", Status::fail, "first-class disk fcd-1",
            [](Site& it) { it.home().disks[0].vDiskId = "fcd-1"; });
  expectOne(own, "VM-OTHER-DR", Status::pass, "no replication", [](Site& it) {
    it.plan.policy.managedBy = "com.example.failback";
    it.home().managedByExtension = "com.example.failback";
  });
}

BOOST_AUTO_TEST_CASE(added_removed_and_resized_disks_are_told) {
  Site added, removed, resized;
  vsphere::Disk third = added.home().disks[1];
  third.key = 2002;
  third.label = "Hard disk 3";
  third.uuid = "6000C290-0000-0000-0000-000000000003";
  third.chain = {fileOn("[vmfs-01] web-01/web-01_2.vmdk")};
  added.home().disks.push_back(third);
  expectOne(added, "VM-CHANGED", Status::fail,
            "Hard disk 3 (80 GiB, [vmfs-01] web-01/web-01_2.vmdk) is not in the plan");
  removed.home().disks.pop_back();
  expectOne(removed, "VM-CHANGED", Status::fail, "scsi0-1 (80 GiB) is not there any more");
  resized.home().disks[0].capacityBytes = 60 * gib;
  expectOne(resized, "VM-CHANGED", Status::fail, "scsi0-0 (Hard disk 1) has 60 GiB and had 40 GiB");
}

BOOST_AUTO_TEST_CASE(a_disk_is_at_least_as_large_as_its_source) {
  Site site;
  site.home().disks[0].capacityBytes = 41 * gib;
  BOOST_TEST(toString(findingAbout(site.judge("VM-DISK-SIZE"), "scsi0-0").status) == "pass");
  site.home().disks[0].capacityBytes = 40 * gib - 512;
  Finding finding = findingAbout(site.judge("VM-DISK-SIZE"), "scsi0-0");
  BOOST_TEST(toString(finding.status) == "fail");
  // Both would read 40 GiB.
  BOOST_TEST(finding.value == "40 GiB (42949672448 bytes)");
  BOOST_TEST((finding.severity == Severity::fix));
  site.machine().consents.extendDisks = true;
  finding = findingAbout(site.judge("VM-DISK-SIZE"), "scsi0-0");
  BOOST_TEST((finding.severity == Severity::automatic && finding.consented));
}

BOOST_AUTO_TEST_CASE(kinds_of_disks_and_their_controllers) {
  const auto with = [](const std::function<void(VirtualMachine&)>& change, Status status,
                       std::string_view text) {
    Site site;
    change(site.home());
    const Finding finding = findingAbout(site.judge("VM-DISK-KIND"), "scsi0-0");
    BOOST_TEST(toString(finding.status) == toString(status));
    BOOST_TEST(holds(finding.value, text), finding.value);
  };
  with([](VirtualMachine& vm) { vm.disks[0].kind = "rdmPhysical"; }, Status::fail, "an RDM (rdmPhysical)");
  with([](VirtualMachine& vm) { vm.controllers[0].type = "VirtualIDEController"; }, Status::fail,
       "an IDE controller");
  with([](VirtualMachine& vm) { vm.controllers[0].sharedBus = "virtualSharing"; }, Status::fail,
       "virtualSharing");
  with([](VirtualMachine& vm) { vm.disks[0].sharing = "sharingMultiWriter"; }, Status::fail,
       "sharingMultiWriter");
  with([](VirtualMachine& vm) { vm.controllers.clear(); }, Status::unknown, "controller");
  with([](VirtualMachine& vm) { vm.disks[0].kind = "unknown"; }, Status::unknown,
       "not known to this version");
  Site planned;
  planned.planDisk().kind = DiskKind::rdm;
  BOOST_TEST(toString(findingAbout(planned.judge("VM-DISK-KIND"), "scsi0-0").status) == "fail");
  planned.home().disks[0].kind = "rdmVirtual";
  BOOST_TEST(toString(findingAbout(planned.judge("VM-DISK-KIND"), "scsi0-0").status) == "pass");
}

BOOST_AUTO_TEST_CASE(a_disk_that_another_vm_has_is_not_free) {
  Site site;
  VirtualMachine& proxy = site.addVm("vm-11", "backup-proxy");
  proxy.disks.push_back(site.home().disks[0]);
  proxy.disks.back().label = "Hard disk 9";
  const Finding finding = findingAbout(site.judge("VM-DISK-FREE"), "scsi0-0");
  BOOST_TEST(toString(finding.status) == "fail");
  BOOST_TEST(
      finding.value ==
      "[vmfs-01] web-01/web-01.vmdk is attached to backup-proxy (poweredOff, /DC0/vm/prod/backup-proxy) as "
      "Hard disk 9");
  BOOST_TEST(holds(finding.remedy, "backup-proxy"), finding.remedy);
  BOOST_TEST(toString(findingAbout(site.judge("VM-DISK-FREE"), "scsi0-1").status) == "pass");
}

BOOST_AUTO_TEST_CASE(a_disk_seen_from_another_datacenter_is_the_same_disk) {
  Site site;
  vsphere::Datastore there = site.datastore();
  there.ref = datastoreRef("datastore-2");
  there.name = "vmfs-01 (1)";
  there.vms = {vmRef("vm-11")};
  site.add(there);
  VirtualMachine& other = site.addVm("vm-11", "web-01-old");
  std::erase(site.datastore().vms, other.ref);
  other.datastores = {there.ref};
  other.disks[0].chain[0].path = "[vmfs-01 (1)] web-01/web-01.vmdk";
  other.disks[0].chain[0].datastore = there.ref;
  BOOST_TEST(holds(findingAbout(site.judge("VM-DISK-FREE"), "scsi0-0").value, "web-01-old"));
  // A datastore of its own is another place.
  site.find<vsphere::Datastore>("Datastore", "datastore-2").url = "ds:///vmfs/volumes/2/";
  BOOST_TEST(toString(findingAbout(site.judge("VM-DISK-FREE"), "scsi0-0").status) == "pass");
  // One whose URL is not known may be either, when the disk's UUID is the same too.
  site.find<vsphere::Datastore>("Datastore", "datastore-2").url.reset();
  site.vm("vm-11").disks[0].uuid = site.home().disks[0].uuid;
  BOOST_TEST(toString(findingAbout(site.judge("VM-DISK-FREE"), "scsi0-0").status) == "unknown");
}

BOOST_AUTO_TEST_CASE(what_this_plan_attached_to_its_master_target_is_done) {
  Site site;
  site.target().disks.push_back(site.home().disks[0]);
  BOOST_TEST(toString(findingAbout(site.judge("VM-DISK-FREE"), "scsi0-0").status) == "fail");
  site.mark(site.home());
  const Finding finding = findingAbout(site.judge("VM-DISK-FREE"), "scsi0-0");
  BOOST_TEST(toString(finding.status) == "pass");
  BOOST_TEST(holds(finding.value, "attached to mt-01 by this plan"), finding.value);
  // A mark that a clone carries is no mark.
  site.home().extraConfig["failback.instance"] = "50000000-0000-0000-0000-000000000099";
  BOOST_TEST(toString(findingAbout(site.judge("VM-DISK-FREE"), "scsi0-0").status) == "fail");
}

BOOST_AUTO_TEST_CASE(datastores_are_mounted_where_the_master_target_runs) {
  Site site;
  expectOne(site, "VM-DATASTORE-RW", Status::pass, "VMFS, mounted read-write on esx-01");
  site.datastore().mounts[0].accessMode = "readOnly";
  const Finding finding = expectOne(site, "VM-DATASTORE-RW", Status::fail,
                                    "vmfs-01 is readOnly on esx-01, where the master target mt-01 runs");
  BOOST_TEST((finding.severity == Severity::block));
  Site unread, hostless;
  unread.datastore().mounts[0].accessMode.reset();
  expectOne(unread, "VM-DATASTORE-RW", Status::unknown, "vmfs-01");
  hostless.target().host.reset();
  expectOne(hostless, "VM-DATASTORE-RW", Status::unknown, "mt-01");
}

BOOST_AUTO_TEST_CASE(thin_disks_that_may_fill_the_datastore_are_a_warning) {
  Site site;
  site.home().disks[1].thin = true;
  site.home().storageUncommittedBytes = 30 * gib;
  site.datastore().freeSpaceBytes = 30 * gib;
  expectOne(site, "VM-DATASTORE-RW", Status::pass, "thin disks may still grow by 30 GiB");
  site.datastore().freeSpaceBytes = 12 * gib;
  const Finding finding =
      expectOne(site, "VM-DATASTORE-RW", Status::fail,
                "vmfs-01 has 12 GiB free, and the thin disks of web-01 may still grow by 30 GiB");
  BOOST_TEST((finding.severity == Severity::warn));
}

BOOST_AUTO_TEST_CASE(encryption_fault_tolerance_and_questions) {
  Site key, tpm, hidden, ft, ftHidden, asked;
  expectOne(key, "VM-ENCRYPTED", Status::fail, "Hard disk 1 is encrypted with key k-1",
            [](Site& it) { it.home().disks[0].keyId = "k-1"; });
  expectOne(tpm, "VM-ENCRYPTED", Status::fail, "virtual TPM", [](Site& it) { it.home().vtpmPresent = true; });
  expectOne(hidden, "VM-ENCRYPTED", Status::unknown, "config.keyId could not be read",
            [](Site& it) { it.hide(it.home().ref, "config.keyId"); });
  expectOne(ft, "VM-FT", Status::fail, "running",
            [](Site& it) { it.home().faultToleranceState = "running"; });
  expectOne(ftHidden, "VM-FT", Status::unknown, "config.ftInfo",
            [](Site& it) { it.hide(it.home().ref, "config.ftInfo.role"); });
  vsphere::Question question;
  question.text = "The disk is full.";
  question.choices = {{"0", "Retry"}, {"1", "Abort"}};
  asked.home().question = question;
  expectOne(asked, "VM-QUESTION", Status::fail, "The disk is full. (0: Retry, 1: Abort)");
}

BOOST_AUTO_TEST_CASE(a_task_of_somebody_else_is_named_and_ours_is_not) {
  Site site;
  site.home().recentTasks = {{"Task", "task-1", ""}};
  expectOne(site, "VM-TASK", Status::unknown, "1 task could not be looked into");
  site.facts.management.answer.emplace().tasks = {taskOf(site.home(), "running")};
  expectOne(site, "VM-TASK", Status::fail, "CreateSnapshot_Task (running) by LAB\\svc-backup");
  site.facts.management.answer->tasks[0].activationId = "failback-1-2";
  expectOne(site, "VM-TASK", Status::pass, "a task of this program");
  site.facts.management.answer->tasks = {taskOf(site.home(), "success")};
  expectOne(site, "VM-TASK", Status::pass, "no task of somebody else");
}

BOOST_AUTO_TEST_CASE(a_task_that_may_not_be_read_is_not_known_and_one_that_is_gone_is_no_obstacle) {
  Site site;
  site.home().recentTasks = {{"Task", "task-1", ""}};
  vsphere::Unreadable entry;
  entry.object = {"Task", "task-1", ""};
  entry.reason = "noPermission";
  site.facts.management.answer.emplace().unreadable = {entry};
  expectOne(site, "VM-TASK", Status::unknown, "task task-1 could not be read: no permission");
  site.facts.management.answer->unreadable[0].reason = "vanished";
  expectOne(site, "VM-TASK", Status::pass, "no task of somebody else");
}

BOOST_AUTO_TEST_CASE(what_a_vm_refuses_tells_of_a_backup_on_a_vcenter) {
  Site site;
  site.home().disabledMethods = {"RelocateVM_Task"};
  expectOne(site, "VM-TASK", Status::unknown, "RelocateVM_Task is disabled");
  site.facts.inventory.vcenter.about.apiType = "HostAgent";
  expectOne(site, "VM-TASK", Status::pass, "no task");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::provisioning
