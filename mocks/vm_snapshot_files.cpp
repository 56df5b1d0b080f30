// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_snapshot_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "mocks/vm_model.h"
#include "mocks/vm_power_files.h"
#include "mocks/vm_snapshot_tree.h"

namespace failback::mock {

namespace {

constexpr std::string_view lastUid = "snapshot.lastUID = \"";

// A file of the machine's directory that is named after it: `ending` is "-Snapshot1.vmsn".
FileId named(World& world, const Value& state, const std::string& ending) {
  FileId file = world.files.locate(vmxPathOf(state));
  file.path.resize(file.path.rfind('.'));
  file.path += ending;
  return file;
}

// The highest id that was ever given, as the .vmsd remembers it.
std::int32_t rememberedId(World& world, const Value& state) {
  const StoredFile* file = world.files.find(named(world, state, ".vmsd"));
  const auto at = file ? file->text.find(lastUid) : std::string::npos;
  std::int32_t id = 0;
  if (at != std::string::npos) {
    const char* const start = file->text.data() + at + lastUid.size();
    std::from_chars(start, file->text.data() + file->text.size(), id);
  }
  return id;
}

std::int32_t highestId(World& world, const Value& state) {
  std::int32_t highest = rememberedId(world, state);
  eachSnapshot(snapshotRoots(state.at("snapshot")), [&](const Value& node, const Value&) {
    highest = std::max(highest, static_cast<std::int32_t>(node.at("id").asInteger().value_or(0)));
  });
  return highest;
}

}  // namespace

std::int32_t nextSnapshotId(World& world, const Value& state) {
  return highestId(world, state) + 1;
}

void writeSnapshotFiles(World& world, const Value& state, std::int32_t id, bool memory) {
  putFile(world, named(world, state, fmt::format("-Snapshot{}.vmsn", id)), FileKind::snapshotData, 28'000);
  if (!memory) return;
  const auto size = state.at("config.hardware.memoryMB").asInteger().value_or(0) << 20;
  putFile(world, named(world, state, fmt::format("-Snapshot{}.vmem", id)), FileKind::snapshotMemory, size);
}

void removeSnapshotFiles(World& world, const Value& state, std::int32_t id) {
  for (const std::string_view ending : {"vmsn", "vmem"}) {
    const FileId file = named(world, state, fmt::format("-Snapshot{}.{}", id, ending));
    if (world.files.exists(file)) world.files.remove(file);
  }
}

void writeSnapshotList(World& world, const Value& state, std::int32_t id) {
  const FileId file = named(world, state, ".vmsd");
  StoredFile content;
  content.kind = FileKind::snapshotList;
  content.modified = world.now();
  content.snapshots = state.at("snapshot");
  std::size_t count = 0;
  eachSnapshot(snapshotRoots(content.snapshots), [&](const Value&, const Value&) { ++count; });
  const std::int32_t highest = std::max(id, highestId(world, state));
  content.text = fmt::format("{}{}\"\nsnapshot.numSnapshots = \"{}\"\n", lastUid, highest, count);
  content.size = static_cast<std::int64_t>(content.text.size() + 600 * count);
  world.files.put(file, std::move(content));
}

void writeFrozenConfig(World& world, const Value& state, std::int32_t id, const Value& config) {
  const FileId file = named(world, state, fmt::format("-Snapshot{}.vmsn", id));
  if (!world.files.exists(file)) putFile(world, file, FileKind::snapshotData, 28'000);
  StoredFile content = world.files.need(file);
  content.config = config;
  world.files.put(file, std::move(content));
}

Value frozenConfigIn(World& world, const Value& state, std::int32_t id) {
  const StoredFile* file = world.files.find(named(world, state, fmt::format("-Snapshot{}.vmsn", id)));
  return file ? file->config : Value();
}

Value snapshotListIn(World& world, const Value& state) {
  const StoredFile* file = world.files.find(named(world, state, ".vmsd"));
  return file ? file->snapshots : Value();
}

}  // namespace failback::mock
