// SPDX-License-Identifier: GPL-2.0-or-later
// Properties of networks of all kinds and of distributed switches.
#pragma once

#include "vsphere/binding/values.h"
#include "vsphere/model/network.h"

namespace failback::vsphere::binding {

const SetterTable<Network>& networkSetters();
const SetterTable<DistributedSwitch>& distributedSwitchSetters();

}  // namespace failback::vsphere::binding
