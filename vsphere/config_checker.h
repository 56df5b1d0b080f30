// SPDX-License-Identifier: GPL-2.0-or-later
// Asks vCenter what it would say to a change of a VM, without making it.
#pragma once

#include <optional>

#include "vsphere/context.h"
#include "vsphere/model/vm_change.h"

namespace failback::vsphere {

class Session;

// See Client::checkConfig. VirtualMachineCompatibilityChecker.CheckVmConfig_Task, which is awaited.
std::optional<ConfigVerdict> checkConfig(const Session& session, const Moref& vm, const VmChange& change,
                                         const Context& context);

}  // namespace failback::vsphere
