// SPDX-License-Identifier: GPL-2.0-or-later
// What the master target holds, and where it may run: slots, disks, volumes, clusters, habits.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "discovery/master_target.h"
#include "provisioning/check/judge.h"
#include "provisioning/check/judges_master_target.h"
#include "provisioning/check/slots.h"
#include "provisioning/check/split.h"
#include "provisioning/check/wording.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {

using vsphere::Disk;
using vsphere::VirtualMachine;

namespace {

constexpr std::string_view devices = "config.hardware.device";

// False when the devices could not be read; said as unknown then.
bool devicesKnown(const World& world, const VirtualMachine& vm, const ObjectName& name,
                  Judgement& judgement) {
  if (world.facts().isWhole(vm.ref) && world.hole(vm.ref, devices) == nullptr) return true;
  judgement.unknown(name, std::string(devices), world.whyUnknown(vm.ref, devices));
  return false;
}

int disksToAttach(const World& world, const TargetView& target) {
  int count = 0;
  for (const MachineView* machine : world.machinesOf(target)) {
    for (const DiskView& disk : machine->disks) {
      if (!isAttached(world, *machine, disk, *target.vm)) ++count;
    }
  }
  return count;
}

std::string placeOf(const VirtualMachine& vm, const Disk& disk) {
  for (const vsphere::Controller& each : vm.controllers) {
    if (each.key == disk.controllerKey)
      return fmt::format("{}{}:{}", each.isScsi() ? "scsi" : lower(each.type) + " ", each.busNumber,
                         disk.unitNumber.value_or(-1));
  }
  return "no controller";
}

const vsphere::Controller* controllerOf(const VirtualMachine& vm, const Disk& disk) {
  const auto found =
      std::find_if(vm.controllers.begin(), vm.controllers.end(),
                   [&](const vsphere::Controller& each) { return each.key == disk.controllerKey; });
  return found == vm.controllers.end() ? nullptr : &*found;
}

}  // namespace

int promisedSlots(const std::vector<const StoredJob*>& jobs, const std::string& masterTarget) {
  int count = 0;
  for (const StoredJob* job : jobs) {
    for (const StoredDisk& disk : job->disks) {
      if (disk.state == "reserved" && vsphere::sameUuid(disk.masterTarget, masterTarget)) ++count;
    }
  }
  return count;
}

void judgeMtController(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    const VirtualMachine& vm = *target.vm;
    const ObjectName name = world.nameOf(target);
    if (!devicesKnown(world, vm, name, judgement)) return;
    discovery::Fact fact = discovery::judgeControllers(vm);
    const bool paravirtual =
        std::any_of(vm.controllers.begin(), vm.controllers.end(),
                    [](const vsphere::Controller& each) { return each.isParaVirtualScsi(); });
    if (paravirtual) fact.value = "it has a paravirtual SCSI controller (" + fact.value + ")";
    if (fact.verdict == discovery::Verdict::ok)
      judgement.pass(name, std::string(devices), fact.value);
    else if (fact.verdict == discovery::Verdict::unknown)
      judgement.unknown(name, std::string(devices), fact.value);
    else
      judgement.fail(name, std::string(devices), fact.value, "LSI Logic (parallel or SAS), all of one type");
  });
}

namespace {

// How the plan could do with the master targets that there are.
std::string splitText(const World& world) {
  const Split split = proposeSplit(world);
  if (!split.plan) return fmt::format("Add another master target: {}.", split.missing);
  std::vector<std::string> shares;
  shares.reserve(split.shares.size());
  for (const SplitShare& each : split.shares)
    shares.push_back(
        fmt::format("{} disks to {} ({})", each.disks, each.masterTarget, fmt::join(each.machines, ", ")));
  return fmt::format("Split it: {}; check --split FILE writes that plan.", fmt::join(shares, "; "));
}

}  // namespace

void judgeMtSlots(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    const VirtualMachine& vm = *target.vm;
    const ObjectName name = world.nameOf(target);
    if (!devicesKnown(world, vm, name, judgement)) return;
    const discovery::Slots slots = discovery::slotsOf(vm);
    const int wanted = disksToAttach(world, target);
    const int others = promisedSlots(world.otherJobs(), target.plan->instanceUuid);
    std::string seen = fmt::format("{} of {} slots used, {} free, and the plan brings {} disks", slots.used,
                                   discovery::diskSlots, slots.free, wanted);
    if (others > 0) seen += fmt::format("; {} are reserved by other jobs", others);
    if (wanted <= slots.free - others) {
      judgement.pass(name, std::string(devices), seen);
      return;
    }
    judgement.fail(name, std::string(devices), seen, fmt::format("{} free slots", wanted)).remedy =
        splitText(world);
  });
}

