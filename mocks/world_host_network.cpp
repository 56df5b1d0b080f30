// SPDX-License-Identifier: GPL-2.0-or-later
// The network of a host: its standard switches with their port groups, and its management address.
#include <fmt/format.h>

#include <algorithm>

#include "mocks/random_source.h"
#include "mocks/site.h"

namespace failback::mock {

namespace {

constexpr const char* usualSwitch = "vSwitch0";

std::string macOf(const std::string& seed) {
  const std::uint64_t hash = hashOf(seed);
  return fmt::format("b0:26:28:{:02x}:{:02x}:{:02x}", hash & 0xffU, hash >> 8U & 0xffU, hash >> 16U & 0xffU);
}

std::string portGroupKey(const SitePortGroup& group) {
  return "key-vim.host.PortGroup-" + group.network->name;
}

std::string switchKey(const std::string& name) {
  return "key-vim.host.VirtualSwitch-" + name;
}

Value portGroups(const SiteHost& host) {
  const Value policy = object("HostNetworkPolicy");
  std::vector<Value> list;
  list.reserve(host.portGroups.size());
  for (const SitePortGroup& group : host.portGroups) {
    const Value spec = object("HostPortGroupSpec", {{"name", group.network->name},
                                                    {"vlanId", group.vlan},
                                                    {"vswitchName", group.vswitch},
                                                    {"policy", policy}});
    list.push_back(object("HostPortGroup", {{"key", portGroupKey(group)},
                                            {"vswitch", switchKey(group.vswitch)},
                                            {"computedPolicy", policy},
                                            {"spec", spec}}));
  }
  return list;
}

Value switchOf(const SiteHost& host, const std::string& name, const StandardSwitchSpec* said) {
  const std::int32_t mtu = said ? said->mtu : 1500;
  std::vector<Value> groups, cards, devices;
  for (const SitePortGroup& each : host.portGroups) {
    if (each.vswitch == name) groups.emplace_back(portGroupKey(each));
  }
  for (const std::string& each : said ? said->uplinks : std::vector<std::string>{}) {
    cards.emplace_back("key-vim.host.PhysicalNic-" + each);
    devices.emplace_back(each);
  }
  const Value bridge =
      devices.empty() ? Value() : Value(object("HostVirtualSwitchBondBridge", {{"nicDevice", devices}}));
  return object("HostVirtualSwitch",
                {{"name", name},
                 {"key", switchKey(name)},
                 {"numPorts", std::int32_t{2560}},
                 {"numPortsAvailable", std::int32_t{2500}},
                 {"mtu", mtu},
                 {"portgroup", groups},
                 {"pnic", cards.empty() ? Value() : Value(cards)},
                 {"spec", object("HostVirtualSwitchSpec",
                                 {{"numPorts", std::int32_t{128}}, {"bridge", bridge}, {"mtu", mtu}})}});
}

Value switches(const SiteHost& host) {
  std::vector<Value> list;
  list.reserve(host.switches.size() + 1);
  const auto isUsual = [](const StandardSwitchSpec* each) { return each->name == usualSwitch; };
  if (std::none_of(host.switches.begin(), host.switches.end(), isUsual))
    list.push_back(switchOf(host, usualSwitch, nullptr));
  for (const StandardSwitchSpec* each : host.switches) list.push_back(switchOf(host, each->name, each));
  return list;
}

}  // namespace

std::string addressOf(const SiteHost& host) {
  if (!host.spec->address.empty()) return host.spec->address;
  const std::uint64_t hash = hashOf(host.spec->name);
  return fmt::format("10.20.{}.{}", hash % 250, 1 + hash / 250 % 250);
}

Value networkConfig(const Site& site, const SiteHost& host) {
  const Value ip = object("HostIpConfig",
                          {{"dhcp", false}, {"ipAddress", addressOf(host)}, {"subnetMask", "255.255.0.0"}});
  const Value vnic =
      object("HostVirtualNic",
             {{"device", "vmk0"},
              {"key", "key-vim.host.VirtualNic-vmk0"},
              {"portgroup", "Management Network"},
              {"spec", object("HostVirtualNicSpec",
                              {{"ip", ip}, {"mac", macOf(host.spec->name)}, {"mtu", std::int32_t{1500}}})}});
  const auto dot = host.spec->name.find('.');
  return object(
      "HostNetworkInfo",
      {{"vswitch", switches(host)},
       {"portgroup", portGroups(host)},
       {"vnic", std::vector<Value>{vnic}},
       {"dnsConfig",
        object("HostDnsConfig",
               {{"dhcp", false},
                {"hostName", host.spec->name.substr(0, dot)},
                {"domainName", dot == std::string::npos ? "site.example" : host.spec->name.substr(dot + 1)},
                {"address", std::vector<Value>{"10.20.0.2"}}})},
       {"ipV6Enabled", !site.server.esxi}});
}

}  // namespace failback::mock
