// SPDX-License-Identifier: GPL-2.0-or-later
// A scenario says in few words what the simulated site looks like; world_builder.h expands it into all the
// properties that a vCenter shows. The JSON format is described in docs/mock-vcenter.md. Sizes are bytes
// here, with units there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace failback::mock {

// The scenario makes no sense; the text names the place and what to write instead.
class ScenarioError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct ServerSpec {
  bool esxi = false;  // a single host without a vCenter
  std::string name = "vcenter.site.example";
  std::string version = "8.0.3", build = "24022515";
  std::string instanceUuid;  // empty: one that follows from the name
};

// What somebody has from an entity on downwards.
struct PermissionSpec {
  std::string entity;  // inventory path ("DC1/vm/web-01"); empty: the root folder
  std::string role;
  bool propagate = true;
};

struct RoleSpec {
  std::string name;
  std::vector<std::string> privileges;  // ids; "VirtualMachine.Config.*" for all of a group
};

struct GroupSpec {
  std::string name;
  std::vector<PermissionSpec> permissions;
};

struct UserSpec {
  std::string name;
  bool readOnly = false;  // instead of naming the role
  // Inventory paths of objects that the user may not see, and of those it sees but may not read.
  std::vector<std::string> hidden = {}, unreadable = {};
  std::string role = {};  // everywhere; empty with neither permissions nor groups: Admin
  std::vector<std::string> groups = {};
  std::string password = {};  // empty: the one of all users
  std::vector<PermissionSpec> permissions = {};
};

struct LicenseSpec {
  std::string name = "vSphere 8 Enterprise Plus", edition = "esx.enterprisePlus.cpuPackage", key;
  std::int32_t total = 16;
  std::optional<std::int32_t> expiresInDays;  // negative: it has expired
  std::vector<std::string> hosts;             // that it is assigned to; empty: all that have no other
};

// Something that happened before the server started: an event, or a task that has ended.
struct HistorySpec {
  std::string type;    // of an event: "VmPoweredOnEvent"
  std::string task;    // or a task's descriptionId: "VirtualMachine.createSnapshot"
  double daysAgo = 0;  // when, unless `time` (RFC 3339) says it
  std::string time, user, message;
  std::string state = "success";  // that the task ended with
  std::string entity;             // inventory path; empty: the machine that has it, or the root folder
};

// A scheduled task, every day or on one day of the week, in UTC.
struct ScheduleSpec {
  std::string name, description, user;
  std::string method = "CreateSnapshot_Task";
  std::string weekday;  // "sunday"; empty: every day
  std::int32_t hour = 0, minute = 0;
  bool enabled = true;
};

struct HostSpec {
  std::string name, address;
  std::string uuid;            // empty: one that follows from the name
  std::string version, build;  // empty: the server's
  std::string vendor = "Dell Inc.", model = "PowerEdge R750";
  std::string cpuModel = "Intel(R) Xeon(R) Gold 6348 CPU @ 2.60GHz";
  std::int32_t packages = 2, coresPerPackage = 16, megahertz = 2600;
  std::int64_t memory = 512LL << 30;
  std::string connection = "connected";  // "disconnected", "notResponding"
  bool maintenance = false, standby = false;
};

// A vApp is a resource pool and stands in a folder of machines besides.
struct VappSpec {
  std::string name;
  std::string folder;  // below the datacenter's VM folder
  std::string annotation;
};

struct PoolSpec {
  std::string name;
  std::vector<PoolSpec> pools;
  std::vector<VappSpec> vapps;
};

struct ClusterSpec {
  std::string name;
  bool drs = true, ha = true;
  std::string drsBehavior = "fullyAutomated";
  std::vector<HostSpec> hosts;
  std::vector<PoolSpec> pools;
  std::vector<VappSpec> vapps;  // of its root pool
};

struct DatastoreSpec {
  std::string name;
  std::string type = "VMFS";                     // VMFS, NFS, NFS41, vsan, VVOL, PMEM
  std::int64_t capacity = 4LL << 40, free = -1;  // -1: what the disks leave
  std::vector<std::string> hosts;                // that mount it; empty: all
  std::vector<std::string> readOnlyOn;           // hosts that mount it read-only
  std::string cluster;                           // datastore cluster that it belongs to
  std::string maintenance = "normal";
  bool accessible = true;
  std::string remoteHost = "nas.site.example", remotePath;
};

