// SPDX-License-Identifier: GPL-2.0-or-later
// Actions over a session.
#pragma once

#include <memory>

#include "vsphere/actions.h"

namespace failback::vsphere {

class Session;

// The session must outlive it.
std::unique_ptr<Actions> actionsOf(const Session& session);

}  // namespace failback::vsphere
