// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/packed.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

#include "mocks/prepared_text.h"
#include "mocks/property_path.h"

namespace failback::mock {

namespace {

std::size_t joined(std::size_t hash, std::size_t more) {
  return (hash ^ more) * 0x9e3779b97f4a7c15ULL + (hash >> 29U);
}

// The address of the node that a value refers to.
const void* nodeOf(const Value& value) {
  if (const DataObject* object = value.asObject()) return object;
  if (const List* items = value.asList()) return items;
  return value.asText();
}

Value madeText(const Shape& shape, std::string_view text) {
  if (shape.textKind == TypeKind::string) return {text};
  return Value::text({std::string(text), shape.textKind, shape.type});
}

}  // namespace

std::string_view PackedLeaves::textOf(std::uint32_t place) const {
  const char* at = text.data() + place;
  std::uint32_t length = 0;
  std::memcpy(&length, at, sizeof length);
  return {at + sizeof length, length};
}

std::int64_t PackedLeaves::wideAt(std::uint32_t slot) const {
  std::int64_t number = 0;
  std::memcpy(&number, text.data() + slots[slot], sizeof number);
  return number;
}

const Value& PackedPlace::kept() const {
  return leaves->store->kept(raw());
}

PreparedTexts::~PreparedTexts() {
  for (std::atomic<const PreparedText*>& each : texts_) {
    const std::unique_ptr<const PreparedText> gone(each.load());
  }
}

const PreparedText* PreparedTexts::get(Release release) const {
  return texts_[static_cast<std::size_t>(release)].load(std::memory_order_acquire);
}

const PreparedText& PreparedTexts::keep(Release release, std::unique_ptr<const PreparedText> text) const {
  const PreparedText* first = nullptr;
  auto& place = texts_[static_cast<std::size_t>(release)];
  if (!place.compare_exchange_strong(first, text.get(), std::memory_order_acq_rel)) return *first;
  return *text.release();
}

const Shape::Part* Shape::find(std::uint16_t member) const {
  const auto found = std::lower_bound(parts.begin(), parts.end(), member,
                                      [](const Part& part, std::uint16_t i) { return part.member < i; });
  return found != parts.end() && found->member == member ? &*found : nullptr;
}

Shape::Part Shape::element(std::uint32_t i) const {
  if (parts.size() == count) return parts[i];
  return {0, i * parts.front().shape->slots, parts.front().shape};
}

Value PackedPart::value() const {
  switch (shape->kind) {
    case Shape::Kind::boolean:
      return leaves->slots[slot] != 0;
    case Shape::Kind::int32:
      return std::bit_cast<std::int32_t>(leaves->slots[slot]);
    case Shape::Kind::int64:
      return leaves->wideAt(slot);
    case Shape::Kind::text:
      return madeText(*shape, leaves->textAt(slot));
    case Shape::Kind::ref:
    case Shape::Kind::keptText:
    case Shape::Kind::kept:
      return leaves->store->kept(leaves->slots[slot]);
    case Shape::Kind::object:
      return DataObject(*this);
    case Shape::Kind::list:
      break;
  }
  List list{{}, shape->elementType};
  list.items.reserve(shape->count);
  for (std::uint32_t i = 0; i < shape->count; ++i) {
    const Shape::Part part = shape->element(i);
    list.items.push_back(PackedPart{part.shape, leaves, slot + part.slot}.value());
  }
  return list;
}

std::vector<DataObject::Member> PackedPart::members() const {
  std::vector<DataObject::Member> found;
  found.reserve(shape->parts.size());
  for (const Shape::Part& part : shape->parts)
    found.push_back({part.member, PackedPart{part.shape, leaves, slot + part.slot}.value()});
  return found;
}

// One tree on its way.
class PackedStore::Packing {
 public:
  explicit Packing(PackedStore& store) : store_(store) { recent_.fill(nowhere); }

  const Shape* add(const Value& value, bool root = false) {
    if (value.asRef()) return kept(Shape::Kind::ref, value);
    if (const Text* text = value.asText()) {
      return value.holders() >= manyHolders ? kept(Shape::Kind::keptText, value) : addText(*text);
    }
    if (!root && value.holders() >= manyHolders) return kept(Shape::Kind::kept, value);
    if (const DataObject* object = value.asObject()) return addObject(*object);
    if (const List* list = value.asList()) return addList(*list);
    if (const bool* flag = value.asBool()) {
      leaves_.slots.push_back(*flag ? 1 : 0);
      return leaf(Shape::Kind::boolean);
    }
    if (const auto number = value.asInteger()) return addNumber(*number, value.isLong());
    return kept(Shape::Kind::kept, value);
  }

