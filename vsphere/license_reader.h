// SPDX-License-Identifier: GPL-2.0-or-later
// What licences the server has, and which are assigned to what.
#pragma once

#include <vector>

#include "vsphere/context.h"
#include "vsphere/model/moref.h"
#include "vsphere/model/unreadable.h"
#include "vsphere/model/vcenter.h"

class vim25__DynamicProperty;

namespace failback::vsphere {

class Session;

// What the properties of a LicenseManager say.
struct LicenseProperties {
  std::vector<License> licenses;
  Moref assignments;  // LicenseAssignmentManager

  // "licenses" and "licenseAssignmentManager"; others are of no interest.
  void take(const vim25__DynamicProperty& property);
};

// See Client::readLicenses. LicenseManager.licenses, then LicenseAssignmentManager.QueryAssignedLicenses
// where the server has one (vCenter).
std::vector<License> readLicenses(const Session& session, const Context& context,
                                  std::vector<Unreadable>& unreadable);
// The second half of it: appends those that are assigned, or tells why they can't be had.
void addAssignedLicenses(const Session& session, const Moref& assignments, const Context& context,
                         std::vector<License>& licenses, std::vector<Unreadable>& unreadable);

}  // namespace failback::vsphere
