// SPDX-License-Identifier: GPL-2.0-or-later
// mock-vcenter: a stand-in for a vCenter or an ESXi host.
#include <fmt/format.h>
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <stop_token>
#include <thread>

#include "mocks/ctl.h"
#include "mocks/duration.h"
#include "mocks/http_server.h"
#include "mocks/order_json.h"
#include "mocks/scenario_command.h"
#include "mocks/simulation.h"
#include "mocks/state_file.h"
#include "mocks/world_state.h"

namespace failback::mock {

namespace {

struct Options {
  std::string scenario = "site";
  std::vector<std::string> listen{"127.0.0.1:0"};
  std::string faults, sessionLimit = "550,2000";
  std::string urlFile, passwordFile, user, apiVersion, record, callLog;
  std::string state;
  std::string sessionIdle = "30m", delay = "0ms", taskTime = "200ms";
  std::uint64_t seed = 1;
  bool noTls = false, noGzip = false, list = false;
};

// "20ms", "30s", "5m", "1h". Throws CLI::ValidationError.
std::chrono::milliseconds parseDuration(const std::string& option, const std::string& text) {
  if (const auto duration = durationIn(text)) return *duration;
  throw CLI::ValidationError(option,
                             fmt::format("'{}' is no duration; write one such as 20ms, 30s or 5m", text));
}

ListenAddress parseListen(const std::string& text) {
  constexpr std::string_view local = "unix:";
  if (text.starts_with(local) && text.size() > local.size()) return {{}, 0, text.substr(local.size())};
  const auto colon = text.rfind(':');
  std::uint16_t port = 0;
  bool good = colon != std::string::npos && colon > 0;
  if (good) {
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, port);
    good = error == std::errc() && rest == end;
  }
  if (!good) {
    throw CLI::ValidationError(
        "--listen", fmt::format("'{}' is not ADDRESS:PORT, such as 127.0.0.1:8989, nor unix:PATH", text));
  }
  std::string address = text.substr(0, colon);
  if (address.size() > 2 && address.front() == '[' && address.back() == ']')
    address = address.substr(1, address.size() - 2);
  return {address, port, {}};
}

// "550,2000": of one user, and of all. "10" is both.
SessionLimits parseSessionLimit(const std::string& text) {
  SessionLimits limits;
  const char* const end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, limits.perUser);
  limits.all = limits.perUser;
  if (error == std::errc() && rest != end && *rest == ',') {
    const auto second = std::from_chars(rest + 1, end, limits.all);
    rest = second.ptr;
    error = second.ec;
  }
  if (error != std::errc() || rest != end || limits.perUser == 0 || limits.all == 0) {
    throw CLI::ValidationError("--session-limit",
                               fmt::format("'{}' is not PER-USER,ALL, two numbers such as 550,2000", text));
  }
  return limits;
}

std::string readPassword(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line) || line.empty())
    throw std::runtime_error(fmt::format("no password in the file {}", file));
  return line;
}

std::string randomPassword() {
  constexpr std::string_view letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
  std::random_device random;
  std::string password;
  for (int i = 0; i < 20; ++i) password += letters[random() % letters.size()];
  return password;
}

std::string percentEncoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

void describe(CLI::App& app, Options& options) {
  app.description(
      "Simulates a vCenter server, or an ESXi host, well enough that tools made for real ones are content "
      "with it.\n"
      "It serves at https://ADDRESS:PORT/sdk until SIGTERM or SIGINT, with a certificate that it makes "
      "itself.\n"
      "'mock-vcenter ctl' tells one that runs what is to go wrong: see 'mock-vcenter ctl --help'.");
  app.add_option(
         "--scenario", options.scenario,
         "What site to simulate: a built-in name, a JSON file, or generate:hosts=N,datastores=N,vms=N")
      ->capture_default_str();
  app.add_flag("--list-scenarios", options.list, "List the built-in scenarios and exit");
  app.add_option("--listen", options.listen,
                 "ADDRESS:PORT (port 0 takes a free one) or unix:PATH; may be given more than once")
      ->capture_default_str()
      ->allow_extra_args(false);
  app.add_option("--url-file", options.urlFile,
                 "When ready, write https://user:password@address:port/sdk to this file (mode 0600)");
  app.add_option("--user", options.user, "User in that URL (default: the scenario's first)");
  app.add_option("--password-file", options.passwordFile,
                 "Take the password of all users from this file (default: a random one)");
  app.add_option("--api-version", options.apiVersion,
                 "Newest API version to speak: 6.5, 6.7, 7.0.3.0, 8.0.2.0, ...");
  app.add_option("--session-idle", options.sessionIdle, "Sessions expire after so long without a call")
      ->capture_default_str();
  app.add_option("--session-limit", options.sessionLimit,
                 "How many sessions a user may have, and how many there may be in all; a login beyond is "
                 "answered with HTTP 503")
      ->capture_default_str();
  app.add_option("--faults", options.faults,
                 "Orders of what is to go wrong, from this JSON file (docs/mock-orders.md)");
  app.add_option("--state", options.state,
                 "Go on from this file, if it is there, and write everything to it at the end: the same "
                 "server again, with its password and certificate. Its scenario is then that of the file");
  app.add_option("--delay", options.delay, "Answer each request so much later")->capture_default_str();
  app.add_option("--task-time", options.taskTime, "How long a task runs")->capture_default_str();
  app.add_option("--record", options.record, "Write every exchange into this directory, without secrets");
  app.add_option("--call-log", options.callLog, "Append one JSON line per call to this file");
  app.add_option("--seed", options.seed, "Of everything random, such as session keys")->capture_default_str();
  app.add_flag("--no-tls", options.noTls, "Serve plain HTTP");
  app.add_flag("--no-gzip", options.noGzip, "Never compress answers");
}

