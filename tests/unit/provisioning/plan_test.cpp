// SPDX-License-Identifier: GPL-2.0-or-later
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "plan_text.h"
#include "provisioning/plan/plan_document.h"

using namespace failback::provisioning;

namespace {

std::string fileText(const std::string& path) {
  const std::ifstream file(std::string(FAILBACK_SOURCE_DIR) + "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// What somebody sees who gives this document: one line for each problem.
std::string complaints(const std::string& text) {
  std::string all;
  const PlanReading reading = readPlan(text);
  for (const Problem& each : reading.problems) all += describe(each, "plan") + "\n";
  BOOST_TEST(reading.plan.has_value() == reading.problems.empty());
  return all;
}

std::string complaintsOver(const std::string& what, const std::string& with) {
  return complaints(replaced(planText, what, with));
}

Plan good() {
  PlanReading reading = readPlan(planText);
  for (const Problem& each : reading.problems) BOOST_TEST_MESSAGE(describe(each, "plan"));
  BOOST_REQUIRE(reading.plan.has_value());
  return *reading.plan;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plan)

BOOST_AUTO_TEST_CASE(a_plan_is_read_with_all_that_it_says) {
  const Plan plan = good();
  BOOST_TEST(plan.id == "5f1c7d52-3a64-4d2b-9a52-0c1d2e3f4a5b");
  BOOST_REQUIRE(plan.machines.size() == 1U);
  const Machine& web = plan.machines[0];
  BOOST_TEST(web.masterTarget == "mt-linux-01");
  BOOST_TEST((web.source.osFamily == OsFamily::linux));
  BOOST_TEST((web.source.firmware == Firmware::efi));
  BOOST_TEST(web.source.secureBoot);
  BOOST_REQUIRE(web.source.disks.size() == 2U);
  BOOST_TEST(web.source.disks[1].capacityBytes == 107374182400);
  BOOST_TEST((web.source.disks[1].controller.type == ControllerType::pvscsi));
  BOOST_TEST(web.source.disks[1].unit == 1);
  BOOST_TEST(web.home.networks.at("VM Network") == "prod # 7");
  BOOST_TEST(web.consents.powerOff);
  BOOST_TEST(!web.consents.mergeSnapshots);
  BOOST_TEST((plan.policy.diskMode == DiskMode::independentPersistent));
  BOOST_TEST(plan.deadlines.mergeSeconds == 86'400);
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again_as_json_and_as_yaml) {
  const Plan plan = good();
  const std::string canonical = canonicalJson(plan);
  for (const std::string& text : {planJson(plan, true), planJson(plan, false), planYaml(plan, false),
                                  planYaml(plan, true), canonical}) {
    const PlanReading again = readPlan(text);
    BOOST_TEST_CONTEXT(text << complaints(text)) {
      BOOST_REQUIRE(again.plan.has_value());
      BOOST_TEST(canonicalJson(*again.plan) == canonical);
    }
  }
  BOOST_TEST(planJson(plan, true).size() < planJson(plan, false).size());
}

BOOST_AUTO_TEST_CASE(the_digest_is_of_what_a_plan_says_and_not_of_how) {
  const std::string before = digest(good());
  BOOST_TEST(before.size() == 64U);
  const auto digestOf = [](const std::string& text) {
    const PlanReading reading = readPlan(text);
    BOOST_REQUIRE(reading.plan.has_value());
    return digest(*reading.plan);
  };
  // Comments, formatting, order of members, defaults written out: the same plan.
  BOOST_TEST(digestOf(replaced(planText, "# The web shop comes home.\n", "")) == before);
  BOOST_TEST(digestOf(replaced(planText, "version: 1\nid: 5f1c7d52-3a64-4d2b-9a52-0c1d2e3f4a5b\n",
                               "id: \"5f1c7d52-3a64-4d2b-9a52-0c1d2e3f4a5b\"\nversion: 1\n")) == before);
  BOOST_TEST(digestOf(replaced(planText, "      powerOff: true",
                               "      powerOff: true\n      extendDisks: false")) == before);
  BOOST_TEST(digestOf(replaced(planText, "    consents:", "    recoveryOrder: 1\n    consents:")) == before);
  // What matters changes it.
  BOOST_TEST(digestOf(replaced(planText, "powerOff: true", "powerOff: false")) != before);
  BOOST_TEST(digestOf(replaced(planText, "unit: 1", "unit: 2")) != before);
  BOOST_TEST(digestOf(replaced(planText, "prod # 7", "prod # 8")) != before);
}

BOOST_AUTO_TEST_CASE(answers_to_questions_change_the_digest_only_when_there_are_some) {
  const std::string before = digest(good());
  BOOST_TEST(canonicalJson(good()).find("answers") == std::string::npos);
  const auto read = [](const std::string& policy) { return readPlan(planText + policy); };
  const PlanReading none = read("policy:\n  answers: {}\n");
  BOOST_REQUIRE(none.plan.has_value());
  BOOST_TEST(digest(*none.plan) == before);
  const PlanReading some =
      read("policy:\n  answers:\n    msg.uuid.altered: I Copied It\n    \"Go on?\": \"0\"\n");
  BOOST_REQUIRE(some.plan.has_value());
  BOOST_TEST(some.plan->policy.answers.at("msg.uuid.altered") == "I Copied It");
  BOOST_TEST(some.plan->policy.answers.at("Go on?") == "0");
  BOOST_TEST(digest(*some.plan) != before);
  for (const std::string& again : {planJson(*some.plan, true), planYaml(*some.plan, true)}) {
    const PlanReading reading = readPlan(again);
    BOOST_REQUIRE(reading.plan.has_value());
    BOOST_TEST((reading.plan->policy.answers == some.plan->policy.answers));
  }
  // A number has to be written as text: it is a key, not a count.
  const PlanReading number = read("policy:\n  answers:\n    msg.uuid.altered: 0\n");
  BOOST_REQUIRE(number.problems.size() == 1u);
  BOOST_TEST(number.problems[0].pointer == "/policy/answers/msg.uuid.altered");
}

BOOST_AUTO_TEST_CASE(the_canonical_form_is_that_of_rfc_8785) {
  // So that other programs come to the same digest: sorted members, no white space, whole numbers.
  const std::string text = canonicalJson(good());
  const auto sorted = nlohmann::json::parse(text);
  BOOST_TEST(text == sorted.dump());
  BOOST_TEST(text.find("\"consents\":{\"extendDisks\":false,\"mergeSnapshots\":false,") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_unknown_member_is_an_error_that_names_the_nearest) {
  const std::string said = complaintsOver("    masterTarget: mt-linux-01", "    masterTraget: mt-linux-01");
  BOOST_TEST(said.find("plan:13:5: /machines/0/masterTraget: is no member that a plan has here; expected "
                       "masterTarget") != std::string::npos,
             said);
  BOOST_TEST(said.find("/machines/0/masterTarget: is missing") != std::string::npos, said);
}

BOOST_AUTO_TEST_CASE(an_unknown_version_is_the_one_thing_said) {
  BOOST_TEST(complaintsOver("version: 1", "version: 2\nnonsense: true") ==
             "plan:2:10: /version: is 2; expected 1, the version of plans that this failback reads\n");
}

BOOST_AUTO_TEST_CASE(wrong_kinds_and_values_say_what_was_expected) {
  struct Case {
    std::string what, with, said;
  };
  const std::vector<Case> cases{
      {"cpus: 4", "cpus: four", "plan:19:13: /machines/0/source/cpus: is the text 'four'; expected a number"},
      {"cpus: 4", "cpus: 0", "/machines/0/source/cpus: is 0; expected a whole number from 1 to 768"},
      {"cpus: 4", "cpus: 4.5", "cpus: is 4.5; expected a whole number from 1 to 768"},
      {"cpus: 4", "cpus: 99999999999999999999", "expected a whole number from 1 to 768"},
      {"powerOff: true", "powerOff: yes", "/consents/powerOff: is the text 'yes'; expected true or false"},
      {"osFamily: linux", "osFamily: Linux", "osFamily: is 'Linux'; expected linux or windows"},
      {"name: web-01", "name: 2024", "source/name: is the number 2024; expected text: \"2024\""},
      {"name: web-01", "name:", "source/name: holds nothing; expected text"},
      {"00:50:56:9a:01:02", "00-50-56-9A-01-02",
       "mac: is '00-50-56-9A-01-02'; expected a MAC address in lower case"},
      {"instanceUuid: 502e71fa-1a00-759b-e40f-ce778e915f16", "instanceUuid: 502e71fa",
       "instanceUuid: is '502e71fa'; expected a UUID in lower case"},
      {"nics:\n        - id: eth0", "nics:\n        - eth0\n        - id: eth0",
       "/nics/0: is text; expected a map"},
      {"disks:\n", "disks: []\n      xdisks:\n", "disks: is empty; expected at least 1"},
      {"datastore: vmfs-01", "folder: /DC0/vm", "home/datastore: is missing; expected text"},
  };
  for (const Case& each : cases) {
    const std::string said = complaintsOver(each.what, each.with);
    BOOST_TEST(said.find(each.said) != std::string::npos, each.with << " gave " << said);
  }
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_together_is_named) {
  struct Case {
    std::string what, with, said;
  };
  const std::vector<Case> cases{
      {"masterTarget: mt-linux-01", "masterTarget: mt-linux-1",
       "masterTarget: is 'mt-linux-1', which masterTargets has not; expected mt-linux-01"},
      {"coresPerSocket: 2", "coresPerSocket: 3", "coresPerSocket: is 3, and cpus is 4"},
      {"firmware: efi", "firmware: bios", "secureBoot: is true, and firmware is bios"},
      {"- id: data", "- id: System", "/disks/1/id: is 'System', as /machines/0/source/disks/0/id is"},
      {"unit: 1", "unit: 0", "/disks/1/unit: is scsi0:0, where /machines/0/source/disks/0 is already"},
      {"unit: 1", "unit: 7", "/disks/1/unit: is 7; expected 0 to 63, and not 7"},
      {"      instanceUuid: 502e71fa-1a00-759b-e40f-ce778e915f16\n", "",
       "/machines/0/source: has neither instanceUuid nor biosUuid"},
      {"datastore: vmfs-01", "datastore: vmfs-01\n      onNameClash: rename-new", "home: has no newName"},
      {"datastore: vmfs-01", "datastore: vmfs-01\n      newName: x",
       "newName: is 'x', and onNameClash is refuse"},
  };
  for (const Case& each : cases) {
    const std::string said = complaintsOver(each.what, each.with);
    BOOST_TEST(said.find(each.said) != std::string::npos, each.with << " gave " << said);
    BOOST_TEST(std::count(said.begin(), said.end(), '\n') == 1, said);
  }
}

BOOST_AUTO_TEST_CASE(all_problems_are_told_at_once_in_the_order_of_the_document) {
  std::string text = replaced(planText, "cpus: 4", "cpus: four");
  text = replaced(text, "memoryMB: 8192", "memoryMB: -1");
  text = replaced(text, "datastore: vmfs-01", "datastroe: vmfs-01");
  const std::string said = complaints(text);
  const auto cpus = said.find("/cpus"), memory = said.find("/memoryMB"), datastore = said.find("/datastroe");
  BOOST_TEST(said.find("coresPerSocket") == std::string::npos, said);
  BOOST_TEST(cpus < memory);
  BOOST_TEST(memory < datastore);
  BOOST_TEST(datastore != std::string::npos);
}

BOOST_AUTO_TEST_CASE(yaml_with_comments_explains_each_kind_of_member_once) {
  Plan plan = good();
  plan.machines.push_back(plan.machines[0]);
  plan.machines[1].id = "web-02";
  const std::string text = planYaml(plan, true);
  const std::string help = "# The name of one of masterTargets.";
  const auto first = text.find(help);
  BOOST_TEST(first != std::string::npos);
  BOOST_TEST(text.find(help, first + 1) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_that_yaml_could_take_for_something_else_come_back_as_they_are) {
  Plan plan = good();
  for (const std::string name :
       {"true", "null", "no", "1e3", "0x1f", "~", "- a", "a: b", "a #b", " a ", "[vmfs] x/y", "Zo\xC3\xAB",
        "quote\" and \\", "line\nbreak", "*alias", "&anchor", "!tag", "%2f", "@"}) {
    plan.machines[0].source.name = name;
    plan.machines[0].home.networks = {{name, name}};
    for (const std::string& text : {planYaml(plan, true), planYaml(plan, false), planJson(plan, true)}) {
      const PlanReading again = readPlan(text);
      BOOST_TEST_CONTEXT(text << complaints(text)) {
        BOOST_REQUIRE(again.plan.has_value());
        BOOST_TEST(again.plan->machines[0].source.name == name);
        BOOST_TEST(again.plan->machines[0].home.networks.at(name) == name);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_published_schema_is_what_the_program_prints) {
  BOOST_TEST(fileText("docs/plan.schema.json") == planSchema());
}

BOOST_AUTO_TEST_SUITE_END()
