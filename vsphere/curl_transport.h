// SPDX-License-Identifier: GPL-2.0-or-later
// The transport that goes over the network: HTTP/1.1 and TLS by libcurl, for one server.
//
// Each thread that sends has a connection of its own at that time; connections are kept and reused, TLS
// sessions are resumed. Deadlines (ConnectionOptions): connect covers name, TCP, proxy and TLS; transfer
// covers the exchange from the request's first byte to the answer's last; stall a silence in it.
// Request::longPoll is added to the last two. The context's deadline and stop token end any wait at once.
// Redirects are not followed. A request with Replay::never goes on a fresh connection, one with
// Replay::cursor is not repeated on a second one: see docs/connection.md.
#pragma once

#include <memory>
#include <optional>

#include "vsphere/connection.h"
#include "vsphere/tls_trust.h"
#include "vsphere/transport.h"

namespace failback::vsphere {

// Thread-safe. Destroy it only when no send() runs.
class CurlTransport final : public Transport {
 public:
  // Throws Failure(usage) when the thumbprint or the CA file is unusable, or a timeout is not positive.
  explicit CurlTransport(ConnectionOptions options);
  ~CurlTransport() override;

  // TransportFailure::fate() is notSent exactly when no connection came about, or the certificate was
  // refused.
  Response send(const Request& request, const Context& context) override;

  // The certificate that the server showed in the last handshake; nothing before the first, and for http.
  std::optional<Certificate> peerCertificate() const;
  // Its SHA-256, upper case with colons; empty likewise.
  std::string peerThumbprint() const;

 private:
  struct Pool;
  class Loan;
  bool wantsPacked() const;
  ConnectionOptions options_;
  std::unique_ptr<TlsTrust> trust_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace failback::vsphere
