// SPDX-License-Identifier: GPL-2.0-or-later
// Which disk gets which slot of its master target: once for the whole plan, before anything is changed.
#include <fmt/format.h>

#include <algorithm>

#include "provisioning/check/slots.h"
#include "provisioning/job/job.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {
namespace {

using vsphere::VirtualMachine;

const vsphere::Controller* controllerWith(const VirtualMachine& vm, std::int32_t key) {
  const auto found = std::find_if(vm.controllers.begin(), vm.controllers.end(),
                                  [&](const vsphere::Controller& each) { return each.key == key; });
  return found == vm.controllers.end() ? nullptr : &*found;
}

// The master target as it will be when every promise is kept: promised slots hold a disk.
class Promised {
 public:
  explicit Promised(const VirtualMachine& vm) : vm_(vm) {}

  void take(Slot slot) {
    for (const vsphere::Controller& each : vm_.controllers) {
      if (each.isScsi() && each.busNumber == slot.bus) return put(each.key, slot.unit);
    }
    vsphere::Controller controller;
    controller.key = -100 - slot.bus;
    controller.busNumber = slot.bus;
    controller.type = "VirtualLsiLogicController";
    for (const vsphere::Controller& each : vm_.controllers)
      if (each.isLsiLogic()) controller.type = each.type;
    vm_.controllers.push_back(controller);
    put(controller.key, slot.unit);
  }

  std::vector<Slot> free(std::size_t count) const {
    const auto change = freeSlots(vm_, count);
    if (!change)
      vsphere::fail(vsphere::Category::insufficient,
                    fmt::format("{} has no {} free slots for the disks of this plan", vm_.name, count),
                    "use another master target; failback check --split proposes a plan over several");
    std::vector<Slot> slots;
    slots.reserve(count);
    for (const vsphere::AttachedDisk& each : change->disks) {
      const auto* there = controllerWith(vm_, each.controllerKey);
      std::int32_t bus = there != nullptr ? there->busNumber : 0;
      for (const vsphere::AddedController& added : change->controllers)
        if (added.key == each.controllerKey) bus = added.busNumber;
      slots.push_back({bus, each.unitNumber});
    }
    return slots;
  }

 private:
  void put(std::int32_t controllerKey, std::int32_t unit) {
    vsphere::Disk disk;
    disk.controllerKey = controllerKey;
    disk.unitNumber = unit;
    vm_.disks.push_back(disk);
  }

  VirtualMachine vm_;
};

bool isOn(const StoredDisk& disk, const VirtualMachine& target) {
  return target.instanceUuid && vsphere::sameUuid(disk.masterTarget, *target.instanceUuid);
}

// A plan may have been given another master target meanwhile: a slot of the one before is none on this one.
std::optional<Slot> storedSlot(const StoredJob* job, const MachineView& machine, const SourceDisk& disk) {
  if (job == nullptr) return std::nullopt;
  const auto found = std::find_if(job->disks.begin(), job->disks.end(), [&](const StoredDisk& each) {
    return each.machine == machine.plan->id && each.id == disk.id;
  });
  if (found == job->disks.end()) return std::nullopt;
  if (isOn(*found, *machine.target->vm))
    return Slot{static_cast<std::int32_t>(found->bus), static_cast<std::int32_t>(found->unit)};
  if (found->state != "reserved" && found->state != "home")
    vsphere::fail(vsphere::Category::conflict,
                  fmt::format("disk {} of {} was attached to another master target than {} by the open job",
                              disk.id, machine.name, machine.target->vm->name),
                  "end that job with the plan that it began with");
  return std::nullopt;
}

// Of a job whose store is gone: where the disk hangs already.
std::optional<Slot> presentSlot(const World& world, const MachineView& machine, const DiskView& disk) {
  const VirtualMachine& target = *machine.target->vm;
  const VirtualMachine* home = machine.vm != nullptr ? machine.vm : machine.made;
  if (home == nullptr || disk.device == nullptr || !world.isOurs(*home, *machine.plan)) return std::nullopt;
  for (const DiskUser& user : world.usersOfFile(disk.device->path(), *home)) {
    if (user.vm != &target || user.link != 0) continue;
    const auto* controller = controllerWith(target, user.disk->controllerKey);
    if (controller != nullptr && user.disk->unitNumber)
      return Slot{controller->busNumber, *user.disk->unitNumber};
  }
  return std::nullopt;
}

void slotsOn(const World& world, const TargetView& target, const StoredJob* job,
             std::map<std::string, std::vector<Slot>>& slots) {
  if (target.vm == nullptr) return;
  Promised promised(*target.vm);
  for (const StoredJob* other : world.otherJobs()) {
    for (const StoredDisk& disk : other->disks) {
      if (disk.state != "home" && isOn(disk, *target.vm))
        promised.take({static_cast<std::int32_t>(disk.bus), static_cast<std::int32_t>(disk.unit)});
    }
  }
  std::vector<Slot*> open;
  for (const MachineView* machine : world.machinesOf(target)) {
    std::vector<Slot>& own = slots[machine->plan->id];
    own.resize(machine->disks.size());
    for (std::size_t i = 0; i < own.size(); ++i) {
      auto known = storedSlot(job, *machine, *machine->disks[i].plan);
      if (!known) known = presentSlot(world, *machine, machine->disks[i]);
      if (known) {
        own[i] = *known;
        promised.take(*known);
      } else {
        open.push_back(&own[i]);
      }
    }
  }
  if (open.empty()) return;
  const std::vector<Slot> free = promised.free(open.size());
  for (std::size_t i = 0; i < open.size(); ++i) *open[i] = free[i];
}

}  // namespace

std::map<std::string, std::vector<Slot>> slotsOf(const World& world, const StoredJob* job) {
  std::map<std::string, std::vector<Slot>> slots;
  for (const MachineView& machine : world.machines()) slots[machine.plan->id];
  for (const TargetView& target : world.targets()) slotsOn(world, target, job, slots);
  return slots;
}

}  // namespace failback::provisioning
