// SPDX-License-Identifier: GPL-2.0-or-later
// The generated classes by themselves: encodes and decodes messages in memory with nothing above gSOAP and
// the hooks, so that what these tests see is what wsdl/ delivers. Products use vsphere/binding/soap_codec.h.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "vim25/soapStub.h"
#include "wsdl/generated/calls.h"

namespace failback::vim25::test {

// What a message may cost; a larger one fails with Outcome::kTooLarge.
struct Limits {
  std::size_t maxBytes = 512UL * 1024 * 1024;  // of one message
  unsigned maxDepth = 100;                     // of nested elements that are decoded
};

enum class Outcome {
  kResponse,   // the expected response was decoded
  kFault,      // a SOAP fault: see fault(), faultString(), faultCode()
  kMalformed,  // not a SOAP message, or one that breaks off: see error()
  kTooLarge,   // over the limits
};

class Codec {
 public:
  explicit Codec(const Limits& limits = {});
  ~Codec();
  Codec(const Codec&) = delete;
  Codec& operator=(const Codec&) = delete;

  // Makes an object that lives as long as the codec, or until clear().
  template <class T>
  T* make() {
    auto* object = static_cast<T*>(instantiate(static_cast<int>(T().soap_type())));
    object->soap_default(context_.get());
    return object;
  }

  // The envelope of a request, in the order of the schema. operationId goes into the SOAP header where it is
  // not empty. Returns "" and sets error() when gSOAP refuses (out of memory).
  template <class Request>
  std::string encode(const Request& request, const std::string& operationId = {}) {
    return encodeElement(request, Call<Request>::element, operationId);
  }

  // Decodes an answer to a Request. The response lives as long as the codec, or until clear(); it is only
  // valid after kResponse. Members that the document lacks are empty or null, whatever the schema demands.
  template <class Request>
  Outcome decode(std::string_view document, typename Call<Request>::Response& response) {
    return decodeElement(document, Call<Request>::responseElement, &response,
                         [](struct soap* context, const char* element, void* target) {
                           auto* typed = static_cast<typename Call<Request>::Response*>(target);
                           typed->soap_default(context);
                           return typed->soap_get(context, element, "") != nullptr;
                         });
  }

  // The envelope of any request object under the given element name.
  std::string encodeElement(const xsd__anyType& request, const char* element, const std::string& operationId);

  // One element with an xsi:type, as it may stand in an anyType; null when it can't be read, see error().
  xsd__anyType* decodeAny(std::string_view element);
  // An object as one element <vim25:object> with its xsi:type.
  std::string encodeAny(const xsd__anyType& object);
  // A fault's detail as a server writes it.
  std::string encodeDetail(const struct SOAP_ENV__Detail& detail);
  // A request as a client sent it, decoded as a server does: null when it can't be read.
  template <class Request>
  Request* decodeRequest(std::string_view document) {
    auto* request = make<Request>();
    const Outcome outcome =
        decodeElement(document, Call<Request>::element, request,
                      [](struct soap* context, const char* element, void* target) {
                        return static_cast<Request*>(target)->soap_get(context, element, "") != nullptr;
                      });
    return outcome == Outcome::kResponse ? request : nullptr;
  }

  // After kFault. The fault's object (null when the detail is empty or of no known type), text and code.
  [[nodiscard]] const xsd__anyType* fault() const;
  [[nodiscard]] std::string faultString() const;
  [[nodiscard]] std::string faultCode() const;
  // After kMalformed or kTooLarge: what gSOAP found, and where, in words.
  [[nodiscard]] std::string error() const;

  // Frees everything made and decoded so far.
  void clear();
  // For what this class does not do; owned by the codec.
  [[nodiscard]] struct soap* context() { return context_.get(); }

 private:
  using Getter = bool (*)(struct soap*, const char*, void*);
  void* instantiate(int classId);  // throws std::bad_alloc
  Outcome decodeElement(std::string_view document, const char* element, void* response, Getter get);
  Outcome decodeBody(const char* element, void* response, Getter get);
  Outcome failed();

  struct Free {
    void operator()(struct soap* context) const;
  };
  std::unique_ptr<struct soap, Free> context_;
  std::string error_;
};

}  // namespace failback::vim25::test
