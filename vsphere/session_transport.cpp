// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/session_transport.h"

#include <fmt/format.h>

#include <algorithm>

#include "vsphere/secret.h"
#include "vsphere/soap_peek.h"

namespace failback::vsphere {
namespace {

// What of a streamed answer is judged before any of it is passed on.
constexpr std::size_t window = 16 * 1024;
// vCenter sets one, proxies before it a few. A server that sets more and more of them may not make each
// request longer than the one before.
constexpr std::size_t maxCookies = 50;
constexpr std::size_t maxCookieBytes = 8 * 1024;
constexpr Milliseconds waitSlice{500};  // the context's clock may be a simulated one

// Answers that may tell it with status 200.
bool hasMissingSet(std::string_view method) {
  return method == "RetrievePropertiesEx" || method == "ContinueRetrievePropertiesEx" ||
         method == "WaitForUpdatesEx" || method == "RetrieveProperties" || method == "CheckForUpdates" ||
         method == "WaitForUpdates";
}

// The name and "name=value" of a Set-Cookie header, the value as it stands there, quotes included.
std::optional<std::pair<std::string, std::string>> readCookie(std::string_view header) {
  std::string_view pair = header.substr(0, header.find(';'));
  while (!pair.empty() && pair.back() == ' ') pair.remove_suffix(1);
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos || equals == 0) return std::nullopt;
  return std::pair{std::string(pair.substr(0, equals)), std::string(pair)};
}

template <class Cookies>
void keepCookies(const Response& response, Cookies& cookies) {
  for (const auto& [name, value] : response.headers) {
    if (name != "set-cookie") continue;
    auto cookie = readCookie(value);
    if (!cookie || cookie->second.size() > maxCookieBytes) continue;
    const auto same = std::find_if(cookies.begin(), cookies.end(),
                                   [&cookie](const auto& known) { return known.first == cookie->first; });
    if (same != cookies.end()) {
      *same = std::move(*cookie);
    } else if (cookies.size() < maxCookies) {
      cookies.push_back(std::move(*cookie));
    }
  }
}

template <class Cookies>
void addCookies(const Cookies& cookies, Request& request) {
  std::string value;
  for (const auto& [name, cookie] : cookies) value += (value.empty() ? "" : "; ") + cookie;
  if (!value.empty()) request.headers.emplace_back("Cookie", std::move(value));
}

// Ends a streamed exchange that told of the lost session.
class SessionGone final : public Failure {
 public:
  SessionGone() : Failure(gone()) {}

 private:
  static Error gone() {
    Error error;
    error.category = Category::notAuthenticated;
    error.text = "the answer says that the session is gone";
    return error;
  }
};

// Between the pieces and their receiver: see session_transport.h.
class Gate {
 public:
  explicit Gate(const std::function<void(std::string_view)>& receiver) : receiver_(receiver) {}

  void take(std::string_view piece) {
    if (!open_) {
      held_.append(piece);
      if (held_.size() >= window) judge();
      return;
    }
    if (watcher_.feed(piece)) throw SessionGone();
    receiver_(piece);
  }
  // The answer is complete.
  void finish() {
    if (!open_ && !held_.empty()) judge();
  }
  bool delivered() const { return open_; }

 private:
  void judge() {
    if (tellsNotAuthenticated(held_)) throw SessionGone();
    open_ = true;
    static_cast<void>(watcher_.feed(held_));  // has been judged better; the watcher only needs its end
    receiver_(held_);
    held_ = std::string();
  }

  const std::function<void(std::string_view)>& receiver_;
  NotAuthenticatedWatcher watcher_;
  std::string held_;
  bool open_ = false;
};

std::string named(const Request& request) {
  return request.object.empty() ? request.method : request.method + " on " + request.object;
}

[[noreturn]] void failUnrepeated(const Request& request) {
  if (request.replay == Replay::never) {
    fail(Category::notAuthenticated,
         fmt::format("the session had ended before {}; the server refused the call, nothing was changed",
                     named(request)),
         "a new session has been made: the call may be made again");
  }
  fail(Category::sessionLost,
       fmt::format("the session had ended before {}; a new one has been made, but what the call names (view, "
                   "filter, collector or page) ended with the old one",
                   named(request)),
       "begin again with a new view or collector");
}

}  // namespace

struct SessionTransport::Outcome {
  Response response;
  std::uint64_t generation = 0;
  bool lost = false;
  bool delivered = false;  // some of the answer has reached the caller
};

// What a login sends through: no cookie of an earlier session, and the new one's is kept.
class SessionTransport::LoginChannel final : public Transport {
 public:
  explicit LoginChannel(Transport& below) : below_(below) {}

  Response send(const Request& request, const Context& context) override {
    // The copy may hold the password, so it is wiped whatever happens.
    struct Copy {
      Request request;
      ~Copy() { wipe(request.body); }
    };
    Copy dressed{request};
    {
      const std::lock_guard lock(mutex_);
      addCookies(cookies_, dressed.request);
    }
    Response response = below_.send(dressed.request, context);
    const std::lock_guard lock(mutex_);
    keepCookies(response, cookies_);
    return response;
  }
  Cookies takeCookies() { return std::move(cookies_); }

 private:
  Transport& below_;
  std::mutex mutex_;
  Cookies cookies_;
};

