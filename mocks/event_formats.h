// SPDX-License-Identifier: GPL-2.0-or-later
// What a server says of each type of event: its category and the texts in which it is shown. Pure; any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "mocks/value.h"

namespace failback::mock {

// "info", "warning", "error" or "user". Of an EventEx its own severity.
std::string categoryOf(const Value& event);
// Whether the type has a format of its own; others are shown as words made of the type's name.
bool hasFormat(std::string_view type);
// The text of an event as the type's full format makes it: "web-01 on esx-01 in DC1 is powered on".
std::string messageOf(const Value& event);
// EventDescription with all types of events that the schema has.
Value eventDescription();

}  // namespace failback::mock
