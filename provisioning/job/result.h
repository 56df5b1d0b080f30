// SPDX-License-Identifier: GPL-2.0-or-later
// What became of a job, or what it is like now: values, and the document that programs get (docs/job.md).
// Pure functions.
#pragma once

#include <string>

#include "provisioning/job/job.h"

namespace failback::provisioning {

// The machine in a world that was read now, with what the job (or nullptr) has recorded of it.
MachineState stateIn(const World& world, const MachineView& machine, const StoredJob* job);

// The machine as the state shows it; without a verdict (MachineResult::state).
MachineResult describeMachine(const MachineState& state, const MachineView& machine);

// What is where, from a world that was read now and the last job of the plan in the store (nullptr: there is
// none). What is odd stands in MachineResult::why.
JobResult statusOf(const World& world, const StoredJob* job);

// {"schemaVersion", "plan", "job", "state", "machines": [...]}.
std::string resultJson(const JobResult& result);
std::string foreseenJson(const World& world, const std::vector<ForeseenStep>& steps);

}  // namespace failback::provisioning
