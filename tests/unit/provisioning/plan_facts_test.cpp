// SPDX-License-Identifier: GPL-2.0-or-later
// Has the inventory moved since the plan was made?
#include "provisioning/plan/plan_facts.h"

#include <boost/test/unit_test.hpp>

namespace failback::provisioning {
namespace {

vsphere::VirtualMachine web() {
  vsphere::VirtualMachine vm;
  vm.ref = {"VirtualMachine", "vm-10", ""};
  vm.name = "web-01";
  vm.changeVersion = "17";
  vm.powerState = "poweredOff";
  vm.vmPathName = "[vmfs-01] web-01/web-01.vmx";
  vm.host = vsphere::Moref{"HostSystem", "host-1", ""};
  return vm;
}

std::vector<std::string> moved(const vsphere::VirtualMachine& now) {
  Plan plan;
  plan.facts = factsOf(web());
  discovery::Inventory inventory;
  inventory.add(vsphere::VirtualMachine(now));
  return movedFacts(plan, inventory);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plan_facts)

BOOST_AUTO_TEST_CASE(as_it_was_nothing_has_moved) {
  BOOST_TEST(factsOf(web()).size() == 4U);
  BOOST_TEST(moved(web()).empty());
}

BOOST_AUTO_TEST_CASE(each_difference_is_told) {
  vsphere::VirtualMachine vm = web();
  vm.changeVersion = "18";
  vm.host = vsphere::Moref{"HostSystem", "host-2", ""};
  const std::vector<std::string> told = moved(vm);
  BOOST_REQUIRE(told.size() == 2U);
  BOOST_TEST(told[0] == "web-01: config.changeVersion was 17, and is 18");
  BOOST_TEST(told[1] == "web-01: runtime.host was host-1, and is host-2");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_or_is_gone_counts_as_moved) {
  vsphere::VirtualMachine vm = web();
  vm.powerState.reset();
  BOOST_REQUIRE(moved(vm).size() == 1U);
  BOOST_TEST(moved(vm)[0] == "web-01: runtime.powerState was poweredOff, and can't be read now");
  vm.ref.value = "vm-11";
  BOOST_REQUIRE(moved(vm).size() == 1U);
  BOOST_TEST(moved(vm)[0] == "web-01 (VirtualMachine vm-10) is gone");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::provisioning
