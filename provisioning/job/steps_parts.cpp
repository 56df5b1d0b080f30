// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/steps_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "provisioning/check/disk_match.h"
#include "provisioning/check/judge_tools.h"
#include "provisioning/job/steps_merge.h"
#include "provisioning/plan/identity.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning::steps {

using vsphere::Disk;
using vsphere::VirtualMachine;

Step stop(std::string obstacle, std::string remedy) {
  Step step;
  step.kind = StepKind::stop;
  step.obstacle = std::move(obstacle);
  step.remedy = std::move(remedy);
  return step;
}

Step step(StepKind kind, const VirtualMachine& vm, std::string summary) {
  Step result;
  result.kind = kind;
  result.object = vm.ref;
  result.summary = std::move(summary);
  return result;
}

bool hasSnapshots(const VirtualMachine& vm) {
  return vm.snapshotCount() > 0 || vm.hasDelta() || vm.consolidationNeeded.value_or(false);
}

std::string snapshotText(const VirtualMachine& vm) {
  if (vm.snapshotCount() > 0) return counted(vm.snapshotCount(), "snapshot");
  return vm.hasDelta() ? "delta disks" : "disks that need consolidation";
}

static std::string diskText(const MachineState& state, std::size_t index) {
  return fmt::format("disk {} of {}", state.machine->source.disks[index].id, state.machine->source.name);
}

std::optional<Step> doubtfulDisk(const MachineState& state, const std::vector<DiskPlace>& places) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    const DiskPlace& place = places[i];
    if (place.state != "twin") continue;
    const bool file =
        std::any_of(place.home->chain.begin(), place.home->chain.end(), [&](const vsphere::DiskFile& link) {
          return state.sameFile(place.target->path(), *state.target, link.path, *state.home);
        });
    if (file)
      return stop(
          fmt::format("{} on {} is the file of {}, and its UUID there is {}", place.target->path(),
                      state.target->name, diskText(state, i), place.target->uuid.value_or("not known")),
          "look which disk it is; detach it from the master target by hand if it is none of its own");
  }
  return std::nullopt;
}

// The first disk that stands in the way, in the state that the plan must not go on in.
std::optional<Step> badDisk(const MachineState& state, const std::vector<DiskPlace>& places) {
  if (auto doubtful = doubtfulDisk(state, places)) return doubtful;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string who = diskText(state, i);
    if (places[i].state == "missing")
      return stop(fmt::format("{} is not on {}", who, state.home->name),
                  "look where it is; failback status tells what is where");
    if (places[i].state == "moved")
      return stop(fmt::format("{} is on {} as {}, and on {} as {}", who, state.target->name,
                              places[i].target->path(), state.home->name, places[i].home->path()),
                  "a Storage vMotion may have moved it: put the home VM's disk onto the file that is on the "
                  "master target");
    if (places[i].state == "twin")
      return stop(fmt::format("{} has a twin: {} on {} has the same UUID", who, places[i].target->path(),
                              state.target->name),
                  "use a master target that is not of the same template");
  }
  return std::nullopt;
}

// ------------------------------------------------------------------------------------------------- adopting

static void mark(const MachineState& state, vsphere::VmChange& change) {
  const VirtualMachine& home = *state.home;
  for (const auto& [key, value] :
       marksOf(*state.plan, *state.machine, home.instanceUuid.value_or(""), state.created)) {
    const auto present = home.extraConfig.find(key);
    if (present == home.extraConfig.end() || present->second != value) change.options[key] = value;
  }
}

static std::string optionOf(const VirtualMachine& vm, std::string_view key) {
  const auto found = vm.extraConfig.find(std::string(key));
  return found == vm.extraConfig.end() ? std::string() : found->second;
}

// A machine that somebody starts by mistake while its disks are away must not appear in the network. Which
// NICs they were travels in the same change, so that they can be put back whatever becomes of the store.
static void silence(const VirtualMachine& home, vsphere::VmChange& change) {
  // Those that are remembered are off already, unless somebody has switched one on, or a clone carries the
  // marks.
  std::string keys = optionOf(home, markNics);
  for (const vsphere::Nic& nic : home.nics) {
    const bool known = fmt::format(",{},", keys).find(fmt::format(",{},", nic.key)) != std::string::npos;
    if (!nic.startConnected.value_or(!known)) continue;
    change.nicStarts.push_back({nic, false});
    if (!known) keys += fmt::format("{}{}", keys.empty() ? "" : ",", nic.key);
  }
  if (!change.nicStarts.empty()) change.options[std::string(markNics)] = keys;
}

