// SPDX-License-Identifier: GPL-2.0-or-later
// generate:hosts=N,datastores=N,vms=N: sites of any size, of which everything follows from the numbers.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "mocks/scenario.h"

namespace failback::mock {

namespace {

struct Numbers {
  std::int32_t hosts = 4, datastores = 4, vms = 100;
};

Numbers parseNumbers(std::string_view parameters) {
  Numbers numbers;
  while (!parameters.empty()) {
    const std::string_view one = parameters.substr(0, parameters.find(','));
    parameters.remove_prefix(std::min(parameters.size(), one.size() + 1));
    const auto equals = one.find('=');
    const std::string_view name = one.substr(0, equals);
    std::int32_t* target = name == "hosts"        ? &numbers.hosts
                           : name == "datastores" ? &numbers.datastores
                           : name == "vms"        ? &numbers.vms
                                                  : nullptr;
    const std::string_view text =
        equals == std::string_view::npos ? std::string_view() : one.substr(equals + 1);
    std::int32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool good = target && error == std::errc() && end == text.data() + text.size() && value >= 0;
    if (!good) {
      throw ScenarioError(
          fmt::format("generate: '{}' is not understood; write generate:hosts=N,datastores=N,vms=N", one));
    }
    *target = value;
  }
  if (numbers.vms > 0 && (numbers.hosts == 0 || numbers.datastores == 0)) {
    throw ScenarioError("generate: virtual machines need at least one host and one datastore");
  }
  return numbers;
}

constexpr std::int32_t hostsPerCluster = 32;
constexpr std::int32_t vmsPerFolder = 200;

std::int32_t clustersOf(const Numbers& numbers) {
  return (numbers.hosts + hostsPerCluster - 1) / hostsPerCluster;
}

// One of those that the cluster's hosts mount: every clusters'th belongs to it.
std::int32_t datastoreFor(std::int32_t number, std::int32_t cluster, const Numbers& numbers) {
  const std::int32_t clusters = clustersOf(numbers);
  const std::int32_t own = (numbers.datastores - cluster + clusters - 1) / clusters;
  return own <= 0 ? number % numbers.datastores : cluster + clusters * (number / numbers.hosts % own);
}

VmSpec generatedVm(std::int32_t number, const Numbers& numbers) {
  VmSpec vm;
  vm.name = fmt::format("vm-{:05}", number);
  vm.folder = fmt::format("folder-{:03}", number / vmsPerFolder);
  const std::int32_t host = number % numbers.hosts;
  vm.host = fmt::format("esx-{:04}.site.example", host);
  vm.cluster = fmt::format("cluster-{:03}", host / hostsPerCluster);
  vm.datastore = fmt::format("datastore-{:04}", datastoreFor(number, host / hostsPerCluster, numbers));
  const bool windows = number % 3 == 2;
  vm.guestId = windows ? "windows2019srv_64Guest" : "ubuntu64Guest";
  vm.firmware = windows ? "efi" : "bios";
  vm.cpus = 1 << (number % 4);
  vm.memory = static_cast<std::int64_t>(2 + 2 * (number % 8)) << 30;
  vm.powered = number % 5 != 4;
  vm.disks.reserve(static_cast<std::size_t>(number % 3) + 1);
  for (std::int32_t i = 0; i <= number % 3; ++i) {
    DiskSpec disk;
    disk.size = static_cast<std::int64_t>(20 + 20 * i) << 30;
    vm.disks.push_back(disk);
  }
  vm.nics.push_back({"production", "vmxnet3", {}, true, {}});
  vm.addresses.push_back(fmt::format("10.{}.{}.{}", 1 + number / 65536, (number / 256) % 256, number % 256));
  return vm;
}

}  // namespace

ScenarioSpec generateScenario(std::string_view parameters) {
  const Numbers numbers = parseNumbers(parameters);
  ScenarioSpec scenario;
  scenario.description = "generated";
  DatacenterSpec datacenter;
  datacenter.name = "DC0";
  for (std::int32_t i = 0; i < numbers.hosts; ++i) {
    if (i % hostsPerCluster == 0) {
      ClusterSpec cluster;
      cluster.name = fmt::format("cluster-{:03}", i / hostsPerCluster);
      datacenter.clusters.push_back(cluster);
    }
    HostSpec host;
    host.name = fmt::format("esx-{:04}.site.example", i);
    datacenter.clusters.back().hosts.push_back(host);
  }
  for (std::int32_t i = 0; i < numbers.datastores; ++i) {
    DatastoreSpec datastore;
    datastore.name = fmt::format("datastore-{:04}", i);
    datastore.capacity = 64LL << 40;
    // A cluster's own, as on a site of that size: a datastore that all hosts mount would be described by all
    // of them.
    if (!datacenter.clusters.empty()) {
      const auto& cluster = datacenter.clusters[static_cast<std::size_t>(i) % datacenter.clusters.size()];
      for (const HostSpec& host : cluster.hosts) datastore.hosts.push_back(host.name);
    }
    datacenter.datastores.push_back(datastore);
  }
  SwitchSpec dvs;
  dvs.name = "switch-0";
  dvs.portGroups.push_back({"production", 100, "earlyBinding"});
  datacenter.switches.push_back(dvs);
  datacenter.vms.reserve(static_cast<std::size_t>(numbers.vms));
  for (std::int32_t i = 0; i < numbers.vms; ++i) datacenter.vms.push_back(generatedVm(i, numbers));
  for (std::int32_t i = 0; i * vmsPerFolder < numbers.vms; ++i) {
    datacenter.folders.push_back(fmt::format("folder-{:03}", i));
  }
  scenario.datacenters.push_back(std::move(datacenter));
  return scenario;
}

}  // namespace failback::mock
