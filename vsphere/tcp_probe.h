// SPDX-License-Identifier: GPL-2.0-or-later
// Does a TCP connection to a server succeed from here? For servers that are not vSphere (rule ENV-SERVERS).
#pragma once

#include <cstdint>
#include <string>

#include "vsphere/context.h"

namespace failback::vsphere {

// Connects, and closes again without sending anything; proxies are not used. Returns why it could not, in one
// sentence, or nothing when it did. Waits `timeout` at most, less when the context ends before. Thread-safe.
std::string probeTcp(const std::string& host, std::uint16_t port, Milliseconds timeout,
                     const Context& context);

}  // namespace failback::vsphere
