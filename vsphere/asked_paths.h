// SPDX-License-Identifier: GPL-2.0-or-later
// The property paths to ask this server for, and what was learned from its refusals: one path that a server
// does not know fails the whole call (InvalidProperty), so it is left out from then on.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "vsphere/binding/collector_specs.h"
#include "vsphere/error.h"
#include "vsphere/model/moref.h"
#include "vsphere/property_table.h"

namespace failback::vsphere {

// Thread-safe; shared by all calls of one operation.
class AskedPaths {
 public:
  struct Asked {
    std::vector<TypePaths> properties;
    std::uint64_t state = 0;  // how much had been refused by then
  };

  explicit AskedPaths(PathRequest request) : request_(std::move(request)) {}

  // For objects of these very types, and no others.
  Asked forObjects(std::span<const Moref> objects) const;
  // For all objects of a view on these types: their subtypes are there as well.
  Asked forView(std::span<const std::string_view> types) const;
  // The same, each type as deep as `depthOf` says.
  Asked forView(std::span<const std::string_view> types,
                const std::function<Depth(std::string_view type)>& depthOf) const;

  // Learns from the failure of a call that asked for `asked`. False when it was no InvalidProperty, or when
  // asking again would bring the same.
  bool learn(const Error& error, const Asked& asked);

 private:
  Asked forTypes(std::span<const std::string_view> types,
                 const std::function<Depth(std::string_view)>& depthOf = {}) const;

  mutable std::mutex mutex_;
  PathRequest request_;
  std::uint64_t state_ = 0;
};

}  // namespace failback::vsphere
