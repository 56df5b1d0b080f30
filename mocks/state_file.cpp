// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/state_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>

#include "mocks/state_value.h"

namespace failback::mock {

namespace {

constexpr const char* format = "mock-vcenter-state";
constexpr std::uint64_t version = 1;

SavedServer serverFrom(const Json& json) {
  JsonReader in(json, "/server");
  SavedServer server;
  server.scenario = stateText(in, "scenario");
  in.need("scenarioText");
  server.scenarioText = stateText(in, "scenarioText");
  server.apiVersion = stateText(in, "apiVersion");
  server.builtAt = stateText(in, "builtAt");
  server.password = stateText(in, "password");
  in.number("seed", server.seed, 0);
  if (const Json* json2 = in.member("certificate")) {
    JsonReader one(*json2, in.place("certificate"));
    Certificate& certificate = server.certificate.emplace();
    certificate.certificatePem = stateText(one, "certificate");
    certificate.keyPem = stateText(one, "key");
    certificate.sha256 = stateText(one, "sha256");
    certificate.sha1 = stateText(one, "sha1");
    one.done();
  }
  in.done();
  return server;
}

SavedState stateFrom(const std::string& text) {
  // Not parseJson(): a chain of snapshots nests deeper than what strangers may send.
  const Json json = Json::parse(text);
  JsonReader in(json, "");
  std::string what;
  std::uint64_t number = 0;
  what = stateText(in, "format");
  in.number("version", number, 0);
  if (what != format) throw JsonError("/format", fmt::format("this is no '{}'", format));
  if (number != version)
    throw JsonError("/version", fmt::format("version {} is not understood, only {}", number, version));
  SavedState state{serverFrom(in.need("server")), in.need("world")};
  in.done();
  return state;
}

Json serverJson(const SavedServer& server) {
  Json json{{"scenario", server.scenario},     {"scenarioText", server.scenarioText},
            {"apiVersion", server.apiVersion}, {"builtAt", server.builtAt},
            {"password", server.password},     {"seed", server.seed}};
  if (server.certificate) {
    json["certificate"] = {{"certificate", server.certificate->certificatePem},
                           {"key", server.certificate->keyPem},
                           {"sha256", server.certificate->sha256},
                           {"sha1", server.certificate->sha1}};
  }
  return json;
}

bool writeAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(fd) == 0;
}

}  // namespace

std::optional<SavedState> readState(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    if (errno == ENOENT) return std::nullopt;
    throw StateError(fmt::format("{}: {}", file, std::generic_category().message(errno)));
  }
  std::ostringstream text;
  text << in.rdbuf();
  try {
    return stateFrom(text.str());
  } catch (const std::exception& problem) {
    throw StateError(fmt::format("{}: {}; remove the file to begin anew", file, problem.what()));
  }
}

void writeState(const std::string& file, const SavedState& state) {
  const Json json{
      {"format", format}, {"version", version}, {"server", serverJson(state.server)}, {"world", state.world}};
  try {
    writePrivately(file, json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
  } catch (const std::exception& problem) {
    throw StateError(problem.what());
  }
}

void writePrivately(const std::string& file, const std::string& text) {
  const std::string temporary = file + ".tmp";
  unlink(temporary.c_str());
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  bool good = fd >= 0 && writeAll(fd, text);
  if (fd >= 0) good = close(fd) == 0 && good;
  if (!good || rename(temporary.c_str(), file.c_str()) != 0)
    throw std::runtime_error(
        fmt::format("cannot write {}: {}", file, std::generic_category().message(errno)));
}

}  // namespace failback::mock
