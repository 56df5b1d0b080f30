// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/text_width.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace failback::cli {
namespace {

struct Range {
  std::uint32_t first, last;
};

// East Asian Wide and Fullwidth, and emoji, by block (Unicode 15).
constexpr std::array<Range, 20> wide = {
    {{0x1100, 0x115F}, {0x231A, 0x231B},   {0x23E9, 0x23EC},   {0x2614, 0x2615},   {0x26AA, 0x26AB},
     {0x2E80, 0x303E}, {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},
     {0xA960, 0xA97F}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
     {0xFFE0, 0xFFE6}, {0x16FE0, 0x18DFF}, {0x1B000, 0x1B2FF}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}}};
// Combining marks, joiners, variation selectors.
constexpr std::array<Range, 16> zero = {{{0x0300, 0x036F},
                                         {0x0483, 0x0489},
                                         {0x0591, 0x05BD},
                                         {0x0610, 0x061A},
                                         {0x064B, 0x065F},
                                         {0x0E31, 0x0E31},
                                         {0x0E34, 0x0E3A},
                                         {0x0E47, 0x0E4E},
                                         {0x1AB0, 0x1AFF},
                                         {0x1DC0, 0x1DFF},
                                         {0x200B, 0x200F},
                                         {0x202A, 0x202E},
                                         {0x2060, 0x2064},
                                         {0x20D0, 0x20FF},
                                         {0xFE00, 0xFE0F},
                                         {0xFE20, 0xFE2F}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, std::uint32_t value) {
  const auto at =
      std::upper_bound(ranges.begin(), ranges.end(), value,
                       [](std::uint32_t wanted, const Range& range) { return wanted < range.first; });
  return at != ranges.begin() && value <= (at - 1)->last;
}

struct Decoded {
  std::uint32_t value = 0xFFFD;
  std::size_t length = 1;
  bool valid = false;
};

Decoded decode(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xF0 && lead <= 0xF4  ? 4
                             : lead >= 0xE0 && lead < 0xF0 ? 3
                             : lead >= 0xC2 && lead < 0xE0 ? 2
                                                           : 0;
  if (length == 0 || at + length > text.size()) return {};
  std::uint32_t value = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xC0) != 0x80) return {};
    value = value << 6 | (next & 0x3Fu);
  }
  constexpr std::array<std::uint32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  if (value < least[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
  return {value, length, true};
}

// Also those that change the direction in which the rest of the line is shown.
bool isControl(std::uint32_t value) {
  return value < 0x20 || (value >= 0x7F && value < 0xA0) || (value >= 0x202A && value <= 0x202E) ||
         (value >= 0x2066 && value <= 0x2069);
}

std::size_t widthOf(std::uint32_t value) {
  if (within(zero, value)) return 0;
  return within(wide, value) ? 2 : 1;
}

// Most texts are nothing but visible ASCII, a column each.
bool isPlain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace

std::string printable(std::string_view text) {
  if (isPlain(text)) return std::string(text);
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const Decoded character = decode(text, i);
    if (!character.valid) {
      result += "\xEF\xBF\xBD";
    } else if (character.value == '\n' || character.value == '\t' || character.value == '\r') {
      result += ' ';
    } else if (isControl(character.value)) {
      result += '?';
    } else {
      result += text.substr(i, character.length);
    }
    i += character.length;
  }
  return result;
}

std::size_t displayWidth(std::string_view text) {
  if (isPlain(text)) return text.size();
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Decoded character = decode(text, i);
    width += widthOf(character.value);
    i += character.length;
  }
  return width;
}

std::string cutToWidth(std::string_view text, std::size_t width, std::string_view ellipsis) {
  if (displayWidth(text) <= width) return std::string(text);
  const std::size_t tail = displayWidth(ellipsis);
  const bool withTail = tail < width;
  const std::size_t room = withTail ? width - tail : width;
  std::size_t used = 0, i = 0;
  while (i < text.size()) {
    const Decoded character = decode(text, i);
    if (used + widthOf(character.value) > room) break;
    used += widthOf(character.value);
    i += character.length;
  }
  std::string result(text.substr(0, i));
  if (withTail) result += ellipsis;
  return result;
}

std::string cutFrontToWidth(std::string_view text, std::size_t width, std::string_view ellipsis) {
  std::size_t total = displayWidth(text);
  if (total <= width) return std::string(text);
  const std::size_t head = displayWidth(ellipsis);
  const bool withHead = head < width;
  const std::size_t room = withHead ? width - head : width;
  std::size_t i = 0;
  while (i < text.size() && total > room) {
    const Decoded character = decode(text, i);
    total -= widthOf(character.value);
    i += character.length;
  }
  return (withHead ? std::string(ellipsis) : std::string()).append(text.substr(i));
}

std::vector<std::string> wrapToWidth(std::string_view text, std::size_t width, LongWords words) {
  std::vector<std::string> lines(1);
  std::size_t used = 0;
  const auto append = [&](std::string_view word) {
    // A word longer than a line is broken where the line ends.
    while (words == LongWords::broken && displayWidth(word) > width && width > 0) {
      if (used > 0) lines.emplace_back();
      lines.back() = cutToWidth(word, width, "");
      if (lines.back().empty()) return;
      word.remove_prefix(lines.back().size());
      used = width;
    }
    if (word.empty()) return;
    const std::size_t columns = displayWidth(word);
    if (used > 0 && used + 1 + columns > width) {
      lines.emplace_back();
      used = 0;
    }
    if (used > 0) lines.back() += ' ';
    used += columns + (used > 0 ? 1 : 0);
    lines.back() += word;
  };
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    append(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace failback::cli