void listBuiltIn() {
  for (const auto& [name, description] : listScenarios()) fmt::print("{:20} {}\n", name, description);
  fmt::print("{:20} {}\n", "generate:...", "generate:hosts=N,datastores=N,vms=N makes a site of that size");
}

// The product version that goes with an API version.
void setVersion(ScenarioSpec& scenario, const std::string& apiVersion) {
  if (!apiVersion.empty()) {
    std::string version = apiVersion;
    while (std::count(version.begin(), version.end(), '.') < 2) version += ".0";
    while (std::count(version.begin(), version.end(), '.') > 2) version.resize(version.rfind('.'));
    scenario.server.version = version;
  }
}

std::vector<std::string> namesOf(const std::vector<ListenAddress>& listen) {
  std::vector<std::string> names{"localhost"};
  for (const ListenAddress& each : listen) {
    if (each.path.empty() && std::find(names.begin(), names.end(), each.address) == names.end())
      names.push_back(each.address);
  }
  return names;
}

// The part of the URL after the user: of the first TCP address; with Unix sockets only, a name for the host
// that they stand for.
std::string placeOf(const std::vector<ListenAddress>& listen, const std::vector<std::uint16_t>& ports) {
  for (std::size_t i = 0; i < listen.size(); ++i) {
    const std::string& address = listen[i].address;
    if (!listen[i].path.empty()) continue;
    const std::string host = address.find(':') == std::string::npos ? address : "[" + address + "]";
    return fmt::format("{}:{}/sdk", host, ports[i]);
  }
  return "localhost/sdk";
}

ServerOptions listenOptions(const Options& options) {
  ServerOptions server;
  server.listen.clear();
  server.listen.reserve(options.listen.size());
  for (const std::string& each : options.listen) server.listen.push_back(parseListen(each));
  server.gzip = !options.noGzip;
  return server;
}

WorldSettings worldSettings(const Options& options) {
  WorldSettings settings;
  settings.sessionIdle = parseDuration("--session-idle", options.sessionIdle);
  settings.tasks.duration = parseDuration("--task-time", options.taskTime);
  settings.sessionLimits = parseSessionLimit(options.sessionLimit);
  return settings;
}

HandlerOptions handling(const Options& options, std::uint64_t seed) {
  HandlerOptions handler;
  handler.delay = parseDuration("--delay", options.delay);
  if (!options.record.empty()) handler.recordDirectory = options.record;
  if (!options.callLog.empty()) handler.callLog = options.callLog;
  handler.orderSeed = seed;
  if (!options.faults.empty()) {
    OrderFile orders = readOrders(options.faults);
    handler.orderSeed = orders.seed.value_or(seed);
    handler.orders = std::move(orders.orders);
  }
  return handler;
}

// What the server is to be: what was saved, or what the options say.
SavedState startingState(const Options& options, const std::vector<ListenAddress>& listen) {
  std::optional<SavedState> saved;
  if (!options.state.empty()) saved = readState(options.state);
  SavedState state = saved ? std::move(*saved) : SavedState{};
  SavedServer& server = state.server;
  if (!saved) {
    server.scenario = options.scenario;
    server.scenarioText = scenarioText(options.scenario);
    server.apiVersion = options.apiVersion;
    server.seed = options.seed;
  }
  if (!options.passwordFile.empty()) server.password = readPassword(options.passwordFile);
  if (server.password.empty()) server.password = randomPassword();
  if (!options.noTls && !server.certificate) server.certificate = makeCertificate(namesOf(listen));
  return state;
}

