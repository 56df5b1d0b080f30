// SPDX-License-Identifier: GPL-2.0-or-later
// Typed reads through the property collector, of objects that are no part of the inventory.
#pragma once

#include <functional>

#include "vim25/soapStub.h"
#include "vsphere/context.h"

namespace failback::vsphere {

class Session;

// RetrievePropertiesEx, and all further pages if the server makes any. `use` is given each object, never one
// of a session that is gone: then the session is renewed and Failure(sessionLost) thrown, and it makes sense
// to begin anew.
void retrieveObjects(const Session& session, vim25__RetrievePropertiesExRequestType& request,
                     const Context& context,
                     const std::function<void(const vim25__ObjectContent& object)>& use);

}  // namespace failback::vsphere
