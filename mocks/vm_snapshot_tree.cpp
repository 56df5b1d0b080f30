// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_snapshot_tree.h"
#include "mocks/entity_tools.h"

#include <algorithm>

namespace failback::mock {

namespace {

Value withChildren(const Value& node, std::vector<Value> children) {
  return node.with("childSnapshotList", children.empty() ? Value() : list(std::move(children)));
}

void visitBelow(const Value& parent, const std::vector<Value>& nodes,
                const std::function<void(const Value&, const Value&)>& visit) {
  for (const Value& node : nodes) {
    visit(node, parent);
    visitBelow(node, snapshotChildren(node), visit);
  }
}

std::vector<Value> replaced(const std::vector<Value>& nodes, const MoRef& snapshot,
                            const std::function<std::vector<Value>(const Value&)>& change) {
  std::vector<Value> result;
  result.reserve(nodes.size());
  for (const Value& node : nodes) {
    if (*node.at("snapshot").asRef() == snapshot) {
      for (Value& each : change(node)) result.push_back(std::move(each));
    } else {
      result.push_back(withChildren(node, replaced(snapshotChildren(node), snapshot, change)));
    }
  }
  return result;
}

}  // namespace

std::vector<Value> snapshotRoots(const Value& info) {
  return itemsOf(info.at("rootSnapshotList"));
}

std::vector<Value> snapshotChildren(const Value& node) {
  return itemsOf(node.at("childSnapshotList"));
}

void eachSnapshot(const std::vector<Value>& nodes,
                  const std::function<void(const Value&, const Value&)>& visit) {
  visitBelow({}, nodes, visit);
}

Value withSnapshotNode(const Value& info, const MoRef& snapshot,
                       const std::function<std::vector<Value>(const Value&)>& change) {
  return info.with("rootSnapshotList", list(replaced(snapshotRoots(info), snapshot, change)));
}

Value withNewSnapshot(const Value& info, const std::optional<MoRef>& parent, const Value& node) {
  if (!parent) {
    std::vector<Value> roots = snapshotRoots(info);
    roots.push_back(node);
    const Value base = info.isSet() ? info : object("VirtualMachineSnapshotInfo");
    return base.with("rootSnapshotList", list(std::move(roots)));
  }
  return withSnapshotNode(info, *parent, [&](const Value& found) {
    std::vector<Value> children = snapshotChildren(found);
    children.push_back(node);
    return std::vector<Value>{withChildren(found, std::move(children))};
  });
}

Value withoutSnapshots(const Value& info, const std::vector<MoRef>& gone) {
  const auto leaves = [&](const MoRef& each) {
    return std::find(gone.begin(), gone.end(), each) != gone.end();
  };
  // Where the machine stands moves up to what stays.
  std::optional<MoRef> current;
  if (const MoRef* ref = info.at("currentSnapshot").asRef()) current = *ref;
  while (current && leaves(*current)) {
    std::optional<MoRef> parent;
    eachSnapshot(snapshotRoots(info), [&](const Value& node, const Value& above) {
      if (*node.at("snapshot").asRef() == *current && above.isSet()) parent = *above.at("snapshot").asRef();
    });
    current = parent;
  }
  Value left = info;
  for (const MoRef& each : gone) left = withSnapshotNode(left, each, snapshotChildren);
  if (snapshotRoots(left).empty()) return {};
  return left.with("currentSnapshot", current ? Value(*current) : Value());
}

}  // namespace failback::mock
