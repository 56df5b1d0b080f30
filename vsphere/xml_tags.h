// SPDX-License-Identifier: GPL-2.0-or-later
// Walks over the tags of an XML text without changing or judging it: it may be cut short or malformed. For
// code that must keep every byte it does not mean to change; to read XML use libxml2.
#pragma once

#include <string_view>

namespace failback::vsphere {

struct XmlTag {
  enum class Kind { start, empty, end } kind = Kind::start;
  std::string_view name;  // without prefix
  std::string_view
      type;  // the value of an attribute named type, without prefixes (xsi:type above all); may be empty
  std::size_t begin = 0, end = 0;  // in the text: of '<', and behind '>'
};

// The next element's tag at or behind `from`; comments, CDATA, processing instructions and declarations are
// passed over. False when there is none, or the last one is cut off.
bool nextTag(std::string_view text, std::size_t from, XmlTag& tag);

}  // namespace failback::vsphere