// What the master target writes passes changed block tracking by: it has to begin anew at home.
static void rememberTracking(const VirtualMachine& home, vsphere::VmChange& change) {
  if (home.changeTrackingEnabled.value_or(false) && optionOf(home, markTracking) != "on")
    change.options[std::string(markTracking)] = "on";
}

// A VM that was made has the source's boot order; its devices have keys only now. What it does not have is
// left out.
static std::vector<std::string> bootOrderOf(const Machine& machine, const VirtualMachine& home,
                                            const std::vector<DiskPlace>& places) {
  std::vector<std::string> order;
  for (const std::string& each : bootEntries(machine.source)) {
    const std::size_t colon = each.find(':');
    if (colon == std::string::npos) order.push_back(each);
    for (std::size_t i = 0; i < places.size(); ++i)
      if (each == "disk:" + machine.source.disks[i].id && places[i].home != nullptr)
        order.push_back(fmt::format("disk:{}", places[i].home->key));
    for (std::size_t i = 0; i < machine.source.nics.size() && i < home.nics.size(); ++i)
      if (each == "ethernet:" + machine.source.nics[i].id)
        order.push_back(fmt::format("ethernet:{}", home.nics[i].key));
  }
  return order;
}

std::optional<Step> adoption(const MachineState& state, const std::vector<DiskPlace>& places, bool attached) {
  const VirtualMachine& home = *state.home;
  vsphere::VmChange change;
  mark(state, change);
  if (!state.created) silence(home, change);
  rememberTracking(home, change);
  for (std::size_t i = 0; i < places.size() && !attached; ++i) {
    const std::int64_t wanted = state.machine->source.disks[i].capacityBytes;
    if (places[i].home->capacityBytes >= wanted) continue;
    if (!state.machine->consents.extendDisks)
      return stop(fmt::format("{} is smaller than the source's, and the plan does not let it grow",
                              diskText(state, i)),
                  "set consents.extendDisks in the plan");
    change.extendedDisks.push_back({*places[i].home, wanted});
  }
  if (state.created && !attached && home.bootOrder.empty())
    change.bootOrder = bootOrderOf(*state.machine, home, places);
  if (change.options.empty() && change.nicStarts.empty() && change.extendedDisks.empty() &&
      change.bootOrder.empty())
    return std::nullopt;
  std::vector<std::string> parts;
  if (!change.options.empty()) parts.emplace_back("mark it");
  if (!change.nicStarts.empty()) parts.push_back(counted(change.nicStarts.size(), "NIC") + " off at start");
  if (!change.extendedDisks.empty())
    parts.push_back("extend " + counted(change.extendedDisks.size(), "disk"));
  if (!change.bootOrder.empty()) parts.emplace_back("boot order");
  change.changeVersion = home.changeVersion.value_or("");
  Step result = step(StepKind::adopt, home, fmt::format("adopt {}: {}", home.name, fmt::join(parts, ", ")));
  result.change = std::move(change);
  return result;
}

// ------------------------------------------------------------------------------------------------ attaching

static const vsphere::Controller* controllerOn(const VirtualMachine& vm, std::int32_t bus) {
  for (const vsphere::Controller& each : vm.controllers)
    if (each.isScsi() && each.busNumber == bus) return &each;
  return nullptr;
}

static bool isFree(const VirtualMachine& vm, std::int32_t controllerKey, std::int32_t unit) {
  const auto disk = [&](const Disk& each) {
    return each.controllerKey == controllerKey && each.unitNumber.value_or(-1) == unit;
  };
  const auto other = [&](const vsphere::OtherDevice& each) {
    return each.controllerKey == controllerKey && each.unitNumber == unit;
  };
  return std::none_of(vm.disks.begin(), vm.disks.end(), disk) &&
         std::none_of(vm.otherDevices.begin(), vm.otherDevices.end(), other);
}

static constexpr std::int32_t controllersOwnUnit = 7;

static std::string lsiTypeOf(const VirtualMachine& vm) {
  for (const vsphere::Controller& each : vm.controllers)
    if (each.isLsiLogic()) return each.type;
  return "VirtualLsiLogicController";
}

