// SPDX-License-Identifier: GPL-2.0-or-later
// Events of the past (EventManager.QueryEvents).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vsphere/model/moref.h"

namespace failback::vsphere {

struct Event {
  std::int32_t key = 0;
  std::string type;      // "VmPoweredOnEvent"; of an EventEx its eventTypeId
  std::string time;      // RFC 3339, as the server wrote it
  std::string userName;  // empty when nobody in particular
  std::string text;      // fullFormattedMessage
  std::optional<Moref> vm;
  // VmReconfiguredEvent: what changed, as the server writes it: property paths with old and new values.
  std::string changes;
  // Of a migration or relocation: the datastores, when they are two. Empty otherwise.
  std::string fromDatastore, toDatastore;
  // TaskEvent: which operation ("VirtualMachine.createSnapshot").
  std::string descriptionId;
};

struct EventQuery {
  Moref entity;            // the VM; or a folder, with what lies below it
  bool recursive = false;  // what lies below the entity too
  std::string since;       // RFC 3339; empty: as far as the server remembers
  std::vector<std::string> types;
};

}  // namespace failback::vsphere
