// SPDX-License-Identifier: GPL-2.0-or-later
// A datacenter of a scenario on its way into the inventory: every object has its reference, and who refers to
// whom is known, before the first property is written. Used by world_*.cpp only.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/device_slots.h"
#include "mocks/scenario.h"
#include "mocks/value.h"
#include "mocks/world.h"

namespace failback::mock {

struct SiteHost;

struct SiteDatastore {
  const DatastoreSpec* spec = nullptr;
  MoRef ref, parent, browser;
  std::string uuid;  // "65f1c0de-..." as in its URL
  std::vector<SiteHost*> hosts;
  std::vector<MoRef> vms;
  std::int64_t used = 0, uncommitted = 0;

  std::string url() const { return "ds:///vmfs/volumes/" + uuid + "/"; }
  bool readOnlyOn(const SiteHost& host) const;
  std::int64_t free() const;
};

struct SiteNetwork {
  std::string name;
  MoRef ref, parent;
  const PortGroupSpec* portGroup = nullptr;  // null: a standard network
  std::string key, switchUuid;               // of a distributed port group
  MoRef dvs;
  bool uplink = false;
  std::vector<SiteHost*> hosts;
  std::vector<MoRef> vms;
};

struct Site;
struct SiteVm;
struct SiteFolder;

struct SitePool {
  std::string name, path;  // path below the root pool: "Production/Linux"
  MoRef ref, parent, owner;
  std::vector<MoRef> pools, vms;
  const VappSpec* vapp = nullptr;         // when it is a vApp: then its folder
  SiteFolder* folder = nullptr;           // and its machines
  std::vector<const SiteVm*> machines{};  // in the order of the scenario
};

struct SiteCluster;

// A standard port group as one host has it.
struct SitePortGroup {
  const SiteNetwork* network = nullptr;
  std::string vswitch;
  std::int32_t vlan = 0;
};

struct SiteHost {
  const HostSpec* spec = nullptr;
  MoRef ref;
  SiteCluster* cluster = nullptr;
  std::vector<SiteDatastore*> datastores;
  std::vector<SiteNetwork*> networks;
  std::vector<SitePortGroup> portGroups;
  std::vector<const StandardSwitchSpec*> switches;  // beside vSwitch0, which may be among them
  std::vector<MoRef> vms;
  std::int64_t memoryUsed = 0;
};

struct SiteCluster {
  const ClusterSpec* spec = nullptr;
  MoRef ref, parent, environment;
  SitePool* rootPool = nullptr;
  std::vector<SitePool*> pools;
  std::vector<SiteHost*> hosts;
};

struct SiteFolder {
  std::string path, name;  // path below the datacenter's folder, "" for that folder itself
  MoRef ref, parent;
  std::vector<MoRef> children;
};

struct SiteDisk {
  // What its file is, and how this machine has it: two when the file is another machine's, too.
  const DiskSpec *spec = nullptr, *own = nullptr;
  SiteDatastore* datastore = nullptr;
  std::string stem;  // "web-01/web-01_1": the file without its ending
  ControllerPlace place;
  std::int32_t unit = 0;

  std::int32_t key() const { return place.deviceKey(unit); }
  // What of it is written on the datastore.
  std::int64_t committed() const;
};

// A CD/DVD drive or another device of a machine.
struct SiteDevice {
  const DeviceSpec* spec = nullptr;
  std::optional<ControllerPlace> place;  // of a drive
  std::int32_t unit = 0;
};

struct SiteVm {
  const VmSpec* spec = nullptr;
  std::string directory, base;  // of its configuration file: "web-01_1" and "web-01"
  MoRef ref;
  SiteHost* host = nullptr;
  SitePool* pool = nullptr;
  SiteFolder* folder = nullptr;  // null: it is in a vApp, its pool
  SiteDatastore* home = nullptr;
  // Controllers of disks and drives by key, with what is said of them.
  std::map<std::int32_t, std::pair<ControllerPlace, const ControllerSpec*>> controllers;
  std::vector<SiteDisk> disks;
  std::vector<SiteDevice> devices;
  std::vector<SiteNetwork*> nics;  // one for each of spec->nics
  std::vector<SiteDatastore*> datastores;
  std::vector<SiteNetwork*> networks;
  std::vector<MoRef> snapshots;
  const Site* site = nullptr;
  bool longExtraConfig = false;  // what a machine gathers in years: some 14 KB

