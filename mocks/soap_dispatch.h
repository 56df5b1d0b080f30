// SPDX-License-Identifier: GPL-2.0-or-later
// The way from a request's bytes to a CallContext with its outcome; hides gSOAP from everybody else.
#pragma once

#include <memory>
#include <string_view>

#include "mocks/call.h"
#include "mocks/world.h"

namespace failback::mock {

// Decodes and answers SOAP requests, on as many threads as like. Whatever a request holds, it never throws.
class SoapDispatcher {
 public:
  explicit SoapDispatcher(World& world);
  ~SoapDispatcher();
  SoapDispatcher(const SoapDispatcher&) = delete;
  SoapDispatcher& operator=(const SoapDispatcher&) = delete;

  // The outcome is in `context`: a response, or a parked call.
  void run(std::string_view body, CallContext& context);

 private:
  class Pool;
  World& world_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace failback::mock
