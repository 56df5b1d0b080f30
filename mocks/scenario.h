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
  std::string version, build;  // empty: the server's
  std::string vendor = "Dell Inc.", model = "PowerEdge R750";
  std::int32_t packages = 2, coresPerPackage = 16, megahertz = 2600;
  std::int64_t memory = 512LL << 30;
  std::string connection = "connected";  // "disconnected", "notResponding"
  bool maintenance = false;
};

struct PoolSpec {
  std::string name;
};

struct ClusterSpec {
  std::string name;
  bool drs = true, ha = true;
  std::string drsBehavior = "fullyAutomated";
  std::vector<HostSpec> hosts;
  std::vector<PoolSpec> pools;
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
  std::int32_t vlan = 0;
  std::string binding = "earlyBinding";
};

struct SwitchSpec {
  std::string name, version = "8.0.0";
  std::vector<PortGroupSpec> portGroups;
};

struct DiskSpec {
  std::int64_t size = 40LL << 30;
  std::string datastore;   // empty: the VM's
  std::string controller;  // key such as "scsi0"; empty: the first SCSI controller
  std::optional<std::int32_t> unit;
  std::string provisioning = "thin";  // thin, thick, eager
  std::string mode = "persistent";
  std::string uuid, file;  // empty: ones that follow from the VM's name
};

struct NicSpec {
  std::string network, type = "vmxnet3", mac;
  bool connected = true;
};

struct SnapshotSpec {
  std::string name, description;
  bool quiesced = false;
  std::vector<SnapshotSpec> children;
};

// That a machine asks and waits with.
struct QuestionSpec {
  std::string id = "msg.question", text;
  std::vector<std::string>
      choices;  // one that is "Cancel" or "Abort" gives up what the machine was about to do
  std::int32_t defaultChoice = 0;
  std::string on = "powerOn";  // "now": from the start
};

struct VolumeSpec {
  std::string path, filesystem;
  std::int64_t size = 0, free = 0;
  std::optional<std::int32_t> disk;  // number of the disk below it, from 0
};

struct VmSpec {
  std::string name;
  std::string folder;  // below the datacenter's VM folder: "Linux/Web"; empty: that folder itself
  std::string cluster, pool, host;                   // empty: the first
  std::string datastore;                             // of its home; empty: the first
  std::string guestId = "ubuntu64Guest", guestName;  // guestName empty: the one known for the id
  std::string firmware = "bios";
  bool secureBoot = false;
  std::string hardware = "vmx-19";
  std::int32_t cpus = 2, coresPerSocket = 1;
  std::int64_t memory = 4LL << 30;
  bool powered = true, suspended = false;
  std::string connection = "connected";  // "orphaned", "inaccessible", "disconnected", "invalid"
  bool isTemplate = false;
  std::string scsi = "pvscsi";  // lsilogic, lsisas, buslogic
  std::vector<DiskSpec> disks;
  std::vector<NicSpec> nics;
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

struct DatacenterSpec {
  std::string name;
  std::vector<std::string> folders;  // VM folders, by path
  std::vector<ClusterSpec> clusters;
  std::vector<StoragePodSpec> datastoreClusters;
  std::vector<DatastoreSpec> datastores;
  std::vector<std::string> networks;  // standard port groups, on every host
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

// From JSON text; `origin` names it in errors. Throws ScenarioError.
ScenarioSpec parseScenario(std::string_view json, const std::string& origin);
// A built-in one by name, "generate:hosts=N,datastores=N,vms=N", or a file. Throws ScenarioError.
ScenarioSpec loadScenario(const std::string& nameOrFile);
// The JSON text of it; of a generated one the name itself. parse with scenarioFrom(). Throws ScenarioError.
std::string scenarioText(const std::string& nameOrFile);
ScenarioSpec scenarioFrom(const std::string& text, const std::string& origin);
// Name and description of the built-in ones.
std::vector<std::pair<std::string, std::string>> listScenarios();
// What "hosts=N,datastores=N,vms=N" describes. Throws ScenarioError.
ScenarioSpec generateScenario(std::string_view parameters);

}  // namespace failback::mock
