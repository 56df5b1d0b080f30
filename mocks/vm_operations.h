// SPDX-License-Identifier: GPL-2.0-or-later
// What tasks do to virtual machines and other entities. Each function makes its change in the inventory at
// once, or throws the fault that the task ends with. Called under the World's lock.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mocks/world.h"

namespace failback::mock {

void powerOn(World& world, const MoRef& vm);
void powerOff(World& world, const MoRef& vm);

struct VmChange {
  std::optional<std::string> changeVersion;  // that the caller last saw
  std::optional<std::string> name, annotation;
  std::optional<std::int32_t> cpus;
  std::optional<std::int64_t> memoryMB;
  std::vector<std::pair<std::string, std::string>> extraConfig;  // an empty value removes the key
};

void reconfigure(World& world, const MoRef& vm, const VmChange& change);

}  // namespace failback::mock
