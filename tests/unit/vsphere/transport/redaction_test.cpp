// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/redaction.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "vsphere/xml_tags.h"

namespace failback::vsphere {
namespace {

BOOST_AUTO_TEST_CASE(a_login_is_recorded_without_its_password) {
  const Redactor redactor;
  BOOST_TEST(redactor.body("<Login xmlns=\"urn:vim25\"><_this type=\"SessionManager\">SessionManager</_this>"
                           "<userName>me</userName><password versionId=\"5.5\">hunter2</password></Login>") ==
             "<Login xmlns=\"urn:vim25\"><_this type=\"SessionManager\">SessionManager</_this>"
             "<userName>me</userName><password versionId=\"5.5\">***</password></Login>");
  BOOST_TEST(redactor.body("<v:password>a</v:password><adminPassword>b</adminPassword><password/>") ==
             "<v:password>***</v:password><adminPassword>***</adminPassword><password/>");
}

BOOST_AUTO_TEST_CASE(session_keys_go_and_other_keys_stay) {
  const Redactor redactor;
  BOOST_TEST(redactor.body("<LoginResponse><returnval><key>52-ab</key><userName>me</userName></returnval>"
                           "</LoginResponse>") ==
             "<LoginResponse><returnval><key>***</key><userName>me</userName></returnval></LoginResponse>");
  BOOST_TEST(redactor.body("<val xsi:type=\"UserSession\"><key>52-ab</key></val>") ==
             "<val xsi:type=\"UserSession\"><key>***</key></val>");
  BOOST_TEST(redactor
                 .body("<val xsi:type=\"ArrayOfUserSession\"><UserSession xsi:type=\"v:UserSession\">"
                       "<key>52-ab</key></UserSession></val>")
                 .find("52-ab") == std::string::npos);
  const std::string device = "<VirtualDevice xsi:type=\"VirtualDisk\"><key>2000</key></VirtualDevice>";
  BOOST_TEST(redactor.body(device) == device);
}

BOOST_AUTO_TEST_CASE(tickets_tokens_and_options_that_hold_passwords) {
  const Redactor redactor;
  BOOST_TEST(
      redactor.body("<Header><wsse:Security><saml2:Assertion ID=\"x\"><saml2:Subject>me</saml2:Subject>"
                    "</saml2:Assertion></wsse:Security></Header>") ==
      "<Header><wsse:Security><saml2:Assertion ID=\"x\">***</saml2:Assertion></wsse:Security></Header>");
  BOOST_TEST(
      redactor.body("<AcquireCloneTicketResponse><returnval>cst-1</returnval></AcquireCloneTicketResponse>")
          .find("cst-1") == std::string::npos);
  BOOST_TEST(
      redactor.body("<OptionValue><key>RemoteDisplay.vnc.password</key><value xsi:type=\"xsd:string\">abc"
                    "</value></OptionValue><OptionValue><key>x</key><value>abc</value></OptionValue>") ==
      "<OptionValue><key>RemoteDisplay.vnc.password</key><value xsi:type=\"xsd:string\">***"
      "</value></OptionValue><OptionValue><key>x</key><value>abc</value></OptionValue>");
  const std::string page =
      "<RetrieveResult><token>1</token></RetrieveResult>";  // no secret, and needed in replays
  BOOST_TEST(redactor.body(page) == page);
}

BOOST_AUTO_TEST_CASE(licence_keys_get_a_number_each_and_the_evaluation_key_stays) {
  const Redactor redactor;
  const std::string out = redactor.body(
      "<a><licenseKey>AB1C2-DE3F4-GH5I6-JK7L8-MN9O0</licenseKey><x>key ZZ1C2-DE3F4-GH5I6-JK7L8-MN9O0.</x>"
      "<licenseKey>AB1C2-DE3F4-GH5I6-JK7L8-MN9O0</licenseKey><y>00000-00000-00000-00000-00000</y></a>");
  BOOST_TEST(
      out ==
      "<a><licenseKey>*****-*****-*****-*****-00001</licenseKey><x>key *****-*****-*****-*****-00002.</x>"
      "<licenseKey>*****-*****-*****-*****-00001</licenseKey><y>00000-00000-00000-00000-00000</y></a>");
  const std::string uuid = "<u>6000C29e-1234-5678-9abc-def012345678 52-54-00-12</u>";
  BOOST_TEST(redactor.body(uuid) == uuid);
}

BOOST_AUTO_TEST_CASE(a_known_secret_goes_however_it_is_spelled) {
  Redactor redactor;
  redactor.addSecret(Secret("S<&>\"'ü %x"));
  for (const std::string spelled : {
           "S<&>\"'ü %x",
           "S&lt;&amp;&gt;&quot;&apos;ü %x",
           "S&lt;&amp;>\"'&#252; %x",
           "S&#60;&#38;&#x3E;&#34;&#39;&#xfc; %x",
           "S%3C%26%3E%22%27%C3%BC%20%25x",
           "S%3c%26%3e%22%27%c3%bc%20%25x",
       }) {
    const std::string around = "before" + spelled + "after";
    BOOST_TEST(redactor.text(around) == "before***after");
    BOOST_TEST(redactor.body("<a>" + spelled + "</a>").find("%x") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_short_secret_goes_as_a_word_only_and_tags_stay_whole) {
  Redactor redactor;
  redactor.addSecret(Secret("pass"));
  BOOST_TEST(
      redactor.body(
          "<passthrough type=\"pass\"><a>pass</a><b>passthrough</b><c>user:pass@vc</c></passthrough>") ==
      "<passthrough type=\"pass\"><a>***</a><b>passthrough</b><c>user:***@vc</c></passthrough>");
}

BOOST_AUTO_TEST_CASE(messages_that_are_cut_short_or_no_xml_show_nothing_either) {
  Redactor redactor;
  redactor.addSecret(Secret("correct horse"));
  BOOST_TEST(redactor.body("<Login><password>hunt") == "<Login><password>***");
  BOOST_TEST(redactor.body("<Login><password>hunter2</passw") == "<Login><password>***");
  BOOST_TEST(redactor.body("no xml: correct horse") == "no xml: ***");
  BOOST_TEST(redactor.body("<a b=\"x>y\"><password><![CDATA[</password>x]]></password></a>") ==
             "<a b=\"x>y\"><password>***</password></a>");
  BOOST_TEST(redactor.body("<!-- <password> --><a>x</a>") == "<!-- <password> --><a>x</a>");
  BOOST_TEST(redactor.body("") == "");
}

BOOST_AUTO_TEST_CASE(headers_that_open_doors) {
  const Redactor redactor;
  BOOST_TEST(redactor.header("Set-Cookie", "vmware_soap_session=\"abc\"; Path=/; HttpOnly; Secure;") ==
             "vmware_soap_session=***; Path=/; HttpOnly; Secure;");
  BOOST_TEST(redactor.header("cookie", "vmware_soap_session=abc") == "vmware_soap_session=***");
  BOOST_TEST(redactor.header("Authorization", "Basic abc") == "***");
  BOOST_TEST(redactor.header("content-type", "text/xml") == "text/xml");
  BOOST_TEST(redactor.text("Cookie: vmware_soap_session=\"abc\"; x") == "Cookie: vmware_soap_session=***; x");
}

BOOST_AUTO_TEST_CASE(tags_are_walked_whatever_they_hold) {
  XmlTag tag;
  const std::string text =
      "<?xml ?><!-- <x> --><a:b c='>' xsi:type = \"v:T\"><r type=\"VM\" xsi:type='Ref'/></a:b><";
  BOOST_REQUIRE(nextTag(text, 0, tag));
  BOOST_TEST(tag.name == "b");
  BOOST_TEST(tag.type == "T");
  BOOST_REQUIRE(nextTag(text, tag.end, tag));
  BOOST_TEST((tag.kind == XmlTag::Kind::empty));
  BOOST_TEST(tag.type == "Ref");
  BOOST_REQUIRE(nextTag(text, tag.end, tag));
  BOOST_TEST((tag.kind == XmlTag::Kind::end));
  BOOST_TEST(!nextTag(text, tag.end, tag));
}

}  // namespace
}  // namespace failback::vsphere
