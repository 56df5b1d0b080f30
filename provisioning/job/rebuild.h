// SPDX-License-Identifier: GPL-2.0-or-later
// The record of a job whose store was lost, made again from what vCenter shows: marks and devices together.
// Neither is trusted alone; where they disagree it is told. What only the journal knew is taken in the way
// that can do no harm. Pure functions; claim.h acts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provisioning/check/world.h"
#include "provisioning/job/protect.h"
#include "provisioning/job/steps.h"
#include "provisioning/store/store.h"

namespace failback::provisioning {

// What vCenter bears of a plan. Points into the world.
struct TargetMarks {
  const TargetView* target = nullptr;
  std::string lockText;                        // empty: there is no lock of this plan
  std::optional<LockNote> lock;                // none: there is none, or it makes no sense
  std::map<std::string, std::string> ledgers;  // by machine id; ledger_mark.h reads them
};
struct PlanMarks {
  std::vector<TargetMarks> targets;  // those of the plan that were found
  // Whose home VM bears marks of its own, not such as a clone carries.
  std::vector<const MachineView*> homes;
};
PlanMarks marksIn(const World& world);

// A job of the plan is under way, though no store here may know it. A VM that a cancelled job has made bears
// its marks for good, and says nothing. `over`: the store here knows that the plan's last job has ended; then
// only disks that are attached, or somebody else's lock, speak against it.
bool tellOfJob(const World& world, const PlanMarks& marks, const std::string& store, bool over);

// Why this store must not take the job for its own: another one holds a master target, or may. Empty: it may,
// as the locks are its own, or have expired. `word`: the operator's, that the other store is lost.
std::string claimRefusal(const World& world, const PlanMarks& marks, const std::string& store,
                         std::int64_t now, bool word);
// The same for one master target as it is now.
std::string claimRefusal(const vsphere::VirtualMachine& target, const Plan& plan, const std::string& store,
                         std::int64_t now, bool word);

// The journal's word for it.
inline constexpr std::string_view rebuildStep = "rebuild";

struct Rebuilt {
  StoredJob job;  // without an id
  std::vector<StoredStep>
      steps;  // of the job, and of each machine: what it was made from; without the job's id
  std::vector<std::string> told;  // what disagrees, and what is not known any more, in sentences
};
// Throws Failure(conflict) when the marks tell of a machine that the plan does not have: it was edited.
// `store`: of the job that is made; `now`: seconds since 1970.
Rebuilt rebuild(const World& world, const PlanMarks& marks, std::int64_t now);

// Of a machine's step "rebuild": whether it may have been started at home since its disks were attached. True
// unless they were attached when the record was made.
bool rebuiltMayHaveRun(const StoredStep& step);
// Overrides whose former values went with the journal, and that are there still: "of web-01 in Pod".
std::vector<std::string> forgottenOverrides(const World& world, const std::vector<StoredStep>& steps);

}  // namespace failback::provisioning
