// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/session.h"

#include <fmt/format.h>

#include <ctime>

#include "vsphere/api_version.h"
#include "vsphere/binding/decode_server.h"
#include "vsphere/binding/service.h"
#include "vsphere/binding/values.h"

namespace failback::vsphere {
namespace {

const Moref kServiceInstance{"ServiceInstance", "ServiceInstance", {}};

std::optional<std::string> versionFromFile(const Service& service, const Context& context) {
  const Response response = service.get("vimServiceVersions.xml", context);
  if (response.status != 200) return {};
  const std::optional<OfferedVersions> offered = readVersionsFile(response.body);
  return offered ? chooseVersion(*offered) : std::nullopt;
}

// What the server says at Login, in the words of an operator.
bool isRefusal(const Error& error) {
  return error.hasFault("InvalidLogin") || error.hasFault("NoPermission") ||
         error.hasFault("PasswordExpired") || error.category == Category::loginRefused ||
         error.category == Category::notPermitted;
}

std::string remedyOfRefusal(const Error& error) {
  if (error.hasFault("NoPermission")) {
    return "the password is right, but the account has no permission on this server: give it a role (at "
           "least "
           "read-only, on the root folder or the datacenters)";
  }
  if (error.hasFault("PasswordExpired")) return "change the account's password";
  return "check user name (with its domain, such as user@vsphere.local) and password; after several wrong "
         "tries "
         "the account may be locked";
}

class WipedPassword {
 public:
  explicit WipedPassword(std::optional<std::string>& text) : text_(&text) {}
  WipedPassword(const WipedPassword&) = delete;
  WipedPassword& operator=(const WipedPassword&) = delete;
  ~WipedPassword() {
    if (*text_) wipe(**text_);
  }

 private:
  std::optional<std::string>* text_;
};

// Reads the parts of a time one after another; good() in the end when all were there.
class TimeText {
 public:
  explicit TimeText(std::string_view text) : rest_(text) {}

