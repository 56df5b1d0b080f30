// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/fault_injection_transport.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace failback::vsphere {
namespace {

[[noreturn]] void lose(const Request& request, const std::string& how, Category category, Fate fate) {
  Error error;
  error.category = category;
  error.text = fmt::format("injected: {} during {}", how, request.method);
  throw TransportFailure(std::move(error), fate, true);
}

Response deliver(const Request& request, Response response) {
  if (request.onBody && response.status == 200) {
    if (!response.body.empty()) request.onBody(response.body);
    response.body.clear();
  }
  return response;
}

// Makes the call and keeps the whole answer in Response::body.
Response collect(Transport& below, const Request& request, const Context& context) {
  Request whole = request;
  whole.onBody = nullptr;
  return below.send(whole, context);
}

}  // namespace

InjectedFault InjectedFault::beforeSend(std::string method, unsigned nth) {
  InjectedFault fault;
  fault.kind = Kind::failBeforeSend;
  fault.method = std::move(method);
  fault.nth = nth;
  return fault;
}

InjectedFault InjectedFault::afterSend(std::string method, unsigned nth) {
  InjectedFault fault = beforeSend(std::move(method), nth);
  fault.kind = Kind::failAfterSend;
  return fault;
}

InjectedFault InjectedFault::busy(std::string method, unsigned nth, std::string retryAfter) {
  InjectedFault fault = beforeSend(std::move(method), nth);
  fault.kind = Kind::answer;
  fault.response.status = 503;
  if (!retryAfter.empty()) fault.response.headers.emplace_back("retry-after", std::move(retryAfter));
  return fault;
}

InjectedFault InjectedFault::fault(std::string method, std::string type, unsigned nth) {
  InjectedFault fault = beforeSend(std::move(method), nth);
  fault.kind = Kind::answer;
  fault.response.status = 500;
  fault.response.headers.emplace_back("content-type", "text/xml; charset=utf-8");
  fault.response.body = fmt::format(
      R"(<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/")"
      R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault>)"
      R"(<faultcode>ServerFaultCode</faultcode><faultstring>injected {0}</faultstring>)"
      R"(<detail><{0}Fault xmlns="urn:vim25" xsi:type="{0}"></{0}Fault></detail></soapenv:Fault>)"
      R"(</soapenv:Body></soapenv:Envelope>)",
      type);
  return fault;
}

FaultInjectionTransport::FaultInjectionTransport(std::shared_ptr<Transport> below,
                                                 std::vector<InjectedFault> script)
    : below_(std::move(below)), script_(std::move(script)) {}

void FaultInjectionTransport::add(InjectedFault fault) {
  const std::lock_guard lock(mutex_);
  script_.push_back(std::move(fault));
}

unsigned FaultInjectionTransport::calls(const std::string& method) const {
  const std::lock_guard lock(mutex_);
  const auto found = calls_.find(method);
  return found == calls_.end() ? 0 : found->second;
}

Response FaultInjectionTransport::send(const Request& request, const Context& context) {
  std::optional<InjectedFault> hit;
  {
    const std::lock_guard lock(mutex_);
    const unsigned ofAll = ++allCalls_;
    const unsigned ofMethod = ++calls_[request.method];
    for (const InjectedFault& fault : script_) {
      if (!fault.method.empty() && fault.method != request.method) continue;
      const unsigned number = fault.method.empty() ? ofAll : ofMethod;
      if (number < fault.nth || (fault.times != 0 && number - fault.nth >= fault.times)) continue;
      hit = fault;
      break;
    }
  }
  if (!hit) return below_->send(request, context);
  switch (hit->kind) {
    case InjectedFault::Kind::failBeforeSend:
      lose(request, "no connection", Category::unreachable, Fate::notSent);
    case InjectedFault::Kind::answer:
      return deliver(request, std::move(hit->response));
    case InjectedFault::Kind::failAfterSend:
      static_cast<void>(collect(*below_, request, context));
      lose(request, "the connection was lost before the answer", Category::unreachable, Fate::unknown);
    case InjectedFault::Kind::truncateAnswer:
    case InjectedFault::Kind::cutAnswer:
      break;
  }
  Response response = collect(*below_, request, context);
  response.body.resize(std::min(response.body.size(), hit->cutAt));
  response = deliver(request, std::move(response));
  if (hit->kind == InjectedFault::Kind::truncateAnswer) return response;
  lose(request, fmt::format("the answer was cut off after {} bytes", hit->cutAt), Category::malformedAnswer,
       Fate::unknown);
}

}  // namespace failback::vsphere
