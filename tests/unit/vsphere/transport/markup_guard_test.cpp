// SPDX-License-Identifier: GPL-2.0-or-later
// What of an answer's markup is refused before a decoder sees it.
#include "vsphere/markup_guard.h"

#include <boost/test/unit_test.hpp>
#include <string>

namespace failback::vsphere {
namespace {

std::string repeated(const std::string& text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

std::string attributes(std::size_t count, const std::string& value = "\"x\"") {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += " a" + std::to_string(i) + "=" + value;
  return text;
}

// The problem, which must not depend on how the text is cut.
std::string problemOf(const std::string& text) {
  const std::string whole = markupProblem(text).value_or("");
  for (const std::size_t step : {1u, 7u, 4096u}) {
    MarkupGuard guard;
    bool good = true;
    for (std::size_t at = 0; at < text.size(); at += step)
      good = guard.feed(std::string_view(text).substr(at, step));
    BOOST_TEST(guard.problem() == whole);
    BOOST_TEST(good == whole.empty());
  }
  return whole;
}

BOOST_AUTO_TEST_CASE(what_servers_send_passes) {
  BOOST_TEST(problemOf("") == "");
  BOOST_TEST(problemOf("plain text, no markup") == "");
  BOOST_TEST(problemOf("<?xml version=\"1.0\"?>\n<e:Envelope xmlns:e=\"urn:e\"><e:Body/></e:Envelope>") ==
             "");
  BOOST_TEST(problemOf("<a b='/>' c=\"<\">text</a><!-- <a><a> --><![CDATA[<a ]] ]>]]]><a/>") == "");
  // Text may be of any length, and sign of equality in it is none of an attribute.
  BOOST_TEST(problemOf("<a>" + std::string(1'000'000, '=') + "</a>") == "");
  BOOST_TEST(problemOf("<l>" + repeated("<a x='1'><b/></a>", 10'000) + "</l>") == "");
}

BOOST_AUTO_TEST_CASE(nesting_is_bounded) {
  BOOST_TEST(problemOf(repeated("<a>", 100) + repeated("</a>", 100)) == "");
  BOOST_TEST(problemOf(repeated("<a>", 101)) == "its elements are nested deeper than 100");
  BOOST_TEST(problemOf(repeated("<a b='/'>", 101)) == "its elements are nested deeper than 100");
  // What is in a comment or in character data opens nothing.
  BOOST_TEST(
      problemOf("<a><!--" + repeated("<a>", 200) + "--><![CDATA[" + repeated("<a>", 200) + "]]></a>") == "");
  BOOST_TEST(problemOf("<!-- --->" + repeated("<a>", 101)) == "its elements are nested deeper than 100");
}

BOOST_AUTO_TEST_CASE(attributes_are_bounded) {
  BOOST_TEST(problemOf("<a" + attributes(64) + "/>") == "");
  BOOST_TEST(problemOf("<a" + attributes(65) + "/>") == "an element in it has more than 64 attributes");
  BOOST_TEST(problemOf("<a" + attributes(65, "'>'") + "/>") ==
             "an element in it has more than 64 attributes");
  BOOST_TEST(problemOf("<a b='" + repeated("x=", 1000) + "'/>") == "");
}

BOOST_AUTO_TEST_CASE(elements_are_bounded) {
  BOOST_TEST(!markupProblem("<l>" + repeated("<a></a>", 499'999) + "</l>"));
  BOOST_TEST(markupProblem("<l>" + repeated("<a></a>", 500'000) + "</l>").value_or("") ==
             "it has more than 500000 elements");
}

BOOST_AUTO_TEST_CASE(a_tag_is_bounded) {
  BOOST_TEST(problemOf("<a b='" + std::string(60'000, 'x') + "'/>") == "");
  BOOST_TEST(problemOf("<a b='" + std::string(70'000, 'x') + "'/>") ==
             "a tag in it is longer than 65536 bytes");
  BOOST_TEST(problemOf("<" + std::string(70'000, 'n')) == "a tag in it is longer than 65536 bytes");
  BOOST_TEST(problemOf("</" + std::string(70'000, 'n')) == "a tag in it is longer than 65536 bytes");
}

BOOST_AUTO_TEST_CASE(a_document_type_is_refused) {
  const std::string wanted = "it has a document type, which may declare entities";
  BOOST_TEST(problemOf("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'bb'>]><a>&b;</a>") == wanted);
  BOOST_TEST(problemOf("<!doctype html><html/>") == wanted);
  BOOST_TEST(problemOf("<a><!ENTITY b 'bb'></a>") == wanted);
}

bool passes(const std::string& text, std::size_t step) {
  LongTagGuard guard;
  for (std::size_t at = 0; at < text.size(); at += step) {
    if (!guard.feed(std::string_view(text).substr(at, step))) return false;
  }
  return true;
}

BOOST_AUTO_TEST_CASE(a_long_tag_is_seen_however_it_comes) {
  const std::string page = repeated("<a b='1'>text</a>", 50'000);
  const std::string text = "<a>" + std::string(1'000'000, 't') + "</a>";
  const std::string good[] = {page, text, page + "<a b=\"" + std::string(40'000, '>') + "\"/>" + page};
  const std::string bad[] = {page + "<a" + attributes(30'000) + "/>" + page,
                             page + "<a" + attributes(30'000, "'>'") + "/>" + page,
                             "<a b=\"" + std::string(300'000, '>') + "\"/>"};
  for (const std::size_t step : {std::size_t{1000}, std::size_t{16'384}, std::size_t{10'000'000}}) {
    for (const std::string& one : good) BOOST_TEST(passes(one, step));
    for (const std::string& one : bad) BOOST_TEST(!passes(one, step));
  }
}

}  // namespace
}  // namespace failback::vsphere
