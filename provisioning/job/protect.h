// SPDX-License-Identifier: GPL-2.0-or-later
// Keeping master targets and home VMs where they are while a job holds them: which DRS and Storage DRS
// overrides that takes, what was there before, what is put back in the end; and the lock that two stores see.
// Decided from what is there and from the journal. Pure functions; protector.h acts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provisioning/check/world.h"
#include "provisioning/job/job.h"
#include "provisioning/store/store.h"
#include "vsphere/model/container.h"
#include "vsphere/model/overrides.h"

namespace failback::provisioning {

// An override that a job holds: off, and all else of it as it was.
struct OverrideLease {
  vsphere::Moref vm;
  std::string name;
  std::optional<vsphere::DrsOverride> was;  // none: there was no override
};

// All of one cluster or datastore cluster: one call sets them.
struct Leases {
  vsphere::Moref object;
  std::string name;
  std::vector<OverrideLease> overrides;

  bool isStorage() const { return object.type == "StoragePod"; }
};

// Clusters and datastore clusters as they were read last.
struct Movers {
  std::vector<vsphere::StoragePod> pods;
  std::vector<vsphere::Cluster> clusters;

  // nullptr: it could not be read.
  const std::vector<vsphere::DrsOverride>* overridesOf(const vsphere::Moref& object) const;
};
// Those that could move what the plan holds.
Movers moversOf(const World& world);

struct WantedLeases {
  std::vector<Leases> leases;
  std::vector<std::string> obstacles;  // what can't be kept from moving, in sentences
};
// Before the first machine is worked on: the rules MT-SDRS and MT-VMOTION say who would be moved.
WantedLeases wantedLeases(const World& world, const Movers& now);
// When all are attached: VMs that were made meanwhile, and master targets whose first disk in a datastore
// cluster is one that they hold now.
WantedLeases wantedAfterwards(const World& world, const std::vector<MachineResult>& machines);

// In the journal, as what was there before: {"name", "overrides": [{"vm", "name", "was"}]}.
std::string leasesJson(const Leases& leases);
// What the journal's steps say that the job holds; of each override, what was there last.
std::vector<Leases> heldLeases(const std::vector<StoredStep>& steps);

struct GivingBack {
  Leases restore;
  std::vector<std::string> changed;  // VMs whose override somebody has changed since: theirs stays
};
GivingBack givingBack(const Leases& held, const std::vector<vsphere::DrsOverride>& now);

// The changes that set them, or (`back`) put back what was there; for a cluster and for a datastore cluster.
vsphere::DrsOverrideChanges drsChanges(const Leases& leases, bool back);
vsphere::StorageDrsOverrideChanges storageDrsChanges(const Leases& leases, bool back);
std::string changesJson(const Leases& leases, bool back);
std::string changeText(const Leases& leases, bool back);  // "keep web-01 where it is in Pod"

// ------------------------------------------------------------------------------------------------- the lock

// The mark lockMark() on a master target.
struct LockNote {
  std::string owner;       // for people
  std::string store;       // Store::id()
  std::int64_t until = 0;  // seconds since 1970
};
// From now; renewed by a call that finds less than half of it left.
inline constexpr std::int64_t lockSeconds = std::int64_t{72} * 3600;

std::string lockText(const LockNote& note);
std::optional<LockNote> lockFrom(std::string_view text);

struct LockDecision {
  bool write = false;     // there is none of this plan's, or it is to be renewed
  std::string refusal;    // not empty: another store holds the master target; who, and until when
  std::string takenOver;  // not empty: whose expired lock of this plan is written over
};
LockDecision lockDecision(const vsphere::VirtualMachine& target, const Plan& plan, const std::string& store,
                          std::int64_t now);
// The plan's lock is there and this store's.
bool holdsLock(const vsphere::VirtualMachine& target, const Plan& plan, const std::string& store);
// Something of this plan is still written down on the master target.
bool hasLedger(const vsphere::VirtualMachine& target, const Plan& plan);

// What a reprotect would set before it works on the first machine.
struct ForeseenProtection {
  StepKind step = StepKind::nothing;
  vsphere::Moref object;
  std::string summary;
  std::string spec;  // JSON
};
std::vector<ForeseenProtection> foreseeProtection(const World& world);

}  // namespace failback::provisioning
