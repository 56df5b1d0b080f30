// SPDX-License-Identifier: GPL-2.0-or-later
// Certificates for tests, made while they run: nothing in the repository can expire.
#pragma once

#include <string>
#include <vector>

namespace failback::testing {

struct CertificateSpec {
  std::string commonName = "scripted server";
  std::vector<std::string> names;                             // DNS
  std::vector<std::string> addresses = {"127.0.0.1", "::1"};  // IP
  int validFromDays = -1, validUntilDays = 30;                // from now
  std::string curve = "P-256";                                // of its key
};

struct TestCertificate {
  std::string certificate;  // PEM
  std::string key;          // PEM
};

TestCertificate makeSelfSigned(const CertificateSpec& spec = {});
TestCertificate makeAuthority(const std::string& name);
TestCertificate makeSigned(const CertificateSpec& spec, const TestCertificate& authority);

enum class Digest { sha1, sha256 };
// Upper case with colons.
std::string thumbprintOf(const TestCertificate& certificate, Digest digest);

}  // namespace failback::testing
