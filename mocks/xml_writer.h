// SPDX-License-Identifier: GPL-2.0-or-later
// Writes Values as a real vCenter writes them: no prefix for vim25, `xsi:` for the type attribute, members in
// the order of the schema, xsi:type in typed members only where the run-time type is a subtype and always
// where any type may stand, and nothing that the client's release does not know.
//
// Anything that the schema does not allow (a mandatory member missing, text in a number) throws
// SchemaViolation with the place, so that no invalid answer leaves the program.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mocks/packed.h"
#include "mocks/prepared_text.h"
#include "mocks/type_model.h"
#include "mocks/value.h"

namespace failback::mock {

void appendEscaped(std::string& out, std::string_view text);
// May values of the kind be text?
bool isTextual(TypeKind kind);

class XmlWriter {
 public:
  // Appends to `out`, which must outlive the writer.
  XmlWriter(std::string& out, Release release) : out_(out), release_(release) {}

  Release release() const { return release_; }

  // A member of a declared type: absent when unset, repeated when a list.
  void member(const MemberInfo& declared, std::string_view element, const Value& value);
  // A member where any type may stand. `declared` (may be null) is what the schema says of the value itself,
  // as for the `val` of a property.
  void anyMember(std::string_view element, const Value& value, const MemberInfo* declared = nullptr);

  void open(std::string_view element);
  void open(std::string_view element, std::string_view xsiType);
  void close(std::string_view element);
  void textElement(std::string_view element, std::string_view text);
  void refElement(std::string_view element, const MoRef& ref);

  // A property of an object, as the collector's propSet; nothing when the release does not know it.
  void property(std::string_view name, const Value& value, const MemberInfo& declared);

  // A text with gaps: made for a shape, then filled for an object of it (packed.h). `into.text` must be what
  // this writer appends to, and `declared` live as long.
  void prepareValue(PreparedText& into, std::string_view element, const MemberInfo& declared,
                    const Shape& shape, std::uint32_t slot);
  void fill(const PreparedText& prepared, const PackedPart& part);

  // The members of an object, without the element around them, as far as `as` (itself or an ancestor) has
  // them.
  void members(const DataObject& object, const TypeInfo& as);
  // The type that a client of this release knows an object by: its own or the nearest ancestor.
  const TypeInfo& known(const TypeInfo& type) const;

 private:
  void item(const MemberInfo& declared, std::string_view element, const Value& value, bool alwaysType);
  // `prepared`: the members may be written from what was kept of them, and are worth keeping.
  void objectItem(const MemberInfo& declared, std::string_view element, const DataObject& object,
                  bool alwaysType, bool prepared);
  // Objects of packed trees (packed.h): the text of their shape is prepared once, with gaps; then only gaps
  // are filled.
  void packedMembers(const PackedPart& part, const TypeInfo& as);
  void fillGap(const PreparedText::Gap& gap, const PackedPart& part);
  void prepareMembers(PreparedText& into, const Shape& shape, std::uint32_t slot, const TypeInfo& as);
  void prepareMember(PreparedText& into, const MemberInfo& declared, std::string_view element,
                     const Shape& shape, std::uint32_t slot);
  void prepareAny(PreparedText& into, std::string_view element, const Shape& shape, std::uint32_t slot);
  void prepareItem(PreparedText& into, const MemberInfo& declared, std::string_view element,
                   const Shape& shape, std::uint32_t slot, bool typed = false);
  void prepareScalar(PreparedText& into, const MemberInfo& declared, const Shape& shape, std::uint32_t slot);

  void openObject(const MemberInfo& declared, std::string_view element, const TypeInfo& type,
                  bool alwaysType);
  void scalar(const MemberInfo& declared, const Value& value);
  void number(const MemberInfo& declared, const Value& value);
  [[noreturn]] void fail(std::string_view what, std::string_view member) const;

  std::string& out_;
  Release release_;
  std::string where_;  // the objects on the way, for the text of a violation
};

// The declaration that a value itself implies, where nothing else does ("xsd:string" for text, ...).
MemberInfo declarationOf(const Value& value);

}  // namespace failback::mock
