// SPDX-License-Identifier: GPL-2.0-or-later
// What the account of this session may do.
#pragma once

#include <string>
#include <vector>

#include "vsphere/context.h"
#include "vsphere/model/privileges.h"

namespace failback::vsphere {

class Session;

// See Client::readPrivileges. AuthorizationManager.HasPrivilegeOnEntities; when the server refuses ids that
// it does not know, its privilegeList says which, and it is asked once more without them. It is asked anew,
// too, when the session was renewed meanwhile, because the question names the session.
PrivilegeAnswer readPrivileges(const Session& session, const std::vector<Moref>& entities,
                               const std::vector<std::string>& ids, const Context& context);

}  // namespace failback::vsphere
