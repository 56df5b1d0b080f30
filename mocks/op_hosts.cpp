// SPDX-License-Identifier: GPL-2.0-or-later
// Hosts: maintenance mode, connecting and disconnecting, autostart, clock.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <mutex>

#include "mocks/cluster_config.h"
#include "mocks/entity_tools.h"
#include "mocks/host_mounts.h"
#include "mocks/operation_tables.h"

namespace failback::mock {

namespace {

bool inMaintenance(const ManagedObject& host) {
  return isTrue(host.state.at("runtime.inMaintenanceMode"));
}

bool inStandby(const ManagedObject& host) {
  return host.state.at("runtime.powerState").string() == "standBy";
}

bool connected(const ManagedObject& host) {
  return host.state.at("runtime.connectionState").string() == "connected";
}

Fault wrongState(std::string_view why) {
  return makeFault("InvalidState",
                   fmt::format("The operation is not allowed in the current state: {}.", why));
}

// The runtime of a host or a machine, in both places where it is shown.
void setRuntime(World& world, const MoRef& ref, const std::vector<Field>& changes) {
  Value state = world.inventory.need(ref.id).state;
  Value runtime = state.at("runtime");
  for (const auto& [member, value] : changes) runtime = runtime.with(member, value);
  state = state.with("runtime", runtime).with("summary.runtime", runtime);
  world.inventory.replace(ref.id, std::move(state));
}

// ---- leaving a host

bool reaches(const World& world, const MoRef& host, const ManagedObject& vm) {
  const Value& state = world.inventory.need(host.id).state;
  const std::vector<MoRef> networks = refsOfList(state.at("network"));
  for (const MoRef& each : refsOfList(vm.state.at("network"))) {
    if (!holds(networks, each)) return false;
  }
  for (const MoRef& each : refsOfList(vm.state.at("datastore"))) {
    Value mount = mountOnHost(world, host, each);
    if (!mount.isSet() || !isTrue(mount.at("accessible"))) return false;
    if (mount.at("accessMode").string() != "readWrite") return false;
  }
  return true;
}

// Where a machine can go: the host of the cluster that has the fewest machines.
std::optional<MoRef> refugeFor(const World& world, const MoRef& from, const ManagedObject& vm) {
  std::optional<MoRef> best;
  std::size_t fewest = 0;
  const auto cluster = parentOf(world, from);
  for (const MoRef& each : refsOfList(world.inventory.need(cluster->id).state.at("host"))) {
    const ManagedObject& host = world.inventory.need(each.id);
    if (each == from || !connected(host) || inMaintenance(host) || !reaches(world, each, vm)) continue;
    if (!rulesAllow(world, *cluster, vm.ref, each)) continue;
    const std::size_t machines = refsOfList(host.state.at("vm")).size();
    if (best && machines >= fewest) continue;
    best = each;
    fewest = machines;
  }
  return best;
}

void moveTo(World& world, const MoRef& vm, const MoRef& from, const MoRef& to) {
  dropRef(world, from, "vm", vm);
  setRuntime(world, vm, {{"host", to}});
  addRef(world, to, "vm", vm);
  const ManagedObject& machine = world.inventory.need(vm.id);
  world.events.post("DrsVmMigratedEvent", vm,
                    fmt::format("DRS migrated {} from {}", nameOf(world, vm), nameOf(world, from)),
                    {{"template", isTrue(machine.state.at("summary.config.template"))},
                     {"sourceHost", world.events.hostArgument(from)}});
}

bool isOn(const ManagedObject& vm) {
  return vm.state.at("runtime.powerState").string() == "poweredOn";
}

// What DRS moves goes; says whether powered-on machines are left.
bool evacuate(World& world, const MoRef& host, bool poweredOffToo) {
  const MoRef cluster = *parentOf(world, host);
  for (const MoRef& vm : refsOfList(world.inventory.need(host.id).state.at("vm"))) {
    const ManagedObject& machine = world.inventory.need(vm.id);
    const bool usable = machine.state.at("runtime.connectionState").string() == "connected";
    if (!usable || (!isOn(machine) && !poweredOffToo) || !drsMoves(world, cluster, vm)) continue;
    if (const auto refuge = refugeFor(world, host, machine)) moveTo(world, vm, host, *refuge);
  }
  const std::vector<MoRef> left = refsOfList(world.inventory.need(host.id).state.at("vm"));
  return std::any_of(left.begin(), left.end(),
                     [&](const MoRef& vm) { return isOn(world.inventory.need(vm.id)); });
}

// ---- maintenance mode

std::chrono::milliseconds secondsOf(const Operation& op, std::string_view name) {
  return std::chrono::seconds(std::max<std::int64_t>(0, op.number(name).value_or(0)));
}

void postHost(World& world, std::string_view type, const MoRef& host, std::string_view text) {
  world.events.post(type, host, fmt::format("{} {}", nameOf(world, host), text));
}

Answer enterMaintenance(Operation& op) {
  if (!connected(op.self)) throw wrongState("the host is not connected");
  if (inMaintenance(op.self)) throw wrongState("the host is in maintenance mode");
  World& world = op.world;
  const MoRef host = op.self.ref;
  const std::chrono::milliseconds timeout = secondsOf(op, "timeout");
  const auto deadline = world.scheduler().now() + timeout;
  const bool poweredOffToo = op.flag("evacuatePoweredOffVms");
  Operation::Task task;
  task.descriptionId = "HostSystem.enterMaintenanceMode";
  task.cancelable = true;
  // Until nothing runs on it any more, or the time that the client gave is over; 0 is no limit.
  task.waiting = [&world, host, deadline, timeout, poweredOffToo] {
    const ManagedObject* found = world.inventory.find(host.id);
    if (!found || !connected(*found) || !evacuate(world, host, poweredOffToo)) return false;
    return timeout.count() == 0 || world.scheduler().now() < deadline;
  };
  task.finish = [&world, host, poweredOffToo] {
    const ManagedObject* found = world.inventory.find(host.id);
    if (!found) throw objectNotFound(host);
    if (!connected(*found)) throw wrongState("the host is not connected");
    if (evacuate(world, host, poweredOffToo)) throw makeFault("Timedout", "Operation timed out.");
    setRuntime(world, host, {{"inMaintenanceMode", true}});
    settleCluster(world, *parentOf(world, host));
    postHost(world, "EnteredMaintenanceModeEvent", host, "has entered maintenance mode");
    return Value();
  };
  Answer answer = op.start(std::move(task));
  postHost(world, "EnteringMaintenanceModeEvent", host, "started to enter maintenance mode");
  return answer;
}

Answer exitMaintenance(Operation& op) {
  if (!connected(op.self)) throw wrongState("the host is not connected");
  if (!inMaintenance(op.self)) throw wrongState("the host is not in maintenance mode");
  return op.start(
      {.descriptionId = "HostSystem.exitMaintenanceMode", .finish = [&world = op.world, host = op.self.ref] {
         if (!world.inventory.find(host.id)) throw objectNotFound(host);
         setRuntime(world, host, {{"inMaintenanceMode", false}});
         settleCluster(world, *parentOf(world, host));
         postHost(world, "ExitMaintenanceModeEvent", host, "has exited maintenance mode");
         return Value();
       }});
}

// ---- connection

void setMachines(World& world, const MoRef& host, std::string_view from, std::string_view to,
                 std::string_view event) {
  for (const MoRef& vm : refsOfList(world.inventory.need(host.id).state.at("vm"))) {
    const Value state = world.inventory.need(vm.id).state;
    if (state.at("runtime.connectionState").string() != from) continue;
    setRuntime(world, vm, {{"connectionState", to}});
    world.events.post(event, vm, fmt::format("{} is {}", nameOf(world, vm), to),
                      {{"template", isTrue(state.at("summary.config.template"))}});
  }
}

constexpr std::array<std::string_view, 3> seenWhenConnected{"hardware", "capability", "config"};

void disconnect(World& world, const MoRef& host, std::string_view connection) {
  Value state = world.inventory.need(host.id).state;
  DataObject hidden(TypeModel::get().need("HostSystem"));
  for (const std::string_view member : seenWhenConnected) {
    hidden.set(member, state.at(member));
    state = state.with(member, {});
  }
  const std::vector<MoRef> datastores = refsOfList(state.at("datastore"));
  world.inventory.replace(host.id, state.with("summary.overallStatus", "red"));
  world.unreachableHosts.insert_or_assign(host.id, Value(std::move(hidden)));
  setRuntime(world, host, {{"connectionState", connection}, {"bootTime", Value()}});
  for (const MoRef& each : datastores) {
    std::vector<Value> mounts = itemsOf(world.inventory.need(each.id).state.at("host"));
    for (Value& mount : mounts) {
      if (*mount.at("key").asRef() == host) mount = mount.with("mountInfo.accessible", false);
    }
    world.inventory.set(each.id, "host", list(std::move(mounts)));
    settleAccess(world, each);
  }
  setMachines(world, host, "connected", "disconnected", "VmDisconnectedEvent");
  settleCluster(world, *parentOf(world, host));
}

void reconnect(World& world, const MoRef& host) {
  Value state = world.inventory.need(host.id).state;
  if (const auto hidden = world.unreachableHosts.find(host.id); hidden != world.unreachableHosts.end()) {
    for (const std::string_view member : seenWhenConnected)
      state = state.with(member, hidden->second.at(member));
    world.unreachableHosts.erase(hidden);
  }
  const std::vector<MoRef> datastores = refsOfList(state.at("datastore"));
  world.inventory.replace(host.id, state.with("summary.overallStatus", "green"));
  setRuntime(world, host, {{"connectionState", "connected"}, {"powerState", "poweredOn"}});
  for (const MoRef& each : datastores) {
    // The host knows; vCenter asks it again.
    const Value mount = mountOnHost(world, host, each);
    if (mount.isSet()) changeMount(world, host, each, [&](const Value&) { return Value(mount); });
  }
  setMachines(world, host, "disconnected", "connected", "VmConnectedEvent");
  settleCluster(world, *parentOf(world, host));
}

void needVCenter(const Operation& op) {
  if (isEsxi(op.world)) throw notSupported("The operation is not supported on a host without a vCenter.");
}

Answer disconnectHost(Operation& op) {
  needVCenter(op);
  if (op.self.state.at("runtime.connectionState").string() == "disconnected") {
    throw wrongState("the host is disconnected");
  }
  return op.start(
      {.descriptionId = "HostSystem.disconnect", .finish = [&world = op.world, host = op.self.ref] {
         if (!world.inventory.find(host.id)) throw objectNotFound(host);
         disconnect(world, host, "disconnected");
         world.events.post("HostDisconnectedEvent", host,
                           fmt::format("Disconnected from {}", nameOf(world, host)), {{"reason", "user"}});
         return Value();
       }});
}

Answer reconnectHost(Operation& op) {
  needVCenter(op);
  if (connected(op.self)) throw wrongState("the host is connected");
  return op.start(
      {.descriptionId = "HostSystem.reconnect", .finish = [&world = op.world, host = op.self.ref] {
         const ManagedObject* found = world.inventory.find(host.id);
         if (!found) throw objectNotFound(host);
         const std::string name = nameOf(world, host);
         if (found->state.at("runtime.connectionState").string() == "notResponding") {
           world.events.post("HostCnxFailedNoConnectionEvent", host,
                             fmt::format("Cannot connect to {}: no answer", name));
           throw makeFault("NoHost", fmt::format("Unable to communicate with the host {}.", name),
                           {{"name", name}});
         }
         reconnect(world, host);
         world.events.post("HostConnectedEvent", host, fmt::format("Connected to {}", name));
         return Value();
       }});
}

// ---- standby

Answer powerDown(Operation& op) {
  if (inStandby(op.self)) throw wrongState("the host is in standby mode");
  if (!connected(op.self)) throw wrongState("the host is not connected");
  needVCenter(op);
  if (!isTrue(op.self.state.at("capability.standbySupported"))) {
    throw notSupported("The host does not support standby mode.");
  }
  World& world = op.world;
  const MoRef host = op.self.ref;
  const std::chrono::milliseconds timeout = secondsOf(op, "timeoutSec");
  const auto deadline = world.scheduler().now() + timeout;
  const bool poweredOffToo = op.flag("evacuatePoweredOffVms");
  Operation::Task task;
  task.descriptionId = "HostSystem.powerDownToStandBy";
  task.cancelable = true;
  task.waiting = [&world, host, deadline, timeout, poweredOffToo] {
    const ManagedObject* found = world.inventory.find(host.id);
    if (!found || !connected(*found) || !evacuate(world, host, poweredOffToo)) return false;
    return timeout.count() == 0 || world.scheduler().now() < deadline;
  };
  task.finish = [&world, host, poweredOffToo] {
    const ManagedObject* found = world.inventory.find(host.id);
    if (!found) throw objectNotFound(host);
    if (!connected(*found)) throw wrongState("the host is not connected");
    if (evacuate(world, host, poweredOffToo)) throw makeFault("Timedout", "Operation timed out.");
    // vCenter has no connection to a host that sleeps.
    disconnect(world, host, "notResponding");
    setRuntime(world, host, {{"powerState", "standBy"}, {"standbyMode", "in"}});
    postHost(world, "EnteredStandbyModeEvent", host, "has entered standby mode");
    return Value();
  };
  Answer answer = op.start(std::move(task));
  postHost(world, "EnteringStandbyModeEvent", host, "is entering standby mode");
  return answer;
}

Answer powerUp(Operation& op) {
  needVCenter(op);
  if (!inStandby(op.self)) throw wrongState("the host is not in standby mode");
  const MoRef host = op.self.ref;
  Answer answer = op.start(
      {.descriptionId = "HostSystem.powerUpFromStandBy", .finish = [&world = op.world, host] {
         const ManagedObject* found = world.inventory.find(host.id);
         if (!found) throw objectNotFound(host);
         if (!inStandby(*found)) throw wrongState("the host is not in standby mode");
         reconnect(world, host);
         setRuntime(world, host, {{"standbyMode", "none"}, {"bootTime", Value::dateTime(world.now())}});
         postHost(world, "ExitedStandbyModeEvent", host, "is no longer in standby mode");
         return Value();
       }});
  postHost(op.world, "ExitingStandbyModeEvent", host, "is leaving standby mode");
  return answer;
}

// ---- rebooting and shutting down

constexpr std::chrono::minutes bootDuration{3};

void comeBack(World& world, const MoRef& host) {
  const std::lock_guard lock(world.lock());
  const ManagedObject* found = world.inventory.find(host.id);
  if (!found || found->state.at("runtime.connectionState").string() != "notResponding") return;
  reconnect(world, host);
  setRuntime(world, host, {{"bootTime", Value::dateTime(world.now())}});
  world.events.post("HostConnectedEvent", host, fmt::format("Connected to {}", nameOf(world, host)));
  world.inventory.commit();
}

Answer stopHost(Operation& op, std::string_view descriptionId, std::string_view reason, bool returns) {
  needVCenter(op);
  if (!connected(op.self)) throw wrongState("the host is not connected");
  if (!inMaintenance(op.self) && !op.flag("force")) throw wrongState("the host is not in maintenance mode");
  for (const MoRef& vm : refsOfList(op.self.state.at("vm"))) {
    if (isOn(op.world.inventory.need(vm.id))) {
      throw notSupported("mock-vcenter does not model machines whose host stops under them yet.");
    }
  }
  return op.start({.descriptionId = descriptionId,
                   .finish = [&world = op.world, host = op.self.ref, reason = std::string(reason), returns] {
                     if (!world.inventory.find(host.id)) throw objectNotFound(host);
                     world.events.post("HostShutdownEvent", host,
                                       fmt::format("Shut down of {}: {}", nameOf(world, host), reason),
                                       {{"reason", reason}});
                     disconnect(world, host, "notResponding");
                     setRuntime(world, host, {{"powerState", "unknown"}});
                     if (returns)
                       world.scheduler().after(bootDuration, [&world, host] { comeBack(world, host); });
                     return Value();
                   }});
}

Answer rebootHost(Operation& op) {
  return stopHost(op, "HostSystem.reboot", "reboot", true);
}

Answer shutdownHost(Operation& op) {
  return stopHost(op, "HostSystem.shutdown", "shutdown", false);
}

// ---- autostart

Value mergedDefaults(const Value& present, const Value& change) {
  Value result = present;
  if (!change.isSet()) return result;
  if (!result.isSet()) return change;
  for (const MemberInfo& member : change.asObject()->type().members) {
    if (change.at(member.name).isSet()) result = result.with(member.name, change.at(member.name));
  }
  return result;
}

Answer reconfigureAutostart(Operation& op) {
  World& world = op.world;
  const MoRef host = hostOfManager(world, op.self.ref);
  const std::vector<MoRef> machines = refsOfList(world.inventory.need(host.id).state.at("vm"));
  const Value spec = op.get("spec");
  Value config = op.self.state.at("config");
  std::vector<Value> entries = itemsOf(config.at("powerInfo"));
  for (const Value& change : itemsOf(spec.at("powerInfo"))) {
    const MoRef vm = *change.at("key").asRef();
    if (!holds(machines, vm)) throw invalidArgument("spec.powerInfo.key");
    std::erase_if(entries, [&](const Value& each) { return *each.at("key").asRef() == vm; });
    entries.push_back(change);
  }
  config = config.with("defaults", mergedDefaults(config.at("defaults"), spec.at("defaults")));
  config = config.with("powerInfo", entries.empty() ? Value() : list(std::move(entries)));
  world.inventory.set(op.self.ref.id, "config", config);
  const Value shown = world.inventory.need(host.id).state.at("config");
  if (shown.isSet()) world.inventory.set(host.id, "config", shown.with("autoStart", config));
  return {};
}

// ---- clock

std::optional<std::chrono::sys_time<std::chrono::milliseconds>> parseTime(const std::string& text) {
  std::tm parts{};
  const char* rest = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (!rest) return std::nullopt;
  std::chrono::sys_time<std::chrono::milliseconds> time(std::chrono::seconds(timegm(&parts)));
  if (*rest == '.') {
    std::int64_t thousandths = 0, unit = 100;
    for (++rest; *rest >= '0' && *rest <= '9'; ++rest, unit /= 10) thousandths += unit * (*rest - '0');
    time += std::chrono::milliseconds(thousandths);
  }
  if (*rest != '+' && *rest != '-') return time;
  std::tm zone{};
  if (!strptime(rest + 1, "%H:%M", &zone)) return std::nullopt;
  const auto offset = std::chrono::hours(zone.tm_hour) + std::chrono::minutes(zone.tm_min);
  return *rest == '+' ? time - offset : time + offset;
}

std::string formatTime(std::chrono::sys_time<std::chrono::milliseconds> time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const std::time_t whole = seconds.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&whole, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}000Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, (time - seconds).count());
}

