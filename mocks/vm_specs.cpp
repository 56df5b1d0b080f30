// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_specs.h"

#include <utility>

namespace failback::mock {

const VmSpec* VmSpecs::find(std::string_view id) const {
  const auto found = known_.find(id);
  return found == known_.end() ? nullptr : found->second.shown.get();
}

VmSpec& VmSpecs::edit(const std::string& id) {
  Known& known = known_[id];
  if (!known.own) {
    known.own = known.shown ? std::make_shared<VmSpec>(*known.shown) : std::make_shared<VmSpec>();
    known.shown = known.own;
  }
  return *known.own;
}

void VmSpecs::refer(const std::string& id, std::shared_ptr<const VmSpec> spec) {
  known_.insert_or_assign(id, Known{std::move(spec), nullptr});
}

void VmSpecs::put(const std::string& id, VmSpec spec) {
  edit(id) = std::move(spec);
}

void VmSpecs::erase(std::string_view id) {
  const auto found = known_.find(id);
  if (found != known_.end()) known_.erase(found);
}

}  // namespace failback::mock
