// SPDX-License-Identifier: GPL-2.0-or-later
// What went wrong, as a value: category, vSphere's own fault name, the object, the privilege, the remedy and
// the causes below. Everything above the wire throws `Failure` with such a value; only the outermost layer
// shows it to a person.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "vsphere/model/moref.h"

namespace failback::vsphere {

// What a caller may have to tell apart. Exit codes follow from it (cli/exit_code.h).
enum class Category {
  usage,             // wrong arguments, configuration or document
  unreachable,       // no connection: refused, no route, unknown name, proxy, connection lost
  tlsTrust,          // the certificate is not trusted, or not the pinned one
  loginRefused,      // InvalidLogin, NoPermission at Login, expired password, locked account
  notPermitted,      // NoPermission: `privilege` and `object` say which and where
  notAuthenticated,  // the session is gone
  sessionLost,      // the session was renewed, and what belonged to the old one (view, filter, token) is gone
  deadline,         // the deadline passed
  interrupted,      // a stop was requested
  malformedAnswer,  // not SOAP, not XML, cut short, too large, or without what it must hold
  serverBusy,       // HTTP 503, too many sessions or requests: try later
  notFound,         // ManagedObjectNotFound, FileNotFound, NotFound
  conflict,         // DuplicateName, AlreadyExists
  concurrentAccess,  // ConcurrentAccess: the object has changed since it was read
  busy,              // TaskInProgress, FileLocked, ResourceInUse: another operation holds it
  invalidState,      // InvalidState and its kind: InvalidPowerState, ToolsUnavailable ...
  invalidArgument,   // InvalidArgument, InvalidDeviceSpec, InvalidRequest ...
  licence,           // RestrictedVersion, LicenseExpired ...: this edition may not do it
  unsupported,       // NotSupported, NotImplemented, or a server that is too old
  insufficient,      // not enough space, memory, CPU, slots
  cancelled,         // RequestCanceled: the task was cancelled on the server
  fault,             // any other vSphere fault
  internal,          // a defect of ours
};

std::string_view toString(Category category);

struct Error {
  Category category = Category::internal;
  // vSphere's fault type as the server named it ("NoPermission"), known to this build or not; empty when the
  // error is not a fault of the server's.
  std::string fault;
  // One sentence for people, without a full stop; names the place.
  std::string text;
  // The object concerned; empty value when there is none.
  Moref object;
  // For notPermitted: the privilege id, such as "Datastore.AllocateSpace".
  std::string privilege;
  // What the operator can do about it; may be empty.
  std::string remedy;
  // Members of the fault that say more (deviceIndex, property, name, existingState ...), in the server's
  // order.
  std::vector<std::pair<std::string, std::string>> details;
  // Faults below this one (faultCause, faultMessage), or what was tried before, outermost first.
  std::vector<Error> causes;

  // True when this error or any of its causes is the named fault, or a fault derived from it.
  bool hasFault(std::string_view name) const;
  // True when this error or any of its causes has the category.
  bool hasCategory(Category wanted) const;
};

// "<text>: <cause>: <cause> (Fault, object VirtualMachine:vm-42, privilege X)": one line for logs.
std::string describe(const Error& error);

// The only exception thrown on purpose by vsphere/ and the layers above.
class Failure : public std::exception {
 public:
  explicit Failure(Error error);
  const Error& error() const { return error_; }
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  Error error_;
  std::string what_;
};

[[noreturn]] void fail(Category category, std::string text, std::string remedy = {});

// The category that follows from a fault's name; unknown names follow their nearest known ancestor.
Category categoryOfFault(std::string_view faultName);

}  // namespace failback::vsphere
