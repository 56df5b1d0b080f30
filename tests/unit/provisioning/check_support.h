// SPDX-License-Identifier: GPL-2.0-or-later
// A plan of one machine and a small site that it fits: every rule passes until a test changes one thing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "provisioning/check/judge.h"

namespace failback::provisioning {

// One vCenter, one datacenter DC0 with folder /DC0/vm/prod, cluster c-1 with host esx-01, VMFS vmfs-01 and
// network VM Network; master target mt-01 and home VM web-01 with two disks of 40 and 80 GiB. Depth: whole.
struct Site {
  Plan plan;
  Facts facts;
  Phase phase = Phase::reprotect;

  Site();
  // The same, with the home VM gone, so that it must be made; what lies on vmfs-01 is known, and the account
  // sees all.
  static Site withoutHome();

  Machine& machine() { return plan.machines[0]; }
  SourceDisk& planDisk(std::size_t index = 0) { return machine().source.disks[index]; }
  vsphere::VirtualMachine& home() { return vm("vm-10"); }
  vsphere::VirtualMachine& target() { return vm("vm-20"); }
  vsphere::VirtualMachine& vm(const std::string& value) {
    return find<vsphere::VirtualMachine>("VirtualMachine", value);
  }
  vsphere::Host& host() { return find<vsphere::Host>("HostSystem", "host-1"); }
  vsphere::Datastore& datastore() { return find<vsphere::Datastore>("Datastore", "datastore-1"); }
  vsphere::Network& network() { return find<vsphere::Network>("Network", "network-1"); }
  vsphere::ResourcePool& pool() { return find<vsphere::ResourcePool>("ResourcePool", "resgroup-1"); }

  template <class T>
  T& find(const std::string& type, const std::string& value) {
    for (T& each : facts.inventory.all<T>())
      if (each.ref.type == type && each.ref.value == value) return each;
    throw std::out_of_range(value);
  }
  // Adds an object; all of it was read.
  template <class T>
  T& add(T object) {
    const vsphere::Moref ref = object.ref;
    facts.whole.insert(ref);
    facts.inventory.add(std::move(object));
    return find<T>(ref.type, ref.value);
  }
  // Another VM in /DC0/vm/prod, on esx-01 and vmfs-01, with one disk of its own; powered off.
  vsphere::VirtualMachine& addVm(const std::string& value, const std::string& name);
  // The VM bears this plan's mark, for the machine.
  void mark(vsphere::VirtualMachine& vm, const std::string& machineId = "web-01");
  // A property that could not be read.
  void hide(const vsphere::Moref& object, const std::string& property,
            const std::string& reason = "noPermission");

  // The findings of one rule. Fails the test when the rule has no judge.
  std::vector<Finding> judge(std::string_view rule);
};

vsphere::Moref vmRef(const std::string& value);
vsphere::Moref datastoreRef(const std::string& value);
inline constexpr std::int64_t gib = std::int64_t{1024} * 1024 * 1024;

// The rule has one finding of this status, whose value holds the text. Gives the finding back.
Finding expectOne(Site& site, std::string_view rule, Status status, std::string_view text);
// The same for a site that is changed first; the change stays.
Finding expectOne(Site& site, std::string_view rule, Status status, std::string_view text,
                  const std::function<void(Site&)>& change);
// Of several, the first whose object's name or whose value holds `about`; a failed test when there is none.
Finding findingAbout(const std::vector<Finding>& findings, std::string_view about);
bool holds(std::string_view text, std::string_view part);

}  // namespace failback::provisioning
