// SPDX-License-Identifier: GPL-2.0-or-later
// Questions that a virtual machine asks and waits with: runtime.question, and what goes on once somebody has
// answered (AnswerVM). One at a time for a machine. Guarded by the World's lock.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/inventory.h"

namespace failback::mock {

class World;

struct Question {
  struct Choice {
    std::string label, summary;  // "button.uuid.movedTheVM", "I Moved It"; its key is its number
  };
  std::string messageId;  // "msg.uuid.altered"
  std::string text;
  std::vector<Choice> choices;
  std::int32_t defaultChoice = 0;

  // Is it the choice that gives up ("Cancel", "Abort")?
  bool cancels(std::size_t choice) const;
};

class Questions {
 public:
  using Answered = std::function<void(const Question::Choice& choice, bool cancelled)>;

  // Shows the question and posts its event; `answered` runs under the lock when somebody answers. A question
  // that the machine asked before is replaced.
  void ask(World& world, const MoRef& vm, Question question, Answered answered);
  bool pending(std::string_view vm) const { return waiting_.contains(std::string(vm)); }
  // Throws InvalidArgument for an id or choice that is not the question's, ConcurrentAccess for a question
  // that was answered before.
  void answer(World& world, const MoRef& vm, std::string_view id, std::string_view choice);
  // Takes the question back unanswered: the machine's process has ended.
  void withdraw(World& world, const MoRef& vm);
  // Throws QuestionPending when the machine waits for an answer.
  void needNone(std::string_view vm) const;

 private:
  struct Waiting {
    std::string id;
    Question question;
    Answered answered;
  };
  void show(World& world, const MoRef& vm, const Value& question);

  std::map<std::string, Waiting> waiting_;  // by machine
  std::set<std::string> answered_;          // ids
  std::uint64_t nextId_ = 1;
};

}  // namespace failback::mock
