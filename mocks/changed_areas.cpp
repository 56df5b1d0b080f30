// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/changed_areas.h"

#include <fmt/format.h>

#include <algorithm>

#include "mocks/random_source.h"
#include "mocks/vm_disks.h"
#include "mocks/vm_model.h"

namespace failback::mock {

namespace {

constexpr std::int64_t block = 64 * 1024;  // what tracking tells apart

std::string idAfter(const std::string& uuid, const std::vector<std::string>& writes, std::size_t count) {
  std::string all = uuid;
  for (std::size_t i = 0; i < count; ++i) all += "\n" + writes[i];
  const std::uint64_t first = hashOf(all), second = hashOf(all + "#");
  std::string id;
  for (int i = 0; i < 16; ++i) {
    const std::uint64_t half = i < 8 ? first : second;
    if (i > 0) id += i == 8 ? '-' : ' ';
    id += fmt::format("{:02x}", (half >> (8 * (7 - i % 8))) & 0xff);
  }
  return fmt::format("{}/{}", id, count);
}

// Where a write went to follows from what it says.
DiskArea areaOf(const std::string& token, std::int64_t capacity) {
  const std::int64_t blocks = std::max<std::int64_t>(1, capacity / block);
  const auto number = static_cast<std::int64_t>(hashOf(token) % static_cast<std::uint64_t>(blocks));
  return {number * block, std::min(block, capacity)};
}

std::vector<DiskArea> joined(std::vector<DiskArea> areas) {
  std::sort(areas.begin(), areas.end(),
            [](const DiskArea& a, const DiskArea& b) { return a.start < b.start; });
  std::vector<DiskArea> found;
  for (const DiskArea& each : areas) {
    if (found.empty() || each.start > found.back().start + found.back().length) {
      found.push_back(each);
      continue;
    }
    DiskArea& last = found.back();
    last.length = std::max(last.length, each.start + each.length - last.start);
  }
  return found;
}

// What a disk without snapshots would take: all of a thick one, the beginning of a thin one.
std::int64_t inUse(World& world, const FileId& disk) {
  const Descriptor base = world.files.descriptor(world.files.chain(disk).back());
  if (base.provisioning != "thin") return base.capacity;
  std::int64_t bytes = 0;
  for (const FileId& each : world.files.chain(disk)) bytes += world.files.sizeOf(each);
  return std::min(base.capacity, (bytes + block - 1) / block * block);
}

}  // namespace

std::string changeIdOf(World& world, const FileId& disk) {
  const std::vector<std::string> writes = world.files.contents(disk);
  return idAfter(world.files.descriptor(disk).uuid, writes, writes.size());
}

Value withChangeIds(World& world, const Value& config) {
  const bool* tracked = config.at("changeTrackingEnabled").asBool();
  if (tracked == nullptr || !*tracked) return config;
  std::vector<Value> devices = devicesOfConfig(config);
  for (Value& device : devices) {
    const auto file = isDisk(device) ? diskFileOf(device) : std::nullopt;
    const Value& backing = device.at("backing");
    if (!file || !world.files.exists(*file) || !takesPartInSnapshots(device)) continue;
    if (backing.asObject()->type().find("changeId") == nullptr) continue;
    device = device.with("backing.changeId", changeIdOf(world, *file));
  }
  return config.with("hardware.device", list(std::move(devices)));
}

std::optional<std::vector<DiskArea>> changedAreas(World& world, const FileId& disk,
                                                  std::string_view changeId) {
  const Descriptor described = world.files.descriptor(disk);
  const std::vector<std::string> writes = world.files.contents(disk);
  std::vector<DiskArea> areas;
  std::size_t from = 0;
  if (changeId == "*") {
    areas.push_back({0, inUse(world, disk)});
  } else {
    while (from <= writes.size() && idAfter(described.uuid, writes, from) != changeId) ++from;
    if (from > writes.size()) return std::nullopt;
  }
  areas.reserve(areas.size() + writes.size() - from);
  for (std::size_t i = from; i < writes.size(); ++i) areas.push_back(areaOf(writes[i], described.capacity));
  return joined(std::move(areas));
}

}  // namespace failback::mock
