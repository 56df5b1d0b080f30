// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/api_version.h"

#include <boost/test/unit_test.hpp>

#include "vsphere/error.h"
#include "vsphere/property_table.h"

using namespace failback::vsphere;

namespace {

std::string file(const std::string& current, const std::string& prior,
                 const std::string& name = "urn:vim25") {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<namespaces "
         "version=\"1.0\"><namespace><name>urn:sms</name>"
         "<version>13.0</version></namespace>\n <namespace>\n  <name>" +
         name + "</name>\n  <version>" + current + "</version>\n  <priorVersions>" + prior +
         "</priorVersions></namespace></namespaces>";
}

std::string prior(std::initializer_list<const char*> versions) {
  std::string text;
  for (const char* version : versions) text += std::string("<version>") + version + "</version>";
  return text;
}

std::optional<std::string> chosen(const std::string& xml) {
  const auto offered = readVersionsFile(xml);
  BOOST_REQUIRE(offered);
  return chooseVersion(*offered);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_version)

BOOST_AUTO_TEST_CASE(the_list_goes_down_to_the_oldest) {
  const auto versions = spokenApiVersions();
  for (std::size_t i = 1; i < versions.size(); ++i) {
    BOOST_TEST(compareApiVersions(versions[i - 1], versions[i]) > 0);
  }
  BOOST_TEST(versions.front() == newestApiVersion());
  BOOST_TEST(versions.back() == oldestApiVersion());
}

BOOST_AUTO_TEST_CASE(an_internal_id_of_the_server_is_passed_over) {
  BOOST_TEST(*chosen(file("uA046D008", prior({"8.0.2.0", "8.0.1.0", "6.5"}))) == "8.0.2.0");
}

BOOST_AUTO_TEST_CASE(an_older_server_gets_its_own_newest) {
  BOOST_TEST(*chosen(file("7.0.3.0", prior({"7.0.2.0", "6.7"}))) == "7.0.3.0");
  BOOST_TEST(*chosen(file("6.5", prior({"6.0", "5.5"}))) == "6.5");
}

BOOST_AUTO_TEST_CASE(a_newer_server_gets_our_newest) {
  BOOST_TEST(*chosen(file("9.1.0.0", prior({"9.0.0.0", "8.0.3.0", "8.0.2.0", "8.0.1.0"}))) == "8.0.2.0");
}

BOOST_AUTO_TEST_CASE(a_newer_server_that_lists_none_of_ours_is_asked_what_it_is) {
  BOOST_TEST(!chosen(file("9.1.0.0", prior({"6.0"}))).has_value());
  BOOST_TEST(chooseVersion("9.1.0.0", "VMware vCenter Server 9.1") == "8.0.2.0");
}

BOOST_AUTO_TEST_CASE(too_old_is_said_with_the_version) {
  try {
    chosen(file("6.0", prior({"5.5", "5.1"})));
    BOOST_FAIL("taken");
  } catch (const Failure& failure) {
    BOOST_TEST((failure.error().category == Category::unsupported));
    BOOST_TEST(failure.error().text.find("6.0") != std::string::npos);
    BOOST_TEST(failure.error().text.find("6.5") != std::string::npos);
  }
  try {
    chooseVersion("5.5", "VMware vCenter Server 5.5.0 build-1");
    BOOST_FAIL("taken");
  } catch (const Failure& failure) {
    BOOST_TEST((failure.error().category == Category::unsupported));
    BOOST_TEST(failure.error().text.find("5.5.0 build-1") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(by_the_server_s_own_version) {
  BOOST_TEST(chooseVersion("7.0.3.1", "") == "7.0.3.1");
  BOOST_TEST(chooseVersion("7.0.9.9", "") == "7.0.3.2");
  BOOST_TEST(chooseVersion("6.7.3", "") == "6.7.3");
  BOOST_TEST(chooseVersion("8.0.2.0", "") == "8.0.2.0");
  BOOST_TEST(chooseVersion("uA046D008", "") == "8.0.2.0");
}

BOOST_AUTO_TEST_CASE(what_is_no_versions_file_is_none) {
  BOOST_TEST(!readVersionsFile("").has_value());
  BOOST_TEST(!readVersionsFile("<html><body>login</body></html>").has_value());
  BOOST_TEST(!readVersionsFile("<namespaces><namespace>").has_value());
  BOOST_TEST(!readVersionsFile(file("8.0.2.0", "", "urn:other")).has_value());
}

BOOST_AUTO_TEST_CASE(entities_are_not_expanded) {
  const std::string bomb =
      "<!DOCTYPE namespaces [<!ENTITY a \"8.0.2.0\">]><namespaces><namespace><name>urn:vim25</name>"
      "<version>&a;</version></namespace></namespaces>";
  const auto offered = readVersionsFile(bomb);
  BOOST_TEST((!offered || offered->current.size() < 100));
}

BOOST_AUTO_TEST_SUITE_END()
