// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/xml_document.h"

#include <libxml/parser.h>

#include <limits>

#include "vsphere/markup_guard.h"

namespace failback::vsphere::xml {
namespace {

struct FreeText {
  void operator()(xmlChar* text) const { xmlFree(text); }
};
using Text = std::unique_ptr<xmlChar, FreeText>;

struct FreeParser {
  void operator()(xmlParserCtxt* parser) const { xmlFreeParserCtxt(parser); }
};

// libxml2 writes some errors to stderr, whatever the parser was told; while this lives, it does not. Per
// thread.
class Silence {
 public:
  Silence() : function_(xmlStructuredError), context_(xmlStructuredErrorContext) {
    xmlSetStructuredErrorFunc(nullptr, [](void*, xmlErrorPtr) {});
  }
  ~Silence() { xmlSetStructuredErrorFunc(context_, function_); }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  xmlStructuredErrorFunc function_;
  void* context_;
};

std::string toString(const xmlChar* text) {
  return text == nullptr ? "" : reinterpret_cast<const char*>(text);
}

void explain(xmlParserCtxt* parser, SyntaxError* error) {
  if (error == nullptr) return;
  const xmlError* last = xmlCtxtGetLastError(parser);
  if (last == nullptr) {
    error->text = "it can't be parsed";
    return;
  }
  error->line = last->line;
  error->column = last->int2;
  error->text = last->message == nullptr ? "it is not well-formed" : last->message;
  while (!error->text.empty() && (error->text.back() == '\n' || error->text.back() == '.'))
    error->text.pop_back();
}

}  // namespace

Document parse(std::string_view text, SyntaxError* error) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    if (error != nullptr) error->text = "it is larger than 2 GB";
    return nullptr;
  }
  if (auto problem = markupProblem(text)) {
    if (error != nullptr) error->text = std::move(*problem);
    return nullptr;
  }
  const Silence silence;
  const std::unique_ptr<xmlParserCtxt, FreeParser> parser(xmlNewParserCtxt());
  if (!parser) return nullptr;
  Document document(
      xmlCtxtReadMemory(parser.get(), text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES));
  if (!document) explain(parser.get(), error);
  return document;
}

std::string serialise(xmlDoc* document) {
  xmlChar* raw = nullptr;
  int size = 0;
  xmlDocDumpMemoryEnc(document, &raw, &size, "UTF-8");
  const Text text(raw);
  if (!text || size <= 0) return {};
  return {reinterpret_cast<const char*>(text.get()), static_cast<std::size_t>(size)};
}

std::string_view nameOf(const xmlNode* node) {
  return node->name == nullptr ? std::string_view{} : reinterpret_cast<const char*>(node->name);
}

std::string_view namespaceOf(const xmlNode* node) {
  return node->ns == nullptr || node->ns->href == nullptr ? std::string_view{}
                                                          : reinterpret_cast<const char*>(node->ns->href);
}

std::vector<xmlNode*> elementsOf(const xmlNode* parent) {
  std::vector<xmlNode*> result;
  if (parent == nullptr) return result;
  for (xmlNode* child = parent->children; child != nullptr; child = child->next)
    if (child->type == XML_ELEMENT_NODE) result.push_back(child);
  return result;
}

std::vector<xmlNode*> elementsNamed(const xmlNode* parent, std::string_view name) {
  std::vector<xmlNode*> result;
  for (xmlNode* child : elementsOf(parent))
    if (nameOf(child) == name) result.push_back(child);
  return result;
}

xmlNode* elementNamed(const xmlNode* parent, std::string_view name) {
  if (parent == nullptr) return nullptr;
  for (xmlNode* child = parent->children; child != nullptr; child = child->next)
    if (child->type == XML_ELEMENT_NODE && nameOf(child) == name) return child;
  return nullptr;
}

xmlNode* firstElement(const xmlNode* parent) {
  if (parent == nullptr) return nullptr;
  for (xmlNode* child = parent->children; child != nullptr; child = child->next)
    if (child->type == XML_ELEMENT_NODE) return child;
  return nullptr;
}

std::string textOf(const xmlNode* node) {
  if (node == nullptr) return {};
  const Text content(xmlNodeGetContent(node));
  return toString(content.get());
}

std::string attributeOf(const xmlNode* node, const char* name) {
  if (node == nullptr) return {};
  const Text value(xmlGetNoNsProp(node, chars(name)));
  return toString(value.get());
}

Moref referenceOf(const xmlNode* node) {
  return {attributeOf(node, "type"), textOf(node), attributeOf(node, "serverGuid")};
}

std::string typeOf(const xmlNode* node, std::string* namespaceUri) {
  if (node == nullptr) return {};
  const Text value(xmlGetNsProp(node, chars("type"), chars(kXsiNamespace.data())));
  std::string qualified = toString(value.get());
  const std::size_t colon = qualified.find(':');
  if (namespaceUri != nullptr) {
    const std::string prefix = colon == std::string::npos ? "" : qualified.substr(0, colon);
    const xmlNs* found =
        xmlSearchNs(node->doc, const_cast<xmlNode*>(node), prefix.empty() ? nullptr : chars(prefix));
    *namespaceUri = found == nullptr ? "" : toString(found->href);
  }
  return colon == std::string::npos ? qualified : qualified.substr(colon + 1);
}

long lineOf(const xmlNode* node) {
  return xmlGetLineNo(node);
}

}  // namespace failback::vsphere::xml
