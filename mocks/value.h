// SPDX-License-Identifier: GPL-2.0-or-later
// A Value is any vim25 value: a scalar, a reference, a data object or a list. Values are immutable and
// shared, so a copy costs a reference count, equal parts of many objects can be one, and the difference of
// two trees is found by comparing pointers first. Thread safe as all immutable things are.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "mocks/type_model.h"

namespace failback::mock {

// The program tried to say something that the schema does not allow: a defect of the mock, never of its
// client.
class SchemaViolation : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// ManagedObjectReference.
struct MoRef {
  std::string type;  // "VirtualMachine"
  std::string id;    // "vm-42"
  bool operator==(const MoRef&) const = default;
};

class Value;
class DataObject;
struct PackedPart;

// Text that is more than xsd:string where a member of any type holds it.
struct Text {
  std::string text;
  TypeKind kind = TypeKind::string;  // string, dateTime, base64, uri or enumeration
  const TypeInfo* type = nullptr;    // of an enumeration
  bool operator==(const Text&) const = default;
};

struct List {
  std::vector<Value> items;
  // The elements' type, as in the schema ("xsd:string", "VirtualDevice"): needed only where a member of any
  // type holds the list; elsewhere the member's declaration says it.
  std::string elementType;
};

class Value {
 public:
  Value() = default;  // unset
  // Implicit on purpose: trees are written as nested braces.
  // NOLINTBEGIN(google-explicit-constructor)
  Value(bool value) : data_(value) {}
  Value(std::int32_t value) : data_(value) {}
  Value(std::int64_t value) : data_(value) {}
  Value(double value) : data_(value) {}
  Value(const char* text);  // short ones are shared: they are mostly literals
  Value(std::string_view text) : Value(std::string(text)) {}
  Value(std::string text);
  Value(MoRef ref);
  Value(List list);
  Value(std::vector<Value> items) : Value(List{std::move(items), {}}) {}
  Value(DataObject object);
  Value(const void*) = delete;  // no pointer is a bool by accident
  template <typename T>
  Value(const std::optional<T>& value) {  // unset stays unset
    if (value) *this = Value(*value);
  }
  // NOLINTEND(google-explicit-constructor)

  static Value text(Text text);
  static Value dateTime(std::string rfc3339) {
    return text({std::move(rfc3339), TypeKind::dateTime, nullptr});
  }
  // A literal of the named enumeration, for members of any type.
  static Value enumeration(std::string_view typeName, std::string literal);

  bool isSet() const { return !std::holds_alternative<std::monostate>(data_); }
  const bool* asBool() const { return std::get_if<bool>(&data_); }
  // Whole numbers of either width.
  std::optional<std::int64_t> asInteger() const;
  bool isLong() const { return std::holds_alternative<std::int64_t>(data_); }
  const double* asDouble() const { return std::get_if<double>(&data_); }
  const Text* asText() const;
  const MoRef* asRef() const;
  const List* asList() const;
  const DataObject* asObject() const;

  // The text, or an empty view when this is not text.
  std::string_view string() const;

  // The member at a path of plain names ("hardware.memoryMB"); unset when any step is unset or not an object.
  const Value& at(std::string_view path) const;
  // A copy in which the member at `path` of plain names is `value`; objects on the way must exist.
  Value with(std::string_view path, Value value) const;
  // A copy of a list with one more element (an unset value counts as an empty list).
  Value appended(Value element) const;

  // Deep equality; shared parts are equal at once.
  bool operator==(const Value& other) const;
  bool sameNode(const Value& other) const;
  // How many Values hold the same node, this one included: about, when other threads copy it meanwhile. 0 of
  // scalars.
  long holders() const;

 private:
  std::variant<std::monostate, bool, std::int32_t, std::int64_t, double, std::shared_ptr<const Text>,
               std::shared_ptr<const MoRef>, std::shared_ptr<const List>, std::shared_ptr<const DataObject>>
      data_;
};

using Field = std::pair<std::string_view, Value>;

// An object of a data type, or the properties of a managed object: members in the order of the schema, set
// ones only.
class DataObject {
 public:
  struct Member {
    std::uint16_t index;  // into type().members
    Value value;
  };

  // `expected` members are about to be set.
  explicit DataObject(const TypeInfo& type, std::size_t expected = 0) : type_(&type) {
    members_.reserve(expected);
  }
  // An object of a packed tree (packed.h), whose members are made when somebody asks for them.
  explicit DataObject(PackedPart part);
  // One that is not even packed before somebody asks. `make` is called once, on any thread.
  DataObject(const TypeInfo& type, std::function<PackedPart()> make);
  DataObject(const DataObject& other);
  DataObject(DataObject&& other) noexcept;
  DataObject& operator=(const DataObject& other);
  DataObject& operator=(DataObject&& other) noexcept;
  ~DataObject();
  const TypeInfo& type() const { return *type_; }
  const std::vector<Member>& members() const {
    if (!made_.load(std::memory_order_acquire)) makeMembers();
    return members_;
  }
  const Value& get(
      std::string_view name) const;  // unset when absent; throws SchemaViolation for a name unknown
  const Value& get(std::uint16_t index) const;
  void set(std::string_view name, Value value);  // unset removes; throws SchemaViolation for a name unknown
  void set(std::uint16_t index, Value value);

  // The members as the wire shows them to a release, kept since somebody wrote them; null when nobody did.
  // It lives as long as the object and cannot be stale: it goes with the first change. Any thread may ask and
  // keep; what is kept first stays.
  const std::string* written(Release release) const;
  void keepWritten(Release release, std::string xml) const;

  // Where the object lies in a packed tree; null when it is in none, or was changed since.
  const PackedPart* packed() const { return origin_ ? packedPart() : nullptr; }
  // The same, without making what is not there yet.
  bool isPacked() const { return origin_ != nullptr; }
  // Whether the members of a packed one have been made, and take room.
  bool membersMade() const { return made_.load(std::memory_order_acquire); }

 private:
  struct Written;
  void dropWritten();
  void makeMembers() const;

  const TypeInfo* type_;
  mutable std::vector<Member> members_;
  mutable std::atomic<const Written*> written_{nullptr};  // owned; a list, newest first
  struct Origin;
  struct DropOrigin {
    void operator()(Origin* origin) const noexcept;
  };
  const PackedPart* packedPart() const;
  std::unique_ptr<Origin, DropOrigin> origin_;
  mutable std::atomic<bool> made_{true};
};

// An object of the named type; unset fields are left out. Throws SchemaViolation for unknown types and
// members.
Value object(std::string_view typeName, std::initializer_list<Field> fields = {});
Value object(std::string_view typeName, const std::vector<Field>& fields);

// An equal value that was shared before, if there is one: then both are one node; else this one, for those to
// come. For parts that many objects of a site have alike. The last parts of trees first, as only equal
// children are found quickly. Thread safe; remembers some ten thousand values and no more.
Value shared(Value value);
// The same for a text such as "persistent".
inline Value word(const std::string& text) {
  return {text.c_str()};
}

// A list, with the type of its elements where a member of any type holds it.
Value list(std::vector<Value> items, std::string_view elementType = {});

}  // namespace failback::mock
