// SPDX-License-Identifier: GPL-2.0-or-later
// What the managers know beside the inventory, in as few calls as it takes; and what happened, and what hosts
// can run.
#pragma once

#include <vector>

#include "vsphere/context.h"
#include "vsphere/model/event.h"
#include "vsphere/model/management.h"

namespace failback::vsphere {

class Session;

// See Client::readManagement. One RetrievePropertiesEx with a filter for the tasks, one for the licence
// manager and one that goes from the manager of scheduled tasks to these; then QueryAssignedLicenses.
Management readManagement(const Session& session, const std::vector<Moref>& tasks, const Context& context);
// See Client::readEvents. EventManager.QueryEvents.
std::vector<Event> readEvents(const Session& session, const EventQuery& query, const Context& context);
// See Client::readConfigOption.
ConfigOption readConfigOption(const Session& session, const Moref& environmentBrowser,
                              const Context& context);

}  // namespace failback::vsphere
