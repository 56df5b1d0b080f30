// SPDX-License-Identifier: GPL-2.0-or-later
#include <boost/test/unit_test.hpp>

#include "provisioning/plan/document.h"

using namespace failback::provisioning;

namespace {

Node good(const std::string& text) {
  std::vector<Problem> problems;
  Node node = parseDocument(text, problems);
  for (const Problem& each : problems) BOOST_ERROR(describe(each, "doc"));
  return node;
}

std::string problem(const std::string& text) {
  std::vector<Problem> problems;
  parseDocument(text, problems);
  BOOST_REQUIRE_MESSAGE(!problems.empty(), text);
  return describe(problems.front(), "doc");
}

const Node& at(const Node& node, const std::string& name) {
  const Member* member = node.find(name);
  BOOST_REQUIRE_MESSAGE(member, name);
  return member->value;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(document)

BOOST_AUTO_TEST_CASE(json_and_yaml_give_the_same_values_with_their_lines) {
  const Node json =
      good("{\n  \"a\": [1, \"x\", true, null],\n  \"b\": {\"c\": \"\\u00e9\\ud83d\\ude00\"}\n}");
  const Node yaml = good("a: [1, \"x\", true, ~]\nb:\n  c: \"\xC3\xA9\xF0\x9F\x98\x80\"\n");
  for (const Node* root : {&json, &yaml}) {
    const Node& list = at(*root, "a");
    BOOST_REQUIRE(list.items.size() == 4U);
    BOOST_TEST((list.items[0].kind == Node::Kind::number));
    BOOST_TEST(list.items[0].text == "1");
    BOOST_TEST((list.items[1].kind == Node::Kind::text));
    BOOST_TEST(list.items[2].truth);
    BOOST_TEST((list.items[3].kind == Node::Kind::null));
    BOOST_TEST(at(at(*root, "b"), "c").text == "\xC3\xA9\xF0\x9F\x98\x80");
  }
  BOOST_TEST(json.find("b")->place.line == 3);
  BOOST_TEST(yaml.find("b")->place.line == 2);
  BOOST_TEST(placeOf(json, "/a/2").line == 2);
  BOOST_TEST(placeOf(yaml, "/b/c").line == 3);
  BOOST_TEST(placeOf(yaml, "/b/no/such").line == 2);
}

BOOST_AUTO_TEST_CASE(words_of_older_yaml_are_text) {
  const Node yaml = good("a: yes\nb: off\nc: 12:30:45\nd: 0o17\ne: 2026-11-26\nf: .5\ng: 1.2.3\nh: 1_000\n");
  for (const char* name : {"a", "b", "c", "e", "g", "h"})
    BOOST_TEST((at(yaml, name).kind == Node::Kind::text), name);
  BOOST_TEST((at(yaml, "d").kind == Node::Kind::number));
  BOOST_TEST((at(yaml, "f").kind == Node::Kind::number));
}

BOOST_AUTO_TEST_CASE(what_is_not_well_formed_is_told_with_its_line) {
  BOOST_TEST(problem("").find("is empty") != std::string::npos);
  BOOST_TEST(problem("{\"a\": 1,\n \"b\": }").find("doc:2: ") == 0U);
  BOOST_TEST(problem("{\"a\": 1}\n{}").find("is not JSON") != std::string::npos);
  BOOST_TEST(problem("a: [1, 2\nb: 3\n").find("is not YAML") != std::string::npos);
  BOOST_TEST(problem("a: 1\na: 2\n") == "doc:2:1: /a: stands twice, first in line 1; expected it once");
  BOOST_TEST(problem("{\"x\": {\"a\": 1,\n\"a\": 2}}").find("/x/a: stands twice") != std::string::npos);
  BOOST_TEST(problem("a: &x 1\nb: *x\n").find("anchors") != std::string::npos);
  BOOST_TEST(problem("a: !!binary aGVsbG8=\n").find("tag") != std::string::npos);
  BOOST_TEST(problem("a: 1\n---\nb: 2\n").find("second document") != std::string::npos);
  BOOST_TEST(problem("? [a, b]\n: 1\n").find("a name must be text") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_too_deep_or_too_large_is_refused) {
  const std::string deep(500, '[');
  BOOST_TEST(problem(deep).find("nested more than 64 levels") != std::string::npos);
  BOOST_TEST(problem("a: " + deep + std::string(500, ']')).find("nested more than 64 levels") !=
             std::string::npos);
  BOOST_TEST(problem(std::string(largestDocument + 1, ' ')).find("bytes long") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(pointers_are_escaped) {
  BOOST_TEST(below("/a", "b/c~d") == "/a/b~1c~0d");
  const Node root = good("\"a/b\":\n  \"~\": 1\n");
  BOOST_TEST(placeOf(root, "/a~1b/~0").line == 2);
}

BOOST_AUTO_TEST_SUITE_END()
