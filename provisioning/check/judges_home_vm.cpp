// SPDX-License-Identifier: GPL-2.0-or-later
// The rules of the home VM that look at the VM itself, and the table of all of them.
#include "provisioning/check/judges_home_vm.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "provisioning/check/wording.h"

namespace failback::provisioning {
namespace {

using vsphere::VirtualMachine;

std::string lookedFor(const Source& source) {
  std::vector<std::string> words;
  if (!source.instanceUuid.empty()) words.push_back(fmt::format("instance UUID {}", source.instanceUuid));
  if (!source.biosUuid.empty()) words.push_back(fmt::format("BIOS UUID {}", source.biosUuid));
  return joined(words, " or ");
}

void severalFound(const MachineCase& each) {
  std::vector<std::string> names;
  names.reserve(each.machine.found.size());
  for (const VirtualMachine* vm : each.machine.found)
    names.push_back(fmt::format("{}, {}", vmText(*vm), vm->ref.value));
  const Source& source = each.machine.plan->source;
  each.fail(
      each.world.nameOf(each.machine), each.machine.foundBy,
      fmt::format("{} have {}: {}", counted(names.size(), "VM"), lookedFor(source), joined(names, "; ")),
      "one VM");
}

// Only where no VM is made: before a reprotect the rules of creation apply instead. A physical machine has no
// UUID that its VM could be found by.
void noneFound(const MachineCase& each) {
  const Source& source = each.machine.plan->source;
  if (each.world.phase() == Phase::reprotect || source.kind == SourceKind::physical) return;
  Finding& finding =
      each.fail(each.world.nameOf(each.machine), "config.instanceUuid",
                fmt::format("no VM with {} can be seen", lookedFor(source)), "the home VM, found");
  finding.remedy = fmt::format("Register {} again, or give the account read permission where it is.",
                               each.machine.name.empty() ? source.name : each.machine.name);
  // A job that is taken back must not be held up by a VM that has gone.
  if (each.world.phase() == Phase::cancel) finding.severity = Severity::warn;
}

// A job that is taken back must not be held up by a disk that has gone; only two VMs would make it unsafe.
void soften(const HomeCase& home, Finding& finding) {
  if (home.world.phase() == Phase::cancel) finding.severity = Severity::warn;
}

void diskSet(const HomeCase& home) {
  constexpr const char* path = "config.hardware.device";
  constexpr const char* wanted = "each disk of the plan, by UUID and file";
  std::vector<std::string> missing, others;
  for (const DiskView& disk : home.machine.disks) {
    if (disk.device == nullptr)
      missing.push_back(
          disk.plan->file.empty() || disk.plan->uuid.empty()
              ? fmt::format("{} ({}{})", disk.plan->id, disk.plan->file, disk.plan->uuid)
              : fmt::format("{} ({} with UUID {})", disk.plan->id, disk.plan->file, disk.plan->uuid));
  }
  const std::size_t all = home.machine.disks.size();
  if (missing.empty()) {
    soften(home, home.passIfRead({path}, fmt::format("found by {}; {} of {} disks are the plan's",
                                                     home.machine.foundBy, all, all)));
    return;
  }
  const std::string why = home.unread(path);
  if (home.vm.disks.empty() && !why.empty()) {
    soften(home, home.unknown(path, why, wanted));
    return;
  }
  others.reserve(home.machine.otherDisks.size());
  for (const vsphere::Disk* disk : home.machine.otherDisks)
    others.push_back(
        fmt::format("{}: {} with UUID {}", disk->label, disk->path(), disk->uuid.value_or("none")));
  const std::string beside =
      others.empty() ? "it has no other disks" : fmt::format("it has instead {}", joined(others));
  soften(home, home.fail(path,
                         fmt::format("{} of {} disks are not there: {}; {}", missing.size(), all,
                                     joined(missing), beside),
                         wanted));
}

void identity(const World& world, Judgement& judgement) {
  for (const MachineView& machine : world.machines()) {
    const MachineCase each{world, machine, judgement};
    if (machine.vm != nullptr) {
      diskSet(HomeCase{each, *machine.vm});
    } else if (machine.found.size() > 1) {
      severalFound(each);
    } else {
      noneFound(each);
    }
  }
}

void state(const HomeCase& home) {
  const VirtualMachine& vm = home.vm;
  constexpr const char* connection = "runtime.connectionState";
  if (vm.isTemplate.value_or(false)) {
    home.fail("config.template", "it is a template", "a VM that is no template").remedy =
        fmt::format("Convert {} to a virtual machine.", vm.name);
  } else if (vm.connectionState && *vm.connectionState != "connected") {
    home.fail(connection, *vm.connectionState, "connected");
  } else if (!vm.connectionState || !vm.isTemplate) {
    const char* path = vm.connectionState ? "config.template" : connection;
    home.unknown(path, home.world.whyUnknown(vm.ref, path), "connected, no template");
  } else {
    home.passIfRead({connection, "config.template"}, "connected, no template");
  }
}

std::vector<std::string> addresses(const VirtualMachine& vm) {
  std::vector<std::string> all;
  if (vm.ipAddress && !vm.ipAddress->empty()) all.push_back(*vm.ipAddress);
  for (const vsphere::GuestNic& nic : vm.guestNics) {
    for (const std::string& address : nic.ipAddresses)
      if (std::find(all.begin(), all.end(), address) == all.end()) all.push_back(address);
  }
  return all;
}

// "poweredOn since 3 days, 10.0.0.5, web-01.example.org": what tells a live machine.
std::string runningText(const VirtualMachine& vm) {
  std::string text = "poweredOn";
  if (vm.uptimeSeconds && *vm.uptimeSeconds > 0) {
    text += fmt::format(" since {}", durationText(*vm.uptimeSeconds));
  } else if (vm.bootTime) {
    text += fmt::format(" since {}", shortTime(*vm.bootTime));
  }
  const std::vector<std::string> seen = addresses(vm);
  text += ", " + (seen.empty() ? std::string("no IP address known") : someOf(seen));
  if (vm.hostName && !vm.hostName->empty()) text += fmt::format(", {}", *vm.hostName);
  return text;
}

void power(const HomeCase& home) {
  const VirtualMachine& vm = home.vm;
  constexpr const char* path = "runtime.powerState";
  if (!vm.powerState) {
    home.unknown(path, home.world.whyUnknown(vm.ref, path), "poweredOff");
  } else if (*vm.powerState == "poweredOn") {
    Finding& finding = home.fail(path, runningText(vm), "poweredOff");
    finding.consented = home.machine.plan->consents.powerOff;
    finding.remedy =
        finding.consented
            ? fmt::format("The job shuts {} down, as the plan allows; see that it is not the live machine.",
                          vm.name)
            : fmt::format(
                  "See that {} is not the live machine; then shut it down, or consent in the plan "
                  "(consents.powerOff).",
                  vm.name);
  } else if (*vm.powerState != "poweredOff") {
    // The consent is for a machine that runs: powering off a suspended one loses what its memory holds.
    const std::string since = vm.suspendTime ? fmt::format(" since {}", shortTime(*vm.suspendTime)) : "";
    home.fail(path, *vm.powerState + since, "poweredOff").remedy = fmt::format(
        "Resume {} and shut it down; powering it off as it is loses what its memory holds.", vm.name);
  } else {
    home.passIfRead({path}, "poweredOff");
  }
}

void staysOff(const HomeCase& home) {
  // It was off when its disks were attached.
  if (home.vm.powerState && *home.vm.powerState != "poweredOff") {
    const bool runs = *home.vm.powerState == "poweredOn";
    home.fail("runtime.powerState", runs ? runningText(home.vm) : *home.vm.powerState,
              "poweredOff since reprotect");
    return;
  }
  constexpr const char* wanted = "no power-on since reprotect";
  const auto unknown = [&](const std::string& why) {
    home.unknown("events",
                 fmt::format("whether {} was started since reprotect is not known: {}", home.vm.name, why),
                 wanted);
  };
  const StoredJob* job = home.world.ownJob();
  const auto& starts = home.world.facts().starts;
  if (job == nullptr) return unknown("no job of this plan is recorded");
  if (!starts.answer)
    return unknown(starts.why.empty() ? "the events of it since then were not read" : starts.why);
  for (const vsphere::Event& each : *starts.answer) {
    if (each.vm != home.vm.ref) continue;
    home.fail("events",
              fmt::format("it was started on {}{}{}", each.time, each.userName.empty() ? "" : " by ",
                          each.userName),
              wanted)
        .remedy = fmt::format(
        "Do not bring it home like this: what {} wrote then is mixed with what was replicated. "
        "Cancel, and reprotect it anew.",
        home.vm.name);
    return;
  }
  // As many as a server gives at once: there may be more.
  constexpr std::size_t most = 900;
  if (starts.answer->size() >= most) return unknown("there are too many events since then");
  home.pass("events", fmt::format("not started since {}", job->opened));
}

void otherProtection(const HomeCase& home) {
  const VirtualMachine& vm = home.vm;
  std::vector<std::string> seen;
  std::string property;
  const auto add = [&](const char* path, std::string text) {
    if (property.empty()) property = path;
    seen.push_back(std::move(text));
  };
  if (vm.hasReplicationConfig) add("config.repConfig", "vSphere Replication is set up for it");
  if (vm.managedByExtension && !vm.managedByExtension->empty() &&
      *vm.managedByExtension != home.world.plan().policy.managedBy) {
    add("config.managedBy", fmt::format("it is managed by the extension {}", *vm.managedByExtension));
  }
  for (const vsphere::Disk& disk : vm.disks) {
    if (!disk.ioFilters.empty())
      add("config.hardware.device",
          fmt::format("{} has the I/O filter {}", disk.label, joined(disk.ioFilters)));
    if (disk.vDiskId)
      add("config.hardware.device", fmt::format("{} is the first-class disk {}", disk.label, *disk.vDiskId));
  }
  if (seen.empty()) {
    home.passIfRead({"config.repConfig", "config.managedBy", "config.hardware.device"},
                    "no replication, I/O filter, first-class disk or foreign manager");
  } else {
    home.fail(property, joined(seen, "; "), "none of these");
  }
}

void encrypted(const HomeCase& home) {
  const VirtualMachine& vm = home.vm;
  std::vector<std::string> seen;
  if (vm.keyId) seen.push_back(fmt::format("the VM is encrypted with key {}", *vm.keyId));
  for (const vsphere::Disk& disk : vm.disks)
    if (disk.keyId) seen.push_back(fmt::format("{} is encrypted with key {}", disk.label, *disk.keyId));
  if (vm.vtpmPresent.value_or(false)) seen.emplace_back("it has a virtual TPM");
  if (seen.empty()) {
    home.passIfRead({"config.keyId", "config.hardware.device"}, "not encrypted, no virtual TPM");
  } else {
    home.fail(vm.keyId ? "config.keyId" : "config.hardware.device", joined(seen, "; "),
              "not encrypted, no virtual TPM");
  }
}

void faultTolerance(const HomeCase& home) {
  const VirtualMachine& vm = home.vm;
  const std::string runtime = vm.faultToleranceState.value_or("notConfigured");
  if (vm.faultToleranceConfigured.value_or(false) || runtime != "notConfigured") {
    home.fail("config.ftInfo",
              fmt::format("fault tolerance is {}", runtime == "notConfigured" ? "configured" : runtime),
              "no fault tolerance")
        .remedy = fmt::format("Turn fault tolerance of {} off.", vm.name);
  } else {
    home.passIfRead({"config.ftInfo", "runtime.faultToleranceState"}, "no fault tolerance");
  }
}

void question(const HomeCase& home) {
  constexpr const char* path = "runtime.question";
  if (!home.vm.question) {
    home.passIfRead({path}, "no question");
    return;
  }
  const vsphere::Question& asked = *home.vm.question;
  std::vector<std::string> choices;
  choices.reserve(asked.choices.size());
  for (const vsphere::QuestionChoice& choice : asked.choices)
    choices.push_back(fmt::format("{}: {}", choice.key, choice.label));
  home.fail(path, choices.empty() ? asked.text : fmt::format("{} ({})", asked.text, joined(choices)),
            "no question")
      .remedy = fmt::format("Answer the question of {}: failback answer PLAN {} CHOICE, or in vCenter.",
                            home.vm.name, home.machine.plan->id);
}

bool isOurTask(const vsphere::TaskInfo& task) {
  return task.activationId && task.activationId->starts_with("failback");
}

struct Tasks {
  std::vector<std::string> foreign;
  bool ours = false;
};

Tasks tasksOf(const VirtualMachine& vm, const std::vector<vsphere::TaskInfo>& all) {
  Tasks tasks;
  for (const vsphere::TaskInfo& task : all) {
    const bool recent =
        std::find(vm.recentTasks.begin(), vm.recentTasks.end(), task.ref) != vm.recentTasks.end();
    const bool about = task.entity ? *task.entity == vm.ref : recent;
    if (!about || task.done()) continue;
    if (isOurTask(task)) {
      tasks.ours = true;
    } else {
      tasks.foreign.push_back(describe(task));
    }
  }
  return tasks;
}

// Backups keep a VM in its place with this; without vCenter nothing moves, and it says nothing.
bool isHeld(const World& world, const VirtualMachine& vm) {
  // A question does so too, and is told by its own rule.
  return world.inventory().vcenter.about.isVCenter() && !vm.question &&
         std::find(vm.disabledMethods.begin(), vm.disabledMethods.end(), "RelocateVM_Task") !=
             vm.disabledMethods.end();
}

// A task of the VM that could not be read; nullptr when all that are still known were.
const vsphere::Unreadable* unreadTask(const VirtualMachine& vm, const vsphere::Management& management) {
  const auto found = std::find_if(
      management.unreadable.begin(), management.unreadable.end(), [&](const vsphere::Unreadable& entry) {
        return entry.reason != "vanished" &&
               std::find(vm.recentTasks.begin(), vm.recentTasks.end(), entry.object) != vm.recentTasks.end();
      });
  return found == management.unreadable.end() ? nullptr : &*found;
}

void task(const HomeCase& home) {
  constexpr const char* path = "recentTask";
  constexpr const char* wanted = "no task of somebody else";
  const VirtualMachine& vm = home.vm;
  const Asked<vsphere::Management>& management = home.world.facts().management;
  const Tasks tasks = management.answer ? tasksOf(vm, management.answer->tasks) : Tasks{};
  if (!tasks.foreign.empty()) {
    home.fail(path, joined(tasks.foreign, "; "), wanted);
  } else if (!vm.recentTasks.empty() && !management.answer) {
    home.unknown(path,
                 fmt::format("{} could not be looked into: {}", counted(vm.recentTasks.size(), "task"),
                             management.why.empty() ? "they were not asked for" : management.why),
                 wanted);
  } else if (const auto* entry = management.answer ? unreadTask(vm, *management.answer) : nullptr) {
    home.unknown(path,
                 fmt::format("task {} could not be read: {}", entry->object.value, World::reasonText(*entry)),
                 wanted);
  } else if (isHeld(home.world, vm) && !tasks.ours) {
    home.unknown("disabledMethod",
                 "no task is running, but RelocateVM_Task is disabled: a backup may hold the VM", wanted)
        .remedy = fmt::format("See whether a backup of {} is running, and wait for its end.", vm.name);
  } else {
    home.passIfRead({path, "disabledMethod"},
                    tasks.ours ? "a task of this program" : "no task of somebody else is running");
  }
}

}  // namespace

std::span<const Judge> homeVmJudges() {
  static constexpr std::array table{
      Judge{"VM-IDENTITY", identity},
      Judge{"VM-STATE", eachHomeVm<state>},
      Judge{"VM-POWER", eachHomeVm<power>},
      Judge{"VM-STAYS-OFF", eachHomeVm<staysOff>},
      Judge{"VM-SNAPSHOT", eachHomeVm<home_vm::snapshot>},
      Judge{"VM-MERGEABLE", eachHomeVm<home_vm::mergeable>},
      Judge{"VM-SHARED-BASE", eachHomeVm<home_vm::sharedBase>},
      Judge{"VM-OTHER-DR", eachHomeVm<otherProtection>},
      Judge{"VM-CHANGED", eachHomeVm<home_vm::changed>},
      Judge{"VM-DISK-SIZE", eachHomeVm<home_vm::diskSize>},
      Judge{"VM-DISK-KIND", eachHomeVm<home_vm::diskKind>},
      Judge{"VM-DISK-FREE", eachHomeVm<home_vm::diskFree>},
      Judge{"VM-DATASTORE-RW", eachHomeVm<home_vm::datastoreReadWrite>},
      Judge{"VM-ENCRYPTED", eachHomeVm<encrypted>},
      Judge{"VM-FT", eachHomeVm<faultTolerance>},
      Judge{"VM-QUESTION", eachHomeVm<question>},
      Judge{"VM-TASK", eachHomeVm<task>},
  };
  return table;
}

}  // namespace failback::provisioning