void announce(const Options& options, const SavedServer& server, World& world, const std::string& apiVersion,
              const std::string& place) {
  const User* user = options.user.empty() ? world.users.front().get() : world.findUser(options.user);
  if (!user) throw ScenarioError(fmt::format("--user: the scenario has no user '{}'", options.user));
  const std::string scheme = options.noTls ? "http://" : "https://";
  const std::string url =
      scheme + percentEncoded(user->name) + ":" + percentEncoded(server.password) + "@" + place;
  fmt::print(stderr, "mock-vcenter: scenario '{}', {} objects, API {}, at {}{}\n", server.scenario,
             world.inventory.size(), apiVersion, scheme, place);
  if (!options.noTls) {
    fmt::print(stderr, "mock-vcenter: certificate SHA-256 {}\nmock-vcenter: certificate SHA-1 {}\n",
               server.certificate->sha256, server.certificate->sha1);
  }
  if (options.urlFile.empty()) {
    fmt::print("{}\n", url);
    std::fflush(stdout);
  } else {
    writePrivately(options.urlFile, url + "\n");
  }
}

// The C library would keep many arenas of memory on a large machine. With too few of them, those who answer
// would search what the making of machines has left in pieces.
void tuneAllocator() {
  (void)mallopt(M_ARENA_MAX, 8);  // NOLINT(concurrency-mt-unsafe): there are no other threads yet
}

// Makes the machines of a large site while the server already answers, which makes those it needs itself.
std::jthread makeDeferred(World& world) {
  const std::lock_guard lock(world.lock());
  return std::jthread([waiting = world.inventory.takeDeferred()](const std::stop_token& stop) {
    for (const Value& each : waiting) {
      if (stop.stop_requested()) return;
      (void)each.asObject()->packed();
    }
    (void)malloc_trim(0);
  });
}

int serve(const Options& options) {
  tuneAllocator();
  ServerOptions serverOptions = listenOptions(options);
  SavedState state = startingState(options, serverOptions.listen);
  const auto scenario =
      std::make_shared<ScenarioSpec>(scenarioFrom(state.server.scenarioText, state.server.scenario));
  setVersion(*scenario, state.server.apiVersion);
  WorldSettings settings = worldSettings(options);
  settings.seed = state.server.seed;
  settings.apiVersion =
      state.server.apiVersion.empty() ? apiVersionOf(scenario->server.version) : state.server.apiVersion;
  if (!options.noTls) serverOptions.certificate = state.server.certificate;
  HandlerOptions handler = handling(options, state.server.seed);
  // The server lives longer than the simulation, which holds replies that go back through it.
  HttpServer server(serverOptions);
  std::optional<Simulation> simulation;
  const auto save = [&](bool ending) {
    World& world = simulation->world();
    const std::lock_guard lock(world.lock());
    state.server.builtAt = world.builtAt;
    writeState(options.state, {state.server, saveWorld(world, ending)});
  };
  if (!options.state.empty()) handler.saveState = [save] { save(false); };
  if (state.world.is_null()) {
    simulation.emplace(scenario, state.server.password, settings, handler);
  } else {
    try {
      simulation.emplace(scenario, state.server.password, settings, handler, state.server.builtAt,
                         state.world);
    } catch (const std::exception& problem) {
      throw StateError(fmt::format("{}: {}; remove the file to begin anew", options.state, problem.what()));
    }
    fmt::print(stderr, "mock-vcenter: goes on from {}\n", options.state);
  }
  state.world = Json();
  announce(options, state.server, simulation->world(), settings.apiVersion,
           placeOf(serverOptions.listen, server.ports()));
  const std::jthread making = makeDeferred(simulation->world());
  server.run(
      [&](HttpRequest request, Reply reply) { simulation->handle(std::move(request), std::move(reply)); },
      true);
  if (!options.state.empty()) save(true);
  return 0;
}

int run(int argc, char** argv) {
  CLI::App app;
  app.name("mock-vcenter");
  Options options;
  describe(app, options);
  try {
    app.parse(argc, argv);
    if (options.list) {
      listBuiltIn();
      return 0;
    }
    return serve(options);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : usageExit;
  } catch (const JsonError& problem) {
    fmt::print(stderr, "mock-vcenter: --faults: {}\n", problem.what());
    return usageExit;
  } catch (const ScenarioError& problem) {
    fmt::print(stderr, "mock-vcenter: {}\n", problem.what());
    return usageExit;
  } catch (const std::exception& problem) {
    fmt::print(stderr, "mock-vcenter: {}\n", problem.what());
    return 1;
  }
}

}  // namespace

}  // namespace failback::mock

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a client that goes away is no reason to end
  if (argc > 1 && std::string_view(argv[1]) == "ctl") return failback::mock::runCtl(argc - 1, argv + 1);
  if (argc > 1 && std::string_view(argv[1]) == "scenario")
    return failback::mock::runScenario(argc - 1, argv + 1);
  return failback::mock::run(argc, argv);
}
