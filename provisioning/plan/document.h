// SPDX-License-Identifier: GPL-2.0-or-later
// A document that a person or a program wrote, JSON or YAML, as a tree in which every value knows its place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace failback::provisioning {

// Counted from 1; 0 where it is not known.
struct Place {
  int line = 0;
  int column = 0;
};

struct Member;

struct Node {
  enum class Kind { null, boolean, number, text, list, map };
  Kind kind = Kind::null;
  Place place;
  bool truth = false;
  std::string text;             // of text; of a number as it is written
  std::vector<Node> items;      // of a list
  std::vector<Member> members;  // of a map, in the document's order; names are different

  const Member* find(std::string_view name) const;
};

struct Member {
  std::string name;
  Place place;
  Node value;
};

// "null", "true or false", "a number", "text", "a list", "a map".
std::string_view describe(Node::Kind kind);

// What is wrong with a document, and where.
struct Problem {
  std::string pointer;  // JSON pointer (RFC 6901); empty: the document itself
  Place place;
  std::string text;      // one sentence without a full stop
  std::string expected;  // what would be right; may be empty
};

// "plan.yaml:12:5: /machines/0/name: must be text (found a number); expected ...": one line.
std::string describe(const Problem& problem, std::string_view file);

// One step below, escaped as RFC 6901 wants it.
std::string below(std::string_view pointer, std::string_view name);
std::string below(std::string_view pointer, std::size_t index);
// The place of what a pointer names, or of the nearest value above it that is there.
Place placeOf(const Node& root, std::string_view pointer);

// Limits of what is read: a plan is written by people and programs, not by attackers with more patience.
inline constexpr std::size_t largestDocument = 16U << 20;
inline constexpr int deepestDocument = 64;

// Reads JSON when the first character that is no white space is a brace, YAML else. What is not well formed
// is one problem with its place. Names that come twice in a map, anchors and aliases, tags, and a second
// document are problems, too: they would mean one thing to one reader and another to the next.
Node parseDocument(std::string_view text, std::vector<Problem>& problems);

}  // namespace failback::provisioning