Step attachment(const MachineState& state, const std::vector<DiskPlace>& places) {
  const VirtualMachine& target = *state.target;
  vsphere::VmChange change;
  std::map<std::int32_t, std::int32_t> added;  // bus, and the key of the new controller there
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i].target != nullptr) continue;
    const Slot slot = state.slots.at(i);
    const vsphere::Controller* controller = controllerOn(target, slot.bus);
    const bool free =
        controller == nullptr || (controller->isLsiLogic() && isFree(target, controller->key, slot.unit));
    if (!free || slot.unit == controllersOwnUnit)
      return stop(fmt::format("scsi{}:{} of {} was promised to {}, and something else is there", slot.bus,
                              slot.unit, target.name, diskText(state, i)),
                  "detach what is there, or cancel this job and begin it again");
    if (controller == nullptr && !added.contains(slot.bus)) {
      vsphere::AddedController& made = change.controllers.emplace_back();
      made.type = lsiTypeOf(target);
      made.busNumber = slot.bus;
      made.key = added[slot.bus] = -1 - slot.bus;
    }
    const vsphere::DiskFile& file = places[i].home->chain.front();
    change.disks.push_back({file.path, file.datastore.value_or(vsphere::Moref{}),
                            std::string(word(state.plan->policy.diskMode)),
                            controller != nullptr ? controller->key : added[slot.bus], slot.unit,
                            places[i].home->capacityBytes});
  }
  change.options[ledgerMark(*state.plan, *state.machine)] = ledgerOf(state, places);
  change.changeVersion = target.changeVersion.value_or("");
  Step result = step(StepKind::attach, target,
                     fmt::format("attach {} of {} to {}", counted(change.disks.size(), "disk"),
                                 state.home->name, target.name));
  result.change = std::move(change);
  return result;
}

// --------------------------------------------------------------------------------------------- before that

std::optional<Step> quiet(const MachineState& state) {
  const VirtualMachine& home = *state.home;
  const std::string power = home.powerState.value_or("");
  if (power == "poweredOff") return std::nullopt;
  if (power != "poweredOn")
    return stop(fmt::format("{} is {}", home.name, power.empty() ? "in a state that can't be read" : power),
                "power it off: what is suspended holds its disks");
  if (!state.machine->consents.powerOff)
    return stop(fmt::format("{} runs, and the plan does not let it be powered off", home.name),
                "shut it down, or set consents.powerOff in the plan");
  return step(StepKind::powerOff, home, fmt::format("shut down {}", home.name));
}

std::optional<Step> whole(const MachineState& state) {
  const VirtualMachine& home = *state.home;
  if (!hasSnapshots(home)) return std::nullopt;
  if (!state.machine->consents.mergeSnapshots)
    return stop(
        fmt::format("{} has {}, and the plan does not let them be merged", home.name, snapshotText(home)),
        "remove them, or set consents.mergeSnapshots in the plan");
  return nextMerge(home, state.merging);
}

// ------------------------------------------------------------------------------------------------ coming
// home

Step detachment(const MachineState& state, const std::vector<DiskPlace>& places) {
  vsphere::VmChange change;
  for (const DiskPlace& each : places)
    if (each.state == "attached" || each.state == "moved") change.detachedDisks.push_back(*each.target);
  change.changeVersion = state.target->changeVersion.value_or("");
  Step result = step(StepKind::detach, *state.target,
                     fmt::format("detach {} of {} from {}", counted(change.detachedDisks.size(), "disk"),
                                 state.home->name, state.target->name));
  result.change = std::move(change);
  return result;
}

// Everything that adopting changed, as it was. Changed block tracking goes off, and on again in a second
// change: only so a backup begins anew.
std::optional<Step> restoration(const MachineState& state) {
  const VirtualMachine& home = *state.home;
  vsphere::VmChange change;
  std::vector<std::string> parts;
  const std::string keys = "," + optionOf(home, markNics) + ",";
  if (keys != ",,") {
    for (const vsphere::Nic& nic : home.nics)
      if (keys.find(fmt::format(",{},", nic.key)) != std::string::npos && !nic.startConnected.value_or(false))
        change.nicStarts.push_back({nic, true});
    change.options[std::string(markNics)] = "";
    parts.push_back(counted(change.nicStarts.size(), "NIC") + " on at start");
  }
  const std::string tracking = optionOf(home, markTracking);
  if (tracking == "on") {
    change.changeTrackingEnabled = false;
    change.options[std::string(markTracking)] = "reset";
    parts.emplace_back("changed block tracking off");
  } else if (tracking == "reset") {
    change.changeTrackingEnabled = true;
    change.options[std::string(markTracking)] = "";
    parts.emplace_back("changed block tracking on");
  }
  if (parts.empty()) return std::nullopt;
  change.changeVersion = home.changeVersion.value_or("");
  Step result =
      step(StepKind::restore, home, fmt::format("restore {}: {}", home.name, fmt::join(parts, ", ")));
  result.change = std::move(change);
  return result;
}

