// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/value.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <unordered_map>

#include "mocks/packed.h"

namespace failback::mock {

namespace {

const Value unsetValue;

template <typename T, typename Variant>
const T* pointee(const Variant& data) {
  const auto* held = std::get_if<std::shared_ptr<const T>>(&data);
  return held ? held->get() : nullptr;
}

// What is kept for all is held so often that it counts as held by many from the start.
template <typename T>
using Pinned = std::array<T, PackedStore::manyHolders>;

template <typename T>
Pinned<T> pinned(const T& value) {
  Pinned<T> pins;
  pins.fill(value);
  return pins;
}

// Words such as "green" stand in every object of a site: each is kept once. Thread safe.
std::shared_ptr<const Text> sharedText(std::string_view text) {
  constexpr std::size_t longest = 32, most = 4096;
  static std::mutex mutex;
  // Keys live in the values.
  static std::unordered_map<std::string_view, Pinned<std::shared_ptr<const Text>>> known;
  if (text.size() > longest) return std::make_shared<const Text>(Text{std::string(text)});
  const std::lock_guard lock(mutex);
  const auto found = known.find(text);
  if (found != known.end()) return found->second.front();
  auto made = std::make_shared<const Text>(Text{std::string(text)});
  if (known.size() < most) known.emplace(made->text, pinned(made));
  return made;
}

std::pair<std::string_view, std::string_view> splitFirst(std::string_view path) {
  const auto dot = path.find('.');
  if (dot == std::string_view::npos) return {path, {}};
  return {path.substr(0, dot), path.substr(dot + 1)};
}

}  // namespace

Value::Value(const char* text) : data_(sharedText(text)) {}
Value::Value(std::string text) : data_(std::make_shared<const Text>(Text{std::move(text)})) {}
Value::Value(MoRef ref) : data_(std::make_shared<const MoRef>(std::move(ref))) {}
Value::Value(List list) : data_(std::make_shared<const List>(std::move(list))) {}
Value::Value(DataObject object) : data_(std::make_shared<const DataObject>(std::move(object))) {}

Value Value::text(Text text) {
  Value value;
  value.data_ = std::make_shared<const Text>(std::move(text));
  return value;
}

Value Value::enumeration(std::string_view typeName, std::string literal) {
  return text({std::move(literal), TypeKind::enumeration, &TypeModel::get().need(typeName)});
}

std::optional<std::int64_t> Value::asInteger() const {
  if (const auto* narrow = std::get_if<std::int32_t>(&data_)) return *narrow;
  if (const auto* wide = std::get_if<std::int64_t>(&data_)) return *wide;
  return std::nullopt;
}

const Text* Value::asText() const {
  return pointee<Text>(data_);
}
const MoRef* Value::asRef() const {
  return pointee<MoRef>(data_);
}
const List* Value::asList() const {
  return pointee<List>(data_);
}
const DataObject* Value::asObject() const {
  return pointee<DataObject>(data_);
}

std::string_view Value::string() const {
  const Text* text = asText();
  return text ? std::string_view(text->text) : std::string_view();
}

const Value& Value::at(std::string_view path) const {
  const Value* current = this;
  while (!path.empty()) {
    const DataObject* object = current->asObject();
    if (!object) return unsetValue;
    const auto [name, rest] = splitFirst(path);
    current = &object->get(name);
    path = rest;
  }
  return *current;
}

long Value::holders() const {
  if (const auto* object = std::get_if<std::shared_ptr<const DataObject>>(&data_)) return object->use_count();
  if (const auto* text = std::get_if<std::shared_ptr<const Text>>(&data_)) return text->use_count();
  if (const auto* list = std::get_if<std::shared_ptr<const List>>(&data_)) return list->use_count();
  if (const auto* ref = std::get_if<std::shared_ptr<const MoRef>>(&data_)) return ref->use_count();
  return 0;
}

Value Value::with(std::string_view path, Value value) const {
  const DataObject* object = asObject();
  if (!object) throw SchemaViolation("cannot set '" + std::string(path) + "' in a value that is no object");
  const auto [name, rest] = splitFirst(path);
  DataObject copy = *object;
  copy.set(name, rest.empty() ? std::move(value) : object->get(name).with(rest, std::move(value)));
  return copy;
}

Value Value::appended(Value element) const {
  List copy;
  if (const List* present = asList()) copy = *present;
  copy.items.push_back(std::move(element));
  return copy;
}

bool Value::sameNode(const Value& other) const {
  if (data_.index() != other.data_.index()) return false;
  if (const auto* object = asObject()) return object == other.asObject();
  if (const auto* list = asList()) return list == other.asList();
  if (const auto* text = asText()) return text == other.asText();
  if (const auto* ref = asRef()) return ref == other.asRef();
  return data_ == other.data_;
}

bool Value::operator==(const Value& other) const {
  if (sameNode(other)) return true;
  if (asText() && other.asText()) return *asText() == *other.asText();
  if (asRef() && other.asRef()) return *asRef() == *other.asRef();
  if (asList() && other.asList()) return asList()->items == other.asList()->items;
  const DataObject* mine = asObject();
  const DataObject* theirs = other.asObject();
  if (!mine || !theirs || &mine->type() != &theirs->type()) return false;
  const PackedPart* here = mine->packed();
  const PackedPart* there = here ? theirs->packed() : nullptr;
  if (there && here->leaves == there->leaves && here->slot == there->slot) return true;
  return std::equal(mine->members().begin(), mine->members().end(), theirs->members().begin(),
                    theirs->members().end(), [](const DataObject::Member& a, const DataObject::Member& b) {
                      return a.index == b.index && a.value == b.value;
                    });
}

const Value& DataObject::get(std::string_view name) const {
  const auto found = type_->index.find(name);
  if (found == type_->index.end()) {
    throw SchemaViolation("type " + std::string(type_->name) + " has no member '" + std::string(name) + "'");
  }
  return get(found->second);
}

const Value& DataObject::get(std::uint16_t index) const {
  const std::vector<Member>& all = members();
  if (!all.empty() && all.front().index == index) return all.front().value;  // keys are asked for most
  const auto place = std::lower_bound(all.begin(), all.end(), index,
                                      [](const Member& member, std::uint16_t i) { return member.index < i; });
  return place != all.end() && place->index == index ? place->value : unsetValue;
}

void DataObject::set(std::string_view name, Value value) {
  const auto found = type_->index.find(name);
  if (found == type_->index.end()) {
    throw SchemaViolation("type " + std::string(type_->name) + " has no member '" + std::string(name) + "'");
  }
  set(found->second, std::move(value));
}

void DataObject::set(std::uint16_t index, Value value) {
  dropWritten();
  (void)members();
  origin_.reset();
  if (members_.empty() || members_.back().index < index) {
    if (!value.isSet()) return;
    // Objects live long and grow little: no room is kept beyond what is needed.
    if (members_.size() == members_.capacity()) members_.reserve(members_.size() + 1);
    members_.push_back({index, std::move(value)});
    return;
  }
  const auto place = std::lower_bound(members_.begin(), members_.end(), index,
                                      [](const Member& member, std::uint16_t i) { return member.index < i; });
  const bool present = place != members_.end() && place->index == index;
  if (!value.isSet()) {
    if (present) members_.erase(place);
  } else if (present) {
    place->value = std::move(value);
  } else {
    const auto at = place - members_.begin();
    if (members_.size() == members_.capacity()) members_.reserve(members_.size() + 1);
    members_.insert(members_.begin() + at, Member{index, std::move(value)});
  }
}

struct DataObject::Written {
  Release release;
  std::string xml;
  const Written* next;
};

// Where a packed object lies, or how that is found out.
struct DataObject::Origin {
  PackedPart part;
  std::function<PackedPart()> make;
  std::atomic<bool> there{true};
};

namespace {

// Guards what is made of an object when somebody first asks. One of several, by object; recursive, because
// making one object may look at others.
std::recursive_mutex& makingOf(const void* object) {
  constexpr std::size_t some = 64;
  static std::array<std::recursive_mutex, some> all;
  return all[std::hash<const void*>{}(object) / alignof(DataObject) / 8 % some];
}

}  // namespace

DataObject::DataObject(PackedPart part)
    : type_(part.shape->type), origin_(new Origin{std::move(part), {}, true}), made_(false) {}

DataObject::DataObject(const TypeInfo& type, std::function<PackedPart()> make)
    : type_(&type), origin_(new Origin{{}, std::move(make), false}), made_(false) {}

const PackedPart* DataObject::packedPart() const {
  Origin& origin = *origin_;
  if (origin.there.load(std::memory_order_acquire)) return &origin.part;
  const std::lock_guard lock(makingOf(&origin));
  if (!origin.there.load(std::memory_order_relaxed)) {
    origin.part = origin.make();
    origin.make = nullptr;
    origin.there.store(true, std::memory_order_release);
  }
  return &origin.part;
}

// A copy is made to be changed: it has its members.
DataObject::DataObject(const DataObject& other) : type_(other.type_), members_(other.members()) {}

DataObject::DataObject(DataObject&& other) noexcept
    : type_(other.type_),
      members_(std::move(other.members_)),
      origin_(std::move(other.origin_)),
      made_(other.made_.exchange(true)) {}

void DataObject::DropOrigin::operator()(Origin* origin) const noexcept {
  delete origin;
}

DataObject::~DataObject() {
  dropWritten();
}

DataObject& DataObject::operator=(const DataObject& other) {
  if (this == &other) return *this;
  std::vector<Member> members = other.members();
  dropWritten();
  type_ = other.type_;
  members_ = std::move(members);
  origin_.reset();
  made_ = true;
  return *this;
}

DataObject& DataObject::operator=(DataObject&& other) noexcept {
  if (this == &other) return *this;
  dropWritten();
  type_ = other.type_;
  members_ = std::move(other.members_);
  origin_ = std::move(other.origin_);
  made_ = other.made_.exchange(true);
  return *this;
}

void DataObject::makeMembers() const {
  const PackedPart& part = *packedPart();
  const std::lock_guard lock(makingOf(this));
  if (made_.load(std::memory_order_relaxed)) return;
  members_ = part.members();
  made_.store(true, std::memory_order_release);
}

void DataObject::dropWritten() {
  if (!written_.load(std::memory_order_acquire)) return;
  const Written* each = written_.exchange(nullptr, std::memory_order_acquire);
  while (each) {
    const std::unique_ptr<const Written> gone(each);
    each = gone->next;
  }
}

const std::string* DataObject::written(Release release) const {
  for (const Written* each = written_.load(std::memory_order_acquire); each; each = each->next) {
    if (each->release == release) return &each->xml;
  }
  return nullptr;
}

void DataObject::keepWritten(Release release, std::string xml) const {
  auto fresh = std::make_unique<Written>(Written{release, std::move(xml), nullptr});
  const Written* newest = written_.load(std::memory_order_acquire);
  do {
    fresh->next = newest;
  } while (!written_.compare_exchange_weak(newest, fresh.get(), std::memory_order_acq_rel,
                                           std::memory_order_acquire));
  (void)fresh.release();
}

namespace {

// The place of the member, which is mostly not far behind the one before. The number of members when there is
// none of that name near.
std::size_t memberNear(const TypeInfo& type, std::size_t from, std::string_view name) {
  constexpr std::size_t near = 12;
  const std::size_t end = std::min(from + near, type.members.size());
  for (std::size_t i = from; i < end; ++i) {
    if (type.members[i].name == name) return i;
  }
  return type.members.size();
}

template <typename Fields>
Value built(std::string_view typeName, const Fields& fields) {
  const TypeInfo& type = TypeModel::get().need(typeName);
  DataObject object(type, fields.size());
  std::size_t next = 0;
  for (const auto& [name, value] : fields) {
    const std::size_t place = memberNear(type, next, name);
    if (place < type.members.size()) {
      object.set(static_cast<std::uint16_t>(place), value);
      next = place + 1;
    } else {
      object.set(name, value);
    }
  }
  return object;
}

}  // namespace

Value object(std::string_view typeName, std::initializer_list<Field> fields) {
  return built(typeName, fields);
}

Value object(std::string_view typeName, const std::vector<Field>& fields) {
  return built(typeName, fields);
}

Value list(std::vector<Value> items, std::string_view elementType) {
  return List{std::move(items), std::string(elementType)};
}

namespace {

std::size_t joined(std::size_t hash, std::size_t more) {
  return (hash ^ more) * 0x9e3779b97f4a7c15ULL + (hash >> 29U);
}

// Of a scalar's or text's content, of the address of anything larger.
std::size_t hashOfPart(const Value& value) {
  if (const auto whole = value.asInteger()) return std::hash<std::int64_t>{}(*whole);
  if (const bool* flag = value.asBool()) return *flag ? 3 : 5;
  if (const double* real = value.asDouble()) return std::hash<double>{}(*real);
  if (const Text* text = value.asText()) return std::hash<std::string_view>{}(text->text);
  if (const MoRef* ref = value.asRef()) return std::hash<std::string_view>{}(ref->id);
  if (const DataObject* object = value.asObject()) return std::hash<const void*>{}(object);
  return std::hash<const void*>{}(value.asList());
}

std::size_t hashOfNode(const Value& value) {
  std::size_t hash = 17;
  if (const DataObject* object = value.asObject()) {
    hash = std::hash<const void*>{}(&object->type());
    for (const DataObject::Member& member : object->members())
      hash = joined(joined(hash, member.index), hashOfPart(member.value));
  } else if (const List* items = value.asList()) {
    for (const Value& item : items->items) hash = joined(hash, hashOfPart(item));
  } else {
    hash = hashOfPart(value);
  }
  return hash;
}

// Two lists of equal items may still say different types of them.
bool sameElements(const Value& a, const Value& b) {
  const List* mine = a.asList();
  const List* theirs = b.asList();
  return !mine || !theirs || mine->elementType == theirs->elementType;
}

}  // namespace

Value shared(Value value) {
  constexpr std::size_t most = 16'384;
  static std::mutex mutex;
  static std::unordered_multimap<std::size_t, Pinned<Value>> known;
  const std::size_t hash = hashOfNode(value);
  const std::lock_guard lock(mutex);
  const auto [first, last] = known.equal_range(hash);
  for (auto each = first; each != last; ++each) {
    const Value& there = each->second.front();
    if (there == value && sameElements(there, value)) return there;
  }
  if (known.size() < most) known.emplace(hash, pinned(value));
  return value;
}

}  // namespace failback::mock
