// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/stream/sax_reader.h"

#include <algorithm>
#include <utility>

#include "vsphere/error.h"

namespace failback::vsphere::stream {
namespace {

const xmlChar* chars(const char* text) {
  return reinterpret_cast<const xmlChar*>(text);
}

// A tag within one piece is not seen to be long: pieces are no larger than what it may be.
constexpr std::size_t kMostAtOnce = 64 * 1024;

std::string_view viewOf(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

}  // namespace

std::string_view SaxAttributes::name(int index) const {
  return viewOf(values_[5 * index]);
}

bool SaxAttributes::isXsiUndeclared(int index) const {
  return viewOf(values_[5 * index + 1]) == "xsi";
}

std::string_view SaxAttributes::plain(std::string_view wanted) const {
  for (int i = 0; i < count_; ++i)
    if (values_[5 * i + 1] == nullptr && name(i) == wanted) return value(i);
  return {};
}

SaxReader::SaxReader(SaxHandler& handler, const SaxLimits& limits) : handler_(handler), limits_(limits) {
  // Once, before threads could do it together.
  static const bool ready = (xmlInitParser(), true);
  static_cast<void>(ready);
  xmlSAXHandler sax{};
  sax.initialized = XML_SAX2_MAGIC;
  sax.startElementNs = onStart;
  sax.endElementNs = onEnd;
  sax.characters = onText;
  sax.ignorableWhitespace = onText;
  sax.cdataBlock = onText;
  sax.internalSubset = onDocumentType;
  sax.serror = onError;
  context_.reset(xmlCreatePushParserCtxt(&sax, this, nullptr, 0, nullptr));
  if (!context_) fail(Category::internal, "no memory for an XML parser");
  // Only the five entities that XML itself has get here (a document type is refused): in attributes, libxml2
  // would otherwise tell "&amp;" as "&#38;", for the tree that it takes for granted.
  xmlCtxtUseOptions(context_.get(), XML_PARSE_NONET | XML_PARSE_NOENT);
  // The parser interns all names and namespaces there: equal ones are one pointer.
  xmlDict* dictionary = context_->dict;
  names_.type = xmlDictLookup(dictionary, chars("type"), -1);
  names_.nil = xmlDictLookup(dictionary, chars("nil"), -1);
  names_.xsi = xmlDictLookup(dictionary, chars("http://www.w3.org/2001/XMLSchema-instance"), -1);
}

template <class Function>
void SaxReader::guarded(Function function) noexcept {
  if (thrown_ || !reason_.empty()) return;
  try {
    function();
  } catch (...) {
    thrown_ = std::current_exception();
    xmlStopParser(context_.get());
  }
}

void SaxReader::stop(std::string reason) {
  if (reason_.empty()) reason_ = std::move(reason);
  xmlStopParser(context_.get());
}

void SaxReader::onStart(void* self, const xmlChar* name, const xmlChar*, const xmlChar*, int namespaces,
                        const xmlChar**, int attributes, int, const xmlChar** values) {
  auto& reader = *static_cast<SaxReader*>(self);
  if (++reader.level_ > reader.limits_.maxLevel) {
    reader.stop("its elements are nested too deeply");
    return;
  }
  if (attributes + namespaces > static_cast<int>(reader.limits_.maxAttributes)) {
    reader.stop("an element in it has too many attributes");
    return;
  }
  reader.guarded([&] {
    reader.handler_.start(reinterpret_cast<const char*>(name),
                          SaxAttributes(values, attributes, reader.names_));
  });
}

void SaxReader::onEnd(void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
  auto& reader = *static_cast<SaxReader*>(self);
  --reader.level_;
  reader.guarded([&] { reader.handler_.end(); });
}

void SaxReader::onText(void* self, const xmlChar* text, int length) {
  auto& reader = *static_cast<SaxReader*>(self);
  reader.guarded([&] {
    reader.handler_.text({reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)});
  });
}

void SaxReader::onDocumentType(void* self, const xmlChar*, const xmlChar*, const xmlChar*) {
  static_cast<SaxReader*>(self)->stop("it brings a document type, which SOAP forbids");
}

void SaxReader::onError(void*, xmlErrorPtr) {
  // Judged when libxml2 comes back; here it only must not be printed.
}

bool SaxReader::judge() {
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
  if (!reason_.empty()) return false;
  if (context_->wellFormed != 0) return true;
  reason_ = context_->errNo == XML_ERR_DOCUMENT_END || context_->errNo == XML_ERR_TAG_NOT_FINISHED
                ? "it is cut short"
                : "it is not well-formed XML";
  return false;
}

bool SaxReader::feed(std::string_view piece) {
  if (!reason_.empty()) return false;
  if (!begun_) {
    // libxml2 wants nothing before "<?xml"; a byte order mark it knows.
    const std::size_t from = piece.find_first_not_of(" \t\r\n");
    if (from == std::string_view::npos) return true;
    piece.remove_prefix(from);
    begun_ = true;
  }
  while (!piece.empty()) {
    const std::size_t size = std::min(piece.size(), kMostAtOnce);
    if (!tags_.feed(piece.substr(0, size))) {
      stop("a tag in it is too long");
      return false;
    }
    xmlParseChunk(context_.get(), piece.data(), static_cast<int>(size), 0);
    if (!judge()) return false;
    piece.remove_prefix(size);
  }
  return true;
}

bool SaxReader::finish() {
  if (!reason_.empty()) return false;
  xmlParseChunk(context_.get(), nullptr, 0, 1);
  // All that came was fine: what is wrong now is that no more comes.
  if (reason_.empty() && !thrown_ && context_->wellFormed == 0) reason_ = "it is cut short";
  if (!judge()) return false;
  if (level_ > 0 || !begun_) reason_ = "it is cut short";
  return reason_.empty();
}

}  // namespace failback::vsphere::stream
