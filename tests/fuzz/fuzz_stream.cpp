// SPDX-License-Identifier: GPL-2.0-or-later
// The streaming decoder of pages and of sets of updates against the typed one: on whatever bytes, both read
// the same, or both refuse. What differs on purpose is named in comparable() below.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "tests/support/page_difference.h"
#include "vsphere/binding/soap_codec.h"
#include "vsphere/binding/typed_page_decoder.h"
#include "vsphere/stream/simple_value.h"
#include "vsphere/stream/stream_page_decoder.h"
#include "vsphere/xml_document.h"

using namespace failback::vsphere;  // NOLINT(google-build-using-namespace)

namespace {

// A fuzzer's time goes into shapes, not into sizes.
constexpr SoapLimits limits{60, 10'000, 1L << 20};

const SoapCodec& codec() {
  static const SoapCodec instance(limits);
  return instance;
}

// What `read` gives; nothing when it refuses.
template <class Read>
auto attempt(Read read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const Failure& failure) {
    // An internal error is a defect of ours, whatever the input.
    if (failure.error().category == Category::internal || failure.error().text.empty()) std::abort();
    return std::nullopt;
  }
}

template <class Decoder>
void feed(Decoder& decoder, std::string_view body, std::size_t cut) {
  decoder.feed(body.substr(0, cut));
  decoder.feed(body.substr(cut));
}

template <class Decoder>
std::optional<InventoryPage> decode(Decoder decoder, std::string_view body, std::size_t cut) {
  return attempt([&] {
    feed(decoder, body, cut);
    return decoder.finish();
  });
}

constexpr std::string_view kSoap = "http://schemas.xmlsoap.org/soap/envelope/";

const std::set<std::string>& simpleTypeNames() {
  static const std::set<std::string> names{"string", "int",  "boolean", "long",  "dateTime",     "anyURI",
                                           "short",  "byte", "double",  "float", "base64Binary", "anyType"};
  return names;
}

bool attributesAreUsual(const xmlNode* element) {
  for (const xmlAttr* one = element->properties; one != nullptr; one = one->next) {
    const std::string_view name(reinterpret_cast<const char*>(one->name));
    const std::string_view uri =
        one->ns == nullptr ? std::string_view{} : reinterpret_cast<const char*>(one->ns->href);
    const bool xsi = uri == xml::kXsiNamespace && (name == "type" || name == "nil");
    if (!xsi && !(uri.empty() && (name == "type" || name == "serverGuid"))) return false;
    // A line break in it is a blank by the rules of XML, which gSOAP does not know.
    if (one->children != nullptr && xmlStrchr(one->children->content, ' ') != nullptr) return false;
  }
  return true;
}

// Elements and text side by side, which no type of vim25 has.
bool isMixed(const xmlNode* element) {
  bool text = false, elements = false;
  for (xmlNode* child = element->children; child != nullptr; child = child->next) {
    elements = elements || child->type == XML_ELEMENT_NODE;
    text = text || ((child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) &&
                    !xmlIsBlankNode(child));
  }
  return text && elements;
}

bool isUsual(const xmlNode* element, std::size_t level) {
  if (isMixed(element)) return false;
  if (xml::namespaceOf(element) != (level < 2 ? kSoap : xml::kVimNamespace)) return false;
  if (!attributesAreUsual(element)) return false;
  // What a type's prefix stands for: only gSOAP asks.
  std::string uri;
  const std::string type = xml::typeOf(element, &uri);
  const bool ofSchema = simpleTypeNames().contains(type);
  if (!type.empty() && uri != (ofSchema ? xml::kXsdNamespace : xml::kVimNamespace)) return false;
  const auto children = xml::elementsOf(element);
  if (!children.empty() && stream::simpleOf(type) != stream::Simple::none) return false;
  return std::all_of(children.begin(), children.end(),
                     [&](const xmlNode* child) { return isUsual(child, level + 1); });
}

// The decoders differ on purpose in what they make of namespaces, of references within a document (href, id)
// and of attributes that vim25 does not have: gSOAP looks at them, the streaming decoder does not. And where
// text stands between elements, gSOAP loses the element after it; it keeps a carriage return that is a line
// break; and of a text with elements in it, which the streaming decoder calls malformed, it takes what text
// there is.
bool comparable(std::string_view body) {
  if (body.find('\r') != std::string_view::npos) return false;
  const xml::Document document = xml::parse(body);
  return document && isUsual(xmlDocGetRootElement(document.get()), 0);
}

std::string methodOf(std::string_view body) {
  for (const char* method : {"ContinueRetrievePropertiesEx", "RetrievePropertiesEx"})
    if (body.find(std::string(method) + "Response") != std::string_view::npos) return method;
  return "RetrieveProperties";
}

// Ends the fuzzing when the decoders disagree.
template <class Typed, class Streamed, class Difference>
void compare(const Typed& typed, const Streamed& streamed, std::string_view body, Difference difference) {
  if (!streamed && !typed) return;
  // gSOAP takes some texts for XML that are none.
  if (!comparable(body)) return;
  if (!streamed || !typed) {
    std::fprintf(stderr, "only one decoder refuses\n");
    std::abort();
  }
  const std::string told = difference(*typed, *streamed);
  if (told.empty()) return;
  std::fprintf(stderr, "typed and streamed differ: %s\n", told.c_str());
  std::abort();
}

// gSOAP refuses a whole set for one bad value, and nothing takes it apart: then there is nothing to compare.
void compareUpdates(std::string_view body, std::size_t cut) {
  const AnswerPlace place{"WaitForUpdatesEx", "PropertyCollector:session[1]collector", 200};
  const auto streamed = attempt([&] {
    StreamPageDecoder decoder(codec(), place, limits);
    feed(decoder, body, cut);
    return decoder.finishUpdates();
  });
  const auto typed =
      attempt([&] { return decodeUpdates(*codec().decode<_vim25__WaitForUpdatesExResponse>(body, place)); });
  if (!typed) return;
  compare(typed, streamed, body, failback::testing::updatesDifference);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = size == 0 ? 0 : data[size / 2] % size;
  if (body.find("WaitForUpdatesExResponse") != std::string_view::npos) {
    compareUpdates(body, cut);
    return 0;
  }
  const AnswerPlace place{methodOf(body), "PropertyCollector:propertyCollector", 200};
  compare(decode(TypedPageDecoder(codec(), place), body, cut),
          decode(StreamPageDecoder(codec(), place, limits), body, cut), body,
          failback::testing::pageDifference);
  return 0;
}
