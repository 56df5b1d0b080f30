// SPDX-License-Identifier: GPL-2.0-or-later
// Names in a scenario that lead nowhere, and names that are there twice.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "mocks/scenario_reader.h"

namespace failback::mock {

namespace {

using Names = std::set<std::string, std::less<>>;

class Checker {
 public:
  std::vector<ScenarioProblem> check(const ScenarioSpec& spec) {
    unique(spec.users, "/users", "user");
    unique(spec.groups, "/groups", "group");
    unique(spec.roles, "/roles", "role");
    unique(spec.datacenters, "/datacenters", "datacenter");
    for (std::size_t i = 0; i < spec.datacenters.size(); ++i)
      datacenter(spec.datacenters[i], fmt::format("/datacenters/{}", i));
    return std::move(problems_);
  }

 private:
  // One that is there twice is named at its second place.
  template <typename T>
  Names unique(const std::vector<T>& parts, const std::string& pointer, std::string_view kind) {
    Names names;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (!names.insert(parts[i].name).second)
        add(fmt::format("{}/{}/name", pointer, i),
            fmt::format("there is a {} '{}' already", kind, parts[i].name));
    }
    return names;
  }

  void add(std::string pointer, std::string text) {
    problems_.push_back({std::move(pointer), std::move(text)});
  }

  void known(const Names& names, const std::string& name, const std::string& pointer, std::string_view kind,
             std::string_view by) {
    if (name.empty() || names.contains(name)) return;
    add(pointer, fmt::format("{} names the {} '{}', which the scenario does not have", by, kind, name));
  }
  void known(const Names& names, const std::vector<std::string>& list, const std::string& pointer,
             std::string_view kind, std::string_view by) {
    for (std::size_t i = 0; i < list.size(); ++i)
      known(names, list[i], fmt::format("{}/{}", pointer, i), kind, by);
  }

  void datacenter(const DatacenterSpec& spec, const std::string& at) {
    hosts_.clear();
    pools_.clear();
    vapps_.clear();
    clusters(spec, at);
    pods_ = unique(spec.datastoreClusters, at + "/datastoreClusters", "datastore cluster");
    datastores_ = unique(spec.datastores, at + "/datastores", "datastore");
    for (std::size_t i = 0; i < spec.datastores.size(); ++i)
      datastore(spec.datastores[i], fmt::format("{}/datastores/{}", at, i));
    networks(spec, at);
    machines(spec, at);
  }

  void clusters(const DatacenterSpec& spec, const std::string& at) {
    clusters_ = unique(spec.clusters, at + "/clusters", "cluster");
    for (std::size_t i = 0; i < spec.clusters.size(); ++i) {
      const ClusterSpec& cluster = spec.clusters[i];
      const std::string place = fmt::format("{}/clusters/{}", at, i);
      for (std::size_t h = 0; h < cluster.hosts.size(); ++h) {
        if (!hosts_.insert(cluster.hosts[h].name).second) {
          add(fmt::format("{}/hosts/{}/name", place, h),
              fmt::format("there is a host '{}' already", cluster.hosts[h].name));
        }
      }
      pools(cluster.pools, cluster.vapps, place, "");
    }
  }

  void pools(const std::vector<PoolSpec>& pools, const std::vector<VappSpec>& vapps, const std::string& at,
             const std::string& above) {
    unique(pools, at + "/pools", "resource pool");
    unique(vapps, at + "/vapps", "vApp");
    for (const VappSpec& each : vapps) vapps_.insert({each.name, above + each.name});
    for (std::size_t i = 0; i < pools.size(); ++i) {
      pools_.insert({pools[i].name, above + pools[i].name});
      this->pools(pools[i].pools, pools[i].vapps, fmt::format("{}/pools/{}", at, i),
                  above + pools[i].name + "/");
    }
  }

  void datastore(const DatastoreSpec& spec, const std::string& at) {
    const std::string by = "datastore " + spec.name;
    known(pods_, spec.cluster, at + "/cluster", "datastore cluster", by);
    known(hosts_, spec.hosts, at + "/hosts", "host", by);
    known(hosts_, spec.readOnlyOn, at + "/readOnlyOn", "host", by);
    if (spec.free > spec.capacity) add(at + "/free", "more is free than the capacity");
  }

