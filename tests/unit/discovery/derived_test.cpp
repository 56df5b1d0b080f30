// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/derived.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/discovery/sample_site.h"

using namespace failback::discovery;
using failback::vsphere::Moref;
using failback::vsphere::Network;
using failback::vsphere::Nic;
using failback::vsphere::VirtualMachine;

namespace {

const Moref web{"DistributedVirtualPortgroup", "dvportgroup-7", {}};
const Moref backup{"DistributedVirtualPortgroup", "dvportgroup-8", {}};

VirtualMachine vmOn(const std::string& portgroupKey) {
  VirtualMachine vm;
  vm.ref = {"VirtualMachine", "vm-1", {}};
  vm.networks = {backup, web};
  Nic nic;
  nic.key = 4000;
  nic.portgroupKey = portgroupKey;
  vm.nics = {nic};
  return vm;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(derived)

BOOST_AUTO_TEST_CASE(a_nic_of_a_distributed_port_group_names_its_network) {
  VirtualMachine vm = vmOn("dvportgroup-7");
  deriveFacts(vm, Inventory());
  BOOST_TEST((vm.nics[0].network == web));
}

BOOST_AUTO_TEST_CASE(the_port_groups_own_key_counts_where_it_was_read) {
  Inventory inventory;
  Network network;
  network.ref = backup;
  network.portgroupKey = "dvportgroup-70";
  inventory.add(Network(network));
  VirtualMachine vm = vmOn("dvportgroup-70");
  deriveFacts(vm, inventory);
  BOOST_TEST((vm.nics[0].network == backup));
  vm = vmOn("dvportgroup-8");
  deriveFacts(vm, inventory);
  BOOST_TEST(!vm.nics[0].network);
}

BOOST_AUTO_TEST_CASE(what_the_device_itself_says_stays) {
  VirtualMachine vm = vmOn("dvportgroup-7");
  vm.nics[0].network = backup;
  deriveFacts(vm, Inventory());
  BOOST_TEST((vm.nics[0].network == backup));
}

BOOST_AUTO_TEST_SUITE_END()
