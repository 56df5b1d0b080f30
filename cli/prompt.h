// SPDX-License-Identifier: GPL-2.0-or-later
// Asks a person for a password, without showing it.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "vsphere/secret.h"

namespace failback::cli {

// Writes the question to the terminal and reads a line there, with echo off. Nothing when standard input is
// no terminal or the terminal can't be opened. Throws Failure(interrupted) when a stop is requested; the
// terminal is put back in any case.
std::optional<vsphere::Secret> askPassword(const std::string& question, const std::stop_token& stop);

}  // namespace failback::cli
