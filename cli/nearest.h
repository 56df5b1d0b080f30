// SPDX-License-Identifier: GPL-2.0-or-later
// What somebody probably meant to type.
#pragma once

#include "discovery/nearest.h"

namespace failback::cli {

using discovery::didYouMean;
using discovery::nearest;

}  // namespace failback::cli
