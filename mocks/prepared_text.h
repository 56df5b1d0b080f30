// SPDX-License-Identifier: GPL-2.0-or-later
// The XML of the members of all packed objects of one shape, for one release: what is the same in all of
// them, and gaps for what is not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/type_model.h"

namespace failback::mock {

struct Shape;

struct PreparedText {
  enum class Fill : std::uint8_t {
    boolean,
    int32,
    int64,
    text,
    keptText,
    literal,  // keptText or text of an enumeration, which is never empty
    ref,      // ` type="VirtualMachine">vm-42`
    item,     // what `element` holds, whatever that is: the element is not in the text
    member,   // a list and its elements, likewise
    any,      // where any type may stand, likewise
  };
  struct Gap {
    std::size_t at = 0;  // in `text`
    Fill fill = Fill::text;
    std::uint32_t slot = 0;  // counted from the object's first
    const Shape* shape = nullptr;
    const MemberInfo* declared = nullptr;
    std::string_view element;
  };

  std::string text;
  std::vector<Gap> gaps;
};

}  // namespace failback::mock
