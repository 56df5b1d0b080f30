// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/typed_page_decoder.h"

#include <utility>

#include "vsphere/binding/decode_object.h"
#include "vsphere/binding/page_reader.h"
#include "vsphere/binding/quarantine.h"
#include "vsphere/binding/values.h"

namespace failback::vsphere {
namespace {

using binding::Applied;
using binding::morefOf;
using binding::ObjectAssembler;

void addObject(InventoryPage& page, const vim25__ObjectContent& content) {
  const Moref ref = morefOf(content.obj);
  page.seen.push_back(ref);
  ObjectAssembler assembler(ref);
  for (const auto* property : content.propSet)
    if (property != nullptr && property->name) assembler.property(*property->name, property->val);
  for (const auto* missing : content.missingSet)
    if (missing != nullptr) assembler.missing(*missing);
  page.notAuthenticated = page.notAuthenticated || assembler.notAuthenticated();
  if (auto object = assembler.finish(page.unreadable)) page.objects.push_back(std::move(*object));
}

InventoryPage decodeWhole(const SoapCodec& codec, std::string_view body, const AnswerPlace& place) {
  InventoryPage page;
  binding::readPage(codec, body, place, [&page](const binding::PageContent& content) {
    page.token = content.token;
    page.objects.reserve(content.objects.size());
    for (const auto* object : content.objects) addObject(page, *object);
  });
  return page;
}

// Does the change touch a member of ours although its path is not that member's?
bool touches(std::string_view type, std::string_view changed) {
  for (std::size_t end = changed.find_last_of(".["); end != std::string_view::npos && end > 0;
       end = changed.find_last_of(".[", end - 1))
    if (binding::isKnownPath(type, changed.substr(0, end))) return true;
  return false;
}

void applyChange(ObjectUpdate& update, ObjectAssembler& assembler, const vim25__PropertyChange& change) {
  const std::string path = change.name.value_or("");
  const std::string op = change.op.value_or("assign");
  update.changes.push_back({path, op});
  if (!assembler.known()) return;
  if (op != "assign") {
    update.complete = false;  // of a list only what came or went is told
  } else if (assembler.property(path, change.val) == Applied::unknownPath &&
             touches(update.object.type, path)) {
    update.complete = false;
  }
}

ObjectUpdate decodeUpdate(UpdatePage& page, const vim25__ObjectUpdate& source) {
  ObjectUpdate update;
  update.kind = updateKindOf(source.kind.value_or(""));
  update.object = morefOf(source.obj);
  // Tasks and the like are no part of the inventory, and are no news as an unknown type.
  const bool ours = makeObject(update.object).has_value();
  ObjectAssembler assembler(update.object);
  for (const auto* change : source.changeSet)
    if (change != nullptr) applyChange(update, assembler, *change);
  for (const auto* missing : source.missingSet)
    if (missing != nullptr) assembler.missing(*missing);
  page.notAuthenticated = page.notAuthenticated || assembler.notAuthenticated();
  std::vector<Unreadable> unreadable;
  auto value = assembler.finish(unreadable);
  if (!ours) return update;
  page.unreadable.insert(page.unreadable.end(), unreadable.begin(), unreadable.end());
  if (update.kind != ObjectUpdate::Kind::leave) update.value = std::move(value);
  return update;
}

}  // namespace

TypedPageDecoder::TypedPageDecoder(const SoapCodec& codec, AnswerPlace place)
    : codec_(codec), place_(std::move(place)) {}

void TypedPageDecoder::feed(std::string_view piece) {
  body_.append(piece);
}

InventoryPage TypedPageDecoder::finish() {
  const std::string body = std::exchange(body_, {});
  try {
    return decodeWhole(codec_, body, place_);
  } catch (const Failure& failure) {
    if (failure.error().category != Category::malformedAnswer) throw;
    if (auto page = binding::decodeInPieces(codec_, body, place_)) return std::move(*page);
    throw;
  }
}

std::unique_ptr<PageDecoder> makeTypedPageDecoder(const SoapCodec& codec, AnswerPlace place) {
  return std::make_unique<TypedPageDecoder>(codec, std::move(place));
}

UpdatePage decodeUpdates(const _vim25__WaitForUpdatesExResponse& response) {
  UpdatePage page;
  const vim25__UpdateSet* set = response.returnval;
  if (set == nullptr) {
    page.timedOut = true;
    return page;
  }
  page.version = set->version.value_or("");
  page.truncated = set->truncated.value_or(false);
  for (const auto* source : set->filterSet) {
    if (source == nullptr) continue;
    FilterUpdate& filter = page.filters.emplace_back();
    filter.filter = morefOf(source->filter);
    for (const auto* object : source->objectSet)
      if (object != nullptr) filter.objects.push_back(decodeUpdate(page, *object));
  }
  return page;
}

}  // namespace failback::vsphere
