// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/questions.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "provisioning/plan/plan_forms.h"
#include "vsphere/sha256.h"

namespace failback::provisioning {

using vsphere::Question;
using vsphere::QuestionChoice;

namespace {

bool isNamed(const QuestionChoice& choice, std::string_view word) {
  const std::string label = lower(choice.label), wanted = lower(std::string(word));
  return label == wanted || lower(choice.summary) == wanted || label.substr(label.rfind('.') + 1) == wanted;
}

}  // namespace

const QuestionChoice* findChoice(const Question& question, std::string_view word) {
  if (word.empty()) return nullptr;
  for (const QuestionChoice& each : question.choices)
    if (each.key == word) return &each;
  const QuestionChoice* found = nullptr;
  for (const QuestionChoice& each : question.choices) {
    if (!isNamed(each, word)) continue;
    if (found != nullptr) return nullptr;
    found = &each;
  }
  return found;
}

const std::string* policyAnswer(const Policy& policy, const Question& question) {
  for (const std::string& each : question.messageIds)
    if (const auto found = policy.answers.find(each); found != policy.answers.end()) return &found->second;
  const auto found = policy.answers.find(question.text);
  return found == policy.answers.end() ? nullptr : &found->second;
}

bool isDefault(const Question& question, const QuestionChoice& choice) {
  const std::int32_t index = question.defaultIndex.value_or(-1);
  return index >= 0 && static_cast<std::size_t>(index) < question.choices.size() &&
         question.choices[static_cast<std::size_t>(index)].key == choice.key;
}

std::string choiceText(const QuestionChoice& choice) {
  return choice.summary.empty() ? choice.label : choice.summary;
}

std::string choicesText(const Question& question) {
  std::vector<std::string> texts;
  texts.reserve(question.choices.size());
  for (const QuestionChoice& each : question.choices)
    texts.push_back(
        fmt::format("{}: {}{}", each.key, choiceText(each), isDefault(question, each) ? " (default)" : ""));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string questionText(const AskedQuestion& asked) {
  return fmt::format("{} asks: {} ({})", asked.vmName, asked.question.text, choicesText(asked.question));
}

nlohmann::ordered_json questionJson(const AskedQuestion& asked) {
  nlohmann::ordered_json json{{"vm", asked.vmName}, {"id", asked.question.id}, {"text", asked.question.text}};
  json["choices"] = nlohmann::ordered_json::array();
  for (const QuestionChoice& each : asked.question.choices)
    json["choices"].push_back(
        {{"key", each.key}, {"label", choiceText(each)}, {"default", isDefault(asked.question, each)}});
  return json;
}

StoredStep answerStep(const AskedQuestion& asked, const QuestionChoice& choice, const std::string& who) {
  StoredStep row;
  row.step = "answer";
  row.object = asked.vm.str();
  row.summary =
      fmt::format("answer {} with {}, by {}: {}", asked.vmName, choiceText(choice), who, asked.question.text);
  row.before = "{}";
  row.spec = nlohmann::ordered_json{{"questionId", asked.question.id}, {"answerChoice", choice.key}}.dump();
  row.digest = vsphere::sha256Hex(row.spec);
  return row;
}

}  // namespace failback::provisioning
