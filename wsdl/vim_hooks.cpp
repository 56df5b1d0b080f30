// SPDX-License-Identifier: GPL-2.0-or-later
// What makes the generated decoder tolerant. Compiled with the generated header, called by the generated
// code:
//   vim_revert      replaces soap_revert: gives a type that has no class the name of its nearest ancestor
//   that has one,
//                   just before gSOAP picks the class by name;
//   WireType        the attribute xsi:type of every object: kept only when the type has no class;
//   vim_set_attr    replaces soap_set_attr: does not write a kept name as a second xsi:type;
//   AnyFault        the one child of a fault's detail, whatever it is called: its xsi:type says what it is.
#include "wsdl/vim_hooks.h"

#include <cstring>
#include <string>

// The table "namespaces" that gSOAP's library wants from every program; here, because this file is always
// linked.
#include "vim25/VimBinding.nsmap"
#include "vim25/soapH.h"
#include "wsdl/schema.h"

namespace {

constexpr const char* kXsdNamespace = "http://www.w3.org/2001/XMLSchema";
constexpr std::string_view kOwnXsdPrefix = "fb-xsd";
constexpr std::string_view kVimPrefix = "vim25:";

std::string_view withoutPrefix(std::string_view qualified) {
  const auto colon = qualified.find(':');
  return colon == std::string_view::npos ? qualified : qualified.substr(colon + 1);
}

bool isDeclared(const struct soap* soap, std::string_view prefix) {
  for (const struct soap_nlist* n = soap->nlist; n != nullptr; n = n->next) {
    if (prefix == n->id) return true;
  }
  return false;
}

// Declares the prefix for XML Schema where the document does not (govc writes xsi:type="xsd:string" without
// one).
void declareXsd(struct soap* soap, std::string_view prefix) {
  if (!isDeclared(soap, prefix)) soap_push_namespace(soap, std::string(prefix).c_str(), kXsdNamespace);
}

void setType(struct soap* soap, const std::string& type) {
  if (type.size() < sizeof(soap->type)) std::memcpy(soap->type, type.c_str(), type.size() + 1);
}

}  // namespace

extern "C" void vim_revert(struct soap* soap) {
  soap_revert(soap);
  const std::string_view written = soap->type;
  if (written.empty()) return;
  const std::string_view name = withoutPrefix(written);
  if (failback::vim25::isBound(name)) {
    if (written.starts_with("xsd:")) declareXsd(soap, "xsd");
    return;
  }
  const std::string_view known = failback::vim25::nearestKnown(name);
  if (known.empty()) return;
  if (known == "xsd:string") {  // an enum
    declareXsd(soap, kOwnXsdPrefix);
    setType(soap, std::string(kOwnXsdPrefix) + ":string");
    return;
  }
  // Same prefix as on the wire, so that it is bound to the namespace of vim25.
  setType(soap, std::string(written.substr(0, written.size() - name.size())) + std::string(known));
}

extern "C" int vim_set_attr(struct soap* soap, const char* name, const char* value, int flag) {
  if (name != nullptr && std::strcmp(name, "xsi:type") == 0 &&
      (value == nullptr || !std::string_view(value).starts_with(kVimPrefix))) {
    return SOAP_OK;
  }
  return soap_set_attr(soap, name, value, flag);
}

// ---- vim25__WireType: an optional attribute, NULL unless the type has no class
// --------------------------------------

SOAP_FMAC3S int SOAP_FMAC4S soap_s2vim25__WireType(struct soap* soap, const char* text, char** value) {
  *value = nullptr;
  if (text == nullptr) return SOAP_OK;
  const std::string_view name = withoutPrefix(text);
  if (!name.empty() && !failback::vim25::isBound(name)) {
    *value = soap_strdup(soap, std::string(name).c_str());
    if (*value == nullptr) return soap->error = SOAP_EOM;
  }
  return SOAP_OK;
}

SOAP_FMAC3S const char* SOAP_FMAC4S soap_vim25__WireType2s(struct soap*, char* value) {
  return value;
}

SOAP_FMAC1 void SOAP_FMAC2 soap_default_vim25__WireType(struct soap*, char** value) {
  *value = nullptr;
}

SOAP_FMAC1 void SOAP_FMAC2 soap_serialize_vim25__WireType(struct soap*, char* const*) {}

