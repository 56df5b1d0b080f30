// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/glob.h"

#include <boost/test/unit_test.hpp>
#include <string>

using failback::discovery::matchesGlob;

BOOST_AUTO_TEST_SUITE(glob)

BOOST_AUTO_TEST_CASE(plain_names_match_whole_and_without_case) {
  BOOST_TEST(matchesGlob("web-01", "web-01"));
  BOOST_TEST(matchesGlob("WEB-01", "web-01"));
  BOOST_TEST(!matchesGlob("web", "web-01"));
  BOOST_TEST(!matchesGlob("web-01", "web"));
  BOOST_TEST(matchesGlob("", ""));
  BOOST_TEST(!matchesGlob("", "x"));
}

BOOST_AUTO_TEST_CASE(stars_and_question_marks) {
  BOOST_TEST(matchesGlob("*", ""));
  BOOST_TEST(matchesGlob("web-*", "web-01"));
  BOOST_TEST(matchesGlob("*-01", "web-front-01"));
  BOOST_TEST(matchesGlob("w*f*1", "web-front-01"));
  BOOST_TEST(!matchesGlob("w*x*1", "web-front-01"));
  BOOST_TEST(matchesGlob("web-??", "web-01"));
  BOOST_TEST(!matchesGlob("web-?", "web-01"));
  BOOST_TEST(matchesGlob("d?b",
                         "d\xC3\xBC"
                         "b"));  // one character of two bytes
  BOOST_TEST(matchesGlob("/DC0/*/web-01", "/DC0/vm/front/web-01"));
}

BOOST_AUTO_TEST_CASE(sets) {
  BOOST_TEST(matchesGlob("web-0[1-3]", "web-02"));
  BOOST_TEST(!matchesGlob("web-0[1-3]", "web-04"));
  BOOST_TEST(matchesGlob("web-0[!1-3]", "web-04"));
  BOOST_TEST(matchesGlob("[ABC]x", "bx"));
  BOOST_TEST(matchesGlob("a[]]b", "a]b"));
  BOOST_TEST(matchesGlob("a[b", "a[b"));  // not closed: itself
}

BOOST_AUTO_TEST_CASE(a_backslash_takes_the_next_character_as_it_is) {
  BOOST_TEST(matchesGlob("a\\*b", "a*b"));
  BOOST_TEST(!matchesGlob("a\\*b", "axb"));
  BOOST_TEST(matchesGlob("\\[x\\]", "[x]"));
}

BOOST_AUTO_TEST_CASE(many_stars_do_not_take_forever) {
  const std::string text(20000, 'a');
  BOOST_TEST(!matchesGlob("*a*a*a*a*a*a*a*b", text));
}

BOOST_AUTO_TEST_SUITE_END()
