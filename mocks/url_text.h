// SPDX-License-Identifier: GPL-2.0-or-later
// What stands in URLs and in the header Authorization. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace failback::mock {

// "%20" as what it stands for; what is no such sequence stays.
std::string unescaped(std::string_view text);
// The value of "name=value" in a query; empty when absent.
std::string inQuery(std::string_view query, std::string_view name);

struct Credentials {
  std::string user, password;
};
// Of "Basic ..."; nothing when it is none.
std::optional<Credentials> basicCredentials(std::string_view authorization);
// In a time that does not depend on where they differ.
bool sameSecret(std::string_view a, std::string_view b);

}  // namespace failback::mock
