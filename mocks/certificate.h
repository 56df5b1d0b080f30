// SPDX-License-Identifier: GPL-2.0-or-later
// A self-signed certificate made at the start, as a fresh vCenter has one.
#pragma once

#include <string>
#include <vector>

namespace failback::mock {

struct Certificate {
  std::string certificatePem, keyPem;
  std::string sha256, sha1;  // thumbprints, "AA:BB:..."
};

// For the given names and addresses. Throws std::runtime_error when OpenSSL refuses.
Certificate makeCertificate(const std::vector<std::string>& namesAndAddresses);

}  // namespace failback::mock
