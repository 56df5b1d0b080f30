// SPDX-License-Identifier: GPL-2.0-or-later
// The process's environment, read once. What may hold a password is taken out of the process at that moment.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "vsphere/secret.h"

namespace failback::cli {

class Environment {
 public:
  Environment() = default;
  // For tests: values as given, passwords among them.
  explicit Environment(const std::map<std::string, std::string>& values);

  // Reads the variables that failback knows. FAILBACK_PASSWORD, FAILBACK_URL, GOVC_PASSWORD and GOVC_URL are
  // overwritten in place and removed, so that neither /proc/PID/environ nor a child shows them. To be called
  // before any thread is started.
  static Environment takeFromProcess();

  // Not set, and for variables other than those four. An empty value is a value.
  std::optional<std::string> get(const std::string& name) const;
  // One of those four; empty when it is not set.
  vsphere::Secret secret(const std::string& name) const;

 private:
  std::map<std::string, std::string> values_;
  std::map<std::string, vsphere::Secret> secrets_;
};

}  // namespace failback::cli
