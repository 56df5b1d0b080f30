// SPDX-License-Identifier: GPL-2.0-or-later
// What must be read of which kind, so that what is wanted can be shown, named and judged.
#pragma once

#include <array>
#include <optional>

#include "discovery/kind.h"
#include "discovery/reader.h"
#include "vsphere/client.h"

namespace failback::discovery {

// How deep each kind has to be read; nothing: not at all.
class Needs {
 public:
  explicit Needs(const ReadOptions& options);

  std::optional<vsphere::Depth> of(Kind kind) const { return depths_[static_cast<std::size_t>(kind)]; }
  // All of it, each kind as deep as it is needed.
  vsphere::ReadRequest request() const;

 private:
  void want(Kind kind, vsphere::Depth depth);
  void atLeast(Kind kind, vsphere::Depth depth);

  std::array<std::optional<vsphere::Depth>, kindCount> depths_{};
};

// Nothing at thin depth. What may not be read of them stands in Inventory::unreadable.
void readLicenses(vsphere::Client& client, Inventory& inventory, const ReadOptions& options,
                  const vsphere::Context& context);

}  // namespace failback::discovery
