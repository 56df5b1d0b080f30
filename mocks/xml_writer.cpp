// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/xml_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

namespace failback::mock {

namespace {

constexpr std::string_view referenceType = "ManagedObjectReference";

// What many objects of a site share is worth being kept as text. What only one has is held by a page or two
// besides.
constexpr long manyHolders = PackedStore::manyHolders;

bool fits(std::int64_t number, TypeKind kind) {
  switch (kind) {
    case TypeKind::byte:
      return number >= -128 && number <= 127;
    case TypeKind::int16:
      return number >= -32768 && number <= 32767;
    case TypeKind::int32:
      return number >= std::numeric_limits<std::int32_t>::min() &&
             number <= std::numeric_limits<std::int32_t>::max();
    default:
      return true;
  }
}

// The length of the character of two to four bytes that `text` begins with; 0 when that is no UTF-8, or no
// character that XML may hold.
std::size_t multibyteLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0xC2 || first > 0xF4) return 0;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  const unsigned second = byte(1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool tooLarge = first == 0xF4 && second > 0x8F;
  const bool noCharacter = first == 0xEF && second == 0xBF && byte(2) > 0xBD;
  return overlong || surrogate || tooLarge || noCharacter ? 0 : length;
}

constexpr std::array<bool, 256> plainCharacters() {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = true;
  for (const char c : {'&', '<', '>', '"', '\''}) plain[static_cast<unsigned char>(c)] = false;
  return plain;
}

// Whether a character stands for itself, whatever follows.
bool isPlain(char c) {
  static constexpr std::array<bool, 256> plain = plainCharacters();
  return plain[static_cast<unsigned char>(c)];
}

// The first place from `at` on whose character does not stand for itself; the text's size when there is none.
std::size_t skipPlain(std::string_view text, std::size_t at) {
  constexpr std::uint64_t ones = 0x0101010101010101, high = 0x8080808080808080;
  // The high bit of each byte that is less than the number, or more than 0x7f.
  const auto less = [](std::uint64_t word, std::uint64_t than) { return (word - ones * than) | word; };
  for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    std::uint64_t special = less(word, 0x20);
    for (const char each : {'&', '<', '>', '"', '\''})
      special |= (word ^ (ones * static_cast<unsigned char>(each))) - ones;
    if ((special & high) != 0) break;
  }
  while (at < text.size() && isPlain(text[at])) ++at;
  return at;
}

}  // namespace

bool isTextual(TypeKind kind) {
  return kind == TypeKind::string || kind == TypeKind::dateTime || kind == TypeKind::base64 ||
         kind == TypeKind::uri || kind == TypeKind::enumeration;
}

void appendEscaped(std::string& out, std::string_view text) {
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    i = skipPlain(text, i);
    if (i == text.size()) break;
    std::string_view entity;
    switch (text[i]) {
      case '&':
        entity = "&amp;";
        break;
      case '<':
        entity = "&lt;";
        break;
      case '>':
        entity = "&gt;";
        break;
      case '"':
        entity = "&quot;";
        break;
      case '\'':
        entity = "&apos;";
        break;
      case '\r':
        entity = "&#13;";
        break;
      default:
        // XML 1.0 has no way to write the other control characters; what is no UTF-8 came with a request.
        if (static_cast<unsigned char>(text[i]) >= 0x80) {
          const std::size_t length = multibyteLength(text.substr(i));
          if (length == 0) entity = "?";
          if (length > 1) i += length - 1;
        } else if (static_cast<unsigned char>(text[i]) < 0x20 && text[i] != '\t' && text[i] != '\n') {
          entity = "?";
        }
        break;
    }
    if (entity.empty()) continue;
    out.append(text, done, i - done);
    out.append(entity);
    done = i + 1;
  }
  out.append(text, done, text.size() - done);
}

