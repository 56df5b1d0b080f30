// SPDX-License-Identifier: GPL-2.0-or-later
// Builds a tree from what a parser meets, in its order; common to JSON and YAML.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "provisioning/plan/document.h"

namespace failback::provisioning {

Node readJson(std::string_view text, std::vector<Problem>& problems);
Node readYaml(std::string_view text, std::vector<Problem>& problems);

class DocumentBuilder {
 public:
  // Thrown when going on makes no sense.
  class Stop : public std::runtime_error {
   public:
    Stop(const std::string& text, Place where) : std::runtime_error(text), at(where) {}
    Place at;
  };

  explicit DocumentBuilder(std::vector<Problem>& problems) : problems_(problems) {}

  void value(Node node);
  void begin(Node::Kind kind, Place place);
  void end();
  void key(std::string name, Place place);
  // Whether the next scalar is a member's name.
  bool wantsKey() const {
    return !open_.empty() && open_.back().node.kind == Node::Kind::map && !open_.back().named;
  }
  bool done() const { return done_; }
  Node take() { return std::move(root_); }
  // Of what is being built now.
  std::string pointer() const;

 private:
  struct Open {
    Node node;
    bool named = false;  // a name has come, and waits for its value
    std::string name;
    Place namePlace;
  };

  std::vector<Problem>& problems_;
  std::vector<Open> open_;
  Node root_;
  bool done_ = false;
};

}  // namespace failback::provisioning
