// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/site.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "mocks/random_source.h"

namespace failback::mock {

namespace {

template <typename T>
void addOnce(std::vector<T>& list, const T& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

[[noreturn]] void unknown(std::string_view kind, std::string_view name, std::string_view by) {
  throw ScenarioError(fmt::format("{} names the {} '{}', which the scenario does not have", by, kind, name));
}

// The one of that name, or the first when no name is given.
template <typename List, typename Name>
auto& pick(List& list, std::string_view name, std::string_view kind, std::string_view by, Name nameOf) {
  for (auto& each : list) {
    if (name.empty() || nameOf(each) == name) return each;
  }
  unknown(kind, name.empty() ? "(any)" : name, by);
}

class Planner {
 public:
  Planner(Site& site, Numbering& numbering) : site_(site), numbering_(numbering) {}

  void plan() {
    folders();
    clusters();
    datastores();
    networks();
    for (const VmSpec& spec : site_.spec.vms) vm(spec);
  }

 private:
  bool esxi() const { return numbering_.esxi(); }

  SiteFolder topFolder(std::string name, std::string_view prefix) {
    SiteFolder folder;
    folder.name = std::move(name);
    folder.parent = site_.ref;
    folder.ref = esxi() ? MoRef{"Folder", "ha-folder-" + folder.name} : numbering_.next("Folder", prefix);
    return folder;
  }

  void folders() {
    site_.ref = esxi() ? MoRef{"Datacenter", "ha-datacenter"} : numbering_.next("Datacenter", "datacenter-");
    site_.vmFolder = topFolder("vm", "group-v");
    site_.hostFolder = topFolder("host", "group-h");
    site_.datastoreFolder = topFolder("datastore", "group-s");
    site_.networkFolder = topFolder("network", "group-n");
    byPath_.emplace("", &site_.vmFolder);
    for (const std::string& path : site_.spec.folders) vmFolder(path);
  }

  // The folder at a path, made with its parents where it is not there yet.
  SiteFolder& vmFolder(const std::string& path) {
    const auto found = byPath_.find(path);
    if (found != byPath_.end()) return *found->second;
    const auto slash = path.rfind('/');
    SiteFolder& parent = vmFolder(slash == std::string::npos ? std::string() : path.substr(0, slash));
    SiteFolder& folder = site_.vmFolders.emplace_back();
    folder.path = path;
    folder.name = slash == std::string::npos ? path : path.substr(slash + 1);
    folder.parent = parent.ref;
    folder.ref = numbering_.next("Folder", "group-v");
    parent.children.push_back(folder.ref);
    byPath_.emplace(path, &folder);
    return folder;
  }

  SitePool& pool(std::string name, const MoRef& parent, const MoRef& owner) {
    SitePool& pool = site_.pools.emplace_back();
    pool.name = std::move(name);
    pool.ref = esxi() && parent == owner ? MoRef{"ResourcePool", "ha-root-pool"}
                                         : numbering_.next("ResourcePool", "resgroup-");
    pool.parent = parent;
    pool.owner = owner;
    return pool;
  }

  void clusters() {
    for (const ClusterSpec& spec : site_.spec.clusters) {
      SiteCluster& cluster = site_.clusters.emplace_back();
      cluster.spec = &spec;
      cluster.parent = site_.hostFolder.ref;
      cluster.ref = esxi() ? MoRef{"ComputeResource", "ha-compute-res"}
                           : numbering_.next("ClusterComputeResource", "domain-c");
      site_.hostFolder.children.push_back(cluster.ref);
      cluster.environment = {"EnvironmentBrowser", "envbrowser-" + cluster.ref.id};
      cluster.rootPool = &pool("Resources", cluster.ref, cluster.ref);
      cluster.pools.push_back(cluster.rootPool);
      for (const PoolSpec& each : spec.pools) {
        SitePool& child = pool(each.name, cluster.rootPool->ref, cluster.ref);
        cluster.rootPool->pools.push_back(child.ref);
        cluster.pools.push_back(&child);
      }
      for (const HostSpec& each : spec.hosts) {
        SiteHost& host = site_.hosts.emplace_back();
        host.spec = &each;
        host.ref = esxi() ? MoRef{"HostSystem", "ha-host"} : numbering_.next("HostSystem", "host-");
        host.cluster = &cluster;
        cluster.hosts.push_back(&host);
        hosts_.emplace(each.name, &host);
      }
    }
  }

  SiteHost& host(const std::string& name, std::string_view by) {
    const auto found = hosts_.find(name);
    if (found == hosts_.end()) unknown("host", name, by);
    return *found->second;
  }

  void datastores() {
    for (const StoragePodSpec& spec : site_.spec.datastoreClusters) {
      SiteFolder& pod = site_.pods.emplace_back();
      pod.name = spec.name;
      pod.parent = site_.datastoreFolder.ref;
      pod.ref = numbering_.next("StoragePod", "group-p");
      site_.datastoreFolder.children.push_back(pod.ref);
    }
    for (const DatastoreSpec& spec : site_.spec.datastores) datastore(spec);
  }

  void datastore(const DatastoreSpec& spec) {
    SiteDatastore& store = site_.datastores.emplace_back();
    store.spec = &spec;
    store.uuid = uuidFor(site_.server.name + "/" + site_.spec.name + "/datastore/" + spec.name);
    store.ref = esxi() ? MoRef{"Datastore", store.uuid} : numbering_.next("Datastore", "datastore-");
    store.browser = {"HostDatastoreBrowser",
                     esxi() ? "ha-datastorebrowser-" + store.uuid : "datastoreBrowser-" + store.ref.id};
    SiteFolder* parent = &site_.datastoreFolder;
    if (!spec.cluster.empty()) {
      parent = &pick(site_.pods, spec.cluster, "datastore cluster", "datastore " + spec.name,
                     [](const SiteFolder& pod) { return pod.name; });
    }
    store.parent = parent->ref;
    parent->children.push_back(store.ref);
    if (spec.hosts.empty()) {
      for (SiteHost& each : site_.hosts) store.hosts.push_back(&each);
    }
    for (const std::string& name : spec.hosts) store.hosts.push_back(&host(name, "datastore " + spec.name));
    for (SiteHost* each : store.hosts) each->datastores.push_back(&store);
    datastores_.emplace(spec.name, &store);
  }

  SiteNetwork& network(std::string name, MoRef ref) {
    SiteNetwork& made = site_.networks.emplace_back();
    made.name = std::move(name);
    made.ref = std::move(ref);
    made.parent = site_.networkFolder.ref;
    site_.networkFolder.children.push_back(made.ref);
    for (SiteHost& each : site_.hosts) {
      made.hosts.push_back(&each);
      each.networks.push_back(&made);
    }
    return made;
  }

  void networks() {
    for (const std::string& name : site_.spec.networks) {
      network(name, esxi() ? MoRef{"Network", "HaNetwork-" + name} : numbering_.next("Network", "network-"));
    }
    for (const SwitchSpec& spec : site_.spec.switches) {
      const MoRef dvs = numbering_.next("VmwareDistributedVirtualSwitch", "dvs-");
      site_.networkFolder.children.push_back(dvs);
      const std::string uuid = uuidFor(site_.spec.name + "/switch/" + spec.name, "50");
      for (const PortGroupSpec& each : spec.portGroups) portGroup(each.name, &each, dvs, uuid);
      portGroup(spec.name + "-DVUplinks", nullptr, dvs, uuid).uplink = true;
    }
  }

  SiteNetwork& portGroup(const std::string& name, const PortGroupSpec* spec, const MoRef& dvs,
                         const std::string& uuid) {
    SiteNetwork& made = network(name, numbering_.next("DistributedVirtualPortgroup", "dvportgroup-"));
    made.portGroup = spec;
    made.key = made.ref.id;
    made.dvs = dvs;
    made.switchUuid = uuid;
    return made;
  }

  void vm(const VmSpec& spec) {
    SiteVm& vm = site_.vms.emplace_back();
    vm.spec = &spec;
    vm.longExtraConfig = site_.generated;
    const std::string by = "virtual machine " + spec.name;
    vm.ref = esxi() ? MoRef{"VirtualMachine", std::to_string(numbering_.nextVm())}
                    : numbering_.next("VirtualMachine", "vm-");
    vm.folder = &vmFolder(spec.folder);
    vm.folder->children.push_back(vm.ref);
    place(vm, by);
    disks(vm, by);
    for (const NicSpec& nic : spec.nics) {
      vm.nics.push_back(&pick(site_.networks, nic.network, "network", by,
                              [](const SiteNetwork& each) { return each.name; }));
      addOnce(vm.networks, vm.nics.back());
    }
    for (SiteNetwork* each : vm.networks) each->vms.push_back(vm.ref);
    for (SiteDatastore* each : vm.datastores) each->vms.push_back(vm.ref);
    // A tree with branches grows when the rest is there (vm_scenario.h).
    for (std::size_t i = 0; !hasBranches(spec) && i < spec.snapshots.size(); ++i) {
      vm.snapshots.push_back(
          esxi() ? MoRef{"VirtualMachineSnapshot", fmt::format("{}-snapshot-{}", vm.ref.id, i + 1)}
                 : numbering_.next("VirtualMachineSnapshot", "snapshot-"));
    }
  }

  void place(SiteVm& vm, const std::string& by) {
    SiteCluster& cluster = pick(site_.clusters, vm.spec->cluster, "cluster", by,
                                [](const SiteCluster& each) { return each.spec->name; });
    vm.host = vm.spec->host.empty() ? cluster.hosts.empty() ? nullptr : cluster.hosts.front()
                                    : &host(vm.spec->host, by);
    if (!vm.host) unknown("host", "(any)", by);
    vm.host->vms.push_back(vm.ref);
    if (vm.spec->powered) vm.host->memoryUsed += vm.spec->memory;
    vm.pool = pick(vm.host->cluster->pools, vm.spec->pool.empty() ? "Resources" : vm.spec->pool,
                   "resource pool", by, [](const SitePool* each) { return each->name; });
    // A template belongs to no pool.
    if (!vm.spec->isTemplate) vm.pool->vms.push_back(vm.ref);
  }

  SiteDatastore& datastoreNamed(const std::string& name, const std::string& by) {
    if (name.empty() && !site_.datastores.empty()) return site_.datastores.front();
    const auto found = datastores_.find(name);
    if (found == datastores_.end()) unknown("datastore", name, by);
    return *found->second;
  }

  void disks(SiteVm& vm, const std::string& by) {
    vm.home = &datastoreNamed(vm.spec->datastore, by);
    if (vm.spec->powered) vm.home->used += vm.spec->memory;  // its swap file
    addOnce(vm.datastores, vm.home);
    std::set<std::pair<std::int32_t, std::int32_t>> taken;
    for (std::size_t i = 0; i < vm.spec->disks.size(); ++i) {
      SiteDisk& disk = vm.disks.emplace_back();
      disk.spec = &vm.spec->disks[i];
      disk.datastore = disk.spec->datastore.empty() ? vm.home : &datastoreNamed(disk.spec->datastore, by);
      addOnce(vm.datastores, disk.datastore);
      disk.stem = disk.spec->file.empty()
                      ? fmt::format("{0}/{0}{1}", vm.spec->name, i ? fmt::format("_{}", i) : "")
                      : disk.spec->file;
      slot(disk, taken, by);
      disk.datastore->used += disk.committed();
      disk.datastore->uncommitted += disk.spec->size - disk.committed();
    }
  }

  static void slot(SiteDisk& disk, std::set<std::pair<std::int32_t, std::int32_t>>& taken,
                   const std::string& by) {
    constexpr std::int32_t own = 7;  // the controller's
    const std::string& wanted = disk.spec->controller;
    const std::int32_t first = wanted.starts_with("scsi") && wanted.size() == 5 ? wanted[4] - '0' : 0;
    for (std::int32_t bus = first; bus < 4; ++bus) {
      for (std::int32_t unit = disk.spec->unit.value_or(0); unit < 16; ++unit) {
        if (unit == own || !taken.emplace(bus, unit).second) {
          if (disk.spec->unit)
            throw ScenarioError(fmt::format("{}: unit {} of scsi{} is taken", by, unit, bus));
          continue;
        }
        disk.bus = bus;
        disk.unit = unit;
        return;
      }
    }
    throw ScenarioError(by + ": more than 60 disks");
  }

  Site& site_;
  Numbering& numbering_;
  std::map<std::string, SiteFolder*> byPath_;
  std::map<std::string, SiteHost*> hosts_;
  std::map<std::string, SiteDatastore*> datastores_;
};

}  // namespace

MoRef Numbering::next(std::string type, std::string_view prefix) {
  return {std::move(type), fmt::format("{}{}", prefix, next_++)};
}

bool SiteDatastore::readOnlyOn(const SiteHost& host) const {
  const auto& list = spec->readOnlyOn;
  return std::find(list.begin(), list.end(), host.spec->name) != list.end();
}

std::int64_t SiteDatastore::free() const {
  constexpr std::int64_t metadata = 1LL << 30;
  return spec->free >= 0 ? spec->free : std::max<std::int64_t>(0, spec->capacity - used - metadata);
}

std::int64_t SiteDisk::committed() const {
  return spec->provisioning == "thin" ? spec->size / 10 * 4 : spec->size;
}

std::string SiteVm::vmxPath() const {
  return fmt::format("[{0}] {1}/{1}.vmx", home->spec->name, spec->name);
}

void planSite(Site& site, Numbering& numbering) {
  Planner(site, numbering).plan();
}

Value refs(const std::vector<MoRef>& list) {
  return Value(std::vector<Value>(list.begin(), list.end()));
}

std::vector<Field> entity(const std::string& name, const MoRef& parent) {
  static const Value noPermissions = list({});
  return {{"parent", parent.id.empty() ? Value() : Value(parent)},
          {"overallStatus", "green"},
          {"configStatus", "green"},
          {"name", name},
          {"effectiveRole", shared(std::vector<Value>{std::int32_t{-1}})},
          {"permission", noPermissions},
          {"alarmActionsEnabled", true}};
}

Value filled(std::string_view type, bool flag, const std::vector<Field>& fields) {
  DataObject built(TypeModel::get().need(type));
  for (const MemberInfo& member : built.type().members) {
    if (!member.optional && member.kind == TypeKind::boolean) built.set(member.name, flag);
  }
  for (const auto& [name, value] : fields) built.set(name, value);
  return built;
}

}  // namespace failback::mock
