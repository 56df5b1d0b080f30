// SPDX-License-Identifier: GPL-2.0-or-later
// `failback rules` in the table of verbs.
#pragma once

#include "cli/spec.h"

namespace failback::cli {

VerbSpec rulesVerb();

}  // namespace failback::cli
