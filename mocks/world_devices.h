// SPDX-License-Identifier: GPL-2.0-or-later
// The virtual devices of a machine of a scenario.
#pragma once

#include <string>
#include <vector>

#include "mocks/site.h"

namespace failback::mock {

// All devices, with `depth` deltas above the base of each disk that snapshots touch.
Value devicesOf(const SiteVm& vm, std::size_t depth);
// "[vmfs-01] web-01/web-01.vmdk", and "...-000002.vmdk" for depth 2.
std::string diskPath(const SiteDisk& disk, std::size_t depth);
// "naa.6006..." of an RDM.
std::string lunOf(const SiteDisk& disk);
// Does a snapshot give it a delta?
bool touchedBySnapshots(const SiteDisk& disk);
// Whatever is neither controller, disk nor network adapter.
std::vector<Value> otherDevices(const SiteVm& vm);
Value deviceDescription(std::string label, std::string summary);
// CryptoKeyId of "provider/key".
Value cryptoKey(const std::string& providerAndKey);
std::string diskUuid(const SiteDisk& disk);
std::string nicMac(const SiteVm& vm, std::size_t number);

}  // namespace failback::mock
