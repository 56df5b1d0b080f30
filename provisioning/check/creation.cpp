// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/creation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "provisioning/check/judges_creation.h"
#include "provisioning/plan/identity.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {
namespace {

constexpr std::array<std::string_view, 7> controllerClasses = {
    "VirtualLsiLogicController", "VirtualLsiLogicSASController", "VirtualBusLogicController",
    "ParaVirtualSCSIController", "VirtualIDEController",         "VirtualAHCIController",
    "VirtualNVMEController"};
static_assert(EnumWords<ControllerType>::all.size() == controllerClasses.size());

std::string_view nicClass(NicType type) {
  switch (type) {
    case NicType::e1000:
      return "VirtualE1000";
    case NicType::e1000e:
      return "VirtualE1000e";
    case NicType::vmxnet3:
    case NicType::other:
      break;
  }
  return "VirtualVmxnet3";
}

// Keys of added controllers and NICs; those of disks are the encoder's.
constexpr std::int32_t firstController = -1, firstNic = -200;
// Every VM has two IDE controllers.
constexpr std::int32_t ideKey = 200;

class Builder {
 public:
  Builder(const World& world, const MachineView& machine, const vsphere::Datastore& datastore)
      : world_(world), machine_(machine), plan_(*machine.plan), datastore_(datastore) {}

  bool build(vsphere::NewVm& vm) {
    identity(vm);
    hardware(vm);
    for (const SourceDisk& each : plan_.source.disks) disk(vm.change, each);
    for (std::size_t i = 0; i < plan_.source.nics.size(); ++i) {
      if (!nic(vm.change, plan_.source.nics[i], static_cast<std::int32_t>(i))) return false;
    }
    return true;
  }

 private:
  void identity(vsphere::NewVm& vm) const {
    const Plan& plan = world_.plan();
    vm.name = creation::nameOfNew({world_, machine_});
    vm.instanceUuid = derivedInstanceUuid(plan, plan_);
    if (biosUuidIsFree()) vm.biosUuid = lower(plan_.source.biosUuid);
    vm.change.options = marksOf(plan, plan_, vm.instanceUuid, true);
    if (plan.policy.managedBy.empty()) return;
    vm.managedByExtension = plan.policy.managedBy;
    vm.managedByType = "homeVm";
  }

  // What this plan made for this machine is not taken.
  bool biosUuidIsFree() const {
    const std::string& wanted = plan_.source.biosUuid;
    if (wanted.empty()) return false;
    const auto& all = world_.inventory().all<vsphere::VirtualMachine>();
    return std::none_of(all.begin(), all.end(), [&](const vsphere::VirtualMachine& vm) {
      return &vm != machine_.made && vm.biosUuid && vsphere::sameUuid(*vm.biosUuid, wanted);
    });
  }

  void hardware(vsphere::NewVm& vm) const {
    const Source& source = plan_.source;
    vm.files = fmt::format("[{}]", datastore_.name);
    vm.guestId = source.guestId;
    vm.hardwareVersion = fmt::format("vmx-{}", source.hardwareVersion);
    vm.firmware = word(source.firmware);
    vm.secureBoot = source.secureBoot;
    vm.cpus = static_cast<std::int32_t>(source.cpus);
    vm.coresPerSocket = static_cast<std::int32_t>(source.coresPerSocket);
    vm.memoryMB = source.memoryMB;
    vm.change.diskUuidEnabled = source.diskUuidEnabled;
  }

  std::int32_t controllerKey(vsphere::VmChange& change, const Controller& wanted) {
    const auto bus = static_cast<std::int32_t>(wanted.bus);
    if (wanted.type == ControllerType::ide) return ideKey + bus;
    const auto [place, fresh] = controllers_.emplace(
        std::pair(wanted.type, bus), firstController - static_cast<std::int32_t>(controllers_.size()));
    if (fresh) {
      vsphere::AddedController& added = change.controllers.emplace_back();
      added.type = controllerClasses[static_cast<std::size_t>(wanted.type)];
      added.busNumber = bus;
      added.key = place->second;
    }
    return place->second;
  }

