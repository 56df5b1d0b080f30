// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/readiness_targets.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "discovery/master_target.h"
#include "provisioning/check/judges_master_target.h"
#include "provisioning/check/world.h"

namespace failback::provisioning {
namespace {

using Vm = ReadinessTargets::Vm;

std::set<vsphere::Moref> datastoresOf(const Vm& vm) {
  std::set<vsphere::Moref> refs;
  for (const vsphere::Disk& disk : vm.disks) {
    for (const vsphere::DiskFile& file : disk.chain) {
      if (file.datastore) refs.insert(*file.datastore);
    }
  }
  return refs;
}

bool isOf(const Vm& vm, OsFamily family) {
  return discovery::osFamilyOf(vm) ==
         (family == OsFamily::windows ? discovery::OsFamily::windows : discovery::OsFamily::linux);
}

bool contains(const ReadinessTargets::Vms& vms, const Vm* vm) {
  return std::find(vms.begin(), vms.end(), vm) != vms.end();
}

}  // namespace

// Less is better.
struct ReadinessTargets::Rank {
  int outOfReach = 0;  // datastores that its host does not mount as it has to
  int unknown = 0;     // datastores of which that is not known
  bool tooFewSlots = false;
  bool asked = false;  // somebody asks about it as a machine
  int used = 0;        // slots

  bool serves() const { return outOfReach == 0 && !tooFewSlots; }
  bool operator<(const Rank& other) const {
    return std::tie(outOfReach, unknown, tooFewSlots, asked, used) <
           std::tie(other.outOfReach, other.unknown, other.tooFewSlots, other.asked, other.used);
  }
};

ReadinessTargets::ReadinessTargets(const Facts& facts) : facts_(facts) {
  if (!facts.openJobs.answer) return;
  jobs_.reserve(facts.openJobs.answer->size());
  for (const StoredJob& each : *facts.openJobs.answer) jobs_.push_back(&each);
}

OsFamily ReadinessTargets::familyOf(const Vm& vm) {
  return isOf(vm, OsFamily::windows) ? OsFamily::windows : OsFamily::linux;
}

void ReadinessTargets::choose(const Vms& named) {
  for (const Vm* each : named) {
    for (const OsFamily family : {OsFamily::linux, OsFamily::windows}) {
      if (isOf(*each, family)) serve(family, each);
    }
  }
}

void ReadinessTargets::choose(const Vms& machines, bool whole) {
  if (!whole) asked_.insert(machines.begin(), machines.end());
  for (const OsFamily family : {OsFamily::linux, OsFamily::windows}) {
    Vms mine;
    std::copy_if(machines.begin(), machines.end(), std::back_inserter(mine),
                 [&](const Vm* each) { return isOf(*each, family); });
    choose(family, mine, whole);
  }
}

void ReadinessTargets::choose(OsFamily family, const Vms& machines, bool whole) {
  const Vms good = candidates(family);
  for (const Vm* each : machines) {
    if (!contains(good, each)) serve(family, best(*each, good));
  }
  if (whole && serving(family).empty() && !good.empty()) serve(family, good.front());
  // Those that could be one themselves, too, need one that reaches them.
  for (const Vm* each : machines) {
    if (!contains(good, each) || serves(*each)) continue;
    const std::set<vsphere::Moref> datastores = datastoresOf(*each);
    const Vm* now = best(*each, serving(family));
    if (now != nullptr && rank(*each, datastores, *now).serves()) continue;
    Vms others = good;
    std::erase(others, each);
    const Vm* better = best(*each, others);
    if (better != nullptr && (now == nullptr || rank(*each, datastores, *better).serves()))
      serve(family, better);
  }
}

void ReadinessTargets::serve(OsFamily family, const Vm* vm) {
  if (vm != nullptr && all_.insert(vm).second) serving_[static_cast<std::size_t>(family)].push_back(vm);
}

// The roomiest first. Of each host two are enough: what it reaches is the same for all of them, and one may
// be the machine in question.
ReadinessTargets::Vms ReadinessTargets::candidates(OsFamily family) const {
  Vms good;
  for (const Vm& vm : facts_.inventory.all<Vm>()) {
    if (isOf(vm, family) &&
        discovery::judgeMasterTarget(vm, facts_.inventory).candidate == discovery::Candidate::yes)
      good.push_back(&vm);
  }
  std::stable_sort(good.begin(), good.end(),
                   [&](const Vm* a, const Vm* b) { return freeSlots(*a) > freeSlots(*b); });
  std::map<vsphere::Moref, int> ofHost;
  std::erase_if(good, [&](const Vm* each) { return ++ofHost[each->host.value_or(vsphere::Moref{})] > 2; });
  return good;
}

const Vm* ReadinessTargets::best(const Vm& machine, const Vms& among) const {
  const std::set<vsphere::Moref> datastores = datastoresOf(machine);
  const Vm* found = nullptr;
  Rank least;
  for (const Vm* each : among) {
    const Rank its = rank(machine, datastores, *each);
    if (found != nullptr && !(its < least)) continue;
    found = each;
    least = its;
  }
  return found;
}

ReadinessTargets::Rank ReadinessTargets::rank(const Vm& machine, const std::set<vsphere::Moref>& datastores,
                                              const Vm& target) const {
  Rank rank;
  for (const vsphere::Moref& ref : datastores) {
    const auto* datastore = facts_.inventory.find<vsphere::Datastore>(ref);
    if (datastore == nullptr || !target.host) continue;
    const Mount mount = mountOn(*datastore, *target.host);
    // What is wrong with the datastore itself is wrong for every master target.
    if (!mount.obstacle.empty() && mount.property.starts_with("host.")) ++rank.outOfReach;
    if (!mount.known) ++rank.unknown;
  }
  const int free = freeSlots(target);
  rank.tooFewSlots = static_cast<int>(machine.disks.size()) > free;
  rank.asked = asked_.contains(&target);
  rank.used = discovery::diskSlots - free;
  return rank;
}

int ReadinessTargets::freeSlots(const Vm& vm) const {
  return discovery::slotsOf(vm).free - promisedSlots(jobs_, vm.instanceUuid.value_or(""));
}

}  // namespace failback::provisioning