void judgeMtDatastore(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    const discovery::Fact fact = discovery::judgeDatastores(target.host, world.inventory());
    const ObjectName name = target.host != nullptr ? world.nameOf("host", *target.host)
                                                   : ObjectName{"host", "of " + target.vm->name, {}, {}};
    if (fact.verdict == discovery::Verdict::ok)
      judgement.pass(name, "datastore", fact.value);
    else if (fact.verdict == discovery::Verdict::unknown)
      judgement.unknown(name, "datastore", fact.value);
    else
      judgement.fail(name, "datastore", fact.value, "a VMFS or vSAN datastore, mounted read-write");
  });
}

namespace {

// Without a slash at the end, and without regard to case: "R:\" is "R:".
std::string plainPath(std::string path) {
  while (path.size() > 1 && (path.back() == '/' || path.back() == '\\')) path.pop_back();
  return lower(path);
}

bool isSystemVolume(const std::string& path) {
  constexpr std::array<std::string_view, 5> systems = {"/", "/boot", "/boot/efi", "c:", "/usr"};
  return std::find(systems.begin(), systems.end(), path) != systems.end();
}

void retentionOf(const World& world, const TargetView& target, Judgement& judgement) {
  const VirtualMachine& vm = *target.vm;
  const ObjectName name = world.nameOf(target);
  const bool windows = discovery::osFamilyOf(vm) == discovery::OsFamily::windows;
  const Retention& plan = target.plan->retention;
  const std::string path = plan.path.empty() ? (windows ? "R:" : "/mnt/retention/") : plan.path;
  const std::string wanted = fmt::format("{} in the guest, not FAT, not empty, no system volume", path);
  if (isSystemVolume(plainPath(path))) {
    judgement.fail(name, "masterTargets.retention.path", fmt::format("{} is a system volume", path), wanted);
    return;
  }
  if (vm.guestVolumes.empty()) {
    judgement.unknown(name, "guest.disk",
                      world.hole(vm.ref, "guest.disk") != nullptr ? world.whyUnknown(vm.ref, "guest.disk")
                                                                  : "VMware Tools report no volumes",
                      wanted);
    return;
  }
  const auto volume =
      std::find_if(vm.guestVolumes.begin(), vm.guestVolumes.end(),
                   [&](const vsphere::GuestVolume& each) { return plainPath(each.path) == plainPath(path); });
  if (volume == vm.guestVolumes.end()) {
    std::vector<std::string> others;
    others.reserve(vm.guestVolumes.size());
    for (const vsphere::GuestVolume& each : vm.guestVolumes) others.push_back(each.path);
    judgement.fail(name, "guest.disk",
                   fmt::format("the guest has no {}; it has {}", path, fmt::join(others, ", ")), wanted);
    return;
  }
  const std::string fileSystem = volume->filesystemType.value_or(plan.fileSystem);
  const std::string kind = lower(fileSystem);
  const std::string seen = fmt::format("{} {} {}", volume->path,
                                       fileSystem.empty() ? "of a file system that is not told" : fileSystem,
                                       sizeText(volume->capacityBytes.value_or(0)));
  if (kind.starts_with("fat") || kind.starts_with("vfat") || kind.starts_with("msdos"))
    judgement.fail(name, "guest.disk.filesystemType", seen, wanted);
  else if (volume->capacityBytes.value_or(1) <= 0)
    judgement.fail(name, "guest.disk.capacity", seen, wanted);
  else if (fileSystem.empty())
    judgement.unknown(name, "guest.disk.filesystemType", seen, wanted).remedy =
        "Look in the guest what the file system is, and say so in the plan (retention.fileSystem).";
  else
    judgement.pass(name, "guest.disk", seen);
}

}  // namespace

void judgeMtRetention(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) { retentionOf(world, target, judgement); });
}

