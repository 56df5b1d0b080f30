// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/retry_transport.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace failback::vsphere {
namespace {

bool isReplayable(Replay replay) {
  return replay == Replay::safe || replay == Replay::sessionBound;
}

bool isBusy(int status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

// May the request be sent again after this failure? A stall costs its whole deadline, so it is tried once
// more.
bool mayRepeat(const TransportFailure& failure, Replay replay, unsigned& stalls) {
  if (!failure.transient()) return false;
  if (failure.fate() == Fate::notSent) return true;
  if (!isReplayable(replay)) return false;
  return failure.error().category != Category::deadline || ++stalls <= 1;
}

[[noreturn]] void giveUp(const TransportFailure& failure, unsigned attempts) {
  if (attempts == 1) throw TransportFailure(failure);
  Error error = failure.error();
  error.text += fmt::format(" ({} attempts)", attempts);
  throw TransportFailure(std::move(error), failure.fate(), failure.transient());
}

}  // namespace

Milliseconds retryAfter(std::string_view header, WallTime now) {
  constexpr long long mostSeconds = 1'000'000;
  long long seconds = 0;
  const auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), seconds);
  if (error == std::errc{} && end == header.data() + header.size()) {
    return std::chrono::seconds(std::clamp(seconds, 0LL, mostSeconds));
  }
  const std::time_t date = curl_getdate(std::string(header).c_str(), nullptr);
  if (date == -1) return Milliseconds{0};
  const auto wait = std::chrono::ceil<Milliseconds>(std::chrono::system_clock::from_time_t(date) - now);
  return std::clamp(wait, Milliseconds{0}, Milliseconds(std::chrono::seconds(mostSeconds)));
}

RetryTransport::RetryTransport(std::shared_ptr<Transport> below, Random& random, RetryOptions options)
    : below_(std::move(below)), random_(random), options_(options) {}

bool RetryTransport::pause(unsigned next, Milliseconds atLeast, const Request& request,
                           const Context& context) const {
  if (next > options_.attempts || atLeast > options_.maxRetryAfter) return false;
  Milliseconds delay = options_.firstDelay;
  for (unsigned i = 2; i < next && delay < options_.maxDelay; ++i) delay *= 2;
  delay = std::min(delay, options_.maxDelay);
  // Between half and the whole: many clients that failed together must not come back together.
  const auto half = static_cast<std::uint64_t>(std::max<Milliseconds::rep>(delay.count() / 2, 1));
  delay = std::max(atLeast, delay - Milliseconds(static_cast<Milliseconds::rep>(random_.next() % half)));
  if (delay >= context.remaining()) return false;
  context.sleep(delay, fmt::format("the next attempt of {}", request.method));
  return true;
}

Response RetryTransport::send(const Request& request, const Context& context) {
  bool delivered = false;
  unsigned stalls = 0;
  std::optional<Request> watched;  // a Login's body holds the password: not copied without need
  if (request.onBody) {
    watched = request;
    watched->onBody = [&](std::string_view piece) {
      delivered = true;
      request.onBody(piece);
    };
  }
  for (unsigned attempt = 1;; ++attempt) {
    try {
      Response response = below_->send(watched ? *watched : request, context);
      if (!isBusy(response.status) || !isReplayable(request.replay)) return response;
      const Milliseconds wait = retryAfter(response.header("retry-after"), context.clock().wallNow());
      if (!pause(attempt + 1, wait, request, context)) return response;
    } catch (const TransportFailure& failure) {
      if ((delivered && !request.onRestart) || !mayRepeat(failure, request.replay, stalls) ||
          !pause(attempt + 1, Milliseconds{0}, request, context)) {
        giveUp(failure, attempt);
      }
      if (std::exchange(delivered, false)) request.onRestart();
    }
  }
}

}  // namespace failback::vsphere
