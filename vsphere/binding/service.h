// SPDX-License-Identifier: GPL-2.0-or-later
// Typed calls: a request of the generated classes goes in, the answer of its method comes out, a fault or any
// other trouble is a Failure. Knows nothing of sessions, retries and the like: they are transports.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "vsphere/binding/request_arena.h"
#include "vsphere/binding/soap_codec.h"
#include "vsphere/clock.h"
#include "vsphere/context.h"
#include "vsphere/model/moref.h"
#include "vsphere/page_decoder.h"
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

struct CallOptions {
  // How long the server may take on purpose (a wait for updates).
  Milliseconds longPoll{0};
  // The request names something that ends with the session, although its method need not.
  bool sessionBound = false;
  // The request only goes on with a read that has begun (Request::continues).
  bool continues = false;
};

// An answer as it came, and where it belongs.
struct RawAnswer {
  std::string body;
  AnswerPlace place;
};

// A page of objects on its way in: decoded piece by piece, and from the beginning when an attempt failed. Not
// thread-safe. The codec must outlive it.
class StreamedPage {
 public:
  StreamedPage(const SoapCodec& codec, AnswerPlace place) : codec_(&codec), place_(std::move(place)) {}
  void feed(std::string_view piece);
  void restart() { decoder_.reset(); }
  // `answer`: what has not been fed; a transport may give a short body whole.
  InventoryPage finish(const RawAnswer& answer);

 private:
  const SoapCodec* codec_;
  AnswerPlace place_;
  std::unique_ptr<PageDecoder> decoder_;
};

// Thread-safe after setVersion(). The transport, codec and ids must outlive it.
class Service {
 public:
  // `path`: of the API on the server, "/sdk".
  Service(Transport& transport, const SoapCodec& codec, OperationIds& ids, std::string path);

  // The API version spoken from now on: "8.0.2.0".
  void setVersion(std::string apiVersion) { version_ = std::move(apiVersion); }
  const SoapCodec& codec() const { return *codec_; }

  // Calls the method of this request on `self`.
  template <class Request>
  Decoded<typename vim25::Call<Request>::Response> call(const Moref& self, Request& request,
                                                        const Context& context,
                                                        const CallOptions& options = {}) const {
    const RawAnswer answer = raw(self, request, context, options);
    return codec_->decode<typename vim25::Call<Request>::Response>(answer.body, answer.place);
  }

  // The same, not decoded: it may be a fault.
  template <class Request>
  RawAnswer raw(const Moref& self, Request& request, const Context& context,
                const CallOptions& options = {}) const {
    vim25__ManagedObjectReference reference;
    const Target<Request> target(request, self, reference);
    return post(vim25::Call<Request>::name, self, request, context, options);
  }

  // The same for a page of objects (RetrievePropertiesEx, ContinueRetrievePropertiesEx), which is decoded
  // while it comes.
  template <class Request>
  InventoryPage page(const Moref& self, Request& request, const Context& context,
                     const CallOptions& options = {}) const {
    using Call = vim25::Call<Request>;
    vim25__ManagedObjectReference reference;
    const Target<Request> target(request, self, reference);
    StreamedPage streamed(*codec_, {Call::name, self.str(), 200});
    const RawAnswer answer = post(Call::name, self, request, context, options, &streamed);
    if (answer.place.status == 200) return streamed.finish(answer);
    codec_->decode<typename Call::Response>(answer.body, answer.place);  // throws the fault
    throw Failure(errorOfForeignAnswer(answer.body, answer.place));
  }

  // GET of a file below the API's path, "vimServiceVersions.xml"; whatever HTTP answer comes.
  Response get(const std::string& file, const Context& context) const;

 private:
  // The request names its object for the time of the call only: nothing it points to may outlive that.
  template <class Request>
  class Target {
   public:
    Target(Request& request, const Moref& self, vim25__ManagedObjectReference& reference)
        : request_(&request) {
      reference.__item = self.value;
      reference.type = self.type;
      request._USCOREthis = &reference;
    }
    ~Target() { request_->_USCOREthis = nullptr; }
    Target(const Target&) = delete;
    Target& operator=(const Target&) = delete;

   private:
    Request* request_;
  };
  RawAnswer post(const char* method, const Moref& self, const xsd__anyType& request, const Context& context,
                 const CallOptions& options, StreamedPage* streamed = nullptr) const;

  Transport* transport_;
  const SoapCodec* codec_;
  OperationIds* ids_;
  std::string path_;
  std::string version_;
};

}  // namespace failback::vsphere
