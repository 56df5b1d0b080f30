// SPDX-License-Identifier: GPL-2.0-or-later
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/unit/vsphere/client/fake_server.h"
#include "vsphere/error.h"
#include "vsphere/session.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

Context soon() {
  return Context().withTimeout(std::chrono::seconds(20));
}

std::shared_ptr<FakeServer> newServer() {
  return std::make_shared<FakeServer>();
}

std::unique_ptr<Client> connected(const std::shared_ptr<FakeServer>& server) {
  return Client::connect(optionsFor(server), credentialsOf(*server), soon());
}

Error connectFailure(const std::shared_ptr<FakeServer>& server, const std::string& password = {}) {
  try {
    Credentials credentials = credentialsOf(*server);
    if (!password.empty()) credentials.password = Secret(password);
    Client::connect(optionsFor(server), credentials, soon());
  } catch (const Failure& failure) {
    return failure.error();
  }
  BOOST_FAIL("connected");
  return {};
}

Response html(int status, const std::string& text) {
  Response response;
  response.status = status;
  response.headers.emplace_back("content-type", "text/html");
  response.body = "<html><body>" + text + "</body></html>";
  return response;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(connect)

BOOST_AUTO_TEST_CASE(a_vcenter_is_greeted_logged_into_and_left) {
  const auto server = newServer();
  {
    const auto client = connected(server);
    const VCenter& facts = client->server();
    BOOST_TEST(facts.about.fullName == "VMware vCenter Server 8.0.3 build-1");
    BOOST_TEST(facts.about.instanceUuid == "61f12cb6-9de0-40cb-9c47-61d494229f4f");
    BOOST_TEST(facts.about.isVCenter());
    BOOST_TEST(facts.negotiatedVersion == "8.0.2.0");
    BOOST_TEST(facts.userName == "operator@vsphere.local");
    BOOST_TEST(facts.url == "https://vc.example:443/sdk");
    BOOST_TEST(facts.rootFolder.str() == "Folder:group-d1");
    BOOST_TEST(facts.serverTime == "2023-12-14T07:29:53.566909Z");
    BOOST_TEST(facts.clockSkewMs.has_value());
    BOOST_TEST(server->openSessions() == 1u);
  }
  BOOST_TEST(server->openSessions() == 0u);
  BOOST_TEST(server->calls() == std::vector<std::string>({"vimServiceVersions.xml", "RetrieveServiceContent",
                                                          "Login", "CurrentTime", "Logout"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_call_says_its_version_and_has_an_id_of_its_own) {
  const auto server = newServer();
  connected(server);
  std::set<std::string> ids;
  for (const Request& request : server->raw()) {
    if (request.verb == Request::Verb::get) continue;
    BOOST_TEST(request.soapAction == "urn:vim25/8.0.2.0");
    const std::string id = readRequest(request.body).operationId;
    // Eight hex digits, a dash, a number.
    BOOST_TEST(id.size() >= 10u);
    BOOST_TEST(id.find('-') == 8u);
    BOOST_TEST(ids.insert(id).second);
  }
  BOOST_TEST(ids.size() == 4u);
}

BOOST_AUTO_TEST_CASE(an_operation_id_of_the_caller_is_kept) {
  const auto server = newServer();
  Client::connect(optionsFor(server), credentialsOf(*server), soon().withOperationId("job-7"));
  BOOST_TEST(server->requests("Login").at(0).operationId.starts_with("job-7-"));
}

BOOST_AUTO_TEST_CASE(the_cookie_goes_back_as_it_came_with_its_quotes) {
  const auto server = newServer();
  connected(server);
  const std::vector<Request> all = server->raw();
  const auto& headers = all.at(3).headers;
  BOOST_REQUIRE(headers.size() == 1u);
  BOOST_TEST(headers[0].first == "Cookie");
  BOOST_TEST(headers[0].second.starts_with("vmware_soap_session=\""));
  BOOST_TEST(headers[0].second.ends_with("\""));
}

BOOST_AUTO_TEST_CASE(without_a_versions_file_the_server_s_own_word_counts) {
  const auto server = newServer();
  server->versionsFile.clear();
  server->about.replace(server->about.find("8.0.3.0"), 7, "7.0.3.0");
  const auto client = connected(server);
  BOOST_TEST(client->server().negotiatedVersion == "7.0.3.0");
  BOOST_TEST(server->raw().at(1).soapAction == "urn:vim25/6.5");
  BOOST_TEST(server->raw().at(2).soapAction == "urn:vim25/7.0.3.0");
}

BOOST_AUTO_TEST_CASE(a_server_that_is_too_old_is_refused_before_the_password_goes_out) {
  const auto server = newServer();
  server->versionsFile.clear();
  server->about =
      "<name>VMware vCenter Server</name><fullName>VMware vCenter Server 5.5.0 build-1</fullName>"
      "<version>5.5.0</version><apiType>VirtualCenter</apiType><apiVersion>5.5</apiVersion>";
  const Error error = connectFailure(server);
  BOOST_TEST((error.category == Category::unsupported));
  BOOST_TEST(error.text.find("5.5.0") != std::string::npos);
  BOOST_TEST(server->count("Login") == 0u);
}

BOOST_AUTO_TEST_CASE(a_standalone_host_works) {
  const auto server = newServer();
  server->vcenter = false;
  server->about =
      "<name>VMware ESXi</name><fullName>VMware ESXi 8.0.2 build-1</fullName><vendor>VMware, Inc.</vendor>"
      "<version>8.0.2</version><build>1</build><osType>vmnix-x86</osType><productLineId>embeddedEsx"
      "</productLineId><apiType>HostAgent</apiType><apiVersion>8.0.2.0</apiVersion>";
  const auto client = connected(server);
  BOOST_TEST(!client->server().about.isVCenter());
  BOOST_TEST(client->server().about.instanceUuid.empty());
  BOOST_TEST(client->server().rootFolder.value == "ha-folder-root");
  Collected sink;
  client->readInventory({}, sink, soon());
  // A host knows nothing of these, and would refuse the view.
  for (const std::string& type : server->requests("CreateContainerView").at(0).texts("type")) {
    BOOST_TEST(type != "StoragePod");
    BOOST_TEST(type != "DistributedVirtualSwitch");
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_refused_once_and_for_all) {
  const auto server = newServer();
  const Error error = connectFailure(server, "wrong-Passw0rd");
  BOOST_TEST((error.category == Category::loginRefused));
  BOOST_TEST(error.fault == "InvalidLogin");
  BOOST_TEST(error.text.find("operator@vsphere.local") != std::string::npos);
  BOOST_TEST(!error.remedy.empty());
  BOOST_TEST(describe(error).find("wrong-Passw0rd") == std::string::npos);
  BOOST_TEST(server->count("Login") == 1u);
  BOOST_TEST(server->count("Logout") == 0u);
}

BOOST_AUTO_TEST_CASE(an_account_without_permission_is_told_apart_from_a_wrong_password) {
  const auto server = newServer();
  server->meet = [](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method != "Login") return {};
    return faulty("NoPermission", "Permission to perform this operation was denied.",
                  "<object type=\"Folder\">group-d1</object><privilegeId>System.View</privilegeId>");
  };
  const Error error = connectFailure(server);
  BOOST_TEST((error.category == Category::loginRefused));
  BOOST_TEST(error.fault == "NoPermission");
  BOOST_TEST(error.remedy.find("permission") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_failure_after_the_login_logs_out) {
  const auto server = newServer();
  server->meet = [](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method == "CurrentTime") return faulty("RuntimeFault", "A general system error occurred");
    return {};
  };
  connectFailure(server);
  BOOST_TEST(server->count("Logout") == 1u);
  BOOST_TEST(server->openSessions() == 0u);
}

BOOST_AUTO_TEST_CASE(a_stop_after_the_login_logs_out_all_the_same) {
  const auto server = newServer();
  std::stop_source stop;
  server->spoil = [&](const Request& request, std::size_t, Response&) {
    if (request.method == "Login") stop.request_stop();
  };
  try {
    Client::connect(optionsFor(server), credentialsOf(*server), soon().withStop(stop.get_token()));
    BOOST_FAIL("connected");
  } catch (const Failure& failure) {
    BOOST_TEST((failure.error().category == Category::interrupted));
  }
  BOOST_TEST(server->openSessions() == 0u);
}

BOOST_AUTO_TEST_CASE(logout_happens_once_and_later_calls_fail) {
  const auto server = newServer();
  const auto client = connected(server);
  BOOST_TEST(client->logout());
  BOOST_TEST(client->logout());
  BOOST_TEST(server->count("Logout") == 1u);
  Collected sink;
  BOOST_CHECK_THROW(client->readInventory({}, sink, soon()), Failure);
  BOOST_TEST(server->count("Login") == 1u);
}

BOOST_AUTO_TEST_CASE(a_logout_that_is_not_confirmed_is_said_and_does_not_throw) {
  const auto server = newServer();
  const auto client = connected(server);
  server->meet = [](const Request&, std::size_t) -> std::optional<Response> { return html(503, "down"); };
  BOOST_TEST(!client->logout());
}

BOOST_AUTO_TEST_CASE(what_answers_instead_of_vcenter_is_named) {
  struct Case {
    Response response;
    Category category;
    std::string word;
  };
  Response moved = html(302, "moved");
  moved.headers.emplace_back("location", "https://login.example/");
  Response plain = html(200, "");
  plain.body = "hello";
  const std::vector<Case> cases = {
      {moved, Category::malformedAnswer, "https://login.example/"},
      {html(401, "who are you"), Category::malformedAnswer, "401"},
      {html(403, "no"), Category::malformedAnswer, "403"},
      {html(404, "nothing here"), Category::malformedAnswer, "404"},
      {html(407, "proxy"), Category::unreachable, "proxy"},
      {html(502, "bad gateway"), Category::unreachable, "502"},
      {html(503, "unavailable"), Category::serverBusy, "503"},
      {html(504, "timeout"), Category::unreachable, "504"},
      {html(500, "oops"), Category::malformedAnswer, "web page"},
      {html(200, "Please sign in"), Category::malformedAnswer, "web page"},
      {plain, Category::malformedAnswer, "hello"},
  };
  for (const Case& one : cases) {
    const auto server = newServer();
    server->meet = [&](const Request&, std::size_t) -> std::optional<Response> { return one.response; };
    const Error error = connectFailure(server);
    BOOST_TEST_CONTEXT(one.word << " " << one.response.status << ": " << error.text) {
      BOOST_TEST((error.category == one.category));
      BOOST_TEST(error.text.find(one.word) != std::string::npos);
      BOOST_TEST(error.text.find("RetrieveServiceContent") != std::string::npos);
      BOOST_TEST(!error.remedy.empty());
    }
    BOOST_TEST(server->count("Login") == 0u);
  }
}

BOOST_AUTO_TEST_CASE(the_password_is_nowhere_but_in_the_login) {
  const auto server = newServer();
  std::string log;
  ClientOptions options = optionsFor(server);
  options.log = [&](const std::string& line) { log += line + "\n"; };
  Client::connect(std::move(options), credentialsOf(*server), soon());
  BOOST_TEST(log.find("Login") != std::string::npos);
  BOOST_TEST(log.find("Logout") != std::string::npos);
  BOOST_TEST(log.find(server->password) == std::string::npos);
  for (const Request& request : server->raw()) {
    if (request.method != "Login") BOOST_TEST(request.body.find(server->password) == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(calls_are_counted) {
  const auto server = newServer();
  const auto client = connected(server);
  const CallCounts counts = client->callCounts();
  BOOST_TEST(counts.byMethod.at("Login") == 1u);
  BOOST_TEST(counts.byMethod.at("CurrentTime") == 1u);
  BOOST_TEST(counts.requestBytes > 0u);
  BOOST_TEST(counts.responseBytes > 0u);
}

BOOST_AUTO_TEST_CASE(vms_are_found_by_uuid_all_of_them) {
  const auto server = newServer();
  server->uuidHits = {{"VirtualMachine", "vm-1", {}}, {"VirtualMachine", "vm-2", {}}};
  const auto client = connected(server);
  BOOST_TEST(client->findVmsByUuid("4210b1c2-5f1a", false, soon()).size() == 2u);
  const ReadRequestXml asked = server->requests("FindAllByUuid").at(0);
  BOOST_TEST(asked.text("vmSearch") == "true");
  BOOST_TEST(asked.text("instanceUuid") == "false");
  server->uuidHits.clear();
  BOOST_TEST(client->findVmsByUuid("4210b1c2-5f1a", true, soon()).empty());
}

BOOST_AUTO_TEST_CASE(a_task_is_cancelled) {
  const auto server = newServer();
  const auto client = connected(server);
  client->cancelTask({"Task", "task-7", {}}, soon());
  BOOST_TEST(server->requests("CancelTask").at(0).self.str() == "Task:task-7");
}

BOOST_AUTO_TEST_CASE(licences_come_without_their_keys) {
  const auto server = newServer();
  server->licenses =
      property(
          "licenses", "ArrayOfLicenseManagerLicenseInfo",
          "<LicenseManagerLicenseInfo><licenseKey>AAAAA-BBBBB-CCCCC-DDDDD-EEEEE</licenseKey><editionKey>"
          "esx.enterprisePlus.cpuPackage</editionKey><name>vSphere 8 Enterprise Plus</name><total>8</total>"
          "<used>2</used><costUnit>cpuPackage</costUnit></LicenseManagerLicenseInfo>") +
      "<propSet><name>licenseAssignmentManager</name><val type=\"LicenseAssignmentManager\" "
      "xsi:type=\"ManagedObjectReference\">LicenseAssignmentManager</val></propSet>";
  server->assignedLicenses =
      "<returnval><entityId>host-10</entityId><entityDisplayName>esx1</"
      "entityDisplayName><assignedLicense><licenseKey>"
      "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE</licenseKey><editionKey>esx.enterprisePlus.cpuPackage</"
      "editionKey><name>vSphere 8 "
      "Enterprise Plus</name><total>8</total></assignedLicense></returnval>";
  const auto client = connected(server);
  std::vector<Unreadable> holes;
  const std::vector<License> licenses = client->readLicenses(soon(), holes);
  BOOST_TEST(holes.empty());
  BOOST_REQUIRE(licenses.size() == 2u);
  BOOST_TEST(licenses[0].name == "vSphere 8 Enterprise Plus");
  BOOST_TEST(licenses[0].total == 8);
  BOOST_TEST(licenses[1].entityId == "host-10");
}

BOOST_AUTO_TEST_CASE(licences_that_may_not_be_read_are_a_hole_and_no_error) {
  const auto server = newServer();
  server->licenses =
      "<missingSet><path>licenses</path><fault><fault xsi:type=\"NoPermission\"><object "
      "type=\"Folder\">group-d1"
      "</object><privilegeId>Global.Licenses</privilegeId></fault><localizedMessage>Permission to perform "
      "this "
      "operation was denied.</localizedMessage></fault></missingSet>";
  const auto client = connected(server);
  std::vector<Unreadable> holes;
  BOOST_TEST(client->readLicenses(soon(), holes).empty());
  BOOST_REQUIRE(holes.size() == 1u);
  BOOST_TEST(holes[0].reason == "noPermission");
  BOOST_TEST(holes[0].privilege == "Global.Licenses");
  BOOST_TEST(holes[0].property == "licenses");
}

BOOST_AUTO_TEST_CASE(times_are_read_as_servers_write_them) {
  BOOST_TEST(*parseTime("1970-01-01T00:00:01Z") == 1000);
  BOOST_TEST(*parseTime("2023-12-14T07:29:53.566909Z") == 1702538993566);
  BOOST_TEST(*parseTime("2023-12-14T08:29:53.5+01:00") == 1702538993500);
  BOOST_TEST(*parseTime("2023-12-14T02:29:53-05:00") == 1702538993000);
  BOOST_TEST(!parseTime("yesterday").has_value());
  BOOST_TEST(!parseTime("").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
