// SPDX-License-Identifier: GPL-2.0-or-later
// Random names that a seed makes reproducible. Not thread safe: the World's lock guards it.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace failback::mock {

class RandomSource {
 public:
  explicit RandomSource(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t next() { return engine_(); }
  std::string hex(std::size_t digits);
  // Where it stands in its sequence, as text; and back. restore() gives false for a text that is none.
  std::string save() const;
  bool restore(const std::string& saved);
  // "52b5c3d6-19a4-..."; the first byte is given because real servers start theirs with known ones.
  std::string uuid(std::string_view firstByte = "52");

 private:
  std::mt19937_64 engine_;
};

// A UUID that depends on nothing but the text: the same object has the same one in every run.
std::string uuidFor(std::string_view text, std::string_view firstBytes = {});
// The bytes behind it.
std::uint64_t hashOf(std::string_view text);

}  // namespace failback::mock
