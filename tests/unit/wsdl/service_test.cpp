// SPDX-License-Identifier: GPL-2.0-or-later
// The service class that a server derives from: dispatches by the request's element, answers in memory.
#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>

#include "tests/unit/wsdl/message.h"
#include "vim25/soapH.h"
#include "vim25/soapVimBindingService.h"
#include "wsdl/schema.h"
#include "wsdl/served_files.h"

using namespace failback::vim25;
using namespace failback::vim25::test;

namespace {

class Clock : public VimBindingService {
 public:
  int CurrentTime(vim25__CurrentTimeRequestType* request, _vim25__CurrentTimeResponse& response) override {
    asked = request->_USCOREthis == nullptr ? "" : request->_USCOREthis->__item;
    response.returnval = "2026-01-02T03:04:05Z";
    return SOAP_OK;
  }
  VimBindingService* copy() override { return nullptr; }

  std::string asked;
};

std::string serve(Clock& service, const std::string& request) {
  std::istringstream in(request);
  std::ostringstream out;
  service.soap->is = &in;
  service.soap->os = &out;
  if (soap_begin_serve(service.soap) == SOAP_OK && service.dispatch() != SOAP_OK)
    soap_send_fault(service.soap);
  return out.str();
}

std::string call(const std::string& method) {
  return R"(<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><)" + method +
         R"( xmlns="urn:vim25"><_this type="ServiceInstance">ServiceInstance</_this></)" + method +
         "></e:Body></e:Envelope>";
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_request_reaches_its_operation_and_the_answer_can_be_read) {
  Clock service;
  const std::string answer = serve(service, call("CurrentTime"));
  BOOST_CHECK_EQUAL(service.asked, "ServiceInstance");
  Codec codec;
  _vim25__CurrentTimeResponse response;
  const std::string document = answer.substr(answer.find("<?xml"));
  BOOST_REQUIRE(codec.decode<vim25__CurrentTimeRequestType>(document, response) == Outcome::kResponse);
  BOOST_CHECK_EQUAL(response.returnval.value_or(""), "2026-01-02T03:04:05Z");
}

BOOST_AUTO_TEST_CASE(an_operation_that_is_not_overridden_or_unknown_is_a_fault_not_a_crash) {
  Clock service;
  BOOST_CHECK_NE(serve(service, call("Logout")).find("Fault"), std::string::npos);
  BOOST_CHECK_NE(serve(service, call("Nonsense")).find("Fault"), std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_served_files_name_every_method) {
  BOOST_CHECK(servedWsdl().starts_with("<?xml"));
  for (const MethodInfo& m : allMethods()) {
    const std::string name = "\"" + std::string(m.name) + "\"";
    BOOST_CHECK_MESSAGE(servedWsdl().find("operation name=" + name) != std::string_view::npos, m.name);
    BOOST_CHECK_MESSAGE(servedSchema().find("element name=" + name) != std::string_view::npos, m.name);
  }
}
