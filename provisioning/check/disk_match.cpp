// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/disk_match.h"

#include <algorithm>
#include <array>

#include "provisioning/plan/identity.h"

namespace failback::provisioning {
namespace {

using vsphere::Disk;
using vsphere::VirtualMachine;
using Matches = std::vector<const Disk*>;

bool isTaken(const Matches& matches, const Disk& disk) {
  return std::find(matches.begin(), matches.end(), &disk) != matches.end();
}

bool hasUuid(const Disk& disk, const std::string& uuid) {
  if (uuid.empty()) return false;
  if (disk.uuid && vsphere::sameUuid(*disk.uuid, uuid)) return true;
  return std::any_of(disk.chain.begin(), disk.chain.end(), [&](const vsphere::DiskFile& file) {
    return file.uuid && vsphere::sameUuid(*file.uuid, uuid);
  });
}

bool hasFile(const Disk& disk, const std::string& path) {
  return !path.empty() && std::any_of(disk.chain.begin(), disk.chain.end(),
                                      [&](const vsphere::DiskFile& file) { return file.path == path; });
}

// First those that both UUID and file speak for, then those that only the UUID, then only the file does: a
// file alone is no identity where the plan knows the UUID.
enum class Proof { both, uuid, file };

const Disk* deviceOf(const VirtualMachine& vm, const SourceDisk& planned, const Matches& taken, Proof proof) {
  for (const Disk& each : vm.disks) {
    if (isTaken(taken, each)) continue;
    const bool uuid = hasUuid(each, planned.uuid);
    const bool file = hasFile(each, planned.file);
    const bool fits = proof == Proof::both   ? uuid && file
                      : proof == Proof::uuid ? uuid
                                             : file && planned.uuid.empty();
    if (fits) return &each;
  }
  return nullptr;
}

// On which bus and unit it hangs, as the plan counts them. IDE has two controllers of one unit pair each.
bool hangsAt(const VirtualMachine& vm, const Disk& disk, const SourceDisk& planned) {
  const auto controller =
      std::find_if(vm.controllers.begin(), vm.controllers.end(),
                   [&](const vsphere::Controller& each) { return each.key == disk.controllerKey; });
  if (controller == vm.controllers.end()) return false;
  const bool ide = controller->type == "VirtualIDEController";
  return ide == (planned.controller.type == ControllerType::ide) &&
         controller->busNumber == planned.controller.bus && disk.unitNumber.value_or(-1) == planned.unit &&
         disk.capacityBytes == planned.capacityBytes;
}

void matchPlaces(const VirtualMachine& vm, const Machine& machine, Matches& matches) {
  for (std::size_t i = 0; i < matches.size(); ++i) {
    if (matches[i] != nullptr) continue;
    const SourceDisk& planned = machine.source.disks[i];
    const auto found = std::find_if(vm.disks.begin(), vm.disks.end(), [&](const Disk& each) {
      return !isTaken(matches, each) && hangsAt(vm, each, planned);
    });
    if (found != vm.disks.end()) matches[i] = &*found;
  }
}

}  // namespace

Matches matchDisks(const Plan& plan, const Machine& machine, const VirtualMachine& vm, bool made) {
  std::vector<SourceDisk> wanted = machine.source.disks;
  if (made) {
    for (SourceDisk& each : wanted) {
      each.uuid = derivedDiskUuid(plan, machine, each);
      each.file.clear();
    }
  }
  Matches matches(wanted.size(), nullptr);
  for (const Proof proof : {Proof::both, Proof::uuid, Proof::file}) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (matches[i] == nullptr) matches[i] = deviceOf(vm, wanted[i], matches, proof);
    }
  }
  if (made) matchPlaces(vm, machine, matches);
  return matches;
}

}  // namespace failback::provisioning
