// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/quarantine.h"

#include <functional>
#include <string>
#include <vector>

#include "vsphere/binding/decode_object.h"
#include "vsphere/binding/page_reader.h"
#include "vsphere/xml_document.h"

namespace failback::vsphere::binding {
namespace {

// Takes pieces out of the document into a parking place and puts one at a time back, so that each is decoded
// within its own envelope, with all the namespaces that were declared around it.
class Pieces {
 public:
  Pieces(const SoapCodec& codec, const AnswerPlace& place, xmlDoc* document)
      : codec_(codec),
        place_(place),
        document_(document),
        parked_(xmlNewDocNode(document, nullptr, xml::chars("parked"), nullptr)) {}

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
    const std::string text = xml::serialise(document_);
    try {
      readPage(codec_, text, place_, use);
      return true;
    } catch (const Failure& failure) {
      if (failure.error().category != Category::malformedAnswer) throw;
      return false;
    }
  }

  const SoapCodec& codec_;
  const AnswerPlace& place_;
  xmlDoc* document_;
  xml::DetachedNode parked_;
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
  const Moref ref = xml::referenceOf(xml::elementNamed(object, "obj"));
  ObjectAssembler assembler(ref);
  const auto takeAll = [&](const PageContent& content) {
    for (const auto* one : content.objects) assemble(assembler, *one);
  };
  if (!pieces.decodeWith(object, parent, takeAll)) {
    std::vector<xmlNode*> properties = xml::elementsNamed(object, "propSet");
    for (xmlNode* missing : xml::elementsNamed(object, "missingSet")) properties.push_back(missing);
    for (xmlNode* property : properties) pieces.park(property);
    xmlUnlinkNode(object);
    xmlAddChild(parent, object);
    for (xmlNode* property : properties) {
      if (pieces.decodeWith(property, object, takeAll)) continue;
      std::string path = xml::textOf(xml::elementNamed(property, "name"));
      if (path.empty()) path = xml::textOf(xml::elementNamed(property, "path"));
      assembler.malformed(std::move(path), kTextOfUnfitValue);
    }
    pieces.park(object);
  }
  finish(page, assembler, ref);
}

}  // namespace

std::optional<InventoryPage> decodeInPieces(const SoapCodec& codec, std::string_view body,
                                            const AnswerPlace& place) {
  const xml::Document document = xml::parse(body);
  if (!document) return std::nullopt;
  xmlNode* response = xml::elementNamed(xml::elementNamed(xmlDocGetRootElement(document.get()), "Body"),
                                        place.method + "Response");
  if (response == nullptr) return std::nullopt;
  // RetrieveProperties repeats returnval itself, the newer methods have a list within it.
  const bool plainList = place.method == "RetrieveProperties";
  xmlNode* parent = plainList ? response : xml::elementNamed(response, "returnval");
  if (parent == nullptr) return std::nullopt;
  const std::vector<xmlNode*> objects = xml::elementsNamed(parent, plainList ? "returnval" : "objects");
  if (objects.empty()) return std::nullopt;

  InventoryPage page;
  page.token = xml::textOf(xml::elementNamed(parent, "token"));
  Pieces pieces(codec, place, document.get());
  for (xmlNode* object : objects) pieces.park(object);
  for (xmlNode* object : objects) decodeObject(page, pieces, object, parent);
  return page;
}

}  // namespace failback::vsphere::binding
