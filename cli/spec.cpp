// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/spec.h"

#include "cli/answer_command.h"
#include "cli/check_command.h"
#include "cli/job_command.h"
#include "cli/role_command.h"
#include "cli/spec_discover.h"
#include "cli/spec_plan.h"
#include "cli/spec_rules.h"

#ifndef FAILBACK_VERSION
#error "the build defines FAILBACK_VERSION"
#endif

namespace failback::cli {
namespace {

OptionSpec setting(std::string name, char letter, Takes takes, std::string value, std::string help,
                   std::string environment, std::string govcEnvironment = {}) {
  OptionSpec result = option(std::move(name), letter, takes, std::move(value), std::move(help));
  result.environment = std::move(environment);
  result.govcEnvironment = std::move(govcEnvironment);
  result.inFile = true;
  return result;
}

VerbSpec completionVerb() {
  VerbSpec verb;
  verb.name = "completion";
  verb.summary = "print a completion script for a shell";
  verb.argument = "SHELL";
  verb.argumentWords = {"bash", "zsh", "fish"};
  verb.paragraphs = {"Completes verbs, options and the words that options take."};
  verb.examples = {
      {"completion bash > /etc/bash_completion.d/failback", "for everybody who uses bash"},
      {"completion zsh > \"${fpath[1]}/_failback\"", "for zsh"},
      {"completion fish > ~/.config/fish/completions/failback.fish", "for fish"},
  };
  return verb;
}

VerbSpec manVerb() {
  VerbSpec verb;
  verb.name = "man";
  verb.summary = "print the man page";
  verb.paragraphs = {"Prints the page in the language of man(7), as it is installed with the packages."};
  verb.examples = {{"man | man -l -", "read it"}};
  return verb;
}

}  // namespace

OptionSpec option(std::string name, char letter, Takes takes, std::string value, std::string help) {
  OptionSpec result;
  result.name = std::move(name);
  result.letter = letter;
  result.takes = takes;
  result.value = std::move(value);
  result.help = std::move(help);
  return result;
}

std::string_view programVersion() {
  return FAILBACK_VERSION;
}

OptionSpec colourOption() {
  OptionSpec colour = option("color", 0, Takes::words, "WHEN",
                             "auto (default): colour on a terminal, unless NO_COLOR is set.");
  colour.words = {"auto", "always", "never"};
  return colour;
}

namespace {

OptionSpec compressionSetting() {
  OptionSpec result = setting(
      "compression", 0, Takes::words, "WHEN",
      "May the server pack its answers? auto (default): once they come slower than 4 MB/s; on a quick "
      "network packing costs more time than it saves.",
      "FAILBACK_COMPRESSION");
  result.words = {"auto", "always", "never"};
  return result;
}

}  // namespace

OptionGroup connectionOptions() {
  OptionGroup group;
  group.title = "Connection";
  group.options = {
      setting("url", 0, Takes::text, "URL",
              "The vCenter or ESXi host: vc.example, vc.example:8443 or https://user@vc.example/sdk. A "
              "password in it is "
              "accepted in the environment and in the file only.",
              "FAILBACK_URL", "GOVC_URL"),
      setting("username", 'u', Takes::text, "NAME", "Who logs in.", "FAILBACK_USERNAME", "GOVC_USERNAME"),
      setting("password-file", 0, Takes::file, "FILE",
              "Read the password from the first line of FILE; - is standard input. Without any password, a "
              "terminal is "
              "asked for it.",
              "FAILBACK_PASSWORD_FILE"),
      option("password-fd", 0, Takes::text, "N", "Read the password from file descriptor N."),
      setting("ca-file", 0, Takes::file, "FILE",
              "Trust the certificate authorities in FILE (PEM) instead of the system's.", "FAILBACK_CA_FILE",
              "GOVC_TLS_CA_CERTS"),
      setting("thumbprint", 0, Takes::text, "HEX",
              "Trust the certificate with this SHA-256 or SHA-1 thumbprint, and no other. It alone decides.",
              "FAILBACK_THUMBPRINT", "GOVC_TLS_KNOWN_HOSTS"),
      setting(
          "insecure", 'k', Takes::nothing, "",
          "Trust any certificate. Whoever answers at the address then gets the password; a warning says so.",
          "FAILBACK_INSECURE", "GOVC_INSECURE"),
      setting("timeout", 0, Takes::text, "TIME",
              "Deadline of the whole command, such as 30s or 5m. Default: 10m.", "FAILBACK_TIMEOUT"),
      setting("connect-timeout", 0, Takes::text, "TIME",
              "Deadline of each connection, TLS included. Default: 10s.", "FAILBACK_CONNECT_TIMEOUT"),
      setting("transfer-timeout", 0, Takes::text, "TIME",
              "Deadline of each answer, from the request to its last byte. Default: 1m.",
              "FAILBACK_TRANSFER_TIMEOUT"),
      setting("stall-timeout", 0, Takes::text, "TIME",
              "Deadline of a silence: how long the server may send and take nothing in the middle of a call. "
              "Default: 30s.",
              "FAILBACK_STALL_TIMEOUT"),
      setting("patience", 0, Takes::text, "TIME",
              "discover: how long a server that goes away while it is read (a restart, a pause) is awaited. "
              "Default: 2m.",
              "FAILBACK_PATIENCE"),
      setting("max-answer-bytes", 0, Takes::text, "N",
              "The largest answer that is read, in bytes, unpacked; one that must be kept whole may have a "
              "quarter of it, or 64 MiB where that is more. Default: 268435456.",
              "FAILBACK_MAX_ANSWER_BYTES"),
      compressionSetting(),
      setting("profile", 0, Takes::text, "NAME", "Use the section [profiles.NAME] of the configuration file.",
              "FAILBACK_PROFILE"),
      option("config", 0, Takes::file, "FILE",
             "Read this configuration file instead of ~/.config/failback/config.toml or "
             "/etc/failback/config.toml."),
  };
  group.options.back().environment = "FAILBACK_CONFIG";
  return group;
}

OptionGroup diagnosticOptions() {
  OptionGroup group;
  group.title = "Diagnosis";
  group.options = {
      option("verbose", 'v', Takes::nothing, "", "One line per call to the server, on standard error."),
      option("calls", 0, Takes::nothing, "",
             "At the end, how many calls of each method were made, on standard error."),
      option("record", 0, Takes::directory, "DIR",
             "Write each exchange with the server to DIR, as NNN-Method.request.xml and "
             "NNN-Method.response.xml, with "
             "passwords and session ids cut out."),
      option("errors", 0, Takes::words, "FORMAT",
             "How errors and warnings are written to standard error. Default: text."),
      option("help", 'h', Takes::nothing, "", "Show this text."),
  };
  group.options[3].words = {"text", "json"};
  return group;
}

OptionGroup offlineDiagnosis() {
  OptionGroup group = diagnosticOptions();
  std::erase_if(group.options,
                [](const OptionSpec& each) { return each.name != "errors" && each.name != "help"; });
  return group;
}

const std::vector<OptionSpec>& programOptions() {
  static const std::vector<OptionSpec> options = {
      option("help", 'h', Takes::nothing, "", "Show this text, or that of a verb."),
      option("version", 0, Takes::nothing, "", "Show the version."),
  };
  return options;
}

const std::vector<VerbSpec>& verbs() {
  static const std::vector<VerbSpec> table = {
      discoverVerb(),    checkVerb(),      reprotectVerb(), failbackVerb(), cancelVerb(),     commitVerb(),
      resumeVerb(),      statusVerb(),     answerVerb(),    journalVerb(),  planInitVerb(),   planShowVerb(),
      planRefreshVerb(), planSchemaVerb(), roleVerb(),      rulesVerb(),    completionVerb(), manVerb()};
  return table;
}

const VerbSpec* findVerb(std::string_view name) {
  for (const VerbSpec& verb : verbs()) {
    if (verb.name == name) return &verb;
  }
  return nullptr;
}

std::vector<std::string> firstWords() {
  std::vector<std::string> words;
  for (const VerbSpec& verb : verbs()) {
    std::string word = verb.name.substr(0, verb.name.find(' '));
    if (words.empty() || words.back() != word) words.push_back(std::move(word));
  }
  return words;
}

std::vector<std::string> actionsOf(std::string_view firstWord) {
  std::vector<std::string> actions;
  for (const VerbSpec& verb : verbs()) {
    const std::size_t space = verb.name.find(' ');
    if (space == std::string::npos || verb.name.substr(0, space) != firstWord) continue;
    actions.push_back(verb.name.substr(space + 1));
  }
  return actions;
}

std::vector<const OptionSpec*> allOptions(const VerbSpec& verb) {
  std::vector<const OptionSpec*> options;
  for (const OptionGroup& group : verb.groups) {
    for (const OptionSpec& option : group.options) options.push_back(&option);
  }
  return options;
}

const OptionSpec* findOption(const VerbSpec& verb, std::string_view name) {
  for (const OptionSpec* option : allOptions(verb)) {
    if (option->name == name) return option;
  }
  return nullptr;
}

}  // namespace failback::cli
