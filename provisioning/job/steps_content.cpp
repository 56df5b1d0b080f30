// SPDX-License-Identifier: GPL-2.0-or-later
// What contentId says of who has written to the disks. A server shows it late: before anything is refused for
// it, the VMs are reloaded and read again.
#include <fmt/format.h>

#include <algorithm>

#include "provisioning/check/judge_tools.h"
#include "provisioning/job/ledger_mark.h"
#include "provisioning/job/steps_parts.h"

namespace failback::provisioning::steps {
namespace {

constexpr const char* wayOn =
    "when its disks do hold what they should, say so: failback failback --accept-content";

}  // namespace

Step reload(const MachineState& state) {
  return step(StepKind::reload, *state.home, fmt::format("look again at the disks of {}", state.home->name));
}

std::optional<Step> unreplicated(const MachineState& state, const std::vector<DiskPlace>& places) {
  if (state.acceptedContent) return std::nullopt;
  const std::vector<LedgerEntry> entries = ledgerOn(*state.target, *state.plan, *state.machine);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const LedgerEntry* entry = entryOf(entries, state.machine->source.disks[i]);
    if (entry == nullptr || entry->content.empty() || places[i].state != "attached") return std::nullopt;
    const std::string home = contentOf(*places[i].home), target = contentOf(*places[i].target);
    // What can't be read speaks for nothing.
    if (home.empty() || target.empty()) return std::nullopt;
    if (home != entry->content || target != entry->content) return std::nullopt;
  }
  if (!state.reloaded) return reload(state);
  return stop(
      fmt::format("nothing was written to {} of {} since it was attached to {}: nothing was replicated home",
                  places.size() == 1 ? "the disk" : fmt::format("any of the {} disks", places.size()),
                  state.home->name, state.target->name),
      fmt::format("look whether replication has written to other disks (failback status tells UUIDs and "
                  "slots); {}",
                  wayOn));
}

std::optional<Step> rewritten(const MachineState& state, const std::vector<DiskPlace>& places) {
  // What it has written itself is as it should be.
  if (state.acceptedContent || state.ran || state.target == nullptr) return std::nullopt;
  const std::vector<LedgerEntry> entries = ledgerOn(*state.target, *state.plan, *state.machine);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const LedgerEntry* entry = entryOf(entries, state.machine->source.disks[i]);
    if (entry == nullptr || entry->left.empty() || places[i].home == nullptr) continue;
    // What is shown late would look as it was.
    if (!state.reloaded) return reload(state);
    const std::string now = contentOf(*places[i].home);
    if (now.empty() || now == entry->left) continue;
    return stop(
        fmt::format("somebody has written to disk {} of {} since it was detached from {}",
                    state.machine->source.disks[i].id, state.home->name, state.target->name),
        fmt::format("look who: was it started, or attached to another VM (its events tell)? {}", wayOn));
  }
  return std::nullopt;
}

void recordLeaving(const MachineState& state, const std::vector<DiskPlace>& places,
                   vsphere::VmChange& change) {
  std::vector<LedgerEntry> entries = ledgerOn(*state.target, *state.plan, *state.machine);
  if (entries.empty()) return;
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (LedgerEntry& each : entries)
      if (each.id == state.machine->source.disks[i].id && places[i].state == "attached")
        each.left = contentOf(*places[i].target);
  }
  change.options[ledgerMark(*state.plan, *state.machine)] = ledgerText(entries);
}

std::string ledgerOf(const MachineState& state, const std::vector<DiskPlace>& places) {
  const std::vector<LedgerEntry> before = ledgerOn(*state.target, *state.plan, *state.machine);
  std::vector<LedgerEntry> entries;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i].home == nullptr) continue;
    const SourceDisk& disk = state.machine->source.disks[i];
    LedgerEntry& entry = entries.emplace_back();
    entry.id = disk.id;
    entry.uuid = places[i].home->uuid.value_or("");
    entry.file = places[i].home->path();
    entry.slot = fmt::format("{}:{}", state.slots[i].bus, state.slots[i].unit);
    // What was there before the first attachment stays known: of one that is attached already, and of one
    // that comes back from a failback.
    const LedgerEntry* old = entryOf(before, disk);
    const bool same = old != nullptr && old->uuid == entry.uuid && old->file == entry.file;
    entry.content = same && !old->content.empty() ? old->content
                    : places[i].target == nullptr ? contentOf(*places[i].home)
                                                  : std::string();
  }
  return ledgerText(entries);
}

}  // namespace failback::provisioning::steps
