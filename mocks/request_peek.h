// SPDX-License-Identifier: GPL-2.0-or-later
// What a SOAP request calls, before anybody has decoded it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "mocks/value.h"

namespace failback::mock {

struct RequestPeek {
  std::string method;  // empty when the body is no SOAP request
  MoRef self;
};

// Reads no further than `_this`. Never throws for what the body holds.
RequestPeek peekRequest(std::string_view body);

}  // namespace failback::mock
