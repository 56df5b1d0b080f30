// SPDX-License-Identifier: GPL-2.0-or-later
// Reprotect and failback: machine by machine, each step journalled before it is made and read back after.
// Calling a verb again with the same plan goes on where it stopped, whatever stopped it.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "provisioning/check/world.h"
#include "provisioning/job/questions.h"
#include "provisioning/job/steps.h"
#include "provisioning/store/store.h"
#include "vsphere/client.h"
#include "vsphere/clock.h"

namespace failback::provisioning {

// What happens, as it happens.
struct JobEvent {
  // "warning": the job goes on, with less; "step": one begins; "progress": a task goes on; "done", "failed":
  // a step's outcome; "machine": a machine's. "question": a VM asks, and the step's task waits for the
  // answer; "answered": it has one.
  std::string kind;
  std::string machine;  // its name; empty: the job as a whole
  std::string step;     // "attach"; empty of a machine
  std::string text;     // for people
  std::string task;     // "task-17"
  std::optional<std::int32_t> percent;
  std::string state;  // of "machine": its state now
  // Of a task that tells its percents: how long it will take still, if it goes on as it went.
  std::optional<std::int64_t> secondsLeft = std::nullopt;
  std::optional<AskedQuestion> question = std::nullopt;  // of "question"
};

struct DiskResult {
  std::string id;
  std::string uuid;    // as vSphere writes it
  std::string serial;  // as the guest of the master target shows it: lower case, no dashes
  std::string path;
  std::string state;  // DiskPlace::state
  struct Place {
    std::int32_t bus = 0, unit = 0, controllerKey = 0;
  };
  std::optional<Place> mt;
};

struct MachineResult {
  std::string id, name, mode;  // "olr", "alr"
  std::string state;           // "running", "protected", "home", "failed", "interrupted", "waiting"
  std::string vmName, vmMoref, vmInstanceUuid, vmPath;
  std::string masterTarget;
  std::string why, remedy;               // when it stopped
  std::vector<AskedQuestion> questions;  // that its home VM or its master target waits with
  std::string note;                      // what else is to be known of it: what was deleted, or kept
  bool healthy = true;  // false: it runs, and showed no sign of life in its guest within the plan's time
  std::vector<DiskResult> disks;
};

struct JobResult {
  std::string plan, job, kind, state;
  std::vector<MachineResult> machines;  // in the plan's order
  std::vector<std::string> warnings;    // of the job as a whole, in sentences
  std::string note;                     // what else is to be known
};

struct JobOptions {
  std::string owner;  // "user@host, process 4711": who holds what
  // Called from several threads, one at a time.
  std::function<void(const JobEvent&)> onEvent;
  vsphere::Random* random = nullptr;  // nullptr: systemRandom()
  // failback: ids of the machines whose caller has said that the recovery point is applied and that the disks
  // are flushed and offline in the master target.
  std::set<std::string> confirmed;
  // The operator's word that the store which holds the plan's master targets is lost for good (claim.h).
  bool takeOver = false;
  // cancel of a reprotect: delete the VMs that the job has made, as far as no data has come to them.
  bool deleteCreated = false;
  // cancel: take the reprotect back also when the last thing that was done is that a failback was taken back.
  bool cancelReprotect = false;
  // failback: ids of the machines of which somebody has said that their disks hold what they should, though
  // contentId says that nothing was replicated, or that somebody else has written since.
  std::set<std::string> acceptedContent;
};

// Waits until nothing runs any more of what an earlier run of the plan's job had begun. To be called before
// the world is read: what is half done would be judged as somebody else's work.
void settle(vsphere::Client& client, Store& store, const Plan& plan, const JobOptions& options,
            const vsphere::Context& context);

// Each carries out what the plan says with what the world was read to be; the world's facts must be of this
// client and fresh. Machines that fail do not hold up the others: their state and reason stand in the result.
// Throws Failure only when nothing could be begun, or the store can't be written.
JobResult runReprotect(vsphere::Client& client, Store& store, const World& world, const JobOptions& options,
                       const vsphere::Context& context);
JobResult runFailback(vsphere::Client& client, Store& store, const World& world, const JobOptions& options,
                      const vsphere::Context& context);

// Takes back what the plan's open job has done: a reprotect, so that nothing is attached and nothing marked;
// a failback, so that the disks are attached again. Throws Failure(usage) when there is no open job.
JobResult runCancel(vsphere::Client& client, Store& store, const World& world, const JobOptions& options,
                    const vsphere::Context& context);
// Ends a failback: safety snapshots, marks and records are given up, of machines that run at home.
JobResult runCommit(vsphere::Client& client, Store& store, const World& world, const JobOptions& options,
                    const vsphere::Context& context);

// What reprotect would do now, machine by machine, without doing it. Steps that depend on the outcome of
// others are told as far as they can be foreseen.
struct ForeseenStep {
  std::string machine;
  Step step;
  std::optional<vsphere::NewVm> newVm;
};
std::vector<ForeseenStep> foreseeReprotect(const World& world, Store* store);

// Slots of all disks of the plan, by machine id and disk index; those of an open job of this plan stay.
// Throws Failure(insufficient) where a master target has too few.
std::map<std::string, std::vector<Slot>> slotsOf(const World& world, const StoredJob* job);

}  // namespace failback::provisioning
