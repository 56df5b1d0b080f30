// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/request_reader.h"

#include <fmt/format.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include <charconv>
#include <cstdlib>
#include <memory>

#include "mocks/fault.h"
#include "wsdl/schema.h"

namespace failback::mock {

namespace {

struct FreeDocument {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};

std::string_view view(const xmlChar* text) {
  return text ? std::string_view(reinterpret_cast<const char*>(text)) : std::string_view();
}

std::string_view localPart(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

[[noreturn]] void invalid(std::string_view why, std::string_view place) {
  throw makeFault("InvalidRequest", fmt::format("{}\n\nwhile parsing call parameters\nat {}", why, place));
}

std::string textOf(const xmlNode* node) {
  std::string text;
  for (const xmlNode* child = node->children; child; child = child->next) {
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) text += view(child->content);
  }
  return text;
}

std::string trimmed(std::string text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// An attribute by the local part of its name: govc declares no prefix for xsd, others write their own for
// xsi. A reference in a member of any type has both: xsi:type, and its own type.
std::string attribute(const xmlNode* node, std::string_view name, bool prefixed) {
  for (const xmlAttr* each = node->properties; each; each = each->next) {
    const std::string_view written = view(each->name);
    const bool hasPrefix = each->ns || written.find(':') != std::string_view::npos;
    if (hasPrefix == prefixed && localPart(written) == name && each->children)
      return std::string(view(each->children->content));
  }
  return {};
}

const xmlNode* firstElement(const xmlNode* node) {
  while (node && node->type != XML_ELEMENT_NODE) node = node->next;
  return node;
}

const xmlNode* childNamed(const xmlNode* parent, std::string_view name) {
  for (const xmlNode* child = firstElement(parent->children); child; child = firstElement(child->next)) {
    if (localPart(view(child->name)) == name) return child;
  }
  return nullptr;
}

template <typename Number>
Number wholeNumber(const std::string& text, const std::string& place) {
  Number number{};
  const char* const end = text.data() + text.size();
  const char* const begin = text.starts_with('+') ? text.data() + 1 : text.data();
  const auto [at, error] = std::from_chars(begin, end, number);
  if (error != std::errc() || at != end) invalid(fmt::format("'{}' is no number of this type", text), place);
  return number;
}

bool boolean(const std::string& text, const std::string& place) {
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  invalid(fmt::format("'{}' is no boolean", text), place);
}

class Reader {
 public:
  Value read(const xmlNode* node, const MemberInfo& declared, const std::string& place) const {
    const std::string written = attribute(node, "type", true);
    if (declared.kind == TypeKind::reference) return reference(node, place);
    if (declared.kind == TypeKind::any) return anything(node, written, place);
    if (declared.kind == TypeKind::data) return data(node, concrete(declared, written, place), place);
    return scalar(node, declared, place);
  }

  // The members or parameters below a node, in the order of `members`.
  template <typename Members, typename Found>
  void children(const xmlNode* node, const Members& members, const std::string& place, Found found) const {
    std::size_t at = 0;
    for (const xmlNode* child = firstElement(node->children); child;) {
      const std::string name(localPart(view(child->name)));
      std::size_t index = at;
      while (index < members.size() && members[index].name != name) ++index;
      if (index == members.size()) invalid(fmt::format("Unexpected element '{}'", name), place);
      const std::string here = fmt::format("{}.{}", place, name);
      if (!members[index].isList) {
        found(index, read(child, members[index], here));
        child = firstElement(child->next);
      } else {
        std::vector<Value> items;
        for (; child && localPart(view(child->name)) == name; child = firstElement(child->next)) {
          items.push_back(read(child, members[index], fmt::format("{}[{}]", here, items.size())));
        }
        found(index, list(std::move(items), members[index].typeName));
      }
      at = index + 1;
    }
  }

 private:
  static Value reference(const xmlNode* node, const std::string& place) {
    MoRef ref{attribute(node, "type", false), trimmed(textOf(node))};
    if (ref.id.empty()) invalid("A reference without an identifier", place);
    return ref;
  }

  static const TypeInfo& concrete(const MemberInfo& declared, const std::string& written,
                                  const std::string& place) {
    if (!declared.type) invalid(fmt::format("Type '{}' is not known", declared.typeName), place);
    if (written.empty()) return *declared.type;
    const TypeInfo* type = TypeModel::get().find(localPart(written));
    if (!type || !type->isA(declared.type->name)) {
      invalid(fmt::format("'{}' is no {}", written, declared.type->name), place);
    }
    return *type;
  }

  Value data(const xmlNode* node, const TypeInfo& type, const std::string& place) const {
    DataObject object(type);
    children(node, type.members, place, [&](std::size_t index, Value value) {
      object.set(static_cast<std::uint16_t>(index), std::move(value));
    });
    for (std::size_t i = 0; i < type.members.size(); ++i) {
      const MemberInfo& member = type.members[i];
      if (!member.optional && !member.isList && !object.get(static_cast<std::uint16_t>(i)).isSet()) {
        invalid(fmt::format("Required property {} is missing from data object of type {}", member.name,
                            type.name),
                place);
      }
    }
    return object;
  }

  static Value scalar(const xmlNode* node, const MemberInfo& declared, const std::string& place) {
    std::string raw = textOf(node);
    const std::string text = trimmed(raw);
    switch (declared.kind) {
      case TypeKind::boolean:
        return boolean(text, place);
      case TypeKind::byte:
      case TypeKind::int16:
      case TypeKind::int32:
        return wholeNumber<std::int32_t>(text, place);
      case TypeKind::int64:
        return wholeNumber<std::int64_t>(text, place);
      case TypeKind::float32:
      case TypeKind::float64: {
        char* end = nullptr;
        const double number = std::strtod(text.c_str(), &end);
        if (text.empty() || *end != '\0') invalid(fmt::format("'{}' is no number", text), place);
        return number;
      }
      case TypeKind::dateTime:
        return Value::dateTime(text);
      case TypeKind::enumeration:
        return enumeration(text, declared, place);
      case TypeKind::base64:
      case TypeKind::uri:
        return Value::text({std::move(raw), declared.kind, nullptr});
      default:
        return Value(std::move(raw));
    }
  }

  static Value enumeration(const std::string& text, const MemberInfo& declared, const std::string& place) {
    for (const std::string_view literal : declared.type->literals) {
      if (literal == text) return Value::enumeration(declared.type->name, text);
    }
    invalid(fmt::format("'{}' is no value of the enumeration {}", text, declared.type->name), place);
  }

  Value anything(const xmlNode* node, const std::string& written, const std::string& place) const {
    const std::string_view name = localPart(written);
    if (name.empty()) invalid("A value of any type without xsi:type", place);
    if (name == "ManagedObjectReference") return reference(node, place);
    if (const TypeInfo* type = TypeModel::get().find(name)) {
      if (type->managed) return reference(node, place);  // pyVmomi writes "ManagedObject"
      const MemberInfo declared = TypeModel::get().declared(name);
      return read(node, declared, place);
    }
    if (const auto array = vim25::arrayElement(name)) {
      const MemberInfo declared = TypeModel::get().declared(array->type);
      std::vector<Value> items;
      for (const xmlNode* child = firstElement(node->children); child; child = firstElement(child->next)) {
        items.push_back(read(child, declared, fmt::format("{}[{}]", place, items.size())));
      }
      return list(std::move(items), array->type);
    }
    const MemberInfo primitive = TypeModel::get().declared("xsd:" + std::string(name));
    if (primitive.kind == TypeKind::data) invalid(fmt::format("Type '{}' is not known", written), place);
    return scalar(node, primitive, place);
  }
};

std::vector<MemberInfo> parametersOf(const vim25::MethodInfo& method) {
  std::vector<MemberInfo> members;
  members.reserve(method.parameters.size() + 1);
  MemberInfo self = TypeModel::get().declared("ManagedObjectReference");
  self.name = "_this";
  self.optional = false;
  members.push_back(self);
  for (const vim25::ParameterInfo& each : method.parameters) {
    MemberInfo member = TypeModel::get().declared(each.type, each.list);
    member.name = each.name;
    member.optional = each.optional;
    members.push_back(member);
  }
  return members;
}

}  // namespace

Parameters readParameters(std::string_view request, std::string_view method) {
  const vim25::MethodInfo* info = vim25::findMethod(method);
  if (!info) invalid(fmt::format("Unable to resolve WSDL method name {}", method), "the call");
  const std::unique_ptr<xmlDoc, FreeDocument> document(
      xmlReadMemory(request.data(), static_cast<int>(request.size()), nullptr, nullptr,
                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  const xmlNode* root = document ? xmlDocGetRootElement(document.get()) : nullptr;
  const xmlNode* body = root ? childNamed(root, "Body") : nullptr;
  const xmlNode* call = body ? firstElement(body->children) : nullptr;
  if (!call || localPart(view(call->name)) != method) invalid("The request cannot be read", "the body");
  const std::vector<MemberInfo> members = parametersOf(*info);
  Parameters parameters;
  Reader().children(call, members, std::string(method), [&](std::size_t index, Value value) {
    parameters.insert_or_assign(std::string(members[index].name), std::move(value));
  });
  for (const MemberInfo& member : members) {
    if (!member.optional && !member.isList && !parameters.contains(member.name)) {
      invalid(fmt::format("Required parameter {} is missing", member.name), std::string(method));
    }
  }
  return parameters;
}

}  // namespace failback::mock
