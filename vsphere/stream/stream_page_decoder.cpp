// SPDX-License-Identifier: GPL-2.0-or-later
// The frame of a page: envelope, objects, properties, what is missing. Values: stream_page_values.cpp.
#include "vsphere/stream/stream_page_decoder.h"

#include <algorithm>
#include <utility>

#include "vsphere/binding/typed_page_decoder.h"
#include "vsphere/error.h"
#include "vsphere/object_facts.h"

namespace failback::vsphere {
namespace {

// What messages show of an answer's beginning.
constexpr std::size_t kShown = 200;
// An answer that is no page is a fault, which is small.
constexpr std::size_t kMostWhole = 16u << 20;
// What is kept of one object whose members come in another order.
constexpr std::size_t kMostLate = 16u << 20;
// A page has this many objects, unless somebody asked for more.
constexpr std::size_t kUsualObjects = 100;

}  // namespace

StreamPageDecoder::StreamPageDecoder(const SoapCodec& codec, AnswerPlace place, const SoapLimits& limits)
    : codec_(codec),
      place_(std::move(place)),
      limits_(limits),
      responseName_(place_.method + "Response"),
      plainList_(place_.method == "RetrieveProperties"),
      updates_(place_.method == "WaitForUpdatesEx"),
      reader_(*this, {.maxLevel = limits.maxLevel}),
      missing_(codec) {
  frames_.reserve(limits.maxLevel + 1);
}

StreamPageDecoder::~StreamPageDecoder() = default;

void StreamPageDecoder::feed(std::string_view piece) {
  bytes_ += piece.size();
  if (!streams_) start_.append(piece);
  if (whole_) {
    if (start_.size() > kMostWhole) failMalformed("it is no page of objects, and too large for a fault");
    return;
  }
  const bool fine = reader_.feed(piece);
  if (!streams_) {
    whole_ = whole_ || !fine;
  } else if (!fine) {
    failMalformed(reader_.reason());
  } else if (start_.size() > kShown) {
    start_.resize(kShown);
  }
}

InventoryPage StreamPageDecoder::finish() {
  if (!streams_ || whole_) return decodeWhole();
  if (!reader_.finish()) failMalformed(reader_.reason());
  return std::move(page_);
}

// A fault, or nothing that could be read: the typed decoder knows how to say it.
InventoryPage StreamPageDecoder::decodeWhole() {
  TypedPageDecoder decoder(codec_, place_);
  decoder.feed(start_);
  return decoder.finish();
}

void StreamPageDecoder::failMalformed(const std::string& reason) const {
  throw Failure(errorOfMalformedAnswer(reason, start_, bytes_, place_));
}

// ------------------------------------------------------------------------------------------------ events

void StreamPageDecoder::start(const char* name, const stream::SaxAttributes& attributes) {
  if (whole_) return;
  if (digest_.running()) digest_.start(name, attributes);
  if (skipped_ > 0) {
    ++skipped_;
    return;
  }
  if (logged_ > 0) {
    ++logged_;
    return log_->start(name, attributes);
  }
  if (frames_.empty()) {
    if (std::string_view(name) == "Envelope") return enter(At::envelope);
    whole_ = true;
    return;
  }
  switch (frames_.back().at) {
    case At::value:
      return startMember(name, attributes);
    case At::leaf:
      return refuseValue(Outcome::unfit, true);  // text and elements mixed
    case At::object:
      return startInObject(name, attributes);
    case At::missing:
    case At::within:
      frames_.push_back({.at = At::within, .element = name});
      return missing_.start(name, attributes);
    case At::token:
    case At::reference:
    case At::name:
    case At::version:
    case At::truncated:
    case At::kind:
    case At::op:
      return skip();
    default:
      return startOuter(frames_.back().at, name, attributes);
  }
}

void StreamPageDecoder::startOuter(At at, std::string_view name, const stream::SaxAttributes& attributes) {
  switch (at) {
    case At::envelope:
      return name == "Body" ? enter(At::body) : skip();
    case At::body:
      return startResponse(name);
    case At::response:
      if (name != "returnval") return skip();
      if (updates_ && attributes.isNil()) return skip();
      reading_.timedOut = false;
      return plainList_ ? beginObject() : enter(At::result);
    case At::filter:
      return name == "objectSet" ? beginObject() : skip();
    case At::result:
      if (updates_) return startInUpdateSet(name);
      if (name == "objects") return beginObject();
      if (name != "token") return skip();
      text_.clear();
      return enter(At::token);
    case At::property:
      if (name == "val") return startValue(attributes);
      if (name == "op" && updates_ && !opKnown_) {
        text_.clear();
        return enter(At::op);
      }
      if (name != "name" || pathKnown_) return skip();
      text_.clear();
      return enter(At::name);
    default:
      return skip();
  }
}

void StreamPageDecoder::startResponse(std::string_view name) {
  if (streams_) return skip();
  if (name != responseName_) {
    whole_ = true;
    return;
  }
  streams_ = true;
  page_.objects.reserve(kUsualObjects);
  enter(At::response);
}

void StreamPageDecoder::startInObject(std::string_view name, const stream::SaxAttributes& attributes) {
  const char* propertyName = updates_ ? "changeSet" : "propSet";
  if (name == propertyName) {
    if (!refKnown_) return put(lateProperties_, propertyName, attributes);
    beginProperty();
  } else if (name == "obj" && !refKnown_) {
    text_.clear();
    managedType_ = attributes.plain("type");
    serverGuid_ = attributes.plain("serverGuid");
    enter(At::reference);
  } else if (name == "missingSet") {
    missing_.begin();
    enter(At::missing);
  } else if (!updates_ || !startInUpdate(name)) {
    skip();
  }
}

void StreamPageDecoder::end() {
  if (whole_ || frames_.empty()) return;
  if (digest_.running()) digest_.end();
  if (skipped_ > 0) {
    --skipped_;
    return;
  }
  if (logged_ > 0) {
    --logged_;
    return log_->end();
  }
  const Frame frame = frames_.back();
  frames_.pop_back();
  switch (frame.at) {
    case At::leaf:
      return endLeaf(frame);
    case At::value:
      return endValue(frame);
    case At::property:
      return endProperty();
    case At::name:
      path_ = text_;
      return findProperty();
    case At::object:
      return endObject();
    case At::reference:
      ref_ = {managedType_, text_, serverGuid_};
      knowObject();
      return readLateProperties();
    case At::within:
      return missing_.end(frame.element);
    case At::missing:
      return endMissing();
    case At::token:
      page_.token = text_;
      return;
    case At::version:
    case At::truncated:
    case At::kind:
    case At::op:
      return endUpdateWord(frame.at);
    default:
      return;
  }
}

void StreamPageDecoder::text(std::string_view piece) {
  if (digest_.running()) digest_.text(piece);
  if (whole_ || skipped_ > 0 || frames_.empty()) return;
  if (logged_ > 0) {
    if (log_->bytes() > kMostLate) failMalformed("members in it come in an order that can't be read");
    return log_->text(piece);
  }
  switch (frames_.back().at) {
    case At::leaf:
    case At::name:
    case At::reference:
    case At::token:
    case At::version:
    case At::truncated:
    case At::kind:
    case At::op:
      if (text_.size() + piece.size() > static_cast<std::size_t>(limits_.maxTextBytes))
        failMalformed("a text in it is too long");
      text_.append(piece);
      return;
    case At::within:
      return missing_.text(piece);
    default:
      return;
  }
}

// ----------------------------------------------------------------------------------------------- objects

void StreamPageDecoder::beginObject() {
  if (std::max(page_.seen.size(), reading_.objects.size()) >= limits_.maxOccurs)
    failMalformed("a list in it is too long");
  object_ = nullptr;
  properties_ = nullptr;
  orderAt_ = 0;
  ref_ = {};
  refKnown_ = false;
  unreadable_.clear();
  kindKnown_ = false;
  if (!lateProperties_.empty()) lateProperties_ = {};
  enter(At::object);
}

void StreamPageDecoder::knowObject() {
  refKnown_ = true;
  auto made = makeObject(ref_);
  if (!made) {
    unreadable_.push_back(unknownType(ref_));
    return;
  }
  object_ = &page_.objects.emplace_back(std::move(*made));
  properties_ = &stream::rulesOf(*object_);
  if (draft_.index() != object_->index()) renewDraft();
}

void StreamPageDecoder::put(stream::EventLog& log, const char* name,
                            const stream::SaxAttributes& attributes) {
  log_ = &log;
  logged_ = 1;
  log.start(name, attributes);
}

void StreamPageDecoder::readLateProperties() {
  if (lateProperties_.empty()) return;
  const stream::EventLog properties = std::exchange(lateProperties_, {});
  properties.replay(*this, reader_.names());
}

void StreamPageDecoder::endObject() {
  if (!refKnown_) knowObject();
  if (object_ != nullptr) finishObject(*object_, unreadable_);
  if (updates_) return endUpdate();
  for (Unreadable& what : unreadable_) page_.unreadable.push_back(std::move(what));
  page_.seen.push_back(std::move(ref_));
}

void StreamPageDecoder::endMissing() {
  const stream::MissingFaults::Read& read = missing_.finish();
  page_.notAuthenticated = page_.notAuthenticated || read.notAuthenticated;
  for (Unreadable what : read.unreadable) {
    what.object = ref_;
    unreadable_.push_back(std::move(what));
  }
}

std::unique_ptr<PageDecoder> makeStreamPageDecoder(const SoapCodec& codec, AnswerPlace place) {
  return std::make_unique<StreamPageDecoder>(codec, std::move(place));
}

}  // namespace failback::vsphere
