// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/request_peek.h"

#include <libxml/xmlreader.h>

#include <memory>

namespace failback::mock {

namespace {

struct FreeReader {
  void operator()(xmlTextReader* reader) const { xmlFreeTextReader(reader); }
};

std::string text(const xmlChar* chars) {
  return chars ? std::string(reinterpret_cast<const char*>(chars)) : std::string();
}

std::string attribute(xmlTextReader* reader, const char* name) {
  const std::unique_ptr<xmlChar, decltype(xmlFree)> value(
      xmlTextReaderGetAttribute(reader, reinterpret_cast<const xmlChar*>(name)), xmlFree);
  return text(value.get());
}

}  // namespace

RequestPeek peekRequest(std::string_view body) {
  RequestPeek found;
  const std::unique_ptr<xmlTextReader, FreeReader> reader(
      xmlReaderForMemory(body.data(), static_cast<int>(body.size()), nullptr, nullptr,
                         XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  bool inBody = false;
  while (reader && xmlTextReaderRead(reader.get()) == 1) {
    if (xmlTextReaderNodeType(reader.get()) != XML_READER_TYPE_ELEMENT) continue;
    const int depth = xmlTextReaderDepth(reader.get());
    const std::string name = text(xmlTextReaderConstLocalName(reader.get()));
    if (depth == 1) {
      inBody = name == "Body";
    } else if (inBody && depth == 2) {
      found.method = name;
    } else if (inBody && depth == 3) {
      // `_this` is the first parameter of every method.
      if (name != "_this") break;
      found.self.type = attribute(reader.get(), "type");
      if (xmlTextReaderRead(reader.get()) == 1) found.self.id = text(xmlTextReaderConstValue(reader.get()));
      break;
    }
  }
  return found;
}

}  // namespace failback::mock
