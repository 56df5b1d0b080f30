// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "provisioning/check/disk_match.h"
#include "provisioning/check/judges_creation.h"
#include "provisioning/check/world.h"
#include "provisioning/plan/document.h"
#include "provisioning/plan/identity.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {

using discovery::equalIgnoringCase;
using vsphere::VirtualMachine;

// Finds the plan's objects in the inventory.
class World::Finder {
 public:
  explicit Finder(World& world) : world_(world), inventory_(world.facts_.inventory), paths_(inventory_) {}

  void find() {
    for (const vsphere::Unreadable& each : inventory_.unreadable) index_->holes.emplace(each.object, &each);
    for (const VirtualMachine& vm : inventory_.all<VirtualMachine>()) {
      indexDisks(vm);
      if (vm.instanceUuid) byInstance_.emplace(vsphere::normaliseUuid(*vm.instanceUuid), &vm);
      if (vm.biosUuid) byBios_.emplace(vsphere::normaliseUuid(*vm.biosUuid), &vm);
    }
    world_.index_ = index_;
    // Machines point to targets: no target may move any more.
    world_.targets_.reserve(world_.plan_.masterTargets.size());
    for (std::size_t i = 0; i < world_.plan_.masterTargets.size(); ++i) target(i);
    world_.machines_.reserve(world_.plan_.machines.size());
    for (std::size_t i = 0; i < world_.plan_.machines.size(); ++i) machine(i);
  }

 private:
  void indexDisks(const VirtualMachine& vm) {
    for (const vsphere::Disk& disk : vm.disks) {
      if (disk.uuid) index_->uuids.emplace(vsphere::normaliseUuid(*disk.uuid), DiskUser{&vm, &disk, 0});
      for (std::size_t link = 0; link < disk.chain.size(); ++link)
        index_->files.emplace(world_.fileKey(disk.chain[link].path, vm), DiskUser{&vm, &disk, link});
    }
  }

  // By instance UUID; where none has that, by BIOS UUID.
  std::vector<const VirtualMachine*> search(const std::string& instance, const std::string& bios,
                                            std::string& foundBy) const {
    std::vector<const VirtualMachine*> found;
    const auto collect = [&](const std::string& uuid, const ByUuid& index) {
      if (uuid.empty() || !found.empty()) return;
      const auto [begin, end] = index.equal_range(vsphere::normaliseUuid(uuid));
      for (auto each = begin; each != end; ++each) found.push_back(each->second);
    };
    collect(instance, byInstance_);
    foundBy = "config.instanceUuid";
    if (found.empty() && !bios.empty()) {
      collect(bios, byBios_);
      if (!found.empty() || instance.empty()) foundBy = "config.uuid";
    }
    std::sort(found.begin(), found.end(), [](const auto* a, const auto* b) { return a->ref < b->ref; });
    return found;
  }

  void target(std::size_t index) {
    TargetView& view = world_.targets_.emplace_back();
    view.plan = &world_.plan_.masterTargets[index];
    view.pointer = below("/masterTargets", index);
    view.found = search(view.plan->instanceUuid, view.plan->biosUuid, view.foundBy);
    if (view.found.size() != 1) return;
    view.vm = view.found.front();
    view.host = inventory_.find<vsphere::Host>(view.vm->host);
    if (view.host != nullptr) view.cluster = inventory_.find<vsphere::Cluster>(view.host->parent);
  }

  void machine(std::size_t index) {
    MachineView& view = world_.machines_.emplace_back();
    view.plan = &world_.plan_.machines[index];
    view.pointer = below("/machines", index);
    const Source& source = view.plan->source;
    view.name = view.plan->home.name.empty() ? source.name : view.plan->home.name;
    for (const TargetView& each : world_.targets_) {
      if (equalIgnoringCase(each.plan->name, view.plan->masterTarget)) view.target = &each;
    }
    view.made = made(*view.plan);
    // A physical machine's VM is never used again (rule PLAN-PHYSICAL).
    if (source.kind == SourceKind::virtualMachine)
      view.found = search(source.instanceUuid, source.biosUuid, view.foundBy);
    // It may bear the BIOS UUID of the source.
    std::erase(view.found, view.made);
    // From then on it is the machine; before, it only is what need not be made again.
    if (view.made != nullptr && world_.phase_ != Phase::reprotect) {
      view.found.push_back(view.made);
      if (view.found.size() == 1) view.foundBy = "config.extraConfig[\"failback.machine\"]";
    }
    if (view.found.size() == 1) view.vm = view.found.front();
    view.folder = folder(view);
    if (view.found.empty() && view.made == nullptr) adopt(view);
    disks(view);
    view.datastore = datastore(view);
    view.pool = pool(view);
  }

  // Registered anew it has another instance UUID: what has its name in its folder is the machine where the
  // plan says so, and its disks prove it.
  void adopt(MachineView& view) const {
    const Machine& plan = *view.plan;
    if (plan.home.onNameClash != NameClash::adopt || plan.source.kind != SourceKind::virtualMachine) return;
    // From then on it bears the mark.
    const auto& all = inventory_.all<VirtualMachine>();
    const auto marked = std::find_if(all.begin(), all.end(),
                                     [&](const VirtualMachine& vm) { return world_.isOurs(vm, plan); });
    if (marked != all.end()) {
      view.found = {&*marked};
      view.foundBy = "config.extraConfig[\"failback.machine\"]";
    } else {
      const auto holders = creation::holdersOf({world_, view}, view.name);
      if (holders.size() != 1 || holders.front().vm == nullptr) return;
      if (creation::proofOfSame(*holders.front().vm, plan).empty()) return;
      view.found = {holders.front().vm};
      view.foundBy = "name, and the UUIDs of its disks";
    }
    view.vm = view.found.front();
  }

