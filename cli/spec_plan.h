// SPDX-License-Identifier: GPL-2.0-or-later
// The actions of the verb "plan".
#pragma once

#include "cli/spec.h"

namespace failback::cli {

VerbSpec planInitVerb();
VerbSpec planShowVerb();
VerbSpec planRefreshVerb();
VerbSpec planSchemaVerb();

}  // namespace failback::cli