  void disk(vsphere::VmChange& change, const SourceDisk& source) {
    const Provisioning provisioning = plan_.home.provisioning.value_or(source.provisioning);
    vsphere::CreatedDisk made;
    made.file = fmt::format("[{}]", datastore_.name);
    made.datastore = datastore_.ref;
    made.controllerKey = controllerKey(change, source.controller);
    made.unitNumber = static_cast<std::int32_t>(source.unit);
    made.capacityBytes = source.capacityBytes;
    made.thin = provisioning == Provisioning::thin;
    made.eagerlyScrub = provisioning == Provisioning::eagerZeroedThick;
    made.uuid = derivedDiskUuid(world_.plan(), plan_, source);
    change.createdDisks.push_back(std::move(made));
  }

  bool nic(vsphere::VmChange& change, const SourceNic& source, std::int32_t index) const {
    const vsphere::Network* network = creation::chosenNetwork({world_, machine_}, source);
    if (network == nullptr) return false;
    vsphere::AddedNic made;
    made.type = nicClass(source.type);
    made.key = firstNic - index;
    made.macAddress = lower(source.mac);
    made.startConnected = source.startConnected;
    if (network->kind == "distributed") {
      if (!network->portgroupKey || !network->dvsUuid) return false;
      made.backing.portgroupKey = *network->portgroupKey;
      made.backing.dvsUuid = *network->dvsUuid;
    } else if (network->kind == "opaque") {
      made.backing.opaqueNetworkId = network->opaqueNetworkId.value_or("");
      made.backing.opaqueNetworkType = network->opaqueNetworkType.value_or("");
    } else {
      made.backing.networkName = network->name;
      made.backing.network = network->ref;
    }
    change.nics.push_back(std::move(made));
    return true;
  }

  const World& world_;
  const MachineView& machine_;
  const Machine& plan_;
  const vsphere::Datastore& datastore_;
  std::map<std::pair<ControllerType, std::int32_t>, std::int32_t> controllers_;
};

}  // namespace

std::optional<Creation> creationOf(const World& world, const MachineView& machine) {
  const vsphere::Host* host = machine.target == nullptr ? nullptr : machine.target->host;
  Creation creation;
  creation.datastore = creation::chosenDatastore({world, machine}).datastore;
  if (host == nullptr || machine.folder == nullptr || machine.pool == nullptr ||
      creation.datastore == nullptr)
    return std::nullopt;
  creation.place = {machine.folder->ref, machine.pool->ref, host->ref};
  if (!Builder(world, machine, *creation.datastore).build(creation.vm)) return std::nullopt;
  return creation;
}

const vsphere::VirtualMachine* renamedForNew(const World& world, const MachineView& machine) {
  if (machine.plan->home.onNameClash != NameClash::renameExisting) return nullptr;
  const std::vector<creation::NameHolder> holders = creation::holdersOf({world, machine}, machine.name);
  return holders.size() == 1 ? holders.front().vm : nullptr;
}

std::string shapeOf(const Creation& creation) {
  const vsphere::NewVm& vm = creation.vm;
  std::string shape =
      fmt::format("{} {} {} {} {} {} {} {}", creation.place.host.value, creation.place.pool.value,
                  creation.datastore->ref.value, vm.guestId, vm.hardwareVersion, vm.firmware, vm.secureBoot,
                  vm.change.diskUuidEnabled.value_or(false));
  std::set<std::string> parts;
  for (const vsphere::AddedController& each : vm.change.controllers)
    parts.insert(fmt::format("{} {}", each.type, each.busNumber));
  for (const vsphere::AddedNic& each : vm.change.nics)
    parts.insert(fmt::format("{} {} {} {}", each.type, each.backing.networkName, each.backing.portgroupKey,
                             each.backing.opaqueNetworkId));
  return fmt::format("{} | {}", shape, fmt::join(parts, " | "));
}

}  // namespace failback::provisioning
