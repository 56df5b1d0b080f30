// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/digest_book.h"

#include <boost/test/unit_test.hpp>

using namespace failback::vsphere;
using Paths = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(digest_book)

BOOST_AUTO_TEST_CASE(what_differs_is_named_and_what_is_equal_is_not) {
  DigestBook book;
  const Moref vm{"VirtualMachine", "vm-1", {}};
  BOOST_TEST(!book.contains(vm));
  BOOST_TEST(book.replace(vm, {{"name", 5}, {"parent", 6}}) == Paths({"name", "parent"}),
             boost::test_tools::per_element());
  BOOST_TEST(book.contains(vm));
  BOOST_TEST(book.replace(vm, {{"parent", 6}, {"name", 5}}).empty());
  BOOST_TEST(book.replace(vm, {{"name", 7}, {"parent", 6}}) == Paths({"name"}),
             boost::test_tools::per_element());
  BOOST_TEST(book.replace(vm, {{"name", 7}}) == Paths({"parent"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_update_is_remembered) {
  DigestBook book;
  const Moref vm{"VirtualMachine", "vm-1", {}};
  book.replace(vm, {{"name", 5}});
  BOOST_TEST(book.update(vm, "name", 8));
  BOOST_TEST(book.update(vm, "parent", 9));
  BOOST_TEST(!book.update(vm, "name", 8));
  BOOST_TEST(book.replace(vm, {{"name", 8}, {"parent", 9}}).empty());
}

BOOST_AUTO_TEST_CASE(a_change_inside_a_value_makes_it_unknown) {
  DigestBook book;
  const Moref vm{"VirtualMachine", "vm-1", {}};
  book.replace(vm, {{"config.hardware.device", 5}, {"config.hardware", 6}, {"config.hard", 7}});
  BOOST_TEST(book.update(vm, "config.hardware.device[2000].backing", 1));
  BOOST_TEST(book.update(vm, "config.hardware.device[2000].backing", 1));  // may well be another one
  BOOST_TEST(book.replace(vm, {{"config.hardware.device", 5}, {"config.hardware", 6}, {"config.hard", 7}}) ==
                 Paths({"config.hardware.device", "config.hardware"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_told) {
  DigestBook book;
  const Moref a{"VirtualMachine", "vm-1", {}};
  const Moref b{"VirtualMachine", "vm-2", {}};
  book.replace(a, {});
  book.replace(b, {});
  const auto missing = book.missing({a});
  BOOST_REQUIRE(missing.size() == 1u);
  BOOST_TEST(missing[0].value == "vm-2");
  book.erase(b);
  BOOST_TEST(book.missing({a}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