  void networks(const DatacenterSpec& spec, const std::string& at) {
    networks_ = {spec.networks.begin(), spec.networks.end()};
    for (std::size_t i = 0; i < spec.standardSwitches.size(); ++i) {
      const StandardSwitchSpec& each = spec.standardSwitches[i];
      known(hosts_, each.hosts, fmt::format("{}/standardSwitches/{}/hosts", at, i), "host",
            "standard switch " + each.name);
      for (const PortGroupSpec& group : each.portGroups) networks_.insert(group.name);
    }
    unique(spec.switches, at + "/switches", "switch");
    for (std::size_t i = 0; i < spec.switches.size(); ++i) {
      const SwitchSpec& each = spec.switches[i];
      const std::string place = fmt::format("{}/switches/{}", at, i);
      known(hosts_, each.hosts, place + "/hosts", "host", "switch " + each.name);
      for (std::size_t g = 0; g < each.portGroups.size(); ++g) {
        if (!networks_.insert(each.portGroups[g].name).second) {
          add(fmt::format("{}/portGroups/{}/name", place, g),
              fmt::format("there is a network '{}' already", each.portGroups[g].name));
        }
      }
    }
  }

  void machines(const DatacenterSpec& spec, const std::string& at) {
    std::set<std::pair<std::string, std::string>> names;
    std::map<std::string, std::size_t, std::less<>> disks;  // how many, by machine
    for (const VmSpec& each : spec.vms) {
      disks[each.name] = each.disks.size();
      disks[each.folder + "/" + each.name] = each.disks.size();
    }
    for (std::size_t i = 0; i < spec.vms.size(); ++i) {
      const VmSpec& each = spec.vms[i];
      const std::string place = fmt::format("{}/vms/{}", at, i);
      if (!names.emplace(each.vapp.empty() ? "folder " + each.folder : "vApp " + each.vapp, each.name).second)
        add(place + "/name", fmt::format("there is a machine '{}' in the folder already", each.name));
      machine(each, place);
      for (std::size_t d = 0; d < each.disks.size(); ++d)
        attached(each.disks[d].attach, disks, fmt::format("{}/disks/{}/attach", place, d), each.name);
    }
  }

  void machine(const VmSpec& spec, const std::string& at) {
    const std::string by = "virtual machine " + spec.name;
    known(clusters_, spec.cluster, at + "/cluster", "cluster", by);
    known(hosts_, spec.host, at + "/host", "host", by);
    if (spec.pool != "Resources") known(pools_, spec.pool, at + "/pool", "resource pool", by);
    known(vapps_, spec.vapp, at + "/vapp", "vApp", by);
    known(datastores_, spec.datastore, at + "/datastore", "datastore", by);
    for (std::size_t i = 0; i < spec.disks.size(); ++i)
      known(datastores_, spec.disks[i].datastore, fmt::format("{}/disks/{}/datastore", at, i), "datastore",
            by);
    for (std::size_t i = 0; i < spec.nics.size(); ++i)
      known(networks_, spec.nics[i].network, fmt::format("{}/nics/{}/network", at, i), "network", by);
  }

  void attached(const std::string& text, const std::map<std::string, std::size_t, std::less<>>& disks,
                const std::string& at, const std::string& by) {
    if (text.empty()) return;
    const auto slash = text.rfind('/');
    const auto found = slash == std::string::npos ? disks.end() : disks.find(text.substr(0, slash));
    for (std::size_t i = 0; found != disks.end() && i < found->second; ++i) {
      if (text.substr(slash + 1) == std::to_string(i)) return;
    }
    add(at, fmt::format("virtual machine {} names the disk '{}', which the scenario does not have; write one "
                        "such as \"web-01/0\"",
                        by, text));
  }

  std::vector<ScenarioProblem> problems_;
  Names clusters_, hosts_, pools_, vapps_, pods_, datastores_, networks_;  // of the datacenter
};

}  // namespace

std::vector<ScenarioProblem> checkNames(const ScenarioSpec& spec) {
  return Checker().check(spec);
}

}  // namespace failback::mock
