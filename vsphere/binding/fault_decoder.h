// SPDX-License-Identifier: GPL-2.0-or-later
// vSphere's fault objects into Error values: category, name as written, text, object, privilege, the members
// that say more, and the faults below. Driven by the table in vsphere/fault_names.cpp and one of members
// here.
#pragma once

#include <string>

#include "vim25/soapStub.h"
#include "vsphere/error.h"
#include "vsphere/model/unreadable.h"

namespace failback::vsphere {

// `fault` is what stood in a fault's detail: any generated object, or null when there was none. `text` is the
// server's sentence (faultstring, localizedMessage) and may be empty; then one is made.
Error errorFromFault(const xsd__anyType* fault, const std::string& text);
// As in TaskInfo.error and in missingSet.
Error errorFromFault(const vim25__LocalizedMethodFault& fault);

// A property that the collector could not deliver.
Unreadable unreadableFromMissing(const Moref& object, const vim25__MissingProperty& missing);
// The session is gone, said anywhere in the error.
bool saysNotAuthenticated(const Error& error);

}  // namespace failback::vsphere
