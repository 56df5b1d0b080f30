// SPDX-License-Identifier: GPL-2.0-or-later
// Counts what goes over the wire: calls by method, bytes of bodies both ways.
#pragma once

#include <memory>
#include <mutex>

#include "vsphere/call_counts.h"
#include "vsphere/transport.h"

namespace failback::vsphere {

// Thread-safe. A call counts when it is handed on, whatever becomes of it: below the retries it counts
// attempts.
class CallCountingTransport final : public Transport {
 public:
  explicit CallCountingTransport(std::shared_ptr<Transport> below);

  Response send(const Request& request, const Context& context) override;
  CallCounts counts() const;

 private:
  void received(std::size_t bytes);

  std::shared_ptr<Transport> below_;
  mutable std::mutex mutex_;
  CallCounts counts_;
};

}  // namespace failback::vsphere
