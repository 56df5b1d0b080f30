// SPDX-License-Identifier: GPL-2.0-or-later
// The one table of rules that `failback check` evaluates: what each looks at, why, and what to do. All of it
// is static data, safe to read from any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>

namespace failback::provisioning {

enum class Severity {
  block,      // the job is refused
  fix,        // blocks, but can be put right when asked
  automatic,  // the job itself does it when the plan consents; without consent it blocks
  warn,       // shown, the job goes on
  info,
};
// "block", "fix", "auto", "warn", "info"
std::string_view toString(Severity severity);

// In which verbs a rule is evaluated; cancel stands for repair too.
struct Phases {
  bool reprotect = false, failback = false, cancel = false;
};
// A letter each: "RFC", "R".
std::string_view letters(Phases phases);

// A short list that needs no allocation.
class Words {
 public:
  constexpr Words() = default;
  constexpr Words(std::initializer_list<std::string_view> words) : count_(words.size()) {
    std::copy(words.begin(), words.end(), words_.begin());
  }
  constexpr const std::string_view* begin() const { return words_.data(); }
  constexpr const std::string_view* end() const { return words_.data() + count_; }
  constexpr bool empty() const { return count_ == 0; }

 private:
  std::array<std::string_view, 8> words_{};
  std::size_t count_ = 0;
};

struct Rule {
  std::string_view id;  // "MT-SNAPSHOT"; never changes
  Severity severity;
  Phases phases;
  std::string_view object;  // the kind of object that a finding names: "master target"
  Words reads;              // property paths, calls, documents
  Words codes;              // that users of Azure Site Recovery know
  std::string_view title;   // the condition that passes, one line
  std::string_view explanation;
  std::string_view remedy;
  std::string_view since = "0.2";
  // A rule that blocks does so too when it can't be decided, unless this says that it warns.
  bool unknownWarns = false;
};

struct RuleGroup {
  std::string_view title;
  std::span<const Rule> rules;
};

std::span<const RuleGroup> ruleGroups();
// All, in the order of the groups.
std::span<const Rule> rules();
// Without regard to case; nullptr when there is none.
const Rule* findRule(std::string_view id);

}  // namespace failback::provisioning
