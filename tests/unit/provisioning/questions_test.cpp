// SPDX-License-Identifier: GPL-2.0-or-later
// Which choice a word means, what a plan answers, and how a question is told.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "provisioning/job/questions.h"

namespace failback::provisioning {
namespace {

vsphere::Question moved() {
  vsphere::Question question;
  question.id = "17";
  question.text = "Moved or copied?";
  question.messageIds = {"msg.other", "msg.uuid.altered"};
  question.choices = {{"0", "button.cancel", "Cancel"},
                      {"1", "button.uuid.movedTheVM", "I Moved It"},
                      {"2", "button.uuid.copiedTheVM", "I Copied It"}};
  question.defaultIndex = 2;
  return question;
}

std::string keyOf(const vsphere::Question& question, std::string_view word) {
  const auto* found = findChoice(question, word);
  return found == nullptr ? "" : found->key;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(questions)

BOOST_AUTO_TEST_CASE(a_choice_is_meant_by_key_label_summary_or_the_end_of_its_label) {
  for (const char* word : {"1", "button.uuid.movedTheVM", "I Moved It", "i moved it", "movedthevm"})
    BOOST_TEST(keyOf(moved(), word) == "1", word);
  for (const char* word : {"", "3", "button", "moved", "uuid.movedTheVM"})
    BOOST_TEST(keyOf(moved(), word) == "", word);
}

BOOST_AUTO_TEST_CASE(a_word_that_means_two_means_none_and_a_key_goes_before_labels) {
  vsphere::Question question = moved();
  question.choices[2].summary = "I Moved It";
  BOOST_TEST(keyOf(question, "I Moved It") == "");
  question.choices[2].label = "1";
  BOOST_TEST(keyOf(question, "1") == "1");
}

BOOST_AUTO_TEST_CASE(a_plan_answers_by_message_and_then_by_text) {
  Policy policy;
  BOOST_TEST(policyAnswer(policy, moved()) == nullptr);
  policy.answers = {{"Moved or copied?", "0"}};
  BOOST_REQUIRE(policyAnswer(policy, moved()) != nullptr);
  BOOST_TEST(*policyAnswer(policy, moved()) == "0");
  policy.answers["msg.uuid.altered"] = "I Copied It";
  BOOST_TEST(*policyAnswer(policy, moved()) == "I Copied It");
  policy.answers = {{"Moved or copied", "0"}};
  BOOST_TEST(policyAnswer(policy, moved()) == nullptr);
}

BOOST_AUTO_TEST_CASE(it_is_told_with_its_choices) {
  const AskedQuestion asked{{"VirtualMachine", "vm-10", ""}, "web-01", moved()};
  BOOST_TEST(questionText(asked) ==
             "web-01 asks: Moved or copied? (0: Cancel, 1: I Moved It, 2: I Copied It (default))");
  const auto json = questionJson(asked);
  BOOST_TEST(json.at("vm") == "web-01");
  BOOST_TEST(json.at("id") == "17");
  BOOST_TEST(json.at("choices").size() == 3u);
  BOOST_TEST(json.at("choices").at(2).at("default") == true);
  BOOST_TEST(json.at("choices").at(1).at("default") == false);
  BOOST_TEST(json.at("choices").at(1).at("label") == "I Moved It");
}

BOOST_AUTO_TEST_CASE(the_journal_says_who_answered_what) {
  const AskedQuestion asked{{"VirtualMachine", "vm-10", ""}, "web-01", moved()};
  const StoredStep row = answerStep(asked, asked.question.choices[1], "the plan's policy");
  BOOST_TEST(row.step == "answer");
  BOOST_TEST(row.object == "VirtualMachine:vm-10");
  BOOST_TEST(row.summary == "answer web-01 with I Moved It, by the plan's policy: Moved or copied?");
  BOOST_TEST(nlohmann::json::parse(row.spec) ==
             (nlohmann::json{{"questionId", "17"}, {"answerChoice", "1"}}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::provisioning
