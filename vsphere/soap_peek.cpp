// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/soap_peek.h"

#include <libxml/parser.h>
#include <libxml/xmlreader.h>

#include <cstring>
#include <limits>
#include <memory>
#include <new>

#include "vsphere/markup_guard.h"

namespace failback::vsphere {
namespace {

constexpr std::string_view notAuthenticated = "NotAuthenticated";
constexpr std::string_view soapNamespace = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr std::string_view soap12Namespace = "http://www.w3.org/2003/05/soap-envelope";
constexpr const char* xsiNamespace = "http://www.w3.org/2001/XMLSchema-instance";

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
}

const xmlChar* xml(const char* text) {
  return reinterpret_cast<const xmlChar*>(text);
}

// Forward over the nodes of a message in memory. No network, no entities, the limits of MarkupLimits. One
// that is beyond them has no nodes; whoever decodes it says why.
class Reader {
 public:
  explicit Reader(std::string_view envelope) : reader_(nullptr, &xmlFreeTextReader) {
    static const bool initialised = (xmlInitParser(), true);
    static_cast<void>(initialised);
    if (envelope.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return;
    if (markupProblem(envelope)) return;
    reader_.reset(
        xmlReaderForMemory(envelope.data(), static_cast<int>(envelope.size()), nullptr, nullptr,
                           XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA));
    if (reader_ == nullptr) throw std::bad_alloc();
  }

  // The next node; false at the end, and where the message is cut short or malformed.
  bool next() { return reader_ != nullptr && xmlTextReaderRead(reader_.get()) == 1; }
  // The next node that is not below this one.
  bool skip() { return reader_ != nullptr && xmlTextReaderNext(reader_.get()) == 1; }
  bool isStart() const { return xmlTextReaderNodeType(reader_.get()) == XML_READER_TYPE_ELEMENT; }
  bool isText() const { return xmlTextReaderNodeType(reader_.get()) == XML_READER_TYPE_TEXT; }
  int depth() const { return xmlTextReaderDepth(reader_.get()); }
  std::string_view name() const { return view(xmlTextReaderConstLocalName(reader_.get())); }
  std::string_view text() const { return view(xmlTextReaderConstValue(reader_.get())); }
  bool inSoapNamespace() const {
    const std::string_view uri = view(xmlTextReaderConstNamespaceUri(reader_.get()));
    return uri == soapNamespace || uri == soap12Namespace;
  }
  // The local part of xsi:type, when its prefix is declared; the types asked for are vim25's only.
  std::string type() const {
    const std::unique_ptr<xmlChar, void (*)(void*)> value(
        xmlTextReaderGetAttributeNs(reader_.get(), xml("type"), xml(xsiNamespace)), xmlFree);
    const std::string_view name = view(value.get());
    const std::size_t colon = name.find(':');
    if (colon == std::string_view::npos) return std::string(name);
    const std::string prefix(name.substr(0, colon));
    const std::unique_ptr<xmlChar, void (*)(void*)> uri(
        xmlTextReaderLookupNamespace(reader_.get(), xml(prefix.c_str())), xmlFree);
    return uri == nullptr ? std::string{} : std::string(name.substr(colon + 1));
  }

 private:
  std::unique_ptr<xmlTextReader, decltype(&xmlFreeTextReader)> reader_;
};

// The text directly below the start tag that the reader stands on.
std::string textOf(Reader& reader) {
  const int depth = reader.depth();
  std::string text;
  while (reader.next() && reader.depth() > depth) {
    if (reader.isText()) text += reader.text();
  }
  return text;
}

// The reader stands on <detail>.
std::string detailType(Reader& reader) {
  const int depth = reader.depth();
  while (reader.next() && reader.depth() > depth) {
    if (!reader.isStart()) continue;
    if (std::string type = reader.type(); !type.empty()) return type;
    constexpr std::string_view suffix = "Fault";
    std::string_view name = reader.name();
    if (name.size() > suffix.size() && name.substr(name.size() - suffix.size()) == suffix) {
      name.remove_suffix(suffix.size());
    }
    return std::string(name);
  }
  return {};
}

// The reader stands on <Fault>.
PeekedFault readFault(Reader& reader) {
  PeekedFault fault;
  const int depth = reader.depth();
  bool more = reader.next();
  while (more && reader.depth() > depth) {
    if (reader.isStart() && reader.name() == "faultstring") {
      fault.text = textOf(reader);  // leaves the reader on the end tag
      more = reader.next();
    } else if (reader.isStart() && reader.name() == "detail") {
      fault.type = detailType(reader);
      return fault;  // the detail is a fault's last member
    } else {
      more = reader.next();
    }
  }
  return fault;
}

bool isNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.';
}

// Where "NotAuthenticated" stands at or behind `from`. By its capital A, which answers hardly hold otherwise:
// four times as fast as a search for the whole, and every answer of a bulk read passes through here.
std::size_t findNotAuthenticated(std::string_view text, std::size_t from = 0) {
  constexpr std::size_t capital = notAuthenticated.find('A');
  for (std::size_t at = from + capital; at < text.size(); ++at) {
    const void* hit = std::memchr(text.data() + at, 'A', text.size() - at);
    if (hit == nullptr) break;
    at = static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
    if (text.substr(at - capital, notAuthenticated.size()) == notAuthenticated) return at - capital;
  }
  return std::string_view::npos;
}

// Does the '<' at `open` begin a start tag with this local name?
bool isStartTagOf(std::string_view text, std::size_t open, std::string_view name) {
  std::size_t at = open + 1;
  for (std::size_t end = at; end < text.size() && isNameChar(text[end]); ++end) {
    if (end + 1 < text.size() && text[end + 1] == ':') at = end + 2;
  }
  return text.substr(at, name.size()) == name &&
         (at + name.size() >= text.size() || !isNameChar(text[at + name.size()]));
}

// `hit` is where "NotAuthenticated" stands. Is it the type of a <fault> inside an open missingSet?
bool isTypeOfMissingFault(std::string_view text, std::size_t hit) {
  const std::size_t open = text.rfind('<', hit);
  if (open == std::string_view::npos || !isStartTagOf(text, open, "fault")) return false;
  const std::string_view attributes = text.substr(open, hit - open);
  const std::size_t quote = attributes.find_last_of("\"'");
  const std::size_t type = attributes.rfind("type");
  if (quote == std::string_view::npos || type == std::string_view::npos || type > quote) return false;
  if (attributes.find_first_not_of(" \t\r\n=", type + 4) != quote) return false;
  const std::string_view prefix = attributes.substr(quote + 1);
  if (!prefix.empty() && prefix.back() != ':') return false;
  const char behind = text[hit + notAuthenticated.size()];
  if (behind != '"' && behind != '\'') return false;
  for (std::size_t at = open; at > 0;) {
    at = text.rfind('<', at - 1);
    if (at == std::string_view::npos) return false;
    if (isStartTagOf(text, at, "missingSet") || isStartTagOf(text, at, "missingObjects")) return true;
    if (isStartTagOf(text, at, "val") || isStartTagOf(text, at, "error")) return false;
    if (text[at + 1] == '/' && text.substr(at, 12).find("missing") != std::string_view::npos) return false;
  }
  return false;
}

}  // namespace

