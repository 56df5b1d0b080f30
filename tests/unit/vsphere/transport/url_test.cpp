// SPDX-License-Identifier: GPL-2.0-or-later
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "vsphere/connection.h"
#include "vsphere/error.h"

namespace failback::vsphere {
namespace {

struct Good {
  std::string text, str, user, password;
};
std::ostream& operator<<(std::ostream& out, const Good& good) {
  return out << good.text;
}

const std::vector<Good> good{
    {"vc.example", "https://vc.example:443/sdk", "", ""},
    {"vc.example:8443", "https://vc.example:8443/sdk", "", ""},
    {"https://vc.example", "https://vc.example:443/sdk", "", ""},
    {"HTTPS://vc.example/", "https://vc.example:443/sdk", "", ""},
    {"https://vc.example/sdk", "https://vc.example:443/sdk", "", ""},
    {"https://vc.example/other", "https://vc.example:443/other", "", ""},
    {"10.0.0.7", "https://10.0.0.7:443/sdk", "", ""},
    {"[fe80::1]", "https://[fe80::1]:443/sdk", "", ""},
    {"2001:db8::5", "https://[2001:db8::5]:443/sdk", "", ""},
    {"https://[::1]:8989/sdk", "https://[::1]:8989/sdk", "", ""},
    {"http://127.0.0.1:8989/sdk", "http://127.0.0.1:8989/sdk", "", ""},
    {"http://localhost", "http://localhost:80/sdk", "", ""},
    {"user@vc.example", "https://vc.example:443/sdk", "user", ""},
    {"user:pass@vc.example:444", "https://vc.example:444/sdk", "user", "pass"},
    {"https://administrator%40vsphere.local:p%40ss%2Fw%3Ard%25@vc/sdk", "https://vc:443/sdk",
     "administrator@vsphere.local", "p@ss/w:rd%"},
    {"https://administrator@vsphere.local:p@ss@vc", "https://vc:443/sdk", "administrator@vsphere.local",
     "p@ss"},
    {"https://DOMAIN\\user:pw@vc", "https://vc:443/sdk", "DOMAIN\\user", "pw"},
    {"https://user:a:b@[::1]:8989", "https://[::1]:8989/sdk", "user", "a:b"},
    {"https://user:http://@vc", "", "", ""},  // an unencoded slash in the password: refused, see below
};

BOOST_DATA_TEST_CASE(what_users_type, boost::unit_test::data::make(good), sample) {
  if (sample.str.empty()) {
    BOOST_CHECK_THROW(parseUrl(sample.text), Failure);
    return;
  }
  const ParsedUrl parsed = parseUrl(sample.text);
  BOOST_TEST(parsed.url.str() == sample.str);
  BOOST_TEST(parsed.userName == sample.user);
  BOOST_TEST(parsed.password.reveal() == sample.password);
}

BOOST_AUTO_TEST_CASE(an_empty_password_is_a_password) {
  BOOST_TEST(parseUrl("https://user:@vc").hasPassword);
  BOOST_TEST(!parseUrl("https://user@vc").hasPassword);
}

const std::vector<std::string> bad{
    "",
    "https://",
    "ftp://vc.example",
    "vc.example:0",
    "vc.example:65536",
    "vc.example:",
    "vc.example:https",
    "vc example",
    "https://vc.example/sdk?x=1",
    "https://vc.example/sdk#x",
    "[::1",
    "[::1]x",
    "[not-an-address]",
    "https://S3cret/x:y@vc.example",
    "https://user:S3cret/x@vc.example",
    "https://user:S3cret%zz@vc.example",
    "https://user:S3cret%4@vc.example",
    "https://user:S3cret%00@vc.example",
    "https://user:S3cret@vc.exa<mple",
    "https://user:S3cret@vc.example:99999",
    "http://user:S3cret@vc.example",
    "https://user:S3\ncret@vc.example",
    "user:S3cret@",
};

BOOST_DATA_TEST_CASE(refusals_are_usage_errors_and_never_repeat_a_password, boost::unit_test::data::make(bad),
                     text) {
  try {
    parseUrl(text);
    BOOST_ERROR("accepted: " + text);
  } catch (const Failure& failure) {
    BOOST_TEST(toString(failure.error().category) == "usage");
    BOOST_TEST(!failure.error().text.empty());
    const std::string all = std::string(failure.what()) + failure.error().remedy;
    BOOST_TEST(all.find("S3") == std::string::npos, all);
  }
}

}  // namespace
}  // namespace failback::vsphere
