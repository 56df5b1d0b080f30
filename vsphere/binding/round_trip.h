// SPDX-License-Identifier: GPL-2.0-or-later
// Decodes a message with the generated classes and writes again what they took in: what is not there then,
// was left out.
#pragma once

#include <string>
#include <string_view>

#include "vsphere/binding/soap_codec.h"

namespace failback::vsphere::binding {

// The first child of the envelope's body. Throws Failure(malformedAnswer) when gSOAP refuses it.
// Returns a document whose root is the element as it was understood, prefixes and all its namespaces
// declared; xsi:type stands where the object's class is not the declared one.
std::string roundTripBody(const SoapCodec& codec, std::string_view envelope);

// A value as an element <value xsi:type="...">, prefixes and namespaces as above.
std::string writeValue(const xsd__anyType& value);

// The object in the detail of a SOAP fault, as an element <fault xsi:type="...">; empty when there is none.
std::string roundTripFault(const SoapCodec& codec, std::string_view envelope);

}  // namespace failback::vsphere::binding