  std::shared_ptr<const PackedLeaves> finish() {
    leaves_.store = store_.shared_from_this();
    leaves_.slots.shrink_to_fit();
    leaves_.text.shrink_to_fit();
    return std::make_shared<const PackedLeaves>(std::move(leaves_));
  }

 private:
  const Shape* leaf(Shape::Kind kind) {
    const Shape*& known = store_.leaves_[static_cast<std::size_t>(kind)];
    if (!known) {
      Form form;
      form.kind = kind;
      known = store_.shapeOf(form);
    }
    return known;
  }

  const Shape* kept(Shape::Kind kind, const Value& value) {
    leaves_.slots.push_back(store_.keep(value));
    return leaf(kind);
  }

  const Shape* addText(const Text& text) {
    leaves_.slots.push_back(placeOf(text.text));
    if (text.kind == TypeKind::string) return leaf(Shape::Kind::text);
    Form form;
    form.kind = Shape::Kind::text;
    form.textKind = text.kind;
    form.type = text.type;
    return store_.shapeOf(form);
  }

  // A text that a tree has several times stands there once.
  std::uint32_t placeOf(std::string_view text) {
    const std::size_t hash = std::hash<std::string_view>{}(text);
    std::uint32_t& known = recent_[hash % recent_.size()];
    if (known < leaves_.text.size() && leaves_.textOf(known) == text) return known;
    const auto length = static_cast<std::uint32_t>(text.size());
    known = static_cast<std::uint32_t>(leaves_.text.size());
    leaves_.text.append(reinterpret_cast<const char*>(&length), sizeof length);
    leaves_.text += text;
    return known;
  }

  const Shape* addNumber(std::int64_t number, bool wide) {
    if (!wide) {
      leaves_.slots.push_back(std::bit_cast<std::uint32_t>(static_cast<std::int32_t>(number)));
      return leaf(Shape::Kind::int32);
    }
    leaves_.slots.push_back(static_cast<std::uint32_t>(leaves_.text.size()));
    leaves_.text.append(reinterpret_cast<const char*>(&number), sizeof number);
    return leaf(Shape::Kind::int64);
  }

  const Shape* addObject(const DataObject& object) {
    const std::size_t mine = parts_.size(), start = leaves_.slots.size();
    // Members that nobody has asked for yet are read without having them made: that takes a lock, under which
    // somebody else may be waiting for this store's.
    std::vector<DataObject::Member> unmade;
    const PackedPart* part = object.membersMade() ? nullptr : object.packed();
    if (part) unmade = part->members();
    for (const DataObject::Member& member : part ? unmade : object.members()) {
      const auto slot = static_cast<std::uint32_t>(leaves_.slots.size() - start);
      const Shape* shape = add(member.value);
      parts_.push_back({member.index, slot, shape});
    }
    Form form;
    form.type = &object.type();
    form.count = 0;
    return finished(form, mine, start);
  }

  const Shape* addList(const List& list) {
    const std::size_t mine = parts_.size(), start = leaves_.slots.size();
    for (const Value& item : list.items) {
      const auto slot = static_cast<std::uint32_t>(leaves_.slots.size() - start);
      const Shape* shape = add(item);
      parts_.push_back({0, slot, shape});
    }
    Form form;
    form.kind = Shape::Kind::list;
    form.elementType = list.elementType;
    form.count = static_cast<std::uint32_t>(list.items.size());
    const auto first = parts_.begin() + static_cast<std::ptrdiff_t>(mine);
    const bool alike =
        std::all_of(first, parts_.end(), [&](const Shape::Part& part) { return part.shape == first->shape; });
    if (alike && form.count > 1) parts_.resize(mine + 1);
    return finished(form, mine, start);
  }

  // The shape with the parts from `mine` on, which are then taken off.
  const Shape* finished(Form& form, std::size_t mine, std::size_t start) {
    form.parts = parts_.data() + mine;
    form.partCount = parts_.size() - mine;
    form.slots = static_cast<std::uint32_t>(leaves_.slots.size() - start);
    const Shape* shape = store_.shapeOf(form);
    parts_.resize(mine);
    return shape;
  }

