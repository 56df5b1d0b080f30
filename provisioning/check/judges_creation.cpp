// SPDX-License-Identifier: GPL-2.0-or-later
// A VM has to be made: has the original gone, are its UUIDs and addresses free. And the table of all rules.
#include "provisioning/check/judges_creation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "discovery/kind.h"

namespace failback::provisioning {
namespace {

using vsphere::Moref;
using vsphere::VirtualMachine;

// ------------------------------------------------------------------------------------------------ NEW-GONE

const VirtualMachine* targetVm(const MachineView& machine) {
  return machine.target == nullptr ? nullptr : machine.target->vm;
}

// VMs that have a disk file of the plan. Paths are the plan's, so they are read from where the master target
// is.
std::vector<std::string> fileOwners(const MachineCase& each) {
  std::vector<std::string> seen;
  const VirtualMachine* from = targetVm(each.machine);
  if (from == nullptr) return seen;
  for (const SourceDisk& disk : each.machine.plan->source.disks) {
    if (disk.file.empty()) continue;
    for (const DiskUser& user : each.world.usersOfFile(disk.file, *from)) {
      if (isOurs(each.world, *user.vm, each.machine)) continue;
      seen.push_back(fmt::format("{} has {}", vmText(*user.vm), disk.file));
    }
  }
  return seen;
}

// One that has all disks by UUID, in other files: the original under other UUIDs, or a twin.
const VirtualMachine* twinOf(const MachineCase& each) {
  for (const VirtualMachine& vm : each.world.inventory().all<VirtualMachine>()) {
    if (isOurs(each.world, vm, each.machine) || &vm == targetVm(each.machine)) continue;
    if (!creation::proofOfSame(vm, *each.machine.plan).empty()) return &vm;
  }
  return nullptr;
}

// VMs that others refer to, and that this account can't see.
std::size_t hiddenVms(const discovery::Inventory& inventory) {
  std::set<Moref> hidden;
  const auto look = [&](const std::vector<Moref>& refs) {
    for (const Moref& ref : refs)
      if (inventory.find<VirtualMachine>(ref) == nullptr) hidden.insert(ref);
  };
  for (const auto& datastore : inventory.all<vsphere::Datastore>()) look(datastore.vms);
  for (const auto& host : inventory.all<vsphere::Host>()) look(host.vms);
  for (const auto& pool : inventory.all<vsphere::ResourcePool>()) look(pool.vms);
  return hidden.size();
}

// Why this account may not see everything; empty when it does. Only who sees all can say that there is
// nothing.
std::string blindness(const World& world) {
  const Asked<vsphere::PrivilegeAnswer>& asked = world.facts().privileges;
  if (!asked.answer)
    return asked.why.empty() ? "the account's privileges at the root were not asked for" : asked.why;
  const Moref& root = world.inventory().vcenter.rootFolder;
  const auto at = std::find_if(asked.answer->entities.begin(), asked.answer->entities.end(),
                               [&](const auto& entity) { return entity.entity == root; });
  if (at == asked.answer->entities.end()) return "this account can't see the root of the inventory";
  if (std::find(at->granted.begin(), at->granted.end(), "System.Read") == at->granted.end())
    return "the account has no read permission at the root, so that there may be VMs it can't see";
  if (const std::size_t hidden = hiddenVms(world.inventory()); hidden > 0)
    return fmt::format("{} can't be seen with this account", counted(hidden, "VM"));
  std::vector<std::string> nameless;
  for (const VirtualMachine& vm : world.inventory().all<VirtualMachine>())
    if (!vm.instanceUuid && !vm.biosUuid) nameless.push_back(vm.name);
  for (const vsphere::Unreadable& entry : world.inventory().unreadable) {
    const std::string& type = entry.object.type;
    if (entry.property.empty() && (entry.reason == "noPermission" || entry.reason == "vanished") &&
        (type == "Folder" || type == "Datacenter" || type == "VirtualMachine"))
      nameless.push_back(entry.name.empty() ? entry.object.value : entry.name);
  }
  return nameless.empty() ? std::string() : fmt::format("{} could not be read", someOf(nameless));
}

void gone(const MachineCase& each) {
  const ObjectName object = each.world.nameOf(each.machine);
  constexpr const char* byUuid = "config.instanceUuid";
  constexpr const char* byDisk = "config.hardware.device";
  constexpr const char* wanted = "no VM with its UUIDs or its disks";
  if (each.machine.plan->source.kind == SourceKind::physical) {
    each.pass(object, byUuid, "the source is a physical machine: there is no original VM");
    return;
  }
  if (each.machine.made != nullptr) {
    // Its files may well be called as the original's were.
    each.pass(object, byUuid, fmt::format("{} was made in its place", vmText(*each.machine.made)));
    return;
  }
  const std::vector<std::string> owners = fileOwners(each);
  if (!owners.empty()) {
    each.fail(object, byDisk, someOf(owners), wanted).remedy =
        "If that VM is the original, put its UUIDs into the plan; else detach the disks from it, without "
        "deleting them.";
  } else if (const VirtualMachine* twin = twinOf(each)) {
    each.unknown(object, byDisk,
                 fmt::format("{} has {}: it is the original, or both come from one template", vmText(*twin),
                             creation::proofOfSame(*twin, *each.machine.plan)),
                 wanted);
  } else if (std::string why = blindness(each.world); !why.empty()) {
    each.unknown(object, byUuid, why, wanted);
  } else if (std::string blind = blindSpots(each.world); !blind.empty()) {
    each.unknown(object, byDisk, blind, wanted);
  } else {
    each.pass(object, byUuid, "no VM has its UUIDs or its disks, and the account sees all VMs");
  }
}

// ------------------------------------------------------------------------------------------------- NEW-MAC

// Who has the address beside the adapter itself.
std::vector<std::string> macOwners(const MachineCase& each, const SourceNic& nic) {
  std::vector<std::string> seen;
  for (const VirtualMachine& vm : each.world.inventory().all<VirtualMachine>()) {
    if (isOurs(each.world, vm, each.machine)) continue;
    for (const vsphere::Nic& other : vm.nics)
      if (other.macAddress && discovery::equalIgnoringCase(*other.macAddress, nic.mac))
        seen.push_back(fmt::format("{} of {}", other.label, vmText(vm)));
  }
  for (const MachineView& other : each.world.machines()) {
    if (!other.mustBeCreated()) continue;
    for (const SourceNic& own : other.plan->source.nics)
      if (&own != &nic && discovery::equalIgnoringCase(own.mac, nic.mac))
        seen.push_back(fmt::format("{} of {}, which this plan makes too", own.id, other.name));
  }
  return seen;
}

ObjectName nicName(const MachineCase& each, std::size_t index) {
  return {"network adapter",
          fmt::format("{} of {}", each.machine.plan->source.nics[index].id, each.machine.name), "",
          fmt::format("{}/source/nics/{}", each.machine.pointer, index)};
}

void mac(const MachineCase& each) {
  constexpr const char* path = "config.hardware.device";
  const std::vector<SourceNic>& nics = each.machine.plan->source.nics;
  for (std::size_t i = 0; i < nics.size(); ++i) {
    if (nics[i].mac.empty()) continue;
    const std::string wanted = fmt::format("{} on no other VM", nics[i].mac);
    const std::vector<std::string> owners = macOwners(each, nics[i]);
    if (!owners.empty()) {
      each.fail(nicName(each, i), path,
                fmt::format("{} is the address of {}", nics[i].mac, joined(owners, "; ")), wanted);
    } else if (std::string blind = blindSpots(each.world); !blind.empty()) {
      each.unknown(nicName(each, i), path, blind, wanted);
    } else {
      each.pass(nicName(each, i), path, fmt::format("no VM has {}", nics[i].mac));
    }
  }
}

// ------------------------------------------------------------------------------------------------ NEW-UUID

struct UuidUse {
  std::vector<std::string> taken, nameless;
  std::string property;
};

UuidUse uuidUse(const MachineCase& each) {
  UuidUse use;
  const Source& source = each.machine.plan->source;
  const auto compare = [&](const std::optional<std::string>& theirs, const std::string& ours,
                           const char* path, std::string_view kind, const VirtualMachine& vm) {
    if (ours.empty() || !theirs || !vsphere::sameUuid(*theirs, ours)) return;
    if (use.property.empty()) use.property = path;
    use.taken.push_back(fmt::format("{} has the {} UUID {}", vmText(vm), kind, ours));
  };
  for (const VirtualMachine& vm : each.world.inventory().all<VirtualMachine>()) {
    if (isOurs(each.world, vm, each.machine)) continue;
    if (!vm.instanceUuid || !vm.biosUuid) use.nameless.push_back(vm.name);
    compare(vm.instanceUuid, source.instanceUuid, "config.instanceUuid", "instance", vm);
    compare(vm.biosUuid, source.biosUuid, "config.uuid", "BIOS", vm);
  }
  return use;
}

void uuid(const MachineCase& each) {
  const ObjectName object = each.world.nameOf(each.machine);
  const UuidUse use = uuidUse(each);
  const Source& source = each.machine.plan->source;
  constexpr const char* wanted = "UUIDs that no VM has";
  if (!use.taken.empty()) {
    each.fail(object, use.property, joined(use.taken, "; "), wanted);
  } else if (source.instanceUuid.empty() && source.biosUuid.empty()) {
    each.pass(object, "config.uuid", "the plan chooses no UUIDs: new ones are made");
  } else if (!use.nameless.empty()) {
    each.unknown(object, "config.uuid",
                 fmt::format("the UUIDs of {} could not be read: {}", counted(use.nameless.size(), "VM"),
                             someOf(use.nameless)),
                 wanted);
  } else {
    each.pass(object, "config.uuid", "no VM has them");
  }
}

// -------------------------------------------------------------------------------------------- NEW-EXPOSURE

void exposure(const MachineCase& each) {
  std::vector<std::string> rdms;
  for (const SourceDisk& disk : each.machine.plan->source.disks)
    if (disk.kind == DiskKind::rdm)
      rdms.push_back(fmt::format("{} ({})", disk.id, sizeText(disk.capacityBytes)));
  const ObjectName object = each.world.placeInPlan(each.machine.pointer + "/source/disks", each.machine.name);
  if (rdms.empty()) {
    each.pass(object, "source.disks.kind", "no RDM");
  } else {
    each.fail(
        object, "source.disks.kind",
        fmt::format("{} of {} comes home as a VMDK: the source had an RDM", joined(rdms), each.machine.name),
        "VMDKs only");
  }
}

}  // namespace

std::span<const Judge> creationJudges() {
  static constexpr std::array table{
      Judge{"NEW-GONE", eachNewVm<gone>},
      Judge{"NEW-NAME", eachNewVm<creation::name>},
      Judge{"NEW-PATH", eachNewVm<creation::path>},
      Judge{"NEW-DATASTORE", eachNewVm<creation::datastore>},
      Judge{"NEW-SPACE", creation::space},
      Judge{"NEW-FILE-SIZE", eachNewVm<creation::fileSize>},
      Judge{"NEW-HOST", eachNewVm<creation::host>},
      Judge{"NEW-NETWORK", eachNewVm<creation::network>},
      Judge{"NEW-CONFIG", eachNewVm<creation::config>},
      Judge{"NEW-MAC", eachNewVm<mac>},
      Judge{"NEW-UUID", eachNewVm<uuid>},
      Judge{"NEW-EXPOSURE", eachNewVm<exposure>},
  };
  return table;
}

}  // namespace failback::provisioning
