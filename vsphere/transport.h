// SPDX-License-Identifier: GPL-2.0-or-later
// The seam between the client and the network: one request, one answer. Everything that a call goes through
// besides (logging, retry, re-login, counting, recording, replay, injected faults) is a Transport that wraps
// another one, each in a file of its own; nothing above knows which are there.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vsphere/context.h"
#include "vsphere/error.h"

namespace failback::vsphere {

// May a request whose fate is unknown be sent once more? (vsphere/idempotency.h says it for each method.)
enum class Replay {
  safe,          // changes nothing, or the same twice
  sessionBound,  // changes nothing, but names something that ends with the session (view, filter): may be
                 // sent again in the same session, never after a re-login
  cursor,        // changes nothing in the world, but moves a place on the server (page token, collector):
                 // sent twice it could skip a page; the caller begins the sequence again
  never,         // changes something: only the caller, who can read the world, may decide
};

struct Request {
  enum class Verb { get, post };
  Verb verb = Verb::post;
  // Path on the server, "/sdk" or "/sdk/vimServiceVersions.xml".
  std::string path = "/sdk";
  // The SOAP method ("RetrievePropertiesEx"), or the file's name for a GET; for logs, counts and recordings.
  std::string method;
  // The object it is called on, "SearchIndex:SearchIndex"; for logs and errors.
  std::string object;
  // Without quotes: "urn:vim25/8.0.2.0". Empty for a GET.
  std::string soapAction;
  // Further headers, such as the cookie that the session layer adds.
  std::vector<std::pair<std::string, std::string>> headers;
  // The envelope, UTF-8.
  std::string body;
  Replay replay = Replay::never;
  // It only goes on with a read that has begun: a further page or slice of it, or its end. For counts
  // (CallCounts::pages).
  bool continues = false;
  // A wait for updates: its answer may take `longPoll` longer than an ordinary one to begin.
  Milliseconds longPoll{0};
  // When set and the status is 200, the (decoded) body goes here piece by piece, in order, and
  // Response::body stays empty. The first call follows the headers. An exception from it ends the exchange
  // and passes through send(). Called on the thread that called send().
  std::function<void(std::string_view piece)> onBody;
  // When set, a call that could be repeated is repeated even after some pieces have been delivered: this is
  // called, and then the pieces come from the beginning.
  std::function<void()> onRestart;
};

struct Response {
  int status = 0;  // HTTP status
  // Names in lower case, in the order received; a name may occur more than once.
  std::vector<std::pair<std::string, std::string>> headers;
  // Decoded (gzip, chunks).
  std::string body;

  // The first value of that header (name in lower case); empty when absent.
  std::string_view header(std::string_view name) const;
};

// What is known of a request to which no whole answer came.
enum class Fate {
  notSent,  // nothing of it left this machine towards the server: no connection had been made
  unknown,  // it may have been carried out
};

// No whole answer came.
class TransportFailure : public Failure {
 public:
  // `transient`: the same request may well succeed a little later.
  TransportFailure(Error error, Fate fate, bool transient);
  Fate fate() const { return fate_; }
  bool transient() const { return transient_; }

 private:
  Fate fate_;
  bool transient_;
};

// Thread-safe unless an implementation says otherwise.
class Transport {
 public:
  virtual ~Transport() = default;
  // Returns whatever HTTP answer came, also 3xx, 4xx and 5xx: judging it is the caller's. Throws
  // TransportFailure when no (whole) answer came, with the categories unreachable, tlsTrust, deadline or
  // malformedAnswer, and Failure when the context ended (deadline, interrupted).
  virtual Response send(const Request& request, const Context& context) = 0;
};

}  // namespace failback::vsphere
