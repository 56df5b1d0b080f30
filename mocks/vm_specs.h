// SPDX-License-Identifier: GPL-2.0-or-later
// What each VM was made from: its guest, for when it is powered on again. Those of the scenario stay in it,
// as a large site has many; one that is changed becomes the VM's own. Guarded by the World's lock.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "mocks/scenario.h"

namespace failback::mock {

class VmSpecs {
 public:
  // Null when nothing is known of the VM. The pointer lives until the next change.
  const VmSpec* find(std::string_view id) const;
  bool contains(std::string_view id) const { return find(id) != nullptr; }
  // To be changed; made when there is none.
  VmSpec& edit(const std::string& id);
  // One that somebody keeps, and nobody changes.
  void refer(const std::string& id, std::shared_ptr<const VmSpec> spec);
  void put(const std::string& id, VmSpec spec);
  void erase(std::string_view id);
  // Calls `visit(id, spec)` for each, in the order of ids.
  template <typename Visit>
  void each(const Visit& visit) const {
    for (const auto& [id, known] : known_) visit(id, *known.shown);
  }

 private:
  struct Known {
    std::shared_ptr<const VmSpec> shown;
    std::shared_ptr<VmSpec> own;  // the same, when it may be changed
  };
  std::map<std::string, Known, std::less<>> known_;
};

}  // namespace failback::mock
