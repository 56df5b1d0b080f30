// SPDX-License-Identifier: GPL-2.0-or-later
// What the site does by itself while a tool works, on order over HTTP: DRS and Storage DRS move machines,
// guests write to their disks; and what a program in a guest would see. Takes the World's lock itself; throws
// JsonError for a request that is none.
#pragma once

#include "mocks/json_value.h"
#include "mocks/world.h"

namespace failback::mock {

// {"object": "Cluster-1"}: a cluster or a datastore cluster. Each machine that it may move goes elsewhere:
// {"moved": [{"vm", "name", "from", "to"}], "refused": [{"vm", "name", "fault"}]}
Json actDrs(World& world, const Json& request);

// {"vm": "web-01", "disk": 2000, "bytes": 4096}: the guest writes. {"contentId": "..."}; a machine whose
// datastore is full asks instead: {"question": true}
Json actWrite(World& world, const Json& request);

// {"vm": "mt-linux-01", "bytes": 1048576}: the replication agent in a running master target writes to every
// disk that is attached to it from another machine's folder. {"written": [{"key": 2001, "file": "[...]"}]}
Json actReplicate(World& world, const Json& request);

// The disks of a running machine, with the serial numbers that its guest sees: null without disk.EnableUUID.
Json guestView(World& world, const std::string& vm);

}  // namespace failback::mock