void judgeMtBoot(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    const VirtualMachine& vm = *target.vm;
    const ObjectName name = world.nameOf(target);
    if (!devicesKnown(world, vm, name, judgement)) return;
    const std::string wanted = "a boot order that names its own disk, or its disk at scsi0:0";
    const auto named = std::find_if(vm.bootOrder.begin(), vm.bootOrder.end(),
                                    [](const std::string& each) { return each.starts_with("disk:"); });
    if (named != vm.bootOrder.end()) {
      judgement.pass(name, "config.bootOptions.bootOrder", fmt::format("{}", fmt::join(vm.bootOrder, ", ")));
      return;
    }
    if (vm.disks.empty()) {
      judgement.fail(name, std::string(devices), "it has no disk of its own", wanted);
      return;
    }
    for (const Disk& disk : vm.disks) {
      const vsphere::Controller* controller = controllerOf(vm, disk);
      if (controller == nullptr || !controller->isScsi() || controller->busNumber != 0 ||
          disk.unitNumber.value_or(1) != 0)
        continue;
      judgement.pass(name, std::string(devices), fmt::format("{} is at scsi0:0", disk.path()));
      return;
    }
    judgement.fail(name, std::string(devices),
                   fmt::format("{} is at {}, and no boot order names it", vm.disks.front().path(),
                               placeOf(vm, vm.disks.front())),
                   wanted);
  });
}

namespace {

// A disk that will hang on the master target.
struct Held {
  std::string owner, file;
};

void twinsOf(const World& world, const TargetView& target, Judgement& judgement) {
  std::map<std::string, std::vector<Held>> byUuid;
  std::set<std::string> known;
  const auto hold = [&](const VirtualMachine& vm, const Disk& disk) {
    if (!known.insert(disk.path()).second) return;
    if (disk.uuid && !disk.uuid->empty())
      byUuid[vsphere::normaliseUuid(*disk.uuid)].push_back({vm.name, disk.path()});
    else
      judgement.fail({"disk", disk.path(), vm.ref.value, vm.inventoryPath}, "backing.uuid", "it has no UUID",
                     "a UUID of its own");
  };
  // A disk that hangs on both is one disk, and its own VM's.
  for (const MachineView* machine : world.machinesOf(target)) {
    for (const DiskView& disk : machine->disks) {
      if (disk.device != nullptr) hold(*machine->vm, *disk.device);
    }
  }
  for (const Disk& disk : target.vm->disks) hold(*target.vm, disk);
  bool twins = false;
  for (const auto& [uuid, disks] : byUuid) {
    if (disks.size() < 2) continue;
    twins = true;
    std::string text;
    for (const Held& each : disks)
      text += fmt::format("{}{} of {}", text.empty() ? "" : " and ", each.file, each.owner);
    judgement.fail({"disk", disks.front().file, target.vm->ref.value, target.vm->inventoryPath},
                   "backing.uuid",
                   fmt::format("{} have the UUID {}: they come from one template", text, uuid),
                   "UUIDs that are all different");
  }
  if (!twins)
    judgement.pass(world.nameOf(target), "backing.uuid",
                   fmt::format("{} disks, all different", known.size()));
}

}  // namespace

void judgeMtClone(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    if (devicesKnown(world, *target.vm, world.nameOf(target), judgement)) twinsOf(world, target, judgement);
  });
}

namespace {

bool isInLedger(const World& world, const TargetView& target, const Disk& disk) {
  if (!world.facts().openJobs.answer) return false;
  for (const StoredJob& job : *world.facts().openJobs.answer) {
    for (const StoredDisk& each : job.disks) {
      if (vsphere::sameUuid(each.masterTarget, target.plan->instanceUuid) && each.file == disk.path() &&
          vsphere::sameUuid(each.uuid, disk.uuid.value_or("")))
        return true;
    }
  }
  return false;
}

}  // namespace

void judgeMtForeign(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    const VirtualMachine& vm = *target.vm;
    const ObjectName name = world.nameOf(target);
    if (!devicesKnown(world, vm, name, judgement)) return;
    bool foreign = false;
    for (const Disk& disk : vm.disks) {
      for (const DiskUser& user : world.usersOfFile(disk.path(), vm)) {
        if (user.vm == &vm || world.isOurs(*user.vm) || isInLedger(world, target, disk)) continue;
        foreign = true;
        judgement.fail(name, std::string(devices),
                       fmt::format("{} at {} is a disk of {}, and nothing of this plan put it there",
                                   disk.path(), placeOf(vm, disk), user.vm->inventoryPath),
                       "no disk of another VM");
      }
    }
    if (!foreign)
      judgement.pass(name, std::string(devices), fmt::format("{} disks, all its own", vm.disks.size()));
  });
}

}  // namespace failback::provisioning
