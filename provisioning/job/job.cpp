// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/job.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <thread>

#include "provisioning/check/creation.h"
#include "provisioning/job/claim.h"
#include "provisioning/job/fixer.h"
#include "provisioning/job/protector.h"
#include "provisioning/job/result.h"
#include "provisioning/job/worker.h"

namespace failback::provisioning {
namespace {

// Machines side by side, as many as the plan allows. The first failure of the server or the store ends all:
// each stops before its next step.
class Crew {
 public:
  Crew(JobContext& job, MachineWorker::Goal goal) : job_(job), goal_(goal) {}

  // Results by machine id.
  std::map<std::string, MachineResult> work(const std::vector<const MachineView*>& machines) {
    const auto most =
        static_cast<std::size_t>(std::max<std::int64_t>(1, job_.plan().policy.parallelMachines));
    {
      std::vector<std::jthread> threads;
      const std::size_t count = std::min(most, machines.size());
      threads.reserve(count);
      for (std::size_t i = 0; i < count; ++i) threads.emplace_back([&] { take(machines); });
    }
    if (failure_) std::rethrow_exception(failure_);
    return std::move(results_);
  }

 private:
  void take(const std::vector<const MachineView*>& machines) {
    while (!ended_) {
      const std::size_t mine = next_++;
      if (mine >= machines.size()) return;
      try {
        MachineResult result = MachineWorker(job_, *machines[mine], goal_).run();
        const std::lock_guard lock(mutex_);
        results_[machines[mine]->plan->id] = std::move(result);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        ended_ = true;
      }
    }
  }

