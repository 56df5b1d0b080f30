// SPDX-License-Identifier: GPL-2.0-or-later
// The XML of what all packed objects of one shape have alike, for one release, and gaps for what they have
// not.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
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
    any,      // where any type may stand, likewise; `declared`, if there, says more
    path,     // a propSet element of the path `element`, or nothing: only the object itself can tell
  };
  struct Gap {
    std::size_t at = 0;  // in `text`
    Fill fill = Fill::text;
    std::uint32_t slot = 0;  // counted from the object's first
    const Shape* shape = nullptr;
    const MemberInfo* declared = nullptr;
    std::string_view element;
    bool typed = false;  // xsi:type stands in it whatever is declared
  };

  std::string text;
  std::vector<Gap> gaps;
  std::deque<std::string> names;  // that gaps refer to and nobody else keeps
};

// One for each release, made when it is first needed. Any thread may ask and keep; what is kept first stays.
class PreparedTexts {
 public:
  PreparedTexts() = default;
  PreparedTexts(const PreparedTexts&) = delete;
  PreparedTexts& operator=(const PreparedTexts&) = delete;
  ~PreparedTexts();

  const PreparedText* get(Release release) const;  // null when there is none yet
  const PreparedText& keep(Release release, std::unique_ptr<const PreparedText> text) const;

 private:
  mutable std::array<std::atomic<const PreparedText*>, 5> texts_{};
};

}  // namespace failback::mock
