// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace failback::vsphere {

// The digest of the text, 32 bytes. Throws std::bad_alloc. Thread-safe.
std::string sha256(std::string_view text);
// The same in 64 lower-case hexadecimal digits.
std::string sha256Hex(std::string_view text);

}  // namespace failback::vsphere
