// SPDX-License-Identifier: GPL-2.0-or-later
// A plan: which machines are to come home, from what, to where, and what the job may do on the way. It is a
// document that people read, review and keep (docs/plan.md); everything below follows from plan_fields.h.
//
// Sizes are bytes where the name says so, memory is MB as in vSphere, times are seconds. Names are those of
// vSphere's inventory. Plain values: copy them, use them from any thread once they are made.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace failback::provisioning {

// The version of plan documents that this build reads and writes.
inline constexpr std::int64_t planVersion = 1;

enum class OsFamily { linux, windows };
enum class SourceKind { virtualMachine, physical };
enum class Firmware { bios, efi };
enum class DiskKind { vmdk, rdm };
enum class Provisioning { thin, thick, eagerZeroedThick };
enum class ControllerType { lsiLogic, lsiLogicSas, busLogic, pvscsi, ide, sata, nvme };
enum class NicType { vmxnet3, e1000, e1000e, other };
// What is done when the home VM's name is taken (rule NEW-NAME).
enum class NameClash { refuse, adopt, renameNew, renameExisting };
enum class UnknownPolicy { block, warn };
enum class DiskMode { independentPersistent, persistent };

struct VCenter {
  std::string instanceUuid;
  std::string url;  // may be empty: then it is only given when a command runs
};

// What rule ENV-SERVERS tries to reach: host or host:port.
struct Servers {
  std::string configServer, processServer;
};

struct Retention {
  std::string path;        // in the guest: "R:" or "/mnt/retention/"
  std::string fileSystem;  // attested by whoever wrote the plan, for vSphere before 7.0: "NTFS", "ext4"
};

struct MasterTarget {
  std::string name, instanceUuid, biosUuid;
  Retention retention;
};

struct Controller {
  ControllerType type = ControllerType::lsiLogic;
  std::int64_t bus = 0;
};

struct SourceDisk {
  std::string id;    // within the machine
  std::string uuid;  // of the VMDK ("6000C29..."); empty when the source had none that vSphere knows
  std::string file;  // "[datastore] folder/name.vmdk" when the plan was made
  std::int64_t capacityBytes = 0;
  Controller controller;
  std::int64_t unit = 0;
  DiskKind kind = DiskKind::vmdk;
  Provisioning provisioning = Provisioning::thin;
};

struct SourceNic {
  std::string id, mac, network;
  NicType type = NicType::vmxnet3;
  bool startConnected = true;
  bool staticAddress = false;
};

// The machine as it was protected.
struct Source {
  SourceKind kind = SourceKind::virtualMachine;
  std::string name, instanceUuid, biosUuid, guestId;
  OsFamily osFamily = OsFamily::linux;
  std::int64_t cpus = 1, coresPerSocket = 1, memoryMB = 0;
  Firmware firmware = Firmware::bios;
  bool secureBoot = false;
  std::int64_t hardwareVersion = 13;  // the 13 of "vmx-13"
  bool diskUuidEnabled = false;
  // bootOptions.bootOrder, by the ids below: "disk:scsi0-0,ethernet:nic-1,cdrom". Empty: none was set.
  std::string bootOrder;
  std::vector<SourceDisk> disks;
  std::vector<SourceNic> nics;
};

// Where it comes home to. What is empty is where the original is, or the master target's place when that has
// gone.
struct Home {
  std::string name, datastore, folder, resourcePool;
  std::map<std::string, std::string> networks;  // of the source, and the one that takes its place
  NameClash onNameClash = NameClash::refuse;
  std::string newName;  // for renameNew and renameExisting
  std::optional<Provisioning> provisioning;
};

// The changes that cannot be taken back, each of which needs a word of its own (docs/plan.md).
struct Consents {
  bool powerOff = false, mergeSnapshots = false, extendDisks = false, newDiskUuid = false;
};

struct Machine {
  std::string id;     // within the plan; stands in the marks
  std::string group;  // replication group: stays on one master target
  std::int64_t recoveryOrder = 1;
  std::string masterTarget;  // its name in masterTargets
  Source source;
  Home home;
  Consents consents;
};

struct Policy {
  UnknownPolicy unknown = UnknownPolicy::block;
  DiskMode diskMode = DiskMode::independentPersistent;
  bool safetySnapshot = false;
  std::string managedBy;  // the extension's key
  std::int64_t parallelMachines = 8;
  // Questions of VMs, by the id of a message or by their text, and the choice that is their answer: its key
  // or its label.
  std::map<std::string, std::string> answers;
};

struct Deadlines {
  std::int64_t shutdownSeconds = 300, taskSeconds = 3600, mergeSeconds = 86'400, healthySeconds = 600;
};

// A property as it was when the plan was made: a later step compares.
struct Fact {
  std::string kind, name, moref, property, value;
};

struct Plan {
  std::int64_t version = planVersion;
  std::string id;
  std::string made;  // RFC 3339
  VCenter vcenter;
  Servers servers;
  std::vector<MasterTarget> masterTargets;
  std::vector<Machine> machines;
  Policy policy;
  Deadlines deadlines;
  std::vector<Fact> facts;
};

// The entries of Source::bootOrder: "disk:scsi0-0", "cdrom".
std::vector<std::string> bootEntries(const Source& source);

// The words of an enumeration in a document, by value.
template <class E>
struct EnumWords;
#define FAILBACK_PLAN_WORDS(type, ...)                                          \
  template <>                                                                   \
  struct EnumWords<type> {                                                      \
    static constexpr auto all = std::to_array<std::string_view>({__VA_ARGS__}); \
  }
FAILBACK_PLAN_WORDS(OsFamily, "linux", "windows");
FAILBACK_PLAN_WORDS(SourceKind, "virtual", "physical");
FAILBACK_PLAN_WORDS(Firmware, "bios", "efi");
FAILBACK_PLAN_WORDS(DiskKind, "vmdk", "rdm");
FAILBACK_PLAN_WORDS(Provisioning, "thin", "thick", "eagerZeroedThick");
FAILBACK_PLAN_WORDS(ControllerType, "lsiLogic", "lsiLogicSas", "busLogic", "pvscsi", "ide", "sata", "nvme");
FAILBACK_PLAN_WORDS(NicType, "vmxnet3", "e1000", "e1000e", "other");
FAILBACK_PLAN_WORDS(NameClash, "refuse", "adopt", "rename-new", "rename-existing");
FAILBACK_PLAN_WORDS(UnknownPolicy, "block", "warn");
FAILBACK_PLAN_WORDS(DiskMode, "independent_persistent", "persistent");
#undef FAILBACK_PLAN_WORDS

template <class E>
std::string_view word(E value) {
  return EnumWords<E>::all[static_cast<std::size_t>(value)];
}

}  // namespace failback::provisioning
