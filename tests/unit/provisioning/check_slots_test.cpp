// SPDX-License-Identifier: GPL-2.0-or-later
// Slots on a master target: what is free, in which order, and what is added.
#include <boost/test/unit_test.hpp>
#include <set>
#include <utility>

#include "provisioning/check/slots.h"

namespace p = failback::provisioning;
namespace vs = failback::vsphere;

namespace {

vs::Controller controller(std::int32_t key, const char* type, std::int32_t bus) {
  vs::Controller result;
  result.key = key;
  result.type = type;
  result.busNumber = bus;
  result.scsiCtlrUnitNumber = 7;
  return result;
}

vs::Disk disk(std::int32_t controllerKey, std::int32_t unit) {
  vs::Disk result;
  result.controllerKey = controllerKey;
  result.unitNumber = unit;
  return result;
}

vs::VirtualMachine target() {
  vs::VirtualMachine vm;
  vm.controllers = {controller(200, "VirtualIDEController", 0),
                    controller(1001, "VirtualLsiLogicSASController", 1),
                    controller(1000, "VirtualLsiLogicSASController", 0)};
  vm.disks = {disk(1000, 0), disk(1000, 2), disk(200, 0)};
  return vm;
}

}  // namespace

BOOST_AUTO_TEST_CASE(free_units_come_lowest_bus_first_and_never_the_controllers_own) {
  const auto change = p::freeSlots(target(), 16);
  BOOST_REQUIRE(change);
  BOOST_TEST(change->controllers.empty());
  BOOST_TEST(change->disks[0].controllerKey == 1000);
  BOOST_TEST(change->disks[0].unitNumber == 1);
  BOOST_TEST(change->disks[1].unitNumber == 3);
  BOOST_TEST(change->disks[13].controllerKey == 1001);
  BOOST_TEST(change->disks[13].unitNumber == 0);
  for (const vs::AttachedDisk& each : change->disks) BOOST_TEST(each.unitNumber != 7);
}

BOOST_AUTO_TEST_CASE(controllers_are_added_of_the_type_that_is_there) {
  // 13 and 15 units are free; 30 more need two further controllers.
  const auto change = p::freeSlots(target(), 58);
  BOOST_REQUIRE(change);
  BOOST_REQUIRE(change->controllers.size() == 2u);
  BOOST_TEST(change->controllers[0].busNumber == 2);
  BOOST_TEST(change->controllers[1].busNumber == 3);
  BOOST_TEST(change->controllers[0].type == "VirtualLsiLogicSASController");
  BOOST_TEST(change->controllers[0].key != change->controllers[1].key);
  std::set<std::pair<std::int32_t, std::int32_t>> places;
  for (const vs::AttachedDisk& each : change->disks) places.emplace(each.controllerKey, each.unitNumber);
  BOOST_TEST(places.size() == 58u);
}

BOOST_AUTO_TEST_CASE(more_than_sixty_do_not_fit) {
  BOOST_TEST(!p::freeSlots(target(), 59));
  BOOST_TEST(p::freeSlots(target(), 0).has_value());
}

BOOST_AUTO_TEST_CASE(a_paravirtual_controller_takes_its_bus_and_no_disk) {
  vs::VirtualMachine vm;
  vm.controllers = {controller(1000, "ParaVirtualSCSIController", 0)};
  const auto change = p::freeSlots(vm, 1);
  BOOST_REQUIRE(change);
  BOOST_REQUIRE(change->controllers.size() == 1u);
  BOOST_TEST(change->controllers[0].busNumber == 1);
  BOOST_TEST(change->controllers[0].type == "VirtualLsiLogicController");
}
