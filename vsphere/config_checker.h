// SPDX-License-Identifier: GPL-2.0-or-later
// Asks vCenter what it would say to a change of a VM, or to a new one, without making it.
#pragma once

#include <optional>

#include "vsphere/context.h"
#include "vsphere/model/vm_change.h"

namespace failback::vsphere {

class Session;

// See Client::checkConfig. VirtualMachineCompatibilityChecker.CheckVmConfig_Task, which is awaited.
std::optional<ConfigVerdict> checkConfig(const Session& session, const Moref& vm, const VmChange& change,
                                         const Context& context);
// See Client::checkNewVm. The same call, with the host and the pool in place of the VM.
std::optional<ConfigVerdict> checkNewVm(const Session& session, const NewVmPlace& place, const NewVm& vm,
                                        const Context& context);

}  // namespace failback::vsphere
