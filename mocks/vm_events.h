// SPDX-License-Identifier: GPL-2.0-or-later
// Events about a virtual machine, as power operations, snapshots and guests post them. Called under the
// World's lock.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mocks/world.h"

namespace failback::mock {

// "web-01 on esx-01.site.example in DC1", as the texts of events say it.
std::string placeOf(const World& world, const MoRef& vm);

// Posts an event of a type derived from VmEvent.
void postVmEvent(World& world, std::string_view type, const MoRef& vm, std::string message,
                 std::vector<Field> fields = {});
// An event that has no type of its own, only an id: "com.vmware.vc.VmDiskConsolidatedEvent".
void postExtendedVmEvent(World& world, std::string_view id, std::string_view severity, const MoRef& vm,
                         std::string message);

// Names the user on whose behalf things happen until it ends, when nobody else has been named.
class ActingFor {
 public:
  ActingFor(World& world, const std::string& user);
  ~ActingFor() { world_.events.actor = before_; }
  ActingFor(const ActingFor&) = delete;
  ActingFor& operator=(const ActingFor&) = delete;

 private:
  World& world_;
  Actor before_;
};

}  // namespace failback::mock
