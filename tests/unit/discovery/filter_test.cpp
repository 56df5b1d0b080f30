// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/filter.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "discovery/derived.h"
#include "discovery/view.h"
#include "tests/unit/discovery/sample_site.h"

using namespace failback;
using namespace failback::discovery;
using testing::derivedSite;
using testing::ref;

namespace {

template <class T>
std::set<std::string> names(const View& view) {
  std::set<std::string> result;
  for (const T* object : view.all<T>()) result.insert(object->name);
  return result;
}

using Names = std::set<std::string>;

FilterSpec byHost(const std::string& pattern) {
  FilterSpec spec;
  spec.hosts = {pattern};
  return spec;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(filter)

BOOST_AUTO_TEST_CASE(no_filter_keeps_everything_sorted_by_path) {
  const Inventory inventory = derivedSite();
  const View view(inventory);
  BOOST_TEST(view.size() == inventory.size());
  std::string last;
  for (const auto* vm : view.all<vsphere::VirtualMachine>()) {
    BOOST_TEST((last <= vm->inventoryPath), last << " before " << vm->inventoryPath);
    last = vm->inventoryPath;
  }
}

BOOST_AUTO_TEST_CASE(kinds_by_any_of_their_names) {
  BOOST_TEST((kindFromText("vm") == Kind::virtualMachine));
  BOOST_TEST((kindFromText("virtualmachines") == Kind::virtualMachine));
  BOOST_TEST((kindFromText("HostSystem") == Kind::host));
  BOOST_TEST((kindFromText("ClusterComputeResource") == Kind::cluster));
  BOOST_TEST((kindFromText("dvs") == Kind::distributedSwitch));
  BOOST_TEST(!kindFromText("unicorn"));
  BOOST_TEST(!kindFromText(""));
  const Inventory inventory = derivedSite();
  FilterSpec spec;
  spec.kinds = {Kind::host, Kind::datastore};
  const View view(inventory, spec);
  BOOST_TEST(view.count(Kind::host) == 3u);
  BOOST_TEST(view.count(Kind::datastore) == 2u);
  BOOST_TEST(view.size() == 5u);
}

BOOST_AUTO_TEST_CASE(names_and_paths) {
  const Inventory inventory = derivedSite();
  FilterSpec spec;
  spec.names = {"WEB-*", "esx-01*"};
  const View byName(inventory, spec);
  BOOST_TEST((names<vsphere::VirtualMachine>(byName) == Names{"web-01"}));
  BOOST_TEST((names<vsphere::Host>(byName) == Names{"esx-01.example"}));
  BOOST_TEST(byName.count(Kind::datastore) == 0u);
  spec.names = {"/DC0/vm/*"};
  const View byPath(inventory, spec);
  BOOST_TEST(
      (names<vsphere::VirtualMachine>(byPath) == Names{"edge-01", "lost-01", "mt-linux-01", "web-01"}));
}

BOOST_AUTO_TEST_CASE(a_datacenter_keeps_what_lies_in_it) {
  const Inventory inventory = derivedSite();
  FilterSpec spec;
  spec.datacenters = {"dc0"};
  BOOST_TEST(View(inventory, spec).size() == inventory.size());
  spec.datacenters = {"DC9"};
  BOOST_TEST(View(inventory, spec).size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_host_keeps_what_belongs_to_it) {
  const Inventory inventory = derivedSite();
  const View one(inventory, byHost("esx-01*"));
  BOOST_TEST((names<vsphere::Host>(one) == Names{"esx-01.example"}));
  BOOST_TEST((names<vsphere::VirtualMachine>(one) == Names{"mt-linux-01", "shop-db", "web-01"}));
  BOOST_TEST((names<vsphere::Datastore>(one) == Names{"nfs-01", "vmfs-01"}));
  BOOST_TEST((names<vsphere::StoragePod>(one) == Names{"pod-1"}));
  BOOST_TEST((names<vsphere::Cluster>(one) == Names{"cluster-a"}));
  BOOST_TEST((names<vsphere::ResourcePool>(one) == Names{"Resources", "shop"}));
  BOOST_TEST((names<vsphere::Network>(one) == Names{"VM Network", "prod"}));
  BOOST_TEST((names<vsphere::DistributedSwitch>(one) == Names{"dvs-a"}));
  BOOST_TEST((names<vsphere::Folder>(one) == Names{"datastore", "host", "network", "vm", "web/front"}));
  BOOST_TEST(one.count(Kind::datacenter) == 1u);

  const View three(inventory, byHost("esx-03*"));
  BOOST_TEST((names<vsphere::VirtualMachine>(three) == Names{"edge-01"}));
  BOOST_TEST((names<vsphere::Datastore>(three) == Names{"nfs-01"}));
  BOOST_TEST((names<vsphere::Cluster>(three) == Names{"esx-03.example"}));
  BOOST_TEST(three.count(Kind::storagePod) == 0u);
  BOOST_TEST(!names<vsphere::Folder>(three).count("web/front"));
}

BOOST_AUTO_TEST_CASE(filters_are_all_to_be_passed) {
  const Inventory inventory = derivedSite();
  FilterSpec spec = byHost("esx-01*");
  spec.kinds = {Kind::virtualMachine};
  spec.names = {"*-01"};
  const View view(inventory, spec);
  BOOST_TEST((names<vsphere::VirtualMachine>(view) == Names{"mt-linux-01", "web-01"}));
  BOOST_TEST(view.size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_could_not_be_read_stays_unless_its_object_was_filtered_out) {
  Inventory inventory = derivedSite();
  const auto hole = [&](const vsphere::Moref& object, const std::string& reason) {
    vsphere::Unreadable entry;
    entry.object = object;
    entry.reason = reason;
    inventory.unreadable.push_back(entry);
  };
  hole(ref("VirtualMachine", "vm-41"), "kept");
  hole(ref("VirtualMachine", "vm-44"), "of another host");
  hole(ref("VirtualMachine", "vm-99"), "never seen");
  hole(ref("Datastore", "datastore-11"), "of another kind");
  hole({}, "server");
  FilterSpec spec = byHost("esx-01*");
  spec.kinds = {Kind::virtualMachine};
  std::set<std::string> reasons;
  const View view(inventory, spec);
  for (const auto* entry : view.unreadable()) reasons.insert(entry->reason);
  BOOST_TEST((reasons == std::set<std::string>{"kept", "never seen", "server"}));
}

BOOST_AUTO_TEST_SUITE_END()
