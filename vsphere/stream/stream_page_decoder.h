// SPDX-License-Identifier: GPL-2.0-or-later
// The page decoder of bulk reads: libxml2's SAX2 parser, fed as bytes arrive, straight into our values. No
// tree, no generated types. It gives what the typed decoder gives on the same bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vsphere/binding/soap_codec.h"
#include "vsphere/page_decoder.h"
#include "vsphere/stream/event_log.h"
#include "vsphere/stream/missing_faults.h"
#include "vsphere/stream/rules.h"
#include "vsphere/stream/sax_reader.h"
#include "vsphere/stream/type_book.h"
#include "vsphere/stream/value_digest.h"

namespace failback::vsphere {

// Reads answers of RetrievePropertiesEx, ContinueRetrievePropertiesEx and RetrieveProperties; place.method
// says which. One malformed property is lost, and named in the page; the others are not. What is no page at
// all, such as a fault, is left to the typed decoder. The codec must outlive it.
//
// With WaitForUpdatesEx it reads a set of updates in the same way (stream_updates.cpp): then finishUpdates()
// ends it.
class StreamPageDecoder final : public PageDecoder, private stream::SaxHandler {
 public:
  StreamPageDecoder(const SoapCodec& codec, AnswerPlace place, const SoapLimits& limits = {});
  ~StreamPageDecoder() override;

  void feed(std::string_view piece) override;
  InventoryPage finish() override;
  // As finish(), of WaitForUpdatesEx.
  DigestedUpdates finishUpdates();

 private:
  // Where an open element stands.
  enum class At : std::uint8_t {
    envelope,
    body,
    response,
    result,  // returnval of the Ex methods
    token,
    object,
    reference,  // obj
    property,   // propSet, changeSet
    name,
    missing,  // missingSet
    within,   // anything in a missingSet
    value,    // a compound value, or a part of one
    leaf,     // simple content
    // Of a set of updates.
    filter,  // filterSet
    version,
    truncated,
    kind,
    op,
  };
  struct Frame {
    At at = At::envelope;
    void* target = nullptr;
    const stream::TypedRule* type = nullptr;  // value
    const stream::Rule* rule = nullptr;       // value and leaf: what it is read by
    const char* element = nullptr;            // within: its name
    std::uint64_t seen = 0;                   // children of which only the first one counts
    stream::Simple simple = stream::Simple::text;
  };
  enum class Outcome : std::uint8_t { none, read, unset, unknownPath, unfit, foreignType };

  void start(const char* name, const stream::SaxAttributes& attributes) override;
  void end() override;
  void text(std::string_view piece) override;

  void startOuter(At at, std::string_view name, const stream::SaxAttributes& attributes);
  void startResponse(std::string_view name);
  void startInObject(std::string_view name, const stream::SaxAttributes& attributes);
  void startValue(const stream::SaxAttributes& attributes);
  void startKeyedValue(const stream::SaxAttributes& attributes);
  void startMember(const char* name, const stream::SaxAttributes& attributes);
  void openLeaf(void* target, const stream::Rule& rule, stream::Simple simple,
                const stream::SaxAttributes& attributes);
  void openCompound(void* target, const stream::Rule& rule, std::string_view wireType);
  void enter(At at) { frames_.push_back({.at = at}); }
  void skip() { skipped_ = 1; }
  // The element is kept for later.
  void put(stream::EventLog& log, const char* name, const stream::SaxAttributes& attributes);

  void beginObject();
  void knowObject();
  void readLateProperties();
  void endObject();
  void beginProperty();
  void findProperty();
  const stream::PropertyRule* ruleOf(const std::string& path);
  void endProperty();
  void endValue(const Frame& frame);
  void endLeaf(const Frame& frame);
  void settleValue();
  void endMissing();
  // The value of the open property does not fit: the rest of it is passed over.
  void refuseValue(Outcome outcome, bool elementBegins);
  void* draft();
  void renewDraft();

  void startInUpdateSet(std::string_view name);
  bool startInUpdate(std::string_view name);
  void endUpdateWord(At at);
  void beginChange();
  void endChange();
  void endUpdate();

  InventoryPage decodeWhole();
  [[noreturn]] void failMalformed(const std::string& reason) const;

  const SoapCodec& codec_;
  const AnswerPlace place_;
  const SoapLimits limits_;
  const std::string responseName_;
  const bool plainList_;  // RetrieveProperties repeats returnval itself
  const bool updates_;    // WaitForUpdatesEx
  std::uint64_t bytes_ = 0;
  // The answer's beginning: all of it until the response's element has been seen, then a little for messages.
  std::string start_;
  bool streams_ = false;  // the response's element has been seen
  bool whole_ = false;    // it is something else: kept for the typed decoder

  stream::SaxReader reader_;
  stream::TypeBook book_;
  stream::Scratch scratch_;
  stream::MissingFaults missing_;
  std::vector<Frame> frames_;
  unsigned skipped_ = 0;  // open elements that are passed over
  // What came before that which says how to read it: properties before the object's reference, a value before
  // its property's name.
  stream::EventLog lateProperties_, lateValue_;
  stream::EventLog* log_ = nullptr;  // where the open element goes
  unsigned logged_ = 0;              // open elements that do
  std::string text_;
  std::string managedType_, serverGuid_;  // of the reference that is open

  InventoryPage page_;
  // The open object.
  InventoryObject* object_ = nullptr;
  const stream::PropertyRules* properties_ = nullptr;
  // The properties of the object before, in their order: most objects of a page have the same ones.
  struct Found {
    std::string path;
    const stream::PropertyRules* rules = nullptr;
    const stream::PropertyRule* rule = nullptr;
  };
  std::vector<Found> order_;
  std::size_t orderAt_ = 0;
  Moref ref_;
  bool refKnown_ = false;
  std::vector<Unreadable> unreadable_;
  InventoryObject draft_;
  // The open property.
  std::string path_, wireType_;
  std::optional<std::string> key_;  // of extraConfig, when its path has one
  bool pathKnown_ = false;
  const stream::PropertyRule* property_ = nullptr;
  Outcome outcome_ = Outcome::none;

  // Of a set of updates: all of it, the open object, the open property.
  DigestedUpdates reading_;
  bool versionKnown_ = false, truncatedKnown_ = false;
  std::string kind_;
  bool kindKnown_ = false;
  std::vector<DigestedChange> changes_;
  std::string op_;
  bool opKnown_ = false, digested_ = false;
  stream::ValueDigest digest_;
};

std::unique_ptr<PageDecoder> makeStreamPageDecoder(const SoapCodec& codec, AnswerPlace place);

}  // namespace failback::vsphere
