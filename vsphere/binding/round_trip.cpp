// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/round_trip.h"

#include <functional>
#include <memory>
#include <new>

#include "vim25/soapH.h"
#include "wsdl/vim_hooks.h"

namespace failback::vsphere::binding {
namespace {

struct FreeContext {
  void operator()(struct soap* context) const {
    soap_destroy(context);
    soap_end(context);
    soap_free(context);
  }
};

int append(struct soap* context, const char* data, std::size_t size) {
  static_cast<std::string*>(context->user)->append(data, size);
  return SOAP_OK;
}

std::string write(const std::function<int(struct soap*)>& put) {
  constexpr soap_mode mode = SOAP_C_UTFSTRING | SOAP_XML_TREE;
  const std::unique_ptr<struct soap, FreeContext> context(soap_new2(mode, mode));
  if (!context) throw std::bad_alloc();
  std::string text;
  context->user = &text;
  context->fsend = append;
  soap_begin(context.get());
  if (soap_begin_send(context.get()) != SOAP_OK || put(context.get()) != SOAP_OK ||
      soap_end_send(context.get()) != SOAP_OK) {
    fail(Category::internal,
         "A decoded message can't be written again (gSOAP error " + std::to_string(context->error) + ")");
  }
  return text;
}

[[noreturn]] void refuse(struct soap* context) {
  const std::string near = context->tag[0] == '\0' ? "" : ", near element " + std::string(context->tag);
  fail(Category::malformedAnswer,
       "gSOAP refuses the message with error " + std::to_string(context->error) + near);
}

bool openBody(struct soap* context) {
  soap_begin(context);
  return soap_begin_recv(context) == SOAP_OK && soap_envelope_begin_in(context) == SOAP_OK &&
         soap_recv_header(context) == SOAP_OK && soap_body_begin_in(context) == SOAP_OK;
}

}  // namespace

std::string roundTripBody(const SoapCodec& codec, std::string_view envelope) {
  const SoapContext borrowed = codec.borrow(envelope);
  struct soap* context = borrowed.get();
  if (!openBody(context)) refuse(context);
  int type = 0;
  const void* object = soap_getelement(context, nullptr, &type);
  if (object == nullptr || context->error != SOAP_OK) refuse(context);
  return write([&](struct soap* out) { return soap_putelement(out, object, "message", -1, type); });
}

std::string writeValue(const xsd__anyType& value) {
  return write([&](struct soap* out) { return value.soap_put(out, "value", nullptr); });
}

std::string roundTripFault(const SoapCodec& codec, std::string_view envelope) {
  const SoapContext borrowed = codec.borrow(envelope);
  struct soap* context = borrowed.get();
  if (!openBody(context)) refuse(context);
  if (soap_getfault(context) != SOAP_OK || context->fault == nullptr) refuse(context);
  const SOAP_ENV__Fault& fault = *context->fault;
  const SOAP_ENV__Detail* detail = fault.detail != nullptr ? fault.detail : fault.SOAP_ENV__Detail;
  if (detail == nullptr || detail->__fault == nullptr) return {};
  const xsd__anyType& object = *detail->__fault;
  return write([&](struct soap* out) { return object.soap_put(out, "fault", nullptr); });
}

}  // namespace failback::vsphere::binding
