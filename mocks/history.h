// SPDX-License-Identifier: GPL-2.0-or-later
// What happened, in order, and the collectors through which sessions page through it: events and tasks alike.
// Guarded by the World's lock.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/inventory.h"

namespace failback::mock {

struct HistoryItem {
  std::int64_t key = 0;  // ascending
  Value item;            // Event or TaskInfo
  MoRef about;           // the entity, which may be gone by now
  // Ids of what the entity was in when it happened: its parents, and of a machine its host, pool and
  // datastores.
  std::vector<std::string> within;
};

using HistoryItems = std::deque<HistoryItem>;

// Ids of everything that an object is in.
std::vector<std::string> containersOf(const Inventory& inventory, const MoRef& ref);

// EventFilterSpecByEntity and TaskFilterSpecByEntity; unset: everything.
bool matchesEntity(const Value& byEntity, const HistoryItem& item);
// Within begin and end, both inclusive; unset: everything.
bool matchesTime(const Value& byTime, std::string_view time);
// ...ByUsername; the system's own have no user.
bool matchesUser(const Value& byUsername, std::string_view user);
bool listHolds(const Value& strings, std::string_view text);

// The view of one collector on a history: those items that its filter accepts.
class HistoryView {
 public:
  using Accepts = std::function<bool(const HistoryItem&)>;
  using Shape = std::function<Value(const Value&)>;  // what of an item is shown; null: all

  HistoryView(const HistoryItems& items, Accepts accepts, Shape shape, std::size_t limit);

  // The next newer, or older, ones from the position, which moves; newest last, or first.
  std::vector<Value> next(std::size_t count);
  std::vector<Value> previous(std::size_t count);
  void rewind() { position_ = oldest_; }  // before the oldest
  void reset();                           // before the latest page
  void setPageSize(std::size_t size) { pageSize_ = size; }
  // Newest first.
  std::vector<Value> latestPage() const;
  bool accepts(const HistoryItem& item) const { return accepts_(item); }

 private:
  Value shown(const HistoryItem& item) const { return shape_ ? shape_(item.item) : item.item; }

  const HistoryItems& items_;
  Accepts accepts_;
  Shape shape_;
  std::int64_t oldest_ = 0;    // older ones are beyond the filter's limit
  std::int64_t position_ = 0;  // key of the first that next() may give
  std::size_t pageSize_ = 10;
};

// All collectors of all sessions: managed objects that only their session sees, whose latestPage follows what
// happens.
class HistoryCollectors {
 public:
  static constexpr std::size_t perSession = 32;
  static constexpr std::size_t largestPage = 1000;

  explicit HistoryCollectors(Inventory& inventory) : inventory_(inventory) {}

  // `state` has filter and nothing else. Throws InvalidState when the session has too many of the type.
  void add(const MoRef& ref, const std::string& sessionKey, Value state, HistoryView view);
  // Null when there is none.
  HistoryView* find(std::string_view id);
  void remove(std::string_view id);
  void sessionEnded(std::string_view sessionKey);
  // An item of the type's history came or changed.
  void noticed(std::string_view type, const HistoryItem& item);
  void refresh(std::string_view id);

 private:
  struct Held {
    MoRef ref;
    std::string sessionKey;
    HistoryView view;
  };

  Inventory& inventory_;
  std::map<std::string, Held, std::less<>> held_;
};

}  // namespace failback::mock
