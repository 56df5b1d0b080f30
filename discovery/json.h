// SPDX-License-Identifier: GPL-2.0-or-later
// Dumps: an inventory as JSON (docs/discover.schema.json), written and read back.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "discovery/filter.h"
#include "discovery/inventory.h"
#include "discovery/view.h"
#include "discovery/watch.h"

namespace failback::discovery {

// Raised when a member changes its meaning or goes away; new members may come without.
inline constexpr int schemaVersion = 1;

// The published JSON Schema (2020-12), as text.
std::string_view dumpSchema();

// Receives pieces of text, in order. An exception from it ends the writing and passes through.
using TextSink = std::function<void(std::string_view piece)>;

// Writes the whole dump, indented, ending with a line break. `generator` is "failback 0.1.0". Members that
// differ from run to run (readAt, clockSkewMs) are written at full depth only, so that two dumps of the same
// world are the same bytes.
void writeDump(const View& view, std::string_view generator, const TextSink& sink);

// One object as JSON on one line, without a line break; `kind` is written first. `world` holds the host and
// the datastores that say whether a VM could be a master target; nullptr: not said.
template <class T>
std::string jsonLine(const T& object, vsphere::Depth depth, const Inventory* world);
std::string jsonLine(const vsphere::VCenter& vcenter, vsphere::Depth depth);
std::string jsonLine(const vsphere::Unreadable& entry);
std::string jsonLine(const Change& change, vsphere::Depth depth, const Inventory& world);

struct Dump {
  Inventory inventory;
  std::string generator;
  // What it was restricted to; empty when it is whole.
  FilterSpec filter;
};
// Reads what writeDump() has written, object by object: memory grows with the inventory, not with the text.
// `name` is the file's, for errors. Throws Failure(usage) naming the place when it is no dump, of another
// schema version, or cut short. References whose object is not in the dump keep the type that their member
// usually has.
Dump readDump(std::istream& input, const std::string& name);

std::string_view toString(vsphere::Depth depth);

}  // namespace failback::discovery
