// SPDX-License-Identifier: GPL-2.0-or-later
// What went over the wire, counted (call_counting_transport.h).
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace failback::vsphere {

struct CallCounts {
  // Requests that were handed to the network, answered or not, by SOAP method.
  std::map<std::string, std::uint64_t> byMethod;
  // Of these, those that only go on with a read that had begun: its further pages and slices, and telling the
  // server to forget the rest of it. The others are what was asked for.
  std::uint64_t pages = 0;
  // Bodies, in bytes; answers as decoded.
  std::uint64_t requestBytes = 0, responseBytes = 0;
};

}  // namespace failback::vsphere
