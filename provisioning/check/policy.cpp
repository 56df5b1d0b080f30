// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "discovery/nearest.h"

namespace failback::provisioning {
namespace {

constexpr std::array<std::string_view, 4> weights = {"block", "warn", "info", "silent"};

// How heavy: fix and auto block as well.
int rank(Severity severity) {
  switch (severity) {
    case Severity::info:
      return 0;
    case Severity::warn:
      return 1;
    default:
      return 2;
  }
}

class Reader {
 public:
  explicit Reader(PolicyReading& reading) : problems_(reading.problems) {}

  CheckPolicy read(const Node& root) {
    if (root.kind != Node::Kind::map) {
      report("", root.place, fmt::format("is {}", describe(root.kind)), "a map");
      return {};
    }
    for (const Member& each : root.members) {
      if (each.name == "severities") {
        severities(each.value);
      } else if (each.name == "refusedGuests") {
        guests(each.value);
      } else {
        const std::vector<std::string> known = {"severities", "refusedGuests"};
        report(below("", each.name), each.place, "is no member that a policy has",
               discovery::nearest(each.name, known));
      }
    }
    return std::move(policy_);
  }

 private:
  void report(std::string pointer, Place place, std::string text, std::string expected) {
    problems_.push_back({std::move(pointer), place, std::move(text), std::move(expected)});
  }

  void severities(const Node& node) {
    if (!is(node, Node::Kind::map, "/severities")) return;
    for (const Member& each : node.members) {
      const std::string pointer = below("/severities", each.name);
      const Rule* rule = findRule(each.name);
      if (rule == nullptr) {
        std::vector<std::string> ids;
        for (const Rule& known : rules()) ids.emplace_back(known.id);
        report(pointer, each.place, "is no rule", discovery::nearest(each.name, ids));
        continue;
      }
      const auto* word = std::find(weights.begin(), weights.end(), each.value.text);
      if (each.value.kind != Node::Kind::text || word == weights.end()) {
        report(pointer, each.value.place,
               fmt::format("is {}", each.value.text.empty() ? std::string(describe(each.value.kind))
                                                            : "'" + each.value.text + "'"),
               fmt::format("{}", fmt::join(weights, ", ")));
        continue;
      }
      policy_.severities[std::string(rule->id)] = severityOf(*word);
    }
  }

  static std::optional<Severity> severityOf(std::string_view word) {
    if (word == "block") return Severity::block;
    if (word == "warn") return Severity::warn;
    if (word == "info") return Severity::info;
    return std::nullopt;
  }

  void guests(const Node& node) {
    if (!is(node, Node::Kind::list, "/refusedGuests")) return;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const std::string pointer = below("/refusedGuests", i);
      if (is(node.items[i], Node::Kind::map, pointer)) guest(node.items[i], pointer);
    }
  }

  void guest(const Node& node, const std::string& pointer) {
    RefusedGuest result;
    for (const Member& each : node.members) {
      if (each.name != "id" && each.name != "reason")
        report(below(pointer, each.name), each.place, "is no member that a guest has", "id or reason");
      else if (is(each.value, Node::Kind::text, below(pointer, each.name)))
        (each.name == "id" ? result.id : result.reason) = each.value.text;
    }
    if (result.id.empty())
      report(below(pointer, "id"), node.place, "is missing", "a guest id, or a pattern: rhel5*");
    if (result.reason.empty())
      report(below(pointer, "reason"), node.place, "is missing", "why it can't come home");
    policy_.refusedGuests.push_back(std::move(result));
  }

  bool is(const Node& node, Node::Kind kind, const std::string& pointer) {
    if (node.kind == kind) return true;
    report(pointer, node.place, fmt::format("is {}", describe(node.kind)), std::string(describe(kind)));
    return false;
  }

  std::vector<Problem>& problems_;
  CheckPolicy policy_;
};

}  // namespace

PolicyReading readPolicy(std::string_view text) {
  PolicyReading reading;
  const Node root = parseDocument(text, reading.problems);
  if (!reading.problems.empty()) return reading;
  CheckPolicy policy = Reader(reading).read(root);
  if (reading.problems.empty()) reading.policy = std::move(policy);
  return reading;
}

void applyPolicy(const CheckPolicy& policy, Finding& finding) {
  const auto found = policy.severities.find(std::string(finding.rule->id));
  if (found == policy.severities.end()) return;
  if (!found->second) {
    finding.silenced = true;
    return;
  }
  const Severity wanted = *found->second;
  const bool mild = rank(finding.severity) < rank(finding.rule->severity);
  if (mild && rank(wanted) >= rank(finding.severity) && rank(wanted) <= rank(finding.rule->severity)) return;
  // One that blocks anyway keeps what the job can do about it.
  if (rank(wanted) == rank(finding.severity)) return;
  finding.severity = wanted;
}

}  // namespace failback::provisioning
