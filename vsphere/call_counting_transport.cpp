// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/call_counting_transport.h"

#include <utility>

namespace failback::vsphere {

CallCountingTransport::CallCountingTransport(std::shared_ptr<Transport> below) : below_(std::move(below)) {}

void CallCountingTransport::received(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  counts_.responseBytes += bytes;
}

Response CallCountingTransport::send(const Request& request, const Context& context) {
  {
    const std::lock_guard lock(mutex_);
    ++counts_.byMethod[request.method];
    if (request.continues) ++counts_.pages;
    counts_.requestBytes += request.body.size();
  }
  if (!request.onBody) {
    Response response = below_->send(request, context);
    received(response.body.size());
    return response;
  }
  Request counted = request;
  counted.onBody = [&](std::string_view piece) {
    received(piece.size());
    request.onBody(piece);
  };
  Response response = below_->send(counted, context);
  received(response.body.size());  // of another status than 200
  return response;
}

CallCounts CallCountingTransport::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace failback::vsphere
