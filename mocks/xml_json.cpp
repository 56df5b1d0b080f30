// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/xml_json.h"

#include <libxml/parser.h>

#include <charconv>
#include <memory>
#include <nlohmann/json.hpp>

#include "wsdl/schema.h"

namespace failback::mock {

namespace {

std::string_view nameOf(const xmlNode* node) {
  return reinterpret_cast<const char*>(node->name);
}

const xmlNode* nextElement(const xmlNode* node) {
  while (node && node->type != XML_ELEMENT_NODE) node = node->next;
  return node;
}

const xmlNode* childNamed(const xmlNode* parent, std::string_view name) {
  for (const xmlNode* each = nextElement(parent->children); each; each = nextElement(each->next)) {
    if (nameOf(each) == name) return each;
  }
  return nullptr;
}

std::string contentOf(const xmlNode* node) {
  const std::unique_ptr<xmlChar, decltype(xmlFree)> text(xmlNodeGetContent(node), xmlFree);
  return text ? std::string(reinterpret_cast<const char*>(text.get())) : std::string();
}

// The attribute `type` with or without the namespace of xsi:type.
std::string typeAttribute(const xmlNode* node, bool xsi) {
  for (const xmlAttr* each = node->properties; each; each = each->next) {
    const bool isType = std::string_view(reinterpret_cast<const char*>(each->name)) == "type";
    if (isType && (each->ns != nullptr) == xsi) return contentOf(reinterpret_cast<const xmlNode*>(each));
  }
  return {};
}

Json numberIn(const std::string& text, bool whole) {
  std::int64_t integer = 0;
  if (whole && std::from_chars(text.data(), text.data() + text.size(), integer).ec == std::errc())
    return integer;
  double real = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), real).ec == std::errc()) return real;
  return text;
}

Json toJson(const xmlNode* node, MemberInfo declared);

Json membersOf(const xmlNode* node, const TypeInfo* type) {
  Json members = Json::object();
  for (const xmlNode* each = nextElement(node->children); each; each = nextElement(each->next)) {
    const MemberInfo* member = type ? type->find(nameOf(each)) : nullptr;
    const MemberInfo declared = member ? *member : TypeModel::get().declared("xsd:anyType");
    Json& target = members[std::string(nameOf(each))];
    if (!declared.isList) {
      target = toJson(each, declared);
    } else {
      if (target.is_null()) target = Json::array();
      target.push_back(toJson(each, declared));
    }
  }
  return members;
}

Json arrayOf(const xmlNode* node, std::string_view elementType) {
  Json array = Json::array();
  for (const xmlNode* each = nextElement(node->children); each; each = nextElement(each->next))
    array.push_back(toJson(each, TypeModel::get().declared(elementType)));
  return array;
}

Json toJson(const xmlNode* node, MemberInfo declared) {
  const std::string said = typeAttribute(node, true);
  if (!said.empty()) {
    if (const auto array = vim25::arrayElement(said)) return arrayOf(node, array->type);
    const TypeInfo* own = TypeModel::get().find(said);
    const bool subtype = !declared.type || (own && own != declared.type);
    declared = TypeModel::get().declared(said);
    if (declared.kind == TypeKind::data) {
      Json object = Json::object();
      if (subtype) object["xsi:type"] = said;
      object.update(membersOf(node, own));
      return object;
    }
  }
  switch (declared.kind) {
    case TypeKind::boolean:
      return contentOf(node) == "true" || contentOf(node) == "1";
    case TypeKind::byte:
    case TypeKind::int16:
    case TypeKind::int32:
    case TypeKind::int64:
      return numberIn(contentOf(node), true);
    case TypeKind::float32:
    case TypeKind::float64:
      return numberIn(contentOf(node), false);
    case TypeKind::reference:
      return typeAttribute(node, false) + ":" + contentOf(node);
    case TypeKind::data:
      return membersOf(node, declared.type);
    default:
      return contentOf(node);
  }
}

Json faultJson(const xmlNode* fault) {
  Json json;
  const xmlNode* detail = childNamed(fault, "detail");
  const xmlNode* inner = detail ? nextElement(detail->children) : nullptr;
  const std::string type = inner ? typeAttribute(inner, true) : std::string();
  json["type"] = type;
  const xmlNode* text = childNamed(fault, "faultstring");
  json["message"] = text ? contentOf(text) : std::string();
  json["members"] = inner ? membersOf(inner, TypeModel::get().find(type)) : Json::object();
  return json;
}

}  // namespace

Json answerAsJson(std::string_view response, std::string_view method) {
  const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
      xmlReadMemory(response.data(), static_cast<int>(response.size()), nullptr, nullptr,
                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE),
      xmlFreeDoc);
  const xmlNode* root = document ? xmlDocGetRootElement(document.get()) : nullptr;
  const xmlNode* body = root ? childNamed(root, "Body") : nullptr;
  const xmlNode* answer = body ? nextElement(body->children) : nullptr;
  if (!answer) throw std::runtime_error("the answer is no SOAP: " + std::string(response.substr(0, 200)));
  Json json;
  if (nameOf(answer) == "Fault") {
    json["fault"] = faultJson(answer);
    return json;
  }
  const MethodInfo* info = TypeModel::get().method(method);
  const MemberInfo declared =
      info && info->hasResult ? info->result : TypeModel::get().declared("xsd:anyType");
  Json result = declared.isList ? Json::array() : Json();
  for (const xmlNode* each = nextElement(answer->children); each; each = nextElement(each->next)) {
    if (declared.isList) {
      result.push_back(toJson(each, declared));
    } else {
      result = toJson(each, declared);
    }
  }
  json["result"] = std::move(result);
  return json;
}

Json endAsJson(const Value& taskInfo) {
  Json json;
  const Value& error = taskInfo.at("error");
  if (error.isSet()) {
    const Value& fault = error.at("fault");
    json["fault"]["type"] = fault.asObject()->type().name;
    json["fault"]["message"] = std::string(error.at("localizedMessage").string());
    json["fault"]["members"] = jsonOf(fault, false);
  } else {
    json["result"] = jsonOf(taskInfo.at("result"));
  }
  return json;
}

}  // namespace failback::mock
