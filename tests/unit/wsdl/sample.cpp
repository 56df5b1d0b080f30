// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/wsdl/sample.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlschemas.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace failback::vim25::test {
namespace {

struct Piece {
  std::string_view name;
  std::string_view type;
  bool list = false;
};

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kValues{{
    {"xsd:anyURI", "ds:///vmfs/volumes/1/"},
    {"xsd:base64Binary", "AQID"},
    {"xsd:boolean", "true"},
    {"xsd:byte", "7"},
    {"xsd:dateTime", "2026-01-02T03:04:05.123456Z"},
    {"xsd:double", "1.5"},
    {"xsd:float", "1.5"},
    {"xsd:int", "-5"},
    {"xsd:long", "1099511627776"},
    {"xsd:short", "3"},
    {"xsd:string", "Gr\xC3\xBC\xC3\x9F %2f &lt;x&gt;"},
}};

std::string mandatoryOf(const TypeInfo& type);

std::string elementOf(const Piece& piece) {
  const std::string name(piece.name);
  if (piece.type == "ManagedObjectReference")
    return "<" + name + " type=\"VirtualMachine\">vm-42</" + name + ">";
  if (piece.type == "xsd:anyType") return "<" + name + " xsi:type=\"xsd:int\">4</" + name + ">";
  const auto* const value =
      std::find_if(kValues.begin(), kValues.end(), [&](const auto& v) { return v.first == piece.type; });
  if (value != kValues.end()) return "<" + name + ">" + std::string(value->second) + "</" + name + ">";
  const TypeInfo* const type = findType(piece.type);
  if (type == nullptr) throw std::logic_error("no sample for type " + std::string(piece.type));
  const std::string inside =
      type->kind == Kind::kEnum ? std::string(type->values.front().text) : mandatoryOf(*type);
  return "<" + name + ">" + inside + "</" + name + ">";
}

std::string mandatoryOf(const TypeInfo& type) {
  std::string out;
  for (const MemberInfo* m : allMembers(type)) {
    if (!m->optional) out += elementOf({m->name, m->type, false});
  }
  return out;
}

std::string elementsOf(std::vector<Piece> pieces, Order order) {
  if (order == Order::kReversed) std::reverse(pieces.begin(), pieces.end());
  std::string out;
  for (const Piece& piece : pieces) {
    out += elementOf(piece);
    if (piece.list) out += elementOf(piece);
  }
  return out;
}

struct FreeDocument {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
using Document = std::unique_ptr<xmlDoc, FreeDocument>;

Document parse(const std::string& text) {
  Document document(
      xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr, XML_PARSE_NONET));
  if (!document) throw std::runtime_error("not well-formed: " + text);
  return document;
}

xmlNode* firstElement(xmlNode* parent, const std::string& name) {
  for (xmlNode* child = parent->children; child != nullptr; child = child->next) {
    const bool element = child->type == XML_ELEMENT_NODE;
    if (element && (name.empty() || name == reinterpret_cast<const char*>(child->name))) return child;
  }
  throw std::runtime_error("no element " + name);
}

void collect(void* text, const char* format, ...) {
  std::array<char, 1024> line{};
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line.data(), line.size(), format, arguments);
  va_end(arguments);
  *static_cast<std::string*>(text) += line.data();
}

}  // namespace

std::string membersOf(const TypeInfo& type, Order order) {
  std::vector<Piece> pieces;
  for (const MemberInfo* m : allMembers(type)) {
    if (m->bound) pieces.push_back({m->name, m->type, m->list});
  }
  return elementsOf(std::move(pieces), order);
}

std::string parametersOf(const MethodInfo& method, Order order) {
  std::vector<Piece> pieces{{"_this", "ManagedObjectReference", false}};
  for (const ParameterInfo& p : method.parameters) pieces.push_back({p.name, p.type, p.list});
  return elementsOf(std::move(pieces), order);
}

std::vector<std::string> childNames(const std::string& document, const std::vector<std::string>& path) {
  const Document parsed = parse(document);
  xmlNode* node = xmlDocGetRootElement(parsed.get());
  for (const std::string& step : path) node = firstElement(node, step);
  std::vector<std::string> names;
  for (xmlNode* child = node->children; child != nullptr; child = child->next) {
    if (child->type != XML_ELEMENT_NODE) continue;
    const std::string name = reinterpret_cast<const char*>(child->name);
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  return names;
}

struct SchemaJudge::Impl {
  xmlSchemaPtr schema = nullptr;
};

SchemaJudge::SchemaJudge(const std::string& schemaFile) : impl_(new Impl) {
  xmlSchemaParserCtxtPtr const parser = xmlSchemaNewParserCtxt(schemaFile.c_str());
  std::string errors;
  xmlSchemaSetParserErrors(parser, collect, collect, &errors);
  impl_->schema = xmlSchemaParse(parser);
  xmlSchemaFreeParserCtxt(parser);
  if (impl_->schema == nullptr) {
    delete impl_;
    throw std::runtime_error(schemaFile + " is no schema: " + errors);
  }
}

SchemaJudge::~SchemaJudge() {
  xmlSchemaFree(impl_->schema);
  delete impl_;
}

std::string SchemaJudge::judgeBody(const std::string& document) {
  const Document parsed = parse(document);
  xmlNode* const content = firstElement(firstElement(xmlDocGetRootElement(parsed.get()), "Body"), "");
  xmlSchemaValidCtxtPtr const judge = xmlSchemaNewValidCtxt(impl_->schema);
  std::string errors;
  xmlSchemaSetValidErrors(judge, collect, collect, &errors);
  const int result = xmlSchemaValidateOneElement(judge, content);
  xmlSchemaFreeValidCtxt(judge);
  return result == 0 ? std::string() : errors;
}

}  // namespace failback::vim25::test
