// SPDX-License-Identifier: GPL-2.0-or-later
// An answer to pyVmomi's Fetch (one property of one object) as the page that RetrievePropertiesEx would have
// given for it, with the paths that the property table has below that property.
#pragma once

#include <string>
#include <string_view>

namespace failback::vsphere {

// Envelopes of the answer and of its request. Empty when they are no Fetch, or nothing of ours stands at or
// below that property.
std::string pageOfFetch(std::string_view answer, std::string_view request);

}  // namespace failback::vsphere
