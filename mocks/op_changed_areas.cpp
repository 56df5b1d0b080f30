// SPDX-License-Identifier: GPL-2.0-or-later
// QueryChangedDiskAreas, by which backups read what changed since the last one.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mocks/changed_areas.h"
#include "mocks/fault.h"
#include "mocks/operation_tables.h"
#include "mocks/vm_disks.h"
#include "mocks/vm_model.h"
#include "mocks/vm_snapshot_tree.h"

namespace failback::mock {

namespace {

Fault fileFault(const std::string& path) {
  return makeFault("FileFault", fmt::format("Error caused by file {}", path), {{"file", path}});
}

// The configuration that is asked about: a snapshot's, or the machine's own.
Value configAsked(Operation& op) {
  if (!op.ref("snapshot")) return op.self.state.at("config");
  const ManagedObject& snapshot = op.object("snapshot", "VirtualMachineSnapshot");
  const MoRef* of = snapshot.state.at("vm").asRef();
  if (of == nullptr || *of != op.self.ref) throw makeFault("NotFound", "The snapshot was not found.");
  return snapshot.state.at("config");
}

Answer queryAreas(Operation& op) {
  const Value config = configAsked(op);
  const std::vector<Value> devices = devicesOfConfig(config);
  const Value key(static_cast<std::int32_t>(op.number("deviceKey").value_or(0)));
  const auto disk = std::find_if(devices.begin(), devices.end(),
                                 [&](const Value& each) { return isDisk(each) && each.at("key") == key; });
  if (disk == devices.end()) throw makeFault("NotFound", "The virtual disk was not found.");
  const auto file = diskFileOf(*disk);
  if (!file) throw invalidArgument("deviceKey");
  const std::string path = op.world.files.pathOf(*file);
  // A snapshot that was taken before tracking began has no change ID to tell what changed until it.
  const bool* tracked = op.self.state.at("config.changeTrackingEnabled").asBool();
  const bool known = !op.ref("snapshot") || disk->at("backing.changeId").isSet();
  if (tracked == nullptr || !*tracked || !known) throw fileFault(path);
  const std::int64_t capacity = op.world.files.descriptor(*file).capacity;
  const std::int64_t start = op.number("startOffset").value_or(0);
  if (start < 0 || start >= capacity) throw invalidArgument("startOffset");
  const auto areas = changedAreas(op.world, *file, op.text("changeId"));
  if (!areas) throw fileFault(path);
  std::vector<Value> shown;
  for (const DiskArea& each : *areas) {
    const std::int64_t from = std::max(each.start, start), end = each.start + each.length;
    if (end <= from) continue;
    shown.push_back(object("DiskChangeExtent", {{"start", from}, {"length", end - from}}));
  }
  return {object("DiskChangeInfo", {{"startOffset", start},
                                    {"length", capacity - start},
                                    {"changedArea", shown.empty() ? Value() : list(std::move(shown))}}),
          {}};
}

constexpr std::array<OperationEntry, 1> changedAreasEntries{{{"QueryChangedDiskAreas", queryAreas}}};

}  // namespace

std::span<const OperationEntry> changedAreaOperations() {
  return changedAreasEntries;
}

}  // namespace failback::mock
