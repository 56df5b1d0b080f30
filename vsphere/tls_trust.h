// SPDX-License-Identifier: GPL-2.0-or-later
// Whether a server's certificate is trusted: by a CA and the host's name, or by a pinned thumbprint. It is
// decided inside the TLS handshake, so before a byte of a request leaves; what was seen is kept for messages.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "vsphere/connection.h"
#include "vsphere/error.h"

struct ssl_ctx_st;         // OpenSSL's SSL_CTX
struct x509_store_ctx_st;  // OpenSSL's X509_STORE_CTX
struct x509_st;            // OpenSSL's X509

namespace failback::vsphere {

// What a person compares by eye.
struct Certificate {
  std::string sha256;              // upper case, with colons
  std::string sha1;                // likewise
  std::string subject;             // "CN=vc.example,O=..."
  std::string issuer;              // likewise
  std::string notBefore;           // RFC 3339, UTC
  std::string notAfter;            // likewise
  std::vector<std::string> names;  // DNS names and addresses it is for
};

enum class TrustProblem {
  none,
  notPinned,      // not the pinned certificate
  selfSigned,     // signed by itself, and not in the store
  unknownIssuer,  // its CA is not in the store
  expired,
  notYetValid,
  otherHost,  // for other names than the one that was called
  weak,       // key or signature below what OpenSSL accepts
  other,
};

class TlsTrust;

// What one handshake showed. Owned by the connection's side; must outlive the SSL_CTX it was installed in.
struct Handshake {
  const TlsTrust* trust = nullptr;
  bool seen = false;  // the server showed a certificate
  Certificate certificate;
  TrustProblem problem = TrustProblem::none;
  std::string reason;  // OpenSSL's words, for `other` and the like
};

// Immutable after construction, thread-safe.
class TlsTrust {
 public:
  // Throws Failure(usage) when the CA file cannot be read or the thumbprint is none.
  TlsTrust(const TlsOptions& options, const Url& url);
  ~TlsTrust();
  TlsTrust(const TlsTrust&) = delete;
  TlsTrust& operator=(const TlsTrust&) = delete;

  // Makes this object decide in all handshakes of that context, and note what it saw in `handshake`.
  // False when OpenSSL refuses (out of memory).
  bool install(ssl_ctx_st* context, Handshake& handshake) const;
  // A CA decides: the host's name must then match as well.
  bool checksHostName() const { return mode_ == Mode::store; }
  // What to tell the user about a handshake with a problem; category tlsTrust.
  Error refusal(const Handshake& handshake) const;

 private:
  enum class Mode { store, pin, anything };
  static int decide(x509_store_ctx_st* chain, void* handshake);
  bool accept(x509_store_ctx_st* chain, Handshake& handshake) const;
  bool acceptPinned(const Certificate& certificate, Handshake& handshake) const;
  bool acceptChain(x509_store_ctx_st* chain, Handshake& handshake) const;

  struct Store;
  Mode mode_;
  std::string host_;
  std::string place_;  // "vc.example:443"
  std::string pin_;    // upper case with colons
  std::string caFile_;
  std::string knownHosts_;
  std::unique_ptr<Store> store_;
};

// "AB:CD:..." in upper case from any usual spelling (colons, blanks, lower case, a prefix "SHA256:" or
// "sha1=" and the like). Throws Failure(usage) when it is neither a SHA-256 nor a SHA-1 thumbprint.
std::string normaliseThumbprint(const std::string& text);

}  // namespace failback::vsphere
