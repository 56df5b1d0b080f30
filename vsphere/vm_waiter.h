// SPDX-License-Identifier: GPL-2.0-or-later
// Waits until properties of a VM are as wanted, with an update stream: the server tells, nobody asks again.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "vsphere/context.h"
#include "vsphere/model/moref.h"

namespace failback::vsphere {

class Session;

// Texts by path; what is not set is not in it.
using PropertyTexts = std::map<std::string, std::string>;

// True once `reached` says so; false at the context's deadline. Throws Failure on stop, when the VM is gone,
// or when the session can't be kept.
bool waitForVm(const Session& session, const Moref& vm, const std::vector<std::string>& paths,
               const std::function<bool(const PropertyTexts&)>& reached, const Context& context);

}  // namespace failback::vsphere