Answer queryDateTime(Operation& op) {
  const auto now = parseTime(op.world.now());
  const auto clock = op.world.hostClocks.find(op.self.ref.id);
  const auto ahead = clock == op.world.hostClocks.end() ? std::chrono::milliseconds(0) : clock->second;
  return {Value::dateTime(formatTime(*now + ahead)), {}};
}

Answer updateDateTime(Operation& op) {
  const auto wanted = parseTime(op.text("dateTime"));
  if (!wanted) throw invalidArgument("dateTime");
  op.world.hostClocks[op.self.ref.id] = *wanted - *parseTime(op.world.now());
  return {};
}

constexpr std::array<OperationEntry, 11> hostsEntries{{
    {"PowerDownHostToStandBy_Task", powerDown},
    {"PowerUpHostFromStandBy_Task", powerUp},
    {"EnterMaintenanceMode_Task", enterMaintenance},
    {"ExitMaintenanceMode_Task", exitMaintenance},
    {"DisconnectHost_Task", disconnectHost},
    {"ReconnectHost_Task", reconnectHost},
    {"RebootHost_Task", rebootHost},
    {"ShutdownHost_Task", shutdownHost},
    {"ReconfigureAutostart", reconfigureAutostart},
    {"QueryDateTime", queryDateTime},
    {"UpdateDateTime", updateDateTime},
}};

}  // namespace

std::span<const OperationEntry> hostOperations() {
  return hostsEntries;
}

}  // namespace failback::mock
