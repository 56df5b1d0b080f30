// SPDX-License-Identifier: GPL-2.0-or-later
// What a file that the mock made itself reads like: descriptors of disks, configurations of machines. Pure.
#pragma once

#include <optional>
#include <string>

#include "mocks/file_store.h"

namespace failback::mock {

// Nothing for a file whose bytes are not modelled. Under the World's lock.
std::optional<std::string> textOfFile(FileStore& files, const FileId& file);

}  // namespace failback::mock
