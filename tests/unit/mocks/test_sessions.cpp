// SPDX-License-Identifier: GPL-2.0-or-later
// Login, cookies, expiry, and what a session is needed for.
#include <boost/test/unit_test.hpp>
#include <chrono>

#include "tests/unit/mocks/soap_client.h"

using namespace failback::mock;
using namespace failback::mock::testing;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(sessions)

BOOST_AUTO_TEST_CASE(login_gives_a_quoted_cookie_that_is_not_the_session_key) {
  Fixture f;
  const SoapReply reply = f.client.login();
  BOOST_TEST(reply.status == 200);
  BOOST_TEST(reply.setCookie.starts_with("vmware_soap_session=\""));
  BOOST_TEST(reply.setCookie.ends_with("\"; Path=/; HttpOnly; Secure;"));
  const std::string key = reply.one("//returnval/key");
  BOOST_TEST(!key.empty());
  BOOST_TEST(reply.setCookie.find(key) == std::string::npos);
  BOOST_TEST(reply.one("//returnval/userName") == "administrator@vsphere.local");
}

BOOST_AUTO_TEST_CASE(a_wrong_password_or_user_is_invalid_login) {
  Fixture f;
  const SoapReply wrong = f.client.login("administrator@vsphere.local", "nonsense");
  BOOST_TEST(wrong.status == 500);
  BOOST_TEST(wrong.faultType() == "InvalidLogin");
  BOOST_TEST(wrong.has("<faultcode>ServerFaultCode</faultcode>"));
  BOOST_TEST(!wrong.setCookie.empty());  // real servers send one even then
  BOOST_TEST(f.client.login("nobody@vsphere.local").faultType() == "InvalidLogin");
  BOOST_TEST(f.client.login("readonly").status == 200);
}

BOOST_AUTO_TEST_CASE(without_a_session_calls_fault_but_content_is_for_everybody) {
  Fixture f;
  const SoapReply content =
      f.client.call("RetrieveServiceContent", self("ServiceInstance", "ServiceInstance"));
  BOOST_TEST(content.status == 200);
  BOOST_TEST(content.one("//about/apiType") == "VirtualCenter");
  BOOST_TEST(content.one("//about/instanceUuid").size() == 36U);
  const SoapReply view = f.client.call("CreateContainerView", self("ViewManager", "ViewManager") +
                                                                  ref("container", "Folder", "group-d1") +
                                                                  "<recursive>true</recursive>");
  BOOST_TEST(view.status == 500);
  BOOST_TEST(view.faultType() == "NotAuthenticated");
}

BOOST_AUTO_TEST_CASE(a_property_read_without_a_session_says_so_for_every_path) {
  Fixture f;
  const SoapReply reply =
      f.client.call("RetrievePropertiesEx", oneObject("Folder", "group-d1", {"name", "childEntity"}));
  BOOST_TEST(reply.status == 200);
  BOOST_TEST(reply.count("//missingSet") == 2U);
  BOOST_TEST(reply.all("//missingSet/fault/fault/@type").at(0) == "NotAuthenticated");
  BOOST_TEST(reply.count("//propSet") == 0U);
  f.client.cookie = "vmware_soap_session=\"0123456789012345678901234567890123456789\"";
  BOOST_TEST(f.client.call("RetrievePropertiesEx", oneObject("ContainerView", "session[x]y", {"view"}))
                 .count("//missingSet") == 1U);
}

BOOST_AUTO_TEST_CASE(the_current_session_is_ones_own_and_ends_with_logout) {
  Fixture f;
  const std::string key = f.client.login().one("//returnval/key");
  const auto current = [&] {
    return f.client.call("RetrievePropertiesEx",
                         oneObject("SessionManager", "SessionManager", {"currentSession"}));
  };
  BOOST_TEST(current().one("//val/key") == key);
  BOOST_TEST(f.client.call("Logout", self("SessionManager", "SessionManager")).status == 200);
  BOOST_TEST(current().count("//val/key") == 0U);
  BOOST_TEST(f.client.call("CurrentTime", self("ServiceInstance", "ServiceInstance")).faultType() ==
             "NotAuthenticated");
}

BOOST_AUTO_TEST_CASE(a_session_expires_when_it_is_idle_and_not_before) {
  Fixture f;
  f.client.login();
  const auto time = [&] {
    return f.client.call("CurrentTime", self("ServiceInstance", "ServiceInstance")).status;
  };
  f.simulation.scheduler().advance(29min);
  BOOST_TEST(time() == 200);
  f.simulation.scheduler().advance(29min);
  BOOST_TEST(time() == 200);
  f.simulation.scheduler().advance(31min);
  BOOST_TEST(time() == 500);
}

