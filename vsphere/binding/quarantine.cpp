// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/quarantine.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "vsphere/binding/decode_object.h"
#include "vsphere/binding/page_reader.h"

namespace failback::vsphere::binding {
namespace {

struct FreeDocument {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
struct FreeNode {
  void operator()(xmlNode* node) const { xmlFreeNode(node); }
};
struct FreeText {
  void operator()(xmlChar* text) const { xmlFree(text); }
};

bool isNamed(const xmlNode* node, std::string_view name) {
  return node->type == XML_ELEMENT_NODE && name == reinterpret_cast<const char*>(node->name);
}

xmlNode* childNamed(xmlNode* parent, std::string_view name) {
  if (parent == nullptr) return nullptr;
  for (xmlNode* child = parent->children; child != nullptr; child = child->next)
    if (isNamed(child, name)) return child;
  return nullptr;
}

std::vector<xmlNode*> childrenNamed(xmlNode* parent, std::string_view name) {
  std::vector<xmlNode*> result;
  for (xmlNode* child = parent->children; child != nullptr; child = child->next)
    if (isNamed(child, name)) result.push_back(child);
  return result;
}

std::string textOfNode(xmlNode* node) {
  if (node == nullptr) return {};
  const std::unique_ptr<xmlChar, FreeText> content(xmlNodeGetContent(node));
  return content ? reinterpret_cast<const char*>(content.get()) : "";
}

std::string attributeOf(xmlNode* node, const char* name) {
  if (node == nullptr) return {};
  const std::unique_ptr<xmlChar, FreeText> value(
      xmlGetNoNsProp(node, reinterpret_cast<const xmlChar*>(name)));
  return value ? reinterpret_cast<const char*>(value.get()) : "";
}

// Takes pieces out of the document into a parking place and puts one at a time back, so that each is decoded
// within its own envelope, with all the namespaces that were declared around it.
class Pieces {
 public:
  Pieces(const SoapCodec& codec, const AnswerPlace& place, xmlDoc* document)
      : codec_(codec),
        place_(place),
        document_(document),
        parked_(xmlNewDocNode(document, nullptr, reinterpret_cast<const xmlChar*>("parked"), nullptr)) {}

  void park(xmlNode* piece) { move(piece, parked_.get()); }

  // Decodes the document with this piece put back below `parent`; false when it is refused.
  bool decodeWith(xmlNode* piece, xmlNode* parent, const std::function<void(const PageContent&)>& use) {
    move(piece, parent);
    const bool read = decode(use);
    park(piece);
    return read;
  }

 private:
  static void move(xmlNode* node, xmlNode* parent) {
    xmlUnlinkNode(node);
    xmlAddChild(parent, node);
  }

  bool decode(const std::function<void(const PageContent&)>& use) {
    xmlChar* raw = nullptr;
    int size = 0;
    xmlDocDumpMemoryEnc(document_, &raw, &size, "UTF-8");
    const std::unique_ptr<xmlChar, FreeText> text(raw);
    if (!text || size <= 0) return false;
    try {
      readPage(codec_, {reinterpret_cast<const char*>(text.get()), static_cast<std::size_t>(size)}, place_,
               use);
      return true;
    } catch (const Failure& failure) {
      if (failure.error().category != Category::malformedAnswer) throw;
      return false;
    }
  }

  const SoapCodec& codec_;
  const AnswerPlace& place_;
  xmlDoc* document_;
  std::unique_ptr<xmlNode, FreeNode> parked_;
};

void assemble(ObjectAssembler& assembler, const vim25__ObjectContent& content) {
  for (const auto* property : content.propSet)
    if (property != nullptr && property->name) assembler.property(*property->name, property->val);
  for (const auto* missing : content.missingSet)
    if (missing != nullptr) assembler.missing(*missing);
}

void finish(InventoryPage& page, ObjectAssembler& assembler, const Moref& ref) {
  page.seen.push_back(ref);
  page.notAuthenticated = page.notAuthenticated || assembler.notAuthenticated();
  if (auto object = assembler.finish(page.unreadable)) page.objects.push_back(std::move(*object));
}

// The object alone; when that is refused, its properties one by one.
void decodeObject(InventoryPage& page, Pieces& pieces, xmlNode* object, xmlNode* parent) {
  xmlNode* reference = childNamed(object, "obj");
  const Moref ref{attributeOf(reference, "type"), textOfNode(reference),
                  attributeOf(reference, "serverGuid")};
  ObjectAssembler assembler(ref);
  const auto takeAll = [&](const PageContent& content) {
    for (const auto* one : content.objects) assemble(assembler, *one);
  };
  if (!pieces.decodeWith(object, parent, takeAll)) {
    std::vector<xmlNode*> properties = childrenNamed(object, "propSet");
    for (xmlNode* missing : childrenNamed(object, "missingSet")) properties.push_back(missing);
    for (xmlNode* property : properties) pieces.park(property);
    xmlUnlinkNode(object);
    xmlAddChild(parent, object);
    for (xmlNode* property : properties) {
      if (pieces.decodeWith(property, object, takeAll)) continue;
      std::string path = textOfNode(childNamed(property, "name"));
      if (path.empty()) path = textOfNode(childNamed(property, "path"));
      assembler.malformed(std::move(path), "The server sent a value that does not fit the property's type");
    }
    pieces.park(object);
  }
  finish(page, assembler, ref);
}

}  // namespace

std::optional<InventoryPage> decodeInPieces(const SoapCodec& codec, std::string_view body,
                                            const AnswerPlace& place) {
  if (body.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return std::nullopt;
  const std::unique_ptr<xmlDoc, FreeDocument> document(
      xmlReadMemory(body.data(), static_cast<int>(body.size()), nullptr, nullptr,
                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  if (!document) return std::nullopt;
  xmlNode* response =
      childNamed(childNamed(xmlDocGetRootElement(document.get()), "Body"), place.method + "Response");
  if (response == nullptr) return std::nullopt;
  // RetrieveProperties repeats returnval itself, the newer methods have a list within it.
  const bool plainList = place.method == "RetrieveProperties";
  xmlNode* parent = plainList ? response : childNamed(response, "returnval");
  if (parent == nullptr) return std::nullopt;
  const std::vector<xmlNode*> objects = childrenNamed(parent, plainList ? "returnval" : "objects");
  if (objects.empty()) return std::nullopt;

  InventoryPage page;
  page.token = textOfNode(childNamed(parent, "token"));
  Pieces pieces(codec, place, document.get());
  for (xmlNode* object : objects) pieces.park(object);
  for (xmlNode* object : objects) decodeObject(page, pieces, object, parent);
  return page;
}

}  // namespace failback::vsphere::binding
