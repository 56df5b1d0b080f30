// SPDX-License-Identifier: GPL-2.0-or-later
// The master target itself: identity, state, guest, tasks.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "discovery/master_target.h"
#include "provisioning/check/judge.h"
#include "provisioning/check/judges_master_target.h"
#include "provisioning/check/wording.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {
namespace {

using vsphere::VirtualMachine;

// What discovery judges without a plan, as a finding.
void take(const World& world, Judgement& judgement, ObjectName object, const discovery::Fact& fact,
          const vsphere::Moref& read, std::string property, std::string wanted) {
  switch (fact.verdict) {
    case discovery::Verdict::ok:
      judgement.pass(std::move(object), std::move(property), fact.value);
      return;
    case discovery::Verdict::warn:
      judgement.fail(std::move(object), std::move(property), fact.value, std::move(wanted)).severity =
          Severity::warn;
      return;
    case discovery::Verdict::fail:
      judgement.fail(std::move(object), std::move(property), fact.value, std::move(wanted));
      return;
    case discovery::Verdict::unknown:
      break;
  }
  const vsphere::Unreadable* hole = world.hole(read, property);
  std::string why = fact.value;
  if (hole != nullptr) why += fmt::format(" ({})", World::reasonText(*hole));
  judgement.unknown(std::move(object), std::move(property), std::move(why), std::move(wanted));
}

std::string listed(const std::vector<const VirtualMachine*>& vms) {
  std::string text;
  for (const VirtualMachine* each : vms)
    text += fmt::format("{}{} ({})", text.empty() ? "" : " and ", each->inventoryPath, each->ref.value);
  return text;
}

void found(const World& world, Judgement& judgement) {
  for (const TargetView& target : world.targets()) {
    const std::string uuid =
        target.foundBy == "config.uuid" ? target.plan->biosUuid : target.plan->instanceUuid;
    if (target.vm != nullptr) {
      judgement.pass(world.nameOf(target), target.foundBy, uuid);
    } else if (target.found.empty()) {
      judgement.fail(world.nameOf(target), target.foundBy,
                     fmt::format("no VM that this account sees has {}", uuid), "exactly one VM");
    } else {
      Finding& finding =
          judgement.fail(world.nameOf(target), target.foundBy,
                         fmt::format("{} have {}", listed(target.found), uuid), "exactly one VM");
      finding.remedy =
          "Find out which one is the master target, and give the clone another UUID or take it away.";
    }
  }
}

void state(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    const VirtualMachine& vm = *target.vm;
    std::string property = "runtime.powerState";
    const bool usable = vm.connectionState.value_or("") == "connected" && !vm.isTemplate.value_or(true);
    // Disks are detached from one that is off just as well; nothing writes to them any more.
    if (world.phase() != Phase::reprotect && usable && vm.powerState.value_or("") == "poweredOff") {
      Finding& finding = judgement.fail(world.nameOf(target), property, "it is poweredOff", "powered on");
      finding.severity = Severity::warn;
      finding.remedy =
          "Disks are detached from it all the same; see that all was applied before it went off.";
      return;
    }
    if (vm.connectionState.value_or("connected") != "connected") property = "runtime.connectionState";
    if (vm.isTemplate.value_or(false)) property = "config.template";
    discovery::Fact fact = discovery::judgeState(vm);
    if (fact.verdict == discovery::Verdict::fail) fact.value = "it is " + fact.value;
    take(world, judgement, world.nameOf(target), fact, vm.ref, property,
         "connected, powered on, and no template");
  });
}

void host(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    const ObjectName name = target.host != nullptr ? world.nameOf("host", *target.host)
                                                   : ObjectName{"host", "of " + target.vm->name, {}, {}};
    const bool cut =
        target.host != nullptr && target.host->connectionState.value_or("connected") != "connected";
    const bool off = target.host != nullptr && target.host->powerState.value_or("poweredOn") != "poweredOn";
    take(world, judgement, name, discovery::judgeHost(target.host),
         target.host != nullptr ? target.host->ref : target.vm->ref,
         cut   ? "runtime.connectionState"
         : off ? "runtime.powerState"
               : "runtime.inMaintenanceMode",
         "connected, powered on, not in maintenance");
  });
}

