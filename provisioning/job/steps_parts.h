// SPDX-License-Identifier: GPL-2.0-or-later
// What the decisions of steps.cpp are made of: each looks at one thing, and says which step it needs, if any.
// Nobody else needs them. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "provisioning/job/steps.h"

namespace failback::provisioning::steps {

Step stop(std::string obstacle, std::string remedy);
Step step(StepKind kind, const vsphere::VirtualMachine& vm, std::string summary);

// Snapshots, deltas, or disks that need consolidation; and in words.
bool hasSnapshots(const vsphere::VirtualMachine& vm);
std::string snapshotText(const vsphere::VirtualMachine& vm);
const vsphere::Snapshot* safetySnapshot(const vsphere::VirtualMachine& home);

// A disk that is missing, moved or a twin.
std::optional<Step> badDisk(const MachineState& state, const std::vector<DiskPlace>& places);
// A disk of the master target has the file of one of the plan's, and not its UUID.
std::optional<Step> doubtfulDisk(const MachineState& state, const std::vector<DiskPlace>& places);
// What is detached can't be started as it is: suspended, with snapshots that are not ours, or started
// already.
std::optional<Step> unready(const MachineState& state);
// The home VM runs, or has snapshots, while its disks are attached: they are not what was replicated any
// more.
std::optional<Step> disturbed(const MachineState& state);
// It has to be powered off, if the plan lets it.
std::optional<Step> quiet(const MachineState& state);
// Its snapshots have to be merged, if the plan lets them.
std::optional<Step> whole(const MachineState& state);
// Marks, NICs that stay off, disks that grow.
// `attached`: disks are on the master target already, and do not grow any more.
std::optional<Step> adoption(const MachineState& state, const std::vector<DiskPlace>& places, bool attached);
Step attachment(const MachineState& state, const std::vector<DiskPlace>& places);
// Of the plan's disks, never of their twins.
Step detachment(const MachineState& state, const std::vector<DiskPlace>& places);
// What its disks hold is shown late: both VMs are to be read anew.
Step reload(const MachineState& state);
// All its disks hold what they held before they were attached: nothing was replicated.
std::optional<Step> unreplicated(const MachineState& state, const std::vector<DiskPlace>& places);
// A disk does not hold any more what it held when it was detached, and the machine itself has not run.
std::optional<Step> rewritten(const MachineState& state, const std::vector<DiskPlace>& places);
// The mark says what the disks hold as they leave the master target.
void recordLeaving(const MachineState& state, const std::vector<DiskPlace>& places,
                   vsphere::VmChange& change);
// The mark of what is attached.
std::string ledgerOf(const MachineState& state, const std::vector<DiskPlace>& places);
// It is deleted, or kept (StepKind::nothing with a summary that says why).
Step deletion(const MachineState& state, const std::vector<DiskPlace>& places);
// Nothing is left on the master target of a machine whose home VM has gone.
Step undoWithoutHome(const MachineState& state);
// Everything that adopting changed, as it was.
std::optional<Step> restoration(const MachineState& state);
// Changed block tracking has still to begin anew: its record lacks what the master target wrote.
bool tracksStale(const vsphere::VirtualMachine& home);
// Our marks are taken from the home VM; from the master target those of this machine.
std::optional<Step> unmarking(const MachineState& state);
std::optional<Step> unmarkingTarget(const MachineState& state);

// Makes of the VM what it will be when the step has succeeded, as far as that can be foreseen.
void pretend(const Step& step, vsphere::VirtualMachine& vm);

}  // namespace failback::provisioning::steps
