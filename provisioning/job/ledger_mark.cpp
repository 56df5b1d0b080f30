// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/ledger_mark.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "provisioning/job/steps.h"

namespace failback::provisioning {
namespace {

constexpr const char* content = "content";
constexpr const char* left = "left";

std::string wordOf(const nlohmann::json& entry, const char* name) {
  const auto found = entry.find(name);
  return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::string contentOf(const vsphere::Disk& disk) {
  return disk.chain.empty() ? std::string() : disk.chain.back().contentId.value_or("");
}

std::string ledgerText(const std::vector<LedgerEntry>& entries) {
  nlohmann::ordered_json disks = nlohmann::ordered_json::array();
  for (const LedgerEntry& each : entries) {
    auto& disk = disks.emplace_back(nlohmann::ordered_json{
        {"id", each.id}, {"uuid", each.uuid}, {"file", each.file}, {"slot", each.slot}});
    if (!each.content.empty()) disk[content] = each.content;
    if (!each.left.empty()) disk[left] = each.left;
  }
  return disks.dump();
}

std::vector<LedgerEntry> ledgerOn(const vsphere::VirtualMachine& target, const Plan& plan,
                                  const Machine& machine) {
  const auto mark = target.extraConfig.find(ledgerMark(plan, machine));
  return mark == target.extraConfig.end() ? std::vector<LedgerEntry>{} : ledgerFrom(mark->second);
}

std::vector<LedgerEntry> ledgerFrom(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  std::vector<LedgerEntry> entries;
  if (!json.is_array()) return entries;
  for (const auto& each : json) {
    if (!each.is_object()) continue;
    entries.push_back({wordOf(each, "id"), wordOf(each, "uuid"), wordOf(each, "file"), wordOf(each, "slot"),
                       wordOf(each, content), wordOf(each, left)});
  }
  return entries;
}

const LedgerEntry* entryOf(const std::vector<LedgerEntry>& entries, const SourceDisk& disk) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const LedgerEntry& each) { return each.id == disk.id; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace failback::provisioning
