// SPDX-License-Identifier: GPL-2.0-or-later
// The simulated vCenter (or ESXi host) without SOAP: its objects, users, sessions and tasks, behind one lock.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/authorization.h"
#include "mocks/duration.h"
#include "mocks/event_log.h"
#include "mocks/file_store.h"
#include "mocks/history.h"
#include "mocks/inventory.h"
#include "mocks/random_source.h"
#include "mocks/scenario.h"
#include "mocks/scheduler.h"
#include "mocks/session.h"
#include "mocks/task_engine.h"
#include "mocks/task_history.h"
#include "mocks/vm_questions.h"
#include "mocks/vm_specs.h"

namespace failback::mock {

struct WorldSettings {
  std::string apiVersion = "8.0.3.0";  // newest version that the server speaks
  std::chrono::milliseconds sessionIdle{30 * 60 * 1000};
  SessionLimits sessionLimits;
  TaskEngine::Timing tasks;
  std::uint64_t seed = 1;
  // RFC 3339 time of day now, in UTC. Unset: the system's clock.
  std::function<std::string()> clock;
};

// "6.7.1" -> Release::v67. Versions newer than 8.0.0.0 speak 8.0 here, older ones than 6.5 speak 6.5.
Release releaseOf(std::string_view apiVersion);
// "2026-11-23T07:25:00.123456Z"
std::string systemTime();

class World {
 public:
  // Makes the world empty; a scenario fills it (scenario.h) before anybody else sees it.
  World(Scheduler& scheduler, WorldSettings settings);

  // Everything below is guarded by this.
  std::mutex& lock() { return lock_; }

  const WorldSettings& settings() const { return settings_; }
  Release release() const { return releaseOf(settings_.apiVersion); }
  std::string now() const {
    return buildTime.empty() ? laterBy(settings_.clock(), std::chrono::milliseconds(clockSkew)) : buildTime;
  }
  Scheduler& scheduler() { return scheduler_; }

  // The time while a site is being built: what it says of times follows from this.
  std::string buildTime;
  std::string builtAt;  // that it was built with

  // Milliseconds by which the server's clock is wrong. Needs no lock.
  std::atomic<std::int64_t> clockSkew{0};

  Inventory inventory;
  RandomSource random;
  SessionStore sessions;
  EventLog events;
  TaskHistory taskHistory;
  HistoryCollectors histories;
  TaskEngine tasks;
  FileStore files;
  Authorization authorization;
  Questions questions;                  // of virtual machines, that wait for an answer
  std::set<std::string> movedOrCopied;  // machines whose next power-on asks which (msg.uuid.altered)
  // What the next merge of a machine's disks fails with, half-way: by machine, used once.
  std::map<std::string, Fault, std::less<>> mergeFaults;
  std::size_t lastSnapshot = 0;  // number of the newest snapshot of a vCenter

  std::vector<std::unique_ptr<User>> users;  // pointed to by sessions
  std::string password;                      // of all users that have none of their own
  std::vector<std::string> groups;           // that permissions may name
  Value serviceContent;

  // What calls answer that no property holds.
  Value assignedLicenses;  // LicenseAssignmentManagerLicenseAssignment[]
  std::map<std::string, Value, std::less<>>
      configOptions;  // by EnvironmentBrowser: the hardware versions it offers
  VmSpecs vmSpecs;
  // Of each host that vCenter has no connection to: a HostSystem with the properties that it then does not
  // show (hardware, capability, config).
  std::map<std::string, Value, std::less<>> unreachableHosts;
  std::map<std::string, std::chrono::milliseconds, std::less<>> hostClocks;  // how far each one is ahead
  std::uint64_t lastNumber = 0;  // of the newest object's identifier; 0: not yet counted (entity_tools.h)

  const User* findUser(std::string_view name) const;
  // The id of the one manager of a type ("SessionManager"), empty when there is none.
  std::string managerId(std::string_view type) const;
  MoRef rootFolder() const;

 private:
  void sessionEnded(const Session& session, SessionEnd how);
  void posted(const HistoryItem& event);

  Scheduler& scheduler_;
  WorldSettings settings_;
  std::mutex lock_;
};

}  // namespace failback::mock
