// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/steps_merge.h"

#include <fmt/format.h>

#include <algorithm>

#include "provisioning/check/judge_tools.h"
#include "provisioning/job/steps_parts.h"

namespace failback::provisioning::steps {

using vsphere::VirtualMachine;

namespace {

constexpr int mostMerges = 4;
constexpr int mostConsolidations = 3;

Step giveUp(const VirtualMachine& home, const MergeTries& tries) {
  const std::string why =
      tries.failure.empty() ? std::string() : fmt::format("; the last one: {}", tries.failure);
  return stop(
      fmt::format("{} still has {} after {} attempts to merge{}", home.name, snapshotText(home), tries.all(),
                  why),
      fmt::format("look what holds its files (a backup, another VM), consolidate {} by hand, and call "
                  "again",
                  home.ref.value));
}

}  // namespace

Step nextMerge(const VirtualMachine& home, const MergeTries& tries) {
  // The fresh snapshot has to go in any case.
  const int merges = mostMerges + (tries.fresh ? 1 : 0);
  if (home.snapshotCount() > 0) {
    if (tries.merges >= merges) return giveUp(home, tries);
    return step(StepKind::merge, home, fmt::format("merge {} of {}", snapshotText(home), home.name));
  }
  const int consolidations = mostConsolidations + (tries.fresh ? 1 : 0);
  if (tries.consolidations < consolidations)
    return step(StepKind::consolidate, home, fmt::format("consolidate the disks of {}", home.name));
  if (!tries.fresh)
    return step(StepKind::consolidateSnapshot, home,
                fmt::format("take a snapshot of {} that makes its deltas merge", home.name));
  return giveUp(home, tries);
}

std::chrono::milliseconds pauseBefore(const MergeTries& tries) {
  constexpr std::chrono::milliseconds first{2'000}, most{60'000};
  std::chrono::milliseconds pause{0};
  for (int i = tries.beforeFresh; i < tries.all(); ++i)
    pause = pause.count() == 0 ? first : std::min(most, pause * 3);
  return pause;
}

std::optional<std::string> lowSpace(const vsphere::Datastore& datastore, const std::string& vmName) {
  if (!datastore.freeSpaceBytes || !datastore.capacityBytes) return std::nullopt;
  constexpr std::int64_t part = 20, most = std::int64_t{20} << 30;
  const std::int64_t limit = std::min(most, *datastore.capacityBytes / part);
  if (*datastore.freeSpaceBytes >= limit) return std::nullopt;
  return fmt::format(
      "{} has {} free while the snapshots of {} are merged into it, less than {}: a merge can't be "
      "stopped, so make space there",
      datastore.name, sizeText(*datastore.freeSpaceBytes), vmName, sizeText(limit));
}

}  // namespace failback::provisioning::steps
