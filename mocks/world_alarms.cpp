// SPDX-License-Identifier: GPL-2.0-or-later
// Some of the alarms that every vCenter defines on its root folder. They are shown; none is ever triggered.
#include <fmt/format.h>

#include "mocks/site.h"

namespace failback::mock {

namespace {

Value isState(std::string_view type, std::string_view path, std::string_view yellow, std::string_view red) {
  return object("StateAlarmExpression", {{"operator", "isEqual"},
                                         {"type", type},
                                         {"statePath", path},
                                         {"yellow", yellow.empty() ? Value() : Value(yellow)},
                                         {"red", red.empty() ? Value() : Value(red)}});
}

// Hundredths of a percent, for five minutes, of a performance counter.
Value isAbove(std::string_view type, std::int32_t counter, std::int32_t yellow, std::int32_t red) {
  constexpr std::int32_t interval = 300;
  return object("MetricAlarmExpression",
                {{"operator", "isAbove"},
                 {"type", type},
                 {"metric", object("PerfMetricId", {{"counterId", counter}, {"instance", ""}})},
                 {"yellow", yellow},
                 {"yellowInterval", interval},
                 {"red", red},
                 {"redInterval", interval}});
}

}  // namespace

void buildAlarms(World& world, const MoRef& root) {
  constexpr std::int32_t cpuUsage = 2, memoryUsage = 24, high = 7500, higher = 9000, memoryHigher = 9500;
  std::int32_t number = 0;
  const auto add = [&](std::string_view systemName, std::string_view name, std::string_view description,
                       std::vector<Value> any) {
    const MoRef alarm{"Alarm", fmt::format("alarm-{}", ++number)};
    const Value info = object(
        "AlarmInfo", {{"name", name},
                      {"systemName", systemName},
                      {"description", description},
                      {"enabled", true},
                      {"expression", object("OrAlarmExpression", {{"expression", list(std::move(any))}})},
                      {"setting", object("AlarmSetting", {{"toleranceRange", std::int32_t{0}},
                                                          {"reportingFrequency", std::int32_t{0}}})},
                      {"key", alarm.id},
                      {"alarm", alarm},
                      {"entity", root},
                      {"lastModifiedTime", Value::dateTime("2025-03-04T09:00:00.000000Z")},
                      {"lastModifiedUser", ""},
                      {"creationEventId", std::int32_t{0}}});
    world.inventory.add(alarm, object("Alarm", {{"info", info}}));
  };
  add("alarm.HostConnectionStateAlarm", "Host connection and power state",
      "Default alarm to monitor host connection and power state",
      {isState("HostSystem", "runtime.connectionState", "", "notResponding"),
       isState("HostSystem", "runtime.connectionState", "disconnected", "")});
  add("alarm.HostCPUUsageAlarm", "Host CPU usage", "Default alarm to monitor host CPU usage",
      {isAbove("HostSystem", cpuUsage, high, higher)});
  add("alarm.HostMemoryUsageAlarm", "Host memory usage", "Default alarm to monitor host memory usage",
      {isAbove("HostSystem", memoryUsage, higher, memoryHigher)});
  add("alarm.VmCPUUsageAlarm", "Virtual machine CPU usage",
      "Default alarm to monitor virtual machine CPU usage",
      {isAbove("VirtualMachine", cpuUsage, high, higher)});
  add("alarm.VmDiskConsolidationNeededAlarm", "Virtual Machine Consolidation Needed status",
      "Default alarm that is triggered when a virtual machine's disks need consolidation",
      {isState("VirtualMachine", "runtime.consolidationNeeded", "true", "")});
}

}  // namespace failback::mock
