// SPDX-License-Identifier: GPL-2.0-or-later
// The command line as a function of its surroundings, so that tests can be those.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/environment.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "vsphere/client.h"

namespace failback::cli {

struct Surroundings {
  Environment environment;
  Output& out;  // data
  Output& err;  // words
  Terminal outTerminal, errTerminal;
  std::stop_token stop;
  const vsphere::Clock& clock = vsphere::systemClock();
  AskPassword ask;
  std::function<std::unique_ptr<vsphere::Client>(vsphere::ClientOptions, vsphere::Credentials,
                                                 const vsphere::Context&)>
      connect = vsphere::Client::connect;
};

// `words` without the program's name. Shows whatever goes wrong; never throws.
ExitCode run(const std::vector<std::string>& words, Surroundings& surroundings) noexcept;

}  // namespace failback::cli
