// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/message_inspector.h"

#include <algorithm>
#include <utility>

#include "vsphere/api_version.h"
#include "vsphere/binding/round_trip.h"
#include "vsphere/binding/soap_codec.h"
#include "vsphere/binding/typed_page_decoder.h"
#include "vsphere/fetch_page.h"
#include "vsphere/xml_document.h"
#include "wsdl/schema.h"

namespace failback::vsphere {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void malformed(const std::string& text) {
  fail(Category::malformedAnswer, text);
}

std::string atLine(long line) {
  return line > 0 ? "line " + std::to_string(line) + ": " : std::string();
}

xml::Document parseOrFail(std::string_view message) {
  xml::SyntaxError error;
  xml::Document document = xml::parse(message, &error);
  if (document) return document;
  const bool blank = message.find_first_not_of(" \t\r\n") == std::string_view::npos;
  if (blank) malformed("the message is empty");
  const std::string column = error.column > 0 ? ", column " + std::to_string(error.column) : "";
  malformed((error.line > 0 ? "line " + std::to_string(error.line) + column + ": " : "") +
            "not well-formed XML: " + error.text);
}

MessageReport inspectVersions(std::string_view message, const xmlNode* root) {
  const auto versions = readVersionsFile(message);
  if (!versions) malformed(atLine(xml::lineOf(root)) + "a versions file that does not name urn:vim25");
  MessageReport report;
  report.message = "namespaces";
  report.result =
      Json{{"namespace", "urn:vim25"}, {"version", versions->current}, {"priorVersions", versions->prior}};
  const std::vector<xmlNode*> namespaces = xml::elementsNamed(root, "namespace");
  for (std::size_t i = 0; i < namespaces.size(); ++i) {
    const std::string name = xml::textOf(xml::elementNamed(namespaces[i], "name"));
    if (name != "urn:vim25")
      report.leftOut.push_back(
          {"namespace[" + std::to_string(i) + "]", name, "a namespace that failback does not speak"});
  }
  return report;
}

// The message's shape from its element's name; absent when no method of ours has such a message.
std::optional<Shape> shapeOf(std::string_view element) {
  constexpr std::string_view ending = "Response";
  if (element.ends_with(ending)) {
    const std::string_view method = element.substr(0, element.size() - ending.size());
    if (vim25::findMethod(method) != nullptr) return Shape{"", std::string(method), false};
  }
  if (vim25::findMethod(element) != nullptr) return Shape{"", std::string(element), true};
  return std::nullopt;
}

bool isPage(std::string_view method) {
  return method == "RetrievePropertiesEx" || method == "ContinueRetrievePropertiesEx" ||
         method == "RetrieveProperties";
}

// gSOAP finds the class of a request by its xsi:type: the element's name is only the method's.
std::string withRequestType(xmlDoc* document, xmlNode* element, const Shape& shape) {
  xmlNs* xsi = xmlSearchNsByHref(document, element, xml::chars(xml::kXsiNamespace.data()));
  if (xsi == nullptr || xsi->prefix == nullptr)
    xsi = xmlNewNs(element, xml::chars(xml::kXsiNamespace.data()), xml::chars("failback-xsi"));
  std::string type(vim25::findMethod(shape.method)->requestType);
  if (element->ns != nullptr && element->ns->prefix != nullptr)
    type = std::string(reinterpret_cast<const char*>(element->ns->prefix)) + ":" + type;
  xmlSetNsProp(element, xsi, xml::chars("type"), xml::chars(type));
  return xml::serialise(document);
}

class Inspector {
 public:
  Inspector(std::string_view message, std::string_view request) : message_(message), request_(request) {}

  MessageReport run() {
    const xml::Document document = parseOrFail(message_);
    xmlNode* root = xmlDocGetRootElement(document.get());
    if (xml::nameOf(root) == "namespaces") return inspectVersions(message_, root);
    xmlNode* element = bodyElement(root);
    report_.message = xml::nameOf(element);
    if (report_.message == "Fault") {
      readFault(element);
    } else {
      readMessage(document.get(), element);
    }
    return std::move(report_);
  }

 private:
  static xmlNode* bodyElement(xmlNode* root) {
    if (xml::nameOf(root) != "Envelope")
      malformed(atLine(xml::lineOf(root)) + "element " + std::string(xml::nameOf(root)) +
                " is neither a SOAP envelope nor a versions file");
    xmlNode* body = xml::elementNamed(root, "Body");
    if (body == nullptr) malformed(atLine(xml::lineOf(root)) + "the envelope has no body");
    xmlNode* element = xml::firstElement(body);
    if (element == nullptr) malformed(atLine(xml::lineOf(body)) + "the envelope's body is empty");
    return element;
  }

