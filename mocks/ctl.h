// SPDX-License-Identifier: GPL-2.0-or-later
// `mock-vcenter ctl`: the client of a running server's paths below /mock/.
#pragma once

namespace failback::mock {

// Of mock-vcenter, for a mistake on the command line.
inline constexpr int usageExit = 2;

// argv[0] is "ctl". Prints the server's answer on standard output. Gives the exit status: 1 when the server
// refuses or a call ends with a fault, usageExit.
int runCtl(int argc, char** argv);

}  // namespace failback::mock
