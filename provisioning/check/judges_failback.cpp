// SPDX-License-Identifier: GPL-2.0-or-later
// The rules that a failback adds: can the home VM start, is it in the networks of the plan. What compares
// with the record of attached disks can't be decided before there is one.
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

// ------------------------------------------------------------------------- what needs a record of
// attachments

void notRecorded(const World& world, Judgement& judgement, const char* property, const char* wanted) {
  if (world.phase() == Phase::reprotect) return;
  for (const MachineView& machine : world.machines())
    MachineCase{world, machine, judgement}
        .unknown(world.nameOf(machine), property, "nothing is recorded as attached by this program", wanted)
        .remedy = "Reprotect the machine first, or name the store of the job that did (--state).";
}

void ledger(const World& world, Judgement& judgement) {
  notRecorded(world, judgement, "ledger", "each recorded disk on the master target");
}
void storageVmotion(const World& world, Judgement& judgement) {
  notRecorded(world, judgement, "ledger", "each recorded disk in its recorded file");
}
void leftovers(const World& world, Judgement& judgement) {
  notRecorded(world, judgement, "ledger", "nothing that a job left");
}

}  // namespace

std::span<const Judge> failbackJudges() {
  static constexpr std::array table{
      Judge{"FB-LEDGER", ledger},
      Judge{"FB-SVMOTION", storageVmotion},
      Judge{"FB-POWER-ON", eachHomeVm<powerOn>},
      Judge{"FB-NETWORK", eachHomeVm<network>},
      Judge{"FB-LEFTOVERS", leftovers},
  };
  return table;
}

}  // namespace failback::provisioning
