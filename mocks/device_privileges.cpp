// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/config_spec.h"
#include "mocks/vm_model.h"

namespace failback::mock {

namespace {

using Needed = std::vector<std::pair<MoRef, std::string_view>>;

std::optional<MoRef> datastoreOf(World& world, const Value& disk) {
  const auto name = fileNameOf(disk);
  const auto path = name ? parseDatastorePath(*name) : std::nullopt;
  if (path) return world.files.datastoreNamed(path->datastore);
  const DataObject* backing = disk.at("backing").asObject();
  if (!backing || !backing->type().find("datastore")) return std::nullopt;
  const MoRef* ref = backing->get("datastore").asRef();
  return ref ? std::optional<MoRef>(*ref) : std::nullopt;
}

void diskPrivileges(World& world, const MoRef& vm, const Value& change, Needed& needed) {
  const std::string_view operation = change.at("operation").string();
  const Value& disk = change.at("device");
  if (operation == "remove") {
    needed.emplace_back(vm, "VirtualMachine.Config.RemoveDisk");
    return;
  }
  if (operation == "edit") {
    const ManagedObject* machine = world.inventory.find(vm.id);
    const auto bytes = disk.at("capacityInKB").asInteger();
    for (const Value& each : machine ? devicesOfConfig(machine->state.at("config")) : std::vector<Value>{}) {
      if (each.at("key").asInteger() != disk.at("key").asInteger() || !isDisk(each)) continue;
      const bool grows = bytes > each.at("capacityInKB").asInteger();
      needed.emplace_back(vm,
                          grows ? "VirtualMachine.Config.DiskExtend" : "VirtualMachine.Config.EditDevice");
    }
    return;
  }
  const bool raw = disk.at("backing").isSet() &&
                   disk.at("backing").asObject()->type().isA("VirtualDiskRawDiskMappingVer1BackingInfo");
  const bool fresh = change.at("fileOperation").isSet();
  needed.emplace_back(vm, raw     ? "VirtualMachine.Config.RawDevice"
                          : fresh ? "VirtualMachine.Config.AddNewDisk"
                                  : "VirtualMachine.Config.AddExistingDisk");
  if (const auto datastore = datastoreOf(world, disk)) {
    needed.emplace_back(*datastore, fresh ? "Datastore.AllocateSpace" : "Datastore.Browse");
    if (!fresh) needed.emplace_back(*datastore, "Datastore.FileManagement");
  }
}

void nicPrivileges(World& world, const MoRef& vm, const Value& change, Needed& needed) {
  needed.emplace_back(vm, change.at("operation").string() == "edit"
                              ? "VirtualMachine.Config.EditDevice"
                              : "VirtualMachine.Config.AddRemoveDevice");
  if (change.at("operation").string() == "remove") return;
  const DataObject* backing = change.at("device.backing").asObject();
  if (!backing) return;
  if (backing->type().find("network")) {
    if (const MoRef* network = backing->get("network").asRef())
      needed.emplace_back(*network, "Network.Assign");
  } else if (backing->type().find("port")) {
    const ManagedObject* group = world.inventory.find(backing->get("port").at("portgroupKey").string());
    if (group) needed.emplace_back(group->ref, "Network.Assign");
  }
}

}  // namespace

Needed devicePrivileges(World& world, const MoRef& vm, const Value& change) {
  Needed needed;
  const Value& device = change.at("device");
  if (isDisk(device)) {
    diskPrivileges(world, vm, change, needed);
  } else if (deviceIsA(device, "VirtualEthernetCard")) {
    nicPrivileges(world, vm, change, needed);
  } else {
    needed.emplace_back(vm, change.at("operation").string() == "edit"
                                ? "VirtualMachine.Config.EditDevice"
                                : "VirtualMachine.Config.AddRemoveDevice");
  }
  return needed;
}

}  // namespace failback::mock