SessionTransport::SessionTransport(std::shared_ptr<Transport> below, Login login, Renewed renewed)
    : below_(std::move(below)), login_(std::move(login)), renewed_(std::move(renewed)) {}

std::uint64_t SessionTransport::generation() const {
  const std::lock_guard lock(mutex_);
  return generation_;
}

void SessionTransport::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  cookies_.clear();
}

void SessionTransport::awaitTurn(std::unique_lock<std::mutex>& lock, const Context& context) {
  const std::string what = "another thread's login";
  if (busy_ == std::this_thread::get_id()) {
    fail(Category::notAuthenticated, "the new session was refused while it was being set up",
         "look at the account's rights and the server's limit of sessions");
  }
  while (busy_ != std::thread::id{}) {
    context.check(what);
    changed_.wait_for(lock, context.stop(), std::min(waitSlice, context.remaining()),
                      [this] { return busy_ == std::thread::id{}; });
  }
}

void SessionTransport::logInLocked(std::unique_lock<std::mutex>& lock, const Context& context) {
  if (refused_) throw Failure(*refused_);
  if (ended_) fail(Category::notAuthenticated, "the session was ended by a logout");
  const bool first = generation_ == 0;
  busy_ = std::this_thread::get_id();
  lock.unlock();
  // Whatever happens, the waiting threads go on.
  struct Turn {
    SessionTransport& session;
    ~Turn() {
      const std::lock_guard guard(session.mutex_);
      session.busy_ = std::thread::id{};
      session.changed_.notify_all();
    }
  };
  const Turn turn{*this};
  LoginChannel channel(*below_);
  try {
    login_(channel, context);
  } catch (const Failure& failure) {
    // Its cookie is dropped with the channel.
    if (failure.error().category == Category::loginRefused) {
      const std::lock_guard guard(mutex_);
      refused_ = failure.error();
    }
    throw;
  }
  {
    const std::lock_guard guard(mutex_);
    cookies_ = channel.takeCookies();
    ++generation_;
  }
  if (!first && renewed_) renewed_(context);
}

void SessionTransport::login(const Context& context) {
  std::unique_lock lock(mutex_);
  awaitTurn(lock, context);
  logInLocked(lock, context);
}

void SessionTransport::renew(std::uint64_t seen, const Context& context) {
  std::unique_lock lock(mutex_);
  if (generation_ > seen && busy_ == std::this_thread::get_id()) return;
  awaitTurn(lock, context);
  if (generation_ > seen) return;  // another thread has done it
  logInLocked(lock, context);
}

void SessionTransport::takeCookies(const Response& response, std::uint64_t generation) {
  const std::lock_guard lock(mutex_);
  // A late answer to the old session must not overwrite the new one's cookie.
  if (generation == generation_ && busy_ == std::thread::id{} && !ended_) keepCookies(response, cookies_);
}

Response SessionTransport::attemptStreaming(const Request& request, const Context& context,
                                            Outcome& outcome) {
  Gate gate(request.onBody);
  Request guarded = request;
  guarded.onBody = [&gate](std::string_view piece) { gate.take(piece); };
  try {
    Response response = below_->send(guarded, context);
    if (response.status == 200) gate.finish();
    outcome.delivered = gate.delivered();
    return response;
  } catch (const SessionGone&) {
    outcome.lost = true;
    outcome.delivered = gate.delivered();
    return {};
  }
}

SessionTransport::Outcome SessionTransport::attempt(const Request& request, const Context& context) {
  Outcome outcome;
  Request dressed = request;
  {
    const std::lock_guard lock(mutex_);
    outcome.generation = generation_;
    addCookies(cookies_, dressed);
  }
  // Before the first login there is no session to lose.
  const bool mayMiss = outcome.generation > 0 && hasMissingSet(request.method);
  outcome.response = request.onBody && mayMiss ? attemptStreaming(dressed, context, outcome)
                                               : below_->send(dressed, context);
  if (!outcome.lost && outcome.response.status == 500) {
    const auto fault = peekFault(outcome.response.body);
    outcome.lost = fault && fault->type == "NotAuthenticated";
  } else if (!outcome.lost && mayMiss && !request.onBody) {
    outcome.lost = tellsNotAuthenticated(outcome.response.body);
  }
  if (!outcome.lost) takeCookies(outcome.response, outcome.generation);
  return outcome;
}

Response SessionTransport::send(const Request& request, const Context& context) {
  Outcome first = attempt(request, context);
  // A session that is gone already needs no logout; before the first login there is none to renew.
  if (!first.lost || first.generation == 0 || request.method == "Logout") return std::move(first.response);
  renew(first.generation, context);
  if (first.delivered && request.onRestart && request.replay == Replay::safe) {
    request.onRestart();
  } else if (first.delivered) {
    fail(Category::sessionLost,
         fmt::format("the session ended in the middle of the answer of {}", named(request)),
         "a new session has been made: begin the reading again");
  }
  if (request.replay != Replay::safe) failUnrepeated(request);
  Outcome second = attempt(request, context);
  if (second.lost) {
    fail(Category::notAuthenticated,
         fmt::format("the server says again, right after a new login, that there is no session for {}",
                     named(request)),
         "look at the account's rights, the server's limit of sessions, and its log");
  }
  return std::move(second.response);
}

}  // namespace failback::vsphere
