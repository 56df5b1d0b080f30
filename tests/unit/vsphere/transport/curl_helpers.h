// SPDX-License-Identifier: GPL-2.0-or-later
// What the tests of CurlTransport share.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "tests/support/fake_transport.h"
#include "tests/support/scripted_server.h"
#include "vsphere/curl_transport.h"

namespace failback::vsphere {

// Generous: proves that nothing hung, and no more.
constexpr std::chrono::seconds soon{10};

inline ConnectionOptions optionsFor(const testing::ScriptedServer& server, bool tls = true) {
  ConnectionOptions options;
  options.url.scheme = tls ? "https" : "http";
  options.url.host = "127.0.0.1";
  options.url.port = server.port();
  options.tls.insecure = true;
  options.useEnvironmentProxy = false;
  options.userAgent = "failback/test";
  return options;
}

struct Outcome {
  std::optional<Response> response;
  std::optional<Error> error;
  Fate fate = Fate::unknown;
  bool transient = false;
  std::chrono::steady_clock::duration took{};

  std::string category() const { return error ? std::string(toString(error->category)) : "none"; }
  std::string text() const { return error ? error->text : std::string{}; }
  bool says(const std::string& part) const {
    return error &&
           (error->text.find(part) != std::string::npos || error->remedy.find(part) != std::string::npos);
  }
};

inline Outcome trySend(Transport& transport, const Request& request, const Context& context = Context()) {
  Outcome outcome;
  const auto begun = std::chrono::steady_clock::now();
  try {
    outcome.response = transport.send(request, context);
  } catch (const TransportFailure& failure) {
    outcome.error = failure.error();
    outcome.fate = failure.fate();
    outcome.transient = failure.transient();
  } catch (const Failure& failure) {
    outcome.error = failure.error();
  }
  outcome.took = std::chrono::steady_clock::now() - begun;
  return outcome;
}

inline Outcome trySend(const ConnectionOptions& options, const Request& request,
                       const Context& context = Context()) {
  CurlTransport transport(options);
  return trySend(transport, request, context);
}

}  // namespace failback::vsphere
