// SPDX-License-Identifier: GPL-2.0-or-later
// A change of a VM's configuration (VirtualMachineConfigSpec), a VM that is to be made, and what vCenter says
// of one before it is done. Values only: what is empty or unset is left as it is.
//
// Keys of what is added are negative and differ within one change; devices of the same change refer to them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "vsphere/error.h"
#include "vsphere/model/device.h"
#include "vsphere/model/moref.h"

namespace failback::vsphere {

struct AddedController {
  // vSphere's class: VirtualLsiLogicController, VirtualLsiLogicSASController, VirtualBusLogicController,
  // ParaVirtualSCSIController, VirtualAHCIController, VirtualNVMEController. IDE controllers are there always
  // (keys 200 and 201).
  std::string type = "VirtualLsiLogicController";
  std::int32_t busNumber = 0;
  std::int32_t key = 0;
};

// A disk that is there and gets attached: no file is made or changed.
struct AttachedDisk {
  std::string file;  // "[datastore1] web-01/web-01.vmdk"
  Moref datastore;   // may be empty
  std::string mode;  // "independent_persistent", "persistent"
  std::int32_t controllerKey = 0;
  std::int32_t unitNumber = 0;
  std::int64_t capacityBytes = 0;
};

// A disk whose file is made.
struct CreatedDisk {
  std::string file;  // "[datastore1]": the server names it, in the VM's folder
  Moref datastore;   // may be empty
  std::string mode = "persistent";
  std::int32_t controllerKey = 0;
  std::int32_t unitNumber = 0;
  std::int64_t capacityBytes = 0;
  bool thin = true;
  bool eagerlyScrub = false;
  std::string uuid;  // as vSphere writes it; empty: the server makes one
};

// What a NIC is plugged into: a standard port group by name, a distributed one by key, or an opaque network.
struct NicBacking {
  std::string networkName;
  std::optional<Moref> network;
  std::string portgroupKey, dvsUuid;
  std::string opaqueNetworkId, opaqueNetworkType;
};

struct AddedNic {
  std::string type = "VirtualVmxnet3";  // vSphere's class
  NicBacking backing;
  std::string macAddress;  // empty: generated
  bool startConnected = true;
  std::int32_t key = 0;
};

// A NIC that is there, and whether it is connected when the VM starts.
struct NicStart {
  Nic nic;
  bool startConnected = true;
};

// A disk that is there, and the size that it grows to.
struct ExtendedDisk {
  Disk disk;
  std::int64_t capacityBytes = 0;
};

struct VmChange {
  // The configuration that this change was made for (VirtualMachine::changeVersion): refused with
  // ConcurrentAccess when it has become another one. Empty: not compared.
  std::string changeVersion;
  std::vector<AddedController> controllers;
  std::vector<AttachedDisk> disks;
  std::vector<CreatedDisk> createdDisks;
  std::vector<AddedNic> nics;
  std::vector<Disk> detachedDisks;  // removed from the VM; files stay
  std::vector<Controller> removedControllers;
  std::vector<ExtendedDisk> extendedDisks;
  std::vector<NicStart> nicStarts;
  std::map<std::string, std::string> options;  // extraConfig; an empty value takes the key away
  std::optional<bool> diskUuidEnabled;         // flags.diskUuidEnabled
  std::optional<bool> changeTrackingEnabled;
  // bootOptions.bootOrder as VirtualMachine::bootOrder writes it: "disk:2000", "ethernet:4000", "cdrom".
  std::vector<std::string> bootOrder;
};

// A VM that is to be made. Its devices, options and flags stand in `change`.
struct NewVm {
  std::string name;             // as people write it: "web/01"
  std::string files;            // files.vmPathName: "[datastore1]", the server names the folder
  std::string guestId;          // "ubuntu64Guest"
  std::string hardwareVersion;  // "vmx-19"; empty: the host's default
  std::string firmware;         // "bios", "efi"
  bool secureBoot = false;
  std::int32_t cpus = 1, coresPerSocket = 1;
  std::int64_t memoryMB = 0;
  std::string instanceUuid, biosUuid;  // empty: the server makes one
  std::string managedByExtension, managedByType;
  VmChange change;
};

// Where a VM is made. `host` may be empty where the pool belongs to one host or to a cluster that chooses.
struct NewVmPlace {
  Moref folder, pool, host;
};

// CheckResult: what would be refused, and what would be done with a warning.
struct ConfigVerdict {
  std::vector<Error> errors, warnings;
};

}  // namespace failback::vsphere
