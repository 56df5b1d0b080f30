// SPDX-License-Identifier: GPL-2.0-or-later
// Reads objects of the inventory in bulk. One view lists what is there; then the objects are asked for in
// slices, each an object set of its own (RetrievePropertiesEx), several of them in flight together. A slice
// names its objects, so it belongs to no session, it can be asked again after anything, nothing can be told
// twice, and what was listed but not answered is known. A server that cuts a slice into pages gives a token
// (ContinueRetrievePropertiesEx).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "vsphere/client.h"
#include "vsphere/context.h"
#include "vsphere/property_table.h"

namespace failback::vsphere {

class AskedPaths;
class Session;

// Thread-safe. The session must outlive it.
class InventoryReader {
 public:
  InventoryReader(const Session& session, unsigned parallelCalls, std::int32_t pageSize)
      : session_(&session), parallelCalls_(parallelCalls), pageSize_(pageSize) {}

  // See Client::readInventory. Containers come before what they contain.
  void readInventory(const ReadRequest& request, InventorySink& sink, const Context& context);
  // See Client::readObjects.
  void readObjects(const std::vector<Moref>& objects, Depth depth, InventorySink& sink,
                   const Context& context);

 private:
  // One object set.
  struct Slice {
    std::vector<Moref> objects;
    bool continues = true;  // not the first one of its read
  };
  class SliceReader;

  // `phases`: what comes later than the last of them comes in it.
  void readPhases(std::vector<Moref> objects, const ReadRequest& request, std::size_t phases,
                  InventorySink& sink, const Context& context) const;
  static std::vector<Slice> sliced(std::vector<Moref> objects, std::int32_t size);
  std::vector<Moref> list(const ReadRequest& request, const Context& context) const;
  void readSlices(const std::vector<Slice>& slices, AskedPaths& paths, InventorySink& sink,
                  std::uint64_t& done, std::uint64_t total, const Context& context) const;

  const Session* session_;
  unsigned parallelCalls_;
  std::int32_t pageSize_;
};

// How deep objects of this managed type are to be read: as deep as it was asked for, and subtypes as deep as
// their base.
Depth depthOf(const ReadRequest& request, std::string_view managedType);
// What a standalone host has no idea of may not be asked of it.
bool onHostsToo(std::string_view type);
// The types that a request means, as this server knows them. They point into the request.
std::vector<std::string_view> typesToRead(const ReadRequest& request, const Session& session);

}  // namespace failback::vsphere
