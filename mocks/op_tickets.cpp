// SPDX-License-Identifier: GPL-2.0-or-later
// Tickets for the console of a running machine. Nobody answers where they lead to.
#include <fmt/format.h>

#include <array>

#include "mocks/fault.h"
#include "mocks/operation_tables.h"
#include "mocks/vm_model.h"

namespace failback::mock {

namespace {

struct TicketKind {
  std::string_view type, privilege;
};
constexpr std::array<TicketKind, 5> kinds{{{"mks", "VirtualMachine.Interact.ConsoleInteract"},
                                           {"webmks", "VirtualMachine.Interact.ConsoleInteract"},
                                           {"webRemoteDevice", "VirtualMachine.Interact.DeviceConnection"},
                                           {"device", "VirtualMachine.Interact.DeviceConnection"},
                                           {"guestControl", "VirtualMachine.Interact.GuestControl"}}};

Answer acquire(Operation& op) {
  const std::string type = op.text("ticketType");
  const TicketKind* kind = nullptr;
  for (const TicketKind& each : kinds) {
    if (each.type == type) kind = &each;
  }
  if (kind == nullptr) throw invalidArgument("ticketType");
  op.need(op.self.ref, kind->privilege);
  needUsable(op.self);
  const MoRef* host = op.self.state.at("runtime.host").asRef();
  if (!poweredOn(op.self) || host == nullptr) {
    throw makeFault("InvalidState",
                    "The operation is not allowed in the current state: the virtual machine "
                    "is not powered on.");
  }
  std::string ticket = op.world.random.uuid();
  std::erase(ticket, '-');
  const std::string name(op.world.inventory.need(host->id).state.at("name").string());
  const bool web = type.starts_with("web");
  return {object("VirtualMachineTicket",
                 {{"ticket", ticket},
                  {"cfgFile", vmxPathOf(op.self.state)},
                  {"host", name},
                  {"port", std::int32_t{web ? 443 : 902}},
                  {"url", web ? Value(fmt::format("wss://{}:443/ticket/{}", name, ticket)) : Value()}}),
          {}};
}

constexpr std::array<OperationEntry, 1> ticketsEntries{{{"AcquireTicket", acquire}}};

}  // namespace

std::span<const OperationEntry> ticketOperations() {
  return ticketsEntries;
}

}  // namespace failback::mock
