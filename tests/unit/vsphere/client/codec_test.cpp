// SPDX-License-Identifier: GPL-2.0-or-later
#include <boost/test/unit_test.hpp>
#include <functional>
#include <thread>
#include <vector>

#include "tests/unit/vsphere/client/fake_xml.h"
#include "vim25/soapStub.h"
#include "vsphere/binding/request_arena.h"
#include "vsphere/binding/soap_codec.h"
#include "vsphere/error.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

const AnswerPlace kLogin{"Login", "SessionManager:SessionManager", 200};

Error failureOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const Failure& failure) {
    return failure.error();
  }
  BOOST_FAIL("no failure");
  return {};
}

Error loginFailure(const std::string& body, int status = 200) {
  AnswerPlace place = kLogin;
  place.status = status;
  return failureOf([&] { SoapCodec().decode<_vim25__LoginResponse>(body, place); });
}

bool mentions(const std::string& text, const std::string& word) {
  return text.find(word) != std::string::npos;
}

const std::string kSession = answer("Login", "<returnval><key>k-1</key><userName>me</userName></returnval>");

}  // namespace

BOOST_AUTO_TEST_SUITE(codec)

BOOST_AUTO_TEST_CASE(a_request_has_its_members_in_the_order_of_the_schema_and_the_operation_id) {
  RequestArena arena;
  vim25__LoginRequestType login;
  login._USCOREthis = arena.reference({"SessionManager", "SessionManager", {}});
  login.userName = "müller & söhne";
  login.password = "p<w>";
  const std::string xml = SoapCodec().encode("Login", login, "1a2b3c4d-7");
  const ReadRequestXml read = readRequest(xml);
  BOOST_TEST(read.method == "Login");
  BOOST_TEST(read.self.str() == "SessionManager:SessionManager");
  BOOST_TEST(read.operationId == "1a2b3c4d-7");
  BOOST_TEST(read.text("userName") == "müller & söhne");
  BOOST_TEST(read.text("password") == "p<w>");
  BOOST_TEST(!mentions(xml, "locale"));
  BOOST_TEST(xml.find("_this") < xml.find("userName"));
  BOOST_TEST(xml.find("userName") < xml.find("password"));
  // Typed by the schema; a type of our own on the request itself would only invite trouble.
  BOOST_TEST(!mentions(xml, "LoginRequestType"));
}

BOOST_AUTO_TEST_CASE(without_an_operation_id_there_is_no_header) {
  vim25__CurrentTimeRequestType request;
  const std::string xml = SoapCodec().encode("CurrentTime", request, "");
  BOOST_TEST(!mentions(xml, "Header"));
  BOOST_TEST(readRequest(xml).method == "CurrentTime");
}

BOOST_AUTO_TEST_CASE(an_answer_outlives_the_text_it_came_from) {
  SoapCodec codec;
  auto decoded = [&] {
    const std::string body = kSession;
    return codec.decode<_vim25__LoginResponse>(body, kLogin);
  }();
  for (int i = 0; i < 50; ++i) codec.decode<_vim25__LoginResponse>(answer("Login", ""), kLogin);
  BOOST_REQUIRE(decoded->returnval != nullptr);
  BOOST_TEST(*decoded->returnval->key == "k-1");
  BOOST_TEST(*decoded->returnval->userName == "me");
}

BOOST_AUTO_TEST_CASE(an_answer_may_outlive_the_codec) {
  auto decoded = SoapCodec().decode<_vim25__LoginResponse>(kSession, kLogin);
  BOOST_TEST(*decoded->returnval->key == "k-1");
}

BOOST_AUTO_TEST_CASE(the_way_real_servers_and_simulators_write_an_answer_does_not_matter) {
  const std::string prefixed =
      "\xEF\xBB\xBF  <?xml version=\"1.0\"?><!-- a proxy's remark --><e:Envelope "
      "xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Header/><e:Body>"
      "<v:LoginResponse "
      "xmlns:v=\"urn:vim25\"><v:returnval><v:newer>x<y/></v:newer><v:userName>me</v:userName>"
      "<v:key>k-2</v:key></v:returnval></v:LoginResponse></e:Body></e:Envelope>\n";
  const auto decoded = SoapCodec().decode<_vim25__LoginResponse>(prefixed, kLogin);
  BOOST_TEST(*decoded->returnval->key == "k-2");
  BOOST_TEST(*decoded->returnval->userName == "me");
}

BOOST_AUTO_TEST_CASE(a_fault_is_a_failure_with_its_name_text_and_object) {
  const Error error = loginFailure(fault("InvalidLogin", "Cannot complete login."), 500);
  BOOST_TEST((error.category == Category::loginRefused));
  BOOST_TEST(error.fault == "InvalidLogin");
  BOOST_TEST(error.text == "Cannot complete login");
  BOOST_TEST(error.object.str() == "SessionManager:SessionManager");
}

BOOST_AUTO_TEST_CASE(the_faults_own_object_counts_more_than_the_one_that_was_called) {
  const Error error = loginFailure(fault("NoPermission", "Denied.",
                                         "<object type=\"Folder\">group-d1</object>"
                                         "<privilegeId>System.View</privilegeId>"),
                                   500);
  BOOST_TEST((error.category == Category::notPermitted));
  BOOST_TEST(error.object.str() == "Folder:group-d1");
  BOOST_TEST(error.privilege == "System.View");
}