void os(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    const VirtualMachine& vm = *target.vm;
    const discovery::Fact fact = discovery::judgeOs(vm);
    const discovery::OsFamily family = discovery::osFamilyOf(vm);
    std::vector<std::string> others;
    std::string wanted;
    for (const MachineView* machine : world.machinesOf(target)) {
      const bool windows = machine->plan->source.osFamily == OsFamily::windows;
      if (wanted.empty()) wanted = windows ? "Windows" : "Linux";
      if ((family == discovery::OsFamily::windows) != windows)
        others.push_back(fmt::format("{} is {}", machine->plan->id, windows ? "Windows" : "Linux"));
    }
    const std::string property = vm.guestFamily ? "guest.guestFamily" : "config.guestId";
    if (fact.verdict == discovery::Verdict::ok && !others.empty())
      judgement.fail(world.nameOf(target), property,
                     fmt::format("{}, but {}", fact.value, fmt::join(others, ", ")), wanted);
    else
      take(world, judgement, world.nameOf(target), fact, vm.ref, property, wanted);
  });
}

void tools(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    discovery::Fact fact = discovery::judgeTools(*target.vm);
    if (fact.verdict == discovery::Verdict::fail)
      fact.value = fmt::format("VMware Tools do not run in its guest ({})", fact.value);
    take(world, judgement, world.nameOf(target), fact, target.vm->ref, "guest.toolsRunningStatus",
         "guestToolsRunning");
  });
}

void address(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    const VirtualMachine& vm = *target.vm;
    const std::string property = "guest.ipAddress";
    if (vm.ipAddress && !vm.ipAddress->empty())
      judgement.pass(world.nameOf(target), property, *vm.ipAddress);
    else if (world.hole(vm.ref, property) != nullptr)
      judgement.unknown(world.nameOf(target), property, world.whyUnknown(vm.ref, property), "an address");
    else
      judgement.fail(world.nameOf(target), property, "none is reported by VMware Tools", "an address");
  });
}

void memory(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    take(world, judgement, world.nameOf(target), discovery::judgeMemory(*target.vm), target.vm->ref,
         "config.hardware.memoryMB", "512 MB or more; 6144 MB for Linux");
  });
}

void diskUuid(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    const VirtualMachine& vm = *target.vm;
    const std::string property =
        vm.diskEnableUuidOption ? "config.extraConfig[\"disk.EnableUUID\"]" : "config.flags.diskUuidEnabled";
    take(world, judgement, world.nameOf(target), discovery::judgeDiskUuid(vm), vm.ref, property, "TRUE");
  });
}

// A reconfiguration that says that it changed this setting, in its list of changes or in its text.
bool setsDiskUuid(const vsphere::Event& event) {
  if (event.type != "VmReconfiguredEvent") return false;
  const std::string text = lower(event.text + event.changes);
  return text.find("disk.enableuuid") != std::string::npos ||
         text.find("diskuuidenabled") != std::string::npos;
}

void diskUuidActive(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    const VirtualMachine& vm = *target.vm;
    const ObjectName name = world.nameOf(target);
    // Without the setting there is nothing to be active (rule MT-UUID).
    if (!discovery::diskUuidEnabled(vm).value_or(false)) return;
    const Asked<std::vector<vsphere::Event>>* events = eventsOf(world, vm);
    const std::string wanted = "set before the last power-on";
    if (!vm.bootTime) {
      judgement.unknown(name, "runtime.bootTime", world.whyUnknown(vm.ref, "runtime.bootTime"), wanted);
      return;
    }
    if (events == nullptr || !events->answer) {
      judgement.unknown(name, "events", events == nullptr ? "events were not read" : events->why, wanted);
      return;
    }
    const vsphere::Event* last = nullptr;
    for (const vsphere::Event& each : *events->answer) {
      if (setsDiskUuid(each)) last = &each;
    }
    if (last != nullptr && isLater(last->time, *vm.bootTime)) {
      judgement.fail(
          name, "events",
          fmt::format("set on {} by {}, and last powered on {}", shortTime(last->time),
                      last->userName.empty() ? "the system" : last->userName, shortTime(*vm.bootTime)),
          wanted);
      return;
    }
    // Older than what is remembered: then it was set before that, unless somebody cleaned up since.
    judgement.pass(name, "events",
                   fmt::format("not changed since the power-on of {}", shortTime(*vm.bootTime)));
  });
}

std::string snapshotNames(const std::vector<vsphere::Snapshot>& snapshots) {
  std::string text;
  for (const vsphere::Snapshot& each : snapshots) {
    text += fmt::format("{}\"{}\" of {}", text.empty() ? "" : ", ", each.name, shortTime(each.createTime));
    const std::string below = snapshotNames(each.children);
    if (!below.empty()) text += ", " + below;
  }
  return text;
}

