// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/readiness.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "discovery/master_target.h"
#include "provisioning/check/judge_tools.h"
#include "provisioning/check/judges_master_target.h"
#include "provisioning/check/world.h"

namespace failback::provisioning {
namespace {

// What depends on the machines that come home together: each is judged as if it came home alone.
bool dependsOnOthers(const Rule& rule) {
  constexpr std::array<std::string_view, 5> ids = {"PLAN-UNIQUE", "MT-SDRS", "MT-VMOTION", "MT-CLONE",
                                                   "VM-DATASTORE-RW"};
  return std::find(ids.begin(), ids.end(), rule.id) != ids.end();
}

// Slots have words of their own here: there is no plan that could be split.
bool isCommon(const Rule& rule) {
  return !dependsOnOthers(rule) && rule.id != "MT-SLOTS";
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
  Assessment(const ReadinessPlan& made, const Facts& facts, const CheckPolicy& policy)
      : made_(made), world_(made.plan, facts, Phase::reprotect, policy) {}

  Readiness judge() {
    rows();
    for (const Finding& each : check(world_, isCommon).findings) {
      if (each.status == Status::pass || isAlive(each)) continue;
      take(each.rule->id == "MT-FOUND" ? withoutTarget(each) : each);
    }
    for (const MachineView& machine : world_.machines()) {
      alone(machine);
      slots(machine);
    }
    twins();
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

  void alone(const MachineView& machine) {
    for (Finding& each : check(world_.alone(machine), dependsOnOthers).findings) {
      if (each.status == Status::pass || wantsTarget(each, machine)) continue;
      each.machine = machine.plan->id;
      // The same of all machines that lie there.
      if (each.rule->id == "MT-SDRS" && each.status == Status::fail)
        each.value = "Storage DRS may move disks by itself that lie there";
      take(std::move(each));
    }
  }

  void take(Finding finding) {
    const std::vector<std::size_t> concerned = rowsOf(finding);
    nameAnew(finding);
    take(finding, concerned);
  }

  // Nobody has seen the plan that findings point into.
  void nameAnew(Finding& finding) const {
    if (finding.object.kind != "plan") return;
    if (finding.property == "store" && finding.status == Status::unknown)
      finding.object = {"store", "of jobs", {}, {}};
    else if (const auto found = index_.find(finding.machine); found != index_.end())
      finding.object = world_.nameOf(world_.machines()[found->second]);
  }

  void take(const Finding& finding, const std::vector<std::size_t>& concerned) {
    if (concerned.empty()) return;
    const Verdict verdict = weigh(finding, Phase::reprotect, UnknownPolicy::block);
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
  static bool wantsTarget(const Finding& finding, const MachineView& machine) {
    return finding.rule->id == "VM-DATASTORE-RW" &&
           (machine.target == nullptr || machine.target->vm == nullptr);
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

  // Of a machine; of all machines of its master targets; of all.
  std::vector<std::size_t> rowsOf(const Finding& finding) const {
    std::vector<std::size_t> rows;
    if (!finding.machine.empty()) {
      if (const auto found = index_.find(finding.machine); found != index_.end())
        rows.push_back(found->second);
      return rows;
    }
    const std::set<const TargetView*> targets = targetsOf(finding.object);
    for (std::size_t i = 0; i < result_.rows.size(); ++i) {
      const MachineView& machine = world_.machines()[i];
      if (machine.vm != nullptr && machine.vm->ref.value == finding.object.moref) return {i};
      if (targets.empty() || targets.contains(machine.target)) rows.push_back(i);
    }
    return rows;
  }

  // Master targets that the object is, or is the host of. None for what all have in common.
  std::set<const TargetView*> targetsOf(const ObjectName& object) const {
    std::set<const TargetView*> found;
    for (const TargetView& each : world_.targets()) {
      const bool its =
          object.kind == "master target"
              ? (each.vm != nullptr ? each.vm->ref.value == object.moref : each.pointer == object.path)
              : each.host != nullptr && each.host->ref.value == object.moref;
      if (its) found.insert(&each);
    }
    return found;
  }

  void slots(const MachineView& machine) {
    if (machine.target == nullptr || machine.target->vm == nullptr) return;
    const vsphere::VirtualMachine& vm = *machine.target->vm;
    const ObjectName name = world_.nameOf(*machine.target);
    const std::string property = "config.hardware.device";
    const int promised = promisedSlots(world_.otherJobs(), machine.target->plan->instanceUuid);
    const int free = discovery::slotsOf(vm).free - promised;
    const auto disks = static_cast<int>(machine.disks.size());
    const std::string wanted = fmt::format("{} free slots", disks);
    std::vector<Finding> findings;
    Judgement judgement(*findRule("MT-SLOTS"), findings);
    if (!world_.facts().isWhole(vm.ref) || world_.hole(vm.ref, property) != nullptr)
      judgement.unknown(name, property, world_.whyUnknown(vm.ref, property), wanted);
    else if (disks > free)
      judgement.fail(
          name, property,
          fmt::format(
              "{} free{}, and {} has {}", counted(static_cast<std::size_t>(std::max(free, 0)), "slot"),
              promised > 0 ? fmt::format(" beside {} that other jobs reserve", promised) : std::string(),
              machine.plan->source.name, counted(static_cast<std::size_t>(disks), "disk")),
          wanted);
    for (Finding& each : findings) {
      each.machine = machine.plan->id;
      applyPolicy(world_.policy(), each);
      take(std::move(each));
    }
  }

  struct Twin {
    std::size_t row = 0;
    const vsphere::Disk* disk = nullptr;
  };

  // Disks of one UUID that two machines have: no obstacle as long as they do not hang on one master target.
  void twins() {
    std::map<std::pair<OsFamily, std::string>, std::vector<Twin>> byUuid;
    for (std::size_t i = 0; i < world_.machines().size(); ++i) {
      const MachineView& machine = world_.machines()[i];
      for (const DiskView& disk : machine.disks) {
        if (disk.device == nullptr || !disk.device->uuid || disk.device->uuid->empty()) continue;
        byUuid[{machine.plan->source.osFamily, vsphere::normaliseUuid(*disk.device->uuid)}].push_back(
            {i, disk.device});
      }
    }
    for (const auto& [key, disks] : byUuid) twins(key.second, disks);
  }

  void twins(const std::string& uuid, const std::vector<Twin>& disks) {
    std::set<std::size_t> rows;
    std::set<std::string> files;
    std::vector<std::string> texts;
    for (const Twin& each : disks) {
      // One file that two machines have is one disk (rule VM-DISK-FREE).
      if (!files.insert(each.disk->path()).second) continue;
      rows.insert(each.row);
      texts.push_back(fmt::format("{} of {}", each.disk->path(), result_.rows[each.row].name));
    }
    if (rows.size() < 2) return;
    std::vector<Finding> findings;
    Judgement judgement(*findRule("MT-CLONE"), findings);
    Finding& finding =
        judgement.fail({"disk", disks.front().disk->path(), {}, {}}, "backing.uuid",
                       fmt::format("{} have the UUID {}: they come from one template", someOf(texts), uuid),
                       "UUIDs that are all different, or never on one master target at once");
    finding.severity = Severity::warn;
    finding.remedy = "Bring them home one after the other, or on different master targets.";
    applyPolicy(world_.policy(), finding);
    take(finding, {rows.begin(), rows.end()});
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
  Readiness result_;
  std::unordered_map<std::string, std::size_t> index_;
  std::map<std::string, std::size_t> known_;
};

}  // namespace

std::vector<RuleFindings> byRule(const Readiness& readiness) {
  std::vector<RuleFindings> groups;
  std::vector<std::set<std::string>> machines;
  std::map<std::tuple<std::string_view, Verdict, bool>, std::size_t> known;
  for (const ReadinessFinding& each : readiness.findings) {
    const bool silenced = each.finding.silenced;
    const auto [place, fresh] =
        known.emplace(std::tuple(each.finding.rule->id, each.verdict, silenced), groups.size());
    if (fresh) {
      groups.push_back({each.finding.rule, each.verdict, silenced, {}, 0});
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

Readiness readinessOf(const ReadinessPlan& made, const Facts& facts, const CheckPolicy& policy) {
  return Assessment(made, facts, policy).judge();
}

Readiness unreachableReadiness(const std::string& server, const vsphere::Error& error) {
  Readiness readiness;
  Report report = unreachableReport(Phase::reprotect, server, error);
  readiness.verdict = report.verdict;
  readiness.findings.reserve(report.findings.size());
  for (Finding& each : report.findings) readiness.findings.push_back({std::move(each), report.verdict, {}});
  return readiness;
}

}  // namespace failback::provisioning
