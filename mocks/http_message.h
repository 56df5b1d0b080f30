// SPDX-License-Identifier: GPL-2.0-or-later
// A request and an answer as the handler sees them: whole, in memory, with no socket behind them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace failback::mock {

struct HttpRequest {
  std::string method;                          // "POST"
  std::string target;                          // "/sdk"
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;                            // already unpacked from chunks
  std::string peer;                            // address of the client

  const std::string& header(const std::string& lowerCaseName) const {
    static const std::string none;
    const auto found = headers.find(lowerCaseName);
    return found == headers.end() ? none : found->second;
  }
};

// How an answer is sent, where something is to go wrong with that.
struct DeliveryPlan {
  bool answered = true;                    // false: the connection ends without a byte
  std::uint64_t bytesPerSecond = 0;        // of the body; 0: as fast as it goes
  std::optional<std::uint64_t> bodyBytes;  // after so many of them the connection ends
  bool closeAfter = false;                 // ends the connection after the answer, unannounced
};

struct HttpResponse {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;  // Content-Type and what else is special
  std::string body;
  DeliveryPlan delivery = {};
  bool asFile = false;  // neither compressed nor in chunks: its length is announced
};

// Called once with the answer, from any thread, maybe much later (long polls).
using Reply = std::function<void(HttpResponse)>;

}  // namespace failback::mock
