// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "provisioning/check/disk_match.h"
#include "provisioning/job/steps_parts.h"
#include "provisioning/plan/identity.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {

using vsphere::Disk;
using vsphere::VirtualMachine;
using namespace steps;  // NOLINT(google-build-using-namespace): what this file is made of

std::string_view toString(StepKind kind) {
  constexpr std::array<std::string_view, 28> names = {
      "nothing",     "stop",         "powerOff",     "merge",
      "consolidate", "rename",       "renameBack",   "create",
      "adopt",       "attach",       "detach",       "restore",
      "snapshot",    "powerOn",      "revert",       "dropSnapshot",
      "unmark",      "unmarkTarget", "release",      "destroy",
      "reload",      "lockTarget",   "unlockTarget", "protect",
      "fix",         "unfix",        "unprotect",    "consolidateSnapshot"};
  return names[static_cast<std::size_t>(kind)];
}

bool isIrreversible(StepKind kind) {
  return kind == StepKind::powerOff || kind == StepKind::merge || kind == StepKind::consolidate;
}

std::string lockMark(const Plan& plan) {
  return std::string(markTarget) + lower(plan.id);
}
std::string ledgerMark(const Plan& plan, const Machine& machine) {
  return lockMark(plan) + "." + machine.id;
}

namespace {

// A snapshot that was taken meanwhile puts a delta above the file that is attached: any link counts.
bool hasFile(const MachineState& state, const Disk& home, const Disk& other) {
  return std::any_of(home.chain.begin(), home.chain.end(), [&](const vsphere::DiskFile& link) {
    return state.sameFile(other.path(), *state.target, link.path, *state.home);
  });
}

bool hasUuid(const Disk& home, const Disk& other) {
  return home.uuid && other.uuid && vsphere::sameUuid(*home.uuid, *other.uuid);
}

}  // namespace

std::vector<DiskPlace> placesOf(const MachineState& state) {
  std::vector<DiskPlace> places(state.machine->source.disks.size());
  if (state.home == nullptr) return places;
  const auto devices = matchDisks(*state.plan, *state.machine, *state.home, state.created);
  for (std::size_t i = 0; i < places.size(); ++i) {
    DiskPlace& place = places[i];
    place.home = devices[i];
    if (place.home == nullptr || place.home->chain.empty()) continue;
    place.state = "home";
    if (state.target == nullptr) continue;
    for (const Disk& each : state.target->disks) {
      const bool file = hasFile(state, *place.home, each);
      const bool uuid = hasUuid(*place.home, each);
      if (file && uuid) {
        place.target = &each;
        place.state = "attached";
        break;
      }
      // One alone is no identity: a twin, or the same disk elsewhere. The ledger tells which.
      if (!file && !uuid) continue;
      const bool ours = uuid && i < state.attachedFiles.size() && !state.attachedFiles[i].empty();
      place.target = &each;
      place.state = ours ? "moved" : "twin";
    }
  }
  return places;
}

Step nextOfReprotect(const MachineState& state) {
  if (state.home == nullptr) {
    Step create;
    create.kind = StepKind::create;
    create.summary = fmt::format("create {}", state.machine->home.name.empty() ? state.machine->source.name
                                                                               : state.machine->home.name);
    return create;
  }
  const std::vector<DiskPlace> places = placesOf(state);
  if (auto bad = badDisk(state, places)) return *bad;
  const auto attached = static_cast<std::size_t>(std::count_if(
      places.begin(), places.end(), [](const DiskPlace& each) { return each.state == "attached"; }));
  if (attached > 0) {
    // They are being written: what is done to them now, or what the VM does, destroys data.
    if (auto bad = disturbed(state)) return *bad;
  } else {
    if (auto wait = quiet(state)) return *wait;
    if (auto merge = whole(state)) return *merge;
  }
  if (auto adopt = adoption(state, places, attached > 0)) return *adopt;
  return attached == places.size() ? Step{} : attachment(state, places);
}

Step nextOfFailback(const MachineState& state) {
  if (state.home == nullptr)
    return stop(fmt::format("there is no home VM of {}", state.machine->source.name),
                "look for it; failback status tells what was recorded");
  // Started now, the stale copy would run.
  if (state.neverAttached)
    return stop(
        fmt::format(
            "{} was not reprotected: none of its disks was attached, so that nothing was replicated home",
            state.home->name),
        "reprotect it first");
  const std::vector<DiskPlace> places = placesOf(state);
  if (auto bad = badDisk(state, places)) return *bad;
  const bool attached =
      std::any_of(places.begin(), places.end(), [](const DiskPlace& each) { return each.target != nullptr; });
  if (attached) {
    if (auto bad = disturbed(state)) return *bad;
    if (auto idle = unreplicated(state, places)) return *idle;
    Step detach = detachment(state, places);
    recordLeaving(state, places, detach.change);
    return detach;
  }
  if (auto bad = unready(state)) return *bad;
  if (state.home->powerState.value_or("") == "poweredOn") return {};
  if (auto bad = rewritten(state, places)) return *bad;
  if (auto restore = restoration(state)) return *restore;
  if (state.plan->policy.safetySnapshot && safetySnapshot(*state.home) == nullptr)
    return step(StepKind::snapshot, *state.home,
                fmt::format("take a safety snapshot of {}", state.home->name));
  return step(StepKind::powerOn, *state.home, fmt::format("start {}", state.home->name));
}

