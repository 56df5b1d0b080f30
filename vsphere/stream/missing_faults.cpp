// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/stream/missing_faults.h"

#include <utility>

#include "vsphere/binding/typed_page_decoder.h"
#include "vsphere/error.h"
#include "vsphere/stream/simple_value.h"

namespace failback::vsphere::stream {
namespace {

// Faults may be large; this many of different texts are worth remembering.
constexpr std::size_t kRemembered = 256;
constexpr std::size_t kMostBytes = 1u << 20;

void escapeInto(std::string& xml, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '<':
        xml += "&lt;";
        break;
      case '>':
        xml += "&gt;";
        break;
      case '&':
        xml += "&amp;";
        break;
      case '"':
        xml += "&quot;";
        break;
      case '\r':
        xml += "&#13;";
        break;
      default:
        xml += c;
    }
  }
}

// Which prefix a type had is lost on the way here, but not which namespace it must be of.
std::string prefixed(std::string_view type) {
  const std::size_t colon = type.find(':');
  std::string local(colon == std::string_view::npos ? type : type.substr(colon + 1));
  static constexpr std::string_view simple[] = {"string",   "int",    "boolean",      "long",
                                                "dateTime", "anyURI", "short",        "byte",
                                                "double",   "float",  "base64Binary", "anyType"};
  for (const std::string_view one : simple)
    if (one == local) return "xsd:" + local;
  return local;
}

}  // namespace

void MissingFaults::begin() {
  xml_.clear();
}

void MissingFaults::start(const char* name, const SaxAttributes& attributes) {
  xml_ += '<';
  xml_ += name;
  for (int i = 0; i < attributes.count(); ++i) {
    const bool xsi = attributes.isXsi(i);
    xml_ += xsi ? " xsi:" : " ";
    xml_ += attributes.name(i);
    xml_ += "=\"";
    const std::string_view value = attributes.value(i);
    escapeInto(xml_, xsi && attributes.name(i) == "type" ? prefixed(value) : value);
    xml_ += '"';
  }
  xml_ += '>';
}

void MissingFaults::end(const char* name) {
  xml_ += "</";
  xml_ += name;
  xml_ += '>';
}

void MissingFaults::text(std::string_view piece) {
  escapeInto(xml_, piece);
  if (xml_.size() > kMostBytes) fail(Category::malformedAnswer, "a fault in it is too long");
}

MissingFaults::Read MissingFaults::decode() const {
  const std::string page =
      "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "
      "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>"
      "<RetrievePropertiesExResponse xmlns=\"urn:vim25\"><returnval><objects><obj type=\"Folder\">x</obj>"
      "<missingSet>" +
      xml_ +
      "</missingSet></objects></returnval></RetrievePropertiesExResponse></soapenv:Body></soapenv:Envelope>";
  TypedPageDecoder decoder(codec_, {"RetrievePropertiesEx", "", 200});
  decoder.feed(page);
  InventoryPage read = decoder.finish();
  return {std::move(read.unreadable), read.notAuthenticated};
}

const MissingFaults::Read& MissingFaults::finish() {
  const auto found = known_.find(xml_);
  if (found != known_.end()) return found->second;
  last_ = decode();
  if (known_.size() >= kRemembered) return last_;
  return known_.emplace(xml_, last_).first->second;
}

}  // namespace failback::vsphere::stream
