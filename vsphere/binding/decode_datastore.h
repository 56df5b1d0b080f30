// SPDX-License-Identifier: GPL-2.0-or-later
// Properties of Datastore.
#pragma once

#include "vsphere/binding/values.h"
#include "vsphere/model/datastore.h"

namespace failback::vsphere::binding {

const SetterTable<Datastore>& datastoreSetters();

}  // namespace failback::vsphere::binding
