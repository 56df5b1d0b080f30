// SPDX-License-Identifier: GPL-2.0-or-later
// The virtual devices of a machine of a scenario.
#pragma once

#include <string>

#include "mocks/site.h"

namespace failback::mock {

// All devices, with `depth` deltas above the base of each disk that snapshots touch.
Value devicesOf(const SiteVm& vm, std::size_t depth);
// "[vmfs-01] web-01/web-01.vmdk", and "...-000002.vmdk" for depth 2.
std::string diskPath(const SiteDisk& disk, std::size_t depth);
std::string diskUuid(const SiteDisk& disk);
std::string nicMac(const SiteVm& vm, std::size_t number);

}  // namespace failback::mock
