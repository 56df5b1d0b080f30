// SPDX-License-Identifier: GPL-2.0-or-later
// What could move, snapshot or power the master target meanwhile: DRS, Storage DRS, schedules, habits.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "provisioning/check/judge.h"
#include "provisioning/check/judge_tools.h"
#include "provisioning/check/judges_master_target.h"
#include "provisioning/check/moves.h"
#include "provisioning/check/wording.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {

using vsphere::VirtualMachine;

void judgeMtConfig(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    const auto asked = world.facts().verdicts.find(target.vm->ref);
    if (asked == world.facts().verdicts.end()) return;
    const ObjectName name = world.nameOf(target);
    const std::string property = "CheckVmConfig_Task", wanted = "no objection";
    if (!asked->second.answer) {
      judgement.unknown(name, property, asked->second.why, wanted);
      return;
    }
    const std::optional<vsphere::ConfigVerdict>& verdict = *asked->second.answer;
    if (!verdict) return;  // this server can't be asked
    const auto objection = [&](const vsphere::Error& error) -> Finding& {
      return judgement.fail(name, property, errorText(error), wanted);
    };
    for (const vsphere::Error& each : verdict->errors) objection(each);
    for (const vsphere::Error& each : verdict->warnings) objection(each).severity = Severity::warn;
    if (verdict->errors.empty() && verdict->warnings.empty())
      judgement.pass(name, property, "vCenter has no objection to the attachment of the plan's disks");
  });
}

void judgeMtSdrs(const World& world, Judgement& judgement) {
  for (const auto& [ref, vms] : heldVmsByPod(world)) {
    const auto* pod = world.inventory().find<vsphere::StoragePod>(ref);
    std::vector<std::string> moved;
    moved.reserve(vms.size());
    for (const VirtualMachine* vm : vms)
      if (storageDrsMoves(*pod, vm->ref)) moved.push_back(vm->name);
    const ObjectName name = world.nameOf("datastore cluster", *pod);
    if (!pod->sdrsEnabled) {
      judgement.unknown(name, "podStorageDrsEntry.storageDrsConfig",
                        world.whyUnknown(ref, "podStorageDrsEntry.storageDrsConfig"),
                        "it does not move them");
    } else if (!moved.empty()) {
      Finding& finding = judgement.fail(
          name, "podStorageDrsEntry.storageDrsConfig",
          fmt::format("Storage DRS may move the disks of {} by itself", fmt::join(moved, ", ")),
          "an override that keeps them where they are");
      // Overrides are set and taken back by every job; they need no word of the plan.
      finding.consented = true;
      finding.remedy =
          "The job sets an override for each of them and takes it back afterwards; nothing has to be done.";
    } else {
      judgement.pass(name, "podStorageDrsEntry.storageDrsConfig",
                     "it moves none of the plan's VMs by itself");
    }
  }
}

namespace {

void vmotionOf(const World& world, const TargetView& target, Judgement& judgement) {
  const vsphere::Cluster& cluster = *target.cluster;
  const ObjectName name = world.nameOf("cluster", cluster);
  const std::string property = "configurationEx.drsConfig";
  if (!cluster.drsEnabled) {
    judgement.unknown(name, property, world.whyUnknown(cluster.ref, property));
    return;
  }
  if (!drsMoves(cluster, target.vm->ref)) {
    judgement.pass(name, property, fmt::format("DRS does not move {} by itself", target.vm->name));
    return;
  }
  const std::vector<std::string> obstacles = vmotionObstacles(world, target, cluster);
  if (obstacles.empty())
    judgement.pass(
        name, "host.mountInfo",
        fmt::format("DRS may move {}, and every host mounts all datastores of the plan", target.vm->name));
  else
    judgement.fail(name, "host.mountInfo",
                   fmt::format("DRS may move {} to a host that lacks a datastore: {}", target.vm->name,
                               fmt::join(obstacles, "; ")),
                   "all datastores of the plan, read-write, on every host that it may run on");
}

}  // namespace

void judgeMtVmotion(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    if (target.cluster != nullptr && target.cluster->isCluster) vmotionOf(world, target, judgement);
  });
}

