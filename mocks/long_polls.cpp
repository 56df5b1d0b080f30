// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/long_polls.h"

#include <iterator>

namespace failback::mock {

LongPolls::LongPolls(World& world) : world_(world) {
  world_.inventory.observe([this] { wake(); });
}

void LongPolls::wake() {
  if (woken_ || waiting_.empty()) return;
  woken_ = true;
  world_.scheduler().after(std::chrono::milliseconds(0), [this] { poll(); });
}

void LongPolls::park(ParkedCall call, CallFormat format, Finish finish) {
  const std::lock_guard lock(world_.lock());
  const std::uint64_t id = nextId_++;
  const auto longest = call.longest;
  waiting_.emplace(id, Waiting{std::move(call), std::move(format), std::move(finish)});
  wake();  // something may have happened since the call found nothing
  world_.scheduler().after(longest, [this, id] { expire(id); });
}

bool LongPolls::tryOne(Waiting& waiting, bool expired, std::vector<Finished>& finished) {
  try {
    const auto answer = waiting.call.attempt(expired);
    if (!answer) return false;
    finished.push_back({std::move(waiting.finish), answerResponse(waiting.format, *answer), {}});
  } catch (const Fault& fault) {
    finished.push_back(
        {std::move(waiting.finish), faultResponse(waiting.format, fault), std::string(fault.type())});
  } catch (const std::exception& problem) {
    const Fault fault = makeFault("SystemError", problem.what(), {{"reason", problem.what()}});
    finished.push_back({std::move(waiting.finish), faultResponse(waiting.format, fault), "SystemError"});
  }
  return true;
}

void LongPolls::poll() {
  std::vector<Finished> finished;
  {
    const std::lock_guard lock(world_.lock());
    woken_ = false;
    for (auto each = waiting_.begin(); each != waiting_.end();) {
      each = tryOne(each->second, false, finished) ? waiting_.erase(each) : std::next(each);
    }
  }
  for (Finished& each : finished) each.finish(std::move(each.response), std::move(each.fault));
}

void LongPolls::expire(std::uint64_t id) {
  std::vector<Finished> finished;
  {
    const std::lock_guard lock(world_.lock());
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) return;
    tryOne(found->second, true, finished);
    waiting_.erase(found);
  }
  for (Finished& each : finished) each.finish(std::move(each.response), std::move(each.fault));
}

}  // namespace failback::mock
