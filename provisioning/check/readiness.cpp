// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/readiness.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "discovery/master_target.h"
#include "provisioning/check/judge.h"
#include "provisioning/check/world.h"

namespace failback::provisioning {
namespace {

// Sums over the whole plan: here each machine is asked about alone.
bool isOverall(const Finding& finding) {
  return finding.rule->id == "MT-SLOTS" || finding.rule->id == "MT-CLONE";
}

// It is alive, on-premises; what is suspended is not.
bool isAlive(const Finding& finding) {
  return finding.rule->id == "VM-POWER" && finding.value.starts_with("poweredOn");
}

std::size_t groupOf(const Rule& rule) {
  for (const RuleGroup& group : ruleGroups()) {
    const auto in = std::any_of(group.rules.begin(), group.rules.end(),
                                [&](const Rule& each) { return each.id == rule.id; });
    if (!in) continue;
    for (std::size_t i = 0; i < readinessGroups.size(); ++i) {
      if (readinessGroups[i] == group.title) return i;
    }
  }
  return readinessGroups.size() - 1;
}

class Assessment {
 public:
  Assessment(const ReadinessPlan& made, const Facts& facts)
      : made_(made),
        world_(made.plan, facts, Phase::reprotect),
        report_(check(made.plan, facts, Phase::reprotect)) {}

  Readiness judge() {
    rows();
    for (const Finding& each : report_.findings) {
      if (each.status == Status::pass || isOverall(each) || isAlive(each) || wantsTarget(each)) continue;
      take(each.rule->id == "MT-FOUND" ? withoutTarget(each) : each);
    }
    for (const MachineView& machine : world_.machines()) slots(machine);
    finish();
    return std::move(result_);
  }

 private:
  void rows() {
    result_.leftOut = made_.leftOut;
    result_.rows.reserve(world_.machines().size());
    for (const MachineView& machine : world_.machines()) {
      ReadinessRow& row = result_.rows.emplace_back();
      row.machine = machine.plan->id;
      row.name = machine.plan->source.name;
      row.osFamily = word(machine.plan->source.osFamily);
      row.masterTarget = machine.plan->masterTarget;
      if (machine.vm != nullptr) {
        row.path = machine.vm->inventoryPath;
        row.moref = machine.vm->ref.value;
      }
      index_[row.machine] = result_.rows.size() - 1;
    }
  }

  void take(const Finding& finding) {
    const Verdict verdict = weigh(finding, Phase::reprotect, UnknownPolicy::block);
    std::vector<std::size_t> concerned = rowsOf(finding);
    if (concerned.empty()) return;
    // The same thing of several machines is one finding.
    const std::string key =
        fmt::format("{}\n{}\n{}\n{}", finding.rule->id,
                    finding.object.moref.empty() ? finding.object.name : finding.object.moref,
                    finding.property, finding.value);
    const auto [place, fresh] = known_.emplace(key, result_.findings.size());
    if (fresh) result_.findings.push_back({finding, verdict, {}});
    const std::size_t group = groupOf(*finding.rule);
    for (const std::size_t each : concerned) {
      ReadinessRow& row = result_.rows[each];
      row.cells[group] = std::max(row.cells[group], verdict);
      result_.findings[place->second].machines.push_back(row.name);
    }
  }

  // What can only be said with a master target, of a machine that has none: that is told once, by MT-FOUND.
  bool wantsTarget(const Finding& finding) const {
    if (finding.rule->id != "VM-DATASTORE-RW" || finding.machine.empty()) return false;
    const auto found = index_.find(finding.machine);
    if (found == index_.end()) return false;
    const TargetView* target = world_.machines()[found->second].target;
    return target == nullptr || target->vm == nullptr;
  }

  Finding withoutTarget(Finding finding) const {
    const auto target =
        std::find_if(world_.targets().begin(), world_.targets().end(),
                     [&](const TargetView& each) { return each.pointer == finding.object.path; });
    if (target == world_.targets().end() || !target->plan->instanceUuid.empty()) return finding;
    finding.object.name = target->plan->name;
    finding.value = "no VM in sight could be one";
    finding.wanted = "a VM that passes the rules of master targets";
    finding.remedy =
        "Make one ready; failback discover --kind vm shows who could be one, and what is missing.";
    return finding;
  }