MemberInfo declarationOf(const Value& value) {
  const TypeModel& model = TypeModel::get();
  if (value.asBool()) return model.declared("xsd:boolean");
  if (value.asInteger()) return model.declared(value.isLong() ? "xsd:long" : "xsd:int");
  if (value.asDouble()) return model.declared("xsd:double");
  if (value.asRef()) return model.declared(referenceType);
  if (const Text* text = value.asText()) {
    switch (text->kind) {
      case TypeKind::dateTime:
        return model.declared("xsd:dateTime");
      case TypeKind::base64:
        return model.declared("xsd:base64Binary");
      case TypeKind::uri:
        return model.declared("xsd:anyURI");
      case TypeKind::enumeration:
        if (text->type) return model.declared(text->type->name);
        return model.declared("xsd:string");
      default:
        return model.declared("xsd:string");
    }
  }
  if (const List* items = value.asList()) return model.declared(items->elementType, true);
  if (const DataObject* object = value.asObject()) return model.declared(object->type().name);
  return model.declared("xsd:anyType");
}

void XmlWriter::fail(std::string_view what, std::string_view member) const {
  throw SchemaViolation(fmt::format("{}{}: {}", where_, member, what));
}

void XmlWriter::open(std::string_view element) {
  const std::size_t at = out_.size();
  out_.resize(at + element.size() + 2);
  char* to = out_.data() + at;
  *to++ = '<';
  to = std::copy(element.begin(), element.end(), to);
  *to = '>';
}

void XmlWriter::open(std::string_view element, std::string_view xsiType) {
  out_ += '<';
  out_ += element;
  out_ += " xsi:type=\"";
  out_ += xsiType;
  out_ += "\">";
}

void XmlWriter::close(std::string_view element) {
  const std::size_t at = out_.size();
  out_.resize(at + element.size() + 3);
  char* to = out_.data() + at;
  *to++ = '<';
  *to++ = '/';
  to = std::copy(element.begin(), element.end(), to);
  *to = '>';
}

void XmlWriter::textElement(std::string_view element, std::string_view text) {
  open(element);
  appendEscaped(out_, text);
  close(element);
}

void XmlWriter::refElement(std::string_view element, const MoRef& ref) {
  item(TypeModel::get().declared(referenceType), element, ref, false);
}

const TypeInfo& XmlWriter::known(const TypeInfo& type) const {
  const TypeInfo* nearest = &type;
  while (nearest->since > release_ && nearest->base) nearest = nearest->base;
  return *nearest;
}

void XmlWriter::member(const MemberInfo& declared, std::string_view element, const Value& value) {
  if (!value.isSet()) return;
  if (declared.kind == TypeKind::any && !declared.isList) {
    anyMember(element, value);
    return;
  }
  const List* items = value.asList();
  if (!declared.isList) {
    if (items) fail("a list where the schema has one value", element);
    item(declared, element, value, false);
    return;
  }
  if (!items) fail("one value where the schema has a list", element);
  for (const Value& each : items->items) {
    if (declared.kind == TypeKind::any) {
      anyMember(element, each);
    } else {
      item(declared, element, each, false);
    }
  }
}

void XmlWriter::anyMember(std::string_view element, const Value& value, const MemberInfo* declared) {
  if (!value.isSet()) fail("no value where one of any type must stand", element);
  MemberInfo own;
  if (!declared || declared->kind == TypeKind::any) {
    own = declarationOf(value);
    declared = &own;
  }
  const List* items = value.asList();
  if (!items) {
    item(*declared, element, value, true);
    return;
  }
  if (declared->typeName.empty()) fail("a list of unknown element type", element);
  const ArrayNames names = arrayNames(declared->typeName);
  open(element, names.wrapper);
  for (const Value& each : items->items) item(*declared, names.element, each, true);
  close(element);
}

void XmlWriter::property(std::string_view name, const Value& value, const MemberInfo& declared) {
  if (declared.since > release_) return;
  open("propSet");
  textElement("name", name);
  anyMember("val", value, &declared);
  close("propSet");
}