  int number(std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const char digit = next();
      good_ = good_ && digit >= '0' && digit <= '9';
      value = good_ ? value * 10 + (digit - '0') : 0;
    }
    return value;
  }
  TimeText& after(char expected) {
    good_ = next() == expected && good_;
    return *this;
  }
  int fractionMs() {
    if (!rest_.starts_with('.')) return 0;
    next();
    int ms = 0;
    for (int weight = 100; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; weight /= 10) {
      ms += weight * (next() - '0');
    }
    return ms;
  }
  // The next character; 0 at the end.
  char next() {
    if (rest_.empty()) return 0;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  bool good() const { return good_; }

 private:
  std::string_view rest_;
  bool good_ = true;
};

std::int64_t wallMs(const Context& context) {
  return std::chrono::duration_cast<Milliseconds>(context.clock().wallNow().time_since_epoch()).count();
}

}  // namespace

Greeting greet(Service& service, const Context& context) {
  const std::optional<std::string> version = versionFromFile(service, context);
  service.setVersion(version.value_or(std::string(oldestApiVersion())));

  vim25__RetrieveServiceContentRequestType request;
  const auto answer = service.call(kServiceInstance, request, context);
  const vim25__ServiceContent* content = answer->returnval;
  if (content == nullptr || content->about == nullptr || content->propertyCollector == nullptr) {
    fail(
        Category::malformedAnswer,
        "the answer to RetrieveServiceContent lacks what every vSphere server has (about, propertyCollector)",
        "check that the URL leads to a vCenter or an ESXi host");
  }
  Greeting greeting;
  greeting.about = decodeAbout(*content->about);
  greeting.refs = {
      binding::morefOf(content->rootFolder),           binding::morefOf(content->propertyCollector),
      binding::morefOf(content->viewManager),          binding::morefOf(content->sessionManager),
      binding::morefOf(content->searchIndex),          binding::morefOf(content->licenseManager),
      binding::morefOf(content->authorizationManager), binding::morefOf(content->eventManager),
      binding::morefOf(content->scheduledTaskManager), binding::morefOf(content->vmCompatibilityChecker),
      binding::morefOf(content->virtualDiskManager),   binding::morefOf(content->storageResourceManager)};
  greeting.apiVersion =
      version ? *version : chooseVersion(greeting.about.apiVersion, greeting.about.fullName);
  service.setVersion(greeting.apiVersion);
  return greeting;
}

LoggedIn login(const Service& service, const ServiceRefs& refs, const Credentials& credentials,
               const Context& context) {
  vim25__LoginRequestType request;
  const WipedPassword wiped(request.password);
  request.userName = credentials.userName;
  request.password = std::string(credentials.password.reveal());
  if (!credentials.locale.empty()) request.locale = credentials.locale;
  try {
    const auto answer = service.call(refs.sessionManager, request, context);
    if (answer->returnval == nullptr) {
      fail(Category::malformedAnswer, "the answer to Login holds no session",
           "check that the URL leads to a vCenter or an ESXi host");
    }
    return {answer->returnval->userName.value_or(credentials.userName), answer->returnval->key.value_or("")};
  } catch (const Failure& failure) {
    if (!isRefusal(failure.error())) throw;
    Error refused = failure.error();
    refused.category = Category::loginRefused;
    refused.text = fmt::format("login as {} was refused: {}", credentials.userName, refused.text);
    refused.remedy = remedyOfRefusal(failure.error());
    throw Failure(std::move(refused));
  }
}

bool logout(const Service& service, const ServiceRefs& refs, const Context& context) noexcept {
  try {
    vim25__LogoutRequestType request;
    service.call(refs.sessionManager, request, context);
    return true;
  } catch (const Failure& failure) {
    return failure.error().hasFault("NotAuthenticated");
  } catch (...) {
    return false;  // out of memory: the server ends idle sessions by itself
  }
}

ClockReading readClock(const Service& service, const Context& context) {
  vim25__CurrentTimeRequestType request;
  const std::int64_t before = wallMs(context);
  const auto answer = service.call(kServiceInstance, request, context);
  const std::int64_t after = wallMs(context);
  ClockReading reading;
  reading.serverTime = answer->returnval.value_or("");
  if (const auto server = parseTime(reading.serverTime))
    reading.skewMs = *server - (before + (after - before) / 2);
  return reading;
}

std::optional<std::int64_t> parseTime(const std::string& text) {
  // RFC 3339: date, "T", time, an optional fraction of any length, "Z" or an offset.
  TimeText rest(text);
  std::tm parts{};
  parts.tm_year = rest.number(4) - 1900;
  parts.tm_mon = rest.after('-').number(2) - 1;
  parts.tm_mday = rest.after('-').number(2);
  parts.tm_hour = rest.after('T').number(2);
  parts.tm_min = rest.after(':').number(2);
  parts.tm_sec = rest.after(':').number(2);
  const int fraction = rest.fractionMs();
  std::int64_t offsetMinutes = 0;
  if (const char zone = rest.next(); zone == '+' || zone == '-') {
    const int hours = rest.number(2);
    offsetMinutes = hours * 60 + rest.after(':').number(2);
    if (zone == '-') offsetMinutes = -offsetMinutes;
  } else if (zone != 'Z') {
    return {};
  }
  if (!rest.good()) return {};
  return static_cast<std::int64_t>(timegm(&parts)) * 1000 + fraction - offsetMinutes * 60'000;
}

bool isSessionLoss(const Error& error) {
  return error.category == Category::sessionLost || error.category == Category::notAuthenticated;
}

Context cleanupContext(const Context& context) {
  constexpr Milliseconds kAfterStop{1'000};
  constexpr Milliseconds kOtherwise{5'000};
  const bool ended = context.stop().stop_requested() || context.remaining() == Milliseconds::zero();
  return Context(context.clock())
      .withTimeout(ended ? kAfterStop : kOtherwise)
      .withOperationId(context.operationId());
}

}  // namespace failback::vsphere
