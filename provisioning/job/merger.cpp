// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/merger.h"

#include <fmt/format.h>

#include <algorithm>

#include "provisioning/job/runner_tools.h"
#include "provisioning/job/steps_merge.h"
#include "vsphere/actions.h"

namespace failback::provisioning {

using vsphere::Category;
using vsphere::Failure;
using vsphere::Moref;
using vsphere::VirtualMachine;

namespace {

constexpr std::chrono::seconds watchInterval{15};

// No other attempt will end otherwise, or somebody does not want one.
bool isFinal(Category category) {
  switch (category) {
    case Category::notPermitted:
    case Category::licence:
    case Category::unsupported:
    case Category::insufficient:
    case Category::cancelled:
    case Category::deadline:
    case Category::notFound:
      return true;
    default:
      return false;
  }
}

std::vector<Moref> datastoresOf(const VirtualMachine& vm) {
  std::vector<Moref> refs;
  for (const vsphere::Disk& disk : vm.disks) {
    for (const vsphere::DiskFile& link : disk.chain) {
      if (link.datastore && std::find(refs.begin(), refs.end(), *link.datastore) == refs.end())
        refs.push_back(*link.datastore);
    }
  }
  return refs;
}

class IntoDatastores : public vsphere::InventorySink {
 public:
  void object(vsphere::InventoryObject&& object) override {
    if (auto* found = std::get_if<vsphere::Datastore>(&object)) datastores.push_back(std::move(*found));
  }
  void unreadable(vsphere::Unreadable&&) override {}
  void progress(std::uint64_t, std::uint64_t) override {}

