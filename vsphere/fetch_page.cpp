// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/fetch_page.h"

#include <optional>
#include <vector>

#include "vsphere/message_shape.h"
#include "vsphere/model/moref.h"
#include "vsphere/property_table.h"
#include "vsphere/xml_document.h"
#include "wsdl/schema.h"

namespace failback::vsphere {
namespace {

// What a path leads to: one element, or all of a list.
struct Found {
  std::vector<xmlNode*> nodes;
  std::string type;
  bool list = false;
};

// From a value of `type` along "hardware.device"; absent when a member on the way is unset.
std::optional<Found> follow(xmlNode* value, std::string type, std::string_view path) {
  Found found{{value}, std::move(type), false};
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    const std::string_view step = path.substr(0, dot);
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    if (found.list) return std::nullopt;
    const std::string written = xml::typeOf(found.nodes.front());
    const MemberShape member = memberOf({written.empty() ? found.type : written, "", false}, step);
    if (member.type.empty()) return std::nullopt;
    std::vector<xmlNode*> nodes = xml::elementsNamed(found.nodes.front(), step);
    if (nodes.empty()) return std::nullopt;
    found = {std::move(nodes), member.type, member.list};
  }
  return found;
}

class PageWriter {
 public:
  PageWriter(xmlDoc* answer, const Moref& object) : document_(xmlCopyDoc(answer, 1)) {
    root_ = xmlDocGetRootElement(document_.get());
    xsi_ = declare(xml::kXsiNamespace.data(), "xsi");
    xsd_ = declare(xml::kXsdNamespace.data(), "xsd");
    xmlNode* body = xml::elementNamed(root_, "Body");
    response_ = xml::firstElement(body);
    vim_ = response_->ns;
    value_ = xml::elementNamed(response_, "returnval");
    xmlNodeSetName(response_, xml::chars("RetrievePropertiesExResponse"));
    xmlNode* result = child(response_, "returnval");
    object_ = child(result, "objects");
    xmlNode* reference = child(object_, "obj");
    xmlNewProp(reference, xml::chars("type"), xml::chars(object.type));
    xmlNodeAddContent(reference, xml::chars(object.value));
  }

  xmlNode* value() const { return value_; }
  // The page; nothing can be added afterwards.
  std::string finish() {
    // Until now it stood where its namespaces are declared.
    xmlUnlinkNode(value_);
    kept_.reset(value_);
    return xml::serialise(document_.get());
  }

  void add(const std::string& path, const Found& found) {
    xmlNode* property = child(object_, "propSet");
    xmlNodeAddContent(child(property, "name"), xml::chars(path));
    if (!found.list) {
      xmlNode* val = copy(found.nodes.front(), property, "val");
      if (xml::typeOf(val).empty()) setType(val, found.type);
      return;
    }
    const std::string array = arrayOf(found.type);
    xmlNode* val = child(property, "val");
    setType(val, array);
    const auto element = vim25::arrayElement(array);
    for (xmlNode* node : found.nodes) copy(node, val, element ? std::string(element->element) : "item");
  }

 private:
  static std::string arrayOf(const std::string& type) {
    std::string bare = type.starts_with("xsd:") ? type.substr(4) : type;
    if (!bare.empty() && bare[0] >= 'a' && bare[0] <= 'z') bare[0] = static_cast<char>(bare[0] - 'a' + 'A');
    return "ArrayOf" + bare;
  }

  xmlNs* declare(const char* uri, const char* prefix) {
    xmlNs* known = xmlSearchNsByHref(document_.get(), root_, xml::chars(uri));
    return known != nullptr && known->prefix != nullptr
               ? known
               : xmlNewNs(root_, xml::chars(uri), xml::chars(prefix));
  }
  xmlNode* child(xmlNode* parent, const char* name) {
    return xmlNewChild(parent, vim_, xml::chars(name), nullptr);
  }
  xmlNode* copy(xmlNode* node, xmlNode* parent, const std::string& name) {
    xmlNode* copied = xmlDocCopyNode(node, document_.get(), 1);
    xmlNodeSetName(copied, xml::chars(name));
    xmlAddChild(parent, copied);
    return copied;
  }
  void setType(xmlNode* node, const std::string& type) {
    std::string name = type;
    if (!simpleTypeOf(type).empty())
      name = std::string(reinterpret_cast<const char*>(xsd_->prefix)) + ":" +
             std::string(simpleTypeOf(type).substr(4));
    else if (vim_ != nullptr && vim_->prefix != nullptr)
      name = std::string(reinterpret_cast<const char*>(vim_->prefix)) + ":" + type;
    xmlNewNsProp(node, xsi_, xml::chars("type"), xml::chars(name));
  }

  xml::Document document_;
  xml::DetachedNode kept_;
  xmlNode *root_ = nullptr, *response_ = nullptr, *object_ = nullptr, *value_ = nullptr;
  xmlNs *xsi_ = nullptr, *xsd_ = nullptr, *vim_ = nullptr;
};

struct Asked {
  Moref object;
  std::string property;
};

std::optional<Asked> readRequest(std::string_view request) {
  const xml::Document document = xml::parse(request);
  if (!document) return std::nullopt;
  const xmlNode* fetch =
      xml::elementNamed(xml::elementNamed(xmlDocGetRootElement(document.get()), "Body"), "Fetch");
  const xmlNode* object = xml::elementNamed(fetch, "_this");
  const std::string property = xml::textOf(xml::elementNamed(fetch, "prop"));
  if (object == nullptr || property.empty()) return std::nullopt;
  return Asked{{xml::attributeOf(object, "type"), xml::textOf(object), {}}, property};
}

bool isFetchAnswer(xmlDoc* document) {
  const xmlNode* body = xml::elementNamed(xmlDocGetRootElement(document), "Body");
  return xml::elementNamed(xml::elementNamed(body, "FetchResponse"), "returnval") != nullptr;
}

}  // namespace

std::string pageOfFetch(std::string_view answer, std::string_view request) {
  const auto asked = readRequest(request);
  const xml::Document document = xml::parse(answer);
  if (!asked || !document || !isFetchAnswer(document.get())) return {};
  const std::string_view known = knownTypeOf(asked->object.type);
  const vim25::PropertyInfo* property = vim25::findProperty(asked->object.type, asked->property);
  if (known.empty() || property == nullptr) return {};

  PageWriter page(document.get(), asked->object);
  bool any = false;
  std::vector<std::string> paths = pathsFor(known, {Depth::full, "9", {}, true, {}});
  for (const std::string& path : paths) {
    if (path == asked->property) {
      page.add(path, {{page.value()}, std::string(property->type), false});
      any = true;
    } else if (path.starts_with(asked->property + ".")) {
      const auto found = follow(page.value(), std::string(property->type),
                                std::string_view(path).substr(asked->property.size() + 1));
      if (!found) continue;
      page.add(path, *found);
      any = true;
    }
  }
  return any ? page.finish() : std::string();
}

}  // namespace failback::vsphere
