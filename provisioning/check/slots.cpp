// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/slots.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace failback::provisioning {
namespace {

constexpr std::int32_t units = 16, ownUnit = 7, buses = 4;

// Units of each SCSI controller that are taken.
std::map<std::int32_t, std::set<std::int32_t>> takenUnits(const vsphere::VirtualMachine& vm) {
  std::map<std::int32_t, std::set<std::int32_t>> taken;
  for (const vsphere::Controller& each : vm.controllers)
    taken[each.key].insert(each.scsiCtlrUnitNumber.value_or(ownUnit));
  for (const vsphere::Disk& each : vm.disks) taken[each.controllerKey].insert(each.unitNumber.value_or(-1));
  for (const vsphere::OtherDevice& each : vm.otherDevices) {
    if (each.controllerKey && each.unitNumber) taken[*each.controllerKey].insert(*each.unitNumber);
  }
  return taken;
}

void place(vsphere::VmChange& change, std::int32_t key, const std::set<std::int32_t>& taken,
           std::size_t disks) {
  for (std::int32_t unit = 0; unit < units && change.disks.size() < disks; ++unit) {
    if (taken.contains(unit)) continue;
    vsphere::AttachedDisk& disk = change.disks.emplace_back();
    disk.controllerKey = key;
    disk.unitNumber = unit;
  }
}

}  // namespace

std::optional<vsphere::VmChange> freeSlots(const vsphere::VirtualMachine& vm, std::size_t disks) {
  std::vector<const vsphere::Controller*> present;
  std::set<std::int32_t> busesUsed;
  for (const vsphere::Controller& each : vm.controllers) {
    if (!each.isScsi()) continue;
    busesUsed.insert(each.busNumber);
    if (each.isLsiLogic()) present.push_back(&each);
  }
  std::sort(present.begin(), present.end(),
            [](const auto* a, const auto* b) { return a->busNumber < b->busNumber; });
  vsphere::VmChange change;
  const auto taken = takenUnits(vm);
  for (const vsphere::Controller* each : present) place(change, each->key, taken.at(each->key), disks);
  for (std::int32_t bus = 0; bus < buses && change.disks.size() < disks; ++bus) {
    if (busesUsed.contains(bus)) continue;
    vsphere::AddedController& added = change.controllers.emplace_back();
    if (!present.empty()) added.type = present.front()->type;
    added.busNumber = bus;
    added.key = -1 - bus;
    place(change, added.key, {ownUnit}, disks);
  }
  if (change.disks.size() < disks) return std::nullopt;
  return change;
}

bool isAttached(const World& world, const MachineView& machine, const DiskView& disk,
                const vsphere::VirtualMachine& target) {
  if (machine.vm == nullptr || disk.device == nullptr || !world.isOurs(*machine.vm)) return false;
  const auto users = world.usersOfFile(disk.device->path(), *machine.vm);
  return std::any_of(users.begin(), users.end(),
                     [&](const DiskUser& user) { return user.vm == &target && user.link == 0; });
}

std::optional<vsphere::VmChange> attachment(const World& world, const TargetView& target) {
  std::vector<const vsphere::Disk*> disks;
  for (const MachineView* machine : world.machinesOf(target)) {
    // Files of a machine that runs are locked, and a chain that has to be merged is another one then.
    const bool ready = machine->vm != nullptr && machine->vm->powerState.value_or("") == "poweredOff";
    if (!ready || machine->vm->hasDelta()) continue;
    for (const DiskView& each : machine->disks) {
      const bool there = each.device != nullptr && !each.device->chain.empty();
      if (there && !isAttached(world, *machine, each, *target.vm)) disks.push_back(each.device);
    }
  }
  if (disks.empty()) return std::nullopt;
  auto change = freeSlots(*target.vm, disks.size());
  if (!change) return std::nullopt;
  for (std::size_t i = 0; i < disks.size(); ++i) {
    const vsphere::DiskFile& base = disks[i]->chain.back();
    vsphere::AttachedDisk& disk = change->disks[i];
    disk.file = base.path;
    disk.datastore = base.datastore.value_or(vsphere::Moref{});
    disk.mode = std::string(word(world.plan().policy.diskMode));
    disk.capacityBytes = disks[i]->capacityBytes;
  }
  return change;
}

}  // namespace failback::provisioning
