// SPDX-License-Identifier: GPL-2.0-or-later
// What can be made with a hardware version: VirtualMachineConfigOption. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mocks/type_model.h"
#include "mocks/value.h"

namespace failback::mock {

// VirtualMachineConfigOptionDescriptor of each version that hosts of a release run, oldest first.
Value hardwareVersions(Release release, const Value& hosts);

// Of "vmx-19". With guest identifiers, those guests only. The key is one of an EnvironmentBrowser.
Value configOption(const std::string& key, const std::string& description,
                   const std::vector<std::string_view>& guests = {});

}  // namespace failback::mock
