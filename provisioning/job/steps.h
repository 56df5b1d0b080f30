// SPDX-License-Identifier: GPL-2.0-or-later
// What has to be done next with one machine: decided from what is there, never from what was done. So a job
// that died goes on by deciding again, and a job that is called twice does nothing twice. Pure functions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provisioning/job/ledger_mark.h"
#include "provisioning/job/merge_tries.h"
#include "provisioning/plan/plan.h"
#include "vsphere/model/virtual_machine.h"
#include "vsphere/model/vm_change.h"

namespace failback::provisioning {

// Where a disk hangs on a master target: bus and unit of a SCSI controller.
struct Slot {
  std::int32_t bus = 0, unit = 0;
};

enum class StepKind {
  nothing,       // the machine is where it should be
  stop,          // it can't go on; Step::obstacle says why
  powerOff,      // home VM
  merge,         // home VM: all its snapshots
  consolidate,   // home VM: deltas that no snapshot needs
  rename,        // a VM that has the home VM's name, as the plan says
  renameBack,    // the same, as it was
  create,        // home VM
  adopt,         // home VM: marks, NICs that stay off, disks that grow
  attach,        // master target
  detach,        // master target
  restore,       // home VM: NICs as they were
  snapshot,      // home VM: the safety snapshot
  powerOn,       // home VM
  revert,        // home VM: to the safety snapshot
  dropSnapshot,  // home VM: the safety snapshot
  unmark,        // home VM: our marks
  unmarkTarget,  // master target: the marks of this machine
  release,       // home VM that a job made: disks that it did not make
  destroy,       // home VM that a job made
  reload,        // both VMs: the server reads them again from their files; changes nothing
  // Of the job as a whole (protector.h).
  lockTarget,    // master target: the lock that other stores see
  unlockTarget,  // master target: that lock taken away
  protect,       // cluster or datastore cluster: overrides
  fix,           // master target or home VM: what a rule found, put right because somebody asked for it
  unfix,         // master target: as it was
  unprotect,     // cluster or datastore cluster: overrides as they were
  // Of merging (steps_merge.h).
  consolidateSnapshot,  // home VM: a snapshot whose removal merges what nothing else does
};
// The word in the journal: "powerOff".
std::string_view toString(StepKind kind);
// It can't be taken back, and needs the plan's consent: powering off, merging, growing a disk.
bool isIrreversible(StepKind kind);

struct Step {
  StepKind kind = StepKind::nothing;
  vsphere::Moref object;     // that is changed; empty for create
  std::string summary;       // "merge 2 snapshots of web-01"
  vsphere::VmChange change;  // of adopt, attach, detach, restore, unmark, unmarkTarget
  vsphere::Moref snapshot;   // of revert, dropSnapshot
  // stop: what stands in the way, and what to do. `nothing` has a summary when something is left as it is.
  std::string obstacle, remedy;
};

// What is known of one machine.
struct MachineState {
  const Plan* plan = nullptr;
  const Machine* machine = nullptr;
  const vsphere::VirtualMachine* home = nullptr;  // nullptr: there is none yet
  const vsphere::VirtualMachine* target = nullptr;
  bool created = false;        // a job made the home VM
  bool neverAttached = false;  // no reprotect has attached any of its disks: nothing was replicated home
  bool reverted = false;       // this very run has reverted it to the safety snapshot
  MergeTries merging;          // in this very run
  bool reloaded = false;       // this very run has let the server read both VMs anew
  // The operator's word: the disks hold what they should, whatever contentId says.
  bool acceptedContent = false;
  // A cancel is to delete what this job made, as long as no data has come to it: the disks as they were read
  // back when the VM had been made; and who else has a disk of it, "" for nobody.
  bool deleteCreated = false;
  std::vector<LedgerEntry> made;
  std::function<std::string(const vsphere::Disk&)> otherUser;
  bool ran = false;         // the journal: it was started at home, or may have been, and not undone since
  std::vector<Slot> slots;  // by index of the plan's disks; those that are promised to them
  // The ledger's record, of a disk that has been attached by this job: its file then. Empty: not attached.
  std::vector<std::string> attachedFiles;
  // Two paths to one file, seen by two VMs (a datastore may have two names).
  std::function<bool(const std::string&, const vsphere::VirtualMachine&, const std::string&,
                     const vsphere::VirtualMachine&)>
      sameFile;
};

inline constexpr std::string_view safetySnapshotName = "failback-safety";

// Towards "attached to the master target" (reprotect).
Step nextOfReprotect(const MachineState& state);
// Towards "detached, at home and running" (failback): up to and with the power-on.
Step nextOfFailback(const MachineState& state);
// Towards "as before the reprotect": everything detached, devices as they were, no marks. A VM that was made
// stays, with its marks, or is deleted (MachineState::deleteCreated).
Step nextOfUndoReprotect(const MachineState& state);
// Towards "attached to the master target", back from a failback: what the machine has written at home since
// is given up, which only a safety snapshot makes possible once it has run.
Step nextOfUndoFailback(const MachineState& state);
// Towards "nothing of ours is left", of a machine that runs at home.
Step nextOfCommit(const MachineState& state);

// Where one disk of the plan is now: "home", "attached" (on both VMs, as it is while protected), "missing",
// "moved" (the master target has it under another file), "twin" (another disk there has its UUID, or its file
// has another UUID there).
struct DiskPlace {
  const vsphere::Disk* home = nullptr;
  const vsphere::Disk* target = nullptr;
  std::string state = "missing";
};
std::vector<DiskPlace> placesOf(const MachineState& state);

// Keys of marks on a master target.
std::string lockMark(const Plan& plan);
std::string ledgerMark(const Plan& plan, const Machine& machine);

}  // namespace failback::provisioning
