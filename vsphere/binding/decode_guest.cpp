// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/decode_guest.h"

#include <algorithm>

#include "vsphere/text_case.h"

namespace failback::vsphere::binding {
namespace {

// Older Tools give the plain list only, newer ones both.
std::vector<std::string> addressesOf(const vim25__GuestNicInfo& info) {
  std::vector<std::string> addresses = info.ipAddress;
  if (info.ipConfig == nullptr) return addresses;
  for (const auto* address : info.ipConfig->ipAddress) {
    if (address == nullptr || !address->ipAddress) continue;
    if (std::ranges::find(addresses, *address->ipAddress) == addresses.end())
      addresses.push_back(*address->ipAddress);
  }
  return addresses;
}

// Where the IPv4 addresses come from, as far as Tools says.
std::optional<bool> dhcpOf(const vim25__GuestNicInfo& info) {
  if (info.ipConfig == nullptr) return std::nullopt;
  std::optional<bool> result;
  for (const auto* address : info.ipConfig->ipAddress) {
    if (address == nullptr || !address->origin || !address->ipAddress) continue;
    if (address->ipAddress->find(':') != std::string::npos) continue;
    if (*address->origin == "dhcp") return true;
    if (*address->origin == "manual") result = false;
  }
  return result;
}

}  // namespace

GuestNic decodeGuestNic(const vim25__GuestNicInfo& info) {
  GuestNic nic;
  nic.network = info.network;
  if (info.macAddress) nic.macAddress = lowerCase(*info.macAddress);
  nic.connected = info.connected;
  nic.ipAddresses = addressesOf(info);
  nic.dhcp = dhcpOf(info);
  return nic;
}

GuestVolume decodeGuestVolume(const vim25__GuestDiskInfo& info) {
  GuestVolume volume;
  volume.path = info.diskPath.value_or("");
  volume.capacityBytes = info.capacity;
  volume.freeSpaceBytes = info.freeSpace;
  volume.filesystemType = info.filesystemType;
  for (const auto* mapping : info.mappings)
    if (mapping != nullptr && mapping->key) volume.diskKeys.push_back(*mapping->key);
  return volume;
}

}  // namespace failback::vsphere::binding