namespace {

bool anyOnTarget(const std::vector<DiskPlace>& places) {
  return std::any_of(places.begin(), places.end(),
                     [](const DiskPlace& each) { return each.target != nullptr; });
}

bool anyOfOurs(const std::vector<DiskPlace>& places) {
  return std::any_of(places.begin(), places.end(),
                     [](const DiskPlace& each) { return each.state == "attached" || each.state == "moved"; });
}

Step withSnapshot(StepKind kind, const VirtualMachine& home, const vsphere::Snapshot& snapshot,
                  std::string summary) {
  Step result = step(kind, home, std::move(summary));
  result.snapshot = snapshot.ref;
  return result;
}

}  // namespace

Step nextOfUndoReprotect(const MachineState& state) {
  if (state.home == nullptr) return undoWithoutHome(state);
  const std::vector<DiskPlace> places = placesOf(state);
  // Also of disks that moved: what is detached loses nothing.
  if (auto bad = doubtfulDisk(state, places)) return *bad;
  if (anyOfOurs(places)) {
    Step detach = detachment(state, places);
    detach.change.options[ledgerMark(*state.plan, *state.machine)] = "";
    return detach;
  }
  if (auto restore = restoration(state)) return *restore;
  if (auto unmark = unmarkingTarget(state)) return *unmark;
  if (state.created) return state.deleteCreated ? deletion(state, places) : Step{};
  if (auto unmark = unmarking(state)) return *unmark;
  return {};
}

Step nextOfUndoFailback(const MachineState& state) {
  if (state.home == nullptr)
    return stop(fmt::format("there is no home VM of {}", state.machine->source.name),
                "look for it; failback status tells what was recorded");
  const std::vector<DiskPlace> places = placesOf(state);
  if (anyOnTarget(places)) return nextOfReprotect(state);
  const VirtualMachine& home = *state.home;
  const vsphere::Snapshot* safety = safetySnapshot(home);
  const bool off = home.powerState.value_or("") == "poweredOff";
  // What it has written since lies in the disks themselves.
  if (safety == nullptr && (!off || (state.ran && !state.reverted)))
    return stop(fmt::format("{} has been started, and there is no safety snapshot to go back to", home.name),
                "call failback again and commit; then reprotect anew, if it has to be replicated once more");
  // Once it is reverted, what others keep in theirs would be all that is left of what it has written.
  if (safety != nullptr && home.snapshotCount() > 1)
    return stop(fmt::format("{} has {}, of which one is failback's", home.name, snapshotText(home)),
                fmt::format("remove the others, never {}, and call cancel again", safetySnapshotName));
  if (!off) return step(StepKind::powerOff, home, fmt::format("power off {}", home.name));
  if (safety != nullptr && !state.reverted)
    return withSnapshot(StepKind::revert, home, *safety,
                        fmt::format("revert {} to the safety snapshot", home.name));
  if (safety != nullptr)
    return withSnapshot(StepKind::dropSnapshot, home, *safety,
                        fmt::format("remove the safety snapshot of {}", home.name));
  // Only a base without deltas may be written to again.
  if (hasSnapshots(home))
    return stop(fmt::format("{} has {}", home.name, snapshotText(home)),
                "consolidate its disks, then call cancel again: a base below a delta must not be attached");
  return nextOfReprotect(state);
}

Step nextOfCommit(const MachineState& state) {
  if (state.home == nullptr)
    return stop(fmt::format("there is no home VM of {}", state.machine->source.name),
                "look for it in vCenter");
  const VirtualMachine& home = *state.home;
  if (anyOnTarget(placesOf(state)))
    return stop(fmt::format("disks of {} are still attached to {}", home.name, state.target->name),
                "failback first; a commit gives up what could take it back");
  if (home.powerState.value_or("") != "poweredOn")
    return stop(fmt::format("{} does not run", home.name), "start it, and see that it is what it should be");
  // Only while it is off is it begun anew for sure.
  if (tracksStale(home))
    return stop(fmt::format("changed block tracking of {} has not begun anew, and it runs", home.name),
                "shut it down, call failback again, then commit; before that, its backups miss what the "
                "master target wrote");
  if (const vsphere::Snapshot* safety = safetySnapshot(home))
    return withSnapshot(StepKind::dropSnapshot, home, *safety,
                        fmt::format("remove the safety snapshot of {}", home.name));
  if (auto restore = restoration(state)) return *restore;
  if (auto unmark = unmarkingTarget(state)) return *unmark;
  if (auto unmark = unmarking(state)) return *unmark;
  return {};
}

}  // namespace failback::provisioning
