// SPDX-License-Identifier: GPL-2.0-or-later
// libxml2's SAX2 push parser, with bounds: no tree, no entities, no document type, and a handler in C++.
#pragma once

#include <libxml/parser.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "vsphere/markup_guard.h"

namespace failback::vsphere::stream {

struct SaxLimits {
  unsigned maxLevel = 100;      // nested elements
  unsigned maxAttributes = 64;  // of one element, namespaces included
};

// Names that are looked for in every start tag, as the parser's own pointers.
struct SaxNames {
  const xmlChar* type = nullptr;
  const xmlChar* nil = nullptr;
  const xmlChar* xsi = nullptr;  // the namespace of XML Schema instances
};

// Attributes of a start tag; valid during the call only.
class SaxAttributes {
 public:
  SaxAttributes(const xmlChar** values, int count, const SaxNames& names)
      : values_(values), count_(count), names_(&names) {}

  int count() const { return count_; }
  // As libxml2 gives them: 0 the name, 1 the prefix, 2 the namespace; null when absent. They live as long as
  // the parser.
  const xmlChar* raw(int index, int part) const { return values_[5 * index + part]; }
  // Local name and value; the value is unescaped.
  std::string_view name(int index) const;
  std::string_view value(int index) const {
    const auto* begin = reinterpret_cast<const char*>(values_[5 * index + 3]);
    const auto* end = reinterpret_cast<const char*>(values_[5 * index + 4]);
    return {begin, static_cast<std::size_t>(end - begin)};
  }
  // In the namespace of XML Schema instances?
  bool isXsi(int index) const {
    const xmlChar* uri = values_[5 * index + 2];
    return uri != nullptr ? uri == names_->xsi : isXsiUndeclared(index);
  }
  // xsi:type as written, with its prefix; empty when absent.
  std::string_view xsiType() const {
    for (int i = 0; i < count_; ++i)
      if (values_[5 * i] == names_->type && values_[5 * i + 1] != nullptr && isXsi(i)) return value(i);
    return {};
  }
  bool isNil() const {
    for (int i = 0; i < count_; ++i)
      if (values_[5 * i] == names_->nil && isXsi(i)) return value(i) == "true" || value(i) == "1";
    return false;
  }
  // An attribute without namespace; empty when absent.
  std::string_view plain(std::string_view name) const;

 private:
  // A prefix that nobody declared is left as it is.
  bool isXsiUndeclared(int index) const;

  const xmlChar** values_;  // five for each: name, prefix, URI, begin, end
  int count_;
  const SaxNames* names_;
};

class SaxHandler {
 public:
  virtual ~SaxHandler() = default;
  // `name`: without prefix, and the same pointer for the same name as long as the reader lives. What is
  // thrown ends the parsing and comes out of feed() or finish().
  virtual void start(const char* name, const SaxAttributes& attributes) = 0;
  virtual void end() = 0;
  // A piece of text; one text may come in several.
  virtual void text(std::string_view piece) = 0;
};

// Used once; not thread-safe.
class SaxReader {
 public:
  SaxReader(SaxHandler& handler, const SaxLimits& limits);
  SaxReader(const SaxReader&) = delete;
  SaxReader& operator=(const SaxReader&) = delete;

  // False: it is no well-formed XML, or beyond the limits (see reason()); further pieces are not looked at.
  bool feed(std::string_view piece);
  // The end of the document; false as above, and when it is cut short.
  bool finish();
  // For attributes that are told again.
  const SaxNames& names() const { return names_; }
  // In words; empty while all is well.
  const std::string& reason() const { return reason_; }

 private:
  struct Free {
    void operator()(xmlParserCtxt* context) const { xmlFreeParserCtxt(context); }
  };

  static void onStart(void* self, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri,
                      int namespaces, const xmlChar** declared, int attributes, int defaulted,
                      const xmlChar** values);
  static void onEnd(void* self, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri);
  static void onText(void* self, const xmlChar* text, int length);
  static void onDocumentType(void* self, const xmlChar* name, const xmlChar* external, const xmlChar* system);
  static void onError(void* self, xmlErrorPtr error);

  template <class Function>
  void guarded(Function function) noexcept;
  void stop(std::string reason);
  bool judge();

  SaxHandler& handler_;
  const SaxLimits limits_;
  std::unique_ptr<xmlParserCtxt, Free> context_;
  SaxNames names_;
  std::string reason_;
  std::exception_ptr thrown_;
  unsigned level_ = 0;
  // libxml2 holds a start tag as a whole, and compares each attribute with each other, before it shows any.
  LongTagGuard tags_;
  bool begun_ = false;
};

}  // namespace failback::vsphere::stream
