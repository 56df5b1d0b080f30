// SPDX-License-Identifier: GPL-2.0-or-later
// What the schema says about the elements of a message; used by the code that shows messages.
#pragma once

#include <string>
#include <string_view>

#include "vsphere/message_json.h"

namespace failback::vsphere {

struct MemberShape {
  std::string type;  // empty: the schema does not know the member
  bool list = false;
  bool bound = false;  // the generated class has it
};

// The member `name` of such an element.
MemberShape memberOf(const Shape& shape, std::string_view name);

// "xsd:int" for "int", "xsd:string" for an enum; empty when the type is no simple one.
std::string_view simpleTypeOf(std::string_view type);
// Does the text fit that simple type?
bool fitsSimpleType(std::string_view text, std::string_view simpleType);

// "name" or "name[2]" when there are several.
std::string stepOf(std::string_view path, std::string_view name, std::size_t index, std::size_t count);

}  // namespace failback::vsphere
