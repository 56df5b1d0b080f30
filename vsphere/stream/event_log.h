// SPDX-License-Identifier: GPL-2.0-or-later
// What a parser tells, kept until it can be used: vim25 fixes the order of members, but a server that writes
// them in another one is read all the same.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "vsphere/stream/sax_reader.h"

namespace failback::vsphere::stream {

// Names are kept as pointers: the reader that gave them must outlive the log.
class EventLog {
 public:
  bool empty() const { return events_.empty(); }
  std::size_t bytes() const { return bytes_; }

  void start(const char* name, const SaxAttributes& attributes);
  void end();
  void text(std::string_view piece);
  // Tells all of it again. `names`: the reader's.
  void replay(SaxHandler& handler, const SaxNames& names) const;

 private:
  struct Attribute {
    const xmlChar* name = nullptr;
    const xmlChar* prefix = nullptr;
    const xmlChar* uri = nullptr;
    std::string value;
  };
  struct Event {
    enum class Kind : unsigned char { start, end, text } kind = Kind::end;
    const char* name = nullptr;
    std::vector<Attribute> attributes;
    std::string text;
  };

  std::vector<Event> events_;
  std::size_t bytes_ = 0;
};

}  // namespace failback::vsphere::stream
