// SPDX-License-Identifier: GPL-2.0-or-later
// Switching virtual machines on and off, their guests' own ways to do it, and questions.
#include <fmt/format.h>

#include <array>

#include "mocks/operation_tables.h"
#include "mocks/vm_events.h"
#include "mocks/vm_model.h"
#include "mocks/vm_power.h"

namespace failback::mock {

namespace {

// One power-on, from the call to its end: questions may come in between.
struct PowerOnRun {
  World& world;
  MoRef vm;
  std::optional<MoRef> host;
  std::string user;
  MoRef task;  // set once it is known
  bool cancelled = false;
};

void failed(PowerOnRun& run, const Fault& reason) {
  postVmEvent(run.world, "VmFailedToPowerOnEvent", run.vm,
              fmt::format("Cannot power on {}: {}", placeOf(run.world, run.vm), reason.text()),
              {{"reason", reason.localized()}});
}

void powerOnOrAsk(const std::shared_ptr<PowerOnRun>& run) {
  World& world = run->world;
  if (run->cancelled) throw makeFault("RequestCanceled", "The task was canceled by a user.");
  const std::vector<Fault> problems = powerOnProblems(world, run->vm, run->host);
  if (!problems.empty()) throw Fault(problems.front());
  const bool asks = askBeforePowerOn(world, run->vm, [run](bool cancelled) {
    run->cancelled = cancelled;
    run->world.tasks.resume(run->task);
  });
  if (asks) throw TaskWaits();
  powerOnNow(world, run->vm, run->host);
}

std::function<Value()> powerOnEnd(const std::shared_ptr<PowerOnRun>& run) {
  return [run] {
    const ActingFor acting(run->world, run->user);
    try {
      powerOnOrAsk(run);
    } catch (const Fault& reason) {
      failed(*run, reason);
      throw;
    }
    postVmEvent(run->world, "VmPoweredOnEvent", run->vm,
                fmt::format("Virtual machine {} is powered on", placeOf(run->world, run->vm)));
    return Value();
  };
}

std::shared_ptr<PowerOnRun> newRun(Operation& op, const MoRef& vm, const std::optional<MoRef>& host) {
  return std::make_shared<PowerOnRun>(PowerOnRun{op.world, vm, host, op.session->user->name, {}, false});
}

void announceStart(World& world, const MoRef& vm) {
  const bool suspended = world.inventory.need(vm.id).state.at("runtime.powerState").string() == "suspended";
  postVmEvent(
      world, suspended ? "VmResumingEvent" : "VmStartingEvent", vm,
      fmt::format("Virtual machine {} is {}", placeOf(world, vm), suspended ? "resuming" : "starting"));
}

Answer powerOn(Operation& op) {
  std::optional<MoRef> host;
  if (op.ref("host")) host = op.object("host", "HostSystem").ref;
  const auto run = newRun(op, op.self.ref, host);
  Operation::Task task;
  task.descriptionId = "VirtualMachine.powerOn";
  task.finish = powerOnEnd(run);
  Answer answer = op.start(std::move(task));
  run->task = *answer.value.asRef();
  const ActingFor acting(op.world, run->user);
  if (!poweredOn(op.world.inventory.need(run->vm.id))) announceStart(op.world, run->vm);
  return answer;
}

// Starts the task of one of several machines; a fault for one that is not even tried.
Value attemptedOf(Operation& op, const MoRef& vm) {
  op.need(vm, "VirtualMachine.Interact.PowerOn");
  const ManagedObject& machine = op.world.inventory.need(vm.id);
  if (poweredOn(machine)) throw wrongPowerState(machine, "poweredOn");
  const auto run = newRun(op, vm, std::nullopt);
  TaskOrder order;
  order.method = "PowerOnVM_Task";
  order.descriptionId = "VirtualMachine.powerOn";
  order.entity = vm;
  order.userName = run->user;
  order.activationId = op.context.operationId;
  order.cancelable = false;
  order.finish = powerOnEnd(run);
  run->task = op.world.tasks.start(std::move(order));
  announceStart(op.world, vm);
  return object("ClusterAttemptedVmInfo", {{"vm", vm}, {"task", run->task}});
}

Answer powerOnMulti(Operation& op) {
  const std::vector<MoRef> machines = op.refs("vm");
  if (machines.empty()) throw invalidArgument("vm");
  for (const MoRef& vm : machines) {
    const ManagedObject* found = op.scope.find(vm);
    if (!found || !op.scope.sees(vm.id)) throw objectNotFound(vm);
    if (!found->type().isA("VirtualMachine")) throw invalidArgument("vm");
  }
  const ActingFor acting(op.world, op.session->user->name);
  std::vector<Value> attempted, notAttempted;
  for (const MoRef& vm : machines) {
    try {
      attempted.push_back(attemptedOf(op, vm));
    } catch (const Fault& fault) {
      notAttempted.push_back(object("ClusterNotAttemptedVmInfo", {{"vm", vm}, {"fault", fault.localized()}}));
    }
  }
  const auto listed = [](std::vector<Value> items) {
    return items.empty() ? Value() : list(std::move(items));
  };
  Value result = object("ClusterPowerOnVmResult", {{"attempted", listed(std::move(attempted))},
                                                   {"notAttempted", listed(std::move(notAttempted))}});
  Operation::Task task;
  task.descriptionId = "Datacenter.powerOnVm";
  task.exclusive = false;
  task.finish = [result] { return result; };
  return op.start(std::move(task));
}

// ---- tasks that end or interrupt the machine's process

struct PowerChange {
  std::string_view descriptionId;
  std::string_view requested;                // power state
  std::string_view starting, done, failure;  // events; "" for none
  std::string_view verb, participle;
  void (*change)(World&, const MoRef&);
};

void needProcess(World& world, const MoRef& vm, std::string_view requested, bool suspendedToo) {
  const ManagedObject& machine = world.inventory.need(vm.id);
  needUsable(machine);
  const bool suspended = machine.state.at("runtime.powerState").string() == "suspended";
  if (!poweredOn(machine) && !(suspended && suspendedToo)) throw wrongPowerState(machine, requested);
  world.questions.needNone(vm.id);
}

Answer changePower(Operation& op, const PowerChange& change) {
  const MoRef vm = op.self.ref;
  const std::string user = op.session->user->name;
  const bool begins = op.self.state.at("runtime.powerState").string() != "poweredOff";
  Operation::Task task;
  task.descriptionId = change.descriptionId;
  task.cancelable = true;
  task.finish = [&world = op.world, vm, user, change] {
    const ActingFor acting(world, user);
    try {
      needProcess(world, vm, change.requested, change.requested == "poweredOff");
      change.change(world, vm);
    } catch (const Fault& reason) {
      postVmEvent(world, change.failure, vm,
                  fmt::format("Cannot {} {}: {}", change.verb, placeOf(world, vm), reason.text()),
                  {{"reason", reason.localized()}});
      throw;
    }
    if (!change.done.empty()) {
      postVmEvent(world, change.done, vm,
                  fmt::format("Virtual machine {} is {}", placeOf(world, vm), change.participle));
    }
    return Value();
  };
  Answer answer = op.start(std::move(task));
  const ActingFor acting(op.world, user);
  if (begins && !change.starting.empty()) {
    const std::string_view doing = change.starting == "VmStoppingEvent"     ? "stopping"
                                   : change.starting == "VmSuspendingEvent" ? "being suspended"
                                                                            : "reset";
    postVmEvent(op.world, change.starting, vm,
                fmt::format("Virtual machine {} is {}", placeOf(op.world, vm), doing));
  }
  return answer;
}

void switchOff(World& world, const MoRef& vm) {
  powerEndNow(world, vm, PowerEnd::off);
}

void suspendIt(World& world, const MoRef& vm) {
  powerEndNow(world, vm, PowerEnd::suspended);
}

Answer powerOff(Operation& op) {
  return changePower(op, {"VirtualMachine.powerOff", "poweredOff", "VmStoppingEvent", "VmPoweredOffEvent",
                          "VmFailedToPowerOffEvent", "power off", "powered off", switchOff});
}

Answer suspend(Operation& op) {
  return changePower(op, {"VirtualMachine.suspend", "suspended", "VmSuspendingEvent", "VmSuspendedEvent",
                          "VmFailedToSuspendEvent", "suspend", "suspended", suspendIt});
}

Answer reset(Operation& op) {
  return changePower(op, {"VirtualMachine.reset", "poweredOn", "VmResettingEvent", "", "VmFailedToResetEvent",
                          "reset", "reset", resetNow});
}

Answer terminate(Operation& op) {
  const MoRef vm = op.self.ref;
  needUsable(op.self);
  if (!poweredOn(op.self)) throw wrongPowerState(op.self, "poweredOff");
  const ActingFor acting(op.world, op.session->user->name);
  powerEndNow(op.world, vm, PowerEnd::terminated);
  postVmEvent(op.world, "VmPoweredOffEvent", vm,
              fmt::format("Virtual machine {} is powered off", placeOf(op.world, vm)));
  return {};
}

// ---- what the guest is asked to do: the call returns at once, the guest takes its time

// A guest takes longer than a task.
std::chrono::milliseconds guestTime(const World& world) {
  return 10 * world.settings().tasks.duration;
}

struct GuestChange {
  std::string_view requested;  // power state
  std::string_view event, doing;
  std::string_view guestState;  // while it is at it
  void (*change)(World&, const MoRef&);
  std::string_view done;  // event, "" for none
  std::string_view participle;
};

Answer askGuest(Operation& op, const GuestChange& change) {
  const MoRef vm = op.self.ref;
  needUsable(op.self);
  if (!poweredOn(op.self)) throw wrongPowerState(op.self, change.requested);
  op.world.tasks.needFree(vm.id);
  op.world.questions.needNone(vm.id);
  needTools(op.self);
  const std::string user = op.session->user->name;
  const ActingFor acting(op.world, user);
  postVmEvent(op.world, change.event, vm,
              fmt::format("Guest OS {} for {}", change.doing, placeOf(op.world, vm)));
  const std::string booted(op.self.state.at("runtime.bootTime").string());
  showGuestState(op.world, vm, change.guestState);
  op.world.scheduler().after(guestTime(op.world), [&world = op.world, vm, user, change, booted] {
    const std::lock_guard lock(world.lock());
    const ManagedObject* machine = world.inventory.find(vm.id);
    // Somebody else may have switched it off, or off and on, meanwhile.
    if (!machine || !poweredOn(*machine) || machine->state.at("runtime.bootTime").string() != booted) return;
    const ActingFor actingLater(world, user);
    change.change(world, vm);
    if (!change.done.empty()) {
      postVmEvent(world, change.done, vm,
                  fmt::format("Virtual machine {} is {}", placeOf(world, vm), change.participle));
    }
    world.inventory.commit();
  });
  return {};
}

Answer shutdownGuest(Operation& op) {
  return askGuest(op, {"poweredOff", "VmGuestShutdownEvent", "shut down", "shuttingDown", switchOff,
                       "VmPoweredOffEvent", "powered off"});
}

Answer rebootGuest(Operation& op) {
  return askGuest(op, {"poweredOn", "VmGuestRebootEvent", "reboot", "resetting", resetNow, "", ""});
}

Answer standbyGuest(Operation& op) {
  return askGuest(op, {"suspended", "VmGuestStandbyEvent", "standby", "standby", suspendIt,
                       "VmSuspendedEvent", "suspended"});
}

Answer answerQuestion(Operation& op) {
  const ActingFor acting(op.world, op.session->user->name);
  op.world.questions.answer(op.world, op.self.ref, op.text("questionId"), op.text("answerChoice"));
  return {};
}

// ---- judging a power-on

Answer checkPowerOn(Operation& op) {
  const ManagedObject& vm = op.object("vm", "VirtualMachine");
  std::optional<MoRef> host;
  if (op.ref("host")) host = op.object("host", "HostSystem").ref;
  if (op.ref("pool")) (void)op.object("pool", "ResourcePool");
  Operation::Task task;
  task.descriptionId = "VirtualMachineCompatibilityChecker.checkPowerOn";
  task.entity = vm.ref;
  task.exclusive = false;
  task.finish = [&world = op.world, vm = vm.ref, host]() -> Value {
    const ManagedObject* machine = world.inventory.find(vm.id);
    if (!machine) throw objectNotFound(vm);
    std::vector<Value> errors;
    for (const Fault& fault : powerOnProblems(world, vm, host)) errors.push_back(fault.localized());
    const Value on = host ? Value(*host) : machine->state.at("runtime.host");
    return list(
        {object("CheckResult",
                {{"vm", vm}, {"host", on}, {"error", errors.empty() ? Value() : list(std::move(errors))}})},
        "CheckResult");
  };
  return op.start(std::move(task));
}

constexpr std::array<OperationEntry, 11> powerEntries{{{"PowerOnVM_Task", powerOn},
                                                       {"PowerOnMultiVM_Task", powerOnMulti},
                                                       {"PowerOffVM_Task", powerOff},
                                                       {"SuspendVM_Task", suspend},
                                                       {"ResetVM_Task", reset},
                                                       {"TerminateVM", terminate},
                                                       {"ShutdownGuest", shutdownGuest},
                                                       {"RebootGuest", rebootGuest},
                                                       {"StandbyGuest", standbyGuest},
                                                       {"AnswerVM", answerQuestion},
                                                       {"CheckPowerOn_Task", checkPowerOn}}};

}  // namespace

std::span<const OperationEntry> powerOperations() {
  return powerEntries;
}

}  // namespace failback::mock
