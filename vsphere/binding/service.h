// SPDX-License-Identifier: GPL-2.0-or-later
// Typed calls: a request of the generated classes goes in, the answer of its method comes out, a fault or any
// other trouble is a Failure. Knows nothing of sessions, retries and the like: they are transports.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "vsphere/binding/request_arena.h"
#include "vsphere/binding/soap_codec.h"
#include "vsphere/clock.h"
#include "vsphere/context.h"
#include "vsphere/model/moref.h"
#include "vsphere/transport.h"
#include "wsdl/generated/calls.h"

namespace failback::vsphere {

// Ids of calls, as they stand in the SOAP header, our log and the server's (opID): "<base>-<number>". The
// base is the context's own operation id, or eight random hex digits. Thread-safe.
class OperationIds {
 public:
  explicit OperationIds(Random& random);
  std::string next(const Context& context);

 private:
  std::string base_;
  std::atomic<std::uint64_t> count_{0};
};

// Thread-safe after setVersion(). The transport, codec and ids must outlive it.
class Service {
 public:
  // `path`: of the API on the server, "/sdk".
  Service(Transport& transport, const SoapCodec& codec, OperationIds& ids, std::string path);

  // The API version spoken from now on: "8.0.2.0".
  void setVersion(std::string apiVersion) { version_ = std::move(apiVersion); }
  const SoapCodec& codec() const { return *codec_; }

  // Calls the method of this request on `self`. `longPoll`: how long the server may take on purpose.
  template <class Request>
  Decoded<typename vim25::Call<Request>::Response> call(const Moref& self, Request& request,
                                                        const Context& context,
                                                        Milliseconds longPoll = {}) const {
    using Call = vim25::Call<Request>;
    vim25__ManagedObjectReference self_;
    const Exchange exchange = post(Call::name, self, prepare(request, self, self_), context, longPoll, {});
    return codec_->decode<typename Call::Response>(exchange.response.body, exchange.place);
  }

  // The same, but the body of a good answer goes to `onBody` piece by piece; any other answer throws.
  template <class Request>
  void stream(const Moref& self, Request& request, const Context& context,
              std::function<void(std::string_view piece)> onBody) const {
    using Call = vim25::Call<Request>;
    vim25__ManagedObjectReference self_;
    const Exchange exchange =
        post(Call::name, self, prepare(request, self, self_), context, {}, std::move(onBody));
    if (exchange.place.status == 200) return;
    // Any other answer was kept whole; decoding it throws its fault.
    codec_->decode<typename Call::Response>(exchange.response.body, exchange.place);
    throw Failure(errorOfForeignAnswer(exchange.response.body, exchange.place));
  }

  // GET of a file below the API's path, "vimServiceVersions.xml"; whatever HTTP answer comes.
  Response get(const std::string& file, const Context& context) const;

 private:
  struct Exchange {
    Response response;
    AnswerPlace place;
  };

  template <class Request>
  static const xsd__anyType& prepare(Request& request, const Moref& self,
                                     vim25__ManagedObjectReference& reference) {
    reference.__item = self.value;
    reference.type = self.type;
    request._USCOREthis = &reference;
    return request;
  }
  Exchange post(const char* method, const Moref& self, const xsd__anyType& request, const Context& context,
                Milliseconds longPoll, std::function<void(std::string_view piece)> onBody) const;

  Transport* transport_;
  const SoapCodec* codec_;
  OperationIds* ids_;
  std::string path_;
  std::string version_;
};

}  // namespace failback::vsphere