  std::vector<vsphere::Datastore> datastores;
};

// The file of `other` that belongs to a chain of `home`; empty when none does.
std::string sharedFile(const World& world, const VirtualMachine& home, const VirtualMachine& other) {
  for (const vsphere::Disk& disk : home.disks) {
    for (const vsphere::DiskFile& link : disk.chain) {
      for (const vsphere::Disk& its : other.disks) {
        for (const vsphere::DiskFile& file : its.chain)
          if (world.sameFile(link.path, home, file.path, other)) return link.path;
      }
    }
  }
  return {};
}

}  // namespace

bool Merger::makes(StepKind kind) {
  return kind == StepKind::merge || kind == StepKind::consolidate || kind == StepKind::consolidateSnapshot;
}

void Merger::make(const Step& step, const VirtualMachine& home, const VirtualMachine& target) {
  const auto pause = steps::pauseBefore(tries_);
  if (pause.count() > 0 && step.kind != StepKind::consolidateSnapshot)
    job_.context().sleep(pause, step.summary);
  refuseHeld(home, target);
  count(step);
  try {
    attempt(step, home);
  } catch (const Stopped& stopped) {
    if (isFinal(stopped.category)) throw;
    tries_.failure = stopped.why;
  }
  // A host goes on merging after vCenter's task has died.
  if (!tries_.failure.empty()) awaitQuiet(home.ref);
}

void Merger::attempt(const Step& step, const VirtualMachine& home) {
  const Deadlines& deadlines = job_.plan().deadlines;
  const bool merges = step.kind != StepKind::consolidateSnapshot;
  struct Quiet {
    StepMaker& maker;
    ~Quiet() { maker.meanwhile({}, {}); }
  };
  const Quiet quiet{maker_};
  const vsphere::SteadyTime since = job_.context().clock().now();
  if (merges) maker_.meanwhile(watchInterval, [&] { watch(step, home, since); });
  const auto made = maker_.make(step, "{}", "{}", merges ? deadlines.mergeSeconds : deadlines.taskSeconds,
                                [&] { return start(step); });
  tries_.failure = made.error ? vsphere::describe(*made.error) : std::string();
}

Moref Merger::start(const Step& step) const {
  vsphere::Actions& actions = job_.client().actions();
  switch (step.kind) {
    case StepKind::merge:
      return actions.startRemoveAllSnapshots(step.object, true, job_.context());
    case StepKind::consolidate:
      return actions.startConsolidate(step.object, job_.context());
    default:
      break;
  }
  vsphere::Actions::NewSnapshot snapshot;
  snapshot.name = steps::consolidateSnapshotName;
  snapshot.description =
      fmt::format("taken by failback, so that deltas merge when it is removed; it holds nothing; plan {}",
                  job_.plan().id);
  return actions.startCreateSnapshot(step.object, snapshot, job_.context());
}

void Merger::count(const Step& step) {
  tries_.merges += step.kind == StepKind::merge;
  tries_.consolidations += step.kind == StepKind::consolidate;
  if (step.kind != StepKind::consolidateSnapshot) return;
  tries_.fresh = true;
  tries_.beforeFresh = tries_.all();
}

// The world as it was read knows who had files of it then: those are looked at anew. After an attempt that
// failed so is the master target, which another job may have used meanwhile.
void Merger::refuseHeld(const VirtualMachine& home, const VirtualMachine& target) const {
  std::vector<Moref> suspects;
  const auto suspect = [&](const Moref& ref) {
    if (ref != home.ref && std::find(suspects.begin(), suspects.end(), ref) == suspects.end())
      suspects.push_back(ref);
  };
  for (const vsphere::Disk& disk : home.disks) {
    for (const vsphere::DiskFile& link : disk.chain)
      for (const DiskUser& user : job_.world().usersOfFile(link.path, home)) suspect(user.vm->ref);
  }
  if (tries_.all() > 0 || !sharedFile(job_.world(), home, target).empty()) suspect(target.ref);
  if (suspects.empty()) return;
  IntoVms sink;
  job_.client().readObjects(suspects, vsphere::Depth::standard, sink,
                            job_.taskContext(job_.plan().deadlines.taskSeconds));
  for (const VirtualMachine& each : sink.vms) {
    const std::string file = sharedFile(job_.world(), home, each);
    if (file.empty()) continue;
    throw Stopped{fmt::format("{} holds {}, which is part of what would be merged", each.name, file),
                  fmt::format("detach it from {} (keep the file), and call again", each.name),
                  Category::busy};
  }
}

// ------------------------------------------------------------------------------------------------- meanwhile

void Merger::watch(const Step& step, const VirtualMachine& home, vsphere::SteadyTime since) {
  if (!maker_.percent()) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(job_.context().clock().now() - since).count();
    job_.tell({"progress", machine_.source.name, std::string(toString(step.kind)),
               fmt::format("{}, for {} s now", step.summary, seconds), "", std::nullopt, ""});
  }
  try {
    watchSpace(home);
  } catch (const Failure&) {
    // It is looked at again; a server that is lost ends the wait itself.
  }
}

void Merger::watchSpace(const VirtualMachine& home) {
  const std::vector<Moref> refs = datastoresOf(home);
  if (refs.empty()) return;
  IntoDatastores sink;
  job_.client().readObjects(refs, vsphere::Depth::thin, sink, job_.taskContext(watchInterval.count()));
  for (const vsphere::Datastore& each : sink.datastores) {
    const auto low = steps::lowSpace(each, home.name);
    if (!low) {
      full_.erase(each.ref);
    } else if (full_.insert(each.ref).second) {
      job_.tell({"warning", machine_.source.name, "merge", *low, "", std::nullopt, ""});
    }
  }
}

void Merger::awaitQuiet(const Moref& home) {
  IntoVms sink;
  const vsphere::Context context =
      job_.taskContext(job_.plan().deadlines.mergeSeconds).withStop(job_.context().stop());
  job_.client().readObjects({home}, vsphere::Depth::standard, sink, context);
  if (!sink.vms.empty() && !sink.vms.front().recentTasks.empty())
    job_.client().waitForTasks(sink.vms.front().recentTasks, {}, context);
}

}  // namespace failback::provisioning
