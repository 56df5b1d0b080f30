// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/wsdl/message.h"

#include <array>
#include <istream>
#include <new>
#include <sstream>
#include <streambuf>

#include "vim25/soapH.h"
#include "wsdl/vim_hooks.h"

namespace failback::vim25::test {
namespace {

// Reads a document where it lies.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    // setg wants non-const pointers; nothing writes through them.
    char* const begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }
};

}  // namespace

void Codec::Free::operator()(struct soap* context) const {
  soap_destroy(context);
  soap_end(context);
  soap_free(context);
}

Codec::Codec(const Limits& limits)
    // SOAP_XML_TREE: id and href mean nothing to vim25, and a hostile one could alias objects.
    : context_(soap_new2(SOAP_C_UTFSTRING | SOAP_XML_TREE, SOAP_C_UTFSTRING | SOAP_XML_TREE)) {
  if (!context_) throw std::bad_alloc();
  context_->maxlevel = limits.maxDepth;
  context_->recv_maxlength = static_cast<ULONG64>(limits.maxBytes);
  context_->maxoccurs = 0x7FFFFFFF;
}

Codec::~Codec() = default;

void* Codec::instantiate(int classId) {
  void* const object = soap_instantiate(context_.get(), classId, nullptr, nullptr, nullptr);
  if (object == nullptr) throw std::bad_alloc();
  return object;
}

void Codec::clear() {
  soap_destroy(context_.get());
  soap_end(context_.get());
  context_->header = nullptr;
  context_->fault = nullptr;
  error_.clear();
}

std::string Codec::encodeElement(const xsd__anyType& request, const char* element,
                                 const std::string& operationId) {
  struct soap* const context = context_.get();
  std::ostringstream out;
  soap_begin(context);
  context->encodingStyle = nullptr;  // document/literal
  std::string id = operationId;
  struct SOAP_ENV__Header header {};
  header.vim25__operationID = &id;
  context->header = operationId.empty() ? nullptr : &header;
  context->os = &out;
  soap_set_version(context, 1);
  soap_serializeheader(context);
  request.soap_serialize(context);
  const bool failed = soap_begin_send(context) != SOAP_OK || soap_envelope_begin_out(context) != SOAP_OK ||
                      soap_putheader(context) != SOAP_OK || soap_body_begin_out(context) != SOAP_OK ||
                      request.soap_put(context, element, "") != SOAP_OK ||
                      soap_body_end_out(context) != SOAP_OK || soap_envelope_end_out(context) != SOAP_OK ||
                      soap_end_send(context) != SOAP_OK;
  context->os = nullptr;
  context->header = nullptr;
  if (failed) {
    error_ =
        "gSOAP refused to encode " + std::string(element) + " (error " + std::to_string(context->error) + ")";
    return {};
  }
  return out.str();
}

Outcome Codec::decodeElement(std::string_view document, const char* element, void* response, Getter get) {
  struct soap* const context = context_.get();
  error_.clear();
  if (document.size() > context->recv_maxlength) {
    error_ = "the message is larger than " + std::to_string(context->recv_maxlength) + " bytes";
    return Outcome::kTooLarge;
  }
  ViewBuffer buffer(document);
  std::istream in(&buffer);
  context->is = &in;
  soap_begin(context);
  context->fault = nullptr;
  context->header = nullptr;
  const Outcome outcome = decodeBody(element, response, get);
  context->is = nullptr;
  return outcome;
}

Outcome Codec::decodeBody(const char* element, void* response, Getter get) {
  struct soap* const context = context_.get();
  if (soap_begin_recv(context) != SOAP_OK || soap_envelope_begin_in(context) != SOAP_OK ||
      soap_recv_header(context) != SOAP_OK || soap_body_begin_in(context) != SOAP_OK) {
    return failed();
  }
  get(context, element, response);
  if (context->error == SOAP_TAG_MISMATCH || context->error == SOAP_NO_TAG) {
    // Something else stands there: a fault, or nothing that we know.
    if (soap_recv_fault(context, 1) != SOAP_OK && context->error == SOAP_FAULT) return Outcome::kFault;
    context->error = SOAP_TAG_MISMATCH;
  }
  if (context->error != SOAP_OK) return failed();
  if (soap_body_end_in(context) != SOAP_OK || soap_envelope_end_in(context) != SOAP_OK ||
      soap_end_recv(context) != SOAP_OK) {
    return failed();
  }
  return Outcome::kResponse;
}

