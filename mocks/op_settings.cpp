// SPDX-License-Identifier: GPL-2.0-or-later
// Settings of a datacenter and of the server that are one word each.
#include <algorithm>
#include <array>

#include "mocks/config_option.h"
#include "mocks/fault.h"
#include "mocks/operation_tables.h"

namespace failback::mock {

namespace {

bool isHardwareVersion(Release release, const Value& key) {
  const Value versions = hardwareVersions(release, {});
  const std::vector<Value>& all = versions.asList()->items;
  return std::any_of(all.begin(), all.end(), [&](const Value& each) { return each.at("key") == key; });
}

// With `modify`, what the spec does not mention stays.
Answer reconfigureDatacenter(Operation& op) {
  const Value spec = op.get("spec");
  const bool modify = op.flag("modify");
  for (const std::string_view member : {"defaultHardwareVersionKey", "maximumHardwareVersionKey"}) {
    const Value& key = spec.at(member);
    if (!key.string().empty() && !isHardwareVersion(op.world.release(), key)) {
      throw invalidArgument("spec." + std::string(member));
    }
  }
  return op.start(
      {.descriptionId = "Datacenter.reconfigure",
       .finish = [&world = op.world, datacenter = op.self.ref, spec, modify] {
         const ManagedObject* found = world.inventory.find(datacenter.id);
         if (!found) throw objectNotFound(datacenter);
         Value config = modify ? found->state.at("configuration") : object("DatacenterConfigInfo");
         for (const std::string_view member : {"defaultHardwareVersionKey", "maximumHardwareVersionKey"}) {
           // An empty text takes the setting back.
           const Value& key = spec.at(member);
           if (key.isSet()) config = config.with(member, key.string().empty() ? Value() : key);
         }
         world.inventory.set(datacenter.id, "configuration", config);
         return Value();
       }});
}

// What everybody who logs in is told.
Answer updateMessage(Operation& op) {
  const std::string message = op.text("message");
  op.world.inventory.set(op.self.ref.id, "message", message.empty() ? Value() : Value(message));
  return {};
}

constexpr std::array<OperationEntry, 2> settingsEntries{{
    {"ReconfigureDatacenter_Task", reconfigureDatacenter},
    {"UpdateServiceMessage", updateMessage},
}};

}  // namespace

std::span<const OperationEntry> settingOperations() {
  return settingsEntries;
}

}  // namespace failback::mock
