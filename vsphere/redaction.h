// SPDX-License-Identifier: GPL-2.0-or-later
// Cuts what must not be seen out of messages before they are logged or recorded: passwords, cookies, session
// keys, tickets, tokens, licence keys, and every secret that it was told of, however it is spelled there.
#pragma once

#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "vsphere/secret.h"

namespace failback::vsphere {

// Thread-safe.
class Redactor {
 public:
  Redactor() = default;
  Redactor(const Redactor&) = delete;
  Redactor& operator=(const Redactor&) = delete;

  // From now on this text is cut out wherever it occurs, also XML-escaped or percent-encoded. One of fewer
  // than eight characters is cut only where it stands as a word of its own: "pass" would else take
  // "passthrough" apart.
  void addSecret(const Secret& secret);

  // An XML message, whole or cut short. What is inside tags stays as it is, so the message stays well-formed.
  std::string body(std::string_view message) const;
  // A header's value; `name` in any case.
  std::string header(std::string_view name, std::string_view value) const;
  // Any other text: errors, log lines.
  std::string text(std::string_view plain) const;

 private:
  bool holdsSecretWith(char character) const;
  // Only the secrets that hold this text.
  std::string withoutSecrets(std::string_view plain, std::string_view holding = {}) const;
  std::string withoutLicences(std::string_view plain) const;
  // Licence keys get a number each, so that two places that name the same licence still do.
  std::string licenceAlias(std::string_view key) const;

  mutable std::shared_mutex secretsMutex_;
  std::vector<Secret> secrets_;
  mutable std::mutex licencesMutex_;
  mutable std::map<std::string, std::size_t, std::less<>> licences_;  // by SHA-256, so the keys are not kept
};

}  // namespace failback::vsphere
