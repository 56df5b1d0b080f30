// SPDX-License-Identifier: GPL-2.0-or-later
// The lock mark on a master target: what two stores see of each other.
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "provisioning/check/wording.h"
#include "provisioning/job/protect.h"
#include "provisioning/plan/identity.h"
#include "vsphere/time_text.h"

namespace failback::provisioning {

using vsphere::timeText;
using vsphere::VirtualMachine;

namespace {

// "failback.mt.<plan>", not "failback.mt.<plan>.<machine>".
bool isLockKey(std::string_view key) {
  return key.starts_with(markTarget) && key.substr(markTarget.size()).find('.') == std::string_view::npos;
}

std::optional<LockNote> lockOf(const VirtualMachine& target, const Plan& plan) {
  const auto found = target.extraConfig.find(lockMark(plan));
  return found == target.extraConfig.end() ? std::nullopt : lockFrom(found->second);
}

}  // namespace

std::string lockText(const LockNote& note) {
  return nlohmann::ordered_json{{"owner", note.owner}, {"store", note.store}, {"until", timeText(note.until)}}
      .dump();
}

std::optional<LockNote> lockFrom(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto word = [&](const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto until = secondsOf(word("until"));
  if (!until || word("store").empty()) return std::nullopt;
  return LockNote{word("owner"), word("store"), *until};
}

LockDecision lockDecision(const VirtualMachine& target, const Plan& plan, const std::string& store,
                          std::int64_t now) {
  LockDecision decision;
  for (const auto& [key, value] : target.extraConfig) {
    const auto note = isLockKey(key) ? lockFrom(value) : std::nullopt;
    if (!note || note->store == store || note->until <= now) continue;
    decision.refusal = fmt::format("{} holds the master target {} until {} (store {}, plan {})",
                                   note->owner.empty() ? "another store" : note->owner, target.name,
                                   timeText(note->until), note->store, key.substr(markTarget.size()));
    return decision;
  }
  const auto own = lockOf(target, plan);
  decision.write = !own || own->store != store || own->until - now < lockSeconds / 2;
  if (own && own->store != store) decision.takenOver = own->owner;
  return decision;
}

bool holdsLock(const VirtualMachine& target, const Plan& plan, const std::string& store) {
  const auto own = lockOf(target, plan);
  return own && own->store == store;
}

bool hasLedger(const VirtualMachine& target, const Plan& plan) {
  const std::string prefix = lockMark(plan) + ".";
  for (const auto& [key, value] : target.extraConfig)
    if (key.starts_with(prefix) && !value.empty()) return true;
  return false;
}

}  // namespace failback::provisioning
