// SPDX-License-Identifier: GPL-2.0-or-later
// Orders: what is to go wrong, at which calls. An order says what it matches (method, object, user), when it
// acts among the calls that match (the n-th, every k-th, so many times, with a probability) and what it does.
// Decisions depend on nothing but the orders, the seed and the sequence of matching calls, so a run can be
// repeated. It knows no sockets and no world.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/fault.h"

namespace failback::mock {

// `*` any text, `?` any character; no other character is special.
bool matchesGlob(std::string_view pattern, std::string_view text);

// A call, or the start of a task, as orders see it. Texts may be empty when unknown.
struct CallFacts {
  std::string method;                // "PowerOnVM_Task"
  std::string type, id, name, path;  // of the object: "VirtualMachine", "vm-42", "web-01", "DC1/vm/web-01"
  std::string user;
};

struct OrderMatch {
  std::string method, object, user;  // globs; empty matches all
  // `object` is compared with id, "type:id", name and inventory path.
  bool matches(const CallFacts& facts) const;
};

// All conditions that are given must hold. Calls are counted from 1, those that match only.
struct OrderWhen {
  std::uint64_t call = 0;   // this one only
  std::uint64_t from = 0;   // none before
  std::uint64_t every = 0;  // from `from` (or the k-th) on, each k-th
  std::uint64_t times = 0;  // at most so often
  double probability = 1;
};

// What happens to a task that an order has picked.
struct TaskFate {
  enum class End { asUsual, fails, hangs, vanishes };
  End end = End::asUsual;
  std::optional<Fault> fault;  // of `fails`
  // After how much of its duration, in percent, it hangs or vanishes; a failing one fails there.
  int at = 50;
  bool happens = false;  // the change is made all the same; of `fails` and `vanishes`
  std::optional<std::chrono::milliseconds> duration;  // instead of the usual
};

// What happens to a call. Unset members: as usual.
struct CallEffect {
  enum class Drop { none, before, unanswered, middle, after };

  std::chrono::milliseconds delay{0};       // before the answer
  std::uint64_t bytesPerSecond = 0;         // of the answer's body
  std::optional<std::uint64_t> cutAt;       // byte of the body at which the connection ends
  std::optional<std::uint64_t> truncateAt;  // byte of the body at which it ends, in a whole HTTP answer
  bool malformed = false;                   // XML that is not well-formed
  Drop drop = Drop::none;
  int status = 0;                           // HTTP status instead of an answer
  std::optional<Fault> fault;               // instead of an answer
  bool happens = false;                     // of `status` and `fault`: the call is carried out before
  std::optional<std::string> killSessions;  // of this user, "*": all; before the call
  std::optional<std::chrono::milliseconds> restart;  // before the call; down for so long
  std::optional<std::chrono::milliseconds> clock;    // the clock jumps by so much, before the call
};

struct Order {
  std::string id;  // given by the book
  std::string note;
  OrderMatch match;
  OrderWhen when;
  CallEffect effect;
  std::optional<TaskFate> task;  // then the order is for tasks, and `effect` is nothing
  std::string text;              // the order as JSON, as it was given
};

class OrderBook {
 public:
  explicit OrderBook(std::uint64_t seed) : seed_(seed) {}

  // Of all decisions from now on.
  void reseed(std::uint64_t seed);
  // Gives the id: "order-1", "order-2", ...
  std::string add(Order order);
  // False when there is none.
  bool remove(std::string_view id);
  void clear();

  struct Listed {
    Order order;
    std::uint64_t matched = 0, acted = 0;
  };
  std::vector<Listed> all() const;
  bool empty() const;

  // Each order that matches counts the call; the first one that acts decides. Its id comes along.
  template <typename T>
  struct Decision {
    std::string order;
    T what;
  };
  std::optional<Decision<CallEffect>> call(const CallFacts& facts);
  std::optional<Decision<TaskFate>> task(const CallFacts& facts);

 private:
  const Order* decide(const CallFacts& facts, bool forTasks);
  bool acts(const Listed& listed) const;

  mutable std::mutex mutex_;
  std::vector<Listed> orders_;
  std::uint64_t seed_;
  std::uint64_t next_ = 1;
};

}  // namespace failback::mock
