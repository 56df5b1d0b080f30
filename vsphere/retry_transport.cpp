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

// `forbidden`: it was not all in vain, but the request may not be sent again.
[[noreturn]] void giveUp(const TransportFailure& failure, unsigned attempts, bool forbidden) {
  Error error = failure.error();
  if (attempts > 1) error.text += fmt::format(" ({} attempts)", attempts);
  throw TransportFailure(std::move(error), failure.fate(), failure.transient() && forbidden);
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

bool RetryTransport::isPatient(const Course& course, const Context& context) const {
  return known_ && course.away && context.clock().now() - *course.away < options_.patience;
}

bool RetryTransport::isForbidden(const TransportFailure& failure, const Request& request,
                                 const Course& course) {
  if (course.delivered && !request.onRestart) return true;
  return failure.fate() != Fate::notSent && !isReplayable(request.replay);
}

// A stall costs its whole deadline, so it is tried once more only.
bool RetryTransport::mayRepeat(const TransportFailure& failure, const Request& request, Course& course,
                               const Context& context) const {
  if (!failure.transient() || isForbidden(failure, request, course)) return false;
  if (failure.fate() == Fate::notSent) return true;
  return failure.error().category != Category::deadline || ++course.stalls <= 1 || isPatient(course, context);
}

bool RetryTransport::pause(const Course& course, Milliseconds atLeast, const Request& request,
                           const Context& context) const {
  if (atLeast > options_.maxRetryAfter) return false;
  if (course.attempt >= options_.attempts && !isPatient(course, context)) return false;
  Milliseconds delay = options_.firstDelay;
  for (unsigned i = 1; i < course.attempt && delay < options_.maxDelay; ++i) delay *= 2;
  delay = std::min(delay, options_.maxDelay);
  // Between half and the whole: many clients that failed together must not come back together.
  const auto half = static_cast<std::uint64_t>(std::max<Milliseconds::rep>(delay.count() / 2, 1));
  delay = std::max(atLeast, delay - Milliseconds(static_cast<Milliseconds::rep>(random_.next() % half)));
  if (delay >= context.remaining()) return false;
  context.sleep(delay, fmt::format("the next attempt of {}", request.method));
  return true;
}

Response RetryTransport::send(const Request& request, const Context& context) {
  Course course;
  std::optional<Request> watched;  // a Login's body holds the password: not copied without need
  if (request.onBody) {
    watched = request;
    watched->onBody = [&](std::string_view piece) {
      course.delivered = true;
      request.onBody(piece);
    };
  }
  for (;; ++course.attempt) {
    const SteadyTime begun = context.clock().now();
    try {
      Response response = below_->send(watched ? *watched : request, context);
      if (request.method == "Login" && response.status == 200) known_ = true;
      if (!isBusy(response.status) || !isReplayable(request.replay)) return response;
      if (!course.away) course.away = begun;
      const Milliseconds wait = retryAfter(response.header("retry-after"), context.clock().wallNow());
      if (!pause(course, wait, request, context)) return response;
    } catch (const TransportFailure& failure) {
      // An answer that is cut off or damaged comes from a server that is there.
      if (!course.away && failure.error().category != Category::malformedAnswer) course.away = begun;
      if (!mayRepeat(failure, request, course, context) ||
          !pause(course, Milliseconds{0}, request, context)) {
        giveUp(failure, course.attempt, isForbidden(failure, request, course));
      }
      if (std::exchange(course.delivered, false)) request.onRestart();
    }
  }
}

}  // namespace failback::vsphere
