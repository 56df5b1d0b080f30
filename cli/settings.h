// SPDX-License-Identifier: GPL-2.0-or-later
// Where to connect, as whom, with what trust and within which deadlines: taken from options, FAILBACK_*
// variables, govc's GOVC_* variables and the configuration file, in this order. Each value's origin is known,
// so that an error can say where a wrong one came from.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/environment.h"
#include "cli/known_hosts.h"
#include "vsphere/connection.h"

namespace failback::cli {

struct Settings {
  vsphere::ConnectionOptions connection;
  vsphere::Credentials credentials;
  vsphere::Milliseconds timeout{600'000};
  vsphere::Milliseconds patience{120'000};  // vsphere::RetryOptions::patience, for verbs that only read
  std::string recordDirectory;
  // "--url", "FAILBACK_URL", "/etc/failback/config.toml:3"
  std::string urlOrigin, userOrigin, passwordOrigin;
  // To be shown before connecting.
  std::vector<std::string> warnings;
  std::shared_ptr<JoinedCaFile> caFile;  // keeps what connection.tls.caFile names

  // "https://vc.example:443/sdk (from FAILBACK_URL), user operator (from --username)": for errors.
  std::string describe() const;
};

// Asks a person; nothing when there is nobody to ask.
using AskPassword = std::function<std::optional<vsphere::Secret>(const std::string& question)>;

// Throws Failure(usage) naming the origin of what is wrong or what is missing.
Settings resolveSettings(const Arguments& arguments, const Environment& environment, const AskPassword& ask);

}  // namespace failback::cli
