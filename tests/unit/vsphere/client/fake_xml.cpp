// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/vsphere/client/fake_xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <functional>
#include <memory>
#include <stdexcept>

namespace failback::vsphere::test {
namespace {

using Document = std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)>;

Document parse(const std::string& xml) {
  Document document(xmlReadMemory(xml.data(), static_cast<int>(xml.size()), "request", nullptr,
                                  XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
                    &xmlFreeDoc);
  if (!document) throw std::runtime_error("the request is not well-formed: " + xml);
  return document;
}

std::string nameOf(const xmlNode* node) {
  return reinterpret_cast<const char*>(node->name);
}

std::string textOf(xmlNode* node) {
  const std::unique_ptr<xmlChar, decltype(xmlFree)> content(xmlNodeGetContent(node), xmlFree);
  return content ? reinterpret_cast<const char*>(content.get()) : "";
}

void visit(xmlNode* node, const std::function<void(xmlNode*)>& see) {
  for (; node != nullptr; node = node->next) {
    if (node->type != XML_ELEMENT_NODE) continue;
    see(node);
    visit(node->children, see);
  }
}

void eachNamed(const std::string& xml, const std::string& name, const std::function<void(xmlNode*)>& see) {
  const Document document = parse(xml);
  visit(xmlDocGetRootElement(document.get()), [&](xmlNode* node) {
    if (nameOf(node) == name) see(node);
  });
}

Moref morefOf(xmlNode* node) {
  const std::unique_ptr<xmlChar, decltype(xmlFree)> type(
      xmlGetNoNsProp(node, reinterpret_cast<const xmlChar*>("type")), xmlFree);
  return {type ? reinterpret_cast<const char*>(type.get()) : "", textOf(node), {}};
}

}  // namespace

std::string envelope(const std::string& body) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<soapenv:Envelope xmlns:soapenc=\"http://schemas.xmlsoap.org/soap/encoding/\"\n"
         " xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"\n"
         " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"\n"
         " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n"
         "<soapenv:Body>\n" +
         body + "\n</soapenv:Body>\n</soapenv:Envelope>";
}

std::string answer(const std::string& method, const std::string& content) {
  return envelope("<" + method + "Response xmlns=\"urn:vim25\">" + content + "</" + method + "Response>");
}

std::string fault(const std::string& type, const std::string& text, const std::string& members) {
  return envelope("<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>" + escaped(text) +
                  "</faultstring><detail><" + type + "Fault xmlns=\"urn:vim25\" xsi:type=\"" + type + "\">" +
                  members + "</" + type + "Fault></detail></soapenv:Fault>");
}

std::string reference(const std::string& element, const Moref& ref) {
  return "<" + element + " type=\"" + ref.type + "\">" + escaped(ref.value) + "</" + element + ">";
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else {
      result += c;
    }
  }
  return result;
}

std::string property(const std::string& path, const std::string& type, const std::string& content) {
  return "<propSet><name>" + escaped(path) + "</name><val xsi:type=\"" + type + "\">" + content +
         "</val></propSet>";
}

std::vector<std::string> ReadRequestXml::texts(const std::string& element) const {
  std::vector<std::string> found;
  eachNamed(xml, element, [&](xmlNode* node) { found.push_back(textOf(node)); });
  return found;
}

std::vector<Moref> ReadRequestXml::references(const std::string& element) const {
  std::vector<Moref> found;
  eachNamed(xml, element, [&](xmlNode* node) { found.push_back(morefOf(node)); });
  return found;
}

std::string ReadRequestXml::text(const std::string& element) const {
  const std::vector<std::string> all = texts(element);
  return all.empty() ? std::string() : all.front();
}

ReadRequestXml readRequest(const std::string& xml) {
  ReadRequestXml request;
  request.xml = xml;
  const std::vector<Moref> self = request.references("_this");
  if (!self.empty()) request.self = self.front();
  request.operationId = request.text("operationID");
  eachNamed(xml, "Body", [&](xmlNode* node) {
    for (xmlNode* child = node->children; child != nullptr; child = child->next) {
      if (child->type == XML_ELEMENT_NODE && request.method.empty()) request.method = nameOf(child);
    }
  });
  return request;
}

}  // namespace failback::vsphere::test
