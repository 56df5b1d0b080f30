// SPDX-License-Identifier: GPL-2.0-or-later
// A transport that a test answers itself, and a clock that moves only when something sleeps on it.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vsphere/transport.h"

namespace failback::testing {

// Answers by a function; keeps what it was asked. Thread-safe when the function is. A body of status 200 is
// delivered in pieces of `pieceBytes` where the request wants it streamed.
class FakeTransport final : public vsphere::Transport {
 public:
  using Answer = std::function<vsphere::Response(const vsphere::Request&)>;
  explicit FakeTransport(Answer answer) : answer_(std::move(answer)) {}

  vsphere::Response send(const vsphere::Request& request, const vsphere::Context& context) override {
    context.check("the fake transport");
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    vsphere::Response response = answer_(request);
    if (request.onBody && response.status == 200) {
      for (std::size_t at = 0; at < response.body.size(); at += pieceBytes) {
        request.onBody(std::string_view(response.body).substr(at, pieceBytes));
      }
      response.body.clear();
    }
    return response;
  }
  std::vector<vsphere::Request> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::size_t pieceBytes = 1000;

 private:
  Answer answer_;
  mutable std::mutex mutex_;
  std::vector<vsphere::Request> requests_;
};

// Time stands still but for sleeps, which end at once and move it on. Thread-safe.
class ManualClock final : public vsphere::Clock {
 public:
  vsphere::SteadyTime now() const override {
    return vsphere::SteadyTime(
        std::chrono::duration_cast<vsphere::SteadyTime::duration>(std::chrono::milliseconds(now_.load())));
  }
  vsphere::WallTime wallNow() const override {
    return vsphere::WallTime(std::chrono::milliseconds(wallStart + now_.load()));
  }
  bool sleepUntil(vsphere::SteadyTime until, const std::stop_token& stop) const override {
    if (stop.stop_requested()) return false;
    const auto target = std::chrono::ceil<std::chrono::milliseconds>(until.time_since_epoch()).count();
    now_ = std::max<std::int64_t>(now_, target);
    return true;
  }
  void advance(std::chrono::milliseconds by) { now_ += by.count(); }
  // Milliseconds since the clock was made.
  std::int64_t elapsed() const { return now_ - start; }

  static constexpr std::int64_t start = 1'000'000;
  static constexpr std::int64_t wallStart = 1'700'000'000'000 - start;  // 2023-11-14T22:13:20Z

 private:
  mutable std::atomic<std::int64_t> now_{start};
};

inline vsphere::Request request(std::string method, vsphere::Replay replay = vsphere::Replay::safe,
                                std::string body = "<request/>") {
  vsphere::Request made;
  made.method = std::move(method);
  made.object = "Thing:thing-1";
  made.soapAction = "urn:vim25/8.0.2.0";
  made.body = std::move(body);
  made.replay = replay;
  return made;
}

inline vsphere::Response response(int status, std::string body = {}) {
  vsphere::Response made;
  made.status = status;
  made.body = std::move(body);
  return made;
}

}  // namespace failback::testing
