// SPDX-License-Identifier: GPL-2.0-or-later
// What a call goes through on its way to the network, put together:
//
//   session     the cookie; one login again for all when the session is gone
//   retry       once more what failed for a passing reason and may be repeated
//   counting    calls and bytes
//   logging     a line per call
//   recording   each exchange into a folder
//   network     libcurl, or what the caller gave (a replay, a test's)
//
// Session stands above retry, so that a login is retried as far as it may be, and so that retry never sees a
// session. What counts, logs and records stands below both: it sees each attempt and each login, which is
// what went over the wire. Recording is last, so that a replay may take the network's place without any
// difference.
#pragma once

#include <memory>
#include <string>

#include "vsphere/call_counting_transport.h"
#include "vsphere/client.h"
#include "vsphere/redaction.h"
#include "vsphere/session_transport.h"

namespace failback::vsphere {

// Thread-safe once made.
class TransportChain {
 public:
  // Throws Failure(usage) when the trust options or the recording folder can't be used.
  TransportChain(const ClientOptions& options, const Credentials& credentials, Random& random,
                 SessionTransport::Login login);

  SessionTransport& session() { return *session_; }
  CallCounts counts() const { return counting_->counts(); }
  // SHA-256 of the certificate seen; empty when none was.
  std::string peerThumbprint() const;

 private:
  std::shared_ptr<Transport> network_;
  std::shared_ptr<CallCountingTransport> counting_;
  std::shared_ptr<SessionTransport> session_;
};

}  // namespace failback::vsphere
