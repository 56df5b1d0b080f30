// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/sent_methods.h"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "tests/unit/vsphere/client/fake_server.h"
#include "vsphere/binding/service.h"
#include "vsphere/error.h"
#include "vsphere/idempotency.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

BOOST_AUTO_TEST_SUITE(sent_methods)

BOOST_AUTO_TEST_CASE(the_file_that_the_conformance_tests_read_is_this_table) {
  std::ifstream file(FAILBACK_SOURCE_DIR "/tests/conformance/sent-methods.txt");
  BOOST_REQUIRE(file.good());
  std::vector<std::string> listed;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line.front() != '#') listed.push_back(line);
  }
  const std::vector<std::string> table(sentMethods().begin(), sentMethods().end());
  BOOST_TEST(listed == table, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_has_been_decided_whether_it_may_be_repeated) {
  for (const std::string_view method : sentMethods()) {
    BOOST_TEST_CONTEXT(method) BOOST_TEST(isReplayDecided(method));
  }
  BOOST_TEST(!maySend("ResetVM_Task"));
}

BOOST_AUTO_TEST_CASE(a_method_outside_the_table_is_not_sent) {
  FakeServer server;
  SoapCodec codec;
  OperationIds ids(systemRandom());
  const Service service(server, codec, ids, "/sdk");
  vim25__ResetVMRequestType request;
  try {
    service.call({"VirtualMachine", "vm-1", {}}, request, Context());
    BOOST_FAIL("sent");
  } catch (const Failure& failure) {
    BOOST_TEST((failure.error().category == Category::internal));
  }
  BOOST_TEST(server.calls().empty());
}

BOOST_AUTO_TEST_SUITE_END()
