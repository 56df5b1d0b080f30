// SPDX-License-Identifier: GPL-2.0-or-later
// The subset's own WSDL and schema as texts, for a server to hand out. In the target failback_vim25_service.
#pragma once

#include <string_view>

namespace failback::vim25 {

// generated/vim25.wsdl: all operations of the subset, importing its types from "vim25.xsd" beside it. A
// server gives it at /sdk/vimService.wsdl. Constant, lives as long as the program.
[[nodiscard]] std::string_view servedWsdl();
// generated/vim25.xsd: types and message elements, with optionality and enums as the official schema has
// them. A server gives it at /sdk/vim25.xsd.
[[nodiscard]] std::string_view servedSchema();

}  // namespace failback::vim25