struct StoragePodSpec {
  std::string name;
  bool drs = true;
  std::string behavior = "manual";
};

struct PortGroupSpec {
  std::string name;
  std::int32_t vlan = 0;  // 4095: all (of standard switches)
  std::string binding = "earlyBinding";
};

struct SwitchSpec {
  std::string name, version = "8.0.0";
  std::vector<std::string> hosts;  // that are connected to it; empty: all
  std::vector<PortGroupSpec> portGroups;
};

// A switch of each host by itself. Port groups of one name on several hosts are one Network.
struct StandardSwitchSpec {
  std::string name = "vSwitch0";
  std::vector<std::string> hosts;  // that have it; empty: all
  std::vector<std::string> uplinks;
  std::int32_t mtu = 1500;
  std::vector<PortGroupSpec> portGroups;
};

struct ControllerSpec {
  std::string id;                // "scsi0" to "scsi3", "sata0" to "sata3", "nvme0" to "nvme3"
  std::string type;              // of a SCSI controller: pvscsi, lsilogic, ...; empty: the machine's
  std::string sharing = "none";  // of a SCSI bus: virtual, physical
};

struct DiskSpec {
  std::int64_t size = 40LL << 30;
  std::int64_t used = -1;  // bytes that a thin disk takes on its datastore; -1: 40 %
  std::string datastore;   // empty: the VM's
  std::string controller;  // such as "scsi0", "ide1", "sata0", "nvme0"; empty: the first SCSI controller
  std::optional<std::int32_t> unit;
  std::string provisioning = "thin";  // thin, thick, eager
  std::string mode = "persistent";
  std::string sharing = "none";  // multiWriter
  std::string uuid, file;        // empty: ones that follow from the VM's name
  std::string attach;            // "web-01/0": the file is that disk's of that machine
  bool missing = false;          // the machine names the file, but it is not there
  std::string rdm, lun;          // physical or virtual: a LUN behind a mapping file
};

// Anything else that a machine can have. What a kind does not need is ignored.
struct DeviceSpec {
  std::string kind;        // see deviceKinds()
  std::string backing;     // of drives and ports: client, host, file, network
  std::string file;        // "[datastore] path" of an ISO or floppy image, or that a port writes to
  std::string target;      // the host's device ("0000:3b:00.0"), or "tcp://..." of a port
  std::string controller;  // of a CD/DVD drive: ide0, ide1, sata0, ...
  std::optional<std::int32_t> unit;
  bool connected = false;
};
const std::vector<std::string_view>& deviceKinds();

struct NicSpec {
  std::string network, type = "vmxnet3", mac;
  bool connected = true;
  std::vector<std::string> addresses;  // that the guest has on it
};

struct SnapshotSpec {
  std::string name, description;
  bool quiesced = false;
  bool current = false;  // the machine stands on it, and not on the last
  std::vector<SnapshotSpec> children;
};

// That a machine asks and waits with.
struct QuestionSpec {
  std::string id = "msg.question", text;
  std::vector<std::string>
      choices;  // one that is "Cancel" or "Abort" gives up what the machine was about to do
  std::int32_t defaultChoice = 0;
  std::string on = "powerOn";  // "reconfigure"; "now": from the start
};

struct VolumeSpec {
  std::string path, filesystem;
  std::int64_t size = 0, free = 0;
  std::optional<std::int32_t> disk;  // number of the disk below it, from 0
};

