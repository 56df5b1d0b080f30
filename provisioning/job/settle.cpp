// SPDX-License-Identifier: GPL-2.0-or-later
// What an earlier call has begun comes to its end, before anybody judges what is there.
#include <fmt/format.h>

#include <algorithm>

#include "provisioning/job/question_desk.h"
#include "provisioning/job/runner_tools.h"

namespace failback::provisioning {
namespace {

using vsphere::Failure;
using vsphere::Moref;
using vsphere::TaskInfo;

class Settler {
 public:
  Settler(vsphere::Client& client, Store& store, const Plan& plan, const JobOptions& options,
          const vsphere::Context& context)
      : client_(client),
        store_(store),
        plan_(plan),
        options_(options),
        context_(context),
        watch_(client.watchTasks(context)) {}

  void settle(const StoredJob& job) {
    for (const StoredStep& each : store_.steps(job.id)) {
      if (each.state != "intent" && each.state != "begun") continue;
      // What the VM made of it, its question tells.
      if (each.step == "answer") {
        store_.ended(each.number, "unknown", "it was not seen whether it was taken");
        continue;
      }
      JobEvent event;
      event.kind = "step";
      event.machine = each.machine;
      event.step = each.step;
      event.text = "wait for what was begun: " + each.summary;
      tell(std::move(event));
      store_.ended(each.number, "unknown", ended(job, each));
    }
  }

 private:
  std::string ended(const StoredJob& job, const StoredStep& step) {
    const bool merges = step.step == "merge" || step.step == "consolidate" || step.step == "dropSnapshot";
    const auto patience =
        std::chrono::seconds(merges ? plan_.deadlines.mergeSeconds : plan_.deadlines.taskSeconds);
    try {
      return awaitTasks(job, step, context_.withTimeout(patience));
    } catch (const Failure& failure) {
      if (endsTheJob(failure.error().category)) throw;
      return "its task is gone: " + failure.error().text;
    }
  }

  std::string awaitTasks(const StoredJob& job, const StoredStep& step, const vsphere::Context& context) {
    const Moref object = parsed(step.object);
    const Moref vm = object.type == "VirtualMachine" ? object : Moref{};
    std::vector<TaskInfo> tasks;
    if (const Moref task = parsed(step.task); !task.empty()) {
      tasks.push_back(awaitTask(job, step, task, vm, context));
    } else if (!vm.empty()) {
      // Of a step whose answer was lost only the object knows whether something runs.
      tasks = awaitRecent(vm, context);
    }
    if (tasks.empty()) return "no task of it is known";
    std::string evidence;
    for (const TaskInfo& info : tasks)
      evidence +=
          fmt::format("{} {}; ", info.name.empty() ? info.ref.value : info.name,
                      info.error ? "failed: " + vsphere::describe(*info.error) : "ended with success");
    return evidence;
  }

  TaskInfo awaitTask(const StoredJob& job, const StoredStep& step, const Moref& task, const Moref& vm,
                     const vsphere::Context& context) {
    const auto machine = std::find_if(plan_.machines.begin(), plan_.machines.end(),
                                      [&](const Machine& each) { return each.id == step.machine; });
    const std::string name = machine == plan_.machines.end() ? step.machine : machine->source.name;
    const bool onTarget = step.step == "attach" || step.step == "detach" || step.step == "unmarkTarget";
    const std::string vmName = onTarget && machine != plan_.machines.end() ? machine->masterTarget : name;
    QuestionDesk desk({client_,
                       plan_.policy,
                       context,
                       [this](JobEvent event) { tell(std::move(event)); },
                       journal(),
                       {job.id, step.machine, name, step.step, vm, vmName}});
    vsphere::TaskWatch::Listener listener;
    listener.question = [&](const auto& question) { desk.hear(question); };
    try {
      return watch_->wait(task, vm, listener, context);
    } catch (const Failure& failure) {
      if (failure.error().category != vsphere::Category::deadline || !desk.open()) throw;
      vsphere::fail(vsphere::Category::deadline,
                    fmt::format("{} waits for an answer: {}", step.summary, questionText(*desk.open())),
                    "answer it (failback answer, or in vCenter), and call again");
    }
  }

  std::vector<TaskInfo> awaitRecent(const Moref& vm, const vsphere::Context& context) {
    IntoVms sink;
    client_.readObjects({vm}, vsphere::Depth::standard, sink, context);
    if (sink.vms.empty() || sink.vms.front().recentTasks.empty()) return {};
    return client_.waitForTasks(sink.vms.front().recentTasks, {}, context);
  }

  Journal journal() {
    return {[this](const StoredStep& row) { return store_.intend(row); },
            [this](std::int64_t number, const std::string& state, const std::string& evidence) {
              store_.ended(number, state, evidence);
            }};
  }

  void tell(JobEvent event) const {
    if (options_.onEvent) options_.onEvent(event);
  }

  vsphere::Client& client_;
  Store& store_;
  const Plan& plan_;
  const JobOptions& options_;
  const vsphere::Context& context_;
  const std::unique_ptr<vsphere::TaskWatch> watch_;
};

}  // namespace

void settle(vsphere::Client& client, Store& store, const Plan& plan, const JobOptions& options,
            const vsphere::Context& context) {
  Settler settler(client, store, plan, options, context);
  for (const StoredJob& job : store.jobsOf(plan.id))
    if (isOpen(job)) settler.settle(job);
}

}  // namespace failback::provisioning
