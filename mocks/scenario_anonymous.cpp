// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/scenario_anonymous.h"

#include <fmt/format.h>

#include <array>

#include "mocks/random_source.h"

namespace failback::mock {

namespace {

struct Pattern {
  std::string_view kind, text;
};
constexpr std::array<Pattern, 20> patterns{{{"host", "esx-{:02}.anonymous.example"},
                                            {"server", "vcenter-{}.anonymous.example"},
                                            {"vm", "vm-{:03}"},
                                            {"datastore", "datastore-{:02}"},
                                            {"network", "network-{:02}"},
                                            {"switch", "switch-{:02}"},
                                            {"folder", "folder-{:02}"},
                                            {"datacenter", "datacenter-{}"},
                                            {"cluster", "cluster-{:02}"},
                                            {"pod", "datastore-cluster-{:02}"},
                                            {"pool", "pool-{:02}"},
                                            {"vapp", "vapp-{:02}"},
                                            {"snapshot", "snapshot-{:03}"},
                                            {"guest", "guest-{:03}.anonymous.example"},
                                            {"nas", "nas-{:02}.anonymous.example"},
                                            {"export", "/export/{:02}"},
                                            {"volume", "/volume-{:02}"},
                                            {"lun", "naa.6000000000000000000000000000{:04}"},
                                            {"key", "key-{:02}"},
                                            {"file", "file-{:03}"}}};

}  // namespace

MadeUpNames::Made& MadeUpNames::of(std::string_view kind, const std::string& original) {
  Made& made = made_[{std::string(kind), original}];
  made.fresh = made.number == 0;
  if (made.fresh) made.number = ++count_[std::string(kind)];
  return made;
}

std::string MadeUpNames::name(std::string_view kind, const std::string& original) {
  if (!active_ || original.empty()) return original;
  Made& made = of(kind, original);
  if (!made.fresh) return made.text;
  std::string_view pattern = "name-{:03}";
  for (const Pattern& each : patterns) {
    if (each.kind == kind) pattern = each.text;
  }
  made.text = fmt::format(fmt::runtime(pattern), made.number);
  return made.text;
}

// What follows the machine's name ("_1", "-000002") stays.
std::string MadeUpNames::fileName(const std::string& original) {
  for (std::size_t size = original.size(); size > 0; --size) {
    const std::string stem = original.substr(0, size), rest = original.substr(size);
    const auto known = made_.find({"vm", stem});
    if (known != made_.end() && rest.find_first_not_of("_-0123456789") == std::string::npos)
      return known->second.text + rest;
  }
  return name("file", original);
}

std::string MadeUpNames::filePath(const std::string& original) {
  if (!active_) return original;
  std::string path;
  std::size_t start = 0;
  while (start <= original.size()) {
    const auto slash = std::min(original.find('/', start), original.size());
    if (start > 0) path += '/';
    path += fileName(original.substr(start, slash - start));
    start = slash + 1;
  }
  return path;
}

std::string MadeUpNames::address(const std::string& original) {
  if (!active_ || original.empty()) return original;
  const bool six = original.find(':') != std::string::npos;
  const unsigned number = of(six ? "address6" : "address", original).number;
  if (!six) return fmt::format("10.99.{}.{}", number / 250, 1 + number % 250);
  const bool local = original.starts_with("fe80") || original.starts_with("FE80");
  return fmt::format("{}::{:x}", local ? "fe80" : "2001:db8", number);
}

std::string MadeUpNames::mac(const std::string& original) {
  if (!active_ || original.empty()) return original;
  const unsigned number = of("mac", original).number;
  return fmt::format("00:50:56:80:{:02x}:{:02x}", number / 256 % 256, number % 256);
}

std::string MadeUpNames::uuid(const std::string& original) {
  if (!active_ || original.empty()) return original;
  const std::string_view disk = "6000C29";
  const std::string prefix = original.starts_with(disk) ? std::string(disk) : original.substr(0, 2);
  return uuidFor(fmt::format("anonymous/{}", of("uuid", original).number), prefix);
}

std::string MadeUpNames::volume(const std::string& original) {
  const bool drive = original.size() <= 3 && original.find(':') == 1;
  const bool usual = original == "/" || original == "/boot" || original == "/boot/efi" ||
                     original == "/home" || original == "/var" || original == "/mnt/retention";
  return drive || usual ? original : name("volume", original);
}

}  // namespace failback::mock
