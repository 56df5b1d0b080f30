// SPDX-License-Identifier: GPL-2.0-or-later
// The plan's machines and master targets, found in what was read: the rules judge these. Pure; nothing is
// asked of a server. Holds pointers into plan, facts and policy, which must outlive it unchanged. Safe to
// read from several threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "discovery/inventory_path.h"
#include "provisioning/check/facts.h"
#include "provisioning/check/finding.h"
#include "provisioning/check/policy.h"
#include "provisioning/plan/plan.h"

namespace failback::provisioning {

// A master target of the plan.
struct TargetView {
  const MasterTarget* plan = nullptr;
  std::string pointer;  // "/masterTargets/0"
  std::string foundBy;  // "config.instanceUuid" or "config.uuid"
  std::vector<const vsphere::VirtualMachine*> found;
  // The one that was found; nullptr when there is none, or more than one.
  const vsphere::VirtualMachine* vm = nullptr;
  const vsphere::Host* host = nullptr;        // where it runs; nullptr when it can't be seen
  const vsphere::Cluster* cluster = nullptr;  // the host's compute resource
};

// A disk of the plan and the device that it is now.
struct DiskView {
  const SourceDisk* plan = nullptr;
  std::string pointer;                    // "/machines/0/source/disks/1"
  const vsphere::Disk* device = nullptr;  // of the home VM; nullptr: it has none that is this disk
};

// A machine of the plan.
struct MachineView {
  const Machine* plan = nullptr;
  std::string pointer;                 // "/machines/0"
  const TargetView* target = nullptr;  // nullptr: it names none of the plan's
  std::string foundBy;
  std::vector<const vsphere::VirtualMachine*> found;
  const vsphere::VirtualMachine* vm = nullptr;  // the home VM; nullptr when there is none, or more than one
  // The VM that an earlier run of this plan made for this machine; known by its marks.
  const vsphere::VirtualMachine* made = nullptr;
  std::vector<DiskView> disks;
  // Devices of the home VM that are none of the plan's disks.
  std::vector<const vsphere::Disk*> otherDisks;

  // Where a VM would be created. Each is nullptr when it is not there, or can't be told.
  const vsphere::Datastore* datastore = nullptr;
  const vsphere::Folder* folder = nullptr;
  const vsphere::ResourcePool* pool = nullptr;
  std::string name;  // the home VM's: the plan's, else the source's

  // There is no original: a VM has to be created (ALR), or has been (`made`).
  bool mustBeCreated() const { return found.empty(); }
};

// A disk file of some VM: where else it is used.
struct DiskUser {
  const vsphere::VirtualMachine* vm = nullptr;
  const vsphere::Disk* disk = nullptr;
  std::size_t link = 0;  // 0: attached; more: a base below a delta (index in Disk::chain)
};

class World {
 public:
  World(const Plan& plan, const Facts& facts, Phase phase, const CheckPolicy& policy = noPolicy());

  // The same world with this one machine (of ours) and its master target only, as if it came home alone. The
  // plan stays the whole one. What was found is shared, not found again.
  World alone(const MachineView& machine) const;

  const Plan& plan() const { return plan_; }
  const Facts& facts() const { return facts_; }
  const discovery::Inventory& inventory() const { return facts_.inventory; }
  Phase phase() const { return phase_; }
  const CheckPolicy& policy() const { return policy_; }
  const std::vector<TargetView>& targets() const { return targets_; }
  const std::vector<MachineView>& machines() const { return machines_; }
  // The job of this plan that has not ended; nullptr when the store knows none.
  const StoredJob* ownJob() const;
  // Jobs of other plans that have not ended.
  std::vector<const StoredJob*> otherJobs() const;
  // Machines whose plan names this master target.
  std::vector<const MachineView*> machinesOf(const TargetView& target) const;

  // Why a property of the object could not be read; nullptr when nothing says that it could not. An entry for
  // a path above or below it counts ("config" for "config.keyId"), and one for the whole object.
  const vsphere::Unreadable* hole(const vsphere::Moref& object, std::string_view path) const;
  // That, as the value of an unknown finding: "config.keyId could not be read: no permission (System.Read)".
  std::string whyUnknown(const vsphere::Moref& object, std::string_view path) const;

  // Bears the mark of this plan (and the mark is its own, not one that a clone carries); of this machine of
  // it.
  bool isOurs(const vsphere::VirtualMachine& vm) const;
  bool isOurs(const vsphere::VirtualMachine& vm, const Machine& machine) const;

  // All VMs that have this file attached, or below what they have attached. Files are compared by the
  // datastore's URL and the path on it, so that one datastore seen from two datacenters is one.
  std::vector<DiskUser> usersOfFile(const std::string& path, const vsphere::VirtualMachine& seenBy) const;
  // Two paths, each as a VM has it, to one file: their datastores are compared by URL.
  bool sameFile(const std::string& a, const vsphere::VirtualMachine& vmA, const std::string& b,
                const vsphere::VirtualMachine& vmB) const {
    return fileKey(a, vmA) == fileKey(b, vmB);
  }
  // All attached disks with this UUID.
  std::vector<DiskUser> usersOfUuid(const std::string& uuid) const;

  // How an object is called in a finding.
  ObjectName nameOf(std::string_view kind, const vsphere::Entity& object) const;
  ObjectName nameOf(const TargetView& target) const;    // "master target"
  ObjectName nameOf(const MachineView& machine) const;  // "home VM"; a place in the plan when there is none
  ObjectName placeInPlan(std::string_view pointer, std::string_view name) const;

  // "no permission (Datastore.Browse)", "host not responding".
  static std::string reasonText(const vsphere::Unreadable& entry);

 private:
  class Finder;
  struct Index {
    std::unordered_multimap<vsphere::Moref, const vsphere::Unreadable*> holes;
    std::unordered_multimap<std::string, DiskUser> files;  // in use, by fileKey()
    std::unordered_multimap<std::string, DiskUser> uuids;  // in use, normalised
  };
  static const CheckPolicy& noPolicy();
  World(const World& all, const MachineView& machine);

  const Plan& plan_;
  const Facts& facts_;
  const Phase phase_;
  const CheckPolicy& policy_;
  std::vector<TargetView> targets_;
  std::vector<MachineView> machines_;
  std::shared_ptr<const Index> index_;

  std::string fileKey(const std::string& path, const vsphere::VirtualMachine& seenBy) const;
};

// How a datastore stands to a host.
struct Mount {
  bool known = false;    // could be read
  std::string obstacle;  // empty: mounted read-write and accessible
  std::string property;  // that says so: "host.mountInfo.accessMode"
};
// Is it mounted there, read-write, accessible, of a type that replicated disks may lie on (VMFS, vSAN), and
// not in maintenance? (rules VM-DATASTORE-RW, NEW-DATASTORE, MT-VMOTION)
Mount mountOn(const vsphere::Datastore& datastore, const vsphere::Moref& host);

// The datastore's name in "[datastore1] web/web.vmdk"; empty when it is no such path.
std::string datastoreOf(std::string_view file);
// 1536 MiB as "1.5 GiB".
std::string sizeText(std::int64_t bytes);

}  // namespace failback::provisioning