void XmlWriter::item(const MemberInfo& declared, std::string_view element, const Value& value,
                     bool alwaysType) {
  if (!value.isSet()) fail("an unset value in a list", element);
  if (const DataObject* object = value.asObject()) {
    objectItem(declared, element, *object, alwaysType, value.holders() >= manyHolders);
    return;
  }
  if (value.asList()) fail("a list in a list", element);
  if (declared.kind == TypeKind::any) {
    anyMember(element, value);
    return;
  }
  out_ += '<';
  out_ += element;
  if (const MoRef* ref = value.asRef()) {
    if (declared.kind != TypeKind::reference) fail("a reference where the schema has none", element);
    out_ += " type=\"";
    appendEscaped(out_, ref->type);
    out_ += '"';
  }
  if (alwaysType) {
    out_ += " xsi:type=\"";
    out_ += declared.typeName;
    out_ += '"';
  }
  out_ += '>';
  scalar(declared, value);
  close(element);
}

void XmlWriter::openObject(const MemberInfo& declared, std::string_view element, const TypeInfo& type,
                           bool alwaysType) {
  const bool fits = declared.kind == TypeKind::data || declared.kind == TypeKind::any;
  if (!fits || (declared.type && !type.isA(declared.type->name)))
    fail(fmt::format("a {} where the schema has {}", type.name, declared.typeName), element);
  if (alwaysType || declared.kind == TypeKind::any || declared.type != &type) {
    open(element, type.name);
  } else {
    open(element);
  }
}

void XmlWriter::objectItem(const MemberInfo& declared, std::string_view element, const DataObject& object,
                           bool alwaysType, bool prepared) {
  const TypeInfo& type = known(object.type());
  openObject(declared, element, type, alwaysType);
  const std::string* kept = prepared ? object.written(release_) : nullptr;
  if (kept) {
    out_ += *kept;
  } else {
    const std::size_t depth = where_.size(), start = out_.size();
    where_ += element;
    where_ += '.';
    members(object, type);
    where_.resize(depth);
    // Only now, when all of it has been found to be as the schema wants it.
    if (prepared) object.keepWritten(release_, out_.substr(start));
  }
  close(element);
}

void XmlWriter::members(const DataObject& object, const TypeInfo& as) {
  if (const PackedPart* part = object.packed(); part && &as == &known(object.type())) {
    packedMembers(*part, as);
    return;
  }
  auto next = object.members().begin();
  const auto end = object.members().end();
  for (std::size_t i = 0; i < as.members.size(); ++i) {
    const MemberInfo& declared = as.members[i];
    const bool set = next != end && next->index == i;
    if (declared.since <= release_) {
      if (set) {
        member(declared, declared.name, next->value);
      } else if (!declared.optional) {
        fail("mandatory and not set", declared.name);
      }
    }
    if (set) ++next;
  }
}

void XmlWriter::scalar(const MemberInfo& declared, const Value& value) {
  if (const bool* flag = value.asBool()) {
    if (declared.kind != TypeKind::boolean) fail("a boolean where the schema has none", declared.typeName);
    out_ += *flag ? "true" : "false";
  } else if (const MoRef* ref = value.asRef()) {
    appendEscaped(out_, ref->id);
  } else if (const Text* text = value.asText()) {
    if (!isTextual(declared.kind)) fail("text where the schema has none: " + text->text, declared.typeName);
    if (declared.kind == TypeKind::enumeration && text->text.empty())
      fail("an empty literal", declared.typeName);
    appendEscaped(out_, text->text);
  } else {
    number(declared, value);
  }
}

void XmlWriter::number(const MemberInfo& declared, const Value& value) {
  if (const auto whole = value.asInteger()) {
    const bool floating = declared.kind == TypeKind::float32 || declared.kind == TypeKind::float64;
    const bool integral = declared.kind == TypeKind::byte || declared.kind == TypeKind::int16 ||
                          declared.kind == TypeKind::int32 || declared.kind == TypeKind::int64;
    if (!floating && !integral) fail("a number where the schema has none", declared.typeName);
    if (!fits(*whole, declared.kind)) fail("a number too large for its type", declared.typeName);
    const fmt::format_int digits(*whole);
    out_.append(digits.data(), digits.size());
    return;
  }
  const double* real = value.asDouble();
  if (!real || (declared.kind != TypeKind::float32 && declared.kind != TypeKind::float64)) {
    fail("a number where the schema has none", declared.typeName);
  }
  fmt::format_to(std::back_inserter(out_), "{}", *real);
}

}  // namespace failback::mock
