// SPDX-License-Identifier: GPL-2.0-or-later
// How XmlWriter writes objects of packed trees: a text with gaps for each shape, made when the shape is first
// written and checked against the schema as far as shapes can tell; the gaps are filled by object.
#include <fmt/format.h>

#include <bit>

#include "mocks/property_path.h"
#include "mocks/xml_writer.h"

namespace failback::mock {

namespace {

using Fill = PreparedText::Fill;
using Kind = Shape::Kind;

// Longer lists are not unrolled: mostly they have another length in each object.
constexpr std::uint32_t longestUnrolled = 64;

bool isText(Kind kind) {
  return kind == Kind::text || kind == Kind::keptText;
}

// What stands in xsi:type where any type may stand; empty where only the value itself can tell.
std::string_view impliedType(const Shape& shape) {
  switch (shape.kind) {
    case Kind::boolean:
      return "xsd:boolean";
    case Kind::int32:
      return "xsd:int";
    case Kind::int64:
      return "xsd:long";
    case Kind::text:
      return shape.textKind == TypeKind::string ? "xsd:string" : "";
    default:
      return "";
  }
}

Fill fillFor(const Shape& shape) {
  switch (shape.kind) {
    case Kind::boolean:
      return Fill::boolean;
    case Kind::int32:
      return Fill::int32;
    case Kind::int64:
      return Fill::int64;
    case Kind::text:
      return Fill::text;
    default:
      return Fill::keptText;
  }
}

void gap(PreparedText& into, Fill fill, std::uint32_t slot, const Shape& shape,
         const MemberInfo* declared = nullptr, std::string_view element = {}) {
  into.gaps.push_back({into.text.size(), fill, slot, &shape, declared, element});
}

}  // namespace

void XmlWriter::packedMembers(const PackedPart& part, const TypeInfo& as) {
  const PreparedText* prepared = part.shape->prepared.get(release_);
  if (!prepared) {
    auto fresh = std::make_unique<PreparedText>();
    XmlWriter maker(fresh->text, release_);
    maker.where_ = where_;
    maker.prepareMembers(*fresh, *part.shape, 0, as);
    fresh->text.shrink_to_fit();
    fresh->gaps.shrink_to_fit();
    prepared = &part.shape->prepared.keep(release_, std::move(fresh));
  }
  fill(*prepared, part);
}

void XmlWriter::fill(const PreparedText& prepared, const PackedPart& part) {
  std::size_t done = 0;
  for (const PreparedText::Gap& each : prepared.gaps) {
    out_.append(prepared.text, done, each.at - done);
    done = each.at;
    fillGap(each, part);
  }
  out_.append(prepared.text, done);
}

void XmlWriter::fillGap(const PreparedText::Gap& gap, const PackedPart& part) {
  const PackedLeaves& leaves = *part.leaves;
  const std::uint32_t slot = part.slot + gap.slot;
  const auto whole = [&] { return PackedPart{gap.shape, part.leaves, slot}.value(); };
  switch (gap.fill) {
    case Fill::boolean:
      out_ += leaves.slots[slot] != 0 ? "true" : "false";
      return;
    case Fill::int32:
    case Fill::int64: {
      const fmt::format_int digits(gap.fill == Fill::int64
                                       ? leaves.wideAt(slot)
                                       : std::int64_t{std::bit_cast<std::int32_t>(leaves.slots[slot])});
      out_.append(digits.data(), digits.size());
      return;
    }
    case Fill::text:
      appendEscaped(out_, leaves.textAt(slot));
      return;
    case Fill::keptText:
      appendEscaped(out_, leaves.store->kept(leaves.slots[slot]).string());
      return;
    case Fill::literal:
      scalar(*gap.declared, whole());
      return;
    case Fill::ref: {
      const MoRef& ref = *leaves.store->kept(leaves.slots[slot]).asRef();
      out_ += " type=\"";
      appendEscaped(out_, ref.type);
      if (gap.typed) out_ += "\" xsi:type=\"ManagedObjectReference";
      out_ += "\">";
      appendEscaped(out_, ref.id);
      return;
    }
    case Fill::item: {
      const Value value = whole();
      if (const DataObject* object = value.asObject()) {
        objectItem(*gap.declared, gap.element, *object, gap.typed, gap.shape->kind == Kind::kept);
      } else {
        item(*gap.declared, gap.element, value, gap.typed);
      }
      return;
    }
    case Fill::member:
      member(*gap.declared, gap.element, whole());
      return;
    case Fill::any:
      anyMember(gap.element, whole(), gap.declared);
      return;
    case Fill::path: {
      const PathResult found = evaluatePath(PackedPart{gap.shape, part.leaves, slot}, gap.element);
      if (found.status == PathStatus::found) property(gap.element, found.value, found.declared);
      return;
    }
  }
}

void XmlWriter::prepareMembers(PreparedText& into, const Shape& shape, std::uint32_t slot,
                               const TypeInfo& as) {
  auto next = shape.parts.begin();
  for (std::size_t i = 0; i < as.members.size(); ++i) {
    const MemberInfo& declared = as.members[i];
    const bool set = next != shape.parts.end() && next->member == i;
    if (declared.since <= release_) {
      if (set) {
        prepareMember(into, declared, declared.name, *next->shape, slot + next->slot);
      } else if (!declared.optional) {
        fail("mandatory and not set", declared.name);
      }
    }
    if (set) ++next;
  }
}

void XmlWriter::prepareMember(PreparedText& into, const MemberInfo& declared, std::string_view element,
                              const Shape& shape, std::uint32_t slot) {
  if (declared.isList && (shape.kind != Kind::list || shape.count > longestUnrolled)) {
    gap(into, Fill::member, slot, shape, &declared, element);
    return;
  }
  if (!declared.isList) {
    if (declared.kind == TypeKind::any) {
      prepareAny(into, element, shape, slot);
    } else {
      prepareItem(into, declared, element, shape, slot);
    }
    return;
  }
  for (std::uint32_t i = 0; i < shape.count; ++i) {
    const Shape::Part part = shape.element(i);
    if (declared.kind == TypeKind::any) {
      prepareAny(into, element, *part.shape, slot + part.slot);
    } else {
      prepareItem(into, declared, element, *part.shape, slot + part.slot);
    }
  }
}

void XmlWriter::prepareValue(PreparedText& into, std::string_view element, const MemberInfo& declared,
                             const Shape& shape, std::uint32_t slot) {
  const bool list = shape.kind == Kind::list;
  if (shape.kind == Kind::kept || declared.kind == TypeKind::any ||
      (list && (declared.typeName.empty() || shape.count > longestUnrolled))) {
    gap(into, Fill::any, slot, shape, &declared, element);
    return;
  }
  if (!list) {
    prepareItem(into, declared, element, shape, slot, true);
    return;
  }
  ArrayNames names = arrayNames(declared.typeName);
  open(element, names.wrapper);
  const std::string_view item = into.names.emplace_back(std::move(names.element));
  for (std::uint32_t i = 0; i < shape.count; ++i) {
    const Shape::Part part = shape.element(i);
    prepareItem(into, declared, item, *part.shape, slot + part.slot, true);
  }
  close(element);
}

void XmlWriter::prepareAny(PreparedText& into, std::string_view element, const Shape& shape,
                           std::uint32_t slot) {
  const std::string_view type = impliedType(shape);
  if (type.empty()) {
    gap(into, Fill::any, slot, shape, nullptr, element);
    return;
  }
  open(element, type);
  gap(into, fillFor(shape), slot, shape);
  close(element);
}

void XmlWriter::prepareItem(PreparedText& into, const MemberInfo& declared, std::string_view element,
                            const Shape& shape, std::uint32_t slot, bool typed) {
  switch (shape.kind) {
    case Kind::kept:
      gap(into, Fill::item, slot, shape, &declared, element);
      into.gaps.back().typed = typed;
      return;
    case Kind::list:
      fail("a list where the schema has one value", element);
    case Kind::object: {
      const TypeInfo& type = known(*shape.type);
      openObject(declared, element, type, typed);
      const std::size_t depth = where_.size();
      where_ += element;
      where_ += '.';
      prepareMembers(into, shape, slot, type);
      where_.resize(depth);
      break;
    }
    case Kind::ref:
      if (declared.kind != TypeKind::reference) fail("a reference where the schema has none", element);
      out_ += '<';
      out_ += element;
      gap(into, Fill::ref, slot, shape);
      into.gaps.back().typed = typed;
      break;
    default:
      if (declared.kind == TypeKind::any) {
        prepareAny(into, element, shape, slot);
        return;
      }
      if (typed) {
        open(element, declared.typeName);
      } else {
        open(element);
      }
      prepareScalar(into, declared, shape, slot);
      break;
  }
  close(element);
}

void XmlWriter::prepareScalar(PreparedText& into, const MemberInfo& declared, const Shape& shape,
                              std::uint32_t slot) {
  const bool plain =
      (isText(shape.kind) && isTextual(declared.kind)) ||
      (shape.kind == Kind::boolean && declared.kind == TypeKind::boolean) ||
      (shape.kind == Kind::int32 && (declared.kind == TypeKind::int32 || declared.kind == TypeKind::int64)) ||
      (shape.kind == Kind::int64 && declared.kind == TypeKind::int64);
  // What is not plain is checked, and refused, by the value.
  const bool checked = !plain || declared.kind == TypeKind::enumeration;
  gap(into, checked ? Fill::literal : fillFor(shape), slot, shape, &declared);
}

}  // namespace failback::mock
