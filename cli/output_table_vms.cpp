// SPDX-License-Identifier: GPL-2.0-or-later
// Sections about VMs: the VMs themselves, who could be a master target, what could not be read.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "cli/output_table.h"
#include "cli/units.h"
#include "discovery/master_target.h"

namespace failback::cli {
namespace {

using discovery::Candidate;
using discovery::Verdict;
using vsphere::VirtualMachine;

// VMs that miss the mark by more than this many rules are counted, not shown, where there are many.
constexpr std::size_t nearMiss = 2;
constexpr std::size_t fewVms = 5;

std::string disksText(const VirtualMachine& vm, bool thin) {
  if (thin && vm.disks.empty()) return bytesText(vm.storageCommittedBytes);
  // Every VM has controllers: without any, its devices were not read.
  if (vm.disks.empty()) return vm.controllers.empty() ? "-" : "none";
  std::int64_t sum = 0;
  for (const vsphere::Disk& disk : vm.disks) sum += disk.capacityBytes;
  return fmt::format("{} x {}", vm.disks.size(), humanBytes(sum));
}

// What stands out, the worst first.
Cell notesCell(const VirtualMachine& vm) {
  std::vector<std::string> notes;
  Style style = Style::plain;
  const auto add = [&](Style weight, std::string text) {
    notes.push_back(std::move(text));
    if (style != Style::bad) style = weight == Style::plain ? style : weight;
  };
  if (vm.connectionState && *vm.connectionState != "connected") add(Style::bad, *vm.connectionState);
  if (vm.question) add(Style::bad, "waits for an answer");
  if (vm.consolidationNeeded.value_or(false)) add(Style::bad, "consolidation needed");
  if (vm.isTemplate.value_or(false)) add(Style::plain, "template");
  if (const std::size_t count = vm.snapshotCount(); count > 0) {
    add(Style::warning, fmt::format("{} snapshot{}", count, count == 1 ? "" : "s"));
  } else if (vm.hasDelta()) {
    add(Style::warning, "delta disks");
  }
  if (vm.powerState.value_or("") == "poweredOn" &&
      vm.toolsRunningStatus.value_or("") == "guestToolsNotRunning") {
    add(Style::plain, "no Tools");
  }
  if (vm.keyId || vm.vtpmPresent.value_or(false)) add(Style::warning, vm.keyId ? "encrypted" : "vTPM");
  if (vm.faultToleranceConfigured.value_or(false)) add(Style::warning, "fault tolerance");
  if (vm.hasReplicationConfig) add(Style::warning, "vSphere Replication");
  if (vm.managedByExtension) add(Style::plain, "managed by " + *vm.managedByExtension);
  if (vm.extraConfig.count("failback.plan") != 0) add(Style::plain, "ours");
  return {fmt::format("{}", fmt::join(notes, ", ")), style};
}

Cell candidateCell(Candidate candidate) {
  switch (candidate) {
    case Candidate::yes:
      return {"yes", Style::good};
    case Candidate::unknown:
      return {"unknown", Style::warning};
    case Candidate::no:
      break;
  }
  return {"no", Style::plain};
}

Style styleOf(Verdict verdict) {
  if (verdict == Verdict::fail) return Style::bad;
  return verdict == Verdict::ok ? Style::good : Style::warning;
}

}  // namespace

VmTable::VmTable(const discovery::View& view)
    : inventory_(view.inventory()),
      thin_(inventory_.depth == vsphere::Depth::thin),
      table_({{"NAME", false, 12},
              {"POWER"},
              {"HOST", false, 8, 3},
              {"GUEST OS", false, 12, 5},
              {"CPU", true, 0, 6},
              {"MEMORY", true, 0, 6},
              {"DISKS", true, 0, 2},
              {"ADDRESS", false, 12, 4},
              {"NOTES", false, 10, 0, Column::Shorten::wrap},
              {"FOLDER", false, 8, 7, Column::Shorten::front}}) {}

void VmTable::add(const VirtualMachine& vm) {
  table_.add({vm.name, stateCell(vm.powerState), nameOf(vm.host, inventory_),
              vm.guestFullName ? *vm.guestFullName : vm.guestId.value_or("-"),
              vm.cpus ? std::to_string(*vm.cpus) : "-", bytesText(vm.memoryBytes), disksText(vm, thin_),
              vm.ipAddress.value_or("-"), notesCell(vm), folderOf(vm.inventoryPath)});
}

MasterTargetTable::MasterTargetTable(const discovery::View& view)
    : inventory_(view.inventory()),
      judges_(inventory_.depth != vsphere::Depth::thin),
      few_(view.count(discovery::Kind::virtualMachine) <= fewVms),
      table_({{"NAME", false, 8},
              {"CANDIDATE"},
              {"RULE", false, 0, 1},
              {"SEEN", false, 12, 0, Column::Shorten::wrap}}) {}

void MasterTargetTable::add(const VirtualMachine& vm) {
  if (!judges_) return;
  // Most of many machines are far from it, which can be known without a text for each rule.
  if (!few_ && discovery::hasMoreObstacles(vm, inventory_, nearMiss)) {
    ++others_;
    return;
  }
  const discovery::MasterTarget judged = judgeMasterTarget(vm, inventory_);
  if (judged.candidate == Candidate::yes) ++candidates_;
  Cell name{vm.name}, candidate = candidateCell(judged.candidate);
  for (const discovery::Fact& fact : judged.facts) {
    // How much room there is matters of one that could be it.
    const bool room = fact.rule == "MT-SLOTS" && judged.candidate != Candidate::no;
    if (fact.verdict == Verdict::ok && !room) continue;
    table_.add({name, candidate, Cell(std::string(fact.rule), styleOf(fact.verdict)), fact.value});
    name = {};
    candidate = {};
  }
}

Table unreadableTable(const discovery::View& view) {
  Table table({{"COUNT", true},
               {"REASON"},
               {"WHAT", false, 12, 0, Column::Shorten::wrap},
               {"EXAMPLE", false, 12, 1}});
  // Alike ones are told together: a missing privilege may hide a property of thousands.
  struct Group {
    std::size_t count = 0;
    const vsphere::Unreadable* example = nullptr;
  };
  std::map<std::tuple<std::string, std::string, std::string, std::string>, Group> groups;
  for (const vsphere::Unreadable* entry : view.unreadable()) {
    Group& group = groups[{entry->reason, entry->object.type, entry->property, entry->privilege}];
    ++group.count;
    if (group.example == nullptr) group.example = entry;
  }
  for (const auto& [key, group] : groups) {
    const auto& [reason, type, property, privilege] = key;
    std::string what = type.empty() ? "the server" : type;
    if (!property.empty()) what += " " + property;
    if (!privilege.empty()) what += ", without " + privilege;
    // One thing alone is told in a sentence, unless that says less.
    if (group.count == 1 && privilege.empty()) what = group.example->text;
    const std::string example =
        group.example->name.empty() ? group.example->object.value : group.example->name;
    table.add({std::to_string(group.count), Cell(reason, Style::warning), what, example});
  }
  return table;
}

}  // namespace failback::cli
