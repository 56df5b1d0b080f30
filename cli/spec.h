// SPDX-License-Identifier: GPL-2.0-or-later
// The one table of verbs and options. The parser, --help, the man page, the completions and the settings in
// the environment and in the configuration file follow from it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace failback::cli {

enum class Takes { nothing, text, file, directory, words };

struct OptionSpec {
  std::string name;  // "output", given as --output
  char letter = 0;   // 'o', given as -o; 0: none
  Takes takes = Takes::nothing;
  std::string value;               // "FORMAT", in help
  std::string help;                // sentences
  std::vector<std::string> words;  // that it takes, for Takes::words
  bool repeats = false;            // may be given more than once
  bool list = false;               // several values, separated by commas
  // Settings can also come from the environment and from the file (key: the option's name).
  std::string environment;      // "FAILBACK_URL"
  std::string govcEnvironment;  // "GOVC_URL"
  bool inFile = false;
};

struct OptionGroup {
  std::string title;
  std::vector<OptionSpec> options;
};

struct Example {
  std::string command;  // without the program's name
  std::string text;
};

struct VerbSpec {
  std::string name;      // "discover"; of two words, "plan show", where a verb has several actions
  std::string summary;   // one line, no full stop
  std::string argument;  // "SHELL"; empty: takes none
  std::vector<std::string> argumentWords;
  bool argumentIsFile = false;
  std::vector<std::string> moreArguments;  // after it, in usage: "MACHINE", "[CHOICE]"
  std::vector<std::string> paragraphs;
  std::vector<OptionGroup> groups;
  std::vector<Example> examples;
};

const std::vector<VerbSpec>& verbs();
// nullptr when there is none of that name.
const VerbSpec* findVerb(std::string_view name);
// What can stand first: "discover", "plan", ..., each once.
std::vector<std::string> firstWords();
// The actions of a verb that has several: "schema", "show" of "plan"; none of others.
std::vector<std::string> actionsOf(std::string_view firstWord);
const OptionSpec* findOption(const VerbSpec& verb, std::string_view name);
std::vector<const OptionSpec*> allOptions(const VerbSpec& verb);
// Options of the whole program: --help, --version.
const std::vector<OptionSpec>& programOptions();

// An option of one verb, which is no setting.
OptionSpec option(std::string name, char letter, Takes takes, std::string value, std::string help);

// --color, of verbs that print for people.
OptionSpec colourOption();

// How to reach a server; the same for every verb that needs one.
OptionGroup connectionOptions();
OptionGroup diagnosticOptions();
// Of verbs that ask no server.
OptionGroup offlineDiagnosis();

inline constexpr std::string_view programName = "failback";
inline constexpr std::string_view programSummary =
    "the vSphere side of bringing virtual machines home from the cloud";
// "0.1.0"
std::string_view programVersion();

}  // namespace failback::cli
