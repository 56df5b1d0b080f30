// SPDX-License-Identifier: GPL-2.0-or-later
// Values as JSON without loss, for the program itself: whatever a Value is comes back as just that, with the
// width of its numbers and the types of its texts. For people there is json_value.h. Pure; any thread.
#pragma once

#include "mocks/json_reader.h"

namespace failback::mock {

Json encoded(const Value& value);
// Throws JsonError with the place, for what encoded() does not write or the schema does not know.
Value decoded(const Json& json, const std::string& place);

// A member that must be there and may be empty.
std::string stateText(JsonReader& in, const std::string& member);

// Any bytes, as hexadecimal digits: JSON holds UTF-8 only.
Json encodedText(const std::string& bytes);
std::string decodedText(const Json& json, const std::string& place);

Json encoded(const MoRef& ref);
MoRef decodedRef(const Json& json, const std::string& place);

}  // namespace failback::mock
