// SPDX-License-Identifier: GPL-2.0-or-later
// Looks at an answer's markup before any decoder does, and refuses what no vSphere server sends but a hostile
// one may: decoders (gSOAP, libxml2) bound none of it by themselves, and their time grows with the square of
// a tag's attributes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace failback::vsphere {

struct MarkupLimits {
  std::size_t maxDepth = 100;      // elements within elements; real answers have some 20
  std::size_t maxAttributes = 64;  // of one element, namespaces included; an envelope has some 10
  std::size_t maxTagBytes = 64 * 1024;
  // In one text. The longest answer that is decoded as a whole, the list of a view, has one for each object
  // of the site, some 100,000 in the largest; decoded, each may take a few hundred bytes.
  std::size_t maxElements = 500'000;
};

// Reads the text once, piece by piece, cut anywhere; it does not judge well-formedness, which decoders do.
// Not thread-safe.
class MarkupGuard {
 public:
  explicit MarkupGuard(MarkupLimits limits = {}) : limits_(limits) {}

  // False when what came so far is beyond the limits; then all that follows is refused, too.
  bool feed(std::string_view piece);
  // What is wrong, as the end of a sentence about the answer: "its elements are nested deeper than 100".
  // Empty when nothing is.
  const std::string& problem() const { return problem_; }

 private:
  enum class State { text, open, tag, quoted, skipped };

  void step(char c);
  // Skips to the next character that matters in the present state.
  std::string_view skip(std::string_view rest) const;
  void beginTag(char c);
  void endTag();
  void lookInSkipped(char c);
  void refuse(std::string problem);

  const MarkupLimits limits_;
  std::string problem_;
  State state_ = State::text;
  std::size_t depth_ = 0, attributes_ = 0, tagBytes_ = 0, elements_ = 0;
  char quote_ = 0;
  bool closing_ = false;     // an end tag
  bool slash_ = false;       // the character before was a slash: <name/>
  std::string opening_;      // "!--", "![CDATA[" or "?": how what is skipped began
  std::string_view ending_;  // what ends it
  std::size_t matched_ = 0;  // characters of that seen
};

// What is wrong with a whole text; nothing when it is within the limits.
std::optional<std::string> markupProblem(std::string_view text, MarkupLimits limits = {});

// The least of it, for a decoder that counts depth and attributes itself but has to hold a tag as a whole
// before it can: how long is the tag that is being read? Looks at the end of each piece only. Not
// thread-safe.
class LongTagGuard {
 public:
  // False when a tag is longer than MarkupLimits::maxTagBytes, give or take 64 KiB.
  bool feed(std::string_view piece);

 private:
  // To the end of the open tag; returns what is behind it.
  std::string_view walk(std::string_view part);

  std::size_t open_ = 0;  // bytes of the tag that has begun and not ended
  char quote_ = 0;        // of the attribute's value that has begun in it and not ended
};

}  // namespace failback::vsphere
