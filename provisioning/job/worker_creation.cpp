// SPDX-License-Identifier: GPL-2.0-or-later
// A worker's VM that is made, and that is deleted again.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "provisioning/check/creation.h"
#include "provisioning/job/runner_tools.h"
#include "provisioning/job/worker.h"
#include "provisioning/plan/identity.h"
#include "vsphere/actions.h"
#include "vsphere/spec_text.h"

namespace failback::provisioning {

using vsphere::Moref;
using vsphere::VirtualMachine;

namespace {

constexpr const char* madeStep = "made";

}  // namespace

void MachineWorker::create(const Step& step) {
  if (!makeWay()) return;
  const auto creation = creationOf(job_.world(), machine_);
  if (!creation)
    throw Stopped{fmt::format("{} can't be created where the plan says", plan_.source.name),
                  "failback check tells what is missing"};
  const std::string spec = vsphere::specJson(creation->vm).dump();
  Step named = step;
  named.object = creation->place.folder;
  try {
    const auto made = maker_.make(named, spec, "{}", job_.plan().deadlines.taskSeconds, [&] {
      return job_.client().actions().startCreateVm(creation->place, creation->vm, job_.context());
    });
    if (made.outcome == StepMaker::Outcome::again) return;
    if (made.task.result) home_ = job_.read({*made.task.result}).front();
  } catch (const Stopped&) {
    // DuplicateName: an earlier, lost call of ours may have made it. Only its mark proves that.
    adoptMade();
    if (!home_) throw;
  }
  if (!home_) adoptMade();
  if (!home_)
    throw Stopped{fmt::format("{} was created and is not to be found", named.summary), "look in vCenter"};
  created_ = true;
  job_.withStore([&](Store& store) { store.setMade(job_.job().id, plan_.id); });
  recordMade();
}

// What its disks held before anything could come to them: only that proves later that they are empty.
void MachineWorker::recordMade() {
  std::vector<LedgerEntry> entries;
  const std::vector<DiskPlace> places = placesOf(state());
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i].home == nullptr) continue;
    const vsphere::Disk& disk = *places[i].home;
    entries.push_back(
        {plan_.source.disks[i].id, disk.uuid.value_or(""), disk.path(), "", contentOf(disk), ""});
  }
  StoredStep row;
  row.machine = plan_.id;
  row.step = madeStep;
  row.object = home_->ref.str();
  row.summary = fmt::format("{} as it was made", home_->name);
  job_.record(std::move(row), ledgerText(entries));
}

std::vector<LedgerEntry> MachineWorker::recordedAsMade() const {
  std::vector<LedgerEntry> entries;
  for (const StoredStep& each : job_.steps()) {
    if (each.machine == plan_.id && each.step == madeStep && home_ && each.object == home_->ref.str())
      entries = ledgerFrom(each.evidence);
  }
  return entries;
}

std::string MachineWorker::otherUserOf(const vsphere::Disk& disk) const {
  for (const DiskUser& each : job_.world().usersOfFile(disk.path(), *home_))
    if (each.vm->ref != home_->ref && each.vm->ref != target_.ref) return each.vm->name;
  return {};
}

void MachineWorker::destroy(const Step& step) {
  const std::string name = home_->name;
  const auto made = maker_.make(step, "{}", "{}", job_.plan().deadlines.taskSeconds, [&] {
    return job_.client().actions().startDestroy(step.object, job_.context());
  });
  if (made.outcome == StepMaker::Outcome::again) {
    homeStale_ = true;
    return;
  }
  home_.reset();
  created_ = false;
  note_ = fmt::format("{} was deleted: this job had made it, and no data had come to it", name);
}

// What has the home VM's name is renamed, where the plan says so. False: look again.
bool MachineWorker::makeWay() {
  const VirtualMachine* other = wayMade_ ? nullptr : renamedForNew(job_.world(), machine_);
  if (other == nullptr) return true;
  // It was read with the world: somebody may have been faster.
  if (job_.read({other->ref}).front().name != other->name) return wayMade_ = true;
  const std::string& name = plan_.home.newName;
  Step step;
  step.kind = StepKind::rename;
  step.object = other->ref;
  step.summary =
      fmt::format("rename {} ({}) to {}: the new VM gets its name", other->name, other->ref.value, name);
  const auto made =
      maker_.make(step, nlohmann::json{{"newName", name}}.dump(),
                  nlohmann::json{{"name", other->name}}.dump(), job_.plan().deadlines.taskSeconds,
                  [&] { return job_.client().actions().startRename(other->ref, name, job_.context()); });
  wayMade_ = made.outcome == StepMaker::Outcome::done;
  return wayMade_;
}

namespace {

// What the job's last rename has made of what; an empty reference when there was none.
struct Renamed {
  Moref vm;
  std::string from, to;
};

Renamed renamedBy(const std::vector<StoredStep>& steps, const std::string& machine) {
  Renamed renamed;
  for (const StoredStep& each : steps) {
    if (each.machine != machine || each.step != toString(StepKind::rename) || each.state == "failed")
      continue;
    const auto spec = nlohmann::json::parse(each.spec, nullptr, false);
    const auto before = nlohmann::json::parse(each.before, nullptr, false);
    if (!spec.is_object() || !before.is_object()) continue;
    renamed = {parsed(each.object), before.value("name", ""), spec.value("newName", "")};
  }
  return renamed;
}

}  // namespace

// Its name is given back to what was renamed, unless the VM that was made for it stays and has it.
void MachineWorker::giveNameBack() {
  const Renamed renamed = renamedBy(job_.steps(), plan_.id);
  if (renamed.vm.empty()) return;
  const auto stays = [&](const std::string& why) {
    note_ +=
        fmt::format("{}{} stays called {}: {}", note_.empty() ? "" : "; ", renamed.from, renamed.to, why);
  };
  try {
    if (job_.read({renamed.vm}).front().name != renamed.to) return;
    if (home_ && home_->name == renamed.from) return stays("the VM that was made has its name");
    Step step;
    step.kind = StepKind::renameBack;
    step.object = renamed.vm;
    step.summary = fmt::format("call {} {} again", renamed.to, renamed.from);
    const auto made = maker_.make(
        step, nlohmann::json{{"newName", renamed.from}}.dump(), nlohmann::json{{"name", renamed.to}}.dump(),
        job_.plan().deadlines.taskSeconds,
        [&] { return job_.client().actions().startRename(renamed.vm, renamed.from, job_.context()); });
    if (made.outcome == StepMaker::Outcome::again)
      stays("it could not be seen whether it was renamed; call again");
  } catch (const Stopped& stopped) {
    stays(stopped.why);
  } catch (const vsphere::Failure& failure) {
    if (failure.error().category != vsphere::Category::notFound) throw;
    stays("it is gone");
  }
}

void MachineWorker::adoptMade() {
  const std::string uuid = derivedInstanceUuid(job_.plan(), plan_);
  const std::vector<Moref> found = job_.client().findVmsByUuid(uuid, true, job_.context());
  if (found.size() != 1) return;
  VirtualMachine vm = job_.read(found).front();
  if (job_.world().isOurs(vm, plan_)) home_ = std::move(vm);
}

}  // namespace failback::provisioning
