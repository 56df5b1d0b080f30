// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/random_source.h"

#include <fmt/format.h>

#include <sstream>

namespace failback::mock {

namespace {

std::string formatUuid(std::uint64_t high, std::uint64_t low) {
  const std::string digits = fmt::format("{:016x}{:016x}", high, low);
  return fmt::format("{}-{}-{}-{}-{}", digits.substr(0, 8), digits.substr(8, 4), digits.substr(12, 4),
                     digits.substr(16, 4), digits.substr(20));
}

// One step of SplitMix64.
std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31U);
}

}  // namespace

std::string RandomSource::save() const {
  std::ostringstream text;
  text << engine_;
  return text.str();
}

bool RandomSource::restore(const std::string& saved) {
  std::istringstream text(saved);
  std::mt19937_64 engine;
  if (!(text >> engine)) return false;
  engine_ = engine;
  return true;
}

std::string RandomSource::hex(std::size_t digits) {
  std::string text;
  while (text.size() < digits) text += fmt::format("{:016x}", next());
  text.resize(digits);
  return text;
}

std::string RandomSource::uuid(std::string_view firstByte) {
  const std::uint64_t high = next();
  std::string text = formatUuid(high, next());
  return text.replace(0, firstByte.size(), firstByte);
}

std::uint64_t hashOf(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix(hash);
}

std::string uuidFor(std::string_view text, std::string_view firstBytes) {
  const std::uint64_t high = hashOf(text);
  std::string uuid = formatUuid(high, mix(high));
  return uuid.replace(0, firstBytes.size(), firstBytes);
}

}  // namespace failback::mock
