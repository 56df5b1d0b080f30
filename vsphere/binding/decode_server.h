// SPDX-License-Identifier: GPL-2.0-or-later
// The server's own facts: product and licences.
#pragma once

#include "vim25/soapStub.h"
#include "vsphere/model/vcenter.h"

namespace failback::vsphere {

About decodeAbout(const vim25__AboutInfo& info);
// Without its key, which is a secret.
License decodeLicense(const vim25__LicenseManagerLicenseInfo& info);
// One that is assigned to a host or to vCenter; entityId says to which.
License decodeAssignedLicense(const vim25__LicenseAssignmentManagerLicenseAssignment& assignment);

}  // namespace failback::vsphere
