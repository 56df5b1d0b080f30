// SPDX-License-Identifier: GPL-2.0-or-later
// The guest operating systems that a host's hardware versions offer. Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "mocks/value.h"

namespace failback::mock {

// What the largest machine of a hardware version has.
struct HardwareLimits {
  std::int32_t version;  // 19 for vmx-19
  std::int32_t cpus, coresPerSocket;
  std::int32_t memoryMebibytes;
};

// GuestOsDescriptor of each guest that the hardware version knows; of those named only, unless none is.
std::vector<Value> guestDescriptors(const HardwareLimits& limits, const std::vector<std::string_view>& only);

// IntOption, LongOption, BoolOption.
Value intOption(std::int32_t min, std::int32_t max, std::int32_t usual);
Value longOption(std::int64_t min, std::int64_t max, std::int64_t usual);
Value boolOption(bool supported, bool usual);

}  // namespace failback::mock
