// SPDX-License-Identifier: GPL-2.0-or-later
#include <boost/test/unit_test.hpp>

#include "vsphere/binding/values.h"
#include "vsphere/model/virtual_machine.h"

using namespace failback::vsphere;

namespace {

std::vector<DiskFile> chainOf(std::initializer_list<const char*> paths) {
  std::vector<DiskFile> chain;
  for (const char* path : paths) chain.emplace_back().path = path;
  return chain;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Model)

BOOST_AUTO_TEST_CASE(uuids_are_the_same_however_they_are_written) {
  const std::string device = "6000C29e-4f1d-2b3c-a5d6-7e8f90a1b2c3";
  const std::string manager = "60 00 C2 9e 4f 1d 2b 3c-a5 d6 7e 8f 90 a1 b2 c3";
  BOOST_TEST(normaliseUuid(device) == "6000c29e4f1d2b3ca5d67e8f90a1b2c3");
  BOOST_TEST(sameUuid(device, manager));
  BOOST_TEST(!sameUuid(device, "6000C29e-4f1d-2b3c-a5d6-7e8f90a1b2c4"));
}

BOOST_AUTO_TEST_CASE(what_is_no_uuid_is_left_alone) {
  BOOST_TEST(normaliseUuid("not-a-uuid") == "not-a-uuid");
  BOOST_TEST(normaliseUuid("6000C29e4f1d2b3ca5d67e8f90a1b2c3ff") == "6000C29e4f1d2b3ca5d67e8f90a1b2c3ff");
  BOOST_TEST(!sameUuid("", ""));
  BOOST_TEST(sameUuid("naa.600", "naa.600"));
}

BOOST_AUTO_TEST_CASE(a_disk_with_a_parent_or_a_snapshots_name_is_a_delta) {
  VirtualMachine vm;
  vm.disks.resize(1);
  BOOST_TEST(vm.disks[0].path() == "");
  BOOST_TEST(!vm.hasDelta());
  vm.disks[0].chain = chainOf({"[ds] web/web.vmdk"});
  BOOST_TEST(!vm.hasDelta());
  vm.disks[0].chain = chainOf({"[ds] web/web-000001.vmdk"});
  BOOST_TEST(vm.hasDelta());
  vm.disks[0].chain = chainOf({"[ds] web/web-00001.vmdk"});
  BOOST_TEST(!vm.hasDelta());
  vm.disks[0].chain = chainOf({"[ds] web/renamed.vmdk", "[ds] web/web.vmdk"});
  BOOST_TEST(vm.hasDelta());
}

BOOST_AUTO_TEST_CASE(controllers_are_judged_by_class) {
  Controller controller;
  controller.type = "ParaVirtualSCSIController";
  BOOST_TEST((controller.isScsi() && controller.isParaVirtualScsi() && !controller.isLsiLogic()));
  controller.type = "VirtualLsiLogicSASController";
  BOOST_TEST((controller.isScsi() && controller.isLsiLogic()));
  controller.type = "VirtualAHCIController";
  BOOST_TEST(!controller.isScsi());
  // One that came after this build: its members tell.
  controller.type = "VirtualQuantumSCSIController";
  controller.scsiCtlrUnitNumber = 7;
  BOOST_TEST(controller.isScsi());
}

BOOST_AUTO_TEST_CASE(names_are_unescaped_once) {
  BOOST_TEST(unescapeName("a%2fb%5cc%25d") == "a/b\\c%d");
  BOOST_TEST(unescapeName("%252f") == "%2f");
  BOOST_TEST(unescapeName("50% off %2") == "50% off %2");
}

BOOST_AUTO_TEST_CASE(sizes_do_not_overflow) {
  BOOST_TEST(*scaled(4, kMebibyte) == 4 * 1024 * 1024);
  BOOST_TEST(*scaled(-1, kMebibyte) == -1);
  BOOST_TEST(!scaled(std::int64_t{1} << 60, kMebibyte).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
