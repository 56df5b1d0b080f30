// SPDX-License-Identifier: GPL-2.0-or-later
// Answers from a recording (recording_transport.h) instead of a server.
//
// A request gets the first answer, in the recording's order, to its method that has not been given yet; among
// these one whose request had the very same SOAP body goes first, so that requests in flight together find
// their own answers. A recorded failure is thrown again.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "vsphere/redaction.h"
#include "vsphere/transport.h"

namespace failback::vsphere {

// Thread-safe. The folder must not change meanwhile.
class ReplayTransport final : public Transport {
 public:
  // `set`: for a folder with several recordings, the first part of the names ("smart_connection" for
  // smart_connection-000-Login...). Throws Failure(usage) when there is no recording.
  explicit ReplayTransport(std::string directory, std::string set = {});

  // Throws Failure(usage) when the recording has no (more) answer to that method.
  Response send(const Request& request, const Context& context) override;

  // Exchanges that have not been asked for.
  std::size_t unused() const;

 private:
  struct Exchange {
    std::size_t number = 0;
    std::string stem;
    std::string requestBody;  // what stands inside the SOAP body, redacted as it was recorded
    bool used = false;
  };
  std::string take(const Request& request);

  std::string directory_;
  Redactor redactor_;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<Exchange>> byMethod_;
};

}  // namespace failback::vsphere