namespace {

constexpr std::string_view storageVmotion = "Storage vMotion";

// What an event says somebody did, where that would harm a job; empty otherwise.
std::string habitOf(const vsphere::Event& event) {
  const std::string task = lower(event.descriptionId);
  if (task.find("createsnapshot") != std::string::npos) return "snapshot";
  if (!event.toDatastore.empty()) return std::string(storageVmotion);
  if (event.type == "VmMigratedEvent" || event.type == "DrsVmMigratedEvent") return "vMotion";
  if (event.type == "VmPoweredOffEvent" || event.type == "VmSuspendedEvent" ||
      event.type == "VmResettingEvent")
    return "power off, suspend or reset";
  return {};
}

// "22:05" when all happened within the same half hour of the day.
std::string usualTime(const std::vector<std::int64_t>& times) {
  constexpr std::int64_t day = 86'400, span = 1'800;
  const std::int64_t first = times.front() % day;
  for (const std::int64_t each : times) {
    const std::int64_t apart = std::abs(each % day - first);
    if (std::min(apart, day - apart) > span) return {};
  }
  return fmt::format("{:02}:{:02}", first / 3600, first / 60 % 60);
}

void eventsThatRepeat(const std::vector<vsphere::Event>& events, std::vector<std::string>& habits) {
  std::map<std::pair<std::string, std::string>, std::vector<std::int64_t>> seen;
  for (const vsphere::Event& each : events) {
    const std::string what = habitOf(each);
    const auto when = secondsOf(each.time);
    if (!what.empty() && when) seen[{what, each.userName}].push_back(*when);
  }
  constexpr std::size_t regular = 3;
  for (const auto& [key, times] : seen) {
    // One is enough: whatever moved its disks may do so again.
    if (key.first == storageVmotion && times.size() < regular) {
      habits.push_back(fmt::format("moved by Storage vMotion on {}{}", dayText(times.back()),
                                   key.second.empty() ? "" : " by " + key.second));
      continue;
    }
    if (times.size() < regular) continue;
    const std::string at = usualTime(times);
    habits.push_back(fmt::format("{} {} times in 30 days{}{}", key.first, times.size(),
                                 at.empty() ? "" : " at about " + at,
                                 key.second.empty() ? "" : " by " + key.second));
  }
}

bool wouldHarm(const std::string& action) {
  const std::string text = lower(action);
  constexpr std::array<std::string_view, 8> words = {"snapshot", "poweroff", "shutdown", "suspend",
                                                     "reset",    "migrate",  "relocate", "reboot"};
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view each) { return text.find(each) != std::string::npos; });
}

void schedules(const World& world, const VirtualMachine& vm, std::vector<std::string>& habits) {
  const auto& management = world.facts().management;
  if (!management.answer) return;
  for (const vsphere::ScheduledTask& each : management.answer->scheduledTasks) {
    if (each.entity != vm.ref || !each.enabled || !wouldHarm(each.action)) continue;
    habits.push_back(fmt::format("scheduled task \"{}\" ({}){}", each.name, each.action,
                                 each.nextRunTime ? ", next at " + shortTime(*each.nextRunTime) : ""));
  }
}

}  // namespace

void judgeMtHabit(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    const VirtualMachine& vm = *target.vm;
    const ObjectName name = world.nameOf(target);
    const auto* events = eventsOf(world, vm);
    std::vector<std::string> habits;
    if (events != nullptr && events->answer) eventsThatRepeat(*events->answer, habits);
    schedules(world, vm, habits);
    if (target.host != nullptr && target.host->autoStartEnabled.value_or(false)) {
      const auto& started = target.host->autoStartVms;
      if (std::find(started.begin(), started.end(), vm.ref) != started.end())
        habits.push_back(fmt::format("started and stopped with {} (autostart)", target.host->name));
    }
    const std::string wanted = "nothing that snapshots, moves or powers it regularly";
    if (!habits.empty()) {
      judgement
          .fail(name, "events, scheduledTask, autostart", fmt::format("{}", fmt::join(habits, "; ")), wanted)
          .remedy = fmt::format("Exclude {} from: {}.", vm.name, fmt::join(habits, "; "));
    } else if (events == nullptr || !events->answer) {
      judgement.unknown(name, "events", events == nullptr ? "events were not read" : events->why, wanted);
    } else {
      judgement.pass(name, "events, scheduledTask, autostart",
                     fmt::format("{} events of 30 days, and nothing regular", events->answer->size()));
    }
  });
}

}  // namespace failback::provisioning
