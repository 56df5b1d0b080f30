// SPDX-License-Identifier: GPL-2.0-or-later
// Trees of a large site, packed: what many objects have alike is told once. The form of a tree (its types,
// which members are set, the length of its lists) is a Shape, shared by all trees of that form; what is left
// of a single object is a row of small slots and some text. Parts that are one node in many trees stay one
// node.
//
// A packed DataObject looks like any other: its members are made when somebody asks for them. Who only reads
// a path, or writes XML, need not have them made. Everything is immutable once packed, and thread safe.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mocks/prepared_text.h"
#include "mocks/value.h"

namespace failback::mock {

class PackedStore;

// What the slots of one packed tree refer to.
struct PackedLeaves {
  std::shared_ptr<const PackedStore> store;  // of the kept values and the shapes
  std::vector<std::uint32_t> slots;
  std::string text;  // texts, each behind its length, and numbers too wide for a slot

  std::string_view textOf(std::uint32_t place) const;
  std::string_view textAt(std::uint32_t slot) const { return textOf(slots[slot]); }
  std::int64_t wideAt(std::uint32_t slot) const;
};

struct Shape {
  enum class Kind : std::uint8_t {
    boolean,
    int32,
    int64,
    text,      // of this tree alone
    ref,       // kept: a reference
    keptText,  // kept: a text that many trees share
    kept,      // kept: an object, a list or a number that is no integer
    object,
    list,
  };
  struct Part {
    std::uint16_t member = 0;  // of an object: index into the type's members
    std::uint32_t slot = 0;    // its first, counted from the first of the whole
    const Shape* shape = nullptr;
    bool operator==(const Part&) const = default;
  };

  Kind kind = Kind::boolean;
  TypeKind textKind = TypeKind::string;
  const TypeInfo* type = nullptr;  // of an object, or of an enumeration's text
  std::string elementType;         // of a list
  std::vector<Part> parts;         // of an object or a list; of a list of equal shapes the first only
  std::uint32_t count = 0;         // elements of a list
  std::uint32_t slots = 1;         // that a value of this shape takes
  std::int32_t key = -1;  // of an object: the part that is its member "key", by which lists are searched

  // The slot and shape of an object's member; null when it is not set.
  const Part* find(std::uint16_t member) const;
  // The element of a list at `i`.
  Part element(std::uint32_t i) const;

  PreparedTexts prepared;  // the members of an object of this shape, with gaps for the slots
};

// A value within a packed tree.
struct PackedPart {
  const Shape* shape = nullptr;
  std::shared_ptr<const PackedLeaves> leaves;
  std::uint32_t slot = 0;

  // Itself as a Value; a packed object when it is an object.
  Value value() const;
  // An object's members.
  std::vector<DataObject::Member> members() const;
};

// A place in a packed tree, for walks that keep nothing. Lives no longer than the tree.
struct PackedPlace {
  const Shape* shape = nullptr;
  const PackedLeaves* leaves = nullptr;
  std::uint32_t slot = 0;

  const Value& kept() const;  // of the kinds ref, keptText and kept
  std::uint32_t raw() const { return leaves->slots[slot]; }
};

// The shapes and kept values of an inventory. They stay as long as any tree that was packed with them.
class PackedStore : public std::enable_shared_from_this<PackedStore> {
 public:
  // A node that so many hold is one that the objects of a site share.
  static constexpr long manyHolders = 6;

  // The tree of an object, packed. `value` must be an object.
  PackedPart pack(const Value& value);

  const Value& kept(std::uint32_t index) const { return entry(index).value; }
  // Numbers for the keys that kept objects have in lists: 0 is that of none, and of keys that none has.
  std::uint32_t keyOf(std::uint32_t index) const { return entry(index).key; }
  std::uint32_t keyNumber(std::string_view key) const;
  std::size_t shapes() const;
  std::size_t keptValues() const;

 private:
  class Packing;

  mutable std::mutex mutex_;  // of packing; reading needs none

  // What shapes differ by.
  struct Form {
    Shape::Kind kind = Shape::Kind::object;
    TypeKind textKind = TypeKind::string;
    const TypeInfo* type = nullptr;
    std::string_view elementType;
    const Shape::Part* parts = nullptr;
    std::size_t partCount = 0;
    std::uint32_t count = 0, slots = 1;
  };
  // Kept values stay where they are, because they are read while others are added.
  static constexpr std::size_t blockSize = 1024, mostBlocks = 16'384;

  static std::size_t hashOf(const Form& form);
  static bool fits(const Shape& shape, const Form& form);
  static void noteKey(Shape& shape);
  const Shape* shapeOf(const Form& form);

  struct Kept {
    Value value;
    std::uint32_t key = 0;
  };
  const Kept& entry(std::uint32_t index) const {
    return blocks_[index / blockSize].load(std::memory_order_acquire)[index % blockSize];
  }
  std::uint32_t keep(const Value& value);
  void append(const Value& value);

  std::unordered_multimap<std::size_t, std::unique_ptr<Shape>> shapes_;
  std::array<const Shape*, 8> leaves_{};  // by kind, of those that differ by nothing else
  std::deque<std::vector<Kept>> keptBlocks_;
  std::size_t keptCount_ = 0;
  std::unique_ptr<std::atomic<const Kept*>[]> blocks_ =
      std::make_unique<std::atomic<const Kept*>[]>(mostBlocks);
  std::unordered_map<std::string, std::uint32_t> keys_;
  std::unordered_map<const void*, std::uint32_t> keptNodes_;
  std::unordered_multimap<std::string, std::uint32_t> keptRefs_;  // by identifier
};

}  // namespace failback::mock