  static constexpr std::uint32_t nowhere = 0xffffffff;

  PackedStore& store_;
  PackedLeaves leaves_;
  std::vector<Shape::Part> parts_;           // of the objects and lists on the way
  std::array<std::uint32_t, 256> recent_{};  // places of texts, by hash
};

std::size_t PackedStore::hashOf(const Form& form) {
  std::size_t hash = static_cast<std::size_t>(form.kind) * 31 + static_cast<std::size_t>(form.textKind);
  hash = joined(hash, std::hash<const void*>{}(form.type));
  hash = joined(hash, form.count);
  for (std::size_t i = 0; i < form.partCount; ++i)
    hash = joined(joined(hash, form.parts[i].member), std::hash<const void*>{}(form.parts[i].shape));
  return hash;
}

bool PackedStore::fits(const Shape& shape, const Form& form) {
  return shape.kind == form.kind && shape.textKind == form.textKind && shape.type == form.type &&
         shape.count == form.count && shape.elementType == form.elementType &&
         std::equal(shape.parts.begin(), shape.parts.end(), form.parts, form.parts + form.partCount);
}

void PackedStore::noteKey(Shape& shape) {
  const auto key = shape.type->index.find("key");
  if (key == shape.type->index.end()) return;
  if (const Shape::Part* part = shape.find(key->second))
    shape.key = static_cast<std::int32_t>(part - shape.parts.data());
}

const Shape* PackedStore::shapeOf(const Form& form) {
  const std::size_t hash = hashOf(form);
  const auto [first, last] = shapes_.equal_range(hash);
  for (auto each = first; each != last; ++each) {
    if (fits(*each->second, form)) return each->second.get();
  }
  auto shape = std::make_unique<Shape>();
  shape->kind = form.kind;
  shape->textKind = form.textKind;
  shape->type = form.type;
  shape->elementType = form.elementType;
  shape->parts.assign(form.parts, form.parts + form.partCount);
  shape->count = form.count;
  shape->slots = form.slots;
  if (form.kind == Shape::Kind::object) noteKey(*shape);
  return shapes_.emplace(hash, std::move(shape))->second.get();
}

std::uint32_t PackedStore::keep(const Value& value) {
  const auto next = static_cast<std::uint32_t>(keptCount_);
  bool fresh = true;
  std::uint32_t place = next;
  if (const MoRef* ref = value.asRef()) {
    // Few identifiers belong to objects of two types, but they may.
    const auto [first, last] = keptRefs_.equal_range(ref->id);
    const auto found =
        std::find_if(first, last, [&](const auto& each) { return *kept(each.second).asRef() == *ref; });
    fresh = found == last;
    if (fresh) {
      keptRefs_.emplace(ref->id, next);
    } else {
      place = found->second;
    }
  } else if (const void* node = nodeOf(value)) {
    const auto [found, added] = keptNodes_.try_emplace(node, next);
    place = found->second;
    fresh = added;
  }
  if (fresh) append(value);
  return place;
}

void PackedStore::append(const Value& value) {
  if (keptCount_ % blockSize == 0) {
    if (keptBlocks_.size() == mostBlocks) throw std::length_error("too many values are kept");
    keptBlocks_.emplace_back(blockSize);
    blocks_[keptBlocks_.size() - 1].store(keptBlocks_.back().data(), std::memory_order_release);
  }
  const auto key = value.asObject() ? elementKey(value) : std::nullopt;
  const auto next = static_cast<std::uint32_t>(keys_.size() + 1);
  keptBlocks_.back()[keptCount_++ % blockSize] = {value,
                                                  key ? keys_.try_emplace(*key, next).first->second : 0};
}

std::uint32_t PackedStore::keyNumber(std::string_view key) const {
  const std::lock_guard lock(mutex_);
  const auto found = keys_.find(std::string(key));
  return found == keys_.end() ? 0 : found->second;
}

std::size_t PackedStore::shapes() const {
  const std::lock_guard lock(mutex_);
  return shapes_.size();
}

std::size_t PackedStore::keptValues() const {
  const std::lock_guard lock(mutex_);
  return keptCount_;
}

PackedPart PackedStore::pack(const Value& value) {
  const std::lock_guard lock(mutex_);
  Packing packing(*this);
  const Shape* shape = packing.add(value, true);
  return {shape, packing.finish(), 0};
}

}  // namespace failback::mock
