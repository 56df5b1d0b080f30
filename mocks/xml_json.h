// SPDX-License-Identifier: GPL-2.0-or-later
// Answers of the server as JSON, as json_value.h writes it. Pure.
#pragma once

#include <string_view>

#include "mocks/json_value.h"

namespace failback::mock {

// {"result": ...} (null when the method gives none) or {"fault": {"type", "message", "members"}}. `response`
// is a SOAP envelope that answers `method`. Throws std::runtime_error when it is none.
Json answerAsJson(std::string_view response, std::string_view method);
// The same of a task that has ended: its TaskInfo.
Json endAsJson(const Value& taskInfo);

}  // namespace failback::mock
