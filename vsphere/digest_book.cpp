// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/digest_book.h"

#include <algorithm>

namespace failback::vsphere {
namespace {

bool isBelow(std::string_view path, std::string_view above) {
  return path.size() > above.size() && path.starts_with(above) &&
         (path[above.size()] == '.' || path[above.size()] == '[');
}

}  // namespace

std::uint32_t DigestBook::number(std::string_view path) {
  const auto found = std::find(paths_.begin(), paths_.end(), path);
  if (found != paths_.end()) return static_cast<std::uint32_t>(found - paths_.begin());
  paths_.emplace_back(path);
  return static_cast<std::uint32_t>(paths_.size() - 1);
}

std::vector<std::string> DigestBook::replace(const Moref& object, const std::vector<DigestedChange>& values) {
  std::vector<Entry> fresh;
  fresh.reserve(values.size());
  for (const auto& [path, digest] : values) fresh.emplace_back(number(path), digest);

  std::vector<Entry>& known = objects_[object];
  std::vector<std::string> changed;
  const auto valueIn = [](const std::vector<Entry>& entries, std::uint32_t path) {
    const auto entry =
        std::find_if(entries.begin(), entries.end(), [path](const Entry& one) { return one.first == path; });
    return entry != entries.end() ? entry->second : 0;
  };
  for (const auto& [path, digest] : fresh) {
    if (digest == 0 || valueIn(known, path) != digest) changed.push_back(paths_[path]);
  }
  for (const auto& [path, digest] : known) {
    const bool gone =
        std::none_of(fresh.begin(), fresh.end(), [p = path](const Entry& one) { return one.first == p; });
    if (gone) changed.push_back(paths_[path]);
  }
  known = std::move(fresh);
  return changed;
}

bool DigestBook::update(const Moref& object, std::string_view path, std::uint64_t digest) {
  std::vector<Entry>& known = objects_[object];
  bool part = false;
  for (Entry& entry : known) {
    if (!isBelow(path, paths_[entry.first])) continue;
    entry.second = 0;
    part = true;
  }
  if (part) return true;
  const std::uint32_t id = number(path);
  const auto entry =
      std::find_if(known.begin(), known.end(), [id](const Entry& one) { return one.first == id; });
  if (entry == known.end()) {
    known.emplace_back(id, digest);
    return true;
  }
  const bool differs = digest == 0 || entry->second != digest;
  entry->second = digest;
  return differs;
}

std::vector<Moref> DigestBook::missing(const std::unordered_set<Moref>& present) const {
  std::vector<Moref> gone;
  for (const auto& [object, entries] : objects_) {
    if (!present.contains(object)) gone.push_back(object);
  }
  std::sort(gone.begin(), gone.end());
  return gone;
}

}  // namespace failback::vsphere
