// SPDX-License-Identifier: GPL-2.0-or-later
// Small files that hold settings or secrets.
#pragma once

#include <cstddef>
#include <string>

#include "vsphere/secret.h"

namespace failback::cli {

struct FileContent {
  std::string text;        // to be wiped by the caller when it may hold a secret
  std::string readableBy;  // "by others", "by its group": who else may read the file; empty: nobody
};

// At most `most` bytes. `what` names it in errors ("the configuration file"). Throws Failure(usage).
FileContent readWholeFile(const std::string& path, const std::string& what, std::size_t most = 1024 * 1024);

// The first line of what the descriptor gives, without its end. Reads until the end or 64 KiB. Throws
// Failure(usage) when it can't be read or holds no line. `what` names it in errors.
vsphere::Secret readSecretLine(int fd, const std::string& what);

// "by others", "by its group", when somebody else than the owner may read what the descriptor is open on.
std::string whoElseReads(int fd);

}  // namespace failback::cli