  std::string vmxPath() const;
  // "[vmfs-01] web-01/web-01.nvram" for "web-01.nvram"
  std::string fileBeside(std::string_view name) const;
  Value datastoreRef(std::string_view name) const;  // unset when the site has no such one
};

struct Site {
  World& world;
  std::shared_ptr<const ScenarioSpec> scenario;
  const ServerSpec& server;
  const DatacenterSpec& spec;
  MoRef ref, parent;
  SiteFolder vmFolder, hostFolder, datastoreFolder, networkFolder;
  // Deques, because the parts point to each other.
  std::deque<SiteFolder> vmFolders;
  std::deque<SiteFolder> pods;
  std::deque<SiteCluster> clusters;
  std::deque<SiteHost> hosts;
  std::deque<SitePool> pools;
  std::deque<SiteDatastore> datastores;
  std::deque<SiteNetwork> networks;
  std::deque<SiteVm> vms;
  bool generated = false;  // its machines are as large as on a real site
};

// References as real servers number them: one count for all types of a vCenter, names of their own on ESXi.
class Numbering {
 public:
  explicit Numbering(bool esxi) : esxi_(esxi) {}
  bool esxi() const { return esxi_; }
  MoRef next(std::string type, std::string_view prefix);
  std::int32_t nextVm() { return ++nextVm_; }

 private:
  bool esxi_;
  std::int32_t next_ = 2;
  std::int32_t nextVm_ = 0;
};

// Gives the disks and drives of the machine their places. Throws ScenarioError when they don't fit.
void planSlots(SiteVm& vm);
// When all machines are there: files that several have, and who counts for their size.
void planSharedDisks(Site& site);
// Is the disk one that several running machines may have?
bool isShared(const SiteVm& vm, const SiteDisk& disk);

// Resolves the names in the datacenter's spec. Throws ScenarioError for one that leads nowhere.
void planSite(Site& site, Numbering& numbering);

// Each writes its objects into the inventory.
void buildFolders(const Site& site);
void buildClusters(const Site& site);
// The fields of a resource pool or vApp, whose summary is of the type given.
std::vector<Field> poolFields(const SiteCluster& cluster, const SitePool& pool, std::string_view summaryType);
void addVapp(const Site& site, const SiteCluster& cluster, const SitePool& vapp);
void buildHosts(const Site& site);
// HostNetworkInfo
Value networkConfig(const Site& site, const SiteHost& host);
std::string addressOf(const SiteHost& host);
void buildDatastores(const Site& site);
void buildNetworks(const Site& site);
void buildVms(const std::shared_ptr<const Site>& site);
// The service instance with all managers. Returns the root folder.
MoRef buildService(World& world, const ScenarioSpec& scenario);

// Roles, users and permissions, when everything is there.
void buildUsers(World& world, const ScenarioSpec& scenario, const MoRef& root);
// What happened before the server started, what is scheduled, and what starts with its host.
// The alarms of a vCenter.
void buildAlarms(World& world, const MoRef& root);
void buildHistory(World& world, const ScenarioSpec& scenario, const MoRef& root);

// Small helpers of the builders.
Value refs(const std::vector<MoRef>& list);
template <typename T>
Value refsOf(const std::vector<T*>& parts) {
  std::vector<Value> list;
  list.reserve(parts.size());
  for (const T* part : parts) list.emplace_back(part->ref);
  return Value(std::move(list));
}
// The fields that every managed entity has.
std::vector<Field> entity(const std::string& name, const MoRef& parent);
// An object of the type with every mandatory boolean set to `flag`; then the fields.
Value filled(std::string_view type, bool flag, const std::vector<Field>& fields = {});
// ManagedEntityStatus: "green"
Value product(const ServerSpec& server, const std::string& version, const std::string& build);

}  // namespace failback::mock
