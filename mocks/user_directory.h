// SPDX-License-Identifier: GPL-2.0-or-later
// Who there is besides the sessions: the users and groups that permissions may name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mocks/world.h"

namespace failback::mock {

// The name of a user or group as the site spells it; nothing when there is none. Under the World's lock.
std::optional<std::string> findPrincipal(const World& world, std::string_view name, bool group);

}  // namespace failback::mock
