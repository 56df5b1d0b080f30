// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_power.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "mocks/search_index.h"
#include "mocks/vm_disks.h"
#include "mocks/vm_model.h"
#include "mocks/vm_power_files.h"
#include "mocks/world_builder.h"

namespace failback::mock {

namespace {

constexpr std::int64_t overhead = 48LL << 20;  // bytes of a machine's own memory on its host

std::string nameOf(const Value& state) {
  return std::string(state.at("name").string());
}

// ---- what stands in the way

void needNoTemplate(const ManagedObject& vm) {
  if (const bool* is = vm.state.at("config.template").asBool(); is && *is) {
    throw makeFault("NotSupported", "The operation is not supported on a template.");
  }
}

void needHost(World& world, const MoRef& host) {
  const Value& runtime = world.inventory.need(host.id).state.at("runtime");
  if (runtime.at("connectionState").string() != "connected") {
    throw makeFault("HostNotConnected",
                    "Unable to communicate with the remote host, since it is disconnected.");
  }
  if (const bool* maintenance = runtime.at("inMaintenanceMode").asBool(); maintenance && *maintenance) {
    throw makeFault("InvalidHostState", "The operation is not allowed in the current state of the host.",
                    {{"host", host}});
  }
}

// A host that the caller chose must be one of the machine's cluster.
void needSameResource(World& world, const MoRef& host, const MoRef& own) {
  const auto resource = [&](const MoRef& ref) { return ancestorOf(world.inventory, ref, "ComputeResource"); };
  if (host != own && resource(host) != resource(own)) throw invalidArgument("host");
}

// Is the datastore mounted there so that a disk on it can be written?
bool writableOn(const World& world, const std::string& datastoreId, const MoRef& host) {
  const ManagedObject* datastore = world.inventory.find(datastoreId);
  const List* mounts = datastore ? datastore->state.at("host").asList() : nullptr;
  if (!mounts) return false;
  return std::any_of(mounts->items.begin(), mounts->items.end(), [&](const Value& mount) {
    const bool* accessible = mount.at("mountInfo.accessible").asBool();
    return *mount.at("key").asRef() == host && (!accessible || *accessible) &&
           mount.at("mountInfo.accessMode").string() != "readOnly";
  });
}

void needDisk(World& world, const ManagedObject& vm, const Value& disk, const MoRef& host) {
  const auto file = diskFileOf(disk);
  if (!file) return;
  if (!writableOn(world, file->datastore, host)) {
    const std::string path = *fileNameOf(disk);
    throw makeFault("CannotAccessFile", fmt::format("Cannot access file {}.", path), {{"file", path}});
  }
  needOpenable(world, vm.ref, vm.state.at("config"), disk);
}

std::int64_t memoryOf(const Value& state) {
  return state.at("config.hardware.memoryMB").asInteger().value_or(0) << 20;
}

// What the host must set aside for a machine.
std::int64_t reservedFor(const Value& state) {
  const bool* all = state.at("config.memoryReservationLockedToMax").asBool();
  if (all && *all) return memoryOf(state) + overhead;
  return (state.at("config.memoryAllocation.reservation").asInteger().value_or(0) << 20) + overhead;
}

void needMemory(World& world, const ManagedObject& vm, const MoRef& host) {
  const Value& state = world.inventory.need(host.id).state;
  const std::int64_t memory = state.at("summary.hardware.memorySize").asInteger().value_or(0);
  std::int64_t unreserved = memory;
  const List* machines = state.at("vm").asList();
  for (const Value& each : machines ? machines->items : std::vector<Value>{}) {
    const ManagedObject* other = world.inventory.find(each.asRef()->id);
    if (other && other->ref != vm.ref && poweredOn(*other)) unreserved -= reservedFor(other->state);
  }
  // Memory beyond what the host has could only be swapped.
  const std::int64_t whole = memoryOf(vm.state) + overhead;
  const std::int64_t requested = whole > memory ? whole : reservedFor(vm.state);
  if (requested <= unreserved) return;
  throw makeFault("InsufficientMemoryResourcesFault",
                  "The host does not have sufficient memory resources to satisfy the reservation.",
                  {{"unreserved", std::max<std::int64_t>(0, unreserved)}, {"requested", requested}});
}

// ---- the machine's process

// Network adapters and the like follow the power state.
Value withConnections(const Value& config, bool on) {
  std::vector<Value> devices = devicesOfConfig(config);
  for (Value& device : devices) {
    const Value& connectable = device.at("connectable");
    if (!connectable.isSet()) continue;
    const bool* start = connectable.at("startConnected").asBool();
    const bool connected = on && start && *start;
    device = device.with("connectable.connected", connected)
                 .with("connectable.status", connected ? "ok" : "untried");
  }
  return config.with("hardware.device", list(std::move(devices)));
}

// What the guest was made from, with what has been changed since.
VmSpec& currentSpec(World& world, const ManagedObject& vm) {
  const bool made = !world.vmSpecs.contains(vm.ref.id);
  VmSpec& spec = world.vmSpecs.edit(vm.ref.id);
  const Value& config = vm.state.at("config");
  if (made) {
    spec.tools = false;  // nobody has installed anything
    spec.guestId = config.at("guestId").string();
    spec.guestName = config.at("guestFullName").string();
  }
  spec.name = nameOf(vm.state);
  spec.hardware = config.at("version").string();
  spec.cpus = static_cast<std::int32_t>(config.at("hardware.numCPU").asInteger().value_or(1));
  spec.memory = memoryOf(vm.state);
  return spec;
}

Value moved(World& world, const Value& state, const MoRef& vm, const MoRef& host) {
  const MoRef* own = state.at("runtime.host").asRef();
  if (own && *own == host) return state;
  const auto change = [&](const MoRef& on, bool add) {
    std::vector<Value> kept;
    const List* machines = world.inventory.need(on.id).state.at("vm").asList();
    for (const Value& each : machines ? machines->items : std::vector<Value>{}) {
      if (*each.asRef() != vm) kept.push_back(each);
    }
    if (add) kept.emplace_back(vm);
    world.inventory.set(on.id, "vm", list(std::move(kept)));
  };
  if (own) change(*own, false);
  change(host, true);
  return state.with("runtime.host", host);
}

// A VMDK that hangs on two machines belongs to the one in whose folder it lies: the other's guest does not
// know what is on it and leaves it alone.
bool guestKnows(World& world, const MoRef& vm, const FileId& home, const FileId& disk) {
  const FileId base = world.files.chain(disk).back();
  if (DatastorePath{"", base.path}.directory() == home.path) return true;
  return usersOfFile(world, base, vm.id).empty();
}

// A guest that starts writes to its disks.
void bootWrites(World& world, const MoRef& vm, const Value& state) {
  const FileId home = homeOf(world, state);
  for (const Value& device : devicesOfConfig(state.at("config"))) {
    const auto file = isDisk(device) ? diskFileOf(device) : std::nullopt;
    if (!file || !world.files.exists(*file) ||
        device.at("backing.diskMode").string().ends_with("nonpersistent"))
      continue;
    if (guestKnows(world, vm, home, *file)) world.files.write(*file, "boot " + vm.id + " " + world.now());
  }
}

bool enableUuid(const Value& state) {
  const bool* flag = state.at("config.flags.diskUuidEnabled").asBool();
  return flag && *flag;
}

Fault faultOf(const std::exception_ptr& problem) {
  try {
    std::rethrow_exception(problem);
  } catch (const Fault& fault) {
    return fault;
  }
}

}  // namespace

Fault wrongPowerState(const ManagedObject& vm, std::string_view requested) {
  const std::string_view existing = vm.state.at("runtime.powerState").string();
  const std::string_view words = existing == "poweredOn"   ? "Powered on"
                                 : existing == "suspended" ? "Suspended"
                                                           : "Powered off";
  return makeFault(
      "InvalidPowerState",
      fmt::format("The attempted operation cannot be performed in the current state ({}).", words),
      {{"requestedState", requested}, {"existingState", existing}});
}

std::vector<Fault> powerOnProblems(World& world, const MoRef& vm, const std::optional<MoRef>& host) {
  std::vector<Fault> problems;
  const auto check = [&](const auto& test) {
    try {
      test();
      return true;
    } catch (const Fault&) {
      problems.push_back(faultOf(std::current_exception()));
      return false;
    }
  };
  const ManagedObject& machine = world.inventory.need(vm.id);
  const MoRef* own = machine.state.at("runtime.host").asRef();
  const MoRef on = host.value_or(own ? *own : MoRef{});
  if (!check([&] { needNoTemplate(machine); })) return problems;
  if (!on.id.empty() && !check([&] { needHost(world, on); })) return problems;
  if (!check([&] { needUsable(machine); })) return problems;
  if (!check([&] { world.questions.needNone(vm.id); })) return problems;
  if (poweredOn(machine)) {
    check([&] { throw wrongPowerState(machine, "poweredOn"); });
    return problems;
  }
  if (own) check([&] { needSameResource(world, on, *own); });
  for (const Value& device : devicesOfConfig(machine.state.at("config"))) {
    if (isDisk(device)) check([&] { needDisk(world, machine, device, on); });
  }
  check([&] { needMemory(world, machine, on); });
  check([&] { needSwapSpace(world, machine.state); });
  return problems;
}

void powerOnNow(World& world, const MoRef& vm, const std::optional<MoRef>& host) {
  const ManagedObject machine = world.inventory.need(vm.id);
  const bool resumed = machine.state.at("runtime.powerState").string() == "suspended";
  touchFiles(world, machine.state);
  Value state = host ? moved(world, machine.state, vm, *host) : machine.state;
  takeLocks(world, vm, state);
  try {
    makeRunFiles(world, state);
  } catch (const Fault&) {
    world.files.unlockAll(vm.id);
    throw;
  }
  VmSpec& spec = currentSpec(world, machine);
  if (!resumed) spec.diskUuid = enableUuid(state);
  state = state.with("config", withConnections(state.at("config"), true));
  bootWrites(world, vm, state);
  state = withPower(world, state, spec, true);
  state = state.with("runtime.suspendTime", {}).with("layout.swapFile", swapPath(world, state));
  if (resumed) state = state.with("runtime.bootTime", machine.state.at("runtime.bootTime"));
  settle(world, vm, state);
}

void powerEndNow(World& world, const MoRef& vm, PowerEnd end) {
  world.questions.withdraw(world, vm);
  const ManagedObject machine = world.inventory.need(vm.id);
  touchFiles(world, machine.state);
  world.files.unlockAll(vm.id);
  removeRunFiles(world, machine.state, end == PowerEnd::suspended);
  Value state = machine.state.with("config", withConnections(machine.state.at("config"), false));
  state = withPower(world, state, currentSpec(world, machine), false);
  state = state.with("layout.swapFile", {}).with("runtime.suspendTime", {});
  if (end == PowerEnd::terminated) state = state.with("runtime.cleanPowerOff", false);
  if (end == PowerEnd::suspended) {
    state = state.with("runtime.powerState", "suspended")
                .with("runtime.suspendTime", Value::dateTime(world.now()))
                .with("runtime.bootTime", machine.state.at("runtime.bootTime"))
                .with("runtime.cleanPowerOff", {});
  }
  settle(world, vm, state);
}

void resetNow(World& world, const MoRef& vm) {
  const ManagedObject machine = world.inventory.need(vm.id);
  touchFiles(world, machine.state);
  bootWrites(world, vm, machine.state);
  const Value booted = machine.state.at("runtime.bootTime");
  const Value state = withPower(world, machine.state, currentSpec(world, machine), true);
  settle(world, vm, state.with("runtime.bootTime", booted));
}

bool guestSeesSerials(const World& world, const MoRef& vm) {
  const VmSpec* spec = world.vmSpecs.find(vm.id);
  return spec && spec->diskUuid && poweredOn(world.inventory.need(vm.id));
}

void needTools(const ManagedObject& vm) {
  if (vm.state.at("guest.toolsRunningStatus").string() == "guestToolsRunning") return;
  throw makeFault("ToolsUnavailable",
                  "Cannot complete operation because VMware Tools is not running in this virtual machine.");
}

void showGuestState(World& world, const MoRef& vm, std::string_view guestState) {
  world.inventory.set(vm.id, "guest.guestState", Value(guestState));
}

}  // namespace failback::mock
