// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "cli/nearest.h"
#include "vsphere/error.h"

namespace failback::cli {
namespace {

[[noreturn]] void wrong(std::string text, const VerbSpec* verb) {
  const std::string help =
      verb == nullptr ? "failback --help" : fmt::format("failback {} --help", verb->name);
  vsphere::fail(vsphere::Category::usage, std::move(text), fmt::format("see {}", help));
}

void refusePassword(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word == "--") return;
    if (word == "--password" || word.rfind("--password=", 0) == 0 || word == "--pass" ||
        word.rfind("--pass=", 0) == 0) {
      vsphere::fail(
          vsphere::Category::usage,
          "a password is not taken from the command line, where everybody on this machine can see it",
          "use --password-file FILE, --password-fd N, the variable FAILBACK_PASSWORD, a systemd credential "
          "failback.password, or let the terminal ask");
    }
  }
}

std::vector<std::string> optionNames(const std::vector<const OptionSpec*>& options) {
  std::vector<std::string> names;
  names.reserve(options.size());
  for (const OptionSpec* option : options) names.push_back("--" + option->name);
  return names;
}

// CLI11's way of writing both names: "-o,--output".
std::string bothNames(const OptionSpec& option) {
  return option.letter == 0 ? "--" + option.name : fmt::format("-{},--{}", option.letter, option.name);
}

void declare(CLI::App& app, const OptionSpec& option,
             std::map<std::string, std::vector<std::string>>& values) {
  std::vector<std::string>& target = values[option.name];
  if (option.takes == Takes::nothing) {
    app.add_flag_callback(bothNames(option), [&target] { target.emplace_back(); });
    return;
  }
  app.add_option(bothNames(option), target)
      ->type_size(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void checkWords(const OptionSpec& option, const std::vector<std::string>& given, const VerbSpec& verb) {
  // Kinds are judged where they are understood: they have more names than those that are completed.
  if (option.takes != Takes::words || option.list) return;
  for (const std::string& value : given) {
    if (std::find(option.words.begin(), option.words.end(), value) == option.words.end()) {
      wrong(fmt::format("--{} takes {}, not \"{}\"{}", option.name, fmt::join(option.words, ", "), value,
                        didYouMean(value, option.words)),
            &verb);
    }
  }
}

void takeOperands(const std::vector<std::string>& rest, Arguments& result) {
  const VerbSpec& verb = *result.verb;
  for (const std::string& word : rest) {
    if (word.size() > 1 && word[0] == '-' && word != "--") {
      const std::string name = word.substr(0, word.find('='));
      wrong(fmt::format("{} has no option {}{}", verb.name, name,
                        didYouMean(name, optionNames(allOptions(verb)))),
            &verb);
    }
    if (word != "--") result.operands.push_back(word);
  }
  const std::size_t wanted = verb.argument.empty() ? 0 : 1 + verb.moreArguments.size();
  if (result.operands.size() > wanted) {
    wrong(fmt::format("{} does not know what to do with \"{}\"", verb.name, result.operands[wanted]), &verb);
  }
}

void checkCounts(const Arguments& result) {
  for (const OptionSpec* option : allOptions(*result.verb)) {
    const auto given = result.values.find(option->name);
    if (given == result.values.end()) continue;
    if (!option->repeats && option->takes != Takes::nothing && given->second.size() > 1) {
      wrong(fmt::format("--{} was given twice", option->name), result.verb);
    }
    checkWords(*option, given->second, *result.verb);
  }
}

// Takes the verb, one word or two, off the front. Null where help is wanted for all actions of a verb.
const VerbSpec* takeVerb(std::vector<std::string>& rest, std::string& group) {
  const std::string first = rest.front();
  rest.erase(rest.begin());
  if (const VerbSpec* verb = findVerb(first)) return verb;
  const std::vector<std::string> actions = actionsOf(first);
  if (actions.empty())
    wrong(fmt::format("there is no verb \"{}\"{}", first, didYouMean(first, firstWords())), nullptr);
  if (!rest.empty() && (rest.front() == "-h" || rest.front() == "--help")) {
    group = first;
    return nullptr;
  }
  if (rest.empty() || rest.front().starts_with('-'))
    wrong(fmt::format("{} wants to know what to do: {}", first, fmt::join(actions, ", ")), nullptr);
  const std::string action = rest.front();
  rest.erase(rest.begin());
  if (const VerbSpec* verb = findVerb(first + " " + action)) return verb;
  wrong(fmt::format("{} has no action \"{}\"{}; it has {}", first, action, didYouMean(action, actions),
                    fmt::join(actions, ", ")),
        nullptr);
}

}  // namespace

std::optional<std::string> Arguments::one(const std::string& option) const {
  const auto found = values.find(option);
  if (found == values.end() || found->second.empty()) return std::nullopt;
  return found->second.front();
}

std::vector<std::string> Arguments::all(const std::string& option) const {
  const auto found = values.find(option);
  if (found == values.end()) return {};
  const OptionSpec* spec = verb == nullptr ? nullptr : findOption(*verb, option);
  if (spec == nullptr || !spec->list) return found->second;
  std::vector<std::string> parts;
  for (const std::string& value : found->second) {
    std::size_t begin = 0;
    while (begin <= value.size()) {
      const std::size_t end = std::min(value.find(',', begin), value.size());
      if (end > begin) parts.push_back(value.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return parts;
}

Arguments parseArguments(const std::vector<std::string>& words) {
  refusePassword(words);
  Arguments result;
  std::vector<std::string> rest = words;
  if (!rest.empty() && rest.front() == "help") {
    rest.erase(rest.begin());
    rest.emplace_back("--help");
  }
  if (rest.empty() || rest.front()[0] == '-') {
    for (const std::string& word : rest) {
      if (word == "-h" || word == "--help") {
        result.values["help"] = {""};
      } else if (word == "--version") {
        result.values["version"] = {""};
      } else if (word[0] == '-') {
        wrong(fmt::format("unknown option {} before a verb; options of a verb stand after it",
                          word.substr(0, word.find('='))),
              nullptr);
      } else {
        break;
      }
    }
    return result;
  }
  result.verb = takeVerb(rest, result.group);
  if (result.verb == nullptr) {
    result.values["help"] = {""};
    return result;
  }
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::map<std::string, std::vector<std::string>> values;
  for (const OptionSpec* option : allOptions(*result.verb)) declare(app, *option, values);
  OptionSpec help = programOptions().front();
  if (findOption(*result.verb, "help") == nullptr) declare(app, help, values);
  // CLI11 takes them from the back.
  std::vector<std::string> reversed(rest.rbegin(), rest.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    wrong(fmt::format("{}: {}", result.verb->name, error.what()), result.verb);
  }
  for (auto& [name, given] : values) {
    if (!given.empty()) result.values[name] = std::move(given);
  }
  if (result.has("help")) return result;
  takeOperands(app.remaining(), result);
  checkCounts(result);
  return result;
}

}  // namespace failback::cli
