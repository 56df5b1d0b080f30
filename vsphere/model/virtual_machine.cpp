// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/model/virtual_machine.h"

#include <algorithm>
#include <string_view>

namespace failback::vsphere {
namespace {

// "web-01-000001.vmdk", as vSphere names the files of snapshots.
bool isDeltaName(std::string_view path) {
  constexpr std::string_view ending = ".vmdk";
  constexpr std::size_t digits = 6;
  if (!path.ends_with(ending)) return false;
  path.remove_suffix(ending.size());
  if (path.size() <= digits || path[path.size() - digits - 1] != '-') return false;
  return path.substr(path.size() - digits).find_first_not_of("0123456789") == std::string_view::npos;
}

std::size_t count(const std::vector<Snapshot>& snapshots) {
  std::size_t total = snapshots.size();
  for (const Snapshot& snapshot : snapshots) total += count(snapshot.children);
  return total;
}

}  // namespace

bool VirtualMachine::hasDelta() const {
  return std::ranges::any_of(
      disks, [](const Disk& disk) { return disk.chain.size() > 1 || isDeltaName(disk.path()); });
}

std::size_t VirtualMachine::snapshotCount() const {
  return count(snapshots);
}

}  // namespace failback::vsphere
