// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/value.h"

#include <algorithm>
#include <mutex>
#include <unordered_map>

namespace failback::mock {

namespace {

const Value unsetValue;

template <typename T, typename Variant>
const T* pointee(const Variant& data) {
  const auto* held = std::get_if<std::shared_ptr<const T>>(&data);
  return held ? held->get() : nullptr;
}

// Words such as "green" stand in every object of a site: each is kept once. Thread safe.
std::shared_ptr<const Text> sharedText(std::string_view text) {
  constexpr std::size_t longest = 32, most = 4096;
  static std::mutex mutex;
  static std::unordered_map<std::string_view, std::shared_ptr<const Text>> known;  // keys live in the values
  if (text.size() > longest) return std::make_shared<const Text>(Text{std::string(text)});
  const std::lock_guard lock(mutex);
  const auto found = known.find(text);
  if (found != known.end()) return found->second;
  auto made = std::make_shared<const Text>(Text{std::string(text)});
  if (known.size() < most) known.emplace(made->text, made);
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
  return std::visit(
      [](const auto& held) -> long {
        if constexpr (requires { held.use_count(); }) {
          return held.use_count();
        } else {
          return 0;
        }
      },
      data_);
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
  const auto place = std::lower_bound(members_.begin(), members_.end(), index,
                                      [](const Member& member, std::uint16_t i) { return member.index < i; });
  return place != members_.end() && place->index == index ? place->value : unsetValue;
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
  const auto place = std::lower_bound(members_.begin(), members_.end(), index,
                                      [](const Member& member, std::uint16_t i) { return member.index < i; });
  const bool present = place != members_.end() && place->index == index;
  if (!value.isSet()) {
    if (present) members_.erase(place);
  } else if (present) {
    place->value = std::move(value);
  } else {
    const auto at = place - members_.begin();
    // Objects live long and grow little: no room is kept beyond what is needed.
    if (members_.size() == members_.capacity()) members_.reserve(members_.size() + 1);
    members_.insert(members_.begin() + at, Member{index, std::move(value)});
  }
}

struct DataObject::Written {
  Release release;
  std::string xml;
  const Written* next;
};

DataObject& DataObject::operator=(const DataObject& other) {
  if (this == &other) return *this;
  dropWritten();
  type_ = other.type_;
  members_ = other.members_;
  return *this;
}

DataObject& DataObject::operator=(DataObject&& other) noexcept {
  if (this == &other) return *this;
  dropWritten();
  type_ = other.type_;
  members_ = std::move(other.members_);
  return *this;
}

void DataObject::dropWritten() {
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

Value object(std::string_view typeName, std::initializer_list<Field> fields) {
  DataObject built(TypeModel::get().need(typeName), fields.size());
  for (const auto& [name, value] : fields) built.set(name, value);
  return built;
}

Value object(std::string_view typeName, const std::vector<Field>& fields) {
  DataObject built(TypeModel::get().need(typeName), fields.size());
  for (const auto& [name, value] : fields) built.set(name, value);
  return built;
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
  static std::unordered_multimap<std::size_t, Value> known;
  const std::size_t hash = hashOfNode(value);
  const std::lock_guard lock(mutex);
  const auto [first, last] = known.equal_range(hash);
  for (auto each = first; each != last; ++each) {
    if (each->second == value && sameElements(each->second, value)) return each->second;
  }
  if (known.size() < most) known.emplace(hash, value);
  return value;
}

}  // namespace failback::mock
