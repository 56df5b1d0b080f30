// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/runner.h"

#include <fmt/format.h>

#include <algorithm>

#include "provisioning/job/question_desk.h"
#include "provisioning/job/runner_tools.h"
#include "provisioning/plan/plan_document.h"
#include "provisioning/plan/plan_init.h"
#include "vsphere/sha256.h"
#include "vsphere/time_text.h"

namespace failback::provisioning {
namespace {

using vsphere::Category;
using vsphere::Failure;
using vsphere::Moref;
using vsphere::VirtualMachine;

// Somebody else is at it, or the world has just moved: the same thing may well succeed a little later.
bool passes(Category category) {
  return category == Category::busy || category == Category::concurrentAccess ||
         category == Category::serverBusy || category == Category::notAuthenticated;
}

constexpr int mostRetries = 8;

}  // namespace

std::string nowText(const vsphere::Clock& clock) {
  return vsphere::timeText(clock.wallNow());
}

JobContext::JobContext(vsphere::Client& client, Store& store, const World& world, const JobOptions& options,
                       const vsphere::Context& context)
    : client_(client),
      store_(store),
      world_(world),
      options_(options),
      context_(context),
      tasks_(client.watchTasks(context)) {
  for (const TargetView& each : world.targets()) {
    if (each.vm == nullptr) continue;
    auto state = std::make_unique<TargetState>();
    state->vm = *each.vm;
    targets_.emplace(each.vm->ref, std::move(state));
  }
}

vsphere::Context JobContext::taskContext(std::int64_t seconds) const {
  return vsphere::Context(context_.clock())
      .withTimeout(std::chrono::seconds(seconds))
      .withOperationId(context_.operationId());
}

void JobContext::open(const std::string& kind) {
  if (auto open = openJobOf(store_, plan().id)) job_ = std::move(*open);
  refuseEdited();
  slots_ = slotsOf(world_, job_.id.empty() ? nullptr : &job_);
  if (job_.id.empty()) {
    makeJob(kind);
  } else if (job_.kind != kind) {
    store_.setJobKind(job_.id, kind);
    job_.kind = kind;
  }
  store_.setJobState(job_.id, "running");
}

// What was approved and begun is what goes on; a cancel undoes what the journal says.
void JobContext::refuseEdited() const {
  if (job_.id.empty() || job_.digest.empty() || job_.digest == digest(plan())) return;
  vsphere::fail(Category::conflict,
                fmt::format("the plan was edited since job {} began: its digest was {}, and is {}", job_.id,
                            job_.digest, digest(plan())),
                "go on with the plan as it was; or cancel with that plan, and begin anew with this one");
}

void JobContext::makeJob(const std::string& kind) {
  vsphere::Random& random = options_.random != nullptr ? *options_.random : vsphere::systemRandom();
  const std::uint64_t high = random.next(), low = random.next();
  job_.id = newUuid(high, low);
  job_.plan = plan().id;
  job_.kind = kind;
  job_.opened = nowText(context_.clock());
  job_.digest = digest(plan());
  for (const MachineView& machine : world_.machines()) {
    StoredMachine& stored = job_.machines.emplace_back();
    stored.id = machine.plan->id;
    stored.name = machine.name;
    stored.instanceUuid = machine.plan->source.instanceUuid;
    stored.folder = machine.folder != nullptr ? machine.folder->inventoryPath : std::string();
    const std::string target = machine.target != nullptr && machine.target->vm != nullptr
                                   ? machine.target->vm->instanceUuid.value_or("")
                                   : std::string();
    const std::vector<Slot>& slots = slots_[machine.plan->id];
    for (std::size_t i = 0; i < machine.disks.size() && i < slots.size(); ++i) {
      const DiskView& disk = machine.disks[i];
      job_.disks.push_back({machine.plan->id, disk.plan->id,
                            disk.device != nullptr ? disk.device->uuid.value_or("") : std::string(),
                            disk.device != nullptr ? disk.device->path() : std::string(),
                            disk.plan->capacityBytes, target, slots[i].bus, slots[i].unit, "reserved"});
    }
  }
  store_.add(job_);
}

std::string JobContext::nameOf(const Moref& vm) const {
  const auto* known = world_.inventory().find<VirtualMachine>(vm);
  return known != nullptr ? known->name : vm.value;
}

Journal JobContext::journal() const {
  return {
      [this](const StoredStep& row) { return withStore([&](Store& store) { return store.intend(row); }); },
      [this](std::int64_t number, const std::string& state, const std::string& evidence) {
        withStore([&](Store& store) { store.ended(number, state, evidence); });
      }};
}

std::vector<StoredStep> JobContext::steps() const {
  return withStore([&](Store& store) { return store.steps(job_.id); });
}

void JobContext::record(StoredStep row, const std::string& evidence) const {
  if (row.job.empty()) row.job = job_.id;
  if (row.before.empty()) row.before = "{}";
  if (row.spec.empty()) row.spec = "{}";
  row.at = nowText(context_.clock());
  withStore([&](Store& store) { store.ended(store.intend(row), "done", evidence); });
}

void JobContext::tell(JobEvent event) const {
  if (!options_.onEvent) return;
  const std::lock_guard lock(tellMutex_);
  options_.onEvent(event);
}

void JobContext::warn(std::string_view step, const std::string& text) {
  warnings_.push_back(text);
  tell({"warning", "", std::string(step), text, "", std::nullopt, ""});
}

const StoredDisk* JobContext::storedDisk(const Machine& machine, const SourceDisk& disk) const {
  const auto found = std::find_if(job_.disks.begin(), job_.disks.end(), [&](const StoredDisk& each) {
    return each.machine == machine.id && each.id == disk.id;
  });
  return found == job_.disks.end() ? nullptr : &*found;
}

std::vector<VirtualMachine> JobContext::read(const std::vector<Moref>& refs) const {
  IntoVms sink;
  client_.readObjects(refs, vsphere::Depth::full, sink, taskContext(plan().deadlines.taskSeconds));
  std::vector<VirtualMachine> result;
  result.reserve(refs.size());
  for (const Moref& ref : refs) {
    const auto found = std::find_if(sink.vms.begin(), sink.vms.end(),
                                    [&](const VirtualMachine& each) { return each.ref == ref; });
    if (found == sink.vms.end())
      vsphere::fail(Category::notFound,
                    fmt::format("{}:{} is gone, or hidden from this account", ref.type, ref.value),
                    "look for it in vCenter; failback status tells what was recorded");
    result.push_back(*found);
    // Paths are made of the whole inventory, which is not read again.
    if (const auto* folder = world_.inventory().find<vsphere::Folder>(found->parent))
      result.back().inventoryPath = folder->inventoryPath + "/" + found->name;
  }
  return result;
}

// ---------------------------------------------------------------------------------------------------- steps

namespace {

const Machine& noMachine() {
  static const Machine machine;
  return machine;
}

}  // namespace

StepMaker::StepMaker(JobContext& job) : StepMaker(job, noMachine()) {}

void StepMaker::meanwhile(vsphere::Milliseconds interval, std::function<void()> call) {
  interval_ = interval;
  meanwhile_ = std::move(call);
}

StoredStep StepMaker::rowOf(const Step& step, const std::string& spec, const std::string& before) const {
  StoredStep row;
  row.job = job_.job().id;
  row.machine = machine_.id;
  row.step = std::string(toString(step.kind));
  row.object = written(step.object);
  row.summary = step.summary;
  row.before = before;
  row.spec = spec;
  row.digest = vsphere::sha256Hex(spec);
  row.at = nowText(job_.context().clock());
  return row;
}

// Its end, and on the way whatever the VM asks.
vsphere::TaskInfo StepMaker::await(const Step& step, const Moref& task, std::int64_t seconds) {
  const std::string kind(toString(step.kind));
  const vsphere::Context context = job_.taskContext(seconds);
  percent_.reset();
  const Moref vm = step.object.type == "VirtualMachine" ? step.object : Moref{};
  const std::string name = vm.empty() ? std::string() : job_.nameOf(vm);
  QuestionDesk desk({job_.client(),
                     job_.plan().policy,
                     context,
                     [this](JobEvent event) { job_.tell(std::move(event)); },
                     job_.journal(),
                     {job_.job().id, machine_.id, machine_.source.name, kind, vm, name}});
  vsphere::TaskWatch::Listener listener;
  listener.progress = [&](const vsphere::TaskInfo& info) {
    if (info.progress) percent_ = info.progress;
    if (info.state == "running" && info.progress)
      job_.tell({"progress", machine_.source.name, kind, step.summary, info.ref.value, info.progress, ""});
  };
  listener.question = [&](const auto& question) { desk.hear(question); };
  listener.interval = interval_;
  listener.meanwhile = meanwhile_;
  try {
    return job_.tasks().wait(task, vm, listener, context);
  } catch (const Failure& failure) {
    // The step stays open: the next call waits for its end, whoever answers by then.
    if (failure.error().category != Category::deadline || !desk.open()) throw;
    throw Stopped{fmt::format("{} waits for an answer, and nobody gave one within {} s: {}", step.summary,
                              seconds, questionText(*desk.open())),
                  "answer it (failback answer, or in vCenter), and call again", Category::deadline};
  }
}

StepMaker::Made StepMaker::make(const Step& step, const std::string& spec, const std::string& before,
                                std::int64_t seconds, const std::function<Moref()>& start) {
  const std::string kind(toString(step.kind));
  job_.tell({"step", machine_.source.name, kind, step.summary, "", std::nullopt, ""});
  const StoredStep row = rowOf(step, spec, before);
  const std::int64_t number = job_.withStore([&](Store& store) { return store.intend(row); });
  Made made;
  Moref task;
  try {
    task = start();
    if (!task.empty()) {
      job_.withStore([&](Store& store) { store.begun(number, written(task)); });
      made.task = await(step, task, seconds);
      // It can't be read, or is gone: neither done nor failed. The object itself tells.
      if (made.task.state.empty()) return unseen(step, number, *made.task.error);
      if (made.task.error) return failed(step, number, *made.task.error);
    }
  } catch (const vsphere::TransportFailure& failure) {
    // What was not sent has not been done; of all else, and of a task that runs, the world tells.
    const bool begun = failure.fate() != vsphere::Fate::notSent || !task.empty();
    job_.withStore([&](Store& store) {
      if (!begun) store.ended(number, "failed", failure.error().text);
    });
    throw;
  } catch (const Failure& failure) {
    return failed(step, number, failure.error());
  }
  job_.withStore([&](Store& store) { store.ended(number, "done", ""); });
  job_.tell({"done", machine_.source.name, kind, step.summary, made.task.ref.value, std::nullopt, ""});
  retries_ = 0;
  return made;
}

StepMaker::Made StepMaker::unseen(const Step& step, std::int64_t number, const vsphere::Error& error) {
  job_.withStore([&](Store& store) { store.ended(number, "unknown", vsphere::describe(error)); });
  if (retries_ >= mostRetries)
    throw Stopped{
        fmt::format("what became of \"{}\" can't be seen: {}", step.summary, vsphere::describe(error)),
        error.remedy, error.category};
  constexpr std::chrono::milliseconds pause{1'000};
  job_.context().sleep(pause * (1 << std::min(retries_++, 4)), step.summary);
  return {Outcome::again, {}, error};
}

StepMaker::Made StepMaker::failed(const Step& step, std::int64_t number, const vsphere::Error& error) {
  if (endsTheJob(error.category)) throw Failure(error);  // the step stays open: it may be going on
  const std::string text = vsphere::describe(error);
  job_.withStore([&](Store& store) { store.ended(number, "failed", text); });
  job_.tell({"failed", machine_.source.name, std::string(toString(step.kind)), text, "", std::nullopt, ""});
  // What was to be switched is switched already, or is just being.
  const bool moving = error.hasFault("InvalidPowerState") &&
                      (step.kind == StepKind::powerOff || step.kind == StepKind::powerOn);
  if (!(passes(error.category) || moving) || retries_ >= mostRetries)
    throw Stopped{fmt::format("{} failed: {}", step.summary, text), error.remedy, error.category};
  // The world has moved, or somebody works on it: wait a little, then read it and decide anew.
  constexpr std::chrono::milliseconds first{500}, most{30'000};
  job_.context().sleep(std::min(most, first * (1 << retries_++)), step.summary);
  return {Outcome::again, {}, error};
}

}  // namespace failback::provisioning
