// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_power_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "mocks/vm_disks.h"
#include "mocks/vm_model.h"

namespace failback::mock {

namespace {

constexpr std::size_t logsKept = 6;  // as hosts do it
constexpr std::int64_t logSize = 180'000;

// A file of the machine's directory.
FileId inHome(World& world, const Value& state, const std::string& name) {
  const FileId home = homeOf(world, state);
  return {home.datastore, home.path.empty() ? name : home.path + "/" + name};
}

// "web-01" of "[vmfs-01] web-01/web-01.vmx"
std::string stemOf(const Value& state) {
  const std::string path = vmxPathOf(state);
  const auto start = path.find_last_of("/ ") + 1;
  return path.substr(start, path.rfind('.') - start);
}

FileId swapFile(World& world, const Value& state) {
  return inHome(world, state, stemOf(state) + ".vswp");
}

FileId suspendFile(World& world, const Value& state) {
  return inHome(world, state, stemOf(state) + ".vmss");
}

std::int64_t swapSize(const Value& state) {
  const auto memory = state.at("config.hardware.memoryMB").asInteger().value_or(0);
  const auto reserved = state.at("config.memoryAllocation.reservation").asInteger().value_or(0);
  return std::max<std::int64_t>(0, memory - reserved) << 20;
}

// The number of "vmware-7.log"; 0 for other names.
int logNumber(std::string_view name) {
  constexpr std::string_view start = "vmware-", end = ".log";
  if (!name.starts_with(start) || !name.ends_with(end)) return 0;
  int number = 0;
  std::from_chars(name.data() + start.size(), name.data() + name.size() - end.size(), number);
  return number;
}

void removeIfThere(World& world, const FileId& file) {
  if (world.files.exists(file)) world.files.remove(file);
}

void rotateLogs(World& world, const Value& state) {
  const FileId log = inHome(world, state, "vmware.log");
  const FileId home = homeOf(world, state);
  std::vector<int> numbers;
  for (const auto& [name, file] : world.files.list(home.datastore, home.path)) {
    if (const int number = logNumber(name); number > 0) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  if (world.files.exists(log)) {
    numbers.push_back(numbers.empty() ? 1 : numbers.back() + 1);
    world.files.move(log, inHome(world, state, fmt::format("vmware-{}.log", numbers.back())));
  }
  for (std::size_t i = 0; i + logsKept < numbers.size(); ++i) {
    world.files.remove(inHome(world, state, fmt::format("vmware-{}.log", numbers[i])));
  }
  putFile(world, log, FileKind::log, logSize);
}

}  // namespace

void putFile(World& world, const FileId& file, FileKind kind, std::int64_t size) {
  StoredFile content;
  content.kind = kind;
  content.size = size;
  content.modified = world.now();
  world.files.put(file, std::move(content));
}

std::string swapPath(World& world, const Value& state) {
  return world.files.pathOf(swapFile(world, state));
}

void needSwapSpace(World& world, const Value& state) {
  const FileId file = swapFile(world, state);
  if (world.files.exists(file) || swapSize(state) <= freeSpace(world, file.datastore)) return;
  throw noDiskSpace(world.files.pathOf(file), world.files.nameOf(file.datastore));
}

void makeRunFiles(World& world, const Value& state) {
  needSwapSpace(world, state);
  rotateLogs(world, state);
  putFile(world, swapFile(world, state), FileKind::swap, swapSize(state));
  removeIfThere(world, suspendFile(world, state));
}

void removeRunFiles(World& world, const Value& state, bool suspended) {
  removeIfThere(world, swapFile(world, state));
  removeIfThere(world, suspendFile(world, state));
  const FileId log = inHome(world, state, "vmware.log");
  if (world.files.exists(log)) putFile(world, log, FileKind::log, logSize + 20'000);
  if (suspended) {
    const auto memory = state.at("config.hardware.memoryMB").asInteger().value_or(0) << 20;
    putFile(world, suspendFile(world, state), FileKind::other, memory);
  }
}

}  // namespace failback::mock
