// SPDX-License-Identifier: GPL-2.0-or-later
// What each property of each object was last told to be, as digests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "vsphere/model/moref.h"
#include "vsphere/page_decoder.h"

namespace failback::vsphere {

// One thread at a time.
class DigestBook {
 public:
  bool contains(const Moref& object) const { return objects_.contains(object); }
  // Puts a whole object; returns the paths whose values differ from what stood here. A digest of 0 differs
  // from everything.
  std::vector<std::string> replace(const Moref& object, const std::vector<DigestedChange>& values);
  // Puts one of an object's values; false when it stood here already. A path below a known one
  // ("config.hardware.device[2000]") makes the known one's value unknown.
  bool update(const Moref& object, std::string_view path, std::uint64_t digest);
  void erase(const Moref& object) { objects_.erase(object); }
  // The objects that are not in `present`.
  std::vector<Moref> missing(const std::unordered_set<Moref>& present) const;

 private:
  // Paths are the same few for all objects of a type.
  using Entry = std::pair<std::uint32_t, std::uint64_t>;
  std::uint32_t number(std::string_view path);

  std::vector<std::string> paths_;
  std::unordered_map<Moref, std::vector<Entry>> objects_;
};

}  // namespace failback::vsphere
