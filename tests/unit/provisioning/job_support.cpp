// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/provisioning/job_support.h"

#include <boost/test/unit_test.hpp>

#include "provisioning/job/steps_merge.h"
#include "provisioning/plan/identity.h"

namespace failback::provisioning {

using vsphere::Disk;
using vsphere::VirtualMachine;

Homecoming::Homecoming() {
  site.planDisk(1).unit = 1;
  home = site.home();
  target = site.target();
  home.changeVersion = "home-1";
  target.changeVersion = "target-1";
}

Homecoming Homecoming::made() {
  Homecoming result;
  result.created = true;
  VirtualMachine& vm = result.home;
  vm.instanceUuid = derivedInstanceUuid(result.plan(), result.machine());
  vm.extraConfig = marksOf(result.plan(), result.machine(), *vm.instanceUuid, true);
  for (std::size_t i = 0; i < vm.disks.size(); ++i) {
    Disk& disk = vm.disks[i];
    disk.uuid = derivedDiskUuid(result.plan(), result.machine(), result.site.planDisk(i));
    disk.chain.front().uuid = disk.uuid;
    disk.chain.front().path = "[vmfs-01] web-01_1/web-01_" + std::to_string(i) + ".vmdk";
  }
  return result;
}

void Homecoming::consentToAll() {
  machine().consents = {.powerOff = true, .mergeSnapshots = true, .extendDisks = true, .newDiskUuid = true};
}

void Homecoming::attachAll() {
  for (std::size_t i = 0; i < home.disks.size(); ++i) {
    Disk disk = home.disks[i];
    disk.key = 2000 + slots[i].unit;
    disk.unitNumber = slots[i].unit;
    target.disks.push_back(disk);
    attachedFiles.push_back(disk.path());
  }
}

void Homecoming::giveContent() {
  for (std::size_t i = 0; i < home.disks.size(); ++i)
    home.disks[i].chain.back().contentId = "content-" + std::to_string(i);
}

void Homecoming::replicate(std::size_t disk, const std::string& content) {
  written_[home.disks.at(disk).path()] = content;
  for (Disk& each : target.disks)
    if (each.path() == home.disks.at(disk).path()) each.chain.back().contentId = content;
}

void Homecoming::addSnapshot(const std::string& name) {
  vsphere::Snapshot& made = home.snapshots.emplace_back();
  made.name = name;
  made.ref = {"VirtualMachineSnapshot", "snapshot-" + std::to_string(home.snapshots.size()), ""};
  for (Disk& disk : home.disks) {
    vsphere::DiskFile delta = disk.chain.back();
    delta.path.insert(delta.path.size() - std::string(".vmdk").size(),
                      "-00000" + std::to_string(disk.chain.size()));
    disk.chain.insert(disk.chain.begin(), delta);
  }
}

MachineState Homecoming::state() const {
  MachineState result;
  result.plan = &site.plan;
  result.machine = &site.plan.machines.front();
  result.home = exists ? &home : nullptr;
  result.target = &target;
  result.created = created;
  result.ran = ran;
  result.reverted = reverted;
  result.reloaded = reloaded;
  result.acceptedContent = acceptedContent;
  result.deleteCreated = deleteCreated;
  result.made = madeDisks;
  result.otherUser = [this](const Disk&) { return otherUser; };
  result.slots = slots;
  result.attachedFiles = attachedFiles;
  result.sameFile = [](const std::string& a, const VirtualMachine&, const std::string& b,
                       const VirtualMachine&) { return a == b; };
  return result;
}

std::string Homecoming::all(const std::function<Step()>& next) {
  std::string words;
  constexpr int most = 12;
  for (int i = 0; i < most; ++i) {
    const Step step = next();
    words += (words.empty() ? "" : " ") + std::string(toString(step.kind));
    if (step.kind == StepKind::nothing || step.kind == StepKind::stop) return words;
    pretend(step);
  }
  return words + " and so on";
}

void Homecoming::pretend(const Step& step) {
  switch (step.kind) {
    case StepKind::powerOff:
      home.powerState = "poweredOff";
      break;
    case StepKind::powerOn:
      home.powerState = "poweredOn";
      ran = true;
      break;
    case StepKind::merge:
    case StepKind::consolidate:
      home.snapshots.clear();
      home.consolidationNeeded = false;
      for (Disk& disk : home.disks) disk.chain = {disk.chain.back()};
      break;
    case StepKind::consolidateSnapshot:
      addSnapshot(std::string(steps::consolidateSnapshotName));
      break;
    case StepKind::create: {
      const Homecoming other = made();
      home = other.home;
      exists = created = true;
      break;
    }
    case StepKind::destroy:
      BOOST_TEST(step.object.value == home.ref.value);
      exists = created = false;
      break;
    case StepKind::snapshot:
      addSnapshot(std::string(safetySnapshotName));
      break;
    case StepKind::adopt:
    case StepKind::restore:
    case StepKind::unmark:
    case StepKind::release:
      BOOST_TEST(step.object.value == home.ref.value);
      pretendChange(step.change, home);
      break;
    case StepKind::attach:
    case StepKind::detach:
    case StepKind::unmarkTarget:
      BOOST_TEST(step.object.value == target.ref.value);
      pretendChange(step.change, target);
      break;
    case StepKind::reload:
      reloaded = true;
      for (VirtualMachine* vm : {&home, &target}) {
        for (Disk& each : vm->disks)
          if (written_.contains(each.path())) each.chain.back().contentId = written_[each.path()];
      }
      break;
    case StepKind::revert:
      pretendRevert(step);
      break;
    case StepKind::dropSnapshot:
      pretendDrop(step);
      break;
    case StepKind::nothing:
    case StepKind::stop:
    case StepKind::rename:
    case StepKind::renameBack:
    case StepKind::lockTarget:  // these are no machine's
    case StepKind::unlockTarget:
    case StepKind::protect:
    case StepKind::fix:
    case StepKind::unfix:
    case StepKind::unprotect:
      break;
  }
}

void Homecoming::pretendRevert(const Step& step) {
  BOOST_TEST(step.object.value == home.ref.value);
  BOOST_REQUIRE(!home.snapshots.empty());
  BOOST_TEST(step.snapshot.value == home.snapshots.front().ref.value);
  home.powerState = "poweredOff";
  reverted = true;
  ran = false;
}

// Its delta goes into the disk below.
void Homecoming::pretendDrop(const Step& step) {
  const auto gone =
      std::erase_if(home.snapshots, [&](const vsphere::Snapshot& each) { return each.ref == step.snapshot; });
  BOOST_TEST(gone == 1U);
  for (Disk& disk : home.disks) disk.chain.erase(disk.chain.begin());
}

void Homecoming::pretendChange(const vsphere::VmChange& change, VirtualMachine& vm) {
  BOOST_TEST(change.changeVersion == vm.changeVersion.value_or(""));
  vm.changeVersion = "version-" + std::to_string(++version_);
  for (const auto& [key, value] : change.options) {
    vm.extraConfig[key] = value;
    if (value.empty()) vm.extraConfig.erase(key);
  }
  for (const vsphere::NicStart& start : change.nicStarts) {
    for (vsphere::Nic& nic : vm.nics)
      if (nic.key == start.nic.key) nic.startConnected = start.startConnected;
  }
  for (const vsphere::ExtendedDisk& grown : change.extendedDisks) {
    for (Disk& disk : vm.disks)
      if (disk.key == grown.disk.key) disk.capacityBytes = grown.capacityBytes;
  }
  if (!change.bootOrder.empty()) vm.bootOrder = change.bootOrder;
  if (change.changeTrackingEnabled) vm.changeTrackingEnabled = change.changeTrackingEnabled;
  for (const Disk& gone : change.detachedDisks)
    std::erase_if(vm.disks, [&](const Disk& each) { return each.key == gone.key; });
  for (const vsphere::AddedController& added : change.controllers) {
    vsphere::Controller& controller = vm.controllers.emplace_back();
    controller.key = 1000 + added.busNumber;
    controller.type = added.type;
    controller.busNumber = added.busNumber;
  }
  for (const vsphere::AttachedDisk& added : change.disks) {
    std::int32_t key = added.controllerKey;
    for (const vsphere::AddedController& each : change.controllers)
      if (each.key == key) key = 1000 + each.busNumber;
    for (const Disk& each : home.disks) {
      if (each.path() != added.file) continue;
      Disk disk = each;
      disk.key = 2000 + (key - 1000) * 16 + added.unitNumber;
      disk.controllerKey = key;
      disk.unitNumber = added.unitNumber;
      vm.disks.push_back(disk);
    }
  }
}

void expectStop(const Step& step, std::string_view obstacle) {
  BOOST_TEST(toString(step.kind) == "stop", step.summary);
  BOOST_TEST(holds(step.obstacle, obstacle), step.obstacle);
  BOOST_TEST(!step.remedy.empty());
}

void expectKind(const Step& step, StepKind kind) {
  BOOST_TEST(toString(step.kind) == toString(kind), step.summary << step.obstacle);
}

}  // namespace failback::provisioning
