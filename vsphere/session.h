// SPDX-License-Identifier: GPL-2.0-or-later
// The session on one server: what the server is, what its managers are called, login and logout; and, for the
// parts of the client that read through it, calls and renewal in one place.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "vsphere/connection.h"
#include "vsphere/context.h"
#include "vsphere/error.h"
#include "vsphere/model/moref.h"
#include "vsphere/model/vcenter.h"

namespace failback::vsphere {

class Service;

// References of ServiceContent that are used; empty where this server has no such object.
struct ServiceRefs {
  Moref rootFolder, propertyCollector, viewManager, sessionManager, searchIndex, licenseManager;
  Moref authorizationManager, eventManager, scheduledTaskManager;
  Moref compatibilityChecker;  // VirtualMachineCompatibilityChecker
  Moref virtualDiskManager, storageResourceManager;
};

// What a server tells without a login.
struct Greeting {
  About about;
  ServiceRefs refs;
  std::string apiVersion;  // the version to speak, also set in the service
};

// GET vimServiceVersions.xml, RetrieveServiceContent. Throws Failure: unsupported when the server is too old,
// malformedAnswer when it is no vSphere server, and what the transport throws.
Greeting greet(Service& service, const Context& context);

// What Login tells.
struct LoggedIn {
  std::string userName;  // as the server has it
  std::string key;       // UserSession.key, by which calls name a session; not its cookie
};

// Login; the session's cookie is the session transport's business. Throws Failure(loginRefused) when the
// server does not let this user in, never to be retried: accounts get locked.
LoggedIn login(const Service& service, const ServiceRefs& refs, const Credentials& credentials,
               const Context& context);

// Logout, within the context. Never throws; true when the server confirmed it, or knew no such session.
bool logout(const Service& service, const ServiceRefs& refs, const Context& context) noexcept;

// CurrentTime, and how far the server's clock is ahead of ours at the middle of the call.
struct ClockReading {
  std::string serverTime;  // as the server wrote it
  std::optional<std::int64_t> skewMs;
};
ClockReading readClock(const Service& service, const Context& context);

// Milliseconds since 1970 of an RFC 3339 time ("2023-12-14T07:29:53.566909Z"); absent when it is none.
std::optional<std::int64_t> parseTime(const std::string& text);

// A session, or a server, that is lost again and again while something is read is no accident.
inline constexpr int kMostLosses = 3;

// What the reading parts of the client are given. The service must outlive it. Thread-safe.
class Session {
 public:
  struct Renewal {
    // How often this client has logged in.
    std::function<std::uint64_t()> generation;
    // Logs in again, unless somebody has since that generation. Throws as login() does.
    std::function<void(std::uint64_t seen, const Context& context)> renew;
    // UserSession.key of the latest login.
    std::function<std::string()> key;
  };
  Session(const Service& service, Greeting greeting, Renewal renewal)
      : service_(&service), greeting_(std::move(greeting)), renewal_(std::move(renewal)) {}

  const Service& service() const { return *service_; }
  const ServiceRefs& refs() const { return greeting_.refs; }
  const About& about() const { return greeting_.about; }
  const std::string& apiVersion() const { return greeting_.apiVersion; }

  std::uint64_t generation() const { return renewal_.generation(); }
  // How calls name the present session; it changes with each renewal.
  std::string key() const { return renewal_.key(); }
  // To be called when NotAuthenticated was found inside an answer.
  void renew(std::uint64_t seen, const Context& context) const { renewal_.renew(seen, context); }

 private:
  const Service* service_;
  Greeting greeting_;
  Renewal renewal_;
};

// The session was lost, and with it what belonged to it; it has been renewed, so beginning anew makes sense.
bool isSessionLoss(const Error& error);

// For giving back what the server keeps for us (views, collectors, tokens) although the operation has ended,
// or just because of it: without the stop, and with a few seconds of its own.
Context cleanupContext(const Context& context);

}  // namespace failback::vsphere