xsd__anyType* Codec::decodeAny(std::string_view element) {
  struct soap* const context = context_.get();
  error_.clear();
  ViewBuffer buffer(element);
  std::istream in(&buffer);
  context->is = &in;
  soap_begin(context);
  xsd__anyType* object = nullptr;
  const bool good = soap_begin_recv(context) == SOAP_OK &&
                    soap_in_PointerToxsd__anyType(context, nullptr, &object, nullptr) != nullptr &&
                    soap_end_recv(context) == SOAP_OK;
  context->is = nullptr;
  if (good) return object;
  failed();
  return nullptr;
}

std::string Codec::encodeAny(const xsd__anyType& object) {
  struct soap* const context = context_.get();
  std::ostringstream out;
  const std::string type = "vim25:" + std::string(wireTypeName(object));
  soap_begin(context);
  context->os = &out;
  const bool good = soap_begin_send(context) == SOAP_OK &&
                    object.soap_put(context, "vim25:object", type.c_str()) == SOAP_OK &&
                    soap_end_send(context) == SOAP_OK;
  context->os = nullptr;
  return good ? out.str() : std::string();
}

std::string Codec::encodeDetail(const struct SOAP_ENV__Detail& detail) {
  struct soap* const context = context_.get();
  std::ostringstream out;
  soap_begin(context);
  context->os = &out;
  const bool good = soap_begin_send(context) == SOAP_OK &&
                    soap_put_SOAP_ENV__Detail(context, &detail, "detail", "") == SOAP_OK &&
                    soap_end_send(context) == SOAP_OK;
  context->os = nullptr;
  return good ? out.str() : std::string();
}

Outcome Codec::failed() {
  struct soap* const context = context_.get();
  const int code = context->error;
  if (code == SOAP_LENGTH || code == SOAP_LEVEL || code == SOAP_OCCURS) {
    error_ = "the message nests deeper or is larger than allowed (gSOAP error " + std::to_string(code) + ")";
    return Outcome::kTooLarge;
  }
  std::array<char, 512> text{};
  soap_set_fault(context);
  soap_sprint_fault(context, text.data(), text.size());
  error_ = "gSOAP error " + std::to_string(code);
  if (context->tag[0] != '\0') error_ += " at element <" + std::string(context->tag) + ">";
  error_ += ": " + std::string(text.data());
  return Outcome::kMalformed;
}

const xsd__anyType* Codec::fault() const {
  const struct SOAP_ENV__Fault* const fault = context_->fault;
  return fault != nullptr && fault->detail != nullptr ? fault->detail->__fault : nullptr;
}

std::string Codec::faultString() const {
  const struct SOAP_ENV__Fault* const fault = context_->fault;
  if (fault == nullptr) return {};
  if (fault->faultstring != nullptr) return fault->faultstring;
  const bool soap12 =
      fault->SOAP_ENV__Reason != nullptr && fault->SOAP_ENV__Reason->SOAP_ENV__Text != nullptr;
  return soap12 ? fault->SOAP_ENV__Reason->SOAP_ENV__Text : "";
}

std::string Codec::faultCode() const {
  const struct SOAP_ENV__Fault* const fault = context_->fault;
  if (fault == nullptr) return {};
  if (fault->faultcode != nullptr) return fault->faultcode;
  const bool soap12 = fault->SOAP_ENV__Code != nullptr && fault->SOAP_ENV__Code->SOAP_ENV__Value != nullptr;
  return soap12 ? fault->SOAP_ENV__Code->SOAP_ENV__Value : "";
}

std::string Codec::error() const {
  return error_;
}

}  // namespace failback::vim25::test
