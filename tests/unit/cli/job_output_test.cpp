// SPDX-License-Identifier: GPL-2.0-or-later
// What people and programs are told of jobs; and that the verbs are where one looks for them.
#include <nlohmann/json.hpp>

#include "cli/output_job.h"
#include "cli/spec.h"
#include "tests/unit/cli/support.h"

namespace failback {
namespace {

using provisioning::DiskResult;
using provisioning::ForeseenStep;
using provisioning::JobEvent;
using provisioning::JobResult;
using provisioning::MachineResult;
using provisioning::StepKind;
using provisioning::StoredJob;
using provisioning::StoredStep;
using testing::holds;
using testing::ran;
using Json = nlohmann::json;

cli::Terminal plain() {
  cli::Terminal terminal;
  terminal.utf8 = false;
  return terminal;
}

// web-01 is protected with one disk, db-01 has failed.
JobResult sampleResult() {
  JobResult result;
  result.plan = "5f1c7d52-3a64-4d2b-9a52-0c1d2e3f4a5b";
  result.job = "0d5f4d0c-93f4-4a4d-9f4e-2f6a9d0e7c55";
  result.kind = "reprotect";
  result.state = "failed";
  MachineResult& web = result.machines.emplace_back();
  web.id = web.name = web.vmName = "web-01";
  web.mode = "olr";
  web.state = "protected";
  web.masterTarget = "mt-01";
  web.vmMoref = "vm-10";
  web.vmInstanceUuid = "50000000-0000-0000-0000-000000000010";
  web.vmPath = "/DC0/vm/prod/web-01";
  DiskResult& disk = web.disks.emplace_back();
  disk.id = "scsi0-0";
  disk.uuid = "6000C290-0000-0000-0000-00000000000A";
  disk.serial = "6000c29000000000000000000000000a";
  disk.path = "[vmfs-01] web-01/web-01.vmdk";
  disk.state = "attached";
  disk.mt = DiskResult::Place{1, 2, 1001};
  MachineResult& db = result.machines.emplace_back();
  db.id = db.name = "db-01";
  db.mode = "alr";
  db.state = "failed";
  db.why = "disk scsi0-0 of db-01 has a twin";
  db.remedy = "use another master target";
  return result;
}

JobEvent eventOf(const std::string& kind, const std::string& text) {
  JobEvent event;
  event.kind = kind;
  event.machine = "web-01";
  event.step = "merge";
  event.text = text;
  return event;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(job_output)

BOOST_AUTO_TEST_CASE(a_question_is_told_with_its_choices_and_how_to_answer_it) {
  JobEvent event = eventOf("question", "web-01 asks: Go on? (0: Yes, 1: Cancel (default))");
  vsphere::Question question;
  question.id = "17";
  question.text = "Go on?";
  question.choices = {{"0", "button.yes", "Yes"}, {"1", "Cancel", "Cancel"}};
  question.defaultIndex = 1;
  event.question = provisioning::AskedQuestion{{"VirtualMachine", "vm-10", ""}, "web-01", question};
  BOOST_TEST(cli::eventText(event, "plan.yaml") ==
             "web-01 asks: Go on?\n    0: Yes (button.yes)\n    1: Cancel, the default\n"
             "  answer it: failback answer plan.yaml web-01 KEY");
  const std::string line = cli::eventJson(event, "2026-11-27T03:00:00Z", 0, 2);
  BOOST_TEST(line.find('\n') == line.size() - 1);
  const Json json = Json::parse(line);
  BOOST_TEST(json.at("question").at("id") == "17");
  BOOST_TEST(json.at("question").at("choices").at(0) ==
             (Json{{"key", "0"}, {"label", "Yes"}, {"default", false}}));
  BOOST_TEST(!Json::parse(cli::eventJson(eventOf("step", "x"), "", 0, 2)).contains("question"));
}

BOOST_AUTO_TEST_CASE(an_event_is_one_line_of_json_with_what_it_has) {
  JobEvent event = eventOf("progress", "merge 2 snapshots\nof \"web-01\"");
  event.task = "task-17";
  event.percent = 42;
  const std::string line = cli::eventJson(event, "2026-11-27T03:00:00Z", 1, 2);
  BOOST_TEST(line.find('\n') == line.size() - 1);
  const Json json = Json::parse(line);
  BOOST_TEST((json == Json{{"time", "2026-11-27T03:00:00Z"},
                           {"event", "progress"},
                           {"machine", "web-01"},
                           {"step", "merge"},
                           {"text", event.text},
                           {"task", "task-17"},
                           {"percent", 42},
                           {"n", 1},
                           {"m", 2}}));
  // Before anything has happened.
  JobEvent first;
  first.kind = "heartbeat";
  BOOST_TEST((Json::parse(cli::eventJson(first, "T", 0, 3)) ==
              Json{{"time", "T"}, {"event", "heartbeat"}, {"n", 0}, {"m", 3}}));
}

BOOST_AUTO_TEST_CASE(an_event_of_a_machine_tells_its_state) {
  JobEvent event;
  event.kind = "machine";
  event.machine = "web-01";
  event.state = "protected";
  BOOST_TEST(Json::parse(cli::eventJson(event, "T", 1, 1)).at("state") == "protected");
  BOOST_TEST(cli::eventText(event) == "web-01: protected");
  event.state = "failed";
  event.text = "web-01 is suspended";
  BOOST_TEST(cli::eventText(event) == "web-01: failed: web-01 is suspended");
}

BOOST_AUTO_TEST_CASE(an_event_as_people_read_it) {
  BOOST_TEST(cli::eventText(eventOf("step", "merge 2 snapshots")) == "web-01: merge 2 snapshots");
  BOOST_TEST(cli::eventText(eventOf("done", "merge 2 snapshots")) == "web-01: merge 2 snapshots: done");
  BOOST_TEST(cli::eventText(eventOf("failed", "no space")) == "web-01: no space: failed");
  JobEvent event = eventOf("progress", "merge 2 snapshots");
  event.percent = 0;
  BOOST_TEST(cli::eventText(event) == "web-01: merge 2 snapshots 0 %");
}

BOOST_AUTO_TEST_CASE(a_result_is_a_table_and_then_what_stands_in_the_way) {
  const std::string text = cli::resultText(sampleResult(), plain());
  for (const char* const word :
       {"Reprotect of 2 machines: failed\n", "web-01", "olr", "protected", "scsi0-0", "attached", "scsi1:2",
        "6000c29000000000000000000000000a", "[vmfs-01] web-01/web-01.vmdk",
        "  db-01: disk scsi0-0 of db-01 has a twin\n    -> use another master target\n"})
    BOOST_TEST(holds(text, word), word << " is not in:\n" << text);
  JobResult none;
  none.state = "planned";
  BOOST_TEST(holds(cli::resultText(none, plain()), "Plan of 0 machines: planned"));
}

BOOST_AUTO_TEST_CASE(a_result_as_programs_read_it) {
  const Json json = Json::parse(resultJson(sampleResult()));
  BOOST_TEST(json.at("schemaVersion") == 1);
  BOOST_TEST(json.at("kind") == "reprotect");
  const Json& web = json.at("machines").at(0);
  BOOST_TEST(web.at("vm").at("moref") == "vm-10");
  BOOST_TEST((web.at("disks").at(0).at("mt") == Json{{"bus", 1}, {"unit", 2}, {"controllerKey", 1001}}));
  BOOST_TEST(!web.contains("why"));
  const Json& db = json.at("machines").at(1);
  BOOST_TEST(!db.contains("vm"));
  BOOST_TEST(db.at("disks").empty());
  BOOST_TEST(db.at("remedy") == "use another master target");
}

BOOST_AUTO_TEST_CASE(what_would_be_done_says_what_cannot_be_taken_back) {
  ForeseenStep merge{"web-01", {}, {}};
  merge.step.kind = StepKind::merge;
  merge.step.summary = "merge 2 snapshots of web-01";
  ForeseenStep attach{"web-01", {}, {}};
  attach.step.kind = StepKind::attach;
  attach.step.summary = "attach 2 disks of web-01 to mt-01";
  ForeseenStep grow{"web-02", {}, {}};
  grow.step.kind = StepKind::adopt;
  grow.step.summary = "adopt web-02: extend 1 disk";
  grow.step.change.extendedDisks.emplace_back();
  ForeseenStep stop{"db-01", {}, {}};
  stop.step.kind = StepKind::stop;
  stop.step.obstacle = "db-01 is suspended";
  stop.step.remedy = "power it off";
  std::istringstream lines(cli::foreseenText({merge, attach, grow, stop}, plain()));
  std::vector<std::string> rows;
  for (std::string line; std::getline(lines, line);) rows.push_back(line);
  BOOST_REQUIRE_EQUAL(rows.size(), 5U);
  BOOST_TEST((holds(rows[1], "merge 2 snapshots of web-01") && holds(rows[1], "never")), rows[1]);
  BOOST_TEST(!holds(rows[2], "never"), rows[2]);
  BOOST_TEST(holds(rows[3], "never"), rows[3]);
  BOOST_TEST(holds(rows[4], "db-01 is suspended: power it off"), rows[4]);
  BOOST_TEST(cli::foreseenText({}, plain()) == "Nothing is left to be done.\n");
}

BOOST_AUTO_TEST_CASE(what_concerns_the_job_as_a_whole_names_no_machine) {
  const std::string text = cli::foreseenText(
      {}, plain(),
      {{provisioning::StepKind::protect, {"StoragePod", "group-p1", ""}, "override Pod for web-01", "{}"}});
  BOOST_TEST(text.find("override Pod for web-01") != std::string::npos, text);
  BOOST_TEST(text.find("by cancel, commit") != std::string::npos, text);
  provisioning::JobEvent event;
  event.kind = "warning";
  event.text = "the overrides in Pod could not be set";
  BOOST_TEST(cli::eventText(event) == "warning: the overrides in Pod could not be set");
  event.kind = "step";
  BOOST_TEST(cli::eventText(event) == "the overrides in Pod could not be set");
  provisioning::JobResult result;
  result.kind = "reprotect";
  result.state = "protected";
  result.warnings = {"Pod is not held"};
  BOOST_TEST(cli::resultText(result, plain()).find("warning: Pod is not held") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_journal_holds_specifications_as_documents_or_as_the_text_that_they_are) {
  StoredJob job;
  job.id = "job-1";
  job.plan = "plan-1";
  job.kind = "reprotect";
  job.state = "interrupted";
  StoredStep step;
  step.number = 7;
  step.machine = "web-01";
  step.step = "attach";
  step.summary = "attach 2 disks";
  step.state = "failed";
  step.evidence = "the file is locked";
  step.before = R"({"startConnected":{"4000":true}})";
  step.spec = "cut of";
  const Json json = Json::parse(cli::journalJson(job, {step}));
  BOOST_TEST(json.at("state") == "interrupted");
  const Json& row = json.at("steps").at(0);
  BOOST_TEST(row.at("number") == 7);
  BOOST_TEST(row.at("before").at("startConnected").at("4000") == true);
  BOOST_TEST(row.at("spec") == "cut of");
  BOOST_TEST(holds(cli::journalText({step}, plain()), "attach 2 disks (the file is locked)"));
}

BOOST_AUTO_TEST_CASE(help_tells_of_the_verbs_of_jobs) {
  const testing::Ran all = ran({"help"});
  BOOST_TEST(all.code == 0);
  for (const std::string verb : {"reprotect", "failback", "status", "journal"}) {
    BOOST_TEST(holds(all.out, verb), verb);
    const testing::Ran one = ran({verb, "--help"});
    BOOST_TEST(one.code == 0);
    for (const char* const option : {"PLAN", "--state", "--output", "jsonl", "Exit"})
      BOOST_TEST(holds(one.out, option), verb << " " << option);
  }
  BOOST_TEST(holds(ran({"reprotect", "--help"}).out, "--dry-run"));
  BOOST_TEST(holds(ran({"failback", "--help"}).out, "--confirm"));
}

BOOST_AUTO_TEST_CASE(a_verb_of_jobs_wants_a_plan_and_a_machine_that_it_has) {
  for (const std::string verb : {"reprotect", "failback", "status", "journal"}) {
    const testing::Ran without = ran({verb});
    BOOST_TEST(without.code == 2, verb);
    BOOST_TEST(holds(without.err, "plan"), without.err);
  }
  const std::string plan = std::string(FAILBACK_SOURCE_DIR) + "/docs/examples/plan.yaml";
  const testing::Ran unknown = ran({"failback", plan, "--confirm", "web-09"});
  BOOST_TEST(unknown.code == 2);
  BOOST_TEST(holds(unknown.err, "web-09"), unknown.err);
  const testing::Ran other = ran({"reprotect", plan, "--approve", "00"});
  BOOST_TEST(other.code == 2);
  BOOST_TEST(holds(other.err, "its digest is"), other.err);
}

BOOST_AUTO_TEST_CASE(a_journal_without_a_store_says_so_and_makes_none) {
  const testing::TemporaryFolder folder;
  const std::string plan = std::string(FAILBACK_SOURCE_DIR) + "/docs/examples/plan.yaml";
  const testing::Ran none = ran({"journal", plan, "--state", folder.path("state")});
  BOOST_TEST(none.code == 3);
  BOOST_TEST(holds(none.err, "no job of this plan"), none.err);
  BOOST_TEST(folder.isEmpty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback
