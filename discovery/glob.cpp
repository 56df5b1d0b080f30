// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/glob.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace failback::discovery {
namespace {

// The character at `at` and its length; a byte that is no UTF-8 counts as a character of its own.
struct Character {
  std::uint32_t value;
  std::size_t length;
};

Character characterAt(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead >= 'A' && lead <= 'Z') return {static_cast<std::uint32_t>(lead - 'A' + 'a'), 1};
  std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (at + length > text.size()) length = 1;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < length; ++i) value = value << 8 | static_cast<unsigned char>(text[at + i]);
  return {value, length};
}

// Judges the set that begins at pattern[at] == '['. Gives where it ends, or nothing when it is not closed
// and "[" stands for itself.
std::optional<std::size_t> matchSet(std::string_view pattern, std::size_t at, std::uint32_t wanted,
                                    bool& hit) {
  std::size_t i = at + 1;
  const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (negated) ++i;
  bool found = false;
  for (bool first = true; i < pattern.size(); first = false) {
    if (pattern[i] == ']' && !first) {
      hit = found != negated;
      return i + 1;
    }
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    const Character low = characterAt(pattern, i);
    i += low.length;
    Character high = low;
    if (i + 1 < pattern.size() && pattern[i] == '-' && pattern[i + 1] != ']') {
      high = characterAt(pattern, i + 1);
      i += 1 + high.length;
    }
    if (low.value <= wanted && wanted <= high.value) found = true;
  }
  return std::nullopt;
}

// Matches one pattern element other than "*" at `p` with the character at `t`; moves both on when it fits.
bool matchOne(std::string_view pattern, std::size_t& p, std::string_view text, std::size_t& t) {
  const Character character = characterAt(text, t);
  if (pattern[p] == '?') {
    ++p;
    t += character.length;
    return true;
  }
  if (pattern[p] == '[') {
    bool hit = false;
    if (const auto end = matchSet(pattern, p, character.value, hit)) {
      if (!hit) return false;
      p = *end;
      t += character.length;
      return true;
    }
  }
  std::size_t literal = p;
  if (pattern[p] == '\\' && p + 1 < pattern.size()) ++literal;
  const Character wanted = characterAt(pattern, literal);
  if (wanted.value != character.value) return false;
  p = literal + wanted.length;
  t += character.length;
  return true;
}

}  // namespace

bool matchesGlob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0;
  // Where to go on when the way after the last "*" fails: that "*" then takes one character more.
  std::optional<std::size_t> star;
  std::size_t starText = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      starText = t;
      continue;
    }
    if (p < pattern.size() && matchOne(pattern, p, text, t)) continue;
    if (!star) return false;
    starText += characterAt(text, starText).length;
    p = *star;
    t = starText;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace failback::discovery
