// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/transport.h"

#include <utility>

namespace failback::vsphere {

std::string_view Response::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

TransportFailure::TransportFailure(Error error, Fate fate, bool transient)
    : Failure(std::move(error)), fate_(fate), transient_(transient) {}

}  // namespace failback::vsphere
