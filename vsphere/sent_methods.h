// SPDX-License-Identifier: GPL-2.0-or-later
// Every SOAP method that this client may send. The conformance tests read the same list from
// tests/conformance/sent-methods.txt and fail when one of them was never sent and judged; a call that is not
// in the list is refused before it is sent.
#pragma once

#include <span>
#include <string_view>

namespace failback::vsphere {

// Sorted.
std::span<const std::string_view> sentMethods();
bool maySend(std::string_view method);

}  // namespace failback::vsphere
