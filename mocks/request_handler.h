// SPDX-License-Identifier: GPL-2.0-or-later
// What the server answers to a request: SOAP at /sdk, the versions file, our WSDL, /healthz, and what is told
// it below /mock/. It has no socket; tests call it directly. Thread safe; no request makes it throw.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "mocks/call_counter.h"
#include "mocks/control.h"
#include "mocks/folder_access.h"
#include "mocks/http_message.h"
#include "mocks/incidents.h"
#include "mocks/long_polls.h"
#include "mocks/order_effects.h"
#include "mocks/orders.h"
#include "mocks/recorder.h"
#include "mocks/soap_dispatch.h"
#include "mocks/world.h"

namespace failback::mock {

struct HandlerOptions {
  std::chrono::milliseconds delay{0};  // before each answer
  std::optional<std::filesystem::path> recordDirectory;
  std::optional<std::filesystem::path> callLog;
  std::vector<Order> orders;             // from the start
  std::uint64_t orderSeed = 1;           // of what orders leave to chance
  std::function<void()> saveState = {};  // when somebody asks for it; takes the World's lock
};

class RequestHandler {
 public:
  RequestHandler(World& world, const HandlerOptions& options);

  // Replies once: at once, after the delay, or when a long poll ends.
  void handle(HttpRequest request, Reply reply);

 private:
  struct Exchange;

  HttpResponse get(const std::string& path);
  HttpResponse versions() const;
  HttpResponse health();
  void soap(const std::shared_ptr<Exchange>& exchange);
  void carryOut(const std::shared_ptr<Exchange>& exchange);
  void finishOrdered(const std::shared_ptr<Exchange>& exchange, HttpResponse response);
  void complete(const std::shared_ptr<Exchange>& exchange, HttpResponse response);
  void record(const Exchange& exchange, const HttpResponse& response);
  std::vector<std::string> secrets(const Exchange& exchange);

  World& world_;
  HandlerOptions options_;
  SoapDispatcher dispatcher_;
  LongPolls polls_;
  OrderBook orders_;
  Incidents incidents_;
  OrderEffects effects_;
  CallCounter counter_;
  FolderAccess folders_;
  Control control_;
  std::unique_ptr<Recorder> recorder_;
  std::unique_ptr<CallLog> callLog_;
};

// Versions that a server of an API version names, newest first.
std::vector<std::string> versionsUpTo(const std::string& apiVersion);

}  // namespace failback::mock
