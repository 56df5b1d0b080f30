// SPDX-License-Identifier: GPL-2.0-or-later
// What VMware Tools reports: guest.net and guest.disk.
#pragma once

#include "vim25/soapStub.h"
#include "vsphere/model/virtual_machine.h"

namespace failback::vsphere::binding {

GuestNic decodeGuestNic(const vim25__GuestNicInfo& info);
GuestVolume decodeGuestVolume(const vim25__GuestDiskInfo& info);

}  // namespace failback::vsphere::binding
