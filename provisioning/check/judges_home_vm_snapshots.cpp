// SPDX-License-Identifier: GPL-2.0-or-later
// Snapshots of the home VM: are there any, can they be merged, and does anybody else depend on the files.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "provisioning/check/judges_home_vm.h"

namespace failback::provisioning::home_vm {
namespace {

using vsphere::Disk;
using vsphere::VirtualMachine;

constexpr const char* snapshotPath = "snapshot";
constexpr const char* consolidationPath = "runtime.consolidationNeeded";

void addNames(const std::vector<vsphere::Snapshot>& snapshots, std::vector<std::string>& names) {
  for (const vsphere::Snapshot& each : snapshots) {
    names.push_back(each.name.empty() ? each.ref.value : each.name);
    addNames(each.children, names);
  }
}

// All signals of a snapshot, in words, and the property of the first.
struct Signals {
  std::vector<std::string> seen;
  std::string property;

  void add(const char* path, std::string text) {
    if (property.empty()) property = path;
    seen.push_back(std::move(text));
  }
};

Signals signalsOf(const VirtualMachine& vm) {
  Signals signals;
  std::vector<std::string> names;
  addNames(vm.snapshots, names);
  if (!names.empty()) {
    signals.add(snapshotPath, fmt::format("{}: {}", counted(names.size(), "snapshot"), someOf(names)));
  } else if (vm.currentSnapshot) {
    signals.add(snapshotPath, fmt::format("a current snapshot, {}", vm.currentSnapshot->value));
  }
  std::vector<std::string> deltas;
  for (const Disk* disk : deltaDisks(vm))
    deltas.push_back(fmt::format("{} on {}", disk->label, disk->path()));
  if (!deltas.empty()) signals.add(devicePath, fmt::format("delta disks: {}", someOf(deltas)));
  if (vm.consolidationNeeded.value_or(false)) signals.add(consolidationPath, "consolidation is needed");
  return signals;
}

// Disks of these kinds have no part in a snapshot.
bool takesPart(const Disk& disk) {
  return disk.kind != "rdmPhysical" && !disk.mode.value_or("").starts_with("independent");
}

const vsphere::Datastore* datastoreOfFile(const World& world, const vsphere::DiskFile& file) {
  return world.inventory().find<vsphere::Datastore>(file.datastore);
}

// ------------------------------------------------------------------------------------- space for the merge

// The files of a disk's deltas; nothing when their sizes were not read.
std::optional<std::int64_t> deltaBytes(const VirtualMachine& vm, const Disk& disk) {
  const auto layout =
      std::find_if(vm.diskLayouts.begin(), vm.diskLayouts.end(),
                   [&](const vsphere::VmDiskLayout& each) { return each.diskKey == disk.key; });
  if (layout == vm.diskLayouts.end() || layout->chainFileKeys.size() < disk.chain.size()) return std::nullopt;
  std::int64_t total = 0;
  for (std::size_t link = 1; link < layout->chainFileKeys.size(); ++link) {
    for (const std::int32_t key : layout->chainFileKeys[link]) {
      const auto file = std::find_if(vm.files.begin(), vm.files.end(),
                                     [&](const vsphere::VmFile& each) { return each.key == key; });
      if (file == vm.files.end()) return std::nullopt;
      total += file->sizeBytes;
    }
  }
  return total;
}

// What merging takes on one datastore.
struct Space {
  const vsphere::Datastore* datastore = nullptr;
  std::int64_t largest = 0, sum = 0;
  std::int64_t bound = 0;  // no delta is larger than its disk
  bool sizesKnown = true;
};

struct Merging {
  std::vector<std::string> obstacles, unknowns, evidence;
  std::string property;  // that the first obstacle was seen in

