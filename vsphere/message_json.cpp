// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/message_json.h"

#include <charconv>
#include <cstdint>
#include <map>

#include "vsphere/message_shape.h"
#include "vsphere/xml_document.h"
#include "wsdl/schema.h"

namespace failback::vsphere {
namespace {

using Json = nlohmann::ordered_json;

// Children by name, each list in document order; names in the order of their first child.
class Children {
 public:
  explicit Children(const xmlNode* parent) {
    for (xmlNode* child : xml::elementsOf(parent)) {
      const std::string_view name = xml::nameOf(child);
      auto& list = byName_[name];
      if (list.empty()) names_.push_back(name);
      list.push_back(child);
    }
  }
  const std::vector<std::string_view>& names() const { return names_; }
  const std::vector<xmlNode*>& named(std::string_view name) const {
    static const std::vector<xmlNode*> none;
    const auto found = byName_.find(name);
    return found == byName_.end() ? none : found->second;
  }

 private:
  std::map<std::string_view, std::vector<xmlNode*>> byName_;
  std::vector<std::string_view> names_;
};

std::string_view withoutXsd(std::string_view type) {
  return type.starts_with("xsd:") ? type.substr(4) : type;
}

bool isAnything(std::string_view type) {
  return type.empty() || withoutXsd(type) == "anyType";
}

std::string trimmed(const std::string& text) {
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  if (from == std::string::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

Json scalarOf(const std::string& text, std::string_view simpleType) {
  std::string value = trimmed(text);
  if (simpleType == "xsd:boolean") return value == "true" || value == "1";
  if (value.starts_with('+') && simpleType != "xsd:string") value.erase(0, 1);
  if (simpleType == "xsd:float" || simpleType == "xsd:double") {
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    return error == std::errc{} && end == value.data() + value.size() ? Json(number) : Json(value);
  }
  if (simpleType == "xsd:int" || simpleType == "xsd:long" || simpleType == "xsd:short" ||
      simpleType == "xsd:byte") {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    return error == std::errc{} && end == value.data() + value.size() ? Json(number) : Json(value);
  }
  return text;
}

// What nobody should see in a terminal or a bug report, should a recording hold it.
bool isSecret(std::string_view member) {
  return member == "password" || member.ends_with("Password") || member == "licenseKey" ||
         member == "base64Token";
}

// Simple types that JSON's own types show already.
bool isPlain(std::string_view simpleType) {
  return simpleType == "xsd:string" || simpleType == "xsd:boolean" || simpleType == "xsd:int";
}

class Comparison {
 public:
  explicit Comparison(std::vector<LeftOut>& leftOut) : leftOut_(leftOut) {}

  Json value(const xmlNode* original, const xmlNode* understood, std::string_view declared,
             const std::string& path) {
    std::string actual = xml::typeOf(understood);
    if (actual.empty()) actual = declared;
    std::string written = xml::typeOf(original);
    if (written.empty()) written = withoutXsd(declared);
    compareTypes(written, actual, path);
    checkAttributes(original, actual, path);
    if (const std::string_view simple = simpleTypeOf(actual); !simple.empty())
      return simpleValue(original, understood, simple, declared, written, path);
    if (withoutXsd(actual) == "ManagedObjectReference") return reference(understood, declared);
    if (vim25::arrayElement(actual)) return list(original, understood, actual, path);
    // Nothing of it is kept, and that has been said.
    if (isAnything(actual) && !isAnything(written)) return Json{{"_type", written}};
    const bool showType = isAnything(declared) || withoutXsd(declared) != written;
    return object(original, understood, {actual, "", false}, showType ? written : "", path);
  }

  // A message, or an object of a data type.
  Json object(const xmlNode* original, const xmlNode* understood, const Shape& shape,
              const std::string& typeShown, const std::string& path) {
    Json result = Json::object();
    if (!typeShown.empty()) result["_type"] = typeShown;
    const Children before(original);
    const Children after(understood);
    for (const std::string_view name : after.names()) {
      const MemberShape member = memberOf(shape, name);
      const Json values = members(before.named(name), after.named(name), member, name, path);
      result[std::string(name)] = member.list ? values : values.front();
    }
    for (const std::string_view name : before.names())
      if (after.named(name).empty()) reportMissing(before.named(name), shape, name, path);
    return result;
  }

 private:
  Json members(const std::vector<xmlNode*>& before, const std::vector<xmlNode*>& after,
               const MemberShape& member, std::string_view name, const std::string& path) {
    const std::string declared = member.type.empty() ? "xsd:anyType" : member.type;
    Json values = Json::array();
    for (std::size_t i = 0; i < after.size() && i < before.size(); ++i)
      values.push_back(isSecret(name)
                           ? Json("***")
                           : value(before[i], after[i], declared, stepOf(path, name, i, before.size())));
    // One value alone is kept of a member that the schema does not repeat: the last. So it is in gSOAP.
    for (std::size_t i = after.size(); i < before.size(); ++i)
      leftOut_.push_back(
          {stepOf(path, name, i, before.size()), declared, "it is repeated, but may stand once only"});
    return values;
  }

  void reportMissing(const std::vector<xmlNode*>& nodes, const Shape& shape, std::string_view name,
                     const std::string& path) {
    const MemberShape member = memberOf(shape, name);
    const std::string reason = member.type.empty() ? "a member that this version of failback does not know"
                               : member.bound      ? "without a value that could be read"
                                              : "a member that failback's subset of the schema leaves out";
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      std::string type = xml::typeOf(nodes[i]);
      if (type.empty()) type = member.type;
      leftOut_.push_back({stepOf(path, name, i, nodes.size()), std::move(type), reason});
    }
  }

  void compareTypes(std::string_view written, std::string_view actual, const std::string& path) {
    if (withoutXsd(actual) == written || isAnything(written)) return;
    // An enum is a text.
    if (simpleTypeOf(written) == simpleTypeOf(actual) && !simpleTypeOf(actual).empty()) return;
    if (isAnything(actual)) {
      leftOut_.push_back({path, std::string(written),
                          "a type that this version of failback does not know; nothing of it is kept"});
    } else {
      leftOut_.push_back(
          {path, std::string(written),
           "a type that failback has no class for; read as " + std::string(withoutXsd(actual))});
    }
  }

  void checkAttributes(const xmlNode* original, std::string_view actual, const std::string& path) {
    const bool isReference = withoutXsd(actual) == "ManagedObjectReference";
    for (const xmlAttr* attribute = original->properties; attribute != nullptr; attribute = attribute->next) {
      if (attribute->ns != nullptr) continue;  // xsi:type and the like
      const std::string_view name = reinterpret_cast<const char*>(attribute->name);
      // pyVmomi writes versionId to every member of a request; servers take no notice of it.
      if (name == "versionId" || (isReference && (name == "type" || name == "serverGuid"))) continue;
      leftOut_.push_back(
          {path + "/@" + std::string(name), "", "an attribute that this version of failback does not know"});
    }
  }

  Json simpleValue(const xmlNode* original, const xmlNode* understood, std::string_view simple,
                   std::string_view declared, const std::string& written, const std::string& path) {
    const std::string text = xml::textOf(understood);
    Json result = scalarOf(text, simple);
    const std::string before = xml::textOf(original);
    if (before != text && scalarOf(before, simple) != result)
      leftOut_.push_back({path, written, "the value \"" + before + "\" was read as \"" + text + "\""});
    for (const xmlNode* child : xml::elementsOf(original))
      leftOut_.push_back({stepOf(path, xml::nameOf(child), 0, 1), "", "an element within a simple value"});
    if (!isAnything(declared) || isPlain(simple)) return result;
    return Json{{"_type", std::string(simple)}, {"_value", std::move(result)}};
  }

  static Json reference(const xmlNode* understood, std::string_view declared) {
    Json result = Json::object();
    if (isAnything(declared)) result["_type"] = "ManagedObjectReference";
    result["type"] = xml::attributeOf(understood, "type");
    result["value"] = xml::textOf(understood);
    const std::string server = xml::attributeOf(understood, "serverGuid");
    if (!server.empty()) result["serverGuid"] = server;
    return result;
  }

  Json list(const xmlNode* original, const xmlNode* understood, const std::string& actual,
            const std::string& path) {
    const auto array = vim25::arrayElement(actual);
    const Children before(original);
    const Children after(understood);
    const std::string element(array->element);
    Json values = members(before.named(element), after.named(element), {std::string(array->type), true, true},
                          element, path);
    for (const std::string_view name : before.names())
      if (name != element) reportMissing(before.named(name), {actual, "", false}, name, path);
    return Json{{"_type", actual}, {"_value", std::move(values)}};
  }

  std::vector<LeftOut>& leftOut_;
};

}  // namespace

Json toJson(const xmlNode* original, const xmlNode* understood, const Shape& shape,
            std::vector<LeftOut>& leftOut, const std::string& path) {
  Comparison comparison(leftOut);
  if (shape.type.empty()) return comparison.object(original, understood, shape, "", path);
  return comparison.value(original, understood, shape.type, path);
}

std::string jsonOfValue(const xmlNode* value) {
  std::vector<LeftOut> leftOut;
  Json json = toJson(value, value, {"xsd:anyType", "", false}, leftOut);
  if (json.contains("_value")) {
    json = Json(std::move(json["_value"]));
  } else if (json.is_object() && json.value("_type", "") == "ManagedObjectReference") {
    json.erase("_type");
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

namespace {

std::optional<BadValue> findBad(const xmlNode* node, const Shape& shape, const std::string& path) {
  const Children children(node);
  for (const std::string_view name : children.names()) {
    const MemberShape member = memberOf(shape, name);
    const std::vector<xmlNode*>& nodes = children.named(name);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const std::string step = stepOf(path, name, i, nodes.size());
      std::string type = xml::typeOf(nodes[i]);
      if (type.empty() || !simpleTypeOf(member.type).empty()) type = member.type;
      if (type.empty()) continue;
      if (const std::string_view simple = simpleTypeOf(type); !simple.empty()) {
        const std::string text = xml::textOf(nodes[i]);
        if (!fitsSimpleType(text, simple))
          return BadValue{xml::lineOf(nodes[i]), step, text, std::string(simple)};
      } else if (auto bad = findBad(nodes[i], {type, "", false}, step)) {
        return bad;
      }
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<BadValue> findBadValue(const xmlNode* original, const Shape& shape) {
  return findBad(original, shape, "");
}

}  // namespace failback::vsphere
