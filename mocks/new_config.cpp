// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "mocks/config_spec.h"
#include "mocks/device_slots.h"
#include "mocks/vm_model.h"
#include "mocks/vm_parts.h"

namespace failback::mock {

Value newConfig(World& world, const std::string& name, const std::string& vmxPath) {
  VmSpec spec;
  spec.name = name;
  spec.powered = false;
  spec.tools = false;
  spec.cpus = 1;
  spec.memory = 32LL << 20;
  spec.guestId = "otherGuest";
  DatastoreSpec datastore;
  datastore.name = parseDatastorePath(vmxPath).value_or(DatastorePath{}).datastore;
  SiteDatastore home;
  home.spec = &datastore;
  SiteVm vm;
  vm.spec = &spec;
  vm.home = &home;
  vm.directory = vm.base = name;
  Value config = vmConfig(vm);
  // A machine that is created brings its own controllers and drives.
  std::vector<Value> devices = devicesOfConfig(config);
  std::erase_if(devices, [](const Value& each) {
    return deviceIsA(each, "VirtualSCSIController") || deviceIsA(each, "VirtualSATAController") ||
           deviceIsA(each, "VirtualCdrom");
  });
  const List* options = config.at("extraConfig").asList();
  std::vector<Value> kept = options ? options->items : std::vector<Value>{};
  std::erase_if(kept, [](const Value& each) { return each.at("key").string() == "disk.EnableUUID"; });
  std::string instance = world.random.uuid(), bios = world.random.uuid();
  instance.replace(0, 2, "50");
  bios.replace(0, 2, "42");
  const std::string directory = vmxPath.substr(0, vmxPath.rfind('/') + 1);
  return config.with("hardware.device", list(std::move(devices)))
      .with("extraConfig", list(std::move(kept)))
      .with("instanceUuid", instance)
      .with("uuid", bios)
      .with("createDate", Value::dateTime(world.now()))
      .with("files", object("VirtualMachineFileInfo", {{"vmPathName", vmxPath},
                                                       {"snapshotDirectory", directory},
                                                       {"suspendDirectory", directory},
                                                       {"logDirectory", directory}}));
}

}  // namespace failback::mock