  JobContext& job_;
  const MachineWorker::Goal goal_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> ended_{false};
  std::mutex mutex_;
  std::map<std::string, MachineResult> results_;
  std::exception_ptr failure_;
};

MachineResult untouched(const JobContext& job, const MachineView& machine, const std::string& state,
                        const std::string& why) {
  MachineResult result = describeMachine(stateIn(job.world(), machine, &job.job()), machine);
  result.state = state;
  result.why = why;
  return result;
}

// The job's state follows from its machines'.
std::string jobState(const std::vector<MachineResult>& machines, const std::string& ready) {
  const auto any = [&](std::string_view state) {
    return std::any_of(machines.begin(), machines.end(),
                       [&](const MachineResult& each) { return each.state == state; });
  };
  if (any("failed")) return "failed";
  if (any("interrupted")) return "interrupted";
  if (any("waiting")) return "waiting";
  return ready;
}

// However it ends, the store says how far it came.
template <class F>
JobResult carryOut(JobContext& job, Store& store, const std::string& kind, const std::string& ready,
                   F&& work) {
  job.open(kind);
  JobResult result;
  result.plan = job.plan().id;
  result.job = job.job().id;
  result.kind = kind;
  try {
    result.machines = work();
  } catch (const vsphere::Failure& failure) {
    const bool stopped = failure.error().category == vsphere::Category::interrupted;
    store.setJobState(result.job, stopped ? "interrupted" : "failed");
    throw;
  }
  result.state = jobState(result.machines, ready);
  result.warnings = job.warnings();
  store.setJobState(result.job, result.state);
  return result;
}

}  // namespace

namespace {

std::vector<MachineResult> inPlanOrder(const World& world, std::map<std::string, MachineResult> results) {
  std::vector<MachineResult> ordered;
  ordered.reserve(world.machines().size());
  for (const MachineView& each : world.machines()) ordered.push_back(std::move(results.at(each.plan->id)));
  return ordered;
}

std::vector<const MachineView*> allMachines(const World& world) {
  std::vector<const MachineView*> machines;
  machines.reserve(world.machines().size());
  for (const MachineView& each : world.machines()) machines.push_back(&each);
  return machines;
}

std::vector<MachineResult> workOnAll(JobContext& job, MachineWorker::Goal goal) {
  return inPlanOrder(job.world(), Crew(job, goal).work(allMachines(job.world())));
}

// When all have come there, nothing has to be held any more.
std::vector<MachineResult> workAndRelease(JobContext& job, MachineWorker::Goal goal,
                                          const std::string& ready) {
  std::vector<MachineResult> machines = workOnAll(job, goal);
  if (jobState(machines, ready) != ready) return machines;
  if (goal == MachineWorker::Goal::undoneReprotect) undoFixes(job);
  Protector(job).end();
  warnOfForgotten(job);
  return machines;
}

// A word that the caller gives of a machine is written down: it holds for every later call of this job, until
// its disks are attached anew: what was said before that was said of something else.
std::set<std::string> wordsGiven(const JobContext& job, const std::string& step,
                                 const std::set<std::string>& now, const std::string& meaning) {
  std::set<std::string> given;
  for (const StoredStep& each : job.steps()) {
    if (each.step == step) given.insert(each.machine);
    if (each.step == toString(StepKind::attach)) given.erase(each.machine);
  }
  for (const std::string& machine : now) {
    if (!given.insert(machine).second) continue;
    StoredStep row;
    row.machine = machine;
    row.step = step;
    row.summary = meaning;
    job.record(std::move(row), job.options().owner);
  }
  return given;
}

std::set<std::string> confirmations(const JobContext& job) {
  return wordsGiven(job, "confirm", job.options().confirmed,
                    "the recovery point is applied, the disks are flushed and offline in the master target");
}

std::set<std::string> acceptances(const JobContext& job) {
  return wordsGiven(job, "accept", job.options().acceptedContent,
                    "the disks hold what they should, whatever their contentId says");
}

// Of the job as a whole: what a call was told holds for those that go on with it.
bool deletesCreated(const JobContext& job) {
  std::set<std::string> now;
  if (job.options().deleteCreated) now.insert("");
  return !wordsGiven(job, "delete-created", now,
                     "what this job made is deleted, as far as no data has come to it")
              .empty();
}

// By recovery order: a group starts when the one before it is at home; whatever its number, none is left out.
std::vector<MachineResult> startInOrder(JobContext& job, const std::set<std::string>& confirmed) {
  std::map<std::int64_t, std::vector<const MachineView*>> groups;
  std::map<std::string, MachineResult> results;
  for (const MachineView* each : allMachines(job.world())) {
    if (confirmed.contains(each->plan->id)) {
      groups[each->plan->recoveryOrder].push_back(each);
    } else {
      results[each->plan->id] =
          untouched(job, *each, "waiting",
                    "not confirmed: nothing is detached before the caller says that its disks are at rest");
    }
  }
  bool held = false;
  for (const auto& [order, machines] : groups) {
    if (held) {
      for (const MachineView* each : machines)
        results[each->plan->id] =
            untouched(job, *each, "waiting", "a machine that is to start before it has not come home");
      continue;
    }
    for (auto& [id, result] : Crew(job, MachineWorker::Goal::running).work(machines)) {
      held = held || result.state != "home" || !result.healthy;
      results[id] = std::move(result);
    }
  }
  return inPlanOrder(job.world(), std::move(results));
}

// A verb goes on with a job of its own kind, or with what comes before it; anything else would undo, or do
// again, what another verb is about.
void refuseOtherKinds(Store& store, const Plan& plan, const char* verb,
                      std::initializer_list<std::string_view> kinds) {
  for (const StoredJob& each : store.jobsOf(plan.id)) {
    if (!isOpen(each)) continue;
    if (std::find(kinds.begin(), kinds.end(), each.kind) != kinds.end()) return;
    vsphere::fail(
        vsphere::Category::conflict,
        fmt::format("the plan's job is a {} ({}), and no {} can be made of it", each.kind, each.state, verb),
        each.kind == "failback" || each.kind == "commit"
            ? "commit it when its machines are what they should be, or cancel it"
            : "let it end: failback resume goes on with it");
  }
}

// Who calls cancel again may only not have seen that it took the failback back: that is no order to take the
// reprotect back, too.
constexpr const char* failbackUndone = "failback undone";

void noteUndone(const JobContext& job) {
  StoredStep row;
  row.step = failbackUndone;
  row.summary = "the failback was taken back: the disks are attached again";
  job.record(std::move(row), job.options().owner);
}

bool wasJustUndone(Store& store, const StoredJob& job) {
  const std::vector<StoredStep> steps = store.steps(job.id);
  return job.kind == "reprotect" && !steps.empty() && steps.back().step == failbackUndone;
}

JobResult endedAlready(const World& world, const StoredJob& job) {
  JobResult result = statusOf(world, &job);
  for (MachineResult& each : result.machines) {
    each.state = job.state;
    each.why.clear();
  }
  return result;
}

// The plan's last job, when it has ended like this: who calls again has not seen that it has.
std::optional<StoredJob> endedLike(Store& store, const Plan& plan, std::string_view state) {
  std::vector<StoredJob> jobs = store.jobsOf(plan.id);
  if (jobs.empty() || jobs.front().state != state) return std::nullopt;
  return std::move(jobs.front());
}

// The plan's job that has not ended.
StoredJob wantedJob(Store& store, const Plan& plan, const char* verb) {
  if (auto open = openJobOf(store, plan.id)) return std::move(*open);
  vsphere::fail(vsphere::Category::usage,
                fmt::format("the store knows no open job of plan {} to {}", plan.id, verb),
                "failback status tells what is where; name the store of the job with --state");
}

}  // namespace

JobResult runReprotect(vsphere::Client& client, Store& store, const World& world, const JobOptions& options,
                       const vsphere::Context& context) {
  refuseOtherKinds(store, world.plan(), "reprotect", {"reprotect"});
  JobContext job(client, store, world, options, context);
  Protector protector(job);
  protector.refuse();
  return carryOut(job, store, "reprotect", "protected", [&] {
    protector.begin();
    std::vector<MachineResult> machines = workOnAll(job, MachineWorker::Goal::attached);
    protector.complete(machines);
    return machines;
  });
}

JobResult runFailback(vsphere::Client& client, Store& store, const World& world, const JobOptions& options,
                      const vsphere::Context& context) {
  refuseOtherKinds(store, world.plan(), "failback", {"reprotect", "failback"});
  const StoredJob before = wantedJob(store, world.plan(), "fail back");
  JobContext job(client, store, world, options, context);
  JobResult result = carryOut(job, store, "failback", "home", [&] {
    job.accept(acceptances(job));
    return startInOrder(job, confirmations(job));
  });
  // Nothing was confirmed: it is what it was.
  const bool untouched = std::all_of(result.machines.begin(), result.machines.end(),
                                     [](const MachineResult& each) { return each.state == "waiting"; });
  if (untouched && before.kind == "reprotect") {
    store.setJobKind(result.job, before.kind);
    store.setJobState(result.job, before.state);
  }
  return result;
}

JobResult runCancel(vsphere::Client& client, Store& store, const World& world, const JobOptions& options,
                    const vsphere::Context& context) {
  if (const auto ended = endedLike(store, world.plan(), "cancelled")) return endedAlready(world, *ended);
  const StoredJob open = wantedJob(store, world.plan(), "cancel");
  if (!options.cancelReprotect && wasJustUndone(store, open)) {
    JobResult result = statusOf(world, &open);
    result.note =
        "the failback was taken back already, and nothing was done now: to take the reprotect back, too, "
        "call "
        "cancel --reprotect";
    return result;
  }
  // A cancel that was broken off goes on with what it was about.
  const std::string kind = open.kind;
  const bool failback = kind == "failback" || kind == "cancel failback";
  JobContext job(client, store, world, options, context);
  JobResult result = carryOut(job, store, failback ? "cancel failback" : "cancel",
                              failback ? "protected" : "cancelled", [&] {
                                job.deleteCreated(deletesCreated(job));
                                if (failback) return workOnAll(job, MachineWorker::Goal::undoneFailback);
                                return workAndRelease(job, MachineWorker::Goal::undoneReprotect, "cancelled");
                              });
  // It is a reprotect again, that can be failed back.
  if (failback && result.state == "protected") {
    noteUndone(job);
    store.reopen(result.job, "reprotect", nowText(context.clock()));
  }
  return result;
}

JobResult runCommit(vsphere::Client& client, Store& store, const World& world, const JobOptions& options,
                    const vsphere::Context& context) {
  if (const auto ended = endedLike(store, world.plan(), "committed")) return endedAlready(world, *ended);
  const std::string kind = wantedJob(store, world.plan(), "commit").kind;
  JobContext job(client, store, world, options, context);
  JobResult result = carryOut(job, store, "commit", "committed", [&] {
    return workAndRelease(job, MachineWorker::Goal::committed, "committed");
  });
  // Who waits is still to be failed back.
  if (result.state != "committed") store.setJobKind(result.job, kind == "commit" ? "failback" : kind);
  return result;
}

}  // namespace failback::provisioning
