// SPDX-License-Identifier: GPL-2.0-or-later
// May a VM that the job has made be deleted again, when it is cancelled? Only with proof that no data has
// come to it; what is not the job's is taken from it before.
#include <fmt/format.h>

#include <algorithm>

#include "provisioning/check/judge_tools.h"
#include "provisioning/job/ledger_mark.h"
#include "provisioning/job/steps_parts.h"

namespace failback::provisioning::steps {
namespace {

using vsphere::Disk;
using vsphere::VirtualMachine;

// It stays: nothing is left to be done, and the step says why.
Step keep(const MachineState& state, const std::string& why) {
  Step step;
  step.summary = fmt::format("{} was created by a job and is kept: {}", state.home->name, why);
  return step;
}

// The disk as it was read back when the VM had been made, and nothing else.
bool isAsMade(const Disk& disk, const LedgerEntry& made) {
  return disk.uuid && vsphere::sameUuid(*disk.uuid, made.uuid) && disk.path() == made.file;
}

// Why it can't be said that the disk is empty; nothing when it is.
std::string filled(const MachineState& state, const SourceDisk& disk, const Disk* device) {
  const LedgerEntry* made = entryOf(state.made, disk);
  if (made == nullptr || made->content.empty())
    return fmt::format("what disk {} held when it was made was not recorded by this job", disk.id);
  if (device == nullptr) return fmt::format("disk {} is not on it", disk.id);
  if (!isAsMade(*device, *made)) return fmt::format("disk {} is not the one that was made", disk.id);
  const std::string now = contentOf(*device);
  if (now.empty()) return fmt::format("what disk {} holds can't be read", disk.id);
  if (now != made->content) return fmt::format("data has come to disk {}", disk.id);
  return {};
}

std::string otherUser(const MachineState& state, const Disk& disk) {
  return state.otherUser ? state.otherUser(disk) : std::string();
}

}  // namespace

Step deletion(const MachineState& state, const std::vector<DiskPlace>& places) {
  const VirtualMachine& home = *state.home;
  if (home.powerState.value_or("") != "poweredOff") return keep(state, "it is not powered off");
  if (state.ran) return keep(state, "it has been started");
  if (hasSnapshots(home)) return keep(state, fmt::format("it has {}", snapshotText(home)));
  // Who has written to a disk is shown late.
  if (!state.reloaded) return reload(state);
  Step release = step(StepKind::release, home, "");
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string why = filled(state, state.machine->source.disks[i], places[i].home);
    if (!why.empty()) return keep(state, why);
    if (const std::string who = otherUser(state, *places[i].home); !who.empty())
      return keep(state, fmt::format("{} uses disk {}, too", who, state.machine->source.disks[i].id));
  }
  for (const Disk& each : home.disks) {
    const bool ours = std::any_of(places.begin(), places.end(),
                                  [&](const DiskPlace& place) { return place.home == &each; });
    if (!ours) release.change.detachedDisks.push_back(each);
  }
  if (release.change.detachedDisks.empty())
    return step(StepKind::destroy, home, fmt::format("delete {}, which this job made", home.name));
  release.summary = fmt::format("take {} that this job did not make from {}",
                                counted(release.change.detachedDisks.size(), "disk"), home.name);
  release.change.changeVersion = home.changeVersion.value_or("");
  return release;
}

// The home VM has gone: which of the master target's disks were its, only the mark there tells.
Step undoWithoutHome(const MachineState& state) {
  if (state.target == nullptr) return {};
  Step detach = step(StepKind::detach, *state.target, "");
  for (const LedgerEntry& entry : ledgerOn(*state.target, *state.plan, *state.machine)) {
    for (const Disk& each : state.target->disks) {
      if (!each.uuid || !vsphere::sameUuid(*each.uuid, entry.uuid)) continue;
      if (each.path() != entry.file)
        return stop(
            fmt::format("there is no home VM of {}, and {} has its disk {} as {}, which was attached as {}",
                        state.machine->source.name, state.target->name, entry.id, each.path(), entry.file),
            "look which disk it is, and detach it from the master target by hand, without deleting it");
      detach.change.detachedDisks.push_back(each);
    }
  }
  if (detach.change.detachedDisks.empty()) return unmarkingTarget(state).value_or(Step{});
  detach.summary = fmt::format("detach {} of {}, which has gone, from {}",
                               counted(detach.change.detachedDisks.size(), "disk"),
                               state.machine->source.name, state.target->name);
  detach.change.options[ledgerMark(*state.plan, *state.machine)] = "";
  detach.change.changeVersion = state.target->changeVersion.value_or("");
  return detach;
}

}  // namespace failback::provisioning::steps
