// SPDX-License-Identifier: GPL-2.0-or-later
// How to reach a vCenter or an ESXi host, and as whom.
#pragma once

#include <cstdint>
#include <string>

#include "vsphere/clock.h"
#include "vsphere/secret.h"

namespace failback::vsphere {

struct Url {
  std::string scheme = "https";  // "https"; "http" for a mock on loopback only
  std::string host;              // name, IPv4, or IPv6 without brackets
  std::uint16_t port = 443;
  std::string path = "/sdk";

  std::string origin() const;  // "https://vc.example:443", IPv6 in brackets
  std::string str() const;     // origin() + path
};

// What a user typed: "vc.example", "vc.example:8443", "https://user:pass@[::1]:8989/sdk", all of them mean a
// server. Credentials in it are returned apart, percent-decoded.
struct ParsedUrl {
  Url url;
  std::string userName;
  Secret password;
  bool hasPassword = false;
};
// Throws Failure(usage) naming what is wrong; never repeats a password.
ParsedUrl parseUrl(const std::string& text);

struct TlsOptions {
  // A PEM file, or a folder of hashed certificates as `openssl rehash` makes it; empty: the system's store.
  std::string caFile;
  std::string thumbprint;  // SHA-256 or SHA-1, with or without colons; empty: none pinned. When set, it alone
                           // decides.
  // Where the thumbprint stands, when it is a list of servers as they were when last seen; for messages.
  std::string knownHosts;
  bool insecure = false;  // trust anything; the caller has warned
};

// May the server pack its answers (gzip)? Automatic: when they come slowly (gzip_choice.h).
enum class Compression { automatic, always, never };

struct ConnectionOptions {
  Url url;
  TlsOptions tls;
  Milliseconds connectTimeout{10'000};  // TCP, proxy and TLS handshake
  Milliseconds transferTimeout{
      60'000};  // one exchange from send to the answer's last byte, long polls' wait aside
  Milliseconds stallTimeout{30'000};  // without a single byte
  // Decoded; more is an error. An answer that is kept whole in memory (any that is not given on piece by
  // piece) may have a quarter of that, or 64 MiB where that is more.
  std::uint64_t maxAnswerBytes = 256ull << 20;
  Compression compression = Compression::automatic;
  // Proxies are taken from https_proxy, all_proxy, no_proxy (either case) and http_proxy (lower case only,
  // since HTTP_PROXY can be set by a request's header in a CGI program), as curl does.
  bool useEnvironmentProxy = true;
  std::string userAgent;  // "failback/0.1.0"
};

struct Credentials {
  std::string userName;
  Secret password;
  std::string locale = "en";
};

}  // namespace failback::vsphere
