// SPDX-License-Identifier: GPL-2.0-or-later
// One line per call: "op=<id> <method> <object> <status> sent=<bytes> received=<bytes> ms=<duration>", and
// "fault=<type>" where the answer is one; or "failed=<category>: <text>". Bodies are never logged, and what
// comes from outside (texts, ids) goes through the redactor.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "vsphere/redaction.h"
#include "vsphere/transport.h"

namespace failback::vsphere {

class LoggingTransport final : public Transport {
 public:
  using Log = std::function<void(const std::string& line)>;

  // `log` is called from the sending threads, one line at a time, and must not throw.
  LoggingTransport(std::shared_ptr<Transport> below, std::shared_ptr<const Redactor> redactor, Log log);

  Response send(const Request& request, const Context& context) override;

 private:
  void write(const std::string& line);

  std::shared_ptr<Transport> below_;
  std::shared_ptr<const Redactor> redactor_;
  std::mutex mutex_;
  Log log_;
};

}  // namespace failback::vsphere
