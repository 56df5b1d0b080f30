// SPDX-License-Identifier: GPL-2.0-or-later
// Functions that the generated code calls in place of gSOAP's own (see classes/CMakeLists.txt), and what
// callers may want.
#pragma once

#include <string_view>

#include "stdsoap2.h"

class xsd__anyType;

namespace failback::vim25 {

// Name of the type that the object had on the wire when that type has no class and the object was decoded as
// its nearest ancestor; "" when the object is of exactly its own class. Lives as long as the object. See
// wireTypeName() for both.
[[nodiscard]] std::string_view degradedFrom(const xsd__anyType& object);

// The wire name of the object's type, whether it has a class or not: "VmPoweredOnEvent", "NotAuthenticated",
// "string".
[[nodiscard]] std::string_view wireTypeName(const xsd__anyType& object);

// Makes an object travel under a type name that has no class: sets the xsi:type that will be written. The
// object must be of exactly the class that the place declares, else the attribute would be written twice. For
// servers (the mock) only.
void setWireType(struct soap& context, xsd__anyType& object, std::string_view typeName);

}  // namespace failback::vim25
