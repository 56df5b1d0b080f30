// SPDX-License-Identifier: GPL-2.0-or-later
// The verb "plan", as somebody types it.
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/app.h"
#include "tests/unit/cli/support.h"
#include "tests/unit/provisioning/plan_text.h"

using namespace failback;
using provisioning::planText;
using testing::holds;
using testing::Ran;
using testing::ran;

BOOST_AUTO_TEST_SUITE(plan)

BOOST_AUTO_TEST_CASE(show_tells_what_comes_home_and_where) {
  const testing::TemporaryFolder folder;
  const Ran shown = ran({"plan", "show", folder.write("plan.yaml", planText)});
  BOOST_TEST(shown.code == 0, shown.err);
  for (const char* word : {"web-01", "120 GiB", "mt-linux-01", "vmfs-01", "power off", "digest:"})
    BOOST_TEST(holds(shown.out, word), word);
}

BOOST_AUTO_TEST_CASE(every_form_of_a_plan_has_the_digest_of_all) {
  const testing::TemporaryFolder folder;
  const std::string file = folder.write("plan.yaml", planText);
  const std::string digest = ran({"plan", "show", file, "-o", "digest"}).out;
  BOOST_TEST(digest.size() == 65U);
  for (const std::string format : {"json", "yaml", "canonical"}) {
    const Ran shown = ran({"plan", "show", file, "-o", format});
    BOOST_TEST(shown.code == 0, shown.err);
    const std::string again = folder.write("again." + format, shown.out);
    BOOST_TEST(ran({"plan", "show", again, "-o", "digest"}).out == digest, format);
  }
}

BOOST_AUTO_TEST_CASE(a_bad_plan_is_a_usage_error_with_every_problem_and_its_place) {
  const testing::TemporaryFolder folder;
  std::string text = provisioning::replaced(planText, "    masterTarget:", "    masterTraget:");
  text = provisioning::replaced(text, "cpus: 4", "cpus: four");
  const std::string file = folder.write("plan.yaml", text);
  const Ran shown = ran({"plan", "show", file});
  BOOST_TEST(shown.code == 2);
  BOOST_TEST(shown.out.empty());
  BOOST_TEST(holds(shown.err, "3 problems"), shown.err);
  BOOST_TEST(holds(shown.err, file + ":13:5: /machines/0/masterTraget"), shown.err);
  BOOST_TEST(holds(shown.err, file + ":19:13: /machines/0/source/cpus: is the text 'four'"), shown.err);
  const auto json = nlohmann::json::parse(ran({"plan", "show", file, "--errors=json"}).err);
  BOOST_TEST(json["error"]["causes"].size() == 3U);
  BOOST_TEST(json["error"]["causes"][2]["details"]["pointer"] == "/machines/0/source/cpus");
}

BOOST_AUTO_TEST_CASE(files_that_are_not_there_or_hold_nothing) {
  const testing::TemporaryFolder folder;
  BOOST_TEST(ran({"plan", "show", folder.path("none.yaml")}).code == 2);
  BOOST_TEST(holds(ran({"plan", "show", folder.write("empty.yaml", "")}).err, "is empty"));
  BOOST_TEST(ran({"plan", "show"}).code == 2);
}

BOOST_AUTO_TEST_CASE(actions_are_named_where_one_is_missing_or_wrong) {
  BOOST_TEST(holds(ran({"plan"}).err, "init, show, refresh, schema"));
  BOOST_TEST(holds(ran({"plan", "shwo"}).err, "did you mean show?"));
  BOOST_TEST(ran({"plan", "shwo"}).code == 2);
  BOOST_TEST(holds(ran({"plan", "--help"}).out, "plan schema"));
  BOOST_TEST(holds(ran({"help", "plan", "show"}).out, "failback plan show [OPTION...] PLAN"));
  BOOST_TEST(holds(ran({"paln"}).err, "did you mean plan?"));
}

BOOST_AUTO_TEST_CASE(init_wants_to_know_what_and_where) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"plan", "init"},
           {"plan", "init", "--machine", "web-01"},
           {"plan", "init", "--machine", "web-01", "--master-target", "mt-linux-01"}}) {
    const Ran refused = ran(words);
    BOOST_TEST(refused.code == 2);
    BOOST_TEST(holds(refused.err, "plan init wants --"), refused.err);
  }
}

BOOST_AUTO_TEST_CASE(init_never_replaces_a_file) {
  const testing::TemporaryFolder folder;
  const std::string file = folder.write("plan.yaml", "mine");
  const Ran refused = ran({"plan", "init", "--machine", "a", "--master-target", "b", "--datastore", "c",
                           "--from", folder.path("none.json"), "--out", file});
  BOOST_TEST(refused.code == 2);
  BOOST_TEST(holds(refused.err, "is there already, and is not replaced"), refused.err);
  BOOST_TEST(testing::readFile(file) == "mine");
}

BOOST_AUTO_TEST_CASE(init_says_which_dump_is_not_there) {
  const testing::TemporaryFolder folder;
  const Ran refused = ran({"plan", "init", "--machine", "a", "--master-target", "b", "--datastore", "c",
                           "--from", folder.path("none.json")});
  BOOST_TEST(refused.code == 2);
  BOOST_TEST(holds(refused.err, "none.json can't be read"), refused.err);
}

BOOST_AUTO_TEST_CASE(schema_is_a_json_schema) {
  const Ran printed = ran({"plan", "schema"});
  BOOST_TEST(printed.code == 0);
  BOOST_TEST(nlohmann::json::parse(printed.out)["$schema"] == "https://json-schema.org/draft/2020-12/schema");
}

BOOST_AUTO_TEST_SUITE_END()
