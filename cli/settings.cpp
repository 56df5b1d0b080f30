// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/settings.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <system_error>

#include "cli/config_file.h"
#include "cli/credentials.h"
#include "cli/setting_sources.h"
#include "cli/units.h"
#include "discovery/kind.h"
#include "vsphere/error.h"
#include "vsphere/tls_trust.h"

namespace failback::cli {
namespace {

using vsphere::Category;

// Says where a value came from in an error that was made about it.
template <class Work>
auto blaming(const std::string& origin, Work&& work) {
  try {
    return work();
  } catch (const vsphere::Failure& failure) {
    vsphere::Error error = failure.error();
    error.text = fmt::format("{}: {}", origin, error.text);
    throw vsphere::Failure(std::move(error));
  }
}

bool truth(const Found& found) {
  // govc knows these two words only, and takes all others for no.
  if (found.level == Level::govc)
    return found.text == "1" || discovery::equalIgnoringCase(found.text, "true");
  for (const char* word : {"1", "true", "yes", "on"}) {
    if (discovery::equalIgnoringCase(found.text, word)) return true;
  }
  for (const char* word : {"0", "false", "no", "off", ""}) {
    if (discovery::equalIgnoringCase(found.text, word)) return false;
  }
  vsphere::fail(Category::usage, fmt::format("{} is neither true nor false", found.origin),
                "write true or false");
}

// Who is trusted. The highest source that says anything of it decides alone: a pinned thumbprint in a file
// does not survive --insecure on the command line, nor GOVC_INSECURE a pinned thumbprint in
// FAILBACK_THUMBPRINT.
class Trust {
 public:
  Trust(const Sources& sources, Settings& settings) : sources_(sources), settings_(settings) {}

  void resolve() {
    for (const Level level : {Level::option, Level::environment, Level::govc, Level::file}) {
      const auto insecure = sources_.at(level, "insecure");
      if (takeThumbprint(level) || takeCaFile(level)) return;
      if (!insecure) continue;
      if (!truth(*insecure)) {
        insecureAllowed_ = false;
      } else if (insecureAllowed_) {
        settings_.connection.tls.insecure = true;
        settings_.warnings.push_back(
            fmt::format("insecure connection: the certificate of {} is not verified ({}), and whoever "
                        "answers there gets the password",
                        settings_.connection.url.origin(), insecure->origin));
        return;
      }
    }
  }

 private:
  bool takeThumbprint(Level level) {
    std::optional<Found> found = sources_.at(level, "thumbprint");
    if (!found || found->text.empty()) return false;
    if (level == Level::govc) {
      const auto known = knownThumbprint(found->text, settings_.connection.url);
      if (!known) return false;
      settings_.connection.tls.knownHosts = found->text;
      found->text = *known;
    }
    settings_.connection.tls.thumbprint =
        blaming(found->origin, [&] { return vsphere::normaliseThumbprint(found->text); });
    return true;
  }

  bool takeCaFile(Level level) {
    const auto found = sources_.at(level, "ca-file");
    if (!found || found->text.empty()) return false;
    // govc takes a list; elsewhere it is one file, whose name may hold a colon.
    if (level == Level::govc) {
      settings_.caFile = std::make_shared<JoinedCaFile>(found->text, found->origin);
      settings_.connection.tls.caFile = settings_.caFile->path();
    } else {
      settings_.connection.tls.caFile = found->text;
    }
    return true;
  }

  const Sources& sources_;
  Settings& settings_;
  bool insecureAllowed_ = true;
};

void takeDuration(const Sources& sources, const std::string& key, vsphere::Milliseconds& target) {
  if (const auto found = sources.find(key)) target = parseDuration(found->text, found->origin);
}

void takeBytes(const Sources& sources, const std::string& key, std::uint64_t& target) {
  const auto found = sources.find(key);
  if (!found) return;
  const char* const end = found->text.data() + found->text.size();
  const auto [stop, error] = std::from_chars(found->text.data(), end, target);
  if (error != std::errc{} || stop != end || target == 0) {
    vsphere::fail(Category::usage,
                  fmt::format("{}: \"{}\" is not a number of bytes", found->origin, found->text),
                  "write a whole number above zero, such as 2147483648");
  }
}

vsphere::Compression compressionOf(const Sources& sources) {
  using vsphere::Compression;
  const auto found = sources.find("compression");
  if (!found || found->text == "auto") return Compression::automatic;
  if (found->text == "always") return Compression::always;
  if (found->text == "never") return Compression::never;
  vsphere::fail(Category::usage,
                fmt::format("{}: \"{}\" says nothing of compression", found->origin, found->text),
                "write auto, always or never");
}

// Asks for the URL; what it says of user and password comes along.
UrlFound takeUrl(const Sources& sources, Settings& settings) {
  std::optional<UrlFound> found = sources.url();
  if (!found) {
    vsphere::fail(
        Category::usage, "no server is named",
        "use --url URL, the variable FAILBACK_URL or GOVC_URL, or url = \"...\" in the configuration file");
  }
  settings.urlOrigin = found->origin;
  settings.connection.url = found->parsed.url;
  if (found->level == Level::option && found->parsed.hasPassword) {
    vsphere::fail(
        Category::usage,
        "--url holds a password; it is not taken from the command line, where everybody on this machine can "
        "see it",
        "put the URL into the variable FAILBACK_URL, or the password into --password-file");
  }
  return std::move(*found);
}

}  // namespace

std::string Settings::describe() const {
  std::string text = fmt::format("{} (from {})", connection.url.str(), urlOrigin);
  if (!credentials.userName.empty())
    text += fmt::format(", user {} (from {})", credentials.userName, userOrigin);
  return text;
}

Settings resolveSettings(const Arguments& arguments, const Environment& environment, const AskPassword& ask) {
  Settings settings;
  const Sources sources(arguments, environment);
  const UrlFound url = takeUrl(sources, settings);
  takeDuration(sources, "timeout", settings.timeout);
  takeDuration(sources, "connect-timeout", settings.connection.connectTimeout);
  takeDuration(sources, "transfer-timeout", settings.connection.transferTimeout);
  takeDuration(sources, "stall-timeout", settings.connection.stallTimeout);
  takeDuration(sources, "patience", settings.patience);
  takeBytes(sources, "max-answer-bytes", settings.connection.maxAnswerBytes);
  settings.connection.compression = compressionOf(sources);
  Trust(sources, settings).resolve();
  settings.recordDirectory = arguments.one("record").value_or("");
  settings.connection.userAgent = fmt::format("failback/{}", programVersion());
  resolveCredentials(sources, url, ask, settings);
  return settings;
}

}  // namespace failback::cli
