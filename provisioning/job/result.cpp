// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/result.h"

#include <fmt/format.h>

#include <algorithm>

#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {
namespace {

using vsphere::VirtualMachine;

std::optional<DiskResult::Place> placeOn(const VirtualMachine& target, const vsphere::Disk& disk) {
  for (const vsphere::Controller& each : target.controllers) {
    if (each.key == disk.controllerKey)
      return DiskResult::Place{each.busNumber, disk.unitNumber.value_or(-1), each.key};
  }
  return std::nullopt;
}

const StoredDisk* recorded(const StoredJob* job, const Machine& machine, const SourceDisk& disk) {
  if (job == nullptr) return nullptr;
  const auto found = std::find_if(job->disks.begin(), job->disks.end(), [&](const StoredDisk& each) {
    return each.machine == machine.id && each.id == disk.id;
  });
  return found == job->disks.end() ? nullptr : &*found;
}

// What differs from what was recorded, and what must not be while disks are attached.
std::string oddities(const MachineState& state, const MachineResult& machine, const StoredJob* job) {
  std::vector<std::string> odd;
  if (state.home == nullptr) odd.emplace_back("there is no home VM");
  const bool attached = std::any_of(machine.disks.begin(), machine.disks.end(),
                                    [](const DiskResult& each) { return each.state == "attached"; });
  if (attached && state.home->powerState.value_or("") != "poweredOff")
    odd.push_back(fmt::format("{} is {} while its disks are attached", state.home->name,
                              state.home->powerState.value_or("in an unknown state")));
  if (attached && (state.home->snapshotCount() > 0 || state.home->hasDelta()))
    odd.push_back(fmt::format("{} has snapshots while its disks are attached", state.home->name));
  for (std::size_t i = 0; i < machine.disks.size(); ++i) {
    const DiskResult& disk = machine.disks[i];
    if (disk.state == "missing" || disk.state == "moved" || disk.state == "twin")
      odd.push_back(fmt::format("disk {} is {}", disk.id, disk.state));
    const StoredDisk* stored = recorded(job, *state.machine, state.machine->source.disks[i]);
    if (stored != nullptr && stored->state == "attached" && disk.state == "home")
      odd.push_back(fmt::format("disk {} was attached at scsi{}:{}, and is not on the master target", disk.id,
                                stored->bus, stored->unit));
  }
  return fmt::format("{}", fmt::join(odd, "; "));
}

// Both VMs hold the machine up while they ask.
std::vector<AskedQuestion> questionsOf(const MachineState& state) {
  std::vector<AskedQuestion> asked;
  for (const VirtualMachine* vm : {state.home, state.target})
    if (vm != nullptr && vm->question) asked.push_back({vm->ref, vm->name, *vm->question});
  return asked;
}

void tellQuestions(MachineResult& machine) {
  for (const AskedQuestion& each : machine.questions)
    machine.why += (machine.why.empty() ? "" : "; ") + questionText(each);
  if (!machine.questions.empty()) machine.remedy = fmt::format("failback answer PLAN {} CHOICE", machine.id);
}

std::string machineState(const MachineState& state, const MachineResult& machine, const StoredJob* job) {
  const auto count = std::count_if(machine.disks.begin(), machine.disks.end(),
                                   [](const DiskResult& each) { return each.state == "attached"; });
  if (state.home == nullptr) return "planned";
  if (count > 0 && static_cast<std::size_t>(count) == machine.disks.size()) return "protected";
  if (count > 0) return "interrupted";
  if (state.home->powerState.value_or("") == "poweredOn") return "home";
  return job == nullptr || job->state == "cancelled" ? "planned" : "interrupted";
}

}  // namespace

MachineState stateIn(const World& world, const MachineView& machine, const StoredJob* job) {
  MachineState state;
  state.plan = &world.plan();
  state.machine = machine.plan;
  state.home = machine.vm != nullptr ? machine.vm : machine.made;
  state.target = machine.target != nullptr ? machine.target->vm : nullptr;
  state.created = machine.made != nullptr;
  state.slots.resize(machine.plan->source.disks.size());
  state.attachedFiles.reserve(machine.plan->source.disks.size());
  for (const SourceDisk& each : machine.plan->source.disks) {
    const StoredDisk* stored = recorded(job, *machine.plan, each);
    const bool attached = stored != nullptr && stored->state == "attached";
    state.attachedFiles.push_back(attached ? stored->file : std::string());
  }
  state.sameFile = [&world](const std::string& a, const VirtualMachine& vmA, const std::string& b,
                            const VirtualMachine& vmB) { return world.sameFile(a, vmA, b, vmB); };
  return state;
}

MachineResult describeMachine(const MachineState& state, const MachineView& machine) {
  MachineResult result;
  result.id = state.machine->id;
  result.name = state.machine->source.name;
  result.mode = state.created || machine.mustBeCreated() ? "alr" : "olr";
  result.masterTarget = state.machine->masterTarget;
  if (state.home != nullptr) {
    result.vmName = state.home->name;
    result.vmMoref = state.home->ref.value;
    result.vmInstanceUuid = state.home->instanceUuid.value_or("");
    result.vmPath = state.home->inventoryPath;
  }
  const std::vector<DiskPlace> places = placesOf(state);
  for (std::size_t i = 0; i < places.size(); ++i) {
    DiskResult& disk = result.disks.emplace_back();
    disk.id = state.machine->source.disks[i].id;
    disk.state = places[i].state;
    if (places[i].home != nullptr) {
      disk.uuid = places[i].home->uuid.value_or("");
      disk.serial = vsphere::normaliseUuid(disk.uuid);
      disk.path = places[i].home->path();
    }
    if (places[i].target != nullptr) disk.mt = placeOn(*state.target, *places[i].target);
  }
  return result;
}

JobResult statusOf(const World& world, const StoredJob* job) {
  JobResult result;
  result.plan = world.plan().id;
  if (job != nullptr) {
    result.job = job->id;
    result.kind = job->kind;
    result.state = job->state;
  } else {
    result.state = "planned";
  }
  for (const MachineView& machine : world.machines()) {
    const MachineState state = stateIn(world, machine, job);
    MachineResult& each = result.machines.emplace_back(describeMachine(state, machine));
    each.state = machineState(state, each, job);
    each.why = oddities(state, each, job);
    each.questions = questionsOf(state);
    tellQuestions(each);
  }
  return result;
}

}  // namespace failback::provisioning
