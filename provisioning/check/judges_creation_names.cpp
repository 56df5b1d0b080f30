// SPDX-License-Identifier: GPL-2.0-or-later
// Is the name of a new VM free: among VMs, on the host, and as a folder on the datastore.
#include <fmt/format.h>

#include <algorithm>

#include "discovery/inventory_path.h"
#include "discovery/kind.h"
#include "provisioning/check/judges_creation.h"

namespace failback::provisioning::creation {
namespace {

using vsphere::Datastore;
using vsphere::VirtualMachine;

// As vCenter compares names: without regard to case, and "%2f" is "/".
bool sameName(std::string_view a, std::string_view b) {
  return discovery::equalIgnoringCase(discovery::unescapeName(a), discovery::unescapeName(b));
}

std::string holderText(const MachineCase& each, const NameHolder& holder) {
  std::string who = holder.vm != nullptr
                        ? vmText(*holder.vm)
                        : fmt::format("vApp {} ({})", holder.entity->name, holder.entity->inventoryPath);
  const vsphere::Host* host = hostOf(each);
  if (holder.inFolder || host == nullptr) return who;
  return fmt::format("{}, registered on {}", who, host->name);
}

std::string holdersText(const MachineCase& each, const std::vector<NameHolder>& holders) {
  std::vector<std::string> words;
  words.reserve(holders.size());
  for (const NameHolder& holder : holders) words.push_back(holderText(each, holder));
  return joined(words, "; ") + (words.size() == 1 ? " has the name" : " have the name");
}

ObjectName folderName(const MachineCase& each) {
  if (each.machine.folder != nullptr) return each.world.nameOf("folder", *each.machine.folder);
  return {"folder", each.machine.plan->home.folder, "", each.machine.pointer + "/home/folder"};
}

// One rule, one machine: what is said of its name.
struct NameFinding {
  const MachineCase& each;
  std::string wanted;

