// SPDX-License-Identifier: GPL-2.0-or-later
// A datacenter of a scenario on its way into the inventory: every object has its reference, and who refers to
// whom is known, before the first property is written. Used by world_*.cpp only.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

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

struct SitePool {
  std::string name;
  MoRef ref, parent, owner;
  std::vector<MoRef> pools, vms;
};

struct SiteCluster;

struct SiteHost {
  const HostSpec* spec = nullptr;
  MoRef ref;
  SiteCluster* cluster = nullptr;
  std::vector<SiteDatastore*> datastores;
  std::vector<SiteNetwork*> networks;
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
  const DiskSpec* spec = nullptr;
  SiteDatastore* datastore = nullptr;
  std::string stem;  // "web-01/web-01_1": the file without its ending
  std::int32_t bus = 0, unit = 0;

  std::int32_t key() const { return 2000 + 16 * bus + unit; }
  // What of it is written on the datastore.
  std::int64_t committed() const;
};

struct SiteVm {
  const VmSpec* spec = nullptr;
  MoRef ref;
  SiteHost* host = nullptr;
  SitePool* pool = nullptr;
  SiteFolder* folder = nullptr;
  SiteDatastore* home = nullptr;
  std::vector<SiteDisk> disks;
  std::vector<SiteNetwork*> nics;  // one for each of spec->nics
  std::vector<SiteDatastore*> datastores;
  std::vector<SiteNetwork*> networks;
  std::vector<MoRef> snapshots;
  bool longExtraConfig = false;  // what a machine gathers in years: some 14 KB

  std::string vmxPath() const;
};

struct Site {
  World& world;
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

// Resolves the names in the datacenter's spec. Throws ScenarioError for one that leads nowhere.
void planSite(Site& site, Numbering& numbering);

// Each writes its objects into the inventory.
void buildFolders(const Site& site);
void buildClusters(const Site& site);
void buildHosts(const Site& site);
void buildDatastores(const Site& site);
void buildNetworks(const Site& site);
void buildVms(const Site& site);
// The service instance with all managers. Returns the root folder.
MoRef buildService(World& world, const ScenarioSpec& scenario);

// Roles, users and permissions, when everything is there.
void buildUsers(World& world, const ScenarioSpec& scenario, const MoRef& root);
// What happened before the server started, what is scheduled, and what starts with its host.
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
