// SPDX-License-Identifier: GPL-2.0-or-later
// The one table of what is read from vCenter: managed type, property path, from which depth on, which member
// of our values it feeds, who needs it. The client asks for exactly these paths and every decoder knows
// exactly these paths; a new fact is one row here and one line in each decoder (a test compares them).
//
// Not in the table, because they are read on demand and not in bulk: events and tasks of the past
// (MT-UUID-ACTIVE, MT-HABIT, VM-STAYS-OFF, FB-SVMOTION), scheduled tasks (MT-HABIT), datastore browsing
// (NEW-PATH, VM-STAYS-OFF), privileges (ENV-PRIVILEGE), hardware versions and guest ids of a host (NEW-HOST,
// PLAN-GUEST-OS, through Cluster::environmentBrowser), UUID searches (MT-FOUND, NEW-UUID), licences
// (ENV-LICENSE), the clock (ENV-CLOCK).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace failback::vsphere {

// How much is read of each object.
enum class Depth {
  thin,      // names, identity, state, sizes: what a list shows
  standard,  // everything the rules need
  full,      // and all extraConfig, files, notes: for a dump that is kept, and for the few VMs of a plan
};

struct Property {
  std::string_view type;  // managed type that declares it, as in PropertySpec.type
  std::string_view path;  // "config.hardware.device", `config.extraConfig["failback.plan"]`
  Depth depth = Depth::standard;
  // The first API version that knows it ("6.7"); empty: 6.5 does, our oldest. A server refuses the whole call
  // (InvalidProperty) when one path is unknown to it.
  std::string_view since;
  std::string_view feeds;   // member of our value
  std::string_view needed;  // rules and uses
  // A path with a key in brackets: a key that is absent gives no value, which is no error. Servers that do
  // not understand such paths answer InvalidProperty: then ask once more with PathRequest::keyedPaths =
  // false.
  bool keyed = false;
};

// All rows, grouped by type.
std::span<const Property> propertyTable();

// The managed types of the inventory, those that are given to a view: "VirtualMachine", "HostSystem", ...
// A view on a type delivers its subtypes too.
std::span<const std::string_view> inventoryTypes();
// The types that need a PropertySpec of their own when `type` is read: itself, then its subtypes that have
// more properties ("ResourcePool", "VirtualApp"). A server may answer the paths of one matching PropertySpec
// or of all of them: each names all paths, and decoders take the same path twice.
std::vector<std::string_view> specTypesOf(std::string_view type);
// The type whose rows apply to an object of this type: "VmwareDistributedVirtualSwitch" is read as
// "DistributedVirtualSwitch". Empty when the type is none of the inventory's.
std::string_view knownTypeOf(std::string_view managedType);
// The type of the inventory that this one is derived from ("Folder" of "StoragePod"); empty when there is
// none.
std::string_view baseTypeOf(std::string_view managedType);

struct PathRequest {
  Depth depth = Depth::standard;
  // The version spoken with this server (VCenter::negotiatedVersion), not the one it could speak.
  std::string_view apiVersion;
  // Further extraConfig keys to read ("failback.mt.<plan id>").
  std::vector<std::string> extraConfigKeys;
  // False: leave out paths with keys and, at standard depth and when a key is wanted, read the whole of
  // config.extraConfig instead (some 15 KB per VM).
  bool keyedPaths = true;
  // Paths that this server refused with InvalidProperty; they are left out.
  std::vector<std::string> refused;
};
// The paths to ask of this type, its supertypes' first, each once.
std::vector<std::string> pathsFor(std::string_view type, const PathRequest& request);

// Compares API versions as numbers, field by field: "6.7.3" < "7.0" < "8.0.10.0"; missing fields are 0. A
// text that is no version (an internal id) is newer than any number.
int compareApiVersions(std::string_view a, std::string_view b);

}  // namespace failback::vsphere
