// SPDX-License-Identifier: GPL-2.0-or-later
// Requests into envelopes, answers into generated objects: gSOAP on memory, without any I/O. Only files of
// vsphere/ that are compiled against the generated classes include this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vsphere/error.h"

struct soap;
class xsd__anyType;

namespace failback::vsphere {

// What an answer belongs to; only texts of errors are made from it.
struct AnswerPlace {
  std::string method;  // "Login"; also says which element the answer must hold: "LoginResponse"
  std::string object;  // "SessionManager:SessionManager"
  int status = 200;    // of HTTP
};

// Bounds on one answer, against a server that is broken or hostile. The number of bytes is the transport's.
struct SoapLimits {
  unsigned maxLevel = 100;                // nested elements
  std::size_t maxOccurs = 100'000;        // members of one list, objects of one page
  long maxTextBytes = 16L * 1024 * 1024;  // of one text; what a guest may leave in extraConfig is 1 MiB
};

// The lease of one gSOAP context (some 164 KB) and of all objects that were decoded in it; both go back when
// it dies.
class SoapContext {
 public:
  SoapContext(SoapContext&&) noexcept = default;
  SoapContext& operator=(SoapContext&&) noexcept = default;
  SoapContext(const SoapContext&) = delete;
  SoapContext& operator=(const SoapContext&) = delete;
  ~SoapContext() = default;

  struct soap* get() const {
    return soap_.get();
  }

 private:
  friend class SoapCodec;
  struct Pool;
  struct GiveBack {
    std::shared_ptr<Pool> pool;
    void operator()(struct soap* context) const noexcept;
  };
  explicit SoapContext(std::unique_ptr<struct soap, GiveBack> context) : soap_(std::move(context)) {}

  std::unique_ptr<struct soap, GiveBack> soap_;
};

// A decoded answer with the memory that its members point into.
template <class T>
class Decoded {
 public:
  Decoded(SoapContext context, std::unique_ptr<T> value)
      : context_(std::move(context)), value_(std::move(value)) {}

  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }

 private:
  SoapContext context_;  // dies after value_
  std::unique_ptr<T> value_;
};

// Thread-safe. Contexts are kept for later calls, a few of them.
class SoapCodec {
 public:
  explicit SoapCodec(SoapLimits limits = {});

  // The envelope of a call. `request` is the generated request type of `method`; an empty operation id gives
  // no header. Throws Failure(internal) when gSOAP refuses it.
  std::string encode(std::string_view method, const xsd__anyType& request,
                     std::string_view operationId) const;

  // Response is the generated type of the answer, such as _vim25__LoginResponse. Throws Failure: the fault's
  // category when the answer is a fault, malformedAnswer when it is not SOAP, cut short, beyond the limits,
  // or another method's.
  template <class Response>
  Decoded<Response> decode(std::string_view body, const AnswerPlace& place) const {
    auto value = std::make_unique<Response>();
    SoapContext context = lease();
    decodeInto(context, body, place, value.get(), [](struct soap* soap, void* object, const char* tag) {
      auto* response = static_cast<Response*>(object);
      response->soap_default(soap);
      response->soap_get(soap, tag, nullptr);
    });
    return Decoded<Response>(std::move(context), std::move(value));
  }

  // A context that reads from `input`, for code that walks an answer by itself (soap_begin_recv and on). The
  // characters must outlive the context.
  SoapContext borrow(std::string_view input) const;

 private:
  using ReadInto = void (*)(struct soap* soap, void* object, const char* tag);
  SoapContext lease() const;
  void decodeInto(const SoapContext& context, std::string_view body, const AnswerPlace& place, void* object,
                  ReadInto read) const;

  std::shared_ptr<SoapContext::Pool> pool_;
};

// The error for a body that can't be an answer of the vSphere API (nothing, a web page, plain text): says
// where, the HTTP status, the first characters, and what it may be. Category malformedAnswer, unreachable or
// serverBusy, by status.
Error errorOfForeignAnswer(std::string_view body, const AnswerPlace& place);
// The error for an answer that is SOAP, but can't be read: `reason` says what it is ("it is cut short").
Error errorOfMalformedAnswer(const std::string& reason, std::string_view start, std::uint64_t bytes,
                             const AnswerPlace& place);
// True when the body begins as a SOAP envelope does, of whatever prefix.
bool looksLikeEnvelope(std::string_view body);

}  // namespace failback::vsphere
