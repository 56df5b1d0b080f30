// SPDX-License-Identifier: GPL-2.0-or-later
// What a machine shows of its files: layout, layoutEx, storage and the summary of storage.
#pragma once

#include "mocks/world.h"

namespace failback::mock {

// `state` with those properties as the files are now. Called under the World's lock.
Value withLayout(World& world, const Value& state);

}  // namespace failback::mock
