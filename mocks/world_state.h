// SPDX-License-Identifier: GPL-2.0-or-later
// A world that outlives its process: what has changed since the site was built, as JSON, and back. A saved
// state is put on top of the same site, built anew with the same scenario, seed and time.
//
// Not in it, as after any restart of a server: sessions, views, filters and Task objects (what a running task
// was to do is done first, see saveWorld), and a power-on that waits for an answer. Under the World's lock.
#pragma once

#include "mocks/json_value.h"
#include "mocks/world.h"

namespace failback::mock {

// `ending`: the process is about to end, so tasks that run end now, as they would at their hosts.
Json saveWorld(World& world, bool ending);
// Throws JsonError with the place when the state is none of ours, or of another site.
void restoreWorld(World& world, const Json& saved);

}  // namespace failback::mock
