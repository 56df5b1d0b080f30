// SPDX-License-Identifier: GPL-2.0-or-later
// Keeps the session: sends its cookie with every call, and logs in again, once and under one lock for all
// threads, when the server says that the session is gone (a NotAuthenticated fault, or NotAuthenticated
// inside the missingSet of a property collector's answer).
//
// After the new login a request with Replay::safe is sent again. The others are not: sessionBound and cursor
// requests name what ended with the old session (Failure sessionLost); a `never` request was refused unmade,
// and its caller decides (Failure notAuthenticated). A request that meets NotAuthenticated again right after
// the login fails so, too. A streamed answer is held back for its first 16 KiB, so that an answer that tells
// of the lost session is not delivered; if it is told only later, the call begins anew where the caller can
// (Request::onRestart), else it fails with sessionLost.
//
// A refused login is final: each later attempt fails at once with the same error, because repeated wrong
// passwords lock accounts.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "vsphere/error.h"
#include "vsphere/transport.h"

namespace failback::vsphere {

// Thread-safe.
class SessionTransport final : public Transport {
 public:
  // Sends the Login through `below`, which takes the cookie from the answers; throws Failure when the server
  // refuses. Must not send through this SessionTransport.
  using Login = std::function<void(Transport& below, const Context& context)>;
  // Told after each re-login (not the first login) on the thread that made it, before waiting threads go on.
  // It may send through this SessionTransport. What it throws passes to that thread's caller.
  using Renewed = std::function<void(const Context& context)>;

  SessionTransport(std::shared_ptr<Transport> below, Login login, Renewed renewed = {});

  // The first login.
  void login(const Context& context);
  // Logs in again, unless that has been done since generation `seen`; for a caller that found out by itself
  // that the session is gone.
  void renew(std::uint64_t seen, const Context& context);
  // The number of logins so far; 0: none yet, and then NotAuthenticated is just an answer.
  std::uint64_t generation() const;
  // After a logout: forgets the cookie; from now on nothing logs in again.
  void end();

  Response send(const Request& request, const Context& context) override;

 private:
  struct Outcome;
  class LoginChannel;
  using Cookies =
      std::vector<std::pair<std::string, std::string>>;  // name, "name=value" as the server wrote it

  Outcome attempt(const Request& request, const Context& context);
  Response attemptStreaming(const Request& request, const Context& context, Outcome& outcome);
  void takeCookies(const Response& response, std::uint64_t generation);
  // Waits until no other thread logs in.
  void awaitTurn(std::unique_lock<std::mutex>& lock, const Context& context);
  void logInLocked(std::unique_lock<std::mutex>& lock, const Context& context);

  std::shared_ptr<Transport> below_;
  Login login_;
  Renewed renewed_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Cookies cookies_;
  std::uint64_t generation_ = 0;
  std::thread::id busy_;  // the thread that is logging in; none when default
  bool ended_ = false;
  std::optional<Error> refused_;
};

}  // namespace failback::vsphere
