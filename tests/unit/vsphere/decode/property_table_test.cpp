// SPDX-License-Identifier: GPL-2.0-or-later
// The table of what is read, against the schema and against the decoders.
#include "vsphere/property_table.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/unit/vsphere/decode/messages.h"
#include "vsphere/binding/decode_containers.h"
#include "vsphere/binding/decode_datastore.h"
#include "vsphere/binding/decode_host.h"
#include "vsphere/binding/decode_network.h"
#include "vsphere/binding/decode_object.h"
#include "vsphere/binding/decode_vm.h"
#include "wsdl/schema.h"

using namespace failback;
using namespace failback::vsphere;

namespace {

bool contains(const std::vector<std::string>& paths, std::string_view path) {
  return std::ranges::find(paths, path) != paths.end();
}

std::vector<std::string> paths(std::string_view type, Depth depth, std::string_view version = "8.0.2.0") {
  return pathsFor(type, {depth, version, {}, true, {}});
}

// Follows a path through the schema; the first API release that knows all of it, or nothing.
std::optional<vim25::Since> resolve(std::string_view type, std::string path) {
  if (const auto key = path.find('['); key != std::string::npos) path.resize(key);
  vim25::Since since = vim25::Since::k65;
  std::string_view declared;
  for (std::string_view rest = path; !rest.empty();) {
    const std::size_t dot = rest.find('.');
    const std::string_view step = rest.substr(0, dot);
    rest = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
    if (declared.empty()) {
      const auto* property = vim25::findProperty(type, step);
      if (property == nullptr) return std::nullopt;
      declared = property->type;
      since = std::max(since, property->since);
    } else {
      const auto* member = vim25::findMember(declared, step);
      if (member == nullptr) return std::nullopt;
      declared = member->type;
      since = std::max(since, member->since);
    }
  }
  return since;
}

template <class T>
std::set<std::string> settersOf(const binding::SetterTable<T>& table) {
  std::set<std::string> result;
  for (const auto& row : table.rows()) result.emplace(row.path);
  return result;
}

std::set<std::string> rowsOf(std::initializer_list<std::string_view> types) {
  std::set<std::string> result;
  for (const Property& row : propertyTable())
    if (!row.keyed && std::ranges::find(types, row.type) != types.end()) result.emplace(row.path);
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(PropertyTable)

BOOST_AUTO_TEST_CASE(every_path_exists_in_the_schema_since_the_release_that_the_table_says) {
  for (const Property& row : propertyTable()) {
    const auto since = resolve(row.type, std::string(row.path));
    BOOST_TEST_CONTEXT(row.type << " " << row.path) {
      BOOST_REQUIRE(since.has_value());
      const vim25::Since said = row.since.empty() ? vim25::Since::k65 : vim25::releaseOf(row.since);
      BOOST_TEST(static_cast<int>(*since) == static_cast<int>(said));
      BOOST_TEST(!row.feeds.empty());
      BOOST_TEST(!row.needed.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(every_path_has_a_decoder) {
  for (const Property& row : propertyTable()) {
    if (row.type == "Task") continue;
    BOOST_TEST(binding::isKnownPath(row.type, row.path), row.type << " " << row.path);
  }
}

BOOST_AUTO_TEST_CASE(every_decoder_has_a_path) {
  BOOST_TEST((settersOf(binding::datacenterSetters()) == rowsOf({"Datacenter"})));
  BOOST_TEST((settersOf(binding::folderSetters()) == rowsOf({"Folder"})));
  BOOST_TEST((settersOf(binding::storagePodSetters()) == rowsOf({"Folder", "StoragePod"})));
  BOOST_TEST((settersOf(binding::clusterSetters()) == rowsOf({"ComputeResource", "ClusterComputeResource"})));
  BOOST_TEST((settersOf(binding::resourcePoolSetters()) == rowsOf({"ResourcePool", "VirtualApp"})));
  BOOST_TEST((settersOf(binding::hostSetters()) == rowsOf({"HostSystem"})));
  BOOST_TEST((settersOf(binding::datastoreSetters()) == rowsOf({"Datastore"})));
  BOOST_TEST((settersOf(binding::networkSetters()) ==
              rowsOf({"Network", "OpaqueNetwork", "DistributedVirtualPortgroup"})));
  BOOST_TEST((settersOf(binding::distributedSwitchSetters()) == rowsOf({"DistributedVirtualSwitch"})));
  BOOST_TEST((settersOf(binding::vmSetters()) == rowsOf({"VirtualMachine"})));
}

BOOST_AUTO_TEST_CASE(deeper_depths_contain_the_shallower_ones_but_for_keys) {
  for (const std::string_view type : inventoryTypes()) {
    const auto standard = paths(type, Depth::standard);
    const auto full = paths(type, Depth::full);
    for (const std::string& path : paths(type, Depth::thin)) BOOST_TEST(contains(standard, path), path);
    for (const std::string& path : standard)
      if (path.find('[') == std::string::npos) BOOST_TEST(contains(full, path), path);
  }
}

BOOST_AUTO_TEST_CASE(an_old_server_is_not_asked_for_what_it_does_not_know) {
  BOOST_TEST(!contains(paths("VirtualMachine", Depth::standard, "6.5"), "config.createDate"));
  BOOST_TEST(contains(paths("VirtualMachine", Depth::standard, "6.7"), "config.createDate"));
  BOOST_TEST(!contains(paths("HostSystem", Depth::standard, "6.9.1"), "capability.maxSupportedVmMemory"));
  BOOST_TEST(contains(paths("HostSystem", Depth::standard, "7.0.0.0"), "capability.maxSupportedVmMemory"));
}

BOOST_AUTO_TEST_CASE(what_a_server_refused_is_not_asked_again) {
  PathRequest request{Depth::standard, "8.0.2.0", {}, true, {"runtime.question"}};
  BOOST_TEST(!contains(pathsFor("VirtualMachine", request), "runtime.question"));
  request.keyedPaths = false;
  const auto without = pathsFor("VirtualMachine", request);
  BOOST_TEST(std::ranges::none_of(without, [](const auto& path) { return path.find('[') != path.npos; }));
  BOOST_TEST(std::ranges::count(without, "config.extraConfig") == 1);
}

BOOST_AUTO_TEST_CASE(further_keys_are_asked_for) {
  const auto with = pathsFor("VirtualMachine", {Depth::standard, "8.0.2.0", {"failback.mt.77d9"}, true, {}});
  BOOST_TEST(contains(with, "config.extraConfig[\"failback.mt.77d9\"]"));
  const auto host = pathsFor("HostSystem", {Depth::standard, "8.0.2.0", {"failback.mt.77d9"}, true, {}});
  BOOST_TEST(!contains(host, "config.extraConfig[\"failback.mt.77d9\"]"));
}

// Bytes: extraConfig alone is 14.7 KB of a VM's 25 KB, layoutEx another 3.
BOOST_AUTO_TEST_CASE(bulk_reads_leave_the_big_lists_out) {
  const auto standard = paths("VirtualMachine", Depth::standard);
  for (const std::string& path : standard) {
    BOOST_TEST(path != "config.extraConfig");
    BOOST_TEST(!path.starts_with("layoutEx"));
    BOOST_TEST(path != "config");
    BOOST_TEST(path != "config.hardware");
    BOOST_TEST(path != "guest");
    BOOST_TEST(path != "summary");
  }
  BOOST_TEST(contains(paths("VirtualMachine", Depth::full), "config.extraConfig"));
  BOOST_TEST(contains(paths("VirtualMachine", Depth::full), "layoutEx.file"));
  BOOST_TEST(!contains(paths("VirtualMachine", Depth::thin), "config.hardware.device"));
}

BOOST_AUTO_TEST_CASE(subtypes_are_asked_for_their_own_properties) {
  BOOST_TEST((specTypesOf("Network") ==
              std::vector<std::string_view>{"Network", "OpaqueNetwork", "DistributedVirtualPortgroup"}));
  BOOST_TEST(
      (specTypesOf("DistributedVirtualSwitch") == std::vector<std::string_view>{"DistributedVirtualSwitch"}));
  BOOST_TEST(contains(paths("VirtualApp", Depth::thin), "parentFolder"));
  BOOST_TEST(contains(paths("VirtualApp", Depth::thin), "name"));
  BOOST_TEST(!contains(paths("ResourcePool", Depth::full), "parentFolder"));
  BOOST_TEST(knownTypeOf("VmwareDistributedVirtualSwitch") == "DistributedVirtualSwitch");
  BOOST_TEST(knownTypeOf("Alarm") == "");
}

BOOST_AUTO_TEST_CASE(versions_are_compared_as_numbers) {
  BOOST_TEST(compareApiVersions("6.7.3", "7.0") < 0);
  BOOST_TEST(compareApiVersions("8.0.10.0", "8.0.9.0") > 0);
  BOOST_TEST(compareApiVersions("7.0", "7.0.0.0") == 0);
  BOOST_TEST(compareApiVersions("uA046D008", "9.0") > 0);
  BOOST_TEST(compareApiVersions("dev1", "dev2") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
