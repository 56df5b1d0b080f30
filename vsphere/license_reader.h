// SPDX-License-Identifier: GPL-2.0-or-later
// What licences the server has, and which are assigned to what.
#pragma once

#include <vector>

#include "vsphere/context.h"
#include "vsphere/model/unreadable.h"
#include "vsphere/model/vcenter.h"

namespace failback::vsphere {

class Session;

// See Client::readLicenses. LicenseManager.licenses, then LicenseAssignmentManager.QueryAssignedLicenses
// where the server has one (vCenter).
std::vector<License> readLicenses(const Session& session, const Context& context,
                                  std::vector<Unreadable>& unreadable);

}  // namespace failback::vsphere
