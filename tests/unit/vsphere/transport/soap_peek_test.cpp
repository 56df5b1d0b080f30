// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/soap_peek.h"

#include <boost/test/unit_test.hpp>
#include <string>

namespace failback::vsphere {
namespace {

const std::string open =
    R"(<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"
 xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<soapenv:Body>
)";
const std::string close = "</soapenv:Body></soapenv:Envelope>";

std::string fault(const std::string& detail, const std::string& text = "Something failed.") {
  return open + "<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>" + text +
         "</faultstring>" + detail + "</soapenv:Fault>" + close;
}

std::string typeOf(const std::string& envelope) {
  const auto peeked = peekFault(envelope);
  return peeked ? peeked->type : "(none)";
}

BOOST_AUTO_TEST_CASE(a_faults_type_and_text) {
  const auto peeked = peekFault(fault(
      R"(<detail><InvalidLoginFault xmlns="urn:vim25" xsi:type="InvalidLogin"></InvalidLoginFault></detail>)",
      "Cannot complete login &amp; so on."));
  BOOST_REQUIRE(peeked);
  BOOST_TEST(peeked->type == "InvalidLogin");
  BOOST_TEST(peeked->text == "Cannot complete login & so on.");
}

BOOST_AUTO_TEST_CASE(the_type_is_resolved_not_matched) {
  // vcsim's spelling: another prefix, declared on the spot; the type with a prefix of its own.
  BOOST_TEST(typeOf(fault(
                 R"(<detail><Fault xmlns:XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance")"
                 R"( XMLSchema-instance:type="NotAuthenticated"></Fault></detail>)")) == "NotAuthenticated");
  BOOST_TEST(typeOf(fault(R"(<detail><v:XFault xmlns:v="urn:vim25" xsi:type="v:NoPermission"/></detail>)")) ==
             "NoPermission");
  // Not the instance namespace, so not a type: the element's name is what is left.
  BOOST_TEST(typeOf(fault(
                 R"(<detail><RuntimeFaultFault xmlns:o="urn:other" o:type="NotAuthenticated"/></detail>)")) ==
             "RuntimeFault");
  BOOST_TEST(typeOf(fault("<detail><NewThingFault xmlns=\"urn:vim25\"/></detail>")) == "NewThing");
}

BOOST_AUTO_TEST_CASE(what_is_no_fault) {
  BOOST_TEST(typeOf(fault("")) == "");
  BOOST_TEST(typeOf(fault("<detail>only text</detail>")) == "");
  BOOST_TEST(typeOf(open + "<LoginResponse/>" + close) == "(none)");
  BOOST_TEST(typeOf(open + "<X><Fault>a name</Fault></X>" + close) == "(none)");
  BOOST_TEST(typeOf("<html><body>Fault</body></html>") == "(none)");
  BOOST_TEST(typeOf("503 Fault") == "(none)");
  BOOST_TEST(typeOf("") == "(none)");
}

BOOST_AUTO_TEST_CASE(a_fault_that_is_cut_behind_its_type_still_counts) {
  std::string cut = fault(R"(<detail><F xsi:type="NotAuthenticated"><object)");
  cut.resize(cut.find("<object") + 4);
  BOOST_TEST(typeOf(cut) == "NotAuthenticated");
}

const std::string missing =
    R"(<missingSet><path>name</path><fault><fault xsi:type="NotAuthenticated"><object type="VirtualMachine">vm-1)"
    R"(</object><privilegeId>System.View</privilegeId></fault><localizedMessage>The session is not )"
    R"(authenticated.</localizedMessage></fault></missingSet>)";

std::string answer(const std::string& content) {
  return open + R"(<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval>)" + content +
         "</returnval></RetrievePropertiesExResponse>" + close;
}
std::string object(const std::string& content) {
  return R"(<objects><obj type="VirtualMachine">vm-1</obj>)" + content + "</objects>";
}

// Texts that name the fault and do not mean it.
const std::string harmless[] = {
    answer(object("<propSet><name>name</name><val xsi:type=\"xsd:string\">NotAuthenticated</val></propSet>")),
    answer(object("<propSet><name>info.error</name><val xsi:type=\"LocalizedMethodFault\"><fault "
                  "xsi:type=\"NotAuthenticated\"/></val></propSet>")),
    answer(object("<propSet><name>info</name><val xsi:type=\"TaskInfo\"><error><fault "
                  "xsi:type=\"NotAuthenticated\"/></error></val></propSet>")),
    answer(
        object("<propSet><name>a</name><val xsi:type=\"xsd:string\">fault xsi:type=\"NotAuthenticated\"</val>"
               "</propSet>")),
    answer(object("<missingSet><path>name</path><fault><fault xsi:type=\"NoPermission\"/><localizedMessage>"
                  "NotAuthenticated</localizedMessage></fault></missingSet>")),
};

BOOST_AUTO_TEST_CASE(not_authenticated_inside_missing_set) {
  BOOST_TEST(tellsNotAuthenticated(answer(object(missing))));
  BOOST_TEST(tellsNotAuthenticated(
      answer("<filterSet><missingObjects><obj type=\"VirtualMachine\">vm-1</obj><fault><fault "
             "xsi:type=\"NotAuthenticated\"/></fault></missingObjects></filterSet>")));
  const std::string whole = answer(object("<propSet><name>x</name></propSet>" + missing) + object(missing));
  BOOST_TEST(tellsNotAuthenticated(std::string_view(whole).substr(0, whole.find("<object type"))));
  for (const std::string& text : harmless) BOOST_TEST(!tellsNotAuthenticated(text), text);
  BOOST_TEST(!tellsNotAuthenticated(answer("")));
  BOOST_TEST(!tellsNotAuthenticated("NotAuthenticated"));
}

bool watch(const std::string& text, std::size_t piece) {
  NotAuthenticatedWatcher watcher;
  bool found = false;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    found = watcher.feed(std::string_view(text).substr(at, piece)) || found;
  }
  return found;
}

BOOST_AUTO_TEST_CASE(the_watcher_finds_it_however_the_answer_is_cut_into_pieces) {
  const std::string filler = object("<propSet><name>name</name><val xsi:type=\"xsd:string\">" +
                                    std::string(5000, 'x') + "</val></propSet>");
  const std::string text = answer(filler + object(missing) + filler);
  for (const std::size_t piece : {1u, 2u, 3u, 7u, 16u, 100u, 1000u, 2047u, 2048u, 2049u, 4096u, 1000000u}) {
    BOOST_TEST(watch(text, piece), "pieces of " << piece);
    for (const std::string& other : harmless) {
      BOOST_TEST(!watch(filler + other + filler, piece), other << " in pieces of " << piece);
    }
  }
  BOOST_TEST(
      watch(answer(object(R"(<v:missingSet><v:fault><v:fault  xsi:type = 'v:NotAuthenticated' >)")), 5));
}

}  // namespace
}  // namespace failback::vsphere
