// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/claim.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "provisioning/job/protector.h"
#include "provisioning/job/rebuild.h"
#include "provisioning/plan/plan_init.h"

namespace failback::provisioning {
namespace {

using vsphere::Category;

std::int64_t secondsNow(const vsphere::Clock& clock) {
  return std::chrono::system_clock::to_time_t(clock.wallNow());
}

bool heldByOther(const PlanMarks& marks, const std::string& store, std::int64_t now) {
  return std::any_of(marks.targets.begin(), marks.targets.end(), [&](const TargetMarks& each) {
    return each.lock && each.lock->store != store && each.lock->until > now;
  });
}

constexpr const char* ownersWay =
    "call it where that store is (--state); when that store is lost for good, --rebuild takes the job over";

[[noreturn]] void refuseClaim(const std::string& why) {
  vsphere::fail(Category::busy, why, ownersWay);
}

StoredJob storeRebuilt(Store& store, const World& world, const PlanMarks& marks, const JobOptions& options,
                       const vsphere::Context& context) {
  Rebuilt made = rebuild(world, marks, secondsNow(context.clock()));
  vsphere::Random& random = options.random != nullptr ? *options.random : vsphere::systemRandom();
  const std::uint64_t high = random.next(), low = random.next();
  made.job.id = newUuid(high, low);
  for (StoredStep& each : made.steps) each.job = made.job.id;
  store.addRebuilt(made.job, made.steps);
  const auto tell = [&](const std::string& text) {
    if (options.onEvent)
      options.onEvent({"warning", "", std::string(rebuildStep), text, "", std::nullopt, ""});
  };
  tell(fmt::format(
      "the store knew no job of this plan: its record was made again from the marks in vCenter, as a "
      "{} that is {}",
      made.job.kind, made.job.state));
  for (const std::string& each : made.told) tell(each);
  return made.job;
}

std::string verbsFor(const std::string& kind) {
  return kind == "failback" ? "failback, commit or cancel" : "reprotect, failback or cancel";
}

}  // namespace

bool mustClaim(const World& world, Store& store, const vsphere::Clock& clock) {
  const std::vector<StoredJob> jobs = store.jobsOf(world.plan().id);
  const PlanMarks marks = marksIn(world);
  if (std::any_of(jobs.begin(), jobs.end(), isOpen)) return heldByOther(marks, store.id(), secondsNow(clock));
  return tellOfJob(world, marks, store.id(), !jobs.empty());
}

void settleMarked(vsphere::Client& client, const World& world, const vsphere::Context& context) {
  std::vector<vsphere::Moref> tasks;
  const auto take = [&](const vsphere::VirtualMachine* vm) {
    if (vm != nullptr) tasks.insert(tasks.end(), vm->recentTasks.begin(), vm->recentTasks.end());
  };
  for (const TargetView& each : world.targets()) take(each.vm);
  for (const MachineView& each : world.machines()) take(each.vm != nullptr ? each.vm : each.made);
  std::sort(tasks.begin(), tasks.end());
  tasks.erase(std::unique(tasks.begin(), tasks.end()), tasks.end());
  if (tasks.empty()) return;
  try {
    client.waitForTasks(tasks, {},
                        context.withTimeout(std::chrono::seconds(world.plan().deadlines.mergeSeconds)));
  } catch (const vsphere::Failure& failure) {
    // One that is gone has ended.
    const Category category = failure.error().category;
    if (category != Category::notFound && category != Category::notPermitted) throw;
  }
}

void claimJob(vsphere::Client& client, Store& store, const World& world, const JobOptions& options,
              const vsphere::Context& context) {
  const PlanMarks marks = marksIn(world);
  const std::string why =
      claimRefusal(world, marks, store.id(), secondsNow(context.clock()), options.takeOver);
  if (!why.empty()) refuseClaim(why);
  auto job = openJobOf(store, world.plan().id);
  const bool made = !job;
  if (made) job = storeRebuilt(store, world, marks, options, context);
  JobContext running(client, store, world, options, context);
  running.open(job->kind);
  try {
    Protector(running).takeOver();
  } catch (const vsphere::Failure& failure) {
    // Its owner has come back meanwhile: it was never ours.
    if (made && failure.error().category == Category::busy) store.setJobState(job->id, "cancelled");
    throw;
  }
  store.setJobState(job->id, job->state);
}

void Protector::takeOver() {
  const std::string key = lockMark(job_.plan());
  for (const TargetView* target : targets()) {
    TargetState& state = job_.target(*target);
    const auto marks = marksIn(job_.world());
    const auto found = std::find_if(marks.targets.begin(), marks.targets.end(),
                                    [&](const TargetMarks& each) { return each.target == target; });
    // Where nothing of this plan is, a reprotect locks as ever.
    if (found == marks.targets.end() || (found->lockText.empty() && found->ledgers.empty())) continue;
    constexpr int mostAttempts = 4;
    bool held = false;
    for (int attempt = 0; attempt < mostAttempts && !held; ++attempt) {
      held = holdsLock(state.vm, job_.plan(), store_);
      if (held) break;
      const std::string why = claimRefusal(state.vm, job_.plan(), store_, now(), job_.options().takeOver);
      if (!why.empty()) refuseClaim(why);
      const auto present = state.vm.extraConfig.find(key);
      const auto lock = present == state.vm.extraConfig.end() ? std::nullopt : lockFrom(present->second);
      const std::string summary = lock ? fmt::format("take the lock on {} over from {} (store {})",
                                                     state.vm.name, lock->owner, lock->store)
                                       : fmt::format("lock {} for this store", state.vm.name);
      if (!writeLock(*target, StepKind::lockTarget,
                     lockText({job_.options().owner, store_, now() + lockSeconds}), summary))
        continue;
      state.vm = job_.read({state.vm.ref}).front();
      state.stale = false;
    }
    if (!held && !holdsLock(state.vm, job_.plan(), store_))
      vsphere::fail(Category::busy, fmt::format("{} can't be locked: it keeps changing", state.vm.name),
                    "look who changes it, then call again");
  }
}

Found lookAtMarks(const World& world, const std::string& store, const StoredJob* last,
                  const vsphere::Clock& clock) {
  Found found;
  const std::int64_t now = secondsNow(clock);
  const PlanMarks marks = marksIn(world);
  if (last != nullptr && isOpen(*last)) {
    if (heldByOther(marks, store, now))
      found.advice = fmt::format("the job of the store here may be out of date: {}; {}",
                                 claimRefusal(world, marks, store, now, false), ownersWay);
    return found;
  }
  if (!tellOfJob(world, marks, store, last != nullptr)) return found;
  try {
    found.job = rebuild(world, marks, now).job;
  } catch (const vsphere::Failure& failure) {
    found.advice =
        fmt::format("the store here knows no open job of this plan, and vCenter bears its marks: {}; {}",
                    failure.error().text, failure.error().remedy);
    return found;
  }
  const std::string why = claimRefusal(world, marks, store, now, false);
  found.advice =
      why.empty()
          ? fmt::format(
                "the store here knows no open job of this plan, and vCenter bears its marks: {} makes the "
                "record again and goes on",
                verbsFor(found.job->kind))
          : fmt::format(
                "the store here knows no open job of this plan, and vCenter bears its marks; {}: name its "
                "store with --state, or, when that is lost for good, call {} with --rebuild",
                why, verbsFor(found.job->kind));
  return found;
}

void warnOfForgotten(JobContext& job) {
  const auto steps = job.steps();
  for (const std::string& each : forgottenOverrides(job.world(), steps))
    job.warn(toString(StepKind::unprotect),
             fmt::format(
                 "the override {} stays: the record that knew what was there before was lost; take it away "
                 "by hand, unless it was there before",
                 each));
}

}  // namespace failback::provisioning
