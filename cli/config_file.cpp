// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/config_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <vector>

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include "cli/file.h"
#include "cli/nearest.h"
#include "cli/spec.h"
#include "vsphere/error.h"

namespace failback::cli {
namespace {

[[noreturn]] void wrong(std::string text,
                        std::string remedy = "see docs/configuration.md, or failback discover --help") {
  vsphere::fail(vsphere::Category::usage, std::move(text), std::move(remedy));
}

const OptionSpec* settingOf(std::string_view key) {
  static const OptionGroup group = connectionOptions();
  for (const OptionSpec& option : group.options) {
    if (option.inFile && option.name == key) return &option;
  }
  return nullptr;
}

std::vector<std::string> knownKeys() {
  std::vector<std::string> keys = {"password", "profiles"};
  for (const OptionSpec& option : connectionOptions().options) {
    if (option.inFile) keys.push_back(option.name);
  }
  return keys;
}

bool isSecretKey(std::string_view key) {
  return key == "password" || key == "url";
}

}  // namespace

// Reads the tree that toml++ has made of a file.
class ConfigReader {
 public:
  explicit ConfigReader(ConfigFile& file) : file_(file) {}

  void read(toml::table& root, const std::string& wantedProfile) {
    takeTable(root, true);
    std::string profile = wantedProfile;
    if (profile.empty()) {
      if (const auto named = file_.get("profile")) profile = named->text;
    }
    checkProfiles(root);
    if (profile.empty()) return;
    toml::table* section = root["profiles"][profile].as_table();
    if (section == nullptr) {
      wrong(fmt::format("{} has no section [profiles.{}]{}", file_.path_, profile,
                        didYouMean(profile, profiles_)));
    }
    takeTable(*section, false);
  }

 private:
  std::string place(const toml::node& node) const {
    return fmt::format("{}:{}", file_.path_, node.source().begin.line);
  }

  void checkProfiles(toml::table& root) {
    toml::node* node = root.get("profiles");
    if (node == nullptr) return;
    toml::table* sections = node->as_table();
    if (sections == nullptr)
      wrong(fmt::format("{}: profiles must be sections: [profiles.NAME]", place(*node)));
    for (auto&& [name, section] : *sections) {
      profiles_.emplace_back(name.str());
      if (!section.is_table())
        wrong(fmt::format("{}: profiles.{} must be a section", place(section), name.str()));
      // Mistakes in the other sections are told as well: they would be met on a worse day.
      for (auto&& [key, value] : *section.as_table()) checkKey(key.str(), value, false);
    }
  }

  void checkKey(std::string_view key, const toml::node& node, bool top) const {
    const bool known = settingOf(key) != nullptr || key == "password" || (top && key == "profiles");
    if (known && (top || key != "profile")) return;
    wrong(fmt::format("{}: unknown key \"{}\"{}", place(node), key, didYouMean(key, knownKeys())));
  }

  void takeTable(toml::table& table, bool top) {
    for (auto&& [name, node] : table) {
      const std::string key(name.str());
      checkKey(key, node, top);
      if (key == "profiles") continue;
      take(key, node);
    }
  }

  void take(const std::string& key, toml::node& node) {
    const OptionSpec* option = settingOf(key);
    if (option != nullptr && option->takes == Takes::nothing) {
      if (!node.is_boolean()) wrong(fmt::format("{}: {} must be true or false", place(node), key));
      file_.values_[key] = {node.as_boolean()->get() ? "true" : "false", place(node)};
      return;
    }
    if (!node.is_string()) wrong(fmt::format("{}: {} must be a text in quotes", place(node), key));
    std::string& text = node.as_string()->get();
    if (!isSecretKey(key)) {
      file_.values_[key] = {text, place(node)};
      return;
    }
    file_.secrets_[key] = vsphere::Secret(text);
    file_.values_[key] = {"", place(node)};
    vsphere::wipe(text);
  }

  ConfigFile& file_;
  std::vector<std::string> profiles_;
};

ConfigFile::ConfigFile(const std::string& path, const std::string& profile) : path_(path) {
  FileContent content = readWholeFile(path, "the configuration file");
  readableBy_ = content.readableBy;
  try {
    toml::table root = toml::parse(content.text, path);
    vsphere::wipe(content.text);
    ConfigReader(*this).read(root, profile);
  } catch (const toml::parse_error& error) {
    vsphere::wipe(content.text);
    // The description quotes keys, not values.
    wrong(fmt::format("{}:{}:{}: {}", path, error.source().begin.line, error.source().begin.column,
                      error.description()),
          "write TOML: key = \"value\"");
  }
}

std::optional<ConfigFile::Value> ConfigFile::get(const std::string& key) const {
  const auto found = values_.find(key);
  if (found == values_.end() || isSecretKey(key)) return std::nullopt;
  return found->second;
}

vsphere::Secret ConfigFile::secret(const std::string& key) const {
  const auto found = secrets_.find(key);
  return found == secrets_.end() ? vsphere::Secret() : found->second;
}

std::string ConfigFile::originOf(const std::string& key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? path_ : found->second.origin;
}

std::string findConfigFile(const std::optional<std::string>& option, const Environment& environment) {
  if (option) return *option;
  if (const auto named = environment.get("FAILBACK_CONFIG"); named && !named->empty()) return *named;
  std::vector<std::string> places;
  const std::string xdg = environment.get("XDG_CONFIG_HOME").value_or("");
  const std::string home = environment.get("HOME").value_or("");
  if (!xdg.empty() && xdg[0] == '/') {
    places.push_back(xdg + "/failback/config.toml");
  } else if (!home.empty()) {
    places.push_back(home + "/.config/failback/config.toml");
  }
  places.emplace_back("/etc/failback/config.toml");
  for (const std::string& place : places) {
    if (::access(place.c_str(), F_OK) == 0) return place;
  }
  return {};
}

}  // namespace failback::cli