  void obstacle(const char* path, std::string text) {
    if (property.empty()) property = path;
    obstacles.push_back(std::move(text));
  }
};

std::map<std::string, Space> spaceNeeded(const HomeCase& home) {
  std::map<std::string, Space> needed;
  for (const Disk* disk : deltaDisks(home.vm)) {
    if (!takesPart(*disk) || disk->chain.empty()) continue;
    Space& space = needed[datastoreOf(disk->chain.back().path)];
    space.datastore = datastoreOfFile(home.world, disk->chain.back());
    space.bound += disk->capacityBytes;
    const std::optional<std::int64_t> bytes = deltaBytes(home.vm, *disk);
    space.sizesKnown = space.sizesKnown && bytes;
    space.largest = std::max(space.largest, bytes.value_or(0));
    space.sum += bytes.value_or(0);
  }
  return needed;
}

void judgeSpace(const HomeCase& home, const std::string& name, const Space& space, Merging& merging) {
  if (space.datastore == nullptr || !space.datastore->freeSpaceBytes) {
    merging.unknowns.push_back(fmt::format("the free space of {} is not known", name));
    return;
  }
  const std::int64_t free = *space.datastore->freeSpaceBytes;
  const bool runs = home.vm.powerState.value_or("") == "poweredOn";
  const std::int64_t need = runs ? space.sum : space.largest;
  if (space.sizesKnown) {
    const std::string text =
        fmt::format("{} has {} free, and {} {}", name, sizeText(free),
                    runs ? "its deltas take" : "its largest delta takes", sizeText(need));
    if (free < need) {
      merging.obstacle("layoutEx", text);
    } else {
      merging.evidence.push_back(text);
    }
  } else if (free >= space.bound) {
    merging.evidence.push_back(fmt::format("{} has {} free, and merging takes {} at most", name,
                                           sizeText(free), sizeText(space.bound)));
  } else {
    merging.unknowns.push_back(
        fmt::format("the sizes of its deltas were not read (layoutEx): merging takes up "
                    "to {}, and {} has {} free",
                    sizeText(space.bound), name, sizeText(free)));
  }
}

bool disables(const VirtualMachine& vm, std::string_view method) {
  return std::find(vm.disabledMethods.begin(), vm.disabledMethods.end(), method) != vm.disabledMethods.end();
}

// vCenter disables what there is nothing to do for; so each counts only where there is.
void judgeMethods(const HomeCase& home, Merging& merging) {
  const VirtualMachine& vm = home.vm;
  if (!vm.snapshots.empty() && disables(vm, "RemoveAllSnapshots_Task")) {
    merging.obstacle("disabledMethod",
                     "RemoveAllSnapshots_Task is disabled for the moment: a backup or a task holds it");
  } else if (vm.consolidationNeeded.value_or(false) && disables(vm, "ConsolidateVMDisks_Task")) {
    merging.obstacle("disabledMethod",
                     "ConsolidateVMDisks_Task is disabled for the moment: a backup or a task holds it");
  } else if (home.world.inventory().vcenter.about.isVCenter() && disables(vm, "RelocateVM_Task")) {
    merging.unknowns.emplace_back("RelocateVM_Task is disabled: a backup may hold the VM");
  }
}

// ---------------------------------------------------------------------------------------------- shared files

// Other VMs that depend on files of this one, or that this one depends on.
std::vector<std::string> sharedFiles(const HomeCase& home) {
  std::vector<std::string> seen;
  for (const Disk& disk : home.vm.disks) {
    if (disk.nativeUnmanagedLinkedClone.value_or(false))
      seen.push_back(fmt::format("{} is a linked clone of its storage's own making", disk.label));
    for (std::size_t link = 0; link < disk.chain.size(); ++link) {
      const std::string& path = disk.chain[link].path;
      for (const DiskUser& user : home.world.usersOfFile(path, home.vm)) {
        if (user.vm->ref == home.vm.ref) continue;
        // Attached to both is what VM-DISK-FREE tells.
        if (user.link == 0 && link == 0) continue;
        seen.push_back(
            user.link > 0
                ? fmt::format("{} of {} lies over {}", user.disk->label, vmText(*user.vm), path)
                : fmt::format("{} lies over {}, which {} has attached", disk.label, path, vmText(*user.vm)));
      }
    }
  }
  return seen;
}

// A parent that no snapshot of its own explains: its VM may be one of several clones.
std::vector<std::string> unexplainedParents(const VirtualMachine& vm) {
  std::vector<std::string> seen;
  if (vm.consolidationNeeded.value_or(false)) return seen;
  const std::size_t explained = vm.snapshotCount();
  for (const Disk& disk : vm.disks) {
    if (disk.chain.size() <= explained + 1) continue;
    seen.push_back(
        fmt::format("{} lies over {}, which no snapshot explains", disk.label, disk.chain.back().path));
  }
  return seen;
}

}  // namespace

void snapshot(const HomeCase& home) {
  const VirtualMachine& vm = home.vm;
  constexpr const char* wanted = "no snapshot, no delta, no consolidation needed";
  const Signals signals = signalsOf(vm);
  if (!signals.seen.empty()) {
    Finding& finding = home.fail(signals.property, joined(signals.seen, "; "), wanted);
    if (home.world.phase() != Phase::reprotect) {
      // Merging now would mix two states: the base was written below the snapshots.
      finding.severity = Severity::block;
      finding.remedy = fmt::format(
          "Stop here; do not merge, revert or delete snapshots of {}: its disks were written below them.",
          vm.name);
      return;
    }
    finding.consented = home.machine.plan->consents.mergeSnapshots;
    finding.remedy =
        finding.consented
            ? fmt::format("The job merges the snapshots of {}, as the plan allows.", vm.name)
            : fmt::format("{} of {}, or consent in the plan (consents.mergeSnapshots).",
                          vm.snapshots.empty() ? "Consolidate the disks" : "Delete the snapshots", vm.name);
  } else if (!vm.consolidationNeeded) {
    home.unknown(consolidationPath, home.world.whyUnknown(vm.ref, consolidationPath), wanted);
  } else {
    home.passIfRead({snapshotPath, devicePath, consolidationPath}, wanted);
  }
}

void mergeable(const HomeCase& home) {
  constexpr const char* wanted = "snapshots that can be merged";
  if (signalsOf(home.vm).seen.empty()) {
    home.passIfRead({snapshotPath, devicePath, consolidationPath}, "nothing to merge");
    return;
  }
  Merging merging;
  for (std::string& text : sharedFiles(home)) merging.obstacle("backing.parent", std::move(text));
  judgeMethods(home, merging);
  for (const auto& [name, space] : spaceNeeded(home)) judgeSpace(home, name, space, merging);
  if (!merging.obstacles.empty()) {
    home.fail(merging.property, joined(merging.obstacles, "; "), wanted);
  } else if (!merging.unknowns.empty()) {
    home.unknown("layoutEx", joined(merging.unknowns, "; "), wanted);
  } else {
    home.passIfRead({"disabledMethod", snapshotPath, devicePath},
                    merging.evidence.empty() ? "no disk of it lies over a delta that would be merged"
                                             : joined(merging.evidence, "; "));
  }
}

void sharedBase(const HomeCase& home) {
  constexpr const char* path = "backing.parent";
  constexpr const char* wanted = "files that no other VM depends on";
  const std::vector<std::string> shared = sharedFiles(home);
  if (!shared.empty()) {
    home.fail(path, someOf(shared), wanted);
    return;
  }
  std::vector<std::string> doubts = unexplainedParents(home.vm);
  for (const Disk& disk : home.vm.disks) {
    std::string blind = blindSpots(home, disk);
    if (!blind.empty() && std::find(doubts.begin(), doubts.end(), blind) == doubts.end())
      doubts.push_back(std::move(blind));
  }
  if (doubts.empty()) {
    home.passIfRead({devicePath}, "no other VM has files of it in its chains");
  } else {
    home.unknown(path, joined(doubts, "; "), wanted);
  }
}

}  // namespace failback::provisioning::home_vm
