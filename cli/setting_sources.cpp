// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/setting_sources.h"

#include <fmt/format.h>

#include "cli/spec.h"
#include "vsphere/error.h"

namespace failback::cli {
namespace {

const OptionSpec* settingOf(const std::string& key) {
  static const OptionGroup group = connectionOptions();
  for (const OptionSpec& option : group.options) {
    if (option.name == key) return &option;
  }
  return nullptr;
}

ConfigFile readFile(const Arguments& arguments, const Environment& environment) {
  const std::string path = findConfigFile(arguments.one("config"), environment);
  const std::string profile =
      arguments.one("profile").value_or(environment.get("FAILBACK_PROFILE").value_or(""));
  if (!path.empty()) return ConfigFile(path, profile);
  if (!profile.empty()) {
    vsphere::fail(vsphere::Category::usage,
                  fmt::format("there is no configuration file with a profile \"{}\"", profile),
                  "write ~/.config/failback/config.toml, or name a file with --config");
  }
  return {};
}

}  // namespace

Sources::Sources(const Arguments& arguments, const Environment& environment)
    : arguments_(arguments), environment_(environment), file_(readFile(arguments, environment)) {}

std::optional<Found> Sources::at(Level level, const std::string& key) const {
  const OptionSpec* spec = settingOf(key);
  if (spec == nullptr) return std::nullopt;
  if (level == Level::option) {
    if (!arguments_.has(key)) return std::nullopt;
    const bool flag = spec->takes == Takes::nothing;
    return Found{flag ? "true" : arguments_.one(key).value_or(""), "--" + key, level};
  }
  if (level == Level::file) {
    const auto value = file_.get(key);
    return value ? std::optional<Found>({value->text, value->origin, level}) : std::nullopt;
  }
  const std::string& name = level == Level::environment ? spec->environment : spec->govcEnvironment;
  if (name.empty() || level == Level::credential) return std::nullopt;
  const auto value = environment_.get(name);
  return value ? std::optional<Found>({*value, name, level}) : std::nullopt;
}

std::optional<Found> Sources::find(const std::string& key) const {
  for (const Level level : {Level::option, Level::environment, Level::govc, Level::file}) {
    auto found = at(level, key);
    if (found && !found->text.empty()) return found;
  }
  return std::nullopt;
}

std::optional<UrlFound> Sources::url() const {
  const auto parse = [](std::string_view text, std::string origin, Level level) {
    std::string copy(text);
    try {
      UrlFound found{vsphere::parseUrl(copy), std::move(origin), level};
      vsphere::wipe(copy);
      return std::optional<UrlFound>(std::move(found));
    } catch (const vsphere::Failure& failure) {
      vsphere::wipe(copy);
      vsphere::Error error = failure.error();
      error.text = fmt::format("{}: {}", origin, error.text);
      throw vsphere::Failure(std::move(error));
    }
  };
  if (arguments_.has("url")) return parse(arguments_.one("url").value_or(""), "--url", Level::option);
  for (const auto& [name, level] :
       {std::pair("FAILBACK_URL", Level::environment), std::pair("GOVC_URL", Level::govc)}) {
    const vsphere::Secret secret = environment_.secret(name);
    if (!secret.empty()) return parse(secret.reveal(), name, level);
  }
  const vsphere::Secret secret = file_.secret("url");
  if (!secret.empty()) return parse(secret.reveal(), file_.originOf("url"), Level::file);
  return std::nullopt;
}

}  // namespace failback::cli