std::optional<PeekedFault> peekFault(std::string_view envelope) {
  if (envelope.find("Fault") == std::string_view::npos) return std::nullopt;
  Reader reader(envelope);
  bool inBody = false;
  while (reader.next()) {
    if (!reader.isStart()) continue;
    const bool soap = reader.inSoapNamespace();
    if (reader.depth() == 0 && !(soap && reader.name() == "Envelope")) return std::nullopt;
    if (reader.depth() == 1) inBody = soap && reader.name() == "Body";
    if (reader.depth() == 2 && inBody) {
      if (!soap || reader.name() != "Fault") return std::nullopt;
      return readFault(reader);
    }
  }
  return std::nullopt;
}

bool tellsNotAuthenticated(std::string_view envelope) {
  if (findNotAuthenticated(envelope) == std::string_view::npos) return false;
  Reader reader(envelope);
  int missingDepth = -1;
  bool more = reader.next();
  while (more) {
    if (missingDepth >= 0 && reader.depth() <= missingDepth) missingDepth = -1;
    if (reader.isStart()) {
      const std::string_view name = reader.name();
      if (name == "propSet" || name == "changeSet") {
        more = reader.skip();  // values of properties
        continue;
      }
      if (missingDepth < 0 && (name == "missingSet" || name == "missingObjects"))
        missingDepth = reader.depth();
      if (missingDepth >= 0 && name == "fault" && reader.type() == notAuthenticated) return true;
    }
    more = reader.next();
  }
  return false;
}

bool NotAuthenticatedWatcher::feed(std::string_view piece) {
  // Where the text of the hit ends, one character more is looked at: the quote behind it.
  const auto search = [](std::string_view text) {
    for (std::size_t hit = findNotAuthenticated(text); hit != std::string_view::npos;
         hit = findNotAuthenticated(text, hit + 1)) {
      if (hit + notAuthenticated.size() >= text.size()) continue;
      // No further back than that, or an answer full of the word would be looked through again and again.
      const std::size_t from = hit > context ? hit - context : 0;
      if (isTypeOfMissingFault(text.substr(from), hit - from)) return true;
    }
    return false;
  };
  // The piece alone, where it can be judged without what came before, is not copied.
  const std::string_view head = piece.substr(0, context);
  tail_.append(head);
  bool found = search(tail_);
  if (!found && piece.size() > head.size()) found = search(piece);
  if (piece.size() > head.size()) tail_.assign(piece.substr(piece.size() - context));
  if (tail_.size() > context) tail_.erase(0, tail_.size() - context);
  return found;
}

}  // namespace failback::vsphere
