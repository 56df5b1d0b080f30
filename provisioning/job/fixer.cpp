// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/fixer.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "provisioning/check/judge_tools.h"
#include "provisioning/job/steps_parts.h"
#include "vsphere/actions.h"
#include "vsphere/spec_text.h"

namespace failback::provisioning {
namespace {

using vsphere::Moref;
using vsphere::VirtualMachine;
using Json = nlohmann::json;

constexpr const char* uuidEnabled = "diskUuidEnabled";
constexpr const char* bootOrder = "bootOrder";

// The folder that its files lie in: "[vmfs-01] mt-01".
std::string folderOf(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

// The first disk that lies where its own files lie.
const vsphere::Disk* ownDisk(const VirtualMachine& vm) {
  const std::string own = folderOf(vm.vmPathName.value_or(""));
  const auto found = std::find_if(vm.disks.begin(), vm.disks.end(),
                                  [&](const vsphere::Disk& each) { return folderOf(each.path()) == own; });
  return found == vm.disks.end() ? nullptr : &*found;
}

Fix fixOf(const char* rule, const VirtualMachine& vm) {
  Fix fix;
  fix.rule = rule;
  fix.object = vm.ref;
  fix.before = "{}";
  fix.change.changeVersion = vm.changeVersion.value_or("");
  return fix;
}

Fix fixUuid(const VirtualMachine& target) {
  Fix fix = fixOf("MT-UUID", target);
  fix.summary =
      fmt::format("set disk.EnableUUID of {}; its guest sees it from the next power-on", target.name);
  fix.before = Json{{uuidEnabled, target.diskUuidEnabled.value_or(false)}}.dump();
  fix.change.diskUuidEnabled = true;
  return fix;
}

Fix fixSnapshot(const VirtualMachine& target) {
  Fix fix = fixOf("MT-SNAPSHOT", target);
  fix.kind = target.snapshotCount() > 0 ? Fix::Kind::merge : Fix::Kind::consolidate;
  fix.summary = fix.kind == Fix::Kind::merge ? fmt::format("merge {} of {}; this can't be taken back",
                                                           steps::snapshotText(target), target.name)
                                             : fmt::format("consolidate the disks of {}", target.name);
  return fix;
}

Fix fixBoot(const VirtualMachine& target) {
  Fix fix = fixOf("MT-BOOT", target);
  const vsphere::Disk* own = ownDisk(target);
  if (own == nullptr) {
    fix.obstacle = fmt::format("none of the disks of {} lies in its own folder", target.name);
    fix.remedy = "set its boot order by hand";
    return fix;
  }
  fix.summary = fmt::format("let {} boot from {}", target.name, own->path());
  fix.before = Json{{bootOrder, target.bootOrder}}.dump();
  fix.change.bootOrder = {fmt::format("disk:{}", own->key)};
  for (const std::string& each : target.bootOrder)
    if (each != fix.change.bootOrder.front()) fix.change.bootOrder.push_back(each);
  return fix;
}

Fix fixSize(const MachineView& machine) {
  const VirtualMachine& home = *machine.vm;
  Fix fix = fixOf("VM-DISK-SIZE", home);
  if (home.powerState.value_or("") != "poweredOff" || steps::hasSnapshots(home)) {
    fix.obstacle = fmt::format("{} runs or has snapshots, and its disks can't grow", home.name);
    fix.remedy = "set consents.extendDisks in the plan: then the job does it when it is off and merged";
    return fix;
  }
  Json before = Json::object();
  for (const DiskView& each : machine.disks) {
    if (each.device == nullptr || each.device->capacityBytes >= each.plan->capacityBytes) continue;
    fix.change.extendedDisks.push_back({*each.device, each.plan->capacityBytes});
    before["capacityBytes"][each.device->path()] = each.device->capacityBytes;
  }
  fix.before = before.dump();
  fix.summary = fmt::format("extend {} of {}; this can't be taken back",
                            counted(fix.change.extendedDisks.size(), "disk"), home.name);
  return fix;
}

bool fails(const Finding& finding) {
  return finding.status == Status::fail && finding.severity == Severity::fix && !finding.silenced;
}

}  // namespace

std::vector<std::string> fixableRules() {
  std::vector<std::string> ids;
  for (const Rule& each : provisioning::rules())
    if (each.severity == Severity::fix) ids.emplace_back(each.id);
  return ids;
}

std::set<std::string> fixableOf(const Report& report) {
  std::set<std::string> rules;
  for (const Finding& each : report.findings)
    if (fails(each)) rules.emplace(each.rule->id);
  return rules;
}

std::vector<Fix> wantedFixes(const World& world, const Report& report, const std::set<std::string>& rules) {
  const auto wanted = [&](const char* rule, const Moref& object) {
    return rules.contains(rule) &&
           std::any_of(report.findings.begin(), report.findings.end(), [&](const Finding& each) {
             return fails(each) && each.rule->id == rule && each.object.moref == object.value;
           });
  };
  std::vector<Fix> fixes;
  for (const TargetView& each : world.targets()) {
    if (each.vm == nullptr) continue;
    if (wanted("MT-UUID", each.vm->ref)) fixes.push_back(fixUuid(*each.vm));
    if (wanted("MT-SNAPSHOT", each.vm->ref)) fixes.push_back(fixSnapshot(*each.vm));
    if (wanted("MT-BOOT", each.vm->ref)) fixes.push_back(fixBoot(*each.vm));
  }
  const bool sizes = rules.contains("VM-DISK-SIZE") && fixableOf(report).contains("VM-DISK-SIZE");
  for (const MachineView& each : world.machines()) {
    const bool small =
        each.vm != nullptr && std::any_of(each.disks.begin(), each.disks.end(), [](const DiskView& disk) {
          return disk.device != nullptr && disk.device->capacityBytes < disk.plan->capacityBytes;
        });
    if (sizes && small && !each.plan->consents.extendDisks) fixes.push_back(fixSize(each));
  }
  return fixes;
}

// ------------------------------------------------------------------------------------------------------
// acting

namespace {

Step stepOf(StepKind kind, const Fix& fix) {
  Step step;
  step.kind = kind;
  step.object = fix.object;
  step.summary = fix.summary;
  step.change = fix.change;
  return step;
}

// False: the world has moved meanwhile.
bool makeFix(JobContext& job, const Fix& fix) {
  StepMaker maker(job);
  vsphere::Actions& actions = job.client().actions();
  const Deadlines& deadlines = job.plan().deadlines;
  const bool change = fix.kind == Fix::Kind::change;
  const auto made =
      maker.make(stepOf(StepKind::fix, fix), change ? vsphere::specJson(fix.change).dump() : "{}", fix.before,
                 change ? deadlines.taskSeconds : deadlines.mergeSeconds, [&] {
                   switch (fix.kind) {
                     case Fix::Kind::merge:
                       return actions.startRemoveAllSnapshots(fix.object, true, job.context());
                     case Fix::Kind::consolidate:
                       return actions.startConsolidate(fix.object, job.context());
                     case Fix::Kind::change:
                       break;
                   }
                   return actions.startReconfigure(fix.object, fix.change, job.context());
                 });
  return made.outcome == StepMaker::Outcome::done;
}

bool isUsedByOthers(JobContext& job, const VirtualMachine& target) {
  const std::string uuid = target.instanceUuid.value_or("");
  const std::vector<StoredJob> jobs = job.withStore([](Store& store) { return store.openJobs(); });
  return std::any_of(jobs.begin(), jobs.end(), [&](const StoredJob& each) {
    return each.id != job.job().id &&
           std::any_of(each.disks.begin(), each.disks.end(), [&](const StoredDisk& disk) {
             return disk.masterTarget == uuid && disk.state != "home";
           });
  });
}

// What was there before the first of the job's changes of it.
struct Former {
  std::optional<bool> diskUuidEnabled;
  std::optional<std::vector<std::string>> bootOrder;
};

Former formerOf(const std::vector<StoredStep>& steps, const Moref& target) {
  Former former;
  for (const StoredStep& each : steps) {
    if (each.step != toString(StepKind::fix) || each.object != target.str() || each.state == "failed")
      continue;
    const Json before = Json::parse(each.before, nullptr, false);
    if (!before.is_object()) continue;
    if (before.contains(uuidEnabled) && !former.diskUuidEnabled)
      former.diskUuidEnabled = before.at(uuidEnabled).get<bool>();
    if (before.contains(bootOrder) && !former.bootOrder)
      former.bootOrder = before.at(bootOrder).get<std::vector<std::string>>();
  }
  return former;
}

void putBack(JobContext& job, const VirtualMachine& target, const Former& former) {
  Fix fix;
  fix.object = target.ref;
  fix.before = "{}";
  fix.change.changeVersion = target.changeVersion.value_or("");
  if (former.diskUuidEnabled && !*former.diskUuidEnabled && target.diskUuidEnabled.value_or(false))
    fix.change.diskUuidEnabled = false;
  // There is no change that leaves a VM without a boot order once it has one.
  if (former.bootOrder && !former.bootOrder->empty() && *former.bootOrder != target.bootOrder)
    fix.change.bootOrder = *former.bootOrder;
  if (!fix.change.diskUuidEnabled && fix.change.bootOrder.empty()) return;
  fix.summary = fmt::format("put back what was set on {}", target.name);
  StepMaker maker(job);
  const auto made = maker.make(
      stepOf(StepKind::unfix, fix), vsphere::specJson(fix.change).dump(), fix.before,
      job.plan().deadlines.taskSeconds,
      [&] { return job.client().actions().startReconfigure(fix.object, fix.change, job.context()); });
  if (made.outcome == StepMaker::Outcome::again)
    job.warn(toString(StepKind::unfix),
             fmt::format("what was set on {} stays: it was changed meanwhile", target.name));
}

}  // namespace

void runFixes(vsphere::Client& client, Store& store, const World& world, const std::vector<Fix>& fixes,
              const JobOptions& options, const vsphere::Context& context) {
  for (const Fix& each : fixes)
    if (!each.obstacle.empty())
      vsphere::fail(vsphere::Category::usage, each.rule + ": " + each.obstacle, each.remedy);
  JobContext job(client, store, world, options, context);
  job.open("reprotect");
  try {
    std::set<Moref> changed;
    for (const Fix& each : fixes) {
      Fix fix = each;
      // Its version is another one after the first change.
      if (!changed.insert(fix.object).second)
        fix.change.changeVersion = job.read({fix.object}).front().changeVersion.value_or("");
      if (!makeFix(job, fix))
        vsphere::fail(vsphere::Category::concurrentAccess,
                      fmt::format("{} was changed meanwhile", fix.object.str()), "call again");
    }
  } catch (const Stopped& stopped) {
    store.setJobState(job.job().id, "failed");
    vsphere::fail(stopped.category, stopped.why, stopped.remedy);
  } catch (...) {
    store.setJobState(job.job().id, "interrupted");
    throw;
  }
  store.setJobState(job.job().id, "interrupted");
}

void undoFixes(JobContext& job) {
  const std::vector<StoredStep> steps = job.steps();
  for (const TargetView& each : job.world().targets()) {
    if (each.vm == nullptr) continue;
    const Former former = formerOf(steps, each.vm->ref);
    if (!former.diskUuidEnabled && !former.bootOrder) continue;
    if (isUsedByOthers(job, *each.vm)) {
      job.warn(toString(StepKind::unfix),
               fmt::format("what was set on {} stays: another open job uses it", each.vm->name));
      continue;
    }
    if (former.bootOrder && former.bootOrder->empty())
      job.warn(toString(StepKind::unfix),
               fmt::format("the boot order of {} stays: it had none before", each.vm->name));
    try {
      putBack(job, job.read({each.vm->ref}).front(), former);
    } catch (const Stopped& stopped) {
      job.warn(toString(StepKind::unfix), stopped.why);
    }
  }
}

}  // namespace failback::provisioning
