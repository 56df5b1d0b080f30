// SPDX-License-Identifier: GPL-2.0-or-later
// Licences: how they are described, and what they forbid. Under the World's lock.
#pragma once

#include <string>
#include <string_view>

#include "mocks/world.h"

namespace failback::mock {

// LicenseManagerLicenseInfo. `expiry`: RFC 3339, empty when it never expires.
Value licenseInfo(const World& world, const LicenseSpec& spec, const std::string& key,
                  const std::string& expiry);
// What a key says of itself: one of five groups of five characters is a licence for 16 CPUs, another is none,
// and its LicenseInfo says so in "diagnostic".
Value decodedLicense(const World& world, const std::string& key);
// Assigns the licences of ESX to the hosts of a vCenter. Throws ScenarioError for a host that is not there.
void assignLicenses(World& world, const ScenarioSpec& scenario);
// Throws RestrictedVersion when the method changes something that belongs to a host whose licence is the free
// edition or has expired.
void checkLicense(const World& world, const ManagedObject& self, const MethodInfo& method);

}  // namespace failback::mock
