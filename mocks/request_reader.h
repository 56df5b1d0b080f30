// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the parameters of a call as Values, by the schema's table: what the operations (operation.h) work
// with, whatever type a parameter has. As strict as a real server: members in the order of the schema, no
// unknown ones, no mandatory one missing. Prefixes, undeclared ones in xsi:type included, and attributes that
// nobody knows do not matter.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "mocks/value.h"

namespace failback::mock {

// By name; those that the request does not have are not in it.
using Parameters = std::map<std::string, Value, std::less<>>;

// The parameters of the first element in the request's body. Throws Fault InvalidRequest, which names the
// place, for anything that the schema does not allow. Pure; any thread.
Parameters readParameters(std::string_view request, std::string_view method);

}  // namespace failback::mock
