// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/process.h"
#include "cli/prompt.h"

int main(int argc, char** argv) {
  namespace cli = failback::cli;
  cli::protectMemory();
  cli::returnLargeBlocks();
  cli::Environment environment = cli::Environment::takeFromProcess();
  const cli::SignalWatch signals;
  cli::FdOutput out(STDOUT_FILENO, "standard output"), err(STDERR_FILENO, "standard error");
  const cli::Terminal outTerminal = cli::lookAtTerminal(STDOUT_FILENO, environment);
  const cli::Terminal errTerminal = cli::lookAtTerminal(STDERR_FILENO, environment);
  cli::Surroundings surroundings{
      .environment = std::move(environment),
      .out = out,
      .err = err,
      .outTerminal = outTerminal,
      .errTerminal = errTerminal,
      .stop = signals.token(),
      .ask = [&](const std::string& question) { return cli::askPassword(question, signals.token()); }};
  return static_cast<int>(cli::run({argv + 1, argv + argc}, surroundings));
}
