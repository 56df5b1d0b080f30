// SPDX-License-Identifier: GPL-2.0-or-later
// VirtualMachine: identity, state, guest, devices, snapshots, and what stands in the way of changing it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "vsphere/model/container.h"
#include "vsphere/model/device.h"

namespace failback::vsphere {

// GuestDiskInfo: a volume as VMware Tools reports it.
struct GuestVolume {
  std::string path;  // "C:\\", "/mnt/retention"
  std::optional<std::int64_t> capacityBytes, freeSpaceBytes;
  std::optional<std::string> filesystemType;  // vSphere 7.0 and later
  std::vector<std::int32_t> diskKeys;         // the virtual disks below it, where Tools knows

  friend bool operator==(const GuestVolume&, const GuestVolume&) = default;
};

struct GuestNic {
  std::optional<std::string> network;
  std::optional<std::string> macAddress;
  std::optional<bool> connected;
  std::vector<std::string> ipAddresses;
  std::optional<bool> dhcp;  // ipv4 dhcp enabled, where Tools knows

  friend bool operator==(const GuestNic&, const GuestNic&) = default;
};

struct Snapshot {
  Moref ref;
  std::int32_t id = 0;
  std::string name;
  std::string description;
  std::string createTime;  // RFC 3339
  std::string state;       // power state in the snapshot
  bool quiesced = false;
  bool current = false;
  std::vector<Snapshot> children;

  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

// VirtualMachineQuestionInfo: a question that stops the VM, or a task on it.
struct QuestionChoice {
  std::string key, label;
  std::string summary{};  // "I Moved It", where the label is "button.uuid.movedTheVM"; may be empty

  friend bool operator==(const QuestionChoice&, const QuestionChoice&) = default;
};
struct Question {
  std::string id;
  std::string text;
  std::vector<QuestionChoice> choices;
  std::vector<std::string> messageIds;  // "msg.hbacommon.outofspace": what a policy goes by
  std::optional<std::int32_t> defaultIndex;

  friend bool operator==(const Question&, const Question&) = default;
};

// A file of the VM (layoutEx.file), with --full.
struct VmFile {
  std::int32_t key = 0;
  std::string name;
  std::string type;  // "diskExtent", "diskDescriptor", "config", "swap", "log" ...
  std::int64_t sizeBytes = 0;
  std::optional<std::int64_t> uniqueSizeBytes;
  std::optional<bool> accessible;

  friend bool operator==(const VmFile&, const VmFile&) = default;
};
// The files of each link of a disk's chain (layoutEx.disk), base first, with --full.
struct VmDiskLayout {
  std::int32_t diskKey = 0;
  std::vector<std::vector<std::int32_t>> chainFileKeys;  // keys of VmFile

  friend bool operator==(const VmDiskLayout&, const VmDiskLayout&) = default;
};

struct VirtualMachine : Entity {
  // Identity
  std::optional<std::string> instanceUuid;  // vCenter's, unique in it
  std::optional<std::string> biosUuid;      // config.uuid: what the guest sees; clones may share it
  std::optional<std::string> vmPathName;    // "[datastore1] web-01/web-01.vmx"
  std::optional<std::string> changeVersion;
  std::optional<std::string> created;  // RFC 3339, 6.7 and later
  std::optional<std::string> annotation;
  std::optional<bool> isTemplate;
  std::optional<std::string> managedByExtension, managedByType;

  // State
  std::optional<std::string> powerState;  // "poweredOn", "poweredOff", "suspended"
  std::optional<std::string>
      connectionState;                  // "connected", "orphaned", "inaccessible", "disconnected", "invalid"
  std::optional<std::string> bootTime;  // RFC 3339; unset when off
  std::optional<std::string> suspendTime;
  std::optional<bool> consolidationNeeded;
  std::optional<std::int32_t> uptimeSeconds;
  std::optional<std::string> faultToleranceState;
  std::optional<bool> faultToleranceConfigured;  // config.ftInfo is set
  std::optional<Question> question;
  // summary.storage: what its files take, and what its thin disks and swap may still take.
  std::optional<std::int64_t> storageCommittedBytes, storageUncommittedBytes;

  // Where it is
  std::optional<Moref> host, resourcePool, parentVApp;
  std::vector<Moref> datastores, networks;

  // Guest
  std::optional<std::string> guestId;  // config.guestId: "ubuntu64Guest"
  std::optional<std::string> guestFullName;
  std::optional<std::string> guestFamily;  // reported by Tools: "linuxGuest", "windowsGuest"
  std::optional<std::string> guestState;   // "running", "notRunning"
  std::optional<std::string> hostName;
  std::optional<std::string> ipAddress;
  std::optional<std::string> toolsStatus;         // deprecated, but older servers have only this
  std::optional<std::string> toolsRunningStatus;  // "guestToolsRunning", "guestToolsNotRunning"
  std::optional<std::string> toolsVersionStatus;
  std::optional<std::string> toolsVersion;
  std::vector<GuestNic> guestNics;
  std::vector<GuestVolume> guestVolumes;

  // Hardware
  std::optional<std::string> hardwareVersion;  // "vmx-19"
  std::optional<std::string> firmware;         // "bios", "efi"
  std::optional<bool> secureBoot;
  std::optional<std::int32_t> cpus, coresPerSocket;
  std::optional<std::int64_t> memoryBytes;
  std::optional<bool> cpuHotAdd, memoryHotAdd;
  std::optional<bool> changeTrackingEnabled;
  std::optional<bool> vtpmPresent;     // a VirtualTPM device is there
  std::optional<std::string> keyId;    // encrypted with this key
  bool hasReplicationConfig = false;   // config.repConfig is set: vSphere Replication
  std::vector<std::string> bootOrder;  // "disk:2000", "ethernet:4000", "cdrom", "floppy"
  std::vector<Controller> controllers;
  std::vector<Disk> disks;
  std::vector<Nic> nics;
  std::vector<OtherDevice> otherDevices;

  // disk.EnableUUID: the flag and the option are one setting, which servers show differently.
  std::optional<bool> diskUuidEnabled;              // config.flags.diskUuidEnabled
  std::optional<std::string> diskEnableUuidOption;  // extraConfig["disk.EnableUUID"], as written
  // extraConfig keys of ours ("failback.*") and, with --full, all of them.
  std::map<std::string, std::string> extraConfig;

  // Snapshots
  std::vector<Snapshot> snapshots;  // the roots
  std::optional<Moref> currentSnapshot;

  std::vector<VmFile> files;              // --full
  std::vector<VmDiskLayout> diskLayouts;  // --full

  bool hasDelta() const;  // a disk's chain is longer than one, or -00000N in its file
  std::size_t snapshotCount() const;

  friend bool operator==(const VirtualMachine&, const VirtualMachine&) = default;
};

}  // namespace failback::vsphere
