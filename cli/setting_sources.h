// SPDX-License-Identifier: GPL-2.0-or-later
// One setting's value in each of the places where it may stand.
#pragma once

#include <optional>
#include <string>

#include "cli/arguments.h"
#include "cli/config_file.h"
#include "cli/environment.h"
#include "vsphere/connection.h"

namespace failback::cli {

// From the strongest to the weakest.
enum class Level { option, environment, govc, credential, file };

struct Found {
  std::string text;
  std::string origin;  // "--timeout", "FAILBACK_TIMEOUT", "/etc/failback/config.toml:3"
  Level level = Level::option;
};

struct UrlFound {
  vsphere::ParsedUrl parsed;
  std::string origin;
  Level level = Level::option;
};

class Sources {
 public:
  // Reads the configuration file, if there is one. Throws Failure(usage).
  Sources(const Arguments& arguments, const Environment& environment);

  // The strongest that is set and not empty.
  std::optional<Found> find(const std::string& key) const;
  // The one of that level; may be empty.
  std::optional<Found> at(Level level, const std::string& key) const;
  // The strongest URL that is set, taken apart. Throws Failure(usage) naming its origin.
  std::optional<UrlFound> url() const;

  const Arguments& arguments() const { return arguments_; }
  const Environment& environment() const { return environment_; }
  const ConfigFile& file() const { return file_; }

 private:
  const Arguments& arguments_;
  const Environment& environment_;
  ConfigFile file_;
};

}  // namespace failback::cli
