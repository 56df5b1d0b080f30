// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/stream/rules.h"

#include <algorithm>
#include <limits>

namespace failback::vsphere::stream {
namespace {

template <class Number>
bool putNumber(Number& member, const Leaf& leaf) {
  const auto value = integerOf(leaf.text, leaf.type);
  if (!value || *value < std::numeric_limits<Number>::min() || *value > std::numeric_limits<Number>::max())
    return false;
  member = static_cast<Number>(*value);
  return true;
}

template <class Number>
bool putOptionalNumber(std::optional<Number>& member, const Leaf& leaf) {
  Number value = 0;
  if (!putNumber(value, leaf)) return false;
  member = value;
  return true;
}

Moref referenceOf(const Leaf& leaf) {
  return {std::string(leaf.managedType), std::string(leaf.text), std::string(leaf.serverGuid)};
}

}  // namespace

bool put(std::string& member, const Leaf& leaf) {
  if (leaf.type == Simple::text) {
    member.assign(leaf.text);
    return true;
  }
  auto text = textOf(leaf.text, leaf.type);
  if (!text) return false;
  member = std::move(*text);
  return true;
}

bool put(std::optional<std::string>& member, const Leaf& leaf) {
  std::string text;
  if (!put(text, leaf)) return false;
  member = std::move(text);
  return true;
}

bool put(bool& member, const Leaf& leaf) {
  const auto value = booleanOf(leaf.text);
  if (!value) return false;
  member = *value;
  return true;
}

bool put(std::optional<bool>& member, const Leaf& leaf) {
  const auto value = booleanOf(leaf.text);
  if (!value) return false;
  member = value;
  return true;
}

bool put(std::int32_t& member, const Leaf& leaf) {
  return putNumber(member, leaf);
}
bool put(std::optional<std::int32_t>& member, const Leaf& leaf) {
  return putOptionalNumber(member, leaf);
}
bool put(std::int64_t& member, const Leaf& leaf) {
  return putNumber(member, leaf);
}
bool put(std::optional<std::int64_t>& member, const Leaf& leaf) {
  return putOptionalNumber(member, leaf);
}

bool put(Moref& member, const Leaf& leaf) {
  member = referenceOf(leaf);
  return true;
}

bool put(std::optional<Moref>& member, const Leaf& leaf) {
  if (leaf.text.empty()) {
    member.reset();
  } else {
    member = referenceOf(leaf);
  }
  return true;
}

bool put(std::vector<Moref>& member, const Leaf& leaf) {
  if (!leaf.text.empty()) member.push_back(referenceOf(leaf));
  return true;
}

bool put(std::vector<std::string>& member, const Leaf& leaf) {
  member.emplace_back(leaf.text);
  return true;
}

bool put(std::vector<std::int32_t>& member, const Leaf& leaf) {
  return putNumber(member.emplace_back(), leaf);
}

Rule leafWith(Simple simple, bool (*take)(void*, const Leaf&, Scratch&)) {
  Rule rule;
  rule.kind = Rule::Kind::leaf;
  rule.simple = simple;
  rule.take = take;
  return rule;
}

Rule presentRule(bool (*take)(void*, const Leaf&, Scratch&)) {
  Rule rule;
  rule.kind = Rule::Kind::present;
  rule.take = take;
  return rule;
}

Rule objectRule(std::string_view declared, std::vector<Child> children, decltype(Rule::open) open,
                decltype(Rule::close) close) {
  Rule rule;
  rule.kind = Rule::Kind::object;
  rule.declared = declared;
  rule.children = std::move(children);
  rule.open = open;
  rule.close = close;
  return rule;
}

Rule arrayRule(std::string_view array, std::string_view element, const Rule& rule) {
  return objectRule(array, {{element, &rule, true}});
}

PropertyRules::PropertyRules(std::initializer_list<PropertyRule> rows) : rows_(rows) {
  std::ranges::sort(rows_, {}, &PropertyRule::path);
}

const PropertyRule* PropertyRules::find(std::string_view path) const {
  const auto found = std::ranges::lower_bound(rows_, path, {}, &PropertyRule::path);
  return found != rows_.end() && found->path == path ? &*found : nullptr;
}

namespace {

const PropertyRules& rulesFor(const Datacenter&) {
  return datacenterRules();
}
const PropertyRules& rulesFor(const Folder&) {
  return folderRules();
}
const PropertyRules& rulesFor(const Cluster&) {
  return clusterRules();
}
const PropertyRules& rulesFor(const Host&) {
  return hostRules();
}
const PropertyRules& rulesFor(const Datastore&) {
  return datastoreRules();
}
const PropertyRules& rulesFor(const StoragePod&) {
  return storagePodRules();
}
const PropertyRules& rulesFor(const Network&) {
  return networkRules();
}
const PropertyRules& rulesFor(const DistributedSwitch&) {
  return distributedSwitchRules();
}
const PropertyRules& rulesFor(const ResourcePool&) {
  return resourcePoolRules();
}
const PropertyRules& rulesFor(const VirtualMachine&) {
  return vmRules();
}

}  // namespace

const PropertyRules& rulesOf(const InventoryObject& object) {
  return std::visit([](const auto& typed) -> const PropertyRules& { return rulesFor(typed); }, object);
}

}  // namespace failback::vsphere::stream
