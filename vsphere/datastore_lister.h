// SPDX-License-Identifier: GPL-2.0-or-later
// What lies at the top of a datastore.
#pragma once

#include <string>
#include <vector>

#include "vsphere/context.h"
#include "vsphere/model/moref.h"
#include "vsphere/model/top_file.h"

namespace failback::vsphere {

class Session;

// See Client::listTop. HostDatastoreBrowser.SearchDatastore_Task, and the task is awaited. Throws Failure
// with the task's error.
std::vector<TopFile> listTop(const Session& session, const Moref& browser, const std::string& datastoreName,
                             const Context& context);

}  // namespace failback::vsphere
