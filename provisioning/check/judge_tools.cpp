// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/judge_tools.h"

#include <fmt/format.h>

#include <algorithm>

#include "discovery/kind.h"

namespace failback::provisioning {

using vsphere::Datastore;
using vsphere::VirtualMachine;

namespace {

Finding& of(const MachineCase& each, Finding& finding) {
  finding.machine = each.machine.plan->id;
  return finding;
}

std::string blindText(std::vector<std::string> names, std::size_t hidden) {
  std::vector<std::string> parts;
  if (!names.empty()) {
    parts.push_back(
        fmt::format("the devices of {} could not be read: {}", counted(names.size(), "VM"), someOf(names)));
  }
  if (hidden > 0) parts.push_back(fmt::format("{} can't be seen with this account", counted(hidden, "VM")));
  return joined(parts, "; ");
}

}  // namespace

Finding& MachineCase::pass(ObjectName object, std::string property, std::string value) const {
  return of(*this, judgement.pass(std::move(object), std::move(property), std::move(value)));
}
Finding& MachineCase::fail(ObjectName object, std::string property, std::string value,
                           std::string wanted) const {
  return of(*this,
            judgement.fail(std::move(object), std::move(property), std::move(value), std::move(wanted)));
}
Finding& MachineCase::unknown(ObjectName object, std::string property, std::string why,
                              std::string wanted) const {
  return of(*this,
            judgement.unknown(std::move(object), std::move(property), std::move(why), std::move(wanted)));
}

Finding& HomeCase::pass(std::string property, std::string value) const {
  return pass(world.nameOf(machine), std::move(property), std::move(value));
}
Finding& HomeCase::fail(std::string property, std::string value, std::string wanted) const {
  return fail(world.nameOf(machine), std::move(property), std::move(value), std::move(wanted));
}
Finding& HomeCase::unknown(std::string property, std::string why, std::string wanted) const {
  return unknown(world.nameOf(machine), std::move(property), std::move(why), std::move(wanted));
}

std::string HomeCase::unread(std::string_view path) const {
  return provisioning::unread(world, vm.ref, path);
}

Finding& HomeCase::passIfRead(std::initializer_list<const char*> paths, std::string value) const {
  for (const char* path : paths) {
    const std::string why = unread(path);
    if (!why.empty()) return unknown(path, why);
  }
  return pass(*paths.begin(), std::move(value));
}

std::string unread(const World& world, const vsphere::Moref& object, std::string_view path) {
  if (world.hole(object, path) != nullptr) return world.whyUnknown(object, path);
  if (!world.facts().isWhole(object)) return fmt::format("{} was not read", path);
  return {};
}

bool isOurs(const World& world, const VirtualMachine& vm, const MachineView& machine) {
  return world.isOurs(vm, *machine.plan);
}

bool devicesKnown(const World& world, const VirtualMachine& vm) {
  return !vm.disks.empty() || !vm.controllers.empty() || unread(world, vm.ref, devicePath).empty();
}

std::string blindSpots(const World& world) {
  std::vector<std::string> names;
  for (const VirtualMachine& vm : world.inventory().all<VirtualMachine>())
    if (!devicesKnown(world, vm)) names.push_back(vm.name);
  return blindText(std::move(names), 0);
}

std::string blindSpots(const World& world, const Datastore& datastore) {
  std::vector<std::string> names;
  std::size_t hidden = 0;
  for (const Datastore& each : world.inventory().all<Datastore>()) {
    if (!sameDatastore(each, datastore)) continue;
    const std::string why = unread(world, each.ref, "vm");
    if (each.vms.empty() && !why.empty())
      return fmt::format("the VMs of {} are not known: {}", each.name, why);
    for (const vsphere::Moref& ref : each.vms) {
      const auto* vm = world.inventory().find<VirtualMachine>(ref);
      if (vm == nullptr) {
        ++hidden;
      } else if (!devicesKnown(world, *vm)) {
        names.push_back(vm->name);
      }
    }
  }
  return blindText(std::move(names), hidden);
}

bool sameDatastore(const Datastore& a, const Datastore& b) {
  return a.ref == b.ref || (a.url && b.url && !a.url->empty() && *a.url == *b.url);
}

std::vector<const vsphere::Disk*> deltaDisks(const VirtualMachine& vm) {
  std::vector<const vsphere::Disk*> deltas;
  for (const vsphere::Disk& disk : vm.disks) {
    VirtualMachine alone;
    alone.disks = {disk};
    if (alone.hasDelta()) deltas.push_back(&disk);
  }
  return deltas;
}

std::string vmText(const VirtualMachine& vm) {
  const std::string state =
      vm.isTemplate.value_or(false) ? "template" : vm.powerState.value_or("power state not known");
  return fmt::format("{} ({}, {})", vm.name, state,
                     vm.inventoryPath.empty() ? vm.ref.value : vm.inventoryPath);
}

ObjectName diskName(const HomeCase& home, const DiskView& disk) {
  std::string name = disk.plan->id;
  if (disk.device != nullptr && !disk.device->label.empty()) name += fmt::format(" ({})", disk.device->label);
  return {"disk", fmt::format("{} of {}", name, home.vm.name), home.vm.ref.value, home.vm.inventoryPath};
}

std::string errorText(const vsphere::Error& error) {
  return error.fault.empty() ? error.text : fmt::format("{} ({})", error.text, error.fault);
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  return fmt::format("{}", fmt::join(words, between));
}

std::string someOf(const std::vector<std::string>& words, std::size_t most) {
  if (words.size() <= most) return joined(words);
  const std::vector<std::string> first(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(most));
  return fmt::format("{} and {} more", joined(first), words.size() - most);
}

std::string counted(std::size_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

std::string durationText(std::int64_t seconds) {
  constexpr std::int64_t minute = 60, hour = 60 * minute, day = 24 * hour;
  const auto say = [](std::int64_t count, std::string_view unit) {
    return counted(static_cast<std::size_t>(std::max<std::int64_t>(0, count)), unit);
  };
  if (seconds >= 2 * day) return say(seconds / day, "day");
  if (seconds >= 2 * hour) return say(seconds / hour, "hour");
  return seconds >= 2 * minute ? say(seconds / minute, "minute") : say(seconds, "second");
}

}  // namespace failback::provisioning
