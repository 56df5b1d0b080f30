// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/logging_transport.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "vsphere/soap_peek.h"

namespace failback::vsphere {

LoggingTransport::LoggingTransport(std::shared_ptr<Transport> below, std::shared_ptr<const Redactor> redactor,
                                   Log log)
    : below_(std::move(below)), redactor_(std::move(redactor)), log_(std::move(log)) {}

void LoggingTransport::write(const std::string& line) {
  std::string clean = redactor_->text(line);
  // One line, and no control characters into a terminal, whatever a server wrote.
  std::replace_if(
      clean.begin(), clean.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  const std::lock_guard lock(mutex_);
  log_(clean);
}

Response LoggingTransport::send(const Request& request, const Context& context) {
  const SteadyTime begun = context.clock().now();
  std::size_t received = 0;
  // Copied only where it must be: a Login's body holds the password.
  std::optional<Request> counted;
  if (request.onBody) {
    counted = request;
    counted->onBody = [&](std::string_view piece) {
      received += piece.size();
      request.onBody(piece);
    };
  }
  const auto line = [&](const std::string& outcome) {
    const auto took = std::chrono::duration_cast<Milliseconds>(context.clock().now() - begun);
    const std::string& operation = context.operationId();
    write(fmt::format("op={} {}{}{} {} sent={} received={} ms={}", operation.empty() ? "-" : operation,
                      request.method, request.object.empty() ? "" : " ", request.object, outcome,
                      request.body.size(), received, took.count()));
  };
  try {
    Response response = below_->send(counted ? *counted : request, context);
    received += response.body.size();
    std::string outcome = std::to_string(response.status);
    if (const auto fault = response.status == 500 ? peekFault(response.body) : std::nullopt) {
      outcome += " fault=" + (fault->type.empty() ? "?" : fault->type);
    }
    line(outcome);
    return response;
  } catch (const Failure& failure) {
    line(fmt::format("failed={}: {};", toString(failure.error().category), describe(failure.error())));
    throw;
  } catch (...) {  // the receiver of the pieces did not want any more
    line("ended by the receiver");
    throw;
  }
}

}  // namespace failback::vsphere
