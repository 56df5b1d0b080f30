// SPDX-License-Identifier: GPL-2.0-or-later
// What the judges of home VMs and of creation share: one machine before one rule, and words for evidence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "provisioning/check/judge.h"

namespace failback::provisioning {

inline constexpr const char* devicePath = "config.hardware.device";

// One machine, and all that is around it.
struct MachineInWorld {
  const World& world;
  const MachineView& machine;
};

// One machine before one rule. Its findings bear the machine's id.
struct MachineCase : MachineInWorld {
  Judgement& judgement;

  Finding& pass(ObjectName object, std::string property, std::string value) const;
  Finding& fail(ObjectName object, std::string property, std::string value, std::string wanted) const;
  Finding& unknown(ObjectName object, std::string property, std::string why, std::string wanted = {}) const;
};

// A machine whose VM is there: the rules of the home VM.
struct HomeCase : MachineCase {
  const vsphere::VirtualMachine& vm;

  // About the VM itself.
  Finding& pass(std::string property, std::string value) const;
  Finding& fail(std::string property, std::string value, std::string wanted) const;
  Finding& unknown(std::string property, std::string why, std::string wanted = {}) const;
  using MachineCase::fail;
  using MachineCase::pass;
  using MachineCase::unknown;

  // Why the property is not to be relied on; empty when it was read, and what is absent is not there.
  std::string unread(std::string_view path) const;
  // Passes, unless one of the paths was not read: then it is unknown.
  Finding& passIfRead(std::initializer_list<const char*> paths, std::string value) const;
};

// Judges of one machine as judges of the world.
template <void (*judge)(const HomeCase&)>
void eachHomeVm(const World& world, Judgement& judgement) {
  for (const MachineView& machine : world.machines())
    if (machine.vm != nullptr) judge(HomeCase{{{world, machine}, judgement}, *machine.vm});
}
template <void (*judge)(const MachineCase&)>
void eachNewVm(const World& world, Judgement& judgement) {
  for (const MachineView& machine : world.machines())
    if (machine.mustBeCreated()) judge(MachineCase{{world, machine}, judgement});
}

// Why the property of the object is not to be relied on; empty when it was read.
std::string unread(const World& world, const vsphere::Moref& object, std::string_view path);

// The mark is this machine's, not that of another one of the plan.
bool isOurs(const World& world, const vsphere::VirtualMachine& vm, const MachineView& machine);

// Are its disks and adapters known? What a host showed before it was lost counts.
bool devicesKnown(const World& world, const vsphere::VirtualMachine& vm);
// VMs whose devices are not known: of all, or of those that use the datastore, under whatever name a
// datacenter has it. In words ("the devices of 2 VMs could not be read: a, b"); empty when all are known.
std::string blindSpots(const World& world);
std::string blindSpots(const World& world, const vsphere::Datastore& datastore);

// One datastore, seen from one or from two datacenters.
bool sameDatastore(const vsphere::Datastore& a, const vsphere::Datastore& b);

// Disks that lie over a parent, or are named so.
std::vector<const vsphere::Disk*> deltaDisks(const vsphere::VirtualMachine& vm);

// "web-02 (poweredOff, /DC0/vm/web-02)".
std::string vmText(const vsphere::VirtualMachine& vm);
ObjectName diskName(const HomeCase& home, const DiskView& disk);

// What vCenter says, and its fault: "Incompatible device (InvalidVmConfig)".
std::string errorText(const vsphere::Error& error);
std::string joined(const std::vector<std::string>& words, std::string_view between = ", ");
// The first few, and how many there are beside.
std::string someOf(const std::vector<std::string>& words, std::size_t most = 5);
// "1 VM", "2 VMs".
std::string counted(std::size_t count, std::string_view thing);
// "3 days", "5 hours".
std::string durationText(std::int64_t seconds);

}  // namespace failback::provisioning
