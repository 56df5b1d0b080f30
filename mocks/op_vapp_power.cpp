// SPDX-License-Identifier: GPL-2.0-or-later
// Starting, stopping and suspending vApps: their machines one after the other, in the order that the vApp
// says; stopping goes the other way round. Delays between machines are not waited for.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "mocks/operation_tables.h"
#include "mocks/vapps.h"
#include "mocks/vm_events.h"
#include "mocks/vm_model.h"
#include "mocks/vm_power.h"

namespace failback::mock {

namespace {

// As a task's error: clients that stop a vApp to remove it look for it there.
Fault wrongState(std::string_view requested, std::string_view existing) {
  return makeFault(
      "InvalidPowerState",
      fmt::format("The attempted operation cannot be performed in the current state ({}).", existing),
      {{"requestedState", requested}, {"existingState", existing}});
}

std::string_view powerOf(World& world, const MoRef& vm) {
  return world.inventory.need(vm.id).state.at("runtime.powerState").string();
}

bool anyIn(World& world, const std::vector<VappMember>& members, std::string_view power) {
  return std::any_of(members.begin(), members.end(),
                     [&](const VappMember& each) { return powerOf(world, each.vm) == power; });
}

// What the vApp's state is, now that a task of its own has ended.
void settleState(World& world, const MoRef& vapp) {
  const std::vector<VappMember> members = membersOf(world, vapp);
  const bool running = anyIn(world, members, "poweredOn");
  setVappState(world, vapp, running ? "started" : "stopped", !running && anyIn(world, members, "suspended"));
}

void needMembers(const std::vector<VappMember>& members) {
  if (members.empty()) throw makeFault("NoVmInVApp", "No virtual machines are in the vApp.");
}

// One start, which a question of a machine may interrupt.
struct Run {
  World& world;
  MoRef vapp;
  std::string user;
  MoRef task;
  bool cancelled = false, begun = false;
};

void startMachine(const std::shared_ptr<Run>& run, const MoRef& vm) {
  World& world = run->world;
  const std::vector<Fault> problems = powerOnProblems(world, vm, std::nullopt);
  if (!problems.empty()) {
    postVmEvent(world, "VmFailedToPowerOnEvent", vm,
                fmt::format("Cannot power on {}: {}", placeOf(world, vm), problems.front().text()),
                {{"reason", problems.front().localized()}});
    throw Fault(problems.front());
  }
  const bool asks = askBeforePowerOn(world, vm, [run](bool cancelled) {
    run->cancelled = cancelled;
    run->world.tasks.resume(run->task);
  });
  if (asks) throw TaskWaits();
  postVmEvent(world, "VmStartingEvent", vm,
              fmt::format("Virtual machine {} is starting", placeOf(world, vm)));
  powerOnNow(world, vm, std::nullopt);
  postVmEvent(world, "VmPoweredOnEvent", vm,
              fmt::format("Virtual machine {} is powered on", placeOf(world, vm)));
}

Value startAll(const std::shared_ptr<Run>& run) {
  World& world = run->world;
  if (!world.inventory.find(run->vapp.id)) throw objectNotFound(run->vapp);
  const ActingFor acting(world, run->user);
  try {
    if (run->cancelled) throw makeFault("RequestCanceled", "The task was canceled by a user.");
    const std::vector<VappMember> members = membersOf(world, run->vapp);
    if (!run->begun && !anyIn(world, members, "poweredOff") && !anyIn(world, members, "suspended")) {
      throw wrongState("poweredOn", "poweredOn");
    }
    run->begun = true;
    for (const VappMember& each : members) {
      const bool wanted = each.config.at("startAction").string() != "none";
      if (wanted && powerOf(world, each.vm) != "poweredOn") startMachine(run, each.vm);
    }
  } catch (const Fault&) {
    settleState(world, run->vapp);  // what has been started goes on running
    throw;
  }
  settleState(world, run->vapp);
  return {};
}

Answer powerOn(Operation& op) {
  const std::vector<VappMember> members = membersOf(op.world, op.self.ref);
  needMembers(members);
  const bool any = std::any_of(members.begin(), members.end(), [](const VappMember& each) {
    return each.config.at("startAction").string() != "none";
  });
  if (!any) {
    throw makeFault("MissingPowerOnConfiguration",
                    "The vApp is not configured to power on any of its virtual machines.");
  }
  const auto run =
      std::make_shared<Run>(Run{op.world, op.self.ref, op.session->user->name, {}, false, false});
  Operation::Task task;
  task.descriptionId = "VirtualApp.powerOn";
  task.finish = [run] { return startAll(run); };
  Answer answer = op.start(std::move(task));
  run->task = *answer.value.asRef();
  return answer;
}

// ---- stopping

void endMachine(World& world, const MoRef& vm, PowerEnd how) {
  const bool suspends = how == PowerEnd::suspended;
  world.questions.needNone(vm.id);
  postVmEvent(
      world, suspends ? "VmSuspendingEvent" : "VmStoppingEvent", vm,
      fmt::format("Virtual machine {} is {}", placeOf(world, vm), suspends ? "being suspended" : "stopping"));
  powerEndNow(world, vm, how);
  postVmEvent(
      world, suspends ? "VmSuspendedEvent" : "VmPoweredOffEvent", vm,
      fmt::format("Virtual machine {} is {}", placeOf(world, vm), suspends ? "suspended" : "powered off"));
}

void stopMachine(World& world, const VappMember& member, bool force) {
  const std::string_view action = force ? "powerOff" : member.config.at("stopAction").string();
  const std::string_view power = powerOf(world, member.vm);
  if (action == "none" || power == "poweredOff") return;
  if (power == "suspended") {
    if (action != "suspend") endMachine(world, member.vm, PowerEnd::off);
    return;
  }
  if (action == "guestShutdown") {
    postVmEvent(world, "VmGuestShutdownEvent", member.vm,
                fmt::format("Guest OS shut down for {}", placeOf(world, member.vm)));
  }
  endMachine(world, member.vm, action == "suspend" ? PowerEnd::suspended : PowerEnd::off);
}

Answer stopAll(Operation& op, std::string_view descriptionId, bool suspends) {
  Operation::Task task;
  task.descriptionId = descriptionId;
  task.finish = [&world = op.world, vapp = op.self.ref, user = op.session->user->name,
                 force = op.flag("force"), suspends]() -> Value {
    if (!world.inventory.find(vapp.id)) throw objectNotFound(vapp);
    const ActingFor acting(world, user);
    std::vector<VappMember> all = membersOf(world, vapp);
    std::reverse(all.begin(), all.end());
    try {
      const bool running = anyIn(world, all, "poweredOn");
      if (!running && (suspends || !anyIn(world, all, "suspended"))) {
        throw wrongState(suspends ? "suspended" : "poweredOff", "poweredOff");
      }
      for (const VappMember& each : all) {
        if (!suspends) {
          stopMachine(world, each, force);
        } else if (powerOf(world, each.vm) == "poweredOn") {
          endMachine(world, each.vm, PowerEnd::suspended);
        }
      }
    } catch (const Fault&) {
      settleState(world, vapp);
      throw;
    }
    settleState(world, vapp);
    return {};
  };
  return op.start(std::move(task));
}

Answer powerOff(Operation& op) {
  return stopAll(op, "VirtualApp.powerOff", false);
}

Answer suspend(Operation& op) {
  return stopAll(op, "VirtualApp.suspend", true);
}

constexpr std::array<OperationEntry, 3> vappPowerEntries{{
    {"PowerOnVApp_Task", powerOn},
    {"PowerOffVApp_Task", powerOff},
    {"SuspendVApp_Task", suspend},
}};

}  // namespace

std::span<const OperationEntry> vappPowerOperations() {
  return vappPowerEntries;
}

}  // namespace failback::mock
