// SPDX-License-Identifier: GPL-2.0-or-later
// One VirtualDisk with its backing and the chain of files below it.
#pragma once

#include "vim25/soapStub.h"
#include "vsphere/model/device.h"

namespace failback::vsphere::binding {

Disk decodeDisk(const vim25__VirtualDisk& device);

}  // namespace failback::vsphere::binding
