// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/stream/value_digest.h"

namespace failback::vsphere::stream {
namespace {

// FNV-1a, 64 bits.
constexpr std::uint64_t kBasis = 0xcbf29ce484222325ULL;
constexpr std::uint64_t kPrime = 0x100000001b3ULL;

// Characters that no XML can hold.
constexpr std::string_view kStart = "\x01", kAttribute = "\x02", kEquals = "\x03", kEnd = "\x04";

}  // namespace

void ValueDigest::add(std::string_view bytes) {
  std::uint64_t hash = hash_;
  for (const char byte : bytes) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= kPrime;
  }
  hash_ = hash;
}

void ValueDigest::begin(const char* name, const SaxAttributes& attributes) {
  hash_ = kBasis;
  level_ = 0;
  start(name, attributes);
}

void ValueDigest::start(const char* name, const SaxAttributes& attributes) {
  ++level_;
  add(kStart);
  add(name);
  for (int i = 0; i < attributes.count(); ++i) {
    std::string_view value = attributes.value(i);
    // The prefix of a type is the writer's choice.
    if (attributes.isXsi(i)) value = value.substr(value.find(':') + 1);
    add(kAttribute);
    add(attributes.name(i));
    add(kEquals);
    add(value);
  }
}

void ValueDigest::end() {
  add(kEnd);
  --level_;
}

}  // namespace failback::vsphere::stream
