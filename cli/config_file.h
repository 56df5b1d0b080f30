// SPDX-License-Identifier: GPL-2.0-or-later
// The configuration file (TOML): settings at the top, and sections [profiles.NAME] that replace some of them.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "cli/environment.h"
#include "vsphere/secret.h"

namespace failback::cli {

class ConfigFile {
 public:
  struct Value {
    std::string text;    // of a flag: "true" or "false"
    std::string origin;  // "/etc/failback/config.toml:3"
  };

  // No file: nothing is set.
  ConfigFile() = default;
  // Reads it; `profile` empty: the one that the file itself names with `profile = "..."`, or none. Throws
  // Failure(usage) with the line: not TOML, an unknown key, a value of the wrong kind, no such profile.
  ConfigFile(const std::string& path, const std::string& profile);

  std::optional<Value> get(const std::string& key) const;
  // "password" and "url" may hold a secret; they are only given out this way.
  vsphere::Secret secret(const std::string& key) const;
  std::string originOf(const std::string& key) const;
  // Who else may read the file, for a warning when it holds a password (see file.h).
  const std::string& readableBy() const { return readableBy_; }
  const std::string& path() const { return path_; }

 private:
  friend class ConfigReader;
  std::string path_, readableBy_;
  std::map<std::string, Value> values_;
  std::map<std::string, vsphere::Secret> secrets_;
};

// --config, FAILBACK_CONFIG, $XDG_CONFIG_HOME/failback/config.toml (else ~/.config),
// /etc/failback/config.toml: the first that is named or exists. Empty: there is none.
std::string findConfigFile(const std::optional<std::string>& option, const Environment& environment);

}  // namespace failback::cli
