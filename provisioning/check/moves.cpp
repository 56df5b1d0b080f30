// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/moves.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace failback::provisioning {

using vsphere::VirtualMachine;

namespace {

// Each VM whose disks must stay where they are.
std::vector<const VirtualMachine*> heldVms(const World& world) {
  std::vector<const VirtualMachine*> vms;
  for (const TargetView& target : world.targets()) {
    if (target.vm != nullptr) vms.push_back(target.vm);
  }
  for (const MachineView& machine : world.machines()) {
    const VirtualMachine* vm = machine.vm != nullptr ? machine.vm : machine.made;
    if (vm != nullptr) vms.push_back(vm);
  }
  return vms;
}

bool moves(const vsphere::DrsOverride* own, const std::optional<bool>& enabled,
           const std::optional<std::string>& common, std::string_view moving) {
  if (!enabled.value_or(true) || (own != nullptr && own->enabled && !*own->enabled)) return false;
  return (own != nullptr && own->behavior ? *own->behavior : common.value_or(std::string(moving))) == moving;
}

std::set<vsphere::Moref> datastoresOf(const World& world, const TargetView& target) {
  std::set<vsphere::Moref> refs(target.vm->datastores.begin(), target.vm->datastores.end());
  for (const MachineView* machine : world.machinesOf(target)) {
    if (machine->vm == nullptr) {
      if (machine->datastore != nullptr) refs.insert(machine->datastore->ref);
      continue;
    }
    for (const DiskView& disk : machine->disks) {
      if (disk.device == nullptr) continue;
      for (const vsphere::DiskFile& file : disk.device->chain) {
        if (file.datastore) refs.insert(*file.datastore);
      }
    }
  }
  return refs;
}

// Hosts to which a mandatory rule binds it; all hosts without one.
std::vector<vsphere::Moref> hostsItMayRunOn(const vsphere::Cluster& cluster, const vsphere::Moref& vm) {
  const auto group = [&](const std::string& name) -> const vsphere::ClusterGroup* {
    const auto found = std::find_if(cluster.groups.begin(), cluster.groups.end(),
                                    [&](const vsphere::ClusterGroup& each) { return each.name == name; });
    return found == cluster.groups.end() ? nullptr : &*found;
  };
  std::vector<vsphere::Moref> hosts = cluster.hosts;
  for (const vsphere::DrsRule& rule : cluster.rules) {
    const auto* vms = rule.enabled && rule.mandatory.value_or(false) ? group(rule.vmGroup) : nullptr;
    if (vms == nullptr || std::find(vms->vms.begin(), vms->vms.end(), vm) == vms->vms.end()) continue;
    const auto* bound = group(rule.affineHostGroup);
    const auto* barred = group(rule.antiAffineHostGroup);
    const auto contains = [](const vsphere::ClusterGroup& each, const vsphere::Moref& host) {
      return std::find(each.hosts.begin(), each.hosts.end(), host) != each.hosts.end();
    };
    std::erase_if(hosts, [&](const vsphere::Moref& host) {
      return (bound != nullptr && !contains(*bound, host)) || (barred != nullptr && contains(*barred, host));
    });
  }
  return hosts;
}

}  // namespace

const vsphere::StoragePod* podOf(const World& world, const vsphere::Moref& datastore) {
  const auto* found = world.inventory().find<vsphere::Datastore>(datastore);
  return found == nullptr ? nullptr : world.inventory().find<vsphere::StoragePod>(found->storagePod);
}

std::map<vsphere::Moref, std::vector<const VirtualMachine*>> heldVmsByPod(const World& world) {
  std::map<vsphere::Moref, std::vector<const VirtualMachine*>> held;
  for (const VirtualMachine* vm : heldVms(world)) {
    std::set<vsphere::Moref> pods;
    for (const vsphere::Moref& datastore : vm->datastores) {
      if (const vsphere::StoragePod* pod = podOf(world, datastore)) pods.insert(pod->ref);
    }
    for (const vsphere::Moref& pod : pods) held[pod].push_back(vm);
  }
  return held;
}

const vsphere::DrsOverride* overrideOf(const std::vector<vsphere::DrsOverride>& overrides,
                                       const vsphere::Moref& vm) {
  const auto found = std::find_if(overrides.begin(), overrides.end(),
                                  [&](const vsphere::DrsOverride& each) { return each.vm == vm; });
  return found == overrides.end() ? nullptr : &*found;
}

bool storageDrsMoves(const vsphere::StoragePod& pod, const vsphere::Moref& vm) {
  return moves(overrideOf(pod.sdrsOverrides, vm), pod.sdrsEnabled, pod.sdrsDefaultBehavior, "automated");
}

bool drsMoves(const vsphere::Cluster& cluster, const vsphere::Moref& vm) {
  return moves(overrideOf(cluster.drsOverrides, vm), cluster.drsEnabled, cluster.drsDefaultBehavior,
               "fullyAutomated");
}

std::vector<std::string> vmotionObstacles(const World& world, const TargetView& target,
                                          const vsphere::Cluster& cluster) {
  std::vector<std::string> obstacles;
  for (const vsphere::Moref& host : hostsItMayRunOn(cluster, target.vm->ref)) {
    const vsphere::Entity* entity = world.inventory().entity(host);
    for (const vsphere::Moref& ref : datastoresOf(world, target)) {
      const auto* datastore = world.inventory().find<vsphere::Datastore>(ref);
      if (datastore == nullptr) continue;
      const Mount mount = mountOn(*datastore, host);
      // What is wrong with the datastore itself is told by others.
      if (mount.known && !mount.obstacle.empty() && mount.property.starts_with("host."))
        obstacles.push_back(
            fmt::format("{} on {}", mount.obstacle, entity != nullptr ? entity->name : host.value));
    }
  }
  return obstacles;
}

}  // namespace failback::provisioning
