// SPDX-License-Identifier: GPL-2.0-or-later
// vApps: their machines in the order in which they start. Called under the World's lock.
#pragma once

#include <string_view>
#include <vector>

#include "mocks/world.h"

namespace failback::mock {

// A machine as its vApp, or one within it, starts and stops it.
struct VappMember {
  MoRef vm;
  Value config;  // VAppEntityConfigInfo, unset when the vApp says nothing of it
};

// In the order of starting: by startOrder, vApps within the vApp in their place. Those without an order last.
std::vector<VappMember> membersOf(World& world, const MoRef& vapp);
// The machine's vApps, the innermost first.
std::vector<MoRef> vappsOf(World& world, const MoRef& vm);
// summary.vAppState, here and in the vApps within it.
void setVappState(World& world, const MoRef& vapp, std::string_view state, bool suspended = false);
// A machine moves between two pools, of which any may be a vApp: in a vApp it has no folder, and the vApp
// knows how to start it.
void changeVapp(World& world, const MoRef& vm, const MoRef& from, const MoRef& to);
// A machine or vApp leaves a vApp, which forgets how to start it.
void dropMember(World& world, const MoRef& vapp, const MoRef& child);
// How a machine that is new in a vApp starts and stops, until somebody says otherwise.
Value usualEntry(const MoRef& child, std::int32_t order);
// A vApp leaves pool, folder and inventory; nothing is in it any more.
void removeVapp(World& world, const MoRef& vapp);

}  // namespace failback::mock
