// SPDX-License-Identifier: GPL-2.0-or-later
// Which master target each machine is judged with, where nobody made a plan. Pure; asks nobody. Holds
// pointers into the facts, which must outlive it unchanged.
#pragma once

#include <array>
#include <set>
#include <unordered_set>
#include <vector>

#include "provisioning/check/facts.h"
#include "provisioning/plan/plan.h"

namespace failback::provisioning {

class ReadinessTargets {
 public:
  using Vm = vsphere::VirtualMachine;
  using Vms = std::vector<const Vm*>;

  explicit ReadinessTargets(const Facts& facts);

  // With those that are named, and no others.
  void choose(const Vms& named);
  // Among all VMs that could be one: what serves a machine is none itself. Where `whole` says that the
  // machines are all that there are, somebody has to serve the others; else those that nobody asked about
  // come first.
  void choose(const Vms& machines, bool whole);

  // Those of a family, each once; in the order in which they were chosen.
  const Vms& serving(OsFamily family) const { return serving_[static_cast<std::size_t>(family)]; }
  bool serves(const Vm& vm) const { return all_.contains(&vm); }
  // The best of those that serve its family: whose host reaches most of the machine's datastores, that has
  // slots enough, that has the most free ones. nullptr when there is none.
  const Vm* of(const Vm& machine) const { return best(machine, serving(familyOf(machine))); }

  static OsFamily familyOf(const Vm& vm);

 private:
  struct Rank;

  Vms candidates(OsFamily family) const;
  void choose(OsFamily family, const Vms& machines, bool whole);
  void serve(OsFamily family, const Vm* vm);
  const Vm* best(const Vm& machine, const Vms& among) const;
  Rank rank(const Vm& machine, const std::set<vsphere::Moref>& datastores, const Vm& target) const;
  // Beside what open jobs have reserved.
  int freeSlots(const Vm& vm) const;

  const Facts& facts_;
  std::vector<const StoredJob*> jobs_;
  std::unordered_set<const Vm*> asked_;  // as machines, by name
  std::array<Vms, 2> serving_;
  std::unordered_set<const Vm*> all_;
};

}  // namespace failback::provisioning
