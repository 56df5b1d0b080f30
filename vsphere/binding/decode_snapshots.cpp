// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/decode_snapshots.h"

#include "vsphere/binding/values.h"

namespace failback::vsphere::binding {
namespace {

// As deep as the answer is nested, which the codec bounds.
Snapshot snapshotOf(const vim25__VirtualMachineSnapshotTree& node, const std::optional<Moref>& current) {
  Snapshot snapshot;
  snapshot.ref = morefOf(node.snapshot);
  snapshot.id = node.id.value_or(0);
  snapshot.name = unescapeName(node.name.value_or(""));
  snapshot.description = node.description.value_or("");
  snapshot.createTime = node.createTime.value_or("");
  snapshot.state = node.state.value_or("");
  snapshot.quiesced = node.quiesced.value_or(false);
  snapshot.current = current && snapshot.ref == *current;
  for (const auto* child : node.childSnapshotList)
    if (child != nullptr) snapshot.children.push_back(snapshotOf(*child, current));
  return snapshot;
}

}  // namespace

void decodeSnapshots(VirtualMachine& vm, const vim25__VirtualMachineSnapshotInfo& info) {
  vm.currentSnapshot = optionalMoref(info.currentSnapshot);
  vm.snapshots.clear();
  for (const auto* root : info.rootSnapshotList)
    if (root != nullptr) vm.snapshots.push_back(snapshotOf(*root, vm.currentSnapshot));
}

}  // namespace failback::vsphere::binding
