// SPDX-License-Identifier: GPL-2.0-or-later
// Turns answers of the property collector into our own values, whatever parses them: the typed (gSOAP)
// decoder stands in vsphere/binding, a streaming one may stand beside it. Same bytes, same values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vsphere/model/inventory_object.h"
#include "vsphere/model/moref.h"
#include "vsphere/model/unreadable.h"

namespace failback::vsphere {

// One page of RetrievePropertiesEx, ContinueRetrievePropertiesEx, RetrieveProperties.
struct InventoryPage {
  std::vector<InventoryObject> objects;  // in the server's order
  std::vector<Moref> seen;               // every object of the answer, those of unknown types too
  // Properties that were missing or malformed (the rest of their object is in `objects`), and objects of a
  // type that we do not know.
  std::vector<Unreadable> unreadable;
  std::string token;  // of the next page; empty: this was the last
  // The session is gone: every missingSet says NotAuthenticated, with HTTP status 200. What the page holds
  // is not the truth; log in and ask again.
  bool notAuthenticated = false;
};

// Decodes one answer. Not thread-safe; used once.
class PageDecoder {
 public:
  virtual ~PageDecoder() = default;
  // The next piece of the body, cut anywhere.
  virtual void feed(std::string_view piece) = 0;
  // Ends the body. Throws Failure: malformedAnswer (not XML, not SOAP, cut short, no page), or the category
  // of the fault that the answer holds.
  virtual InventoryPage finish() = 0;
};

// One changed property. `path` may be deeper than what was asked:
// config.hardware.device[2000].backing.fileName.
struct PropertyUpdate {
  std::string path;
  std::string op;  // "assign", "add", "remove", "indirectRemove"
};

struct ObjectUpdate {
  enum class Kind { enter, modify, leave } kind = Kind::modify;
  Moref object;
  std::vector<PropertyUpdate> changes;
  // enter: the object with what was asked of it. modify: the members that the changes feed, the others unset.
  // Absent for types outside the inventory (tasks: see vsphere/binding/decode_task.h).
  std::optional<InventoryObject> value;
  // False when a change goes deeper than a member of ours: read the object again.
  bool complete = true;
};

struct FilterUpdate {
  Moref filter;
  std::vector<ObjectUpdate> objects;
};

// By the text of ObjectUpdate.kind; what nobody knows is a change.
inline ObjectUpdate::Kind updateKindOf(std::string_view kind) {
  if (kind == "enter") return ObjectUpdate::Kind::enter;
  return kind == "leave" ? ObjectUpdate::Kind::leave : ObjectUpdate::Kind::modify;
}

// One answer of WaitForUpdatesEx.
struct UpdatePage {
  bool timedOut = false;  // no returnval: nothing changed within maxWaitSeconds
  std::string version;    // to send with the next call
  bool truncated = false;
  std::vector<FilterUpdate> filters;
  std::vector<Unreadable> unreadable;
  bool notAuthenticated = false;
};

// The same answer as a watch reads it: of each value only what tells it from another one, so that a picture
// of the whole inventory costs no more than reading it in bulk.
struct DigestedChange {
  std::string path;
  // Equal for equal values. 1: no value, it was unset. 0: unknown, because only a part of it was told.
  std::uint64_t digest = 0;
};

struct DigestedUpdate {
  ObjectUpdate::Kind kind = ObjectUpdate::Kind::modify;
  Moref object;
  std::vector<DigestedChange> changes;
  // enter: the object with what was asked of it. Absent for types outside the inventory.
  std::optional<InventoryObject> value;
};

struct DigestedUpdates {
  bool timedOut = true;  // no returnval: nothing changed within maxWaitSeconds
  std::string version;   // to send with the next call
  bool truncated = false;
  std::vector<DigestedUpdate> objects;  // of all filters, in the server's order
  std::vector<Unreadable> unreadable;
  bool notAuthenticated = false;
};

}  // namespace failback::vsphere
