// SPDX-License-Identifier: GPL-2.0-or-later
// Can the master target's host run the new VM, and has it the networks.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "provisioning/check/judges_creation.h"

namespace failback::provisioning::creation {
namespace {

using vsphere::Host;
using vsphere::Network;

// ------------------------------------------------------------------------------------------------- NEW-HOST

// What stands in the way, what could not be read, and what was seen of a host.
struct Reading {
  std::vector<std::string> obstacles, unknowns, evidence;
  std::string property;

  void obstacle(const char* path, std::string text) {
    if (property.empty()) property = path;
    obstacles.push_back(std::move(text));
  }
};

// The 19 of "vmx-19".
std::optional<std::int64_t> hardwareNumber(std::string_view text) {
  if (!text.starts_with("vmx-")) return std::nullopt;
  text.remove_prefix(4);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

void readCpus(const MachineCase& each, const Host& host, Reading& reading) {
  const std::int64_t need = each.machine.plan->source.cpus;
  if (!host.maxSupportedVcpus && !host.cpuThreads) {
    reading.unknowns.push_back(each.world.whyUnknown(host.ref, "capability.maxSupportedVcpus"));
  } else if (host.maxSupportedVcpus && need > *host.maxSupportedVcpus) {
    reading.obstacle("capability.maxSupportedVcpus",
                     fmt::format("{} vCPUs, and a VM there has {} at most", need, *host.maxSupportedVcpus));
  } else if (host.cpuThreads && need > *host.cpuThreads) {
    reading.obstacle("summary.hardware.numCpuThreads",
                     fmt::format("{} vCPUs, and the host has {} logical CPUs", need, *host.cpuThreads));
  } else {
    reading.evidence.push_back(fmt::format("{} vCPUs", need));
  }
}

void readMemory(const MachineCase& each, const Host& host, Reading& reading) {
  const std::int64_t need = each.machine.plan->source.memoryMB * mebibyte;
  if (!host.memoryBytes) {
    reading.unknowns.push_back(each.world.whyUnknown(host.ref, "summary.hardware.memorySize"));
  } else if (need > *host.memoryBytes) {
    reading.obstacle("summary.hardware.memorySize", fmt::format("{} of memory, and the host has {}",
                                                                sizeText(need), sizeText(*host.memoryBytes)));
  } else if (host.maxSupportedVmMemoryBytes && need > *host.maxSupportedVmMemoryBytes) {
    reading.obstacle("capability.maxSupportedVmMemory",
                     fmt::format("{} of memory, and a VM there has {} at most", sizeText(need),
                                 sizeText(*host.maxSupportedVmMemoryBytes)));
  } else {
    reading.evidence.push_back(fmt::format("{} of {}", sizeText(need), sizeText(*host.memoryBytes)));
  }
}

void readHardwareVersion(const MachineCase& each, const Host& host, Reading& reading) {
  const std::int64_t need = each.machine.plan->source.hardwareVersion;
  std::optional<std::int64_t> newest;
  std::string why = fmt::format("the hardware versions of {} were not read", host.name);
  for (const std::string& each_version : host.supportedHardwareVersions)
    newest = std::max(newest.value_or(0), hardwareNumber(each_version).value_or(0));
  const vsphere::Cluster* cluster = each.machine.target->cluster;
  const auto& asked = each.world.facts().configOptions;
  const auto option = cluster == nullptr ? asked.end() : asked.find(cluster->ref);
  if (!newest && option != asked.end()) {
    if (option->second.answer) newest = hardwareNumber(option->second.answer->hardwareVersion);
    if (!option->second.answer && !option->second.why.empty()) why = option->second.why;
  }
  if (!newest) {
    reading.unknowns.push_back(why);
  } else if (need > *newest) {
    reading.obstacle("environmentBrowser",
                     fmt::format("hardware version vmx-{}, and the newest there is vmx-{}", need, *newest));
  } else {
    reading.evidence.push_back(fmt::format("vmx-{} of vmx-{}", need, *newest));
  }
}

void readPool(const MachineCase& each, const Host& host, Reading& reading) {
  const vsphere::ResourcePool* pool = each.machine.pool;
  const std::string& planned = each.machine.plan->home.resourcePool;
  const vsphere::Cluster* cluster = each.machine.target->cluster;
  if (pool == nullptr && !planned.empty()) {
    reading.obstacle("home.resourcePool", fmt::format("no resource pool {} can be seen", planned));
  } else if (pool == nullptr) {
    reading.unknowns.push_back(
        fmt::format("the resource pool of master target {} can't be seen", each.machine.plan->masterTarget));
  } else if (!pool->owner || cluster == nullptr) {
    reading.unknowns.push_back(fmt::format("what resource pool {} belongs to could not be read", pool->name));
  } else if (*pool->owner != cluster->ref) {
    const auto* owner = each.world.inventory().find<vsphere::Cluster>(pool->owner);
    reading.obstacle(
        "resourcePool",
        fmt::format("resource pool {} is that of {}, and {} is in {}", pool->name,
                    owner == nullptr ? pool->owner->value : owner->name, host.name, cluster->name));
  } else {
    reading.evidence.push_back(fmt::format("resource pool {}", pool->name));
  }
}

void readCount(const MachineCase& each, const Host& host, Reading& reading) {
  if (!host.maxRegisteredVms) return;
  const auto news = static_cast<std::size_t>(std::count_if(
      each.world.machines().begin(), each.world.machines().end(), [&](const MachineView& machine) {
        return machine.mustBeCreated() && machine.target != nullptr && machine.target->host == &host;
      }));
  if (host.vms.size() + news > static_cast<std::size_t>(std::max(0, *host.maxRegisteredVms)))
    reading.obstacle("capability.maxRegisteredVMs",
                     fmt::format("{} are registered there, {} would be added, and it takes {}",
                                 counted(host.vms.size(), "VM"), news, *host.maxRegisteredVms));
}

}  // namespace

const Host* hostOf(const MachineInWorld& each) {
  return each.machine.target == nullptr ? nullptr : each.machine.target->host;
}
std::string hostUnseen(const MachineCase& each) {
  return fmt::format("the host of master target {} can't be seen", each.machine.plan->masterTarget);
}

void host(const MachineCase& each) {
  const Host* host = hostOf(each);
  const std::string wanted = "a host that can run the VM";
  if (host == nullptr) {
    each.unknown(
        {"host", "host of " + each.machine.plan->masterTarget, "", each.machine.pointer + "/masterTarget"},
        "runtime.host", hostUnseen(each), wanted);
    return;
  }
  const ObjectName object = each.world.nameOf("host", *host);
  Reading reading;
  readCpus(each, *host, reading);
  readMemory(each, *host, reading);
  readHardwareVersion(each, *host, reading);
  readPool(each, *host, reading);
  readCount(each, *host, reading);
  if (!reading.obstacles.empty()) {
    each.fail(object, reading.property,
              fmt::format("{} needs {}", each.machine.name, joined(reading.obstacles, "; ")), wanted);
  } else if (!reading.unknowns.empty()) {
    each.unknown(object, "capability", joined(reading.unknowns, "; "), wanted);
  } else {
    each.pass(object, "capability", fmt::format("{}: {}", each.machine.name, joined(reading.evidence)));
  }
}

// ---------------------------------------------------------------------------------------------- NEW-NETWORK

namespace {

// The networks of a host, by the name that a plan has: its own, its inventory path, or switch and name.
struct Networks {
  std::vector<const Network*> found;
  std::vector<std::string> names;
  std::size_t hidden = 0;
};

Networks networksOf(const MachineInWorld& each, const Host& host, const std::string& wanted) {
  Networks networks;
  for (const vsphere::Moref& ref : host.networks) {
    const auto* network = each.world.inventory().find<Network>(ref);
    if (network == nullptr) {
      ++networks.hidden;
      continue;
    }
    if (!network->uplink.value_or(false)) networks.names.push_back(network->name);
    const std::string bySwitch = network->dvsName.value_or("") + "/" + network->name;
    if (network->name == wanted || network->inventoryPath == wanted || bySwitch == wanted)
      networks.found.push_back(network);
  }
  return networks;
}

// The plan's mapping, or the name that the source had.
const std::string& homeNetwork(const MachineInWorld& each, const SourceNic& nic) {
  const auto& mapping = each.machine.plan->home.networks;
  const auto mapped = mapping.find(nic.network);
  return mapped == mapping.end() ? nic.network : mapped->second;
}

std::string networkText(const Network& network) {
  if (network.kind != "distributed") return fmt::format("{} ({})", network.name, network.kind);
  return fmt::format("{} (distributed, key {}, switch {})", network.name,
                     network.portgroupKey.value_or("not known"),
                     network.dvsName.value_or(network.dvsUuid.value_or("not known")));
}

void judgeNetwork(const MachineCase& each, const ObjectName& object, const Network& network,
                  const Host& host) {
  constexpr const char* path = "config.distributedVirtualSwitch";
  const std::string text = networkText(network);
  const bool distributed = network.kind == "distributed";
  if (network.uplink.value_or(false)) {
    each.fail(object, "config.uplink", fmt::format("{} is a port group of uplinks", text),
              "a network for VMs");
  } else if (network.accessible && !*network.accessible) {
    each.fail(object, "summary.accessible", fmt::format("{} is not accessible", text),
              "an accessible network");
  } else if (distributed && !each.world.inventory().vcenter.about.isVCenter() &&
             network.portBinding.value_or("") != "ephemeral") {
    each.fail(object, "config.type",
              fmt::format("{} has {} ports, and this ESXi host is asked without its vCenter", text,
                          network.portBinding.value_or("static")),
              "an ephemeral or a standard port group");
  } else if (distributed && (!network.portgroupKey || !network.dvsUuid)) {
    each.unknown(object, path, fmt::format("the key or the switch of {} could not be read", network.name),
                 "port group key and switch");
  } else {
    each.pass(object, "host.network", fmt::format("{} on {}", text, host.name));
  }
}

void judgeAdapter(const MachineCase& each, std::size_t index, const Host& host) {
  const SourceNic& nic = each.machine.plan->source.nics[index];
  const std::string& wanted = homeNetwork(each, nic);
  ObjectName object{"network", wanted, "",
                    fmt::format("{}/source/nics/{}/network", each.machine.pointer, index)};
  const std::string say = fmt::format("{} on {}", wanted, host.name);
  if (wanted.empty()) {
    each.fail(object, "source.nics.network", fmt::format("the plan names no network for {}", nic.id),
              "a network")
        .remedy = fmt::format("Name the network of {} in the plan.", nic.id);
    return;
  }
  const Networks networks = networksOf(each, host, wanted);
  if (networks.found.size() == 1) {
    judgeNetwork(each, each.world.nameOf("network", *networks.found.front()), *networks.found.front(), host);
    return;
  }
  if (networks.found.size() > 1) {
    std::vector<std::string> words;
    words.reserve(networks.found.size());
    for (const Network* network : networks.found) words.push_back(networkText(*network));
    each.fail(
            object, "host.network",
            fmt::format("{} networks of {} have the name: {}", words.size(), host.name, joined(words, "; ")),
            say)
        .remedy = "Name one of them in home.networks by its inventory path.";
    return;
  }
  std::string why = unread(each.world, host.ref, "network");
  if (why.empty() && networks.hidden > 0)
    why = fmt::format("{} of {} can't be seen with this account", counted(networks.hidden, "network"),
                      host.name);
  if (!why.empty()) {
    each.unknown(object, "host.network", why, say);
  } else {
    each.fail(object, "host.network",
              fmt::format("{} has no network {}; it has {}", host.name, wanted,
                          networks.names.empty() ? "none" : someOf(networks.names)),
              say)
        .remedy = fmt::format("Map {} in home.networks to a network that {} has.", nic.network, host.name);
  }
}

}  // namespace

const Network* chosenNetwork(const MachineInWorld& each, const SourceNic& nic) {
  const Host* host = hostOf(each);
  if (host == nullptr) return nullptr;
  const Networks networks = networksOf(each, *host, homeNetwork(each, nic));
  return networks.found.size() == 1 ? networks.found.front() : nullptr;
}

void network(const MachineCase& each) {
  const Host* host = hostOf(each);
  const std::size_t count = each.machine.plan->source.nics.size();
  if (count == 0) {
    each.pass(each.world.placeInPlan(each.machine.pointer + "/source/nics", each.machine.name), "source.nics",
              "no network adapters");
    return;
  }
  if (host == nullptr) {
    each.unknown(
        each.world.placeInPlan(each.machine.pointer + "/masterTarget", each.machine.plan->masterTarget),
        "host.network", hostUnseen(each));
    return;
  }
  for (std::size_t i = 0; i < count; ++i) judgeAdapter(each, i, *host);
}

// ----------------------------------------------------------------------------------------------- NEW-CONFIG

void config(const MachineCase& each) {
  constexpr const char* property = "CheckVmConfig_Task";
  constexpr const char* wanted = "no objection";
  const ObjectName object = each.world.nameOf(each.machine);
  if (each.machine.made != nullptr) {
    each.pass(object, property, fmt::format("{} is made already", each.machine.made->name));
    return;
  }
  const Facts& facts = each.world.facts();
  const auto asked = facts.newVmOf.find(each.machine.plan->id);
  if (asked == facts.newVmOf.end()) {
    // Where it can't be told what would be made, the other rules say what is missing.
    if (!facts.newVmVerdicts.empty())
      each.unknown(object, property, "vCenter was not asked: the calls of this check were used for others")
          .severity = Severity::info;
    return;
  }
  const auto& answer = facts.newVmVerdicts.at(asked->second);
  if (!answer.answer) {
    each.unknown(object, property, answer.why, wanted);
    return;
  }
  const std::optional<vsphere::ConfigVerdict>& verdict = *answer.answer;
  if (!verdict) return;  // this server can't be asked
  for (const vsphere::Error& error : verdict->errors) each.fail(object, property, errorText(error), wanted);
  for (const vsphere::Error& error : verdict->warnings)
    each.fail(object, property, errorText(error), wanted).severity = Severity::warn;
  if (!verdict->errors.empty() || !verdict->warnings.empty()) return;
  each.pass(
      object, property,
      asked->second == asked->first
          ? "vCenter has no objection to the VM that would be made"
          : fmt::format("vCenter has no objection to that of {}, which is of the same shape", asked->second));
}

}  // namespace failback::provisioning::creation
