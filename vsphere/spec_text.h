// SPDX-License-Identifier: GPL-2.0-or-later
// A change of a VM as text: the very VirtualMachineConfigSpec that would be sent, for people to review, for
// the journal, and for a digest of it. Thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "vsphere/model/vm_change.h"

namespace failback::vsphere {

// As JSON, in the form of message_json.h.
nlohmann::ordered_json specJson(const VmChange& change);
nlohmann::ordered_json specJson(const NewVm& vm);

}  // namespace failback::vsphere
