// SPDX-License-Identifier: GPL-2.0-or-later
// A small document read with libxml2 into a tree: for messages that are looked at rather than decoded in
// bulk. Nothing is fetched, no entity is expanded, depth and lengths are bounded by libxml2's own limits.
#pragma once

#include <libxml/tree.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vsphere/model/moref.h"

namespace failback::vsphere::xml {

inline constexpr std::string_view kVimNamespace = "urn:vim25";
inline constexpr std::string_view kXsiNamespace = "http://www.w3.org/2001/XMLSchema-instance";
inline constexpr std::string_view kXsdNamespace = "http://www.w3.org/2001/XMLSchema";

struct FreeDocument {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
struct FreeNode {
  void operator()(xmlNode* node) const { xmlFreeNode(node); }
};
using Document = std::unique_ptr<xmlDoc, FreeDocument>;
using DetachedNode = std::unique_ptr<xmlNode, FreeNode>;

// Where and why a text is not XML.
struct SyntaxError {
  int line = 0;    // 1 is the first; 0: not known
  int column = 0;  // in bytes
  std::string text;
};

// Null when the text is no well-formed document; `error`, when given, then says why.
Document parse(std::string_view text, SyntaxError* error = nullptr);
std::string serialise(xmlDoc* document);

std::string_view nameOf(const xmlNode* node);  // without prefix
std::string_view namespaceOf(const xmlNode* node);
// Child elements, comments and text aside.
std::vector<xmlNode*> elementsOf(const xmlNode* parent);
std::vector<xmlNode*> elementsNamed(const xmlNode* parent, std::string_view name);
// The first child element of that name; null when there is none, or no parent.
xmlNode* elementNamed(const xmlNode* parent, std::string_view name);
xmlNode* firstElement(const xmlNode* parent);
// All text below the node.
std::string textOf(const xmlNode* node);
// An attribute without namespace; empty when absent.
std::string attributeOf(const xmlNode* node, const char* name);
// A ManagedObjectReference; empty when there is no node.
Moref referenceOf(const xmlNode* node);
// The local name in xsi:type; empty when absent. `namespaceUri` receives what its prefix stands for.
std::string typeOf(const xmlNode* node, std::string* namespaceUri = nullptr);
// Line in the document that was parsed.
long lineOf(const xmlNode* node);

inline const xmlChar* chars(const char* text) {
  return reinterpret_cast<const xmlChar*>(text);
}
inline const xmlChar* chars(const std::string& text) {
  return chars(text.c_str());
}

}  // namespace failback::vsphere::xml
