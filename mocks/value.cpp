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
  const auto place = std::lower_bound(members_.begin(), members_.end(), index,
                                      [](const Member& member, std::uint16_t i) { return member.index < i; });
  const bool present = place != members_.end() && place->index == index;
  if (!value.isSet()) {
    if (present) members_.erase(place);
  } else if (present) {
    place->value = std::move(value);
  } else {
    members_.insert(place, Member{index, std::move(value)});
  }
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

}  // namespace failback::mock
