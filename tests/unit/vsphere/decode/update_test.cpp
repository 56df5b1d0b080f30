// SPDX-License-Identifier: GPL-2.0-or-later
#include <boost/test/unit_test.hpp>

#include "tests/unit/vsphere/decode/messages.h"
#include "vsphere/binding/typed_page_decoder.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

UpdatePage updates(const std::string& body) {
  const SoapCodec codec;
  return decodeUpdates(*codec.decode<_vim25__WaitForUpdatesExResponse>(body, {"WaitForUpdatesEx", "", 200}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Updates)

BOOST_AUTO_TEST_CASE(what_changed) {
  const UpdatePage page = updates(message("updates-020-WaitForUpdatesEx.response.xml"));
  BOOST_TEST(!page.timedOut);
  BOOST_TEST(page.version == "4");
  BOOST_TEST(page.truncated);
  BOOST_TEST(page.unreadable.empty());
  BOOST_REQUIRE(page.filters.size() == 1);
  const auto& objects = page.filters[0].objects;
  BOOST_REQUIRE(objects.size() == 5);
  BOOST_TEST(page.filters[0].filter.value == "session[1]filter-1");

  // Tasks are told, but are no part of the inventory.
  BOOST_TEST(objects[0].object.str() == "Task:task-501");
  BOOST_TEST(!objects[0].value.has_value());

  const ObjectUpdate& entered = objects[2];
  BOOST_TEST((entered.kind == ObjectUpdate::Kind::enter));
  BOOST_TEST(entered.complete);
  BOOST_REQUIRE(entered.value.has_value());
  const auto& vm = std::get<VirtualMachine>(*entered.value);
  BOOST_TEST(vm.name == "new-01");
  BOOST_TEST(*vm.powerState == "poweredOff");

  const ObjectUpdate& modified = objects[3];
  BOOST_TEST((modified.kind == ObjectUpdate::Kind::modify));
  BOOST_TEST(modified.changes.size() == 2);
  BOOST_TEST(modified.changes[0].path == "config.hardware.device[2000].backing.contentId");
  // Only a part of a member was told: the object must be read again.
  BOOST_TEST(!modified.complete);

  BOOST_TEST((objects[4].kind == ObjectUpdate::Kind::leave));
  BOOST_TEST(!objects[4].value.has_value());
}

BOOST_AUTO_TEST_CASE(nothing_changed_in_time) {
  const UpdatePage page = updates(message("updates-021-WaitForUpdatesEx.response.xml"));
  BOOST_TEST(page.timedOut);
  BOOST_TEST(page.filters.empty());
}

BOOST_AUTO_TEST_SUITE_END()