bool tracksStale(const VirtualMachine& home) {
  return !optionOf(home, markTracking).empty();
}

std::optional<Step> unready(const MachineState& state) {
  const VirtualMachine& home = *state.home;
  const std::string power = home.powerState.value_or("");
  if (power == "poweredOn") {
    // Adapters and change tracking are put back while it is off.
    if (!restoration(state)) return std::nullopt;
    return stop(fmt::format("{} was started before its devices were put back", home.name),
                "shut it down, and call again");
  }
  if (power != "poweredOff")
    return stop(fmt::format("{} is {}", home.name, power.empty() ? "in a state that can't be read" : power),
                "power it off: what is suspended would go on with disks that it does not know");
  if (hasSnapshots(home) && safetySnapshot(home) == nullptr)
    return stop(fmt::format("{} has {} that no failback took", home.name, snapshotText(home)),
                "never merge it if it was there before the disks were detached: the base has been written "
                "under it; look what made it");
  return std::nullopt;
}

const vsphere::Snapshot* safetySnapshot(const VirtualMachine& home) {
  const auto found =
      std::find_if(home.snapshots.begin(), home.snapshots.end(),
                   [](const vsphere::Snapshot& each) { return each.name == safetySnapshotName; });
  return found == home.snapshots.end() ? nullptr : &*found;
}

// Its disks are not what was replicated any more, or can't be trusted to be.
std::optional<Step> disturbed(const MachineState& state) {
  const VirtualMachine& home = *state.home;
  const std::string power = home.powerState.value_or("in an unknown state");
  if (power != "poweredOff")
    return stop(
        fmt::format("{} is {} while its disks are attached to {}", home.name, power, state.target->name),
        "power it off; what was replicated is no longer to be trusted: cancel, and reprotect anew");
  if (hasSnapshots(home))
    return stop(fmt::format("{} has {} while its disks are attached to {}", home.name, snapshotText(home),
                            state.target->name),
                "never merge it: the base has been written under it; cancel, and look what made it");
  return std::nullopt;
}

// ------------------------------------------------------------------------------------------------ clearing
// up

std::optional<Step> unmarking(const MachineState& state) {
  vsphere::VmChange change;
  for (const std::string_view key : {markPlan, markMachine, markInstance, markCreated})
    if (state.home->extraConfig.contains(std::string(key))) change.options[std::string(key)] = "";
  if (change.options.empty()) return std::nullopt;
  change.changeVersion = state.home->changeVersion.value_or("");
  Step result = step(StepKind::unmark, *state.home, fmt::format("take the marks from {}", state.home->name));
  result.change = std::move(change);
  return result;
}

std::optional<Step> unmarkingTarget(const MachineState& state) {
  if (state.target == nullptr) return std::nullopt;
  const std::string key = ledgerMark(*state.plan, *state.machine);
  if (optionOf(*state.target, key).empty()) return std::nullopt;
  Step result =
      step(StepKind::unmarkTarget, *state.target,
           fmt::format("take the marks of {} from {}", state.machine->source.name, state.target->name));
  result.change.options[key] = "";
  result.change.changeVersion = state.target->changeVersion.value_or("");
  return result;
}

void pretend(const Step& step, VirtualMachine& vm) {
  switch (step.kind) {
    case StepKind::powerOff:
      vm.powerState = "poweredOff";
      break;
    case StepKind::merge:
    case StepKind::consolidate:
      vm.snapshots.clear();
      vm.consolidationNeeded = false;
      for (vsphere::Disk& disk : vm.disks) {
        if (disk.chain.size() > 1) disk.chain = {disk.chain.back()};
      }
      break;
    case StepKind::adopt:
      for (const auto& [key, value] : step.change.options) vm.extraConfig[key] = value;
      for (const vsphere::NicStart& start : step.change.nicStarts) {
        for (vsphere::Nic& nic : vm.nics)
          if (nic.key == start.nic.key) nic.startConnected = start.startConnected;
      }
      for (const vsphere::ExtendedDisk& grown : step.change.extendedDisks) {
        for (vsphere::Disk& disk : vm.disks)
          if (disk.key == grown.disk.key) disk.capacityBytes = grown.capacityBytes;
      }
      if (!step.change.bootOrder.empty()) vm.bootOrder = step.change.bootOrder;
      vm.changeVersion.reset();  // not known before
      break;
    default:
      break;
  }
}

}  // namespace failback::provisioning::steps