BOOST_AUTO_TEST_CASE(a_fault_counts_with_any_http_status_and_any_shape) {
  BOOST_TEST(loginFailure(fault("InvalidLogin", "No."), 200).fault == "InvalidLogin");
  BOOST_TEST(loginFailure(fault("TotallyNewFault", "No."), 500).fault == "TotallyNewFault");
  const std::string bare = envelope(
      "<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>just "
      "words</faultstring></soapenv:Fault>");
  BOOST_TEST(mentions(loginFailure(bare, 500).text, "just words"));
  const std::string silent = envelope("<soapenv:Fault><faultcode>S</faultcode></soapenv:Fault>");
  BOOST_TEST(!loginFailure(silent, 500).text.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_says_where_and_what_it_may_be) {
  struct Case {
    std::string body;
    std::string word;  // in the text or the remedy
  };
  const std::vector<Case> cases = {
      {"", "empty"},
      {" \r\n\t ", "empty"},
      {"<!DOCTYPE html><html><body>Sign in to Example Proxy</body></html>", "proxy"},
      {"<HTML><HEAD><TITLE>301 Moved</TITLE></HEAD></HTML>", "web page"},
      {"Service Unavailable", "not SOAP"},
      {"\x1F\x8B\x08 pretends to be gzip", "not SOAP"},
      {"POST /sdk HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n", "not SOAP"},
      {"<?xml version=\"1.0\"?><a xmlns=\"urn:vim25\"/>", "not SOAP"},
  };
  for (const Case& one : cases) {
    const Error error = loginFailure(one.body);
    BOOST_TEST_CONTEXT(one.body) {
      BOOST_TEST((error.category == Category::malformedAnswer));
      BOOST_TEST(mentions(error.text, "Login on SessionManager:SessionManager"));
      BOOST_TEST(mentions(error.text, "200"));
      BOOST_TEST(mentions(error.text + error.remedy, one.word));
      BOOST_TEST(!error.remedy.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(an_answer_cut_at_any_byte_is_an_error_and_no_crash) {
  SoapCodec codec;
  // Behind the last closing tag nothing is missing.
  for (std::size_t length = 0; length + 1 < kSession.size(); ++length) {
    const Error error = failureOf(
        [&] { codec.decode<_vim25__LoginResponse>(std::string_view(kSession).substr(0, length), kLogin); });
    BOOST_TEST_CONTEXT(length) BOOST_TEST((error.category == Category::malformedAnswer));
  }
}

BOOST_AUTO_TEST_CASE(what_is_soap_but_not_this_answer_is_malformed) {
  BOOST_TEST(mentions(loginFailure(answer("Logout", "")).text, "does not hold"));
  BOOST_TEST((loginFailure(envelope("")).category == Category::malformedAnswer));
  std::string other = kSession;
  other.replace(other.find("urn:vim25"), 9, "urn:other");
  BOOST_TEST((loginFailure(other).category == Category::malformedAnswer));
  std::string soap = kSession;
  soap.replace(soap.find("soap/envelope"), 13, "soap/nonsense");
  BOOST_TEST((loginFailure(soap).category == Category::malformedAnswer));
}

BOOST_AUTO_TEST_CASE(the_context_of_a_failed_answer_is_good_for_the_next) {
  SoapCodec codec;
  for (int i = 0; i < 20; ++i) {
    BOOST_CHECK_THROW(codec.decode<_vim25__LoginResponse>(kSession.substr(0, 400), kLogin), Failure);
    BOOST_CHECK_THROW(codec.decode<_vim25__LoginResponse>(fault("InvalidLogin", "No."), kLogin), Failure);
    BOOST_TEST(*codec.decode<_vim25__LoginResponse>(kSession, kLogin)->returnval->key == "k-1");
    vim25__CurrentTimeRequestType request;
    BOOST_TEST(readRequest(codec.encode("CurrentTime", request, "x-1")).operationId == "x-1");
  }
}

BOOST_AUTO_TEST_CASE(markup_beyond_the_limits_is_refused_before_it_is_decoded) {
  const auto refusalOf = [](const std::string& inside) -> std::string {
    try {
      SoapCodec().decode<_vim25__LoginResponse>(
          answer("Login", "<returnval>" + inside + "<key>k</key></returnval>"), kLogin);
    } catch (const Failure& failure) {
      BOOST_TEST((failure.error().category == Category::malformedAnswer));
      BOOST_TEST(failure.error().text.find("the answer to Login on ") == 0u);
      return failure.error().text;
    }
    return "";
  };
  const auto nested = [](int depth) {
    std::string open, close;
    for (int i = 0; i < depth; ++i) {
      open += "<a>";
      close += "</a>";
    }
    return open + close;
  };
  std::string attributes;
  for (int i = 0; i < 100; ++i) attributes += " a" + std::to_string(i) + "=''";
  BOOST_TEST(refusalOf(nested(50)).empty());
  BOOST_TEST(refusalOf(nested(5000)).find("its elements are nested deeper than 100") != std::string::npos);
  BOOST_TEST(refusalOf("<a" + attributes + "/>").find("more than 64 attributes") != std::string::npos);
  BOOST_TEST(refusalOf("<!DOCTYPE a>").find("document type") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(many_threads_may_use_one_codec) {
  SoapCodec codec;
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        vim25__LoginRequestType request;
        request.userName = "user" + std::to_string(i);
        const bool encoded =
            readRequest(codec.encode("Login", request, "")).text("userName") == request.userName;
        const bool decoded = *codec.decode<_vim25__LoginResponse>(kSession, kLogin)->returnval->key == "k-1";
        good += encoded && decoded ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(good == 400);
}

BOOST_AUTO_TEST_SUITE_END()
