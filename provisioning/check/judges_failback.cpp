// SPDX-License-Identifier: GPL-2.0-or-later
// The rules that a failback adds: can the home VM start, is it in the networks of the plan. What compares
// with what was attached goes by the store's record of it.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "discovery/kind.h"
#include "provisioning/check/judge_tools.h"

namespace failback::provisioning {
namespace {

using vsphere::Host;
using vsphere::VirtualMachine;

// --------------------------------------------------------------------------------------------- FB-POWER-ON

// What all the plan's machines need that are to start on one host.
struct Load {
  std::int64_t memory = 0;
  std::vector<std::string> names;
};

Load loadOf(const World& world, const Host& host) {
  Load load;
  for (const MachineView& machine : world.machines()) {
    if (machine.vm == nullptr || machine.vm->host != host.ref) continue;
    if (machine.vm->powerState.value_or("") == "poweredOn") continue;  // has its memory already
    load.memory += machine.vm->memoryBytes.value_or(0);
    load.names.push_back(machine.vm->name);
  }
  return load;
}

std::string hostObstacle(const Host& host) {
  if (host.connectionState && *host.connectionState != "connected") return *host.connectionState;
  if (host.powerState && *host.powerState != "poweredOn") return *host.powerState;
  if (host.inMaintenanceMode.value_or(false)) return "in maintenance mode";
  return {};
}

void judgeMemory(const HomeCase& home, const Host& host) {
  constexpr const char* path = "summary.quickStats.overallMemoryUsage";
  const VirtualMachine& vm = home.vm;
  // A host may lend out more than it has.
  const std::int64_t free = std::max(std::int64_t{0}, *host.memoryBytes - *host.memoryUsedBytes);
  const Load load = loadOf(home.world, host);
  const std::string seen = fmt::format("{} {} {}, and {} has {} of {} free", someOf(load.names),
                                       load.names.size() == 1 ? "needs" : "need", sizeText(load.memory),
                                       host.name, sizeText(free), sizeText(*host.memoryBytes));
  if (load.memory <= free || load.names.empty()) {
    home.pass(path, fmt::format("{} vCPUs, {}; {} has {} free", *vm.cpus, sizeText(*vm.memoryBytes),
                                host.name, sizeText(free)));
    return;
  }
  // A host lends more memory than it has, so this is no proof that the VM can't start.
  Finding& finding = home.fail(path, seen, fmt::format("{} free", sizeText(load.memory)));
  finding.severity = Severity::warn;
  finding.remedy = fmt::format("Free memory on {}, or move {} to another host.", host.name, vm.name);
}

void powerOn(const HomeCase& home) {
  const VirtualMachine& vm = home.vm;
  const auto* host = home.world.inventory().find<Host>(vm.host);
  constexpr const char* wanted = "a host with the memory and CPU that it needs";
  if (host == nullptr) {
    home.unknown("runtime.host", fmt::format("the host of {} can't be seen", vm.name), wanted);
  } else if (const std::string obstacle = hostObstacle(*host); !obstacle.empty()) {
    home.fail("runtime.host", fmt::format("its host {} is {}", host->name, obstacle),
              "a host that is connected");
  } else if (vm.memoryBytes && host->memoryBytes && *vm.memoryBytes > *host->memoryBytes) {
    home.fail("summary.hardware.memorySize",
              fmt::format("{} of memory, and {} has {}", sizeText(*vm.memoryBytes), host->name,
                          sizeText(*host->memoryBytes)),
              wanted);
  } else if (vm.cpus && host->cpuThreads && *vm.cpus > *host->cpuThreads) {
    home.fail("summary.hardware.numCpuThreads",
              fmt::format("{} vCPUs, and {} has {} logical CPUs", *vm.cpus, host->name, *host->cpuThreads),
              wanted);
  } else if (!vm.memoryBytes || !vm.cpus) {
    const char* path = vm.cpus ? "config.hardware.memoryMB" : "config.hardware.numCPU";
    home.unknown(path, home.world.whyUnknown(vm.ref, path), wanted);
  } else if (!host->memoryBytes || !host->memoryUsedBytes || !host->cpuThreads) {
    const char* path = !host->memoryBytes ? "summary.hardware.memorySize"
                       : host->cpuThreads ? "summary.quickStats.overallMemoryUsage"
                                          : "summary.hardware.numCpuThreads";
    home.unknown(path, fmt::format("{}: {}", host->name, home.world.whyUnknown(host->ref, path)), wanted);
  } else {
    judgeMemory(home, *host);
  }
}

// ---------------------------------------------------------------------------------------------- FB-NETWORK

std::string networkNameOf(const World& world, const vsphere::Nic& nic) {
  if (const auto* network = world.inventory().find<vsphere::Network>(nic.network)) return network->name;
  return nic.networkName.value_or("");
}

// A plan may name a network by its name, its path, or its switch and its name.
bool isNetwork(const World& world, const vsphere::Nic& nic, const std::string& wanted) {
  const auto* network = world.inventory().find<vsphere::Network>(nic.network);
  if (network == nullptr) return nic.networkName.value_or("") == wanted;
  return network->name == wanted || network->inventoryPath == wanted ||
         network->dvsName.value_or("") + "/" + network->name == wanted;
}

// By its MAC address; without one by its place, where the numbers agree.
const vsphere::Nic* adapterOf(const HomeCase& home, std::size_t index) {
  const std::vector<SourceNic>& planned = home.machine.plan->source.nics;
  const std::vector<vsphere::Nic>& nics = home.vm.nics;
  const std::string& mac = planned[index].mac;
  if (mac.empty()) return nics.size() == planned.size() ? &nics[index] : nullptr;
  const auto found = std::find_if(nics.begin(), nics.end(), [&](const vsphere::Nic& nic) {
    return nic.macAddress && discovery::equalIgnoringCase(*nic.macAddress, mac);
  });
  return found == nics.end() ? nullptr : &*found;
}

std::vector<std::string> networkDifferences(const HomeCase& home) {
  std::vector<std::string> seen;
  const Machine& plan = *home.machine.plan;
  for (std::size_t i = 0; i < plan.source.nics.size(); ++i) {
    const SourceNic& nic = plan.source.nics[i];
    const auto mapped = plan.home.networks.find(nic.network);
    const std::string& wanted = mapped == plan.home.networks.end() ? nic.network : mapped->second;
    const vsphere::Nic* is = adapterOf(home, i);
    if (is == nullptr) {
      seen.push_back(fmt::format("{} ({}) is not there", nic.id, nic.mac.empty() ? wanted : nic.mac));
    } else if (!wanted.empty() && !isNetwork(home.world, *is, wanted)) {
      const std::string now = networkNameOf(home.world, *is);
      seen.push_back(fmt::format("{} ({}) is in {}, and the plan says {}", nic.id, is->label,
                                 now.empty() ? "a network that can't be seen" : now, wanted));
    }
  }
  if (home.vm.nics.size() > plan.source.nics.size())
    seen.push_back(fmt::format("it has {}, and the plan says {}", counted(home.vm.nics.size(), "adapter"),
                               plan.source.nics.size()));
  return seen;
}

std::vector<std::string> lostAddresses(const Machine& plan) {
  std::vector<std::string> seen;
  if (plan.source.osFamily != OsFamily::linux) return seen;
  for (const SourceNic& nic : plan.source.nics)
    if (nic.staticAddress) seen.push_back(nic.id);
  return seen;
}

void network(const HomeCase& home) {
  constexpr const char* path = "config.hardware.device";
  const std::string why = home.vm.nics.empty() && home.vm.disks.empty() ? home.unread(path) : std::string();
  if (!why.empty()) {
    home.unknown(path, why, "the adapters of the plan");
    return;
  }
  std::vector<std::string> seen = networkDifferences(home);
  const bool differs = !seen.empty();
  const std::vector<std::string> lost = lostAddresses(*home.machine.plan);
  if (!lost.empty())
    seen.push_back(
        fmt::format("the guest had a static address on {}, and comes back with DHCP", joined(lost)));
  if (seen.empty()) {
    home.passIfRead({path}, fmt::format("{} as planned", counted(home.vm.nics.size(), "adapter")));
    return;
  }
  Finding& finding = home.fail(path, joined(seen, "; "), "the adapters of the plan");
  if (!differs)
    finding.remedy = fmt::format("Set the static address of {} in {} again when it has started.",
                                 joined(lost), home.vm.name);
}

// --------------------------------------------------------------------------------- what was recorded

// Why nothing can be compared with a record; empty when there is one.
std::string unrecorded(const World& world) {
  if (!world.facts().openJobs.why.empty()) return world.facts().openJobs.why;
  return world.ownJob() == nullptr ? "nothing is recorded as attached by this program" : std::string();
}

// A disk of the record, and where it is.
struct Recorded {
  const StoredDisk& disk;
  const VirtualMachine* target = nullptr;
  const vsphere::Disk* byFile = nullptr;  // on the master target: the file and the UUID agree
  const vsphere::Disk* byUuid = nullptr;  // there, with another file
  bool atHome = false;                    // the home VM has it
};

Recorded lookFor(const World& world, const MachineView& machine, const StoredDisk& disk) {
  Recorded found{disk};
  found.target = machine.target != nullptr ? machine.target->vm : nullptr;
  if (machine.vm != nullptr) {
    found.atHome =
        std::any_of(machine.vm->disks.begin(), machine.vm->disks.end(), [&](const vsphere::Disk& each) {
          return each.path() == disk.file && each.uuid && vsphere::sameUuid(*each.uuid, disk.uuid);
        });
  }
  if (found.target == nullptr) return found;
  const VirtualMachine& seenBy = machine.vm != nullptr ? *machine.vm : *found.target;
  for (const vsphere::Disk& each : found.target->disks) {
    if (!each.uuid || !vsphere::sameUuid(*each.uuid, disk.uuid)) continue;
    (world.sameFile(each.path(), *found.target, disk.file, seenBy) ? found.byFile : found.byUuid) = &each;
  }
  return found;
}

template <void (*judge)(const MachineCase&, const ObjectName&, const Recorded&)>
void eachRecorded(const World& world, Judgement& judgement) {
  if (world.phase() == Phase::reprotect) return;
  const std::string why = unrecorded(world);
  for (const MachineView& machine : world.machines()) {
    const MachineCase each{world, machine, judgement};
    if (!why.empty()) {
      each.unknown(world.nameOf(machine), "ledger", why, "what a reprotect has recorded").remedy =
          "Reprotect the machine first, or name the store of the job that did (--state).";
      continue;
    }
    for (const StoredDisk& disk : world.ownJob()->disks) {
      if (disk.machine != machine.plan->id || disk.state == "reserved") continue;
      const ObjectName name{"disk", fmt::format("{} of {}", disk.id, machine.name), "", disk.file};
      judge(each, name, lookFor(world, machine, disk));
    }
  }
}

void ledger(const MachineCase& each, const ObjectName& name, const Recorded& found) {
  const StoredDisk& disk = found.disk;
  const std::string wanted = fmt::format("{} with UUID {} on the master target", disk.file, disk.uuid);
  const bool detaching = each.world.ownJob()->kind != "reprotect" || disk.state == "home";
  if (found.byFile != nullptr) {
    each.pass(name, "ledger", fmt::format("{} is at scsi{}:{}", disk.file, disk.bus, disk.unit));
  } else if (found.byUuid != nullptr) {
    each.pass(name, "ledger", fmt::format("{} has it as {}", found.target->name, found.byUuid->path()));
  } else if (found.target == nullptr) {
    each.unknown(name, "ledger", "the master target can't be seen", wanted);
  } else if (found.atHome && detaching) {
    each.pass(name, "ledger", "it was detached by this job, and is at home");
  } else {
    each.fail(name, "ledger",
              fmt::format("{} does not have it{}", found.target->name,
                          found.atHome ? "; somebody else has detached it, the home VM has it" : ""),
              wanted);
  }
}

void storageVmotion(const MachineCase& each, const ObjectName& name, const Recorded& found) {
  const std::string wanted = fmt::format("the file {}", found.disk.file);
  if (found.byFile == nullptr && found.byUuid != nullptr) {
    each.fail(name, "config.hardware.device.backing.fileName",
              fmt::format("it was moved to {} while it was attached to {}", found.byUuid->path(),
                          found.target->name),
              wanted);
  } else {
    each.pass(name, "config.hardware.device.backing.fileName", "it has not moved");
  }
}

void leftovers(const World& world, Judgement& judgement) {
  if (world.phase() == Phase::reprotect) return;
  const std::string why = unrecorded(world);
  for (const MachineView& machine : world.machines()) {
    const MachineCase each{world, machine, judgement};
    const bool marked = machine.vm != nullptr && world.isOurs(*machine.vm, *machine.plan);
    if (why.empty()) {
      each.pass(world.nameOf(machine), "config.extraConfig", "what is there belongs to an open job");
    } else if (marked) {
      each.fail(world.nameOf(machine), "config.extraConfig",
                "it bears the marks of this plan, and no store here knows a job of it", "no marks");
    } else {
      each.pass(world.nameOf(machine), "config.extraConfig", "no marks of this plan");
    }
  }
}

}  // namespace

std::span<const Judge> failbackJudges() {
  static constexpr std::array table{
      Judge{"FB-LEDGER", eachRecorded<ledger>},  Judge{"FB-SVMOTION", eachRecorded<storageVmotion>},
      Judge{"FB-POWER-ON", eachHomeVm<powerOn>}, Judge{"FB-NETWORK", eachHomeVm<network>},
      Judge{"FB-LEFTOVERS", leftovers},
  };
  return table;
}

}  // namespace failback::provisioning
