// SPDX-License-Identifier: GPL-2.0-or-later
// What a set of updates (WaitForUpdatesEx) has besides a page's objects and properties.
#include <iterator>
#include <utility>

#include "vsphere/binding/typed_page_decoder.h"
#include "vsphere/stream/stream_page_decoder.h"

namespace failback::vsphere {

DigestedUpdates StreamPageDecoder::finishUpdates() {
  if (!streams_ || whole_) {
    // A fault, or nothing that could be read: the typed decoder knows how to say it.
    codec_.decode<_vim25__WaitForUpdatesExResponse>(start_, place_);
    failMalformed("it is no set of updates");
  }
  if (!reader_.finish()) failMalformed(reader_.reason());
  reading_.unreadable = std::move(page_.unreadable);
  reading_.notAuthenticated = page_.notAuthenticated;
  return std::move(reading_);
}

void StreamPageDecoder::startInUpdateSet(std::string_view name) {
  text_.clear();
  if (name == "filterSet") return enter(At::filter);
  if (name == "version" && !std::exchange(versionKnown_, true)) return enter(At::version);
  if (name == "truncated" && !std::exchange(truncatedKnown_, true)) return enter(At::truncated);
  skip();
}

bool StreamPageDecoder::startInUpdate(std::string_view name) {
  if (name != "kind" || kindKnown_) return false;
  kindKnown_ = true;
  text_.clear();
  enter(At::kind);
  return true;
}

void StreamPageDecoder::endUpdateWord(At at) {
  switch (at) {
    case At::version:
      reading_.version = text_;
      return;
    case At::truncated: {
      const auto truncated = stream::booleanOf(text_);
      if (!truncated) failMalformed("\"truncated\" in it is neither true nor false");
      reading_.truncated = *truncated;
      return;
    }
    case At::kind:
      kind_ = text_;
      return;
    default:
      op_ = text_;
      opKnown_ = true;
      // Of a list only what came or went is told: that is no value of the property.
      if (op_ != "assign" && outcome_ == Outcome::none) outcome_ = Outcome::unset;
  }
}

void StreamPageDecoder::beginChange() {
  op_ = "assign";
  opKnown_ = digested_ = false;
}

void StreamPageDecoder::endChange() {
  if (!pathKnown_) return;
  const std::uint64_t digest = !digested_ ? 1 : op_ == "assign" ? digest_.value() : 0;
  changes_.push_back({path_, digest});
}

void StreamPageDecoder::endUpdate() {
  DigestedUpdate& update = reading_.objects.emplace_back();
  update.kind = updateKindOf(kindKnown_ ? kind_ : std::string_view{});
  update.changes.reserve(changes_.size());
  std::move(changes_.begin(), changes_.end(), std::back_inserter(update.changes));
  changes_.clear();
  update.object = std::move(ref_);
  // Tasks and the like are no part of the inventory, and are no news as an unknown type.
  if (object_ == nullptr) return;
  for (Unreadable& what : unreadable_) page_.unreadable.push_back(std::move(what));
  if (update.kind == ObjectUpdate::Kind::enter) update.value = std::move(*object_);
  page_.objects.clear();
  object_ = nullptr;
}

}  // namespace failback::vsphere
