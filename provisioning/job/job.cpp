// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/job.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <thread>

#include "provisioning/check/creation.h"
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

MachineResult untouched(const MachineView& machine, const std::string& state, const std::string& why) {
  MachineResult result;
  result.id = machine.plan->id;
  result.name = machine.plan->source.name;
  result.mode = machine.mustBeCreated() ? "alr" : "olr";
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
  store.setJobState(result.job, result.state);
  return result;
}

}  // namespace

JobResult runReprotect(vsphere::Client& client, Store& store, const World& world, const JobOptions& options,
                       const vsphere::Context& context) {
  JobContext job(client, store, world, options, context);
  return carryOut(job, store, "reprotect", "protected", [&] {
    std::vector<const MachineView*> machines;
    for (const MachineView& each : world.machines()) machines.push_back(&each);
    auto results = Crew(job, MachineWorker::Goal::attached).work(machines);
    std::vector<MachineResult> ordered;
    for (const MachineView* each : machines) ordered.push_back(std::move(results.at(each->plan->id)));
    return ordered;
  });
}

JobResult runFailback(vsphere::Client& client, Store& store, const World& world, const JobOptions& options,
                      const vsphere::Context& context) {
  JobContext job(client, store, world, options, context);
  return carryOut(job, store, "failback", "home", [&] {
    // Groups in their order; whatever numbers they have, each is started.
    std::map<std::int64_t, std::vector<const MachineView*>> groups;
    std::map<std::string, MachineResult> results;
    for (const MachineView& each : world.machines()) {
      if (options.confirmed.contains(each.plan->id)) {
        groups[each.plan->recoveryOrder].push_back(&each);
      } else {
        results[each.plan->id] =
            untouched(each, "waiting",
                      "not confirmed: nothing is detached before the caller says that its disks are at rest");
      }
    }
    bool held = false;
    for (const auto& [order, machines] : groups) {
      if (held) {
        for (const MachineView* each : machines)
          results[each->plan->id] =
              untouched(*each, "waiting", "a machine that is to start before it has not come home");
        continue;
      }
      for (auto& [id, result] : Crew(job, MachineWorker::Goal::running).work(machines)) {
        held = held || result.state != "home";
        results[id] = std::move(result);
      }
    }
    std::vector<MachineResult> ordered;
    for (const MachineView& each : world.machines()) ordered.push_back(std::move(results.at(each.plan->id)));
    return ordered;
  });
}

}  // namespace failback::provisioning