BOOST_AUTO_TEST_CASE(an_administrator_sees_and_ends_sessions_and_a_reader_does_not) {
  Fixture f;
  f.client.login();
  SoapClient reader(f.simulation);
  const std::string key = reader.login("readonly").one("//returnval/key");
  const auto list = oneObject("SessionManager", "SessionManager", {"sessionList"});
  BOOST_TEST(f.client.call("RetrievePropertiesEx", list).count("//val/UserSession") == 2U);
  const SoapReply denied = reader.call("RetrievePropertiesEx", list);
  BOOST_TEST(denied.one("//missingSet/fault/fault/@type") == "NoPermission");
  BOOST_TEST(denied.one("//missingSet/fault/fault/privilegeId") == "Sessions.TerminateSession");
  BOOST_TEST(reader
                 .call("TerminateSession",
                       self("SessionManager", "SessionManager") + "<sessionId>" + key + "</sessionId>")
                 .faultType() == "NoPermission");
  BOOST_TEST(f.client
                 .call("TerminateSession",
                       self("SessionManager", "SessionManager") + "<sessionId>" + key + "</sessionId>")
                 .status == 200);
  BOOST_TEST(reader.call("CurrentTime", self("ServiceInstance", "ServiceInstance")).faultType() ==
             "NotAuthenticated");
}

BOOST_AUTO_TEST_CASE(a_reader_may_read_but_not_write_and_learns_which_privilege_it_lacks) {
  Fixture f;
  f.client.login("readonly");
  const std::string vm = f.client.id("DC1/vm/Production/Linux/web-01");
  BOOST_TEST(!vm.empty());
  const SoapReply reply = f.client.call("PowerOffVM_Task", self("VirtualMachine", vm));
  BOOST_TEST(reply.faultType() == "NoPermission");
  BOOST_TEST(reply.one("//detail/NoPermissionFault/object") == vm);
  BOOST_TEST(reply.one("//detail/NoPermissionFault/privilegeId") == "VirtualMachine.Interact.PowerOff");
  const SoapReply licences =
      f.client.call("RetrievePropertiesEx", oneObject("LicenseManager", "LicenseManager", {"licenses"}));
  BOOST_TEST(licences.one("//missingSet/fault/fault/privilegeId") == "Global.Licenses");
}

BOOST_AUTO_TEST_CASE(a_scenario_can_hide_objects_from_a_user) {
  ScenarioSpec scenario = loadScenario("site");
  scenario.users = {
      {"administrator@vsphere.local", false, {}, {}},
      {"limited", false, {"DC1/vm/Production/Linux/db-01"}, {"DC1/vm/Production/Linux/web-01"}}};
  Simulation simulation(scenario, "secret", {}, recording(), Scheduler::Clock::manual);
  SoapClient admin(simulation), limited(simulation);
  admin.login();
  limited.login("limited");
  const std::string path = "DC1/vm/Production/Linux/";
  BOOST_TEST(!admin.id(path + "db-01").empty());
  BOOST_TEST(limited.id(path + "db-01").empty());
  const std::string folder = limited.id("DC1/vm/Production/Linux");
  const auto children = oneObject("Folder", folder, {"childEntity"});
  BOOST_TEST(admin.call("RetrievePropertiesEx", children).count("//val/ManagedObjectReference") ==
             limited.call("RetrievePropertiesEx", children).count("//val/ManagedObjectReference") + 1);
  const std::string web = limited.id(path + "web-01");
  const SoapReply partial =
      limited.call("RetrievePropertiesEx", oneObject("VirtualMachine", web, {"name", "config.uuid"}));
  BOOST_TEST(partial.one("//propSet/name") == "name");  // System.View is enough for that
  BOOST_TEST(partial.one("//missingSet/path") == "config.uuid");
  BOOST_TEST(partial.one("//missingSet/fault/fault/privilegeId") == "System.Read");
}

BOOST_AUTO_TEST_CASE(a_clone_ticket_opens_one_more_session_of_its_user) {
  Fixture f;
  f.client.login();
  const std::string manager = self("SessionManager", "SessionManager");
  const std::string ticket = f.client.call("AcquireCloneTicket", manager).one("//returnval");
  BOOST_TEST(!ticket.empty());
  SoapClient other(f.simulation, "8.0.2.0");
  const auto clone = [&] {
    return other.call("CloneSession", manager + "<cloneTicket>" + ticket + "</cloneTicket>");
  };
  const SoapReply opened = clone();
  BOOST_TEST(opened.one("//returnval/userName") == "administrator@vsphere.local");
  other.cookie = opened.setCookie.substr(0, opened.setCookie.find(';'));
  BOOST_TEST(other.id("DC1") == f.client.id("DC1"));
  BOOST_TEST(clone().faultType() == "InvalidLogin");
  other.call("SetLocale", manager + "<locale>de</locale>");
  BOOST_TEST(
      other.call("RetrievePropertiesEx", oneObject("SessionManager", "SessionManager", {"currentSession"}))
          .one("//val/locale") == "de");
}

BOOST_AUTO_TEST_CASE(a_clone_ticket_is_good_for_half_a_minute) {
  Fixture f;
  f.client.login();
  const std::string manager = self("SessionManager", "SessionManager");
  const std::string ticket = f.client.call("AcquireCloneTicket", manager).one("//returnval");
  f.simulation.scheduler().advance(std::chrono::seconds(31));
  BOOST_TEST(
      f.client.call("CloneSession", manager + "<cloneTicket>" + ticket + "</cloneTicket>").faultType() ==
      "InvalidLogin");
}

BOOST_AUTO_TEST_SUITE_END()