  Finding& pass(std::string value) const { return each.pass(folderName(each), "name", std::move(value)); }
  Finding& fail(std::string value) const {
    return each.fail(folderName(each), "name", std::move(value), wanted);
  }
  Finding& unknown(std::string why) const {
    return each.unknown(folderName(each), "name", std::move(why), wanted);
  }
};

// Why it can't be told who has the name; empty when it can.
std::string namesHidden(const MachineCase& each) {
  const vsphere::Host* host = hostOf(each);
  if (host == nullptr)
    return fmt::format("the host of master target {} can't be seen", each.machine.plan->masterTarget);
  if (std::string why = unread(each.world, host->ref, "vm"); !why.empty())
    return fmt::format("the VMs on {} are not known: {}", host->name, why);
  const auto hidden = static_cast<std::size_t>(
      std::count_if(host->vms.begin(), host->vms.end(), [&](const vsphere::Moref& ref) {
        return each.world.inventory().find<VirtualMachine>(ref) == nullptr;
      }));
  return hidden == 0
             ? std::string()
             : fmt::format("{} on {} can't be seen with this account", counted(hidden, "VM"), host->name);
}

void passFree(const NameFinding& finding, const std::string& value) {
  const std::string hidden = namesHidden(finding.each);
  if (hidden.empty()) {
    finding.pass(value);
  } else {
    finding.unknown(hidden);
  }
}

void adopt(const NameFinding& finding, const std::vector<NameHolder>& holders) {
  const Machine& plan = *finding.each.machine.plan;
  const VirtualMachine* vm = holders.size() == 1 ? holders.front().vm : nullptr;
  const std::string proof = vm == nullptr ? std::string() : proofOfSame(*vm, plan);
  if (!proof.empty()) {
    finding.pass(fmt::format("{} is adopted: it has {}", vmText(*vm), proof));
    return;
  }
  finding
      .fail(fmt::format("{}, and neither the instance UUID nor all disk UUIDs of the plan",
                        holdersText(finding.each, holders)))
      .remedy =
      "Adopt only what is the same machine; else choose rename-new, rename-existing or another folder.";
}

// The other name must be free, where the one that takes it lies.
void rename(const NameFinding& finding, const std::vector<NameHolder>& holders) {
  const Home& home = finding.each.machine.plan->home;
  const bool existing = home.onNameClash == NameClash::renameExisting;
  const std::string taken = holdersText(finding.each, holders);
  std::vector<NameHolder> others = holdersOf(finding.each, home.newName);
  if (existing && holders.size() > 1) {
    finding.fail(fmt::format("{}, and only one can be renamed to {}", taken, home.newName));
    return;
  }
  if (existing) {
    // It stays in its own folder.
    for (const VirtualMachine& vm : finding.each.world.inventory().all<VirtualMachine>())
      if (vm.parent && vm.parent == holders.front().entity->parent && sameName(vm.name, home.newName) &&
          std::none_of(others.begin(), others.end(), [&](const auto& other) { return other.vm == &vm; }))
        others.push_back({&vm, &vm, true});
  }
  if (!others.empty()) {
    finding.fail(fmt::format("{}, and {} {}", taken, holdersText(finding.each, others), home.newName))
        .remedy = fmt::format("Choose another newName than {} in the plan.", home.newName);
    return;
  }
  passFree(finding, existing ? fmt::format("{}, and is renamed to {}", taken, home.newName)
                             : fmt::format("{}; the new VM is called {}", taken, home.newName));
}

}  // namespace

std::vector<NameHolder> holdersOf(const MachineInWorld& each, std::string_view name) {
  std::vector<NameHolder> holders;
  const vsphere::Folder* folder = each.machine.folder;
  const vsphere::Host* host = hostOf(each);
  for (const VirtualMachine& vm : each.world.inventory().all<VirtualMachine>()) {
    const bool inFolder = folder != nullptr && vm.parent && *vm.parent == folder->ref;
    const bool onHost = host != nullptr && vm.host && *vm.host == host->ref;
    if (!(inFolder || onHost) || !sameName(vm.name, name)) continue;
    if (!isOurs(each.world, vm, each.machine)) holders.push_back({&vm, &vm, inFolder});
  }
  for (const vsphere::ResourcePool& pool : each.world.inventory().all<vsphere::ResourcePool>()) {
    if (pool.isVApp && folder != nullptr && pool.parentFolder && *pool.parentFolder == folder->ref &&
        sameName(pool.name, name))
      holders.push_back({&pool, nullptr, true});
  }
  return holders;
}

std::string nameOfNew(const MachineInWorld& each) {
  const Home& home = each.machine.plan->home;
  const bool other = home.onNameClash == NameClash::renameNew && !holdersOf(each, each.machine.name).empty();
  return other ? home.newName : each.machine.name;
}

std::string proofOfSame(const VirtualMachine& vm, const Machine& machine) {
  if (vm.instanceUuid && vsphere::sameUuid(*vm.instanceUuid, machine.source.instanceUuid))
    return fmt::format("the instance UUID {}", *vm.instanceUuid);
  const auto isThere = [&](const SourceDisk& disk) {
    return std::any_of(vm.disks.begin(), vm.disks.end(), [&](const vsphere::Disk& each) {
      return each.uuid && !disk.uuid.empty() && vsphere::sameUuid(*each.uuid, disk.uuid);
    });
  };
  const std::vector<SourceDisk>& disks = machine.source.disks;
  if (disks.empty() || !std::all_of(disks.begin(), disks.end(), isThere)) return {};
  return disks.size() == 1 ? "the UUID of its disk"
                           : fmt::format("the UUIDs of all its {} disks", disks.size());
}

void name(const MachineCase& each) {
  const MachineView& machine = each.machine;
  const Home& home = machine.plan->home;
  const NameFinding finding{each, fmt::format("the name {} free", machine.name)};
  if (machine.folder == nullptr) {
    if (home.folder.empty()) {
      finding.unknown(
          "the folder for the new VM can't be told: the datacenter of the master target can't be seen");
    } else {
      each.fail(folderName(each), "home.folder", fmt::format("no folder {} can be seen", home.folder),
                "a folder of VMs")
          .remedy = "Make the folder, or name another one in the plan.";
    }
    return;
  }
  const std::vector<NameHolder> holders = holdersOf(each, machine.name);
  if (holders.empty()) {
    const vsphere::Host* host = hostOf(each);
    passFree(finding,
             fmt::format("no VM, template or vApp in {} or on {} is called {}", machine.folder->inventoryPath,
                         host == nullptr ? "the host" : host->name, machine.name));
    return;
  }
  switch (home.onNameClash) {
    case NameClash::refuse:
      finding.fail(holdersText(each, holders));
      break;
    case NameClash::adopt:
      adopt(finding, holders);
      break;
    case NameClash::renameNew:
    case NameClash::renameExisting:
      rename(finding, holders);
      break;
  }
}

// ------------------------------------------------------------------------------------------------- NEW-PATH

namespace {

// The folder of "[datastore1] web-01/web-01.vmx".
std::string folderOf(std::string_view file) {
  const std::size_t bracket = file.find("] ");
  if (bracket != std::string_view::npos) file.remove_prefix(bracket + 2);
  return std::string(file.substr(0, file.rfind('/')));
}

bool liesOn(const World& world, const VirtualMachine& vm, const Datastore& datastore) {
  const std::string named = datastoreOf(*vm.vmPathName);
  bool seen = false;
  for (const vsphere::Moref& ref : vm.datastores) {
    const auto* each = world.inventory().find<Datastore>(ref);
    if (each == nullptr || each->name != named) continue;
    if (sameDatastore(*each, datastore)) return true;
    seen = true;
  }
  return !seen && named == datastore.name;
}

struct PathUse {
  std::vector<std::string> taken, nameless;
  std::string done;  // the folder is that of a VM of this plan
};

PathUse pathUse(const MachineCase& each, const Datastore& datastore, const std::string& folder) {
  PathUse use;
  const std::vector<NameHolder> holders = holdersOf(each, each.machine.name);
  const bool adopts = each.machine.plan->home.onNameClash == NameClash::adopt && holders.size() == 1;
  for (const VirtualMachine& vm : each.world.inventory().all<VirtualMachine>()) {
    if (!vm.vmPathName) {
      if (std::find(datastore.vms.begin(), datastore.vms.end(), vm.ref) != datastore.vms.end())
        use.nameless.push_back(vm.name);
      continue;
    }
    if (folderOf(*vm.vmPathName) != folder || !liesOn(each.world, vm, datastore)) continue;
    const bool adopted = adopts && holders.front().vm == &vm && !proofOfSame(vm, *each.machine.plan).empty();
    if (isOurs(each.world, vm, each.machine) || adopted) {
      use.done = fmt::format("{} is that of {}, {}", *vm.vmPathName, vm.name,
                             adopted ? "which is adopted" : "which this plan made");
    } else {
      use.taken.push_back(fmt::format("{} is registered from {}", vmText(vm), *vm.vmPathName));
    }
  }
  return use;
}

}  // namespace

void path(const MachineCase& each) {
  const ChosenDatastore chosen = chosenDatastore(each);
  const ObjectName object = datastoreName(each, chosen);
  const std::string folder = nameOfNew(each);
  constexpr const char* vmPath = "config.files.vmPathName";
  constexpr const char* browser = "browser";
  const std::string wanted = fmt::format("no {} on the datastore", folder);
  if (chosen.datastore == nullptr) {
    each.unknown(object, browser, chosen.why, wanted);
    return;
  }
  const PathUse use = pathUse(each, *chosen.datastore, folder);
  const auto& asked = each.world.facts().topFiles;
  const auto top = asked.find(chosen.datastore->ref);
  if (!use.taken.empty()) {
    each.fail(object, vmPath, joined(use.taken, "; "), wanted).remedy =
        fmt::format("Choose another name than {} or another datastore in the plan.", folder);
  } else if (!use.done.empty()) {
    each.pass(object, vmPath, use.done);
  } else if (top == asked.end() || !top->second.answer) {
    each.unknown(
        object, browser,
        top == asked.end() || top->second.why.empty()
            ? fmt::format("what lies on {} was not read", chosen.datastore->name)
            : fmt::format("what lies on {} could not be read: {}", chosen.datastore->name, top->second.why),
        wanted);
  } else if (const auto& files = *top->second.answer;
             std::any_of(files.begin(), files.end(), [&](const auto& file) { return file.name == folder; })) {
    each.fail(object, browser,
              fmt::format("[{}] {} is there, and belongs to no VM", chosen.datastore->name, folder), wanted)
        .remedy = fmt::format("Look what [{}] {} holds; rename it, or choose another name or datastore.",
                              chosen.datastore->name, folder);
  } else if (!use.nameless.empty()) {
    each.unknown(object, vmPath,
                 fmt::format("where the files of {} lie could not be read: {}",
                             counted(use.nameless.size(), "VM"), someOf(use.nameless)),
                 wanted);
  } else {
    each.pass(object, browser, fmt::format("no [{}] {}", chosen.datastore->name, folder));
  }
}

}  // namespace failback::provisioning::creation
