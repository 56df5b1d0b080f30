// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/server_access.h"

#include <fmt/format.h>
#include <unistd.h>

#include "cli/units.h"
#include "provisioning/check/call_budget.h"
#include "provisioning/store/store.h"
#include "vsphere/tcp_probe.h"

namespace failback::cli {

Settings settingsFor(const Arguments& arguments, Surroundings& surroundings, Console& console) {
  Settings settings = resolveSettings(arguments, surroundings.environment, surroundings.ask);
  for (const std::string& warning : settings.warnings) console.warn(warning);
  return settings;
}

vsphere::ClientOptions clientOptions(const Settings& settings, const Arguments& arguments, Console& console) {
  vsphere::ClientOptions options;
  options.connection = settings.connection;
  options.recordDirectory = settings.recordDirectory;
  if (arguments.has("verbose")) {
    options.log = [&console](const std::string& line) { console.message(line); };
  }
  return options;
}

vsphere::Context workContext(const Settings& settings, const Surroundings& surroundings) {
  return vsphere::Context(surroundings.clock)
      .withStop(surroundings.stop)
      .withTimeout(settings.timeout)
      .withOperationId(fmt::format("failback-{:08x}", vsphere::systemRandom().next() & 0xffffffff));
}

void applyColour(const Arguments& arguments, Surroundings& surroundings) {
  const std::string when = arguments.one("color").value_or("auto");
  if (when == "auto") return;
  surroundings.outTerminal.colour = when == "always";
  surroundings.errTerminal.colour = when == "always";
}

OptionSpec stateOption() {
  return option(
      "state", 0, Takes::directory, "DIR",
      "Where jobs and the ledger are kept. Default: /var/lib/failback for root, else failback below "
      "XDG_STATE_HOME or ~/.local/state.");
}

std::string storeDirectory(const Arguments& arguments, const Environment& environment) {
  if (const auto given = arguments.one("state"); given && !given->empty()) return *given;
  return provisioning::defaultStoreDirectory(::geteuid() == 0, environment.get("XDG_STATE_HOME").value_or(""),
                                             environment.get("HOME").value_or(""));
}

void showCalls(const vsphere::Client& client, const Arguments& arguments, Console& console) {
  if (!arguments.has("calls")) return;
  const vsphere::CallCounts counts = client.callCounts();
  std::uint64_t all = 0;
  for (const auto& [method, count] : counts.byMethod) {
    console.message(fmt::format("{:>8} {}", count, method));
    all += count;
  }
  console.message(fmt::format("{:>8} calls, {} sent, {} received", all,
                              humanBytes(static_cast<std::int64_t>(counts.requestBytes)),
                              humanBytes(static_cast<std::int64_t>(counts.responseBytes))));
}

void showCountedCalls(const vsphere::Client& client, const Arguments& arguments, Console& console) {
  if (!arguments.has("calls")) return;
  showCalls(client, arguments, console);
  const provisioning::CallBudget calls = provisioning::budgetOf(client.callCounts());
  console.message(fmt::format("{:>8} of them counted; beside {} pages, {} for waiting, {} for the login",
                              calls.calls, calls.pages, calls.waits, calls.login));
}

provisioning::CollectOptions collectOptions(Console& console) {
  provisioning::CollectOptions options;
  options.onProgress = [&console](const std::string& what) { console.progress(what); };
  options.connect = [](const std::string& host, std::uint16_t port, const vsphere::Context& context) {
    constexpr vsphere::Milliseconds contactTimeout{5'000};
    return vsphere::probeTcp(host, port, contactTimeout, context);
  };
  return options;
}

}  // namespace failback::cli
