// SPDX-License-Identifier: GPL-2.0-or-later
// What a scenario's JSON says of virtual machines.
#include <algorithm>
#include <array>

#include "mocks/device_slots.h"
#include "mocks/scenario_reader.h"

namespace failback::mock {

namespace {

constexpr std::array<std::string_view, 4> scsiTypes{"pvscsi", "lsilogic", "lsisas", "buslogic"};

ControllerSpec readController(ScenarioReader& in) {
  ControllerSpec spec;
  in.need("id", spec.id);
  const auto place = controllerPlace(spec.id);
  if (!spec.id.empty() && (!place || place->kind == "ide"))
    in.problem("id", "write scsi0 to scsi3, sata0 to sata3 or nvme0 to nvme3");
  in.oneOf("type", spec.type, scsiTypes);
  in.oneOf("sharing", spec.sharing, {"none", "virtual", "physical"});
  if (place && place->kind != "scsi" && (in.has("type") || in.has("sharing")))
    in.problem(in.has("type") ? "type" : "sharing", "only a SCSI controller has one");
  return spec;
}

void readPlace(ScenarioReader& in, std::string& controller) {
  in.read("controller", controller);
  if (in.has("controller") && !controllerPlace(controller))
    in.problem("controller", "write scsi0 to scsi3, ide0, ide1, sata0 to sata3 or nvme0 to nvme3");
}

DiskSpec readDisk(ScenarioReader& in) {
  DiskSpec spec;
  in.size("size", spec.size);
  in.size("used", spec.used);
  in.read("datastore", spec.datastore);
  readPlace(in, spec.controller);
  in.read("unit", spec.unit, 0, 63);
  in.oneOf("provisioning", spec.provisioning, {"thin", "thick", "eager"});
  in.oneOf("mode", spec.mode,
           {"persistent", "independent_persistent", "independent_nonpersistent", "nonpersistent", "undoable",
            "append"});
  in.oneOf("sharing", spec.sharing, {"none", "multiWriter"});
  in.read("uuid", spec.uuid);
  in.read("file", spec.file);
  in.read("attach", spec.attach);
  in.read("missing", spec.missing);
  in.oneOf("rdm", spec.rdm, {"physical", "virtual"});
  in.read("lun", spec.lun);
  if (in.has("attach")) {
    for (const char* name :
         {"size", "used", "datastore", "provisioning", "uuid", "file", "missing", "rdm", "lun"}) {
      if (in.has(name)) in.problem(name, "the disk that is attached says it");
    }
  }
  if (in.has("lun") && !in.has("rdm")) in.problem("lun", "only a disk with 'rdm' has one");
  return spec;
}

NicSpec readNic(ScenarioReader& in) {
  NicSpec spec;
  in.read("network", spec.network);
  in.oneOf("type", spec.type, {"vmxnet3", "vmxnet2", "e1000", "e1000e"});
  in.read("mac", spec.mac);
  in.read("connected", spec.connected);
  in.read("addresses", spec.addresses);
  return spec;
}

DeviceSpec readDevice(ScenarioReader& in) {
  DeviceSpec spec;
  if (in.has("kind")) {
    in.oneOf("kind", spec.kind, deviceKinds());
  } else {
    in.need("kind", spec.kind);
  }
  in.oneOf("backing", spec.backing, {"client", "host", "file", "network"});
  in.read("file", spec.file);
  in.read("target", spec.target);
  readPlace(in, spec.controller);
  in.read("unit", spec.unit, 0, 29);
  in.read("connected", spec.connected);
  if (spec.backing == "file" && spec.file.empty())
    in.problem("backing", "'file' of the device says which file");
  return spec;
}

SnapshotSpec readSnapshot(ScenarioReader& in) {
  SnapshotSpec spec;
  in.need("name", spec.name);
  in.read("description", spec.description);
  in.read("quiesced", spec.quiesced);
  in.read("current", spec.current);
  in.list("children", spec.children, readSnapshot);
  return spec;
}

QuestionSpec readQuestion(ScenarioReader& in) {
  QuestionSpec spec;
  in.read("id", spec.id);
  in.need("text", spec.text);
  in.read("choices", spec.choices);
  in.read("default", spec.defaultChoice);
  in.oneOf("on", spec.on, {"powerOn", "reconfigure", "now"});
  return spec;
}

VolumeSpec readVolume(ScenarioReader& in) {
  VolumeSpec spec;
  in.need("path", spec.path);
  in.read("filesystem", spec.filesystem);
  in.size("size", spec.size);
  in.size("free", spec.free);
  in.read("disk", spec.disk, 0);
  return spec;
}

void readHardware(ScenarioReader& in, VmSpec& spec) {
  in.oneOf("firmware", spec.firmware, {"bios", "efi"});
  in.read("secureBoot", spec.secureBoot);
  in.read("hardware", spec.hardware);
  in.read("cpus", spec.cpus, 1);
  in.read("coresPerSocket", spec.coresPerSocket, 1);
  in.size("memory", spec.memory);
  in.read("cpuHotAdd", spec.cpuHotAdd);
  in.read("memoryHotAdd", spec.memoryHotAdd);
  in.read("changeTracking", spec.changeTracking);
  in.oneOf("scsi", spec.scsi, {"pvscsi", "lsilogic", "lsisas", "buslogic", "none"});
  in.list("controllers", spec.controllers, readController);
  in.list("disks", spec.disks, readDisk);
  in.list("nics", spec.nics, readNic);
  if (in.has("devices")) in.list("devices", spec.devices.emplace(), readDevice);
  in.read("encrypted", spec.encrypted);
}

void readPlaces(ScenarioReader& in, VmSpec& spec) {
  in.read("folder", spec.folder);
  in.read("cluster", spec.cluster);
  in.read("pool", spec.pool);
  in.read("vapp", spec.vapp);
  in.read("host", spec.host);
  in.read("datastore", spec.datastore);
  in.read("vmx", spec.vmx);
  if (!spec.vmx.empty() && (spec.vmx.find('/') == std::string::npos || spec.vmx.front() == '/' ||
                            !(spec.vmx.ends_with(".vmx") || spec.vmx.ends_with(".vmtx")))) {
    in.problem("vmx", "write a file in a directory, such as \"web-01/web-01.vmx\"");
  }
  for (const char* name : {"folder", "pool"}) {
    if (in.has("vapp") && in.has(name)) in.problem(name, "a machine in a vApp is in neither folder nor pool");
  }
}

void readState(ScenarioReader& in, VmSpec& spec) {
  in.read("powered", spec.powered);
  in.read("suspended", spec.suspended);
  in.oneOf("connection", spec.connection,
           {"connected", "disconnected", "orphaned", "inaccessible", "invalid"});
  in.read("template", spec.isTemplate);
  in.list("snapshots", spec.snapshots, readSnapshot);
  in.list("volumes", spec.volumes, readVolume);
  in.read("hostName", spec.hostName);
  in.read("addresses", spec.addresses);
  in.read("tools", spec.tools);
  in.read("diskUuid", spec.diskUuid);
  in.read("consolidationNeeded", spec.consolidationNeeded);
  if (in.has("question")) in.object("question", spec.question.emplace(), readQuestion);
  in.list("history", spec.history, readHistory);
  in.list("scheduledTasks", spec.scheduledTasks, readSchedule);
  in.read("autostart", spec.autostart);
  if (spec.isTemplate || spec.suspended) spec.powered = false;
  if (hasBranches(spec) && spec.snapshots.size() > 1) in.problem("snapshots", "a tree has one root");
}

}  // namespace

VmSpec readVm(ScenarioReader& in) {
  VmSpec spec;
  in.need("name", spec.name);
  readPlaces(in, spec);
  in.read("guestId", spec.guestId);
  in.read("guestName", spec.guestName);
  readHardware(in, spec);
  readState(in, spec);
  in.read("annotation", spec.annotation);
  in.read("extraConfig", spec.extraConfig);
  in.read("instanceUuid", spec.instanceUuid);
  in.read("biosUuid", spec.biosUuid);
  return spec;
}

bool hasBranches(const VmSpec& vm) {
  return std::any_of(vm.snapshots.begin(), vm.snapshots.end(),
                     [](const SnapshotSpec& each) { return !each.children.empty(); });
}

bool growsSnapshots(const VmSpec& vm) {
  // The last of a chain is where a machine stands anyway.
  const bool older = std::any_of(vm.snapshots.begin(), vm.snapshots.end(), [&](const SnapshotSpec& each) {
    return each.current && &each != &vm.snapshots.back();
  });
  return older || hasBranches(vm);
}

}  // namespace failback::mock
