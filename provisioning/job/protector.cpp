// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/protector.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "vsphere/actions.h"
#include "vsphere/spec_text.h"

namespace failback::provisioning {
namespace {

using vsphere::Category;
using vsphere::Moref;

// Others may work on the same cluster or master target meanwhile.
constexpr int mostAttempts = 4;

class IntoMovers : public vsphere::InventorySink {
 public:
  void object(vsphere::InventoryObject&& object) override {
    if (auto* pod = std::get_if<vsphere::StoragePod>(&object)) movers.pods.push_back(std::move(*pod));
    if (auto* cluster = std::get_if<vsphere::Cluster>(&object))
      movers.clusters.push_back(std::move(*cluster));
  }
  void unreadable(vsphere::Unreadable&& /*what*/) override {}  // what is missing tells
  void progress(std::uint64_t, std::uint64_t) override {}

  Movers movers;
};

// The account, the edition or the server does not know this: nothing that a job could wait for.
bool isDenied(Category category) {
  return category == Category::notPermitted || category == Category::licence ||
         category == Category::unsupported;
}

[[noreturn]] void failWith(const Stopped& stopped) {
  vsphere::fail(stopped.category, stopped.why, stopped.remedy);
}

void refuseIf(const LockDecision& decision) {
  if (decision.refusal.empty()) return;
  vsphere::fail(Category::busy, decision.refusal,
                "wait until that job ends, or call it where its store is (--state); when that store is lost, "
                "the lock expires by itself, and --rebuild with that job's plan takes it over");
}

}  // namespace

Protector::Protector(JobContext& job)
    : job_(job), maker_(job), store_(job.withStore([](Store& store) { return store.id(); })) {}

std::int64_t Protector::now() const {
  return std::chrono::system_clock::to_time_t(job_.context().clock().wallNow());
}

std::vector<const TargetView*> Protector::targets() const {
  std::vector<const TargetView*> used;
  for (const TargetView& each : job_.world().targets())
    if (each.vm != nullptr && !job_.world().machinesOf(each).empty()) used.push_back(&each);
  return used;
}

void Protector::refuse() const {
  for (const TargetView* each : targets())
    refuseIf(lockDecision(job_.target(*each).vm, job_.plan(), store_, now()));
}

// In one call, however many they are.
void Protector::readLocked() const {
  std::vector<TargetState*> stale;
  std::vector<Moref> refs;
  for (const TargetView* each : targets()) {
    TargetState& state = job_.target(*each);
    if (!state.stale) continue;
    stale.push_back(&state);
    refs.push_back(state.vm.ref);
  }
  if (refs.empty()) return;
  std::vector<vsphere::VirtualMachine> vms = job_.read(refs);
  for (std::size_t i = 0; i < stale.size(); ++i) {
    stale[i]->vm = std::move(vms[i]);
    stale[i]->stale = false;
  }
}

void Protector::begin() {
  for (const TargetView* each : targets()) lock(*each);
  readLocked();
  bool reread = false;  // what an earlier call had begun has ended before the world was read
  Movers movers = moversOf(job_.world());
  std::vector<Moref> objects;
  objects.reserve(movers.pods.size() + movers.clusters.size());
  for (const auto& each : movers.pods) objects.push_back(each.ref);
  for (const auto& each : movers.clusters) objects.push_back(each.ref);
  for (int attempt = 0; attempt < mostAttempts; ++attempt) {
    if (reread && !objects.empty()) movers = readMovers(objects);
    WantedLeases wanted = wantedLeases(job_.world(), movers);
    if (attempt == 0)
      for (const std::string& each : wanted.obstacles) job_.warn(toString(StepKind::protect), each);
    reread = false;
    for (const Leases& each : wanted.leases)
      if (!denied_.contains(each.object) && !change(each, false)) reread = true;
    if (!reread) return;
  }
  vsphere::fail(Category::busy, "the overrides of DRS and Storage DRS can't be set: they keep changing",
                "look who changes the cluster, then call again");
}

void Protector::complete(const std::vector<MachineResult>& machines) {
  for (const Leases& each : wantedAfterwards(job_.world(), machines).leases) {
    if (denied_.contains(each.object)) continue;
    bool done = false;
    for (int attempt = 0; attempt < mostAttempts && !done; ++attempt) done = change(each, false, false);
    // The next call decides anew.
    if (!done)
      job_.warn(toString(StepKind::protect), fmt::format("the overrides in {} could not be set", each.name));
  }
}

void Protector::end() {
  for (const TargetView* each : targets()) {
    TargetState& state = job_.target(*each);
    state.vm = job_.read({state.vm.ref}).front();
    if (!hasLedger(state.vm, job_.plan())) continue;
    job_.warn(toString(StepKind::unprotect),
              fmt::format("{} still bears marks of this plan: overrides and lock stay", state.vm.name));
    return;
  }
  std::vector<Leases> held = heldLeases(job_.steps());
  for (Leases& each : held) handOver(each);
  std::erase_if(held, [](const Leases& each) { return each.overrides.empty(); });
  std::vector<Moref> objects;
  objects.reserve(held.size());
  for (const Leases& each : held) objects.push_back(each.object);
  for (int attempt = 0; attempt < mostAttempts && !objects.empty(); ++attempt) {
    const Movers movers = readMovers(objects);
    objects.clear();
    for (const Leases& each : held) {
      const auto* present = movers.overridesOf(each.object);
      if (present == nullptr) {
        if (attempt == 0)
          job_.warn(toString(StepKind::unprotect),
                    fmt::format("{} is gone or can't be read: its overrides stay", each.name));
        continue;
      }
      const GivingBack back = givingBack(each, *present);
      if (attempt == 0 && !back.changed.empty())
        job_.warn(toString(StepKind::unprotect),
                  fmt::format("somebody has changed the override of {} in {}: it stays as it is",
                              fmt::join(back.changed, ", "), each.name));
      if (!back.restore.overrides.empty() && !denied_.contains(each.object) && !change(back.restore, true))
        objects.push_back(each.object);
    }
  }
  if (!objects.empty())
    vsphere::fail(Category::busy,
                  "the overrides of DRS and Storage DRS can't be put back: they keep changing",
                  "look who changes the cluster, then call again");
  for (const TargetView* each : targets()) unlock(*each);
}

// ------------------------------------------------------------------------------------------------- the lock

bool Protector::writeLock(const TargetView& target, StepKind kind, const std::string& text,
                          const std::string& summary) {
  TargetState& state = job_.target(target);
  Step step;
  step.kind = kind;
  step.object = state.vm.ref;
  step.summary = summary;
  step.change.options[lockMark(job_.plan())] = text;
  step.change.changeVersion = state.vm.changeVersion.value_or("");
  const auto before = state.vm.extraConfig.find(lockMark(job_.plan()));
  nlohmann::ordered_json was;
  if (before != state.vm.extraConfig.end()) was = before->second;
  job_.context().check(summary);
  // Whoever changes it next reads it before.
  state.stale = true;
  try {
    const auto made = maker_.make(
        step, vsphere::specJson(step.change).dump(), nlohmann::ordered_json{{"mark", was}}.dump(),
        job_.plan().deadlines.taskSeconds,
        [&] { return job_.client().actions().startReconfigure(step.object, step.change, job_.context()); });
    if (made.outcome == StepMaker::Outcome::done) return true;
  } catch (const Stopped& stopped) {
    failWith(stopped);
  }
  state.vm = job_.read({step.object}).front();
  state.stale = false;
  return false;
}

void Protector::lock(const TargetView& target) {
  const TargetState& state = job_.target(target);
  for (int attempt = 0; attempt < mostAttempts; ++attempt) {
    const LockDecision decision = lockDecision(state.vm, job_.plan(), store_, now());
    refuseIf(decision);
    if (!decision.write) return;
    if (!decision.takenOver.empty())
      job_.warn(toString(StepKind::lockTarget),
                fmt::format("the lock of {} on {} has expired and is taken over", decision.takenOver,
                            state.vm.name));
    if (writeLock(target, StepKind::lockTarget, lockText({job_.options().owner, store_, now() + lockSeconds}),
                  fmt::format("lock {} for this store", state.vm.name)))
      return;
  }
  vsphere::fail(Category::busy, fmt::format("{} can't be locked: it keeps changing", state.vm.name),
                "look who changes it, then call again");
}

void Protector::unlock(const TargetView& target) {
  const TargetState& state = job_.target(target);
  for (int attempt = 0; attempt < mostAttempts; ++attempt) {
    if (!holdsLock(state.vm, job_.plan(), store_)) return;
    if (writeLock(target, StepKind::unlockTarget, "", fmt::format("take the lock from {}", state.vm.name)))
      return;
  }
  job_.warn(toString(StepKind::unlockTarget),
            fmt::format("the lock on {} could not be taken away: it keeps changing", state.vm.name));
}

// ---------------------------------------------------------------------------------------------- the
// overrides

Movers Protector::readMovers(const std::vector<Moref>& objects) const {
  IntoMovers sink;
  job_.client().readObjects(objects, vsphere::Depth::full, sink,
                            job_.taskContext(job_.plan().deadlines.taskSeconds));
  return std::move(sink.movers);
}

// False when the world has moved: read, and decide anew.
bool Protector::change(const Leases& leases, bool back, bool needed) {
  Step step;
  step.kind = back ? StepKind::unprotect : StepKind::protect;
  step.object = leases.object;
  step.summary = changeText(leases, back);
  job_.context().check(step.summary);
  vsphere::Actions& actions = job_.client().actions();
  try {
    const auto made = maker_.make(
        step, changesJson(leases, back), leasesJson(leases), job_.plan().deadlines.taskSeconds, [&] {
          return leases.isStorage()
                     ? actions.startStorageDrsOverrides(leases.object, storageDrsChanges(leases, back),
                                                        job_.context())
                     : actions.startDrsOverrides(leases.object, drsChanges(leases, back), job_.context());
        });
    return made.outcome == StepMaker::Outcome::done;
  } catch (const Stopped& stopped) {
    // Somebody else may have been faster: what is there tells.
    if (stopped.category == Category::invalidArgument) return false;
    if (needed && !isDenied(stopped.category)) failWith(stopped);
    denied_.insert(leases.object);
    job_.warn(toString(step.kind), stopped.why);
    return true;
  }
}

// A master target that another open job of this store also uses stays held: that job gives it back.
void Protector::handOver(Leases& leases) {
  const std::vector<StoredJob> jobs = job_.withStore([](Store& store) { return store.openJobs(); });
  for (const TargetView* target : targets()) {
    const auto mine = std::find_if(leases.overrides.begin(), leases.overrides.end(),
                                   [&](const OverrideLease& each) { return each.vm == target->vm->ref; });
    if (mine == leases.overrides.end()) continue;
    const std::string uuid = target->vm->instanceUuid.value_or("");
    const auto heir = std::find_if(jobs.begin(), jobs.end(), [&](const StoredJob& each) {
      return each.id != job_.job().id &&
             std::any_of(each.disks.begin(), each.disks.end(), [&](const StoredDisk& disk) {
               return disk.masterTarget == uuid && disk.state != "home";
             });
    });
    if (heir == jobs.end()) continue;
    const Leases share{leases.object, leases.name, {*mine}};
    note(heir->id, StepKind::protect, share,
         fmt::format("keep {} where it is in {}", mine->name, leases.name),
         fmt::format("taken over from job {}", job_.job().id));
    note(job_.job().id, StepKind::unprotect, share,
         fmt::format("leave the override of {} in {}", mine->name, leases.name),
         fmt::format("job {} holds it now", heir->id));
    leases.overrides.erase(mine);
  }
}

void Protector::note(const std::string& job, StepKind kind, const Leases& leases, const std::string& summary,
                     const std::string& evidence) {
  StoredStep row;
  row.job = job;
  row.step = toString(kind);
  row.object = leases.object.str();
  row.summary = summary;
  row.before = leasesJson(leases);
  job_.record(std::move(row), evidence);
}

}  // namespace failback::provisioning
