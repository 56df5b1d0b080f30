// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/completion.h"

#include <fmt/format.h>

#include "cli/nearest.h"
#include "cli/spec.h"
#include "vsphere/error.h"

namespace failback::cli {
namespace {

// The first sentence, for shells that show it beside a candidate.
std::string shortHelp(const OptionSpec& option) {
  std::string text = option.help.substr(0, option.help.find(". "));
  if (!text.empty() && text.back() == '.') text.pop_back();
  return text;
}

std::string optionWords(const std::vector<const OptionSpec*>& options) {
  std::string words;
  for (const OptionSpec* option : options) {
    if (!words.empty()) words += ' ';
    if (option->letter != 0) words += fmt::format("-{} ", option->letter);
    words += "--" + option->name;
  }
  return words;
}

std::string verbNames() {
  return fmt::format("{}", fmt::join(firstWords(), " "));
}

std::vector<std::string> groups() {
  std::vector<std::string> found;
  for (std::string& word : firstWords()) {
    if (!actionsOf(word).empty()) found.push_back(std::move(word));
  }
  return found;
}

// ------------------------------------------------------------------------------------------------ bash

std::string bashValues(const VerbSpec& verb) {
  std::string text;
  for (const OptionSpec* option : allOptions(verb)) {
    if (option->takes == Takes::nothing) continue;
    std::string names = "--" + option->name;
    if (option->letter != 0) names += fmt::format("|-{}", option->letter);
    std::string action = "return";
    if (option->takes == Takes::words) {
      action = fmt::format("_failback_words \"{}\"; return", fmt::join(option->words, " "));
    } else if (option->takes == Takes::file) {
      action = "COMPREPLY=($(compgen -f -- \"$cur\")); return";
    } else if (option->takes == Takes::directory) {
      action = "COMPREPLY=($(compgen -d -- \"$cur\")); return";
    }
    text += fmt::format("        {}) {} ;;\n", names, action);
  }
  return text;
}

std::string bashScript() {
  std::string text = R"(# bash completion for failback; written by: failback completion bash
_failback_words() {
  # After a comma the next word of a list begins.
  local done=""
  case $cur in *,*) done=${cur%,*}, ;; esac
  COMPREPLY=($(compgen -P "$done" -W "$1" -- "${cur##*,}"))
}
_failback() {
  local cur prev verb=""
  COMPREPLY=()
  cur=${COMP_WORDS[COMP_CWORD]}
  prev=${COMP_WORDS[COMP_CWORD-1]}
  # bash gives "--output=json" as three words.
  if [ "$cur" = "=" ]; then cur=""; elif [ "$prev" = "=" ]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
  [ "$COMP_CWORD" -gt 1 ] && verb=${COMP_WORDS[1]}
)";
  for (const std::string& group : groups()) {
    text += fmt::format(
        "  if [ \"$verb\" = {0} ]; then\n    if [ \"$COMP_CWORD\" -eq 2 ]; then COMPREPLY=($(compgen -W "
        "\"{1} -h --help\" -- "
        "\"$cur\")); return; fi\n    verb=\"{0} ${{COMP_WORDS[2]}}\"\n  fi\n",
        group, fmt::join(actionsOf(group), " "));
  }
  text += "  case $verb in\n";
  for (const VerbSpec& verb : verbs()) {
    text += fmt::format("    \"{}\")\n", verb.name);
    const std::string values = bashValues(verb);
    if (!values.empty()) text += "      case $prev in\n" + values + "      esac\n";
    auto options = allOptions(verb);
    std::string words = optionWords(options);
    if (options.empty()) words = "-h --help";
    if (!verb.argumentWords.empty()) words += fmt::format(" {}", fmt::join(verb.argumentWords, " "));
    const std::string files = verb.argumentIsFile ? " -f" : "";
    text += fmt::format("      COMPREPLY=($(compgen{} -W \"{}\" -- \"$cur\")) ;;\n", files, words);
  }
  text += fmt::format("    *) COMPREPLY=($(compgen -W \"{} help -h --help --version\" -- \"$cur\")) ;;\n",
                      verbNames());
  return text + "  esac\n}\ncomplete -F _failback failback\n";
}

// ------------------------------------------------------------------------------------------------- zsh

std::string zshQuoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else if (c == '[' || c == ']' || c == ':' || c == '\\') {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string zshOption(const OptionSpec& option) {
  std::string value;
  if (option.takes != Takes::nothing) {
    std::string action = " ";
    if (option.takes == Takes::file) action = "_files";
    if (option.takes == Takes::directory) action = "_files -/";
    if (option.takes == Takes::words) {
      action = option.list ? fmt::format("_values -s , {} {}", option.name, fmt::join(option.words, " "))
                           : fmt::format("({})", fmt::join(option.words, " "));
    }
    value = fmt::format(":{}:{}", option.value, action);
  }
  const std::string star = option.repeats ? "*" : "";
  const std::string help = zshQuoted(shortHelp(option));
  std::string text =
      fmt::format("        '{}--{}{}[{}]{}'", star, option.name, value.empty() ? "" : "=", help, value);
  if (option.letter != 0)
    text += fmt::format(" \\\n        '{}-{}{}[{}]{}'", star, option.letter, value.empty() ? "" : "+", help,
                        value);
  return text;
}

std::string zshScript() {
  std::string text =
      "#compdef failback\n# zsh completion for failback; written by: failback completion zsh\n_failback() {\n"
      "  if (( CURRENT == 2 )); then\n    local -a verbs=(\n";
  for (const std::string& word : firstWords()) {
    const VerbSpec* verb = findVerb(word);
    const std::string summary = verb ? verb->summary : fmt::format("{}", fmt::join(actionsOf(word), ", "));
    text += fmt::format("      '{}:{}'\n", word, zshQuoted(summary));
  }
  text +=
      "    )\n    _describe verb verbs\n    _arguments '--help[show help]' '--version[show the version]'\n   "
      " return\n  fi\n"
      "  local verb=$words[2]\n  shift words\n  (( CURRENT-- ))\n";
  for (const std::string& group : groups()) {
    text += fmt::format(
        "  if [[ $verb == {0} ]]; then\n    if (( CURRENT == 2 )); then\n      _values action {1}\n      "
        "return\n    fi\n"
        "    verb=\"{0} $words[2]\"\n    shift words\n    (( CURRENT-- ))\n  fi\n",
        group, fmt::join(actionsOf(group), " "));
  }
  text += "  case $verb in\n";
  for (const VerbSpec& verb : verbs()) {
    text += fmt::format("    '{}')\n      _arguments -s \\\n", verb.name);
    for (const OptionSpec* option : allOptions(verb)) text += zshOption(*option) + " \\\n";
    if (!verb.argumentWords.empty()) {
      text += fmt::format("        '1:{}:({})' \\\n", verb.argument, fmt::join(verb.argumentWords, " "));
    }
    if (verb.argumentIsFile) text += fmt::format("        '1:{}:_files' \\\n", verb.argument);
    text += "        && return ;;\n";
  }
  return text + "  esac\n}\n_failback \"$@\"\n";
}

// ------------------------------------------------------------------------------------------------ fish

std::string fishQuoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// The condition that this verb, of one word or two, has been typed.
std::string fishSeen(const std::string& name) {
  const std::size_t space = name.find(' ');
  if (space == std::string::npos) return fmt::format("'__fish_seen_subcommand_from {}'", name);
  return fmt::format("'__fish_seen_subcommand_from {}; and __fish_seen_subcommand_from {}'",
                     name.substr(0, space), name.substr(space + 1));
}

std::string fishScript() {
  std::string text =
      "# fish completion for failback; written by: failback completion fish\ncomplete -c failback -f\n";
  const std::string none = fmt::format("'not __fish_seen_subcommand_from {}'", verbNames());
  for (const VerbSpec& verb : verbs()) {
    const std::size_t space = verb.name.find(' ');
    if (space == std::string::npos) {
      text +=
          fmt::format("complete -c failback -n {} -a {} -d {}\n", none, verb.name, fishQuoted(verb.summary));
      continue;
    }
    const std::string group = verb.name.substr(0, space);
    text += fmt::format("complete -c failback -n {} -a {}\n", none, group);
    text += fmt::format(
        "complete -c failback -n '__fish_seen_subcommand_from {}; and not __fish_seen_subcommand_from {}' -a "
        "{} -d {}\n",
        group, fmt::join(actionsOf(group), " "), verb.name.substr(space + 1), fishQuoted(verb.summary));
  }
  text += fmt::format("complete -c failback -n {} -l version -d 'Show the version'\n", none);
  for (const VerbSpec& verb : verbs()) {
    const std::string here = fishSeen(verb.name);
    for (const OptionSpec* option : allOptions(verb)) {
      std::string line = fmt::format("complete -c failback -n {} -l {}", here, option->name);
      if (option->letter != 0) line += fmt::format(" -s {}", option->letter);
      if (option->takes == Takes::words) line += fmt::format(" -x -a '{}'", fmt::join(option->words, " "));
      if (option->takes == Takes::text) line += " -x";
      if (option->takes == Takes::file) line += " -r -F";
      if (option->takes == Takes::directory) line += " -x -a '(__fish_complete_directories)'";
      text += line + " -d " + fishQuoted(shortHelp(*option)) + "\n";
    }
    if (!verb.argumentWords.empty()) {
      text += fmt::format("complete -c failback -n {} -a '{}'\n", here, fmt::join(verb.argumentWords, " "));
    }
    if (verb.argumentIsFile) text += fmt::format("complete -c failback -n {} -F\n", here);
  }
  return text;
}

}  // namespace

std::string completionScript(std::string_view shell) {
  if (shell == "bash") return bashScript();
  if (shell == "zsh") return zshScript();
  if (shell == "fish") return fishScript();
  vsphere::fail(
      vsphere::Category::usage,
      fmt::format("no completion for the shell \"{}\"{}", shell, didYouMean(shell, {"bash", "zsh", "fish"})),
      "name one of bash, zsh, fish");
}

}  // namespace failback::cli
