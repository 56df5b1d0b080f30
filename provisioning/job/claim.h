// SPDX-License-Identifier: GPL-2.0-or-later
// Before a verb goes on with a plan's job: is the job this store's? One whose record was lost is made again
// from the marks in vCenter (rebuild.h); one that another store holds is left to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "provisioning/check/world.h"
#include "provisioning/job/job.h"
#include "provisioning/job/runner.h"

namespace failback::provisioning {

// The store has no open job of the plan, and vCenter shows one; or it has one, and another store holds a
// master target of it. Then settleMarked(), the world read anew, claimJob(), and the world once more.
bool mustClaim(const World& world, Store& store, const vsphere::Clock& clock);

// Waits for the end of what runs on the plan's VMs: what a lost journal would have told.
void settleMarked(vsphere::Client& client, const World& world, const vsphere::Context& context);

// The job is this store's from now on: its record is made where there is none, and the locks of this plan are
// taken over where they are not this store's. What disagrees is told as "warning". Throws Failure(busy) when
// another store holds a master target and JobOptions::takeOver is not set, Failure(conflict) when the plan
// was edited.
void claimJob(vsphere::Client& client, Store& store, const World& world, const JobOptions& options,
              const vsphere::Context& context);

// For who only looks. `store`: the id of the store here, empty when there is none; `last`: the plan's last
// job in it, or nullptr.
struct Found {
  std::optional<StoredJob>
      job;             // what marks and devices say, when the store knows no open job; without an id
  std::string advice;  // how to go on, in a sentence; empty: nothing is to be said
};
Found lookAtMarks(const World& world, const std::string& store, const StoredJob* last,
                  const vsphere::Clock& clock);

// When the job ends: overrides that stay, as only the lost journal knew what was there before.
void warnOfForgotten(JobContext& job);

}  // namespace failback::provisioning
