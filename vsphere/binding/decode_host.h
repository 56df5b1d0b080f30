// SPDX-License-Identifier: GPL-2.0-or-later
// Properties of HostSystem.
#pragma once

#include "vsphere/binding/values.h"
#include "vsphere/model/host.h"

namespace failback::vsphere::binding {

const SetterTable<Host>& hostSetters();

}  // namespace failback::vsphere::binding