void snapshot(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    const VirtualMachine& vm = *target.vm;
    discovery::Fact fact = discovery::judgeSnapshots(vm);
    if (!vm.snapshots.empty()) {
      // Behind the number, which comes first.
      const std::size_t end = std::min(fact.value.find(','), fact.value.size());
      fact.value.insert(end, fmt::format(" ({})", snapshotNames(vm.snapshots)));
    }
    const bool whole =
        world.hole(vm.ref, "snapshot") == nullptr && world.hole(vm.ref, "config.hardware.device") == nullptr;
    if (fact.verdict == discovery::Verdict::ok && !whole) fact.verdict = discovery::Verdict::unknown;
    const std::string property = !vm.snapshots.empty() ? "snapshot"
                                 : vm.hasDelta()       ? "config.hardware.device"
                                                       : "runtime.consolidationNeeded";
    take(world, judgement, world.nameOf(target), fact, vm.ref, property,
         "no snapshot, no delta disk, no consolidation needed");
  });
}

void question(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    const VirtualMachine& vm = *target.vm;
    const std::string property = "runtime.question";
    if (!vm.question && world.hole(vm.ref, property) != nullptr) {
      judgement.unknown(world.nameOf(target), property, world.whyUnknown(vm.ref, property), "no question");
      return;
    }
    if (!vm.question) {
      judgement.pass(world.nameOf(target), property, "no question");
      return;
    }
    std::vector<std::string> choices;
    choices.reserve(vm.question->choices.size());
    for (const vsphere::QuestionChoice& each : vm.question->choices) choices.push_back(each.label);
    judgement.fail(world.nameOf(target), property,
                   fmt::format("\"{}\" ({})", vm.question->text, fmt::join(choices, " / ")), "no question");
  });
}

// Relocations, clones, migrations and snapshots: what would make a place untrue that was just read.
bool movesIt(const vsphere::TaskInfo& task) {
  const std::string text = lower(task.descriptionId + " " + task.name);
  constexpr std::array<std::string_view, 6> words = {"relocate", "migrate",     "clone",
                                                     "snapshot", "consolidate", "promotedisks"};
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view each) { return text.find(each) != std::string::npos; });
}

void relocating(const World& world, Judgement& judgement) {
  forEachTarget(world, [&](const TargetView& target) {
    const VirtualMachine& vm = *target.vm;
    const ObjectName name = world.nameOf(target);
    const auto& management = world.facts().management;
    if (!vm.recentTasks.empty() && !management.answer) {
      judgement.unknown(name, "recentTask", management.why, "no such task");
      return;
    }
    if (management.answer) {
      for (const vsphere::TaskInfo& task : management.answer->tasks) {
        if (task.entity != vm.ref || task.done() || !movesIt(task)) continue;
        judgement.fail(name, "recentTask", describe(task), "no such task").remedy = fmt::format(
            "Wait for {} to end, then check again.", task.name.empty() ? task.descriptionId : task.name);
        return;
      }
    }
    const discovery::Fact fact = discovery::judgeRelocating(vm);
    const bool disabled = std::find(vm.disabledMethods.begin(), vm.disabledMethods.end(),
                                    "RelocateVM_Task") != vm.disabledMethods.end();
    if (disabled)
      judgement.unknown(name, "disabledMethod", fact.value, "RelocateVM_Task not disabled");
    else
      judgement.pass(name, "recentTask", "no relocation, clone or snapshot is running");
  });
}

constexpr Judge masterTargetTable[] = {
    {"MT-FOUND", found},
    {"MT-STATE", state},
    {"MT-HOST", host},
    {"MT-OS", os},
    {"MT-TOOLS", tools},
    {"MT-IP", address},
    {"MT-RAM", memory},
    {"MT-UUID", diskUuid},
    {"MT-UUID-ACTIVE", diskUuidActive},
    {"MT-SNAPSHOT", snapshot},
    {"MT-CONTROLLER", judgeMtController},
    {"MT-SLOTS", judgeMtSlots},
    {"MT-DATASTORE", judgeMtDatastore},
    {"MT-RETENTION", judgeMtRetention},
    {"MT-SDRS", judgeMtSdrs},
    {"MT-VMOTION", judgeMtVmotion},
    {"MT-BOOT", judgeMtBoot},
    {"MT-HABIT", judgeMtHabit},
    {"MT-RELOCATING", relocating},
    {"MT-QUESTION", question},
    {"MT-CONFIG", judgeMtConfig},
    {"MT-CLONE", judgeMtClone},
    {"MT-FOREIGN", judgeMtForeign},
};

}  // namespace

std::span<const Judge> masterTargetJudges() {
  return masterTargetTable;
}

const Asked<std::vector<vsphere::Event>>* eventsOf(const World& world, const VirtualMachine& vm) {
  const auto& all = world.facts().events;
  const auto found = all.find(vm.ref);
  return found == all.end() ? nullptr : &found->second;
}

}  // namespace failback::provisioning
