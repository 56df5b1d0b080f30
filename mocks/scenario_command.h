// SPDX-License-Identifier: GPL-2.0-or-later
// mock-vcenter scenario: what there is to simulate, and making more of it.
#pragma once

namespace failback::mock {

// `arguments` begin after the program's name: "scenario", then its own. Returns the exit code: 0, 1 when
// something can't be read or written, 2 for a usage error or a scenario that is wrong. Throws nothing.
int runScenario(int count, char** arguments);

}  // namespace failback::mock
