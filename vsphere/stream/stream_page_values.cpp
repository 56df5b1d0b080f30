// SPDX-License-Identifier: GPL-2.0-or-later
// The values of properties.
#include <algorithm>
#include <utility>

#include "vsphere/object_facts.h"
#include "vsphere/stream/stream_page_decoder.h"
#include "vsphere/wire_values.h"
#include "wsdl/schema.h"

namespace failback::vsphere {
namespace {

using stream::Rule;
using stream::Simple;

std::string_view withoutPrefix(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool isInteger(Simple type) {
  return type == Simple::int8 || type == Simple::int16 || type == Simple::int32 || type == Simple::int64;
}

// May a property whose member wants this take a value of that type?
bool takes(Simple wanted, Simple sent) {
  switch (wanted) {
    case Simple::text:
      return sent == Simple::text || sent == Simple::boolean || isInteger(sent);
    case Simple::int32:
    case Simple::int64:
      return isInteger(sent);
    default:
      return wanted == sent;
  }
}

void* pointerTo(InventoryObject& object) {
  return std::visit([](auto& typed) -> void* { return &typed; }, object);
}

}  // namespace

void StreamPageDecoder::beginProperty() {
  path_.clear();
  pathKnown_ = false;
  key_.reset();
  property_ = nullptr;
  outcome_ = Outcome::none;
  if (!lateValue_.empty()) lateValue_ = {};
  if (updates_) beginChange();
  enter(At::property);
}

void StreamPageDecoder::findProperty() {
  pathKnown_ = true;
  if (object_ == nullptr) return;
  property_ = ruleOf(path_);
  if (property_ != nullptr || !std::holds_alternative<VirtualMachine>(*object_)) return;
  key_ = extraConfigKeyOf(path_);
}

// An object without some of the properties leaves out a few places of the order; a new property gets one.
const stream::PropertyRule* StreamPageDecoder::ruleOf(const std::string& path) {
  constexpr std::size_t ahead = 12;
  constexpr std::size_t most = 256;  // against a page of nothing but strange properties
  const std::size_t end = std::min(order_.size(), orderAt_ + ahead);
  for (std::size_t at = orderAt_; at < end; ++at) {
    if (order_[at].path != path || order_[at].rules != properties_) continue;
    orderAt_ = at + 1;
    return order_[at].rule;
  }
  const stream::PropertyRule* rule = properties_->find(path);
  if (order_.size() < most) {
    const auto place = order_.begin() + static_cast<std::ptrdiff_t>(std::min(orderAt_, order_.size()));
    order_.insert(place, {path, properties_, rule});
    ++orderAt_;
  }
  return rule;
}

void StreamPageDecoder::startValue(const stream::SaxAttributes& attributes) {
  if (updates_ && !digested_ && !attributes.isNil()) {
    digested_ = true;
    digest_.begin("val", attributes);
  }
  if (!pathKnown_ || (updates_ && !opKnown_)) return put(lateValue_, "val", attributes);
  if (object_ == nullptr || outcome_ != Outcome::none) return skip();
  if (attributes.isNil()) {
    outcome_ = Outcome::unset;
    return skip();
  }
  const std::string_view type = withoutPrefix(attributes.xsiType());
  wireType_ = type.empty() ? std::string_view("anyType") : type;
  if (key_) return startKeyedValue(attributes);
  if (property_ == nullptr) {
    outcome_ = Outcome::unknownPath;
    return skip();
  }
  const Rule& rule = *property_->rule;
  if (rule.kind == Rule::Kind::present) {
    rule.take(pointerTo(*object_), {}, scratch_);
    outcome_ = Outcome::read;
    return skip();
  }
  if (rule.kind == Rule::Kind::leaf) {
    const Simple sent = book_.simpleOf(wireType_);
    if (!takes(rule.simple, sent)) return refuseValue(Outcome::foreignType, true);
    return openLeaf(pointerTo(*object_), rule, sent, attributes);
  }
  openCompound(draft(), rule, wireType_);
}

// The whole OptionValue, or of a path that ends in ".value" the plain value.
void StreamPageDecoder::startKeyedValue(const stream::SaxAttributes& attributes) {
  if (vim25::isA(wireType_, "OptionValue"))
    return openCompound(draft(), stream::keyedOptionRule(), wireType_);
  const Simple sent = book_.simpleOf(wireType_);
  if (!takes(Simple::text, sent)) return refuseValue(Outcome::foreignType, true);
  openLeaf(draft(), stream::keyedPlainRule(), sent, attributes);
}

void StreamPageDecoder::openLeaf(void* target, const Rule& rule, Simple simple,
                                 const stream::SaxAttributes& attributes) {
  text_.clear();
  if (simple == Simple::reference) {
    managedType_ = attributes.plain("type");
    serverGuid_ = attributes.plain("serverGuid");
  }
  frames_.push_back({.at = At::leaf, .target = target, .rule = &rule, .simple = simple});
}

void StreamPageDecoder::openCompound(void* target, const Rule& rule, std::string_view wireType) {
  const stream::TypedRule& type = book_.find(rule, wireType);
  const bool ofProperty = frames_.back().at == At::property;
  // A property may have any value, so what nobody knows is no value of this property; a member is at least
  // what is declared.
  const bool stranger = ofProperty && !type.fits;
  const bool unknown = ofProperty && type.degraded && vim25::nearestKnown(wireType).empty();
  if (stranger || unknown) return refuseValue(Outcome::foreignType, true);
  if (!type.fits) return refuseValue(Outcome::unfit, true);
  if (type.rule->open == nullptr) return skip();
  void* opened = type.rule->open(target, {type.type, type.degraded, type.variant}, scratch_);
  if (opened == nullptr) return skip();
  frames_.push_back({.at = At::value, .target = opened, .type = &type, .rule = type.rule});
}

void StreamPageDecoder::startMember(const char* name, const stream::SaxAttributes& attributes) {
  Frame& frame = frames_.back();
  const stream::TypedChild* member = book_.child(*frame.type, name);
  if (member == nullptr || attributes.isNil()) return skip();
  if (!member->child.list) {
    const std::uint64_t bit = std::uint64_t{1} << (member - frame.type->children.data());
    if ((frame.seen & bit) != 0) return skip();
    frame.seen |= bit;
  }
  const Rule& rule = *member->child.rule;
  switch (rule.kind) {
    case Rule::Kind::leaf:
      return openLeaf(frame.target, rule, rule.simple, attributes);
    case Rule::Kind::any: {
      const Simple sent = book_.simpleOf(withoutPrefix(attributes.xsiType()));
      if (sent != Simple::none) return openLeaf(frame.target, rule, sent, attributes);
      if (!rule.take(frame.target, {.text = {}, .type = sent, .managedType = {}, .serverGuid = {}}, scratch_))
        return refuseValue(Outcome::unfit, true);
      return skip();
    }
    case Rule::Kind::present:
      rule.take(frame.target, {}, scratch_);
      return skip();
    case Rule::Kind::object: {
      const std::string_view sent = withoutPrefix(attributes.xsiType());
      return openCompound(frame.target, rule, sent.empty() ? member->declared : sent);
    }
  }
}

void StreamPageDecoder::endLeaf(const Frame& frame) {
  if (!frame.rule->take(frame.target, {text_, frame.simple, managedType_, serverGuid_}, scratch_))
    return refuseValue(Outcome::unfit, false);
  if (frames_.back().at == At::property) settleValue();
}

void StreamPageDecoder::endValue(const Frame& frame) {
  if (frame.rule->close != nullptr && !frame.rule->close(frame.target, scratch_))
    return refuseValue(Outcome::unfit, false);
  if (frames_.back().at == At::property) settleValue();
}

// All of the property's value has been read, and fits.
void StreamPageDecoder::settleValue() {
  outcome_ = Outcome::read;
  if (key_) {
    if (!stream::putKeyedOption(std::get<VirtualMachine>(*object_), *key_, scratch_.option))
      outcome_ = Outcome::foreignType;
  } else if (property_->commit != nullptr) {
    property_->commit(pointerTo(*object_), pointerTo(draft_));
  }
}

void StreamPageDecoder::refuseValue(Outcome outcome, bool elementBegins) {
  outcome_ = outcome;
  unsigned open = elementBegins ? 1 : 0;
  while (frames_.back().at != At::property) {
    frames_.pop_back();
    ++open;
  }
  skipped_ = open;
  renewDraft();
  scratch_ = {};
}

// The property has ended. When its name, or what is done with it, came last, its value is
// still to be looked at.
void StreamPageDecoder::endProperty() {
  if (!lateValue_.empty() && pathKnown_) {
    const stream::EventLog value = std::exchange(lateValue_, {});
    opKnown_ = true;  // or it is missing
    enter(At::property);
    value.replay(*this, reader_.names());
    frames_.pop_back();
  }
  if (updates_) endChange();
  if (outcome_ == Outcome::unfit) {
    unreadable_.push_back(unreadableProperty(ref_, path_, "malformed", kTextOfUnfitValue));
  } else if (outcome_ == Outcome::foreignType) {
    const bool known = vim25::isBound(wireType_);
    unreadable_.push_back(
        unreadableProperty(ref_, path_, known ? "malformed" : "unknownType",
                           known ? textOfForeignValue(wireType_) : textOfUnknownValue(wireType_)));
  }
}

void* StreamPageDecoder::draft() {
  return pointerTo(draft_);
}

void StreamPageDecoder::renewDraft() {
  std::visit([this](auto& typed) { draft_ = std::remove_cvref_t<decltype(typed)>{}; }, *object_);
}

}  // namespace failback::vsphere
