// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/needs.h"

#include <algorithm>
#include <map>
#include <set>

#include "provisioning/privilege.h"

namespace failback::provisioning {
namespace {

// Words of the table's column `on`.
constexpr std::string_view masterTarget = "master target", homeVm = "home VM", folder = "folder",
                           resourcePool = "resource pool", datastore = "datastore", network = "network";

class Collector {
 public:
  explicit Collector(const World& world) : world_(world) {}

  std::vector<ObjectNeeds> collect() {
    for (const MachineView& machine : world_.machines()) add(machine);
    std::vector<ObjectNeeds> result;
    result.reserve(needs_.size());
    for (auto& [ref, needs] : needs_) result.push_back(std::move(needs));
    std::sort(result.begin(), result.end(), [](const ObjectNeeds& a, const ObjectNeeds& b) {
      return std::tie(a.name.kind, a.name.path, a.entity) < std::tie(b.name.kind, b.name.path, b.entity);
    });
    return result;
  }

 private:
  void add(const MachineView& machine) {
    if (machine.found.size() > 1) return;
    const Purpose purpose = machine.mustBeCreated() ? Purpose::alr : Purpose::olr;
    for (const Privilege& privilege : privileges()) {
      if (isWanted(privilege, purpose, machine)) place(privilege, machine);
    }
  }

  // What is needed now and then only counts when this very plan asks for it.
  bool isWanted(const Privilege& privilege, Purpose purpose, const MachineView& machine) const {
    const Necessity need = privilege.necessity(purpose);
    if (privilege.id.starts_with("System.") || need == Necessity::none) return false;
    if (!inPhase(privilege.id)) return false;
    const Plan& plan = world_.plan();
    const Consents& consents = machine.plan->consents;
    if (privilege.id == "VirtualMachine.State.RemoveSnapshot")
      return consents.mergeSnapshots || plan.policy.safetySnapshot;
    if (privilege.id == "VirtualMachine.Interact.PowerOff" && world_.phase() == Phase::reprotect)
      return consents.powerOff;
    if (need == Necessity::needed) return true;
    if (privilege.id == "VirtualMachine.Config.DiskExtend") return consents.extendDisks;
    if (privilege.id == "VirtualMachine.Config.RawDevice") return hasRdm(*machine.plan);
    if (privilege.id == "VirtualMachine.Config.ManagedBy") return !plan.policy.managedBy.empty();
    if (privilege.id == "VirtualMachine.Config.Rename")
      return machine.plan->home.onNameClash == NameClash::renameExisting;
    if (privilege.id == "VirtualMachine.Config.ChangeTracking")
      return machine.vm != nullptr && machine.vm->changeTrackingEnabled.value_or(false);
    if (privilege.id == "VirtualMachine.State.CreateSnapshot" ||
        privilege.id == "VirtualMachine.State.RevertToSnapshot")
      return plan.policy.safetySnapshot;
    return false;
  }

  // At failback nothing is created; a cancel takes back what was done, and creates nothing either.
  bool inPhase(std::string_view id) const {
    if (world_.phase() == Phase::reprotect) return true;
    return id != "VirtualMachine.Inventory.Create" && id != "VirtualMachine.Config.AddNewDisk" &&
           id != "Datastore.AllocateSpace" && id != "Resource.AssignVMToPool" &&
           id != "VirtualMachine.Config.DiskExtend";
  }

  static bool hasRdm(const Machine& machine) {
    return std::any_of(machine.source.disks.begin(), machine.source.disks.end(),
                       [](const SourceDisk& disk) { return disk.kind == DiskKind::rdm; });
  }

  void place(const Privilege& privilege, const MachineView& machine) {
    const auto isOn = [&](std::string_view kind) {
      return privilege.on.find(kind) != std::string_view::npos;
    };
    if (isOn(masterTarget) && machine.target != nullptr && machine.target->vm != nullptr)
      need(masterTarget, *machine.target->vm, privilege.id);
    if (isOn(homeVm)) {
      if (machine.vm != nullptr)
        need(homeVm, *machine.vm, privilege.id);
      else if (machine.folder != nullptr)  // where it will be: it inherits from there
        need(folder, *machine.folder, privilege.id);
    }
    if (isOn(folder) && machine.folder != nullptr) need(folder, *machine.folder, privilege.id);
    if (isOn(resourcePool) && machine.pool != nullptr) need(resourcePool, *machine.pool, privilege.id);
    if (isOn(datastore)) datastores(privilege.id, machine);
    if (isOn(network)) networks(privilege.id, machine);
  }

  void datastores(std::string_view id, const MachineView& machine) {
    if (machine.vm == nullptr) {
      if (machine.datastore != nullptr) need(datastore, *machine.datastore, id);
      return;
    }
    for (const DiskView& disk : machine.disks) {
      if (disk.device == nullptr) continue;
      for (const vsphere::DiskFile& file : disk.device->chain) {
        if (const auto* found = world_.inventory().find<vsphere::Datastore>(file.datastore))
          need(datastore, *found, id);
      }
    }
  }

  void networks(std::string_view id, const MachineView& machine) {
    std::set<vsphere::Moref> refs;
    if (machine.vm != nullptr) {
      refs.insert(machine.vm->networks.begin(), machine.vm->networks.end());
    } else if (machine.target != nullptr && machine.target->host != nullptr) {
      for (const vsphere::Moref& ref : machine.target->host->networks) {
        const auto* each = world_.inventory().find<vsphere::Network>(ref);
        if (each != nullptr && isPlanned(*each, *machine.plan)) refs.insert(ref);
      }
    }
    for (const vsphere::Moref& ref : refs) {
      if (const auto* each = world_.inventory().find<vsphere::Network>(ref)) need(network, *each, id);
    }
  }

  static bool isPlanned(const vsphere::Network& object, const Machine& machine) {
    return std::any_of(machine.source.nics.begin(), machine.source.nics.end(), [&](const SourceNic& nic) {
      const auto mapped = machine.home.networks.find(nic.network);
      return object.name == (mapped == machine.home.networks.end() ? nic.network : mapped->second);
    });
  }

  void need(std::string_view kind, const vsphere::Entity& object, std::string_view id) {
    ObjectNeeds& needs = needs_[object.ref];
    if (needs.privileges.empty()) {
      needs.entity = object.ref;
      needs.name = world_.nameOf(kind, object);
    }
    if (std::find(needs.privileges.begin(), needs.privileges.end(), id) == needs.privileges.end())
      needs.privileges.push_back(id);
  }

  const World& world_;
  std::map<vsphere::Moref, ObjectNeeds> needs_;
};

}  // namespace

std::vector<ObjectNeeds> needsOf(const World& world) {
  return Collector(world).collect();
}

std::vector<std::string> idsOf(const std::vector<ObjectNeeds>& needs) {
  std::set<std::string> ids = {"System.Read"};
  for (const ObjectNeeds& each : needs) ids.insert(each.privileges.begin(), each.privileges.end());
  return {ids.begin(), ids.end()};
}

}  // namespace failback::provisioning
