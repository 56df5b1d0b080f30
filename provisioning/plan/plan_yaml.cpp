// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "discovery/json_text.h"
#include "provisioning/plan/plan_document.h"
#include "provisioning/plan/plan_fields.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {

namespace {

bool isPlainCharacter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '/' || c == '-';
}

// Plain where every reader of YAML takes it for the same text; in quotes, escaped as in JSON, else.
std::string scalar(const std::string& text) {
  static constexpr std::array<std::string_view, 8> words{"true", "false", "null", "yes",
                                                         "no",   "on",    "off",  "y"};
  const std::string known = lower(text);
  const bool letter = !known.empty() && ((known[0] >= 'a' && known[0] <= 'z') || known[0] == '/');
  const bool plain = letter && known != "n" && std::all_of(text.begin(), text.end(), isPlainCharacter) &&
                     std::find(words.begin(), words.end(), known) == words.end();
  if (plain) return text;
  std::string quoted;
  discovery::appendJsonString(quoted, text);
  return quoted;
}

class YamlWriter {
 public:
  YamlWriter(std::string& out, bool comments, std::set<std::string>& explained)
      : out_(out), comments_(comments), explained_(explained) {}

  void text(std::string_view name, const std::string& value, const TextRule& rule) {
    if (!value.empty()) {
      line(name, rule.help, scalar(value));
    } else if (comments_) {
      absent(name, rule.help);
    }
  }
  void number(std::string_view name, std::int64_t value, const NumberRule& rule) {
    line(name, rule.help, std::to_string(value));
  }
  void flag(std::string_view name, bool value, std::string_view help) {
    line(name, help, value ? "true" : "false");
  }
  template <class E>
  void choice(std::string_view name, E value, const TextRule& rule) {
    line(name, fmt::format("{} One of: {}.", rule.help, fmt::join(EnumWords<E>::all, ", ")),
         scalar(std::string(word(value))));
  }
  template <class E>
  void choice(std::string_view name, const std::optional<E>& value, const TextRule& rule) {
    if (value) {
      choice(name, *value, rule);
    } else if (comments_) {
      absent(name, fmt::format("{} One of: {}.", rule.help, fmt::join(EnumWords<E>::all, ", ")));
    }
  }
  template <class T>
  void object(std::string_view name, const T& value, std::string_view help, Need = Need::optional) {
    std::string inner;
    YamlWriter writer(inner, comments_, explained_);
    writer.depth_ = depth_ + 1;
    writer.path_ = path_ + "." + std::string(name);
    fields(writer, value);
    if (inner.empty()) return;
    head(name, help);
    out_ += inner;
  }
  template <class T>
  void objects(std::string_view name, const std::vector<T>& values, const ListRule& rule) {
    if (values.empty()) return;
    head(name, rule.help);
    for (const T& each : values) {
      YamlWriter writer(out_, comments_, explained_);
      writer.depth_ = depth_ + 2;
      writer.dash_ = true;
      writer.path_ = path_ + "." + std::string(name);
      fields(writer, each);
    }
  }
  void names(std::string_view name, const std::map<std::string, std::string>& values, std::string_view help) {
    if (values.empty()) {
      if (comments_) absent(name, help);
      return;
    }
    head(name, help);
    for (const auto& [from, to] : values)
      out_ += fmt::format("{}  {}: {}\n", indent(), scalar(from), scalar(to));
  }

 private:
  std::string indent() const { return std::string(static_cast<std::size_t>(depth_) * 2, ' '); }

  // Once for each kind of member, not for each machine.
  void explain(std::string_view name, std::string_view help) {
    if (!comments_ || help.empty() || !explained_.insert(path_ + "." + std::string(name)).second) return;
    out_ += fmt::format("{}# {}\n", indent(), help);
  }
  void absent(std::string_view name, std::string_view help) {
    if (dash_ || !explained_.insert(path_ + "." + std::string(name)).second) return;
    out_ += fmt::format("{}# {}\n{}# {}:\n", indent(), help, indent(), name);
  }
  // The dash of a list's element stands before its first member.
  std::string start() {
    if (!dash_) return indent();
    dash_ = false;
    return indent().substr(2) + "- ";
  }
  void line(std::string_view name, std::string_view help, const std::string& value) {
    explain(name, help);
    out_ += fmt::format("{}{}: {}\n", start(), name, value);
  }
  void head(std::string_view name, std::string_view help) {
    explain(name, help);
    out_ += fmt::format("{}{}:\n", start(), name);
  }

  std::string& out_;
  bool comments_;
  std::set<std::string>& explained_;
  int depth_ = 0;
  bool dash_ = false;
  std::string path_;
};

}  // namespace

std::string planYaml(const Plan& plan, bool comments) {
  std::string text;
  std::set<std::string> explained;
  YamlWriter writer(text, comments, explained);
  fields(writer, plan);
  return text;
}

}  // namespace failback::provisioning
