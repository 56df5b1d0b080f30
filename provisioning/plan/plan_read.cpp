// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "discovery/nearest.h"
#include "provisioning/plan/plan_consistency.h"
#include "provisioning/plan/plan_document.h"
#include "provisioning/plan/plan_fields.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {

namespace {

template <class E>
std::string wordsOf() {
  std::string all;
  for (std::size_t i = 0; i < EnumWords<E>::all.size(); ++i) {
    if (i > 0) all += i + 1 == EnumWords<E>::all.size() ? " or " : ", ";
    all += EnumWords<E>::all[i];
  }
  return all;
}

// Reads the members of one map.
class Reader {
 public:
  Reader(const Node& map, std::string pointer, std::vector<Problem>& problems)
      : map_(map), pointer_(std::move(pointer)), problems_(problems) {}

  void text(std::string_view name, std::string& out, const TextRule& rule) {
    const Member* member = take(name, rule.need, Node::Kind::text);
    if (!member) return;
    out = member->value.text;
    if (out.empty() && rule.need == Need::required) {
      report(name, member->value.place, "is empty", formInfo(rule.form).expected);
    } else if (!out.empty() && !hasForm(out, rule.form)) {
      report(name, member->value.place, fmt::format("is '{}'", shortened(out)), formInfo(rule.form).expected);
    }
  }

  void number(std::string_view name, std::int64_t& out, const NumberRule& rule) {
    const Member* member = take(name, rule.need, Node::Kind::number);
    if (!member) return;
    const std::string& text = member->value.text;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < rule.least || value > rule.most) {
      report(name, member->value.place, fmt::format("is {}", shortened(text)), rangeOf(rule));
      return;
    }
    out = value;
  }

  void flag(std::string_view name, bool& out, std::string_view) {
    if (const Member* member = take(name, Need::optional, Node::Kind::boolean)) out = member->value.truth;
  }

  template <class E>
  void choice(std::string_view name, E& out, const TextRule& rule) {
    const Member* member = take(name, rule.need, Node::Kind::text);
    if (!member) return;
    const auto& words = EnumWords<E>::all;
    const auto found = std::find(words.begin(), words.end(), member->value.text);
    if (found == words.end()) {
      report(name, member->value.place, fmt::format("is '{}'", shortened(member->value.text)), wordsOf<E>());
      return;
    }
    out = static_cast<E>(found - words.begin());
  }
  template <class E>
  void choice(std::string_view name, std::optional<E>& out, const TextRule& rule) {
    if (!map_.find(name)) return;
    choice(name, out.emplace(), rule);
  }

  template <class T>
  void object(std::string_view name, T& out, std::string_view, Need need = Need::optional) {
    if (const Member* member = take(name, need, Node::Kind::map))
      readMap(member->value, below(pointer_, name), out);
  }

  template <class T>
  void objects(std::string_view name, std::vector<T>& out, const ListRule& rule) {
    const Member* member = take(name, rule.least > 0 ? Need::required : Need::optional, Node::Kind::list);
    if (!member) return;
    const std::string pointer = below(pointer_, name);
    if (member->value.items.size() < rule.least)
      report(name, member->value.place, "is empty", fmt::format("at least {}", rule.least));
    for (std::size_t i = 0; i < member->value.items.size(); ++i) {
      const Node& item = member->value.items[i];
      if (item.kind != Node::Kind::map) {
        problems_.push_back(
            {below(pointer, i), item.place, fmt::format("is {}", describe(item.kind)), "a map"});
        continue;
      }
      readMap(item, below(pointer, i), out.emplace_back());
    }
  }

  void names(std::string_view name, std::map<std::string, std::string>& out, std::string_view) {
    const Member* member = take(name, Need::optional, Node::Kind::map);
    if (!member) return;
    for (const Member& each : member->value.members) {
      if (each.value.kind != Node::Kind::text || each.value.text.empty()) {
        problems_.push_back({below(below(pointer_, name), each.name), each.value.place,
                             fmt::format("is {}", describe(each.value.kind)), "a text that is not empty"});
        continue;
      }
      out.emplace(each.name, each.value.text);
    }
  }