  void readMessage(xmlDoc* document, xmlNode* element) {
    const auto shape = shapeOf(report_.message);
    if (!shape || xml::namespaceOf(element) != xml::kVimNamespace)
      malformed(atLine(xml::lineOf(element)) + "element " + report_.message +
                " is no message of a method that failback knows");
    if (!shape->request) readValues(*shape);
    forgetManagers();
    const std::string envelope =
        shape->request ? withRequestType(document, element, *shape) : std::string(message_);
    std::string understood;
    try {
      understood = binding::roundTripBody(codec_, envelope);
    } catch (const Failure& failure) {
      refused(failure, element, *shape);
      return;
    }
    const xml::Document after = xml::parse(understood);
    if (!after) fail(Category::internal, "a decoded message was written as XML that can't be read");
    Json json = toJson(element, xmlDocGetRootElement(after.get()), *shape, report_.leftOut);
    if (shape->request) {
      report_.result = std::move(json);
    } else if (json.contains("returnval")) {
      report_.result = std::move(json["returnval"]);
    }
  }

  // A page is read although a value in it is bad; anything else is not.
  void refused(const Failure& failure, const xmlNode* element, const Shape& shape) {
    const auto bad = findBadValue(element, shape);
    const std::string text =
        bad ? "\"" + bad->text.substr(0, 60) + "\" is no " + bad->type : failure.error().text;
    if (!report_.page)
      malformed(atLine(bad ? bad->line : xml::lineOf(element)) + (bad ? bad->path + ": " : "") + text);
    report_.leftOut.push_back({bad ? bad->path : "", bad ? bad->type : "", "malformed: " + text});
  }

  void readValues(const Shape& shape) {
    try {
      if (isPage(shape.method)) {
        report_.page = decodePage(message_, shape.method);
      } else if (shape.method == "WaitForUpdatesEx") {
        const auto answer =
            codec_.decode<_vim25__WaitForUpdatesExResponse>(message_, {shape.method, "", 200});
        report_.updates = decodeUpdates(*answer);
      } else if (shape.method == "Fetch" && !request_.empty()) {
        const std::string page = pageOfFetch(message_, request_);
        if (!page.empty()) report_.page = decodePage(page, "RetrievePropertiesEx");
      }
    } catch (const Failure&) {
      // What is wrong is found again, with its place, when the message is shown.
    }
  }

  // Managers and views are read by other code; that they are no objects of the inventory is no news.
  void forgetManagers() {
    if (!report_.page) return;
    std::erase_if(report_.page->unreadable, [](const Unreadable& what) {
      return what.property.empty() && vim25::findManagedType(what.object.type) != nullptr;
    });
    if (report_.page->objects.empty() && report_.page->unreadable.empty() && !report_.page->seen.empty())
      report_.page.reset();
  }

  InventoryPage decodePage(std::string_view envelope, const std::string& method) {
    TypedPageDecoder decoder(codec_, {method, "", 200});
    decoder.feed(envelope);
    return decoder.finish();
  }

  // The error that the codec makes of a fault, whatever was asked; absent when it sees none.
  std::optional<Error> errorOfFault() const {
    try {
      codec_.decode<_vim25__LoginResponse>(message_, {"Login", "", 500});
      return std::nullopt;
    } catch (const Failure& failure) {
      Error error = failure.error();
      // The codec names the method that was asked; here nobody knows it.
      std::erase_if(error.details, [](const auto& entry) { return entry.first == "method"; });
      return error;
    }
  }

  void readFault(const xmlNode* element) {
    report_.fault = errorOfFault();
    if (!report_.fault) malformed(atLine(xml::lineOf(element)) + "the fault can't be read");
    if (report_.fault->category == Category::malformedAnswer)
      malformed(atLine(xml::lineOf(element)) + report_.fault->text);
    const std::string understood = binding::roundTripFault(codec_, message_);
    const xml::Document after = understood.empty() ? nullptr : xml::parse(understood);
    const xmlNode* detail = xml::elementNamed(element, "detail");
    const xmlNode* original =
        xml::firstElement(detail != nullptr ? detail : xml::elementNamed(element, "Detail"));
    if (!after || original == nullptr) return;
    report_.faultDetail = toJson(original, xmlDocGetRootElement(after.get()), {"xsd:anyType", "", false},
                                 report_.leftOut, "detail");
  }

  std::string_view message_, request_;
  SoapCodec codec_;
  MessageReport report_;
};

}  // namespace

MessageReport inspectMessage(std::string_view message, std::string_view request) {
  return Inspector(message, request).run();
}

Json toJson(const Error& error) {
  Json result;
  result["category"] = std::string(toString(error.category));
  if (!error.fault.empty()) result["fault"] = error.fault;
  result["text"] = error.text;
  if (!error.object.empty()) {
    result["object"] = Json{{"type", error.object.type}, {"value", error.object.value}};
  }
  if (!error.privilege.empty()) result["privilege"] = error.privilege;
  if (!error.remedy.empty()) result["remedy"] = error.remedy;
  for (const auto& [name, value] : error.details) result["details"][name] = value;
  for (const Error& cause : error.causes) result["causes"].push_back(toJson(cause));
  return result;
}

}  // namespace failback::vsphere
