// SPDX-License-Identifier: GPL-2.0-or-later
// What hosts are asked and change nothing: uptime, memory that machines take besides their own.
#include <array>

#include "mocks/fault.h"
#include "mocks/operation_tables.h"

namespace failback::mock {

namespace {

void needConnected(const ManagedObject& host) {
  if (host.state.at("runtime.connectionState").string() == "connected") return;
  throw makeFault("HostNotConnected", "The operation is not allowed: the host is not connected.");
}

Answer uptime(Operation& op) {
  needConnected(op.self);
  return {Value(op.self.state.at("summary.quickStats.uptime").asInteger().value_or(0)), {}};
}

// Of a machine that runs: more for each CPU and with its memory and its display.
Answer overhead(Operation& op) {
  needConnected(op.self);
  const std::int64_t memory = op.number("memorySize").value_or(0), cpus = op.number("numVcpus").value_or(0);
  if (memory <= 0) throw invalidArgument("memorySize");
  if (cpus <= 0) throw invalidArgument("numVcpus");
  constexpr std::int64_t mebibyte = 1LL << 20;
  const std::int64_t display = op.number("videoRamSize").value_or(4 * mebibyte);
  return {Value(24 * mebibyte + cpus * 7 * mebibyte + memory / 128 + display), {}};
}

// No adapter has heard a switch say what it is.
Answer networkHints(Operation& op) {
  const List* asked = op.get("device").asList();
  std::vector<Value> found;
  const MoRef* host = nullptr;
  for (const ManagedObject* each : op.world.inventory.all("HostSystem")) {
    const MoRef* system = each->state.at("configManager.networkSystem").asRef();
    if (system != nullptr && *system == op.self.ref) host = &each->ref;
  }
  if (host == nullptr) throw objectNotFound(op.self.ref);
  for (const Value& each : asked ? asked->items : std::vector<Value>{}) {
    if (!each.string().starts_with("vmnic"))
      throw makeFault("NotFound", "The physical adapter was not found.");
    found.push_back(object("PhysicalNicHintInfo", {{"device", each.string()}}));
  }
  return {found.empty() ? Value() : list(std::move(found)), {}};
}

constexpr std::array<OperationEntry, 3> hostQueriesEntries{{
    {"RetrieveHardwareUptime", uptime},
    {"QueryMemoryOverhead", overhead},
    {"QueryNetworkHint", networkHints},
}};

}  // namespace

std::span<const OperationEntry> hostQueryOperations() {
  return hostQueriesEntries;
}

}  // namespace failback::mock
