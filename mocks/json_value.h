// SPDX-License-Identifier: GPL-2.0-or-later
// Values as JSON, for people: members by name, lists as arrays, references as "Type:id", and "xsi:type" where
// an object is of a subtype. Reading is judged by the schema: a member that it doesn't know, one that is
// missing, a wrong type is an error that names its place.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "mocks/value.h"

namespace failback::mock {

using Json = nlohmann::ordered_json;

// What is wrong with a JSON text that somebody sent, with its place: "/orders/0/do/fault/type: ...".
class JsonError : public std::runtime_error {
 public:
  JsonError(const std::string& place, const std::string& what)
      : std::runtime_error((place.empty() ? "/" : place) + ": " + what) {}
};

// Parses; syntax errors name line and column. Throws JsonError.
Json parseJson(std::string_view text);

// Turns "Type:id" into a reference, or whatever else the caller understands: a name, an inventory path.
using RefResolver = std::function<std::optional<MoRef>(const std::string& text)>;
// Takes "Type:id" only, of any managed type.
std::optional<MoRef> typedRef(const std::string& text);

// Throws JsonError.
Value valueFromJson(const Json& json, const MemberInfo& declared, const std::string& place,
                    const RefResolver& resolve = typedRef);
// An object of `typeName` or of the subtype that its "xsi:type" says.
Value objectFromJson(const Json& json, std::string_view typeName, const std::string& place,
                     const RefResolver& resolve = typedRef);

// `typed` says that the reader can't know the type: then objects say it.
Json jsonOf(const Value& value, bool typed = true);

}  // namespace failback::mock
