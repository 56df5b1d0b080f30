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
    for (const VmSpec& spec : site_.spec.vms) {
      // Directories that are said come before those that follow from names.
      if (!spec.vmx.empty()) {
        directories_.emplace(&datastoreNamed(spec.datastore, "virtual machine " + spec.name),
                             spec.vmx.substr(0, spec.vmx.rfind('/')));
      }
    }
    for (const VmSpec& spec : site_.spec.vms) vm(spec);
    for (SiteVm& each : site_.vms) attach(each);
    planSharedDisks(site_);
    for (SiteVm& each : site_.vms) {
      for (SiteDatastore* store : each.datastores) store->vms.push_back(each.ref);
    }
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

  SitePool& pool(std::string name, const MoRef& parent, const MoRef& owner, bool vapp = false) {
    SitePool& pool = site_.pools.emplace_back();
    pool.name = std::move(name);
    pool.ref = vapp                        ? numbering_.next("VirtualApp", "resgroup-v")
               : esxi() && parent == owner ? MoRef{"ResourcePool", "ha-root-pool"}
                                           : numbering_.next("ResourcePool", "resgroup-");
    pool.parent = parent;
    pool.owner = owner;
    return pool;
  }

  // The pools and vApps within a pool.
  void pools(SiteCluster& cluster, SitePool& above, const std::vector<PoolSpec>& pools,
             const std::vector<VappSpec>& vapps) {
    const std::string prefix = above.path.empty() ? "" : above.path + "/";
    for (const PoolSpec& each : pools) {
      SitePool& child = pool(each.name, above.ref, cluster.ref);
      child.path = prefix + each.name;
      above.pools.push_back(child.ref);
      cluster.pools.push_back(&child);
      this->pools(cluster, child, each.pools, each.vapps);
    }
    for (const VappSpec& each : vapps) {
      SitePool& child = pool(each.name, above.ref, cluster.ref, true);
      child.path = prefix + each.name;
      child.vapp = &each;
      child.folder = &vmFolder(each.folder);
      child.folder->children.push_back(child.ref);
      above.pools.push_back(child.ref);
      cluster.pools.push_back(&child);
    }
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
      pools(cluster, *cluster.rootPool, spec.pools, spec.vapps);
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

  // The hosts of those names; all when there are none.
  std::vector<SiteHost*> hostsNamed(const std::vector<std::string>& names, const std::string& by) {
    std::vector<SiteHost*> found;
    found.reserve(names.empty() ? site_.hosts.size() : names.size());
    for (SiteHost& each : site_.hosts) {
      if (names.empty()) found.push_back(&each);
    }
    for (const std::string& name : names) found.push_back(&host(name, by));
    return found;
  }

  SiteNetwork& network(std::string name, MoRef ref, const std::vector<SiteHost*>& hosts) {
    SiteNetwork& made = site_.networks.emplace_back();
    made.name = std::move(name);
    made.ref = std::move(ref);
    made.parent = site_.networkFolder.ref;
    site_.networkFolder.children.push_back(made.ref);
    connect(made, hosts);
    return made;
  }

  static void connect(SiteNetwork& network, const std::vector<SiteHost*>& hosts) {
    for (SiteHost* each : hosts) {
      addOnce(network.hosts, each);
      addOnce(each->networks, &network);
    }
  }

  // The Network of a standard port group, which hosts have in common when its name is the same.
  SiteNetwork& standardNetwork(const std::string& name, const std::vector<SiteHost*>& hosts) {
    for (SiteNetwork& each : site_.networks) {
      if (each.name != name || !each.dvs.id.empty()) continue;
      connect(each, hosts);
      return each;
    }
    return network(
        name, esxi() ? MoRef{"Network", "HaNetwork-" + name} : numbering_.next("Network", "network-"), hosts);
  }

  void standardSwitches() {
    for (const std::string& name : site_.spec.networks) {
      const std::vector<SiteHost*> hosts = hostsNamed({}, {});
      const SiteNetwork& made = standardNetwork(name, hosts);
      for (SiteHost* each : hosts) each->portGroups.push_back({&made, "vSwitch0", 0});
    }
    for (const StandardSwitchSpec& spec : site_.spec.standardSwitches) {
      const std::vector<SiteHost*> hosts = hostsNamed(spec.hosts, "standard switch " + spec.name);
      for (SiteHost* each : hosts) each->switches.push_back(&spec);
      for (const PortGroupSpec& group : spec.portGroups) {
        const SiteNetwork& made = standardNetwork(group.name, hosts);
        for (SiteHost* each : hosts) each->portGroups.push_back({&made, spec.name, group.vlan});
      }
    }
  }

  void networks() {
    standardSwitches();
    for (const SwitchSpec& spec : site_.spec.switches) {
      const std::vector<SiteHost*> hosts = hostsNamed(spec.hosts, "switch " + spec.name);
      const MoRef dvs = numbering_.next("VmwareDistributedVirtualSwitch", "dvs-");
      site_.networkFolder.children.push_back(dvs);
      const std::string uuid = uuidFor(site_.spec.name + "/switch/" + spec.name, "50");
      for (const PortGroupSpec& each : spec.portGroups) portGroup(each.name, &each, dvs, uuid, hosts);
      portGroup(spec.name + "-DVUplinks", nullptr, dvs, uuid, hosts).uplink = true;
    }
  }

  SiteNetwork& portGroup(const std::string& name, const PortGroupSpec* spec, const MoRef& dvs,
                         const std::string& uuid, const std::vector<SiteHost*>& hosts) {
    SiteNetwork& made = network(name, numbering_.next("DistributedVirtualPortgroup", "dvportgroup-"), hosts);
    made.portGroup = spec;
    made.key = made.ref.id;
    made.dvs = dvs;
    made.switchUuid = uuid;
    return made;
  }

  void vm(const VmSpec& spec) {
    SiteVm& vm = site_.vms.emplace_back();
    vm.spec = &spec;
    vm.site = &site_;
    vm.longExtraConfig = site_.generated;
    const std::string by = "virtual machine " + spec.name;
    vm.ref = esxi() ? MoRef{"VirtualMachine", std::to_string(numbering_.nextVm())}
                    : numbering_.next("VirtualMachine", "vm-");
    if (spec.vapp.empty()) {
      vm.folder = &vmFolder(spec.folder);
      vm.folder->children.push_back(vm.ref);
    }
    place(vm, by);
    disks(vm, by);
    planSlots(vm);
    for (const NicSpec& nic : spec.nics) {
      vm.nics.push_back(&pick(site_.networks, nic.network, "network", by,
                              [](const SiteNetwork& each) { return each.name; }));
      addOnce(vm.networks, vm.nics.back());
    }
    for (SiteNetwork* each : vm.networks) each->vms.push_back(vm.ref);
    // A tree with branches grows when the rest is there (vm_scenario.h).
    for (std::size_t i = 0; !growsSnapshots(spec) && i < spec.snapshots.size(); ++i) {
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
    if (vm.spec->powered && vm.host->spec->standby)
      throw ScenarioError(fmt::format("{} runs on {}, which is in standby", by, vm.host->spec->name));
    const bool inVapp = !vm.spec->vapp.empty();
    vm.pool = &poolNamed(*vm.host->cluster, inVapp ? vm.spec->vapp : vm.spec->pool, inVapp, by);
    vm.pool->machines.push_back(&vm);
    // A template belongs to no pool.
    if (!vm.spec->isTemplate) vm.pool->vms.push_back(vm.ref);
  }

  static SitePool& poolNamed(const SiteCluster& cluster, const std::string& name, bool vapp,
                             const std::string& by) {
    if (name.empty() || (name == "Resources" && !vapp)) return *cluster.rootPool;
    for (const bool whole : {true, false}) {
      for (SitePool* each : cluster.pools) {
        if ((each->vapp != nullptr) == vapp && (whole ? each->path : each->name) == name) return *each;
      }
    }
    unknown(vapp ? "vApp" : "resource pool", name, by);
  }

  // Where its files are: a directory of its own.
  void home(SiteVm& vm, const std::string& by) {
    vm.home = &datastoreNamed(vm.spec->datastore, by);
    if (!vm.spec->vmx.empty()) {
      const auto slash = vm.spec->vmx.rfind('/'), dot = vm.spec->vmx.rfind('.');
      vm.directory = vm.spec->vmx.substr(0, slash);
      vm.base = vm.spec->vmx.substr(slash + 1, dot - slash - 1);
    } else {
      vm.base = vm.directory = vm.spec->name;
      for (int i = 1; directories_.contains({vm.home, vm.directory}); ++i)
        vm.directory = fmt::format("{}_{}", vm.spec->name, i);
    }
    directories_.emplace(vm.home, vm.directory);
  }

  SiteDatastore& datastoreNamed(const std::string& name, const std::string& by) {
    if (name.empty() && !site_.datastores.empty()) return site_.datastores.front();
    const auto found = datastores_.find(name);
    if (found == datastores_.end()) unknown("datastore", name, by);
    return *found->second;
  }

  void disks(SiteVm& vm, const std::string& by) {
    home(vm, by);
    if (vm.spec->powered) vm.home->used += vm.spec->memory;  // its swap file
    addOnce(vm.datastores, vm.home);
    for (std::size_t i = 0; i < vm.spec->disks.size(); ++i) {
      SiteDisk& disk = vm.disks.emplace_back();
      disk.spec = disk.own = &vm.spec->disks[i];
      if (!disk.own->attach.empty()) continue;  // when all machines are there
      disk.datastore = disk.spec->datastore.empty() ? vm.home : &datastoreNamed(disk.spec->datastore, by);
      addOnce(vm.datastores, disk.datastore);
      disk.stem = disk.spec->file.empty()
                      ? fmt::format("{}/{}{}", vm.directory, vm.base, i ? fmt::format("_{}", i) : "")
                      : disk.spec->file;
    }
  }

  // "web-01/0": disk 0 of web-01, which may be written with its folder.
  void attach(SiteVm& vm) {
    for (SiteDisk& disk : vm.disks) {
      const std::string& text = disk.own->attach;
      if (text.empty()) continue;
      const SiteDisk* target = diskNamed(text);
      if (!target) unknown("disk", text, "virtual machine " + vm.spec->name);
      disk.spec = target->spec;
      disk.datastore = target->datastore;
      disk.stem = target->stem;
      addOnce(vm.datastores, disk.datastore);
    }
  }

  const SiteDisk* diskNamed(const std::string& text) const {
    const auto slash = text.rfind('/');
    if (slash == std::string::npos) return nullptr;
    const std::string machine = text.substr(0, slash), number = text.substr(slash + 1);
    for (const SiteVm& each : site_.vms) {
      const std::string path = each.spec->folder.empty() ? "" : each.spec->folder + "/";
      if (machine != each.spec->name && machine != path + each.spec->name) continue;
      for (std::size_t i = 0; i < each.disks.size(); ++i) {
        if (std::to_string(i) == number && each.disks[i].own->attach.empty()) return &each.disks[i];
      }
    }
    return nullptr;
  }

  Site& site_;
  Numbering& numbering_;
  std::map<std::string, SiteFolder*> byPath_;
  std::map<std::string, SiteHost*> hosts_;
  std::map<std::string, SiteDatastore*> datastores_;
  std::set<std::pair<const SiteDatastore*, std::string>> directories_;  // of machines
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
  if (spec->missing || !spec->rdm.empty()) return 0;
  if (spec->used >= 0) return std::min(spec->used, spec->size);
  return spec->provisioning == "thin" ? spec->size / 10 * 4 : spec->size;
}

std::string SiteVm::vmxPath() const {
  return fileBeside(base + (spec->vmx.ends_with(".vmtx") ? ".vmtx" : ".vmx"));
}

std::string SiteVm::fileBeside(std::string_view name) const {
  return fmt::format("[{}] {}/{}", home->spec->name, directory, name);
}

Value SiteVm::datastoreRef(std::string_view name) const {
  for (const SiteDatastore& each : site->datastores) {
    if (each.spec->name == name) return each.ref;
  }
  return {};
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