struct VmSpec {
  std::string name;
  std::string folder;  // below the datacenter's VM folder: "Linux/Web"; empty: that folder itself
  std::string cluster, pool, host;  // empty: the first
  std::string vapp;                 // that it is in, instead of a folder and a pool
  std::string datastore;            // of its home; empty: the first
  std::string vmx;  // its configuration file on it; empty: "web-01/web-01.vmx", or "web-01_1/..." if taken
  std::string guestId = "ubuntu64Guest", guestName;  // guestName empty: the one known for the id
  std::string firmware = "bios";
  bool secureBoot = false;
  std::string hardware = "vmx-19";
  std::int32_t cpus = 2, coresPerSocket = 1;
  std::int64_t memory = 4LL << 30;
  bool powered = true, suspended = false;
  std::string connection = "connected";  // "orphaned", "inaccessible", "disconnected", "invalid"
  bool isTemplate = false;
  std::string scsi = "pvscsi";  // lsilogic, lsisas, buslogic; none: no SCSI controller but those named
  std::vector<ControllerSpec> controllers;  // beside scsi0 and those that disks and drives name
  std::vector<DiskSpec> disks;
  std::vector<NicSpec> nics;
  std::optional<std::vector<DeviceSpec>> devices;  // unset: one CD/DVD drive
  bool cpuHotAdd = false, memoryHotAdd = false, changeTracking = false;
  std::string encrypted;                // "provider/key": its configuration and disks are encrypted with it
  std::vector<SnapshotSpec> snapshots;  // each the child of the one before, unless hasBranches()
  std::vector<VolumeSpec> volumes;
  std::string hostName;  // of the guest; empty: the VM's name
  std::vector<std::string> addresses;
  bool tools = true;
  bool diskUuid = false;             // disk.EnableUUID
  bool consolidationNeeded = false;  // a delta that no snapshot needs is left in each chain
  std::optional<QuestionSpec> question;
  std::string annotation;
  std::map<std::string, std::string> extraConfig;
  std::vector<HistorySpec> history;
  std::vector<ScheduleSpec> scheduledTasks;
  bool autostart = false;              // the host starts it with itself
  std::string instanceUuid, biosUuid;  // empty: ones that follow from the name
};

// Does any of its snapshots say which are its children? Then those of one list are siblings.
bool hasBranches(const VmSpec& vm);
// Are its snapshots to be made one by one, because there are branches, or because it stands on an older one?
bool growsSnapshots(const VmSpec& vm);

struct DatacenterSpec {
  std::string name;
  std::vector<std::string> folders;  // VM folders, by path
  std::vector<ClusterSpec> clusters;
  std::vector<StoragePodSpec> datastoreClusters;
  std::vector<DatastoreSpec> datastores;
  std::vector<std::string> networks;  // standard port groups, on vSwitch0 of every host
  std::vector<StandardSwitchSpec> standardSwitches;
  std::vector<SwitchSpec> switches;
  std::vector<VmSpec> vms;
};

struct ScenarioSpec {
  std::string description;
  ServerSpec server;
  std::vector<RoleSpec> roles;
  std::vector<GroupSpec> groups;
  std::vector<UserSpec> users;  // empty: administrator@vsphere.local and readonly (root on ESXi)
  std::vector<LicenseSpec> licenses;
  std::vector<HistorySpec> history;
  bool pastActivity = false;  // what usually happens on a site has happened: machines were made, people came
  std::vector<DatacenterSpec> datacenters;
};

// What is wrong with a scenario: RFC 6901 pointer of the place ("/datacenters/0/vms/3"), and why.
struct ScenarioProblem {
  std::string pointer, text;
};

// From JSON text; `origin` names it in errors. Throws ScenarioError that tells the first problem.
ScenarioSpec parseScenario(std::string_view json, const std::string& origin);
// The same, with all problems of form; the result is good for nothing when there are any.
ScenarioSpec parseScenario(std::string_view json, std::vector<ScenarioProblem>& problems);
// All names in it that lead nowhere, and all that is there twice.
std::vector<ScenarioProblem> checkNames(const ScenarioSpec& spec);
// A built-in one by name, "generate:hosts=N,datastores=N,vms=N", or a file. Throws ScenarioError.
ScenarioSpec loadScenario(const std::string& nameOrFile);
// The JSON text of it; of a generated one the name itself. Parse with scenarioFrom(). Throws ScenarioError.
std::string scenarioText(const std::string& nameOrFile);
ScenarioSpec scenarioFrom(const std::string& text, const std::string& origin);
// Name and description of the built-in ones.
std::vector<std::pair<std::string, std::string>> listScenarios();
// JSON text of a built-in one; nothing when there is no such one.
std::optional<std::string_view> builtInScenario(std::string_view name);
// JSON Schema of the format.
std::string_view scenarioSchema();
// What "hosts=N,datastores=N,vms=N" describes. Throws ScenarioError.
ScenarioSpec generateScenario(std::string_view parameters);

}  // namespace failback::mock