SOAP_FMAC1 int SOAP_FMAC2 soap_out_vim25__WireType(struct soap* soap, const char* tag, int id,
                                                   char* const* value, const char* type) {
  return soap_out_string(soap, tag, id, value, type);
}

SOAP_FMAC1 char** SOAP_FMAC2 soap_in_vim25__WireType(struct soap* soap, const char* tag, char** value,
                                                     const char* type) {
  return soap_in_string(soap, tag, value, type);
}

// ---- vim25__AnyFault
// ------------------------------------------------------------------------------------------------

SOAP_FMAC1 void SOAP_FMAC2 soap_serialize_vim25__AnyFault(struct soap* soap, xsd__anyType* const* fault) {
  soap_serialize_PointerToxsd__anyType(soap, fault);
}

SOAP_FMAC3S const char* SOAP_FMAC4S soap_vim25__AnyFault2s(struct soap*, xsd__anyType*) {
  return "";
}

SOAP_FMAC3S int SOAP_FMAC4S soap_s2vim25__AnyFault(struct soap*, const char*, xsd__anyType** fault) {
  *fault = nullptr;
  return SOAP_OK;
}

SOAP_FMAC1 int SOAP_FMAC2 soap_out_vim25__AnyFault(struct soap* soap, const char*, int,
                                                   xsd__anyType* const* fault, const char*) {
  if (*fault == nullptr) return SOAP_OK;
  const std::string name(failback::vim25::wireTypeName(**fault));
  const bool renamed = (*fault)->xsi__type != nullptr;
  const std::string tag = std::string(kVimPrefix) + name + "Fault";
  const std::string type = std::string(kVimPrefix) + name;
  // A renamed object writes its own xsi:type, see vim_set_attr.
  return (*fault)->soap_out(soap, tag.c_str(), 0, renamed ? "" : type.c_str());
}

SOAP_FMAC1 xsd__anyType** SOAP_FMAC2 soap_in_vim25__AnyFault(struct soap* soap, const char*,
                                                             xsd__anyType** fault, const char*) {
  // A peek that finds no element leaves its error, which tells the caller that the detail is empty.
  if (soap_peek_element(soap) != SOAP_OK) return nullptr;
  // The place is declared as anything; a fault newer than all tables still has what every fault has.
  const std::string_view written = soap->type;
  const std::string_view name = withoutPrefix(written);
  if (!name.empty() && failback::vim25::nearestKnown(name).empty())
    setType(soap, std::string(written.substr(0, written.size() - name.size())) + "MethodFault");
  return soap_in_PointerToxsd__anyType(soap, nullptr, fault, nullptr);
}

namespace failback::vim25 {
namespace {

std::string_view nameOfClass(long classId) {
  switch (classId) {
    case SOAP_TYPE_xsd__anyURI__:
      return "anyURI";
    case SOAP_TYPE_xsd__base64Binary__:
      return "base64Binary";
    case SOAP_TYPE_xsd__boolean_:
      return "boolean";
    case SOAP_TYPE_xsd__byte__:
      return "byte";
    case SOAP_TYPE_xsd__dateTime_:
      return "dateTime";
    case SOAP_TYPE_xsd__double_:
      return "double";
    case SOAP_TYPE_xsd__float_:
      return "float";
    case SOAP_TYPE_xsd__int_:
      return "int";
    case SOAP_TYPE_xsd__long_:
      return "long";
    case SOAP_TYPE_xsd__short_:
      return "short";
    case SOAP_TYPE_xsd__string_:
      return "string";
#include "wsdl/generated/wire_names.inc"
    default:
      return "anyType";
  }
}

}  // namespace

std::string_view degradedFrom(const xsd__anyType& object) {
  return object.xsi__type == nullptr ? std::string_view{} : withoutPrefix(object.xsi__type);
}

std::string_view wireTypeName(const xsd__anyType& object) {
  if (object.xsi__type != nullptr) return withoutPrefix(object.xsi__type);
  return nameOfClass(object.soap_type());
}

void setWireType(struct soap& context, xsd__anyType& object, std::string_view typeName) {
  object.xsi__type = soap_strdup(&context, (std::string(kVimPrefix) + std::string(typeName)).c_str());
}

}  // namespace failback::vim25
