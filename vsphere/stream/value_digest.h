// SPDX-License-Identifier: GPL-2.0-or-later
// A number for a value as it stands in an answer, so that two can be compared of which neither is kept.
#pragma once

#include <cstdint>
#include <string_view>

#include "vsphere/stream/sax_reader.h"

namespace failback::vsphere::stream {

// Of one element and all that is in it: names, attributes and texts, without prefixes. In which pieces the
// texts come makes no difference. Not thread-safe.
class ValueDigest {
 public:
  // The element's start tag; all that follows up to its end belongs to it.
  void begin(const char* name, const SaxAttributes& attributes);
  // Between begin() and the element's end.
  bool running() const { return level_ > 0; }
  void start(const char* name, const SaxAttributes& attributes);
  void end();
  void text(std::string_view piece) { add(piece); }
  // Of the last element that has ended: at least 2, so that 0 and 1 can say something else.
  std::uint64_t value() const { return hash_ < 2 ? hash_ + 2 : hash_; }

 private:
  void add(std::string_view bytes);

  std::uint64_t hash_ = 0;
  unsigned level_ = 0;
};

}  // namespace failback::vsphere::stream