  const VirtualMachine* made(const Machine& machine) const {
    const auto& all = inventory_.all<VirtualMachine>();
    const auto found = std::find_if(all.begin(), all.end(), [&](const VirtualMachine& vm) {
      return vm.extraConfig.contains(std::string(markCreated)) && world_.isOurs(vm, machine);
    });
    if (found != all.end()) return &*found;
    // Marks are read of whole VMs only. Until then the UUID that was chosen for it says enough.
    const auto [begin, end] =
        byInstance_.equal_range(vsphere::normaliseUuid(derivedInstanceUuid(world_.plan_, machine)));
    const auto chosen =
        std::find_if(begin, end, [&](const auto& each) { return !world_.facts_.isWhole(each.second->ref); });
    return chosen == end ? nullptr : chosen->second;
  }

  void disks(MachineView& view) {
    const std::vector<SourceDisk>& planned = view.plan->source.disks;
    view.disks.reserve(planned.size());
    for (std::size_t i = 0; i < planned.size(); ++i)
      view.disks.push_back({&planned[i], below(below(view.pointer, "source") + "/disks", i), nullptr});
    if (view.vm == nullptr) return;
    const auto devices = matchDisks(world_.plan_, *view.plan, *view.vm, view.vm == view.made);
    for (std::size_t i = 0; i < planned.size(); ++i) view.disks[i].device = devices[i];
    for (const vsphere::Disk& each : view.vm->disks) {
      if (!isTaken(view, each)) view.otherDisks.push_back(&each);
    }
  }

  static bool isTaken(const MachineView& view, const vsphere::Disk& disk) {
    return std::any_of(view.disks.begin(), view.disks.end(),
                       [&](const DiskView& each) { return each.device == &disk; });
  }

  // The master target's host has one of that name at most.
  const vsphere::Datastore* datastore(const MachineView& view) const {
    const std::string& wanted = view.plan->home.datastore;
    std::vector<const vsphere::Datastore*> found;
    for (const vsphere::Datastore& each : inventory_.all<vsphere::Datastore>()) {
      if (each.name == wanted || each.inventoryPath == wanted) found.push_back(&each);
    }
    if (found.size() <= 1) return found.empty() ? nullptr : found.front();
    const auto narrow = [&](const auto& fits) -> const vsphere::Datastore* {
      if (std::count_if(found.begin(), found.end(), fits) != 1) return nullptr;
      return *std::find_if(found.begin(), found.end(), fits);
    };
    if (view.target == nullptr || view.target->host == nullptr) return nullptr;
    const vsphere::Host& host = *view.target->host;
    const auto* mounted = narrow([&](const vsphere::Datastore* each) {
      return std::find(host.datastores.begin(), host.datastores.end(), each->ref) != host.datastores.end();
    });
    if (mounted != nullptr) return mounted;
    const auto datacenter = paths_.datacenterOf(host);
    return narrow([&](const vsphere::Datastore* each) { return paths_.datacenterOf(*each) == datacenter; });
  }

  const vsphere::Folder* folder(const MachineView& view) const {
    const std::string& wanted = view.plan->home.folder;
    if (!wanted.empty()) {
      const auto& all = inventory_.all<vsphere::Folder>();
      const auto found = std::find_if(all.begin(), all.end(), [&](const vsphere::Folder& each) {
        return equalIgnoringCase(each.inventoryPath, wanted);
      });
      return found == all.end() ? nullptr : &*found;
    }
    if (view.vm != nullptr) return inventory_.find<vsphere::Folder>(view.vm->parent);
    if (view.target == nullptr || view.target->vm == nullptr) return nullptr;
    const auto* datacenter = inventory_.find<vsphere::Datacenter>(paths_.datacenterOf(*view.target->vm));
    return datacenter == nullptr ? nullptr : inventory_.find<vsphere::Folder>(datacenter->vmFolder);
  }

  const vsphere::ResourcePool* pool(const MachineView& view) const {
    const std::string& wanted = view.plan->home.resourcePool;
    if (wanted.empty()) {
      if (view.target == nullptr || view.target->vm == nullptr) return nullptr;
      return inventory_.find<vsphere::ResourcePool>(view.target->vm->resourcePool);
    }
    const auto& all = inventory_.all<vsphere::ResourcePool>();
    const auto found = std::find_if(all.begin(), all.end(), [&](const vsphere::ResourcePool& each) {
      return equalIgnoringCase(each.inventoryPath, wanted);
    });
    return found == all.end() ? nullptr : &*found;
  }

  using ByUuid = std::unordered_multimap<std::string, const VirtualMachine*>;

  World& world_;
  const discovery::Inventory& inventory_;
  discovery::InventoryPaths paths_;
  std::shared_ptr<Index> index_ = std::make_shared<Index>();
  ByUuid byInstance_, byBios_;
};

const CheckPolicy& World::noPolicy() {
  static const CheckPolicy none;
  return none;
}

World::World(const Plan& plan, const Facts& facts, Phase phase, const CheckPolicy& policy)
    : plan_(plan), facts_(facts), phase_(phase), policy_(policy) {
  Finder(*this).find();
}

}  // namespace failback::provisioning