  // Of a machine; of all machines of a master target; of all.
  std::vector<std::size_t> rowsOf(const Finding& finding) const {
    std::vector<std::size_t> rows;
    if (!finding.machine.empty()) {
      if (const auto found = index_.find(finding.machine); found != index_.end())
        rows.push_back(found->second);
      return rows;
    }
    const TargetView* target = targetOf(finding.object);
    for (std::size_t i = 0; i < result_.rows.size(); ++i) {
      const MachineView& machine = world_.machines()[i];
      if (machine.vm != nullptr && machine.vm->ref.value == finding.object.moref) return {i};
      if (target == nullptr || machine.target == target) rows.push_back(i);
    }
    return rows;
  }

  // The master target that an object belongs to: itself, or its host. Nothing for what they share.
  const TargetView* targetOf(const ObjectName& object) const {
    const TargetView* found = nullptr;
    for (const TargetView& each : world_.targets()) {
      const bool its =
          object.kind == "master target"
              ? (each.vm != nullptr ? each.vm->ref.value == object.moref : each.pointer == object.path)
              : each.host != nullptr && each.host->ref.value == object.moref;
      if (!its) continue;
      if (found != nullptr) return nullptr;
      found = &each;
    }
    return found;
  }

  void slots(const MachineView& machine) {
    if (machine.target == nullptr || machine.target->vm == nullptr) return;
    const int free = discovery::slotsOf(*machine.target->vm).free;
    const auto disks = static_cast<int>(machine.disks.size());
    if (disks <= free) return;
    Finding finding;
    finding.rule = findRule("MT-SLOTS");
    finding.severity = finding.rule->severity;
    finding.status = Status::fail;
    finding.object = world_.nameOf(*machine.target);
    finding.machine = machine.plan->id;
    finding.property = "config.hardware.device";
    finding.value =
        fmt::format("{} slots are free, and {} has {} disks", free, machine.plan->source.name, disks);
    finding.wanted = fmt::format("{} free slots", disks);
    finding.remedy = finding.rule->remedy;
    take(finding);
  }

  void finish() {
    for (ReadinessRow& row : result_.rows) {
      row.verdict = *std::max_element(row.cells.begin(), row.cells.end());
      result_.verdict = std::max(result_.verdict, row.verdict);
      ++result_.counts[static_cast<std::size_t>(row.verdict)];
    }
    std::stable_sort(result_.rows.begin(), result_.rows.end(),
                     [](const ReadinessRow& a, const ReadinessRow& b) {
                       return std::tie(b.verdict, a.path, a.name) < std::tie(a.verdict, b.path, b.name);
                     });
    std::stable_sort(result_.findings.begin(), result_.findings.end(),
                     [](const ReadinessFinding& a, const ReadinessFinding& b) {
                       return std::pair(b.verdict, b.machines.size()) <
                              std::pair(a.verdict, a.machines.size());
                     });
  }

  const ReadinessPlan& made_;
  const World world_;
  const Report report_;
  Readiness result_;
  std::unordered_map<std::string, std::size_t> index_;
  std::map<std::string, std::size_t> known_;
};

}  // namespace

std::vector<RuleFindings> byRule(const Readiness& readiness) {
  std::vector<RuleFindings> groups;
  std::vector<std::set<std::string>> machines;
  std::map<std::pair<std::string_view, Verdict>, std::size_t> known;
  for (const ReadinessFinding& each : readiness.findings) {
    const auto [place, fresh] = known.emplace(std::pair(each.finding.rule->id, each.verdict), groups.size());
    if (fresh) {
      groups.push_back({each.finding.rule, each.verdict, {}, 0});
      machines.emplace_back();
    }
    groups[place->second].entries.push_back(&each);
    machines[place->second].insert(each.machines.begin(), each.machines.end());
  }
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i].machines = machines[i].size();
  std::stable_sort(groups.begin(), groups.end(), [](const RuleFindings& a, const RuleFindings& b) {
    return std::pair(b.verdict, b.machines) < std::pair(a.verdict, a.machines);
  });
  return groups;
}

Readiness readinessOf(const ReadinessPlan& made, const Facts& facts) {
  return Assessment(made, facts).judge();
}

}  // namespace failback::provisioning
