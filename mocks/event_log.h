// SPDX-License-Identifier: GPL-2.0-or-later
// The events of the simulated server, newest last. Operations post them; EventManager and its collectors
// (op_events.cpp) show them. Guarded by the World's lock.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mocks/history.h"
#include "mocks/inventory.h"

namespace failback::mock {

// On whose behalf things happen just now: the user of the call, or of the task that is ending.
struct Actor {
  static constexpr std::int32_t toCome = -1;  // the chain that the next event begins

  std::string user;
  std::int32_t chain = 0;  // joins the events and the task of one request; 0: a chain of its own
};

class EventLog {
 public:
  EventLog(Inventory& inventory, std::function<std::string()> clock, std::size_t limit = 50'000)
      : inventory_(inventory), clock_(std::move(clock)), limit_(limit) {}

  // Appends an event of the named type about an entity. Its text is the format of its type, filled in; a type
  // that has none, and TaskEvent, say `message`. Key,
  // chain, time, user, and the arguments that say where the entity is (datacenter, computeResource, host, vm,
  // ds) are filled in; `fields` are what the type has besides, or other values for these; what else the type
  // must have and is not given is empty. Throws SchemaViolation for what the type does not have.
  void post(std::string_view type, const MoRef& entity, std::string message,
            const std::vector<Field>& fields = {});

  // EventArguments as events hold them; unset when there is no such object.
  Value vmArgument(const MoRef& vm) const;
  Value hostArgument(const MoRef& host) const;
  Value datastoreArgument(const MoRef& datastore) const;
  Value folderArgument(const MoRef& folder) const;
  Value poolArgument(const MoRef& pool) const;
  Value computeResourceArgument(const MoRef& resource) const;
  Value datacenterArgument(const MoRef& datacenter) const;
  Value entityArgument(const MoRef& entity) const;  // ManagedEntityEventArgument

  const HistoryItems& items() const { return items_; }
  // Instead of all there are; numbers go on after the last one.
  void restore(HistoryItems items);
  // The actor's chain, as the next event begins it when there is none yet; a chain's number is its first
  // event's key.
  std::int32_t chain();
  // Called with each event once it is there.
  void observe(std::function<void(const HistoryItem&)> onPost) { onPost_ = std::move(onPost); }

  Actor actor;

 private:
  void setPlace(DataObject& event, const MoRef& entity) const;
  Value argument(std::string_view type, std::string_view member, const MoRef& ref) const;

  Inventory& inventory_;
  std::function<std::string()> clock_;
  std::size_t limit_;
  HistoryItems items_;
  std::function<void(const HistoryItem&)> onPost_;
  std::int32_t nextKey_ = 1;
};

// Makes somebody the actor, and whoever it was before again at the end.
class Acting {
 public:
  Acting(EventLog& log, Actor actor) : log_(log), before_(std::exchange(log.actor, std::move(actor))) {}
  ~Acting() { log_.actor = std::move(before_); }
  Acting(const Acting&) = delete;
  Acting& operator=(const Acting&) = delete;

 private:
  EventLog& log_;
  Actor before_;
};

}  // namespace failback::mock
