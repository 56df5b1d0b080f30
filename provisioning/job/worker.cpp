// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/worker.h"

#include <fmt/format.h>

#include <algorithm>

#include "provisioning/job/rebuild.h"
#include "provisioning/job/result.h"
#include "provisioning/job/steps_parts.h"
#include "vsphere/actions.h"
#include "vsphere/spec_text.h"

namespace failback::provisioning {
namespace {

using vsphere::Category;
using vsphere::Failure;
using vsphere::Moref;
using vsphere::VirtualMachine;

// A machine has far fewer steps: whoever takes more goes in circles.
constexpr int mostSteps = 40;

// What the change will replace, for a cancel.
std::string beforeOf(const Step& step) {
  nlohmann::ordered_json before = nlohmann::ordered_json::object();
  for (const vsphere::NicStart& each : step.change.nicStarts)
    before["startConnected"][std::to_string(each.nic.key)] = each.nic.startConnected.value_or(true);
  for (const vsphere::ExtendedDisk& each : step.change.extendedDisks)
    before["capacityBytes"][each.disk.path()] = each.disk.capacityBytes;
  for (const vsphere::Disk& each : step.change.detachedDisks)
    before["detached"].push_back({{"key", each.key}, {"file", each.path()}});
  return before.dump();
}

std::string_view readyWord(MachineWorker::Goal goal) {
  switch (goal) {
    case MachineWorker::Goal::attached:
    case MachineWorker::Goal::undoneFailback:
      return "protected";
    case MachineWorker::Goal::running:
      return "home";
    case MachineWorker::Goal::undoneReprotect:
      return "cancelled";
    case MachineWorker::Goal::committed:
      break;
  }
  return "committed";
}

// It was started at home by this job, or may have been, and neither reverted nor attached anew since. What a
// lost record knew of it is `unknown`.
bool hasRun(const std::vector<StoredStep>& journal, const std::string& machine, bool unknown) {
  bool ran = false;
  for (const StoredStep& each : journal) {
    if (each.machine != machine) continue;
    if (each.step == rebuildStep) ran = unknown && rebuiltMayHaveRun(each);
    if (each.step == toString(StepKind::powerOn) && each.state != "failed") ran = true;
    const bool undone = each.step == toString(StepKind::revert) || each.step == toString(StepKind::attach);
    if (undone && each.state == "done") ran = false;
  }
  return ran;
}

}  // namespace

MachineWorker::MachineWorker(JobContext& job, const MachineView& machine, Goal goal)
    : job_(job),
      machine_(machine),
      plan_(*machine.plan),
      goal_(goal),
      maker_(job, *machine.plan),
      merger_(job, *machine.plan, maker_) {
  created_ = machine.made != nullptr || (machine.vm != nullptr && machine.vm == machine.made);
  const VirtualMachine* vm = machine.vm != nullptr ? machine.vm : machine.made;
  if (vm != nullptr) home_ = *vm;
  if (goal_ == Goal::undoneReprotect && created_ && job_.deletesCreated()) made_ = recordedAsMade();
  if (goal_ != Goal::attached && goal_ != Goal::committed)
    // Who takes something back counts it as started; who starts it, as written to by somebody else.
    ran_ = hasRun(job_.steps(), plan_.id, goal_ != Goal::running);
}

MachineState MachineWorker::state() const {
  MachineState state;
  state.plan = &job_.plan();
  state.machine = &plan_;
  state.home = home_ ? &*home_ : nullptr;
  state.target = &target_;
  state.created = created_;
  state.reverted = reverted_;
  state.neverAttached = neverAttached_;
  state.ran = ran_;
  state.merging = merger_.tries();
  state.reloaded = reloaded_;
  state.acceptedContent = job_.accepts(plan_);
  state.deleteCreated = job_.deletesCreated();
  state.made = made_;
  state.otherUser = [this](const vsphere::Disk& disk) { return otherUserOf(disk); };
  state.slots = job_.slots(plan_);
  state.attachedFiles.reserve(plan_.source.disks.size());
  for (const SourceDisk& each : plan_.source.disks) {
    const StoredDisk* stored = job_.storedDisk(plan_, each);
    const bool attached = stored != nullptr && stored->state == "attached";
    state.attachedFiles.push_back(attached ? stored->file : std::string());
  }
  state.sameFile = [this](const std::string& a, const VirtualMachine& vmA, const std::string& b,
                          const VirtualMachine& vmB) { return job_.world().sameFile(a, vmA, b, vmB); };
  return state;
}

MachineResult MachineWorker::run() {
  const std::string ready(readyWord(goal_));
  MachineResult made;
  try {
    if (machine_.target == nullptr || machine_.target->vm == nullptr)
      throw Stopped{fmt::format("there is no master target {}", plan_.masterTarget),
                    "name one that is there"};
    // As the world was read; what others change of it meanwhile is looked at when it is this machine's turn.
    target_ = *machine_.target->vm;
    if (goal_ == Goal::running) lookBack();
    go();
    if (goal_ == Goal::undoneReprotect) giveNameBack();
    made = result(ready);
  } catch (const Stopped& stopped) {
    // What can't be committed yet is no failure: it goes on as it was.
    made = result(goal_ == Goal::committed ? "waiting" : "failed");
    made.why = stopped.why;
    made.remedy = stopped.remedy;
  } catch (const Failure& failure) {
    const Category category = failure.error().category;
    const bool onlyThis = category == Category::notFound || category == Category::notPermitted;
    made = result(category == Category::interrupted ? "interrupted" : "failed");
    made.why = vsphere::describe(failure.error());
    made.remedy = failure.error().remedy;
    if (!onlyThis) {
      job_.tell({"machine", plan_.source.name, "", made.why, "", std::nullopt, made.state});
      throw;
    }
  }
  job_.tell({"machine", plan_.source.name, "", made.why, "", std::nullopt, made.state});
  return made;
}

void MachineWorker::readAll() {
  TargetState& shared = job_.target(*machine_.target);
  std::vector<Moref> refs{shared.vm.ref};
  if (home_) refs.push_back(home_->ref);
  std::vector<VirtualMachine> vms = job_.read(refs);
  shared.vm = vms[0];
  shared.stale = false;
  target_ = std::move(vms[0]);
  if (home_) home_ = std::move(vms[1]);
  homeStale_ = false;
}

Step MachineWorker::decide() const {
  switch (goal_) {
    case Goal::attached:
      return nextOfReprotect(state());
    case Goal::running:
      return nextOfFailback(state());
    case Goal::undoneReprotect:
      return nextOfUndoReprotect(state());
    case Goal::undoneFailback:
      return nextOfUndoFailback(state());
    case Goal::committed:
      break;
  }
  return nextOfCommit(state());
}

void MachineWorker::go() {
  for (int steps = 0; steps < mostSteps; ++steps) {
    job_.context().check("the next step of " + plan_.source.name);
    if (homeStale_ && home_) {
      home_ = job_.read({home_->ref}).front();
      homeStale_ = false;
    }
    const Step step = decide();
    if (step.kind == StepKind::stop) throw Stopped{step.obstacle, step.remedy};
    if (step.kind == StepKind::nothing) {
      if (!step.summary.empty()) note_ = step.summary;
      remember();
      return;
    }
    if (act(step)) return;
  }
  throw Stopped{fmt::format("{} does not get there in {} steps", plan_.source.name, mostSteps),
                "failback journal shows what was tried"};
}

// True when the goal is reached.
bool MachineWorker::act(const Step& step) {
  vsphere::Actions& actions = job_.client().actions();
  const vsphere::Context& context = job_.context();
  const Deadlines& deadlines = job_.plan().deadlines;
  switch (step.kind) {
    case StepKind::create:
      create(step);
      break;
    case StepKind::powerOff:
      powerOff(step);
      break;
    case StepKind::merge:
    case StepKind::consolidate:
    case StepKind::consolidateSnapshot:
      merger_.make(step, *home_, target_);
      homeStale_ = true;
      break;
    case StepKind::revert:
    case StepKind::dropSnapshot:
      undoSnapshot(step);
      break;
    case StepKind::adopt:
    case StepKind::restore:
    case StepKind::unmark:
    case StepKind::release:
      change(step);
      break;
    case StepKind::destroy:
      destroy(step);
      break;
    case StepKind::attach:
    case StepKind::detach:
    case StepKind::unmarkTarget:
      changeTarget();
      break;
    case StepKind::snapshot: {
      vsphere::Actions::NewSnapshot snapshot;
      snapshot.name = safetySnapshotName;
      snapshot.description = fmt::format("before the first start at home; plan {}", job_.plan().id);
      maker_.make(step, "{}", "{}", deadlines.taskSeconds,
                  [&] { return actions.startCreateSnapshot(step.object, snapshot, context); });
      homeStale_ = true;
      break;
    }
    case StepKind::powerOn: {
      const auto made = maker_.make(step, "{}", "{}", deadlines.taskSeconds,
                                    [&] { return actions.startPowerOn(step.object, context); });
      homeStale_ = true;
      if (made.outcome == StepMaker::Outcome::done) awaitHealth();
      break;
    }
    case StepKind::reload:
      reload();
      break;
    case StepKind::nothing:
    case StepKind::stop:
    case StepKind::rename:  // part of create and of its end
    case StepKind::renameBack:
    case StepKind::lockTarget:  // these are no machine's
    case StepKind::unlockTarget:
    case StepKind::protect:
    case StepKind::fix:
    case StepKind::unfix:
    case StepKind::unprotect:
      return true;
  }
  return false;
}

// Removing the snapshot merges what was written since: only after a revert, made in this very run, is that
// nothing.
void MachineWorker::undoSnapshot(const Step& step) {
  vsphere::Actions& actions = job_.client().actions();
  const bool revert = step.kind == StepKind::revert;
  const auto made = maker_.make(step, "{}", "{}", job_.plan().deadlines.taskSeconds, [&] {
    return revert ? actions.startRevertTo(step.snapshot, job_.context())
                  : actions.startRemoveSnapshot(step.snapshot, false, true, job_.context());
  });
  if (revert && made.outcome == StepMaker::Outcome::done) reverted_ = true;
  homeStale_ = true;
}

// -------------------------------------------------------------------------------------------------- changes

void MachineWorker::powerOff(const Step& step) {
  const vsphere::Context& context = job_.context();
  vsphere::Actions& actions = job_.client().actions();
  const std::int64_t patience = job_.plan().deadlines.shutdownSeconds;
  if (patience > 0 && home_->toolsRunningStatus.value_or("") == "guestToolsRunning") {
    bool asked = true;
    try {
      const auto made = maker_.make(step, "{}", "{}", patience, [&] {
        actions.shutdownGuest(step.object, context);
        return Moref{};
      });
      // It was not asked, or is off already: look again, and decide anew.
      if (made.outcome == StepMaker::Outcome::again) {
        homeStale_ = true;
        return;
      }
    } catch (const Stopped&) {
      asked = false;  // a guest that can't be asked is powered off
    }
    if (asked && job_.client().waitForPowerState(step.object, "poweredOff",
                                                 job_.taskContext(patience).withStop(context.stop()))) {
      isOff(step);
      return;
    }
  }
  context.check(step.summary);
  Step hard = step;
  hard.summary = fmt::format("power off {}", home_->name);
  const auto made = maker_.make(hard, "{}", "{}", job_.plan().deadlines.taskSeconds,
                                [&] { return actions.startPowerOff(step.object, context); });
  if (made.outcome == StepMaker::Outcome::done) return isOff(step);
  homeStale_ = true;
}

// Its configuration has a new version from now on; while it is merged that is read anyway.
void MachineWorker::isOff(const Step& step) {
  steps::pretend(step, *home_);
  homeStale_ = !steps::hasSnapshots(*home_);
}

void MachineWorker::change(const Step& step) {
  const auto made = maker_.make(
      step, vsphere::specJson(step.change).dump(), beforeOf(step), job_.plan().deadlines.taskSeconds,
      [&] { return job_.client().actions().startReconfigure(step.object, step.change, job_.context()); });
  // What was adopted is read back together with what is attached.
  const bool grew = !step.change.extendedDisks.empty();
  const bool later = step.kind == StepKind::adopt && made.outcome == StepMaker::Outcome::done && !grew;
  if (later) steps::pretend(step, *home_);
  homeStale_ = !later;
}

// The master target's turn: it is read after each change, so that the next one knows its version.
void MachineWorker::changeTarget() {
  TargetState& shared = job_.target(*machine_.target);
  const std::lock_guard turn(shared.turn);
  // Both as they are now: this is the last look before the disks change hands.
  if (goal_ == Goal::running && !shared.reloaded) reloadTarget(shared);
  if (shared.stale) readAll();
  target_ = shared.vm;
  const Step step = decide();
  const bool its =
      step.kind == StepKind::attach || step.kind == StepKind::detach || step.kind == StepKind::unmarkTarget;
  if (!its) return;  // decided anew by go()
  shared.stale = true;
  maker_.make(
      step, vsphere::specJson(step.change).dump(), beforeOf(step), job_.plan().deadlines.taskSeconds,
      [&] { return job_.client().actions().startReconfigure(step.object, step.change, job_.context()); });
  // The home VM is to show what its disks hold now (steps::rewritten).
  if (step.kind == StepKind::detach && goal_ == Goal::running) {
    reloadVm(home_->ref);
    reloaded_ = true;
  }
  readAll();
}

// What its disks hold is shown late of a VM that runs. Once in a run: of whoever is confirmed, nothing is
// written any more. It is no condition: an account that may not do it, or a server that can't, shows what it
// has.
void MachineWorker::reloadTarget(TargetState& shared) {
  reloadVm(shared.vm.ref);
  shared.reloaded = shared.stale = true;
}

void MachineWorker::reloadVm(const Moref& vm) {
  try {
    job_.client().actions().reload(vm, job_.context());
  } catch (const Failure& failure) {
    const Category category = failure.error().category;
    if (category != Category::notPermitted && category != Category::unsupported && category != Category::busy)
      throw;
  }
}

void MachineWorker::reload() {
  TargetState& shared = job_.target(*machine_.target);
  const std::lock_guard turn(shared.turn);
  reloadVm(home_->ref);
  reloadTarget(shared);
  readAll();
  reloaded_ = true;
}

// Was it ever attached? The world knows what is, the ledger what was. A job that died between the attachment
// and its record is put right first.
void MachineWorker::lookBack() {
  const std::vector<DiskPlace> places = placesOf(state());
  const bool attached = std::any_of(places.begin(), places.end(),
                                    [](const DiskPlace& each) { return each.state == "attached"; });
  if (attached) return remember();
  neverAttached_ =
      std::all_of(plan_.source.disks.begin(), plan_.source.disks.end(), [&](const SourceDisk& each) {
        const StoredDisk* stored = job_.storedDisk(plan_, each);
        return stored == nullptr || stored->state == "reserved";
      });
}

// The ledger: written from what was read back, never from what was asked for.
void MachineWorker::remember() {
  const MachineState now = state();
  const std::vector<DiskPlace> places = placesOf(now);
  job_.withStore([&](Store& store) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (places[i].home == nullptr) continue;
      const std::string& id = plan_.source.disks[i].id;
      store.setDiskFile(job_.job().id, plan_.id, id, places[i].home->uuid.value_or(""),
                        places[i].home->path());
      store.setDiskState(job_.job().id, plan_.id, id, places[i].state);
    }
  });
}

void MachineWorker::awaitHealth() {
  const std::int64_t patience = job_.plan().deadlines.healthySeconds;
  if (patience == 0) return;
  job_.tell({"step", plan_.source.name, "healthy",
             fmt::format("wait for VMware Tools and an address of {}", home_->name), "", std::nullopt, ""});
  const bool healthy =
      job_.client().waitForHealth(home_->ref, job_.taskContext(patience).withStop(job_.context().stop()));
  if (!healthy)
    unhealthy_ =
        fmt::format("{} runs, and shows no VMware Tools or address after {} s", home_->name, patience);
  job_.tell({healthy ? "done" : "failed", plan_.source.name, "healthy",
             healthy ? fmt::format("{} answers", home_->name) : unhealthy_, "", std::nullopt, ""});
}

// --------------------------------------------------------------------------------------------------- result

MachineResult MachineWorker::result(const std::string& state) const {
  MachineResult result = describeMachine(this->state(), machine_);
  result.state = state;
  result.note = note_;
  result.healthy = unhealthy_.empty();
  result.why = unhealthy_;
  if (!result.healthy)
    result.remedy = "look at its console; failback again starts the machines that wait for it";
  return result;
}

}  // namespace failback::provisioning
