// SPDX-License-Identifier: GPL-2.0-or-later
// Properties of VirtualMachine.
#pragma once

#include "vsphere/binding/values.h"
#include "vsphere/model/virtual_machine.h"

namespace failback::vsphere::binding {

const SetterTable<VirtualMachine>& vmSetters();

// As SetterTable::apply, and besides any `config.extraConfig["key"]`.
Applied applyVmProperty(VirtualMachine& vm, std::string_view path, const xsd__anyType* value);

}  // namespace failback::vsphere::binding
