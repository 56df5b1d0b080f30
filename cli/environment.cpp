// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/environment.h"

#include <openssl/crypto.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

extern char** environ;  // NOLINT: POSIX

namespace failback::cli {
namespace {

constexpr std::array<std::string_view, 4> secretNames = {"FAILBACK_PASSWORD", "FAILBACK_URL", "GOVC_PASSWORD",
                                                         "GOVC_URL"};

bool isSecret(std::string_view name) {
  for (const std::string_view secret : secretNames) {
    if (secret == name) return true;
  }
  return false;
}

}  // namespace

Environment::Environment(const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    if (isSecret(name)) {
      secrets_[name] = vsphere::Secret(value);
    } else {
      values_[name] = value;
    }
  }
}

Environment Environment::takeFromProcess() {
  Environment result;
  std::vector<std::string> remove;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    char* const text = *entry;
    char* const equals = std::strchr(text, '=');
    if (equals == nullptr) continue;
    const std::string name(text, equals);
    if (!isSecret(name)) {
      result.values_[name] = equals + 1;
      continue;
    }
    const std::size_t length = std::strlen(equals + 1);
    result.secrets_[name] = vsphere::Secret(std::string_view(equals + 1, length));
    OPENSSL_cleanse(equals + 1, length);
    remove.push_back(name);
  }
  // Before any thread is started.
  for (const std::string& name : remove) ::unsetenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
  return result;
}

std::optional<std::string> Environment::get(const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

vsphere::Secret Environment::secret(const std::string& name) const {
  const auto found = secrets_.find(name);
  return found == secrets_.end() ? vsphere::Secret() : found->second;
}

}  // namespace failback::cli
