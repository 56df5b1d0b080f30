// SPDX-License-Identifier: GPL-2.0-or-later
// What switching a virtual machine on and off means: what stands in its way, the locks and files of a running
// one, what its guest shows and writes. Called under the World's lock.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/fault.h"
#include "mocks/world.h"

namespace failback::mock {

// InvalidPowerState with the state that the machine has.
Fault wrongPowerState(const ManagedObject& vm, std::string_view requested);

// Everything that keeps a machine from being powered on, on the host given or its own. Changes nothing.
std::vector<Fault> powerOnProblems(World& world, const MoRef& vm, const std::optional<MoRef>& host);

// Power-on without the judgement and without questions. Throws what the last moment brings (FileLocked,
// NoDiskSpace). A suspended machine goes on where it was.
void powerOnNow(World& world, const MoRef& vm, const std::optional<MoRef>& host);

enum class PowerEnd { off, terminated, suspended };
// Ends a machine's process: locks, swap file and questions go.
void powerEndNow(World& world, const MoRef& vm, PowerEnd end);
// The guest starts again, the process stays: what takes effect at power-on only does not change.
void resetNow(World& world, const MoRef& vm);

// Does the guest see its disks' serials? What disk.EnableUUID said when it was powered on, not what it says
// now.
bool guestSeesSerials(const World& world, const MoRef& vm);

// Throws ToolsUnavailable when the guest of a running machine does not talk.
void needTools(const ManagedObject& vm);
// What a guest operation makes visible at once, and what the operation ends in.
void showGuestState(World& world, const MoRef& vm, std::string_view guestState);

// Asks what a machine of a scenario asks at power-on, or whether it was moved or copied. False when there is
// nothing (more) to ask. `answered` runs when somebody has answered.
bool askBeforePowerOn(World& world, const MoRef& vm, const std::function<void(bool cancelled)>& answered);
// Asks what a machine of a scenario asks at that moment ("powerOn", "reconfigure"), likewise.
bool askAt(World& world, const MoRef& vm, std::string_view moment,
           const std::function<void(bool cancelled)>& answered);
// Shows the questions that machines of the scenario ask from the start.
void askFromTheStart(World& world);

}  // namespace failback::mock
