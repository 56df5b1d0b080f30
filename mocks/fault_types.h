// SPDX-License-Identifier: GPL-2.0-or-later
// Fault types by name, those included that the schema table only knows the ancestry of. Thread safe.
#pragma once

#include <string>

#include "mocks/type_model.h"

namespace failback::mock {

// The table's own type, or, for another fault of the API, one of that name with the members of its nearest
// ancestor in the table. Null when the API has no such fault. What it gives lives as long as the program.
const TypeInfo* faultNamed(const std::string& name);

}  // namespace failback::mock
