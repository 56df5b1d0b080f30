// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/markup_guard.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace failback::vsphere {
namespace {

constexpr std::string_view comment = "!--";
constexpr std::string_view characterData = "![CDATA[";

bool begins(std::string_view whole, std::string_view part) {
  return whole.substr(0, part.size()) == part;
}

}  // namespace

void MarkupGuard::refuse(std::string problem) {
  if (problem_.empty()) problem_ = std::move(problem);
}

// Text, and what is skipped, is passed over by memchr: most of an answer is text.
std::string_view MarkupGuard::skip(std::string_view rest) const {
  if (state_ != State::text && (state_ != State::skipped || ending_.empty() || matched_ > 0)) return rest;
  const char wanted = state_ == State::text ? '<' : ending_.front();
  const void* hit = std::memchr(rest.data(), wanted, rest.size());
  if (hit == nullptr) return {};
  return rest.substr(static_cast<std::size_t>(static_cast<const char*>(hit) - rest.data()));
}

bool MarkupGuard::feed(std::string_view piece) {
  while (problem_.empty()) {
    piece = skip(piece);
    if (piece.empty()) break;
    step(piece.front());
    piece.remove_prefix(1);
  }
  return problem_.empty();
}

void MarkupGuard::step(char c) {
  switch (state_) {
    case State::text:
      if (c == '<') state_ = State::open;
      return;
    case State::open:
      beginTag(c);
      return;
    case State::skipped:
      lookInSkipped(c);
      return;
    case State::quoted:
      if (c == quote_) state_ = State::tag;
      break;
    case State::tag:
      if (c == '>') {
        endTag();
        return;
      }
      if (c == '=' && ++attributes_ > limits_.maxAttributes) {
        refuse(fmt::format("an element in it has more than {} attributes", limits_.maxAttributes));
      }
      if (c == '"' || c == '\'') {
        quote_ = c;
        state_ = State::quoted;
      }
      slash_ = c == '/';
      break;
  }
  if (++tagBytes_ > limits_.maxTagBytes) {
    refuse(fmt::format("a tag in it is longer than {} bytes", limits_.maxTagBytes));
  }
}

// The character behind '<'.
void MarkupGuard::beginTag(char c) {
  if (c == '!' || c == '?') {
    state_ = State::skipped;
    opening_ = c;
    ending_ = c == '?' ? "?>" : "";
    matched_ = 0;
    return;
  }
  state_ = State::tag;
  closing_ = c == '/';
  slash_ = false;
  attributes_ = 0;
  tagBytes_ = 1;
}

void MarkupGuard::endTag() {
  state_ = State::text;
  if (!closing_ && ++elements_ > limits_.maxElements) {
    refuse(fmt::format("it has more than {} elements", limits_.maxElements));
  }
  if (closing_) {
    if (depth_ > 0) --depth_;
  } else if (!slash_ && ++depth_ > limits_.maxDepth) {
    refuse(fmt::format("its elements are nested deeper than {}", limits_.maxDepth));
  }
}

void MarkupGuard::lookInSkipped(char c) {
  if (ending_.empty()) {
    opening_ += c;
    if (opening_ == comment) {
      ending_ = "-->";
    } else if (opening_ == characterData) {
      ending_ = "]]>";
    } else if (!begins(comment, opening_) && !begins(characterData, opening_)) {
      // SOAP forbids it, and entities are declared there.
      refuse("it has a document type, which may declare entities");
    }
    return;
  }
  if (c == ending_[matched_]) {
    if (++matched_ == ending_.size()) state_ = State::text;
    return;
  }
  // "--->" and "]]]>" end as well.
  const bool repeats = ending_.size() == 3 && matched_ == 2 && c == ending_[0];
  if (!repeats) matched_ = c == ending_[0] ? 1 : 0;
}

std::optional<std::string> markupProblem(std::string_view text, MarkupLimits limits) {
  MarkupGuard guard(limits);
  if (guard.feed(text)) return std::nullopt;
  return guard.problem();
}

std::string_view LongTagGuard::walk(std::string_view part) {
  for (std::size_t at = 0; at < part.size(); ++at) {
    const char c = part[at];
    if (quote_ != 0) {
      if (c == quote_) quote_ = 0;
    } else if (c == '"' || c == '\'') {
      quote_ = c;
    } else if (c == '>') {
      open_ = 0;
      return part.substr(at + 1);
    }
  }
  open_ += part.size();
  return {};
}

bool LongTagGuard::feed(std::string_view piece) {
  constexpr std::size_t block = 64 * 1024;
  while (!piece.empty()) {
    std::string_view part = piece.substr(0, block);
    piece.remove_prefix(part.size());
    if (open_ > 0) part = walk(part);
    const std::size_t begun = part.rfind('<');
    if (open_ == 0 && begun != std::string_view::npos) {
      // What began and ended before it is no longer than a block.
      open_ = 1;
      quote_ = 0;
      walk(part.substr(begun + 1));
    }
    if (open_ > MarkupLimits{}.maxTagBytes) return false;
  }
  return true;
}

}  // namespace failback::vsphere
