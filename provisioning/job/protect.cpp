// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/protect.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "provisioning/check/creation.h"
#include "provisioning/check/moves.h"
#include "provisioning/plan/identity.h"

namespace failback::provisioning {

using vsphere::DrsOverride;
using vsphere::Moref;
using vsphere::OverrideAct;
using vsphere::VirtualMachine;
using Json = nlohmann::ordered_json;

namespace {

std::optional<DrsOverride> copyOf(const DrsOverride* present) {
  return present == nullptr ? std::nullopt : std::optional(*present);
}

template <class T>
const T* findIn(const std::vector<T>& objects, const Moref& ref) {
  const auto found =
      std::find_if(objects.begin(), objects.end(), [&](const T& each) { return each.ref == ref; });
  return found == objects.end() ? nullptr : &*found;
}

// Nothing that is read of it could be put back when it is not read whole.
std::string unreadText(std::string_view what, const std::string& name) {
  return fmt::format("the settings of the {} {} can't be read: what it moves by itself is not held", what,
                     name);
}

void ofPod(const vsphere::StoragePod& pod, const std::vector<const VirtualMachine*>& vms,
           WantedLeases& wanted) {
  Leases leases{pod.ref, pod.name, {}};
  leases.overrides.reserve(vms.size());
  for (const VirtualMachine* vm : vms) {
    if (storageDrsMoves(pod, vm->ref))
      leases.overrides.push_back({vm->ref, vm->name, copyOf(overrideOf(pod.sdrsOverrides, vm->ref))});
  }
  if (leases.overrides.empty()) return;
  if (!pod.sdrsEnabled) {
    wanted.obstacles.push_back(unreadText("datastore cluster", pod.name));
  } else {
    wanted.leases.push_back(std::move(leases));
  }
}

std::map<Moref, Leases> drsLeases(const World& world, const Movers& now, WantedLeases& wanted) {
  std::map<Moref, Leases> found;
  for (const TargetView& target : world.targets()) {
    if (target.vm == nullptr || target.cluster == nullptr || !target.cluster->isCluster) continue;
    const vsphere::Cluster* cluster = findIn(now.clusters, target.cluster->ref);
    // Where nothing can be read, the rule MT-VMOTION has said so.
    if (cluster == nullptr || !cluster->drsEnabled || !drsMoves(*cluster, target.vm->ref)) continue;
    if (vmotionObstacles(world, target, *cluster).empty()) continue;
    if (!cluster->drsVmOverridesAllowed.value_or(true)) {
      wanted.obstacles.push_back(
          fmt::format("the cluster {} allows no overrides of single VMs: DRS may move {}", cluster->name,
                      target.vm->name));
      continue;
    }
    Leases& leases = found[cluster->ref];
    leases.object = cluster->ref;
    leases.name = cluster->name;
    leases.overrides.push_back(
        {target.vm->ref, target.vm->name, copyOf(overrideOf(cluster->drsOverrides, target.vm->ref))});
  }
  return found;
}

}  // namespace

const std::vector<DrsOverride>* Movers::overridesOf(const Moref& object) const {
  if (const auto* pod = findIn(pods, object)) return &pod->sdrsOverrides;
  if (const auto* cluster = findIn(clusters, object)) return &cluster->drsOverrides;
  return nullptr;
}

Movers moversOf(const World& world) {
  Movers movers;
  for (const auto& [ref, vms] : heldVmsByPod(world))
    movers.pods.push_back(*world.inventory().find<vsphere::StoragePod>(ref));
  for (const TargetView& target : world.targets()) {
    if (target.cluster != nullptr && findIn(movers.clusters, target.cluster->ref) == nullptr)
      movers.clusters.push_back(*target.cluster);
  }
  return movers;
}

WantedLeases wantedLeases(const World& world, const Movers& now) {
  WantedLeases wanted;
  for (const auto& [ref, vms] : heldVmsByPod(world)) {
    if (const vsphere::StoragePod* pod = findIn(now.pods, ref)) ofPod(*pod, vms, wanted);
  }
  for (auto& [ref, leases] : drsLeases(world, now, wanted)) wanted.leases.push_back(std::move(leases));
  return wanted;
}

WantedLeases wantedAfterwards(const World& world, const std::vector<MachineResult>& machines) {
  // By pod: VMs that have a disk there now and had none.
  std::map<Moref, std::map<Moref, VirtualMachine>> now;
  const auto held = heldVmsByPod(world);
  const auto add = [&](const Moref& pod, const Moref& ref, const std::string& name) {
    const auto before = held.find(pod);
    const bool known =
        before != held.end() && std::any_of(before->second.begin(), before->second.end(),
                                            [&](const VirtualMachine* each) { return each->ref == ref; });
    if (known) return;
    VirtualMachine& vm = now[pod][ref];
    vm.ref = ref;
    vm.name = name;
  };
  for (const MachineView& machine : world.machines()) {
    const auto result = std::find_if(machines.begin(), machines.end(), [&](const MachineResult& each) {
      return each.id == machine.plan->id && each.state == "protected";
    });
    if (result == machines.end() || machine.target == nullptr || machine.target->vm == nullptr) continue;
    const VirtualMachine* vm = machine.vm != nullptr ? machine.vm : machine.made;
    std::set<Moref> datastores;
    if (vm != nullptr) {
      datastores.insert(vm->datastores.begin(), vm->datastores.end());
    } else if (const auto creation = creationOf(world, machine)) {
      datastores.insert(creation->datastore->ref);
    }
    for (const Moref& datastore : datastores) {
      const vsphere::StoragePod* pod = podOf(world, datastore);
      if (pod == nullptr) continue;
      add(pod->ref, {"VirtualMachine", result->vmMoref, ""}, result->vmName);
      add(pod->ref, machine.target->vm->ref, machine.target->vm->name);
    }
  }
  WantedLeases wanted;
  for (const auto& [ref, vms] : now) {
    std::vector<const VirtualMachine*> list;
    list.reserve(vms.size());
    for (const auto& [vm, value] : vms) list.push_back(&value);
    ofPod(*world.inventory().find<vsphere::StoragePod>(ref), list, wanted);
  }
  return wanted;
}

// ------------------------------------------------------------------------------------------------ the
// journal

namespace {

template <class T>
void put(Json& json, const char* name, const std::optional<T>& value) {
  if (value) json[name] = *value;
}

Moref refFrom(const std::string& text) {
  const std::size_t colon = text.find(':');
  return colon == std::string::npos ? Moref{} : Moref{text.substr(0, colon), text.substr(colon + 1), ""};
}

OverrideLease leaseFrom(const Json& json) {
  OverrideLease lease{refFrom(json.value("vm", "")), json.value("name", ""), std::nullopt};
  if (!json.contains("was") || !json["was"].is_object()) return lease;
  const Json& was = json["was"];
  DrsOverride& before = lease.was.emplace();
  before.vm = lease.vm;
  if (was.contains("enabled")) before.enabled = was["enabled"].get<bool>();
  if (was.contains("behavior")) before.behavior = was["behavior"].get<std::string>();
  if (was.contains("intraVmAffinity")) before.intraVmAffinity = was["intraVmAffinity"].get<bool>();
  return lease;
}

}  // namespace

std::string leasesJson(const Leases& leases) {
  Json json{{"name", leases.name}, {"overrides", Json::array()}};
  for (const OverrideLease& each : leases.overrides) {
    Json was;  // null: there was none
    if (each.was) {
      was = Json::object();
      put(was, "enabled", each.was->enabled);
      put(was, "behavior", each.was->behavior);
      put(was, "intraVmAffinity", each.was->intraVmAffinity);
    }
    json["overrides"].push_back({{"vm", each.vm.str()}, {"name", each.name}, {"was", std::move(was)}});
  }
  return json.dump();
}

std::vector<Leases> heldLeases(const std::vector<StoredStep>& steps) {
  std::map<Moref, std::map<Moref, OverrideLease>> held;
  std::map<Moref, std::string> names;
  for (const StoredStep& step : steps) {
    const bool set = step.step == toString(StepKind::protect);
    const bool back = step.step == toString(StepKind::unprotect);
    // What failed was not done; what became of the others shows in what is there.
    if (!(set && step.state != "failed") && !(back && step.state == "done")) continue;
    const Json json = Json::parse(step.before, nullptr, false);
    if (!json.is_object() || !json.contains("overrides")) continue;
    const Moref object = refFrom(step.object);
    names[object] = json.value("name", "");
    for (const Json& each : json["overrides"]) {
      OverrideLease lease = leaseFrom(each);
      if (set) {
        const Moref vm = lease.vm;
        held[object].insert_or_assign(vm, std::move(lease));
      } else {
        held[object].erase(lease.vm);
      }
    }
  }
  std::vector<Leases> result;
  result.reserve(held.size());
  for (auto& [object, overrides] : held) {
    if (overrides.empty()) continue;
    Leases& leases = result.emplace_back(Leases{object, names[object], {}});
    leases.overrides.reserve(overrides.size());
    for (auto& [vm, lease] : overrides) leases.overrides.push_back(std::move(lease));
  }
  return result;
}

// --------------------------------------------------------------------------------------------- setting, and
// back

namespace {

bool isAsBefore(const DrsOverride* now, const std::optional<DrsOverride>& was) {
  if (now == nullptr || !was) return now == nullptr && !was;
  return now->enabled == was->enabled && now->behavior == was->behavior &&
         now->intraVmAffinity == was->intraVmAffinity;
}

// A server may show defaults for what was left out.
bool isAsSet(const DrsOverride* now, const std::optional<DrsOverride>& was) {
  if (now == nullptr || now->enabled.value_or(true)) return false;
  if (!was) return true;
  return (!was->behavior || now->behavior == was->behavior) &&
         (!was->intraVmAffinity || now->intraVmAffinity == was->intraVmAffinity);
}

}  // namespace

GivingBack givingBack(const Leases& held, const std::vector<DrsOverride>& now) {
  GivingBack result;
  result.restore.object = held.object;
  result.restore.name = held.name;
  for (const OverrideLease& lease : held.overrides) {
    const DrsOverride* present = overrideOf(now, lease.vm);
    if (isAsBefore(present, lease.was)) continue;
    if (isAsSet(present, lease.was)) {
      result.restore.overrides.push_back(lease);
    } else {
      result.changed.push_back(lease.name);
    }
  }
  return result;
}

vsphere::StorageDrsOverrideChanges storageDrsChanges(const Leases& leases, bool back) {
  vsphere::StorageDrsOverrideChanges changes;
  changes.reserve(leases.overrides.size());
  for (const OverrideLease& each : leases.overrides) {
    vsphere::StorageDrsOverrideChange change;
    const OverrideAct without = back ? OverrideAct::remove : OverrideAct::add;
    change.act = each.was ? OverrideAct::edit : without;
    if (change.act != OverrideAct::remove) change.enabled = false;
    if (each.was) {
      if (back) change.enabled = each.was->enabled;
      change.behavior = each.was->behavior;
      change.intraVmAffinity = each.was->intraVmAffinity;
    }
    changes.emplace_back(each.vm, std::move(change));
  }
  return changes;
}

vsphere::DrsOverrideChanges drsChanges(const Leases& leases, bool back) {
  vsphere::DrsOverrideChanges changes;
  changes.reserve(leases.overrides.size());
  for (auto& [vm, change] : storageDrsChanges(leases, back))
    changes.push_back({vm, {change.act, change.enabled, change.behavior}});
  return changes;
}

std::string changesJson(const Leases& leases, bool back) {
  Json json{{"overrides", Json::array()}};
  for (const auto& [vm, change] : storageDrsChanges(leases, back)) {
    const bool add = change.act == OverrideAct::add;
    Json each{{"vm", vm.str()},
              {"operation", add                               ? "add"
                            : change.act == OverrideAct::edit ? "edit"
                                                              : "remove"}};
    put(each, "enabled", change.enabled);
    put(each, "behavior", change.behavior);
    put(each, "intraVmAffinity", change.intraVmAffinity);
    json["overrides"].push_back(std::move(each));
  }
  return json.dump();
}

std::string changeText(const Leases& leases, bool back) {
  std::vector<std::string> names;
  names.reserve(leases.overrides.size());
  for (const OverrideLease& each : leases.overrides) names.push_back(each.name);
  const std::string all = fmt::format("{}", fmt::join(names, ", "));
  if (back) return fmt::format("put back the overrides of {} in {}", all, leases.name);
  return fmt::format("override {} for {}: they stay where they are", leases.name, all);
}

std::vector<ForeseenProtection> foreseeProtection(const World& world) {
  std::vector<ForeseenProtection> foreseen;
  for (const TargetView& target : world.targets()) {
    if (target.vm == nullptr || world.machinesOf(target).empty()) continue;
    if (target.vm->extraConfig.contains(lockMark(world.plan()))) continue;
    foreseen.push_back({StepKind::lockTarget, target.vm->ref,
                        fmt::format("lock {} for this store", target.vm->name),
                        Json{{"extraConfig", Json::array({lockMark(world.plan())})}}.dump()});
  }
  for (const Leases& each : wantedLeases(world, moversOf(world)).leases)
    foreseen.push_back({StepKind::protect, each.object, changeText(each, false), changesJson(each, false)});
  return foreseen;
}

}  // namespace failback::provisioning
