// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/plan/document_builder.h"

#include <fmt/format.h>

namespace failback::provisioning {

void DocumentBuilder::value(Node node) {
  if (open_.empty()) {
    root_ = std::move(node);
    done_ = true;
    return;
  }
  Open& parent = open_.back();
  if (parent.node.kind == Node::Kind::list) {
    parent.node.items.push_back(std::move(node));
    return;
  }
  parent.named = false;
  if (const Member* former = parent.node.find(parent.name)) {
    problems_.push_back({below(pointer(), parent.name), parent.namePlace,
                         fmt::format("stands twice, first in line {}", former->place.line), "it once"});
    return;
  }
  parent.node.members.push_back({parent.name, parent.namePlace, std::move(node)});
}

void DocumentBuilder::begin(Node::Kind kind, Place place) {
  if (open_.size() >= static_cast<std::size_t>(deepestDocument))
    throw Stop(fmt::format("is nested more than {} levels deep", deepestDocument), place);
  Node node;
  node.kind = kind;
  node.place = place;
  open_.push_back({std::move(node), false, {}, {}});
}

void DocumentBuilder::end() {
  Node node = std::move(open_.back().node);
  open_.pop_back();
  value(std::move(node));
}

void DocumentBuilder::key(std::string name, Place place) {
  Open& parent = open_.back();
  parent.named = true;
  parent.name = std::move(name);
  parent.namePlace = place;
}

std::string DocumentBuilder::pointer() const {
  std::string result;
  for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
    const Open& each = open_[i];
    result =
        each.node.kind == Node::Kind::map ? below(result, each.name) : below(result, each.node.items.size());
  }
  return result;
}

}  // namespace failback::provisioning