  // What nobody asked for.
  void finish() {
    for (const Member& each : map_.members) {
      if (std::find(known_.begin(), known_.end(), each.name) != known_.end()) continue;
      const std::string meant = discovery::nearest(each.name, known_);
      problems_.push_back({below(pointer_, each.name), each.place, "is no member that a plan has here",
                           meant.empty() ? "" : meant});
    }
  }

  template <class T>
  void readMap(const Node& node, const std::string& pointer, T& out) {
    Reader reader(node, pointer, problems_);
    fields(reader, out);
    reader.finish();
  }

 private:
  static std::string shown(const Node& node) {
    switch (node.kind) {
      case Node::Kind::text:
        return fmt::format("the text '{}'", shortened(node.text));
      case Node::Kind::number:
        return fmt::format("the number {}", shortened(node.text));
      case Node::Kind::boolean:
        return node.truth ? "true" : "false";
      default:
        return std::string(describe(node.kind));
    }
  }

  static std::string shortened(const std::string& text) {
    return text.size() <= 60 ? text : text.substr(0, 57) + "...";
  }

  static std::string rangeOf(const NumberRule& rule) {
    if (rule.least == rule.most) return fmt::format("{}", rule.least);
    if (rule.most == std::numeric_limits<std::int64_t>::max())
      return fmt::format("a whole number, at least {}", rule.least);
    return fmt::format("a whole number from {} to {}", rule.least, rule.most);
  }

  void report(std::string_view name, Place place, std::string text, std::string_view expected) {
    problems_.push_back({below(pointer_, name), place, std::move(text), std::string(expected)});
  }

  // The member, when it is there and of that kind. One that holds nothing counts as not given.
  const Member* take(std::string_view name, Need need, Node::Kind kind) {
    known_.emplace_back(name);
    const Member* member = map_.find(name);
    if (!member || member->value.kind == Node::Kind::null) {
      if (need == Need::required)
        problems_.push_back({below(pointer_, name), member ? member->place : map_.place,
                             member ? "holds nothing" : "is missing", std::string(describe(kind))});
      return nullptr;
    }
    if (member->value.kind == kind) return member;
    const bool unquoted = kind == Node::Kind::text && !member->value.text.empty();
    const std::string quoted = unquoted ? fmt::format("text: \"{}\"", shortened(member->value.text)) : "";
    report(name, member->value.place, "is " + shown(member->value),
           unquoted ? std::string_view(quoted) : describe(kind));
    return nullptr;
  }

  const Node& map_;
  std::string pointer_;
  std::vector<Problem>& problems_;
  std::vector<std::string> known_;
};

std::string_view parentOf(std::string_view pointer) {
  return pointer.substr(0, pointer.rfind('/'));
}

// A version that is not ours makes all the rest meaningless: then this is the one problem.
bool isOurVersion(const Node& root, std::vector<Problem>& problems) {
  const Member* version = root.find("version");
  if (!version || version->value.kind != Node::Kind::number) return true;
  if (version->value.text == std::to_string(planVersion)) return true;
  problems.push_back({"/version", version->value.place, fmt::format("is {}", version->value.text),
                      fmt::format("{}, the version of plans that this failback reads", planVersion)});
  return false;
}

}  // namespace

PlanReading readPlan(std::string_view text) {
  PlanReading reading;
  const Node root = parseDocument(text, reading.problems);
  if (!reading.problems.empty()) return reading;
  if (root.kind != Node::Kind::map) {
    reading.problems.push_back({"", root.place, fmt::format("is {}", describe(root.kind)), "a map"});
    return reading;
  }
  if (!isOurVersion(root, reading.problems)) return reading;
  Plan plan;
  Reader(root, "", reading.problems).readMap(root, "", plan);
  std::vector<Problem> found;
  findInconsistencies(plan, root, found);
  // What could not be read has its default here, which contradicts nothing that anybody wrote.
  const auto unread = [&](const Problem& problem) {
    return std::any_of(reading.problems.begin(), reading.problems.end(), [&](const Problem& each) {
      return parentOf(each.pointer) == parentOf(problem.pointer);
    });
  };
  std::erase_if(found, unread);
  reading.problems.insert(reading.problems.end(), found.begin(), found.end());
  std::stable_sort(reading.problems.begin(), reading.problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
  if (reading.problems.empty()) reading.plan = std::move(plan);
  return reading;
}

}  // namespace failback::provisioning
