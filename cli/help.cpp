// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/exit_code.h"
#include "cli/text_width.h"

namespace failback::cli {
namespace {

std::size_t columns(std::size_t width) {
  return std::clamp<std::size_t>(width == 0 ? 80 : width, 40, 100);
}

// The text in lines of at most `width`, each after the first indented.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string out;
  for (const std::string& line : wrapToWidth(text, width - indent, LongWords::kept)) {
    if (!out.empty()) out.append("\n").append(indent, ' ');
    out += line;
  }
  return out;
}

std::string optionHead(const OptionSpec& option) {
  std::string head = option.letter == 0 ? "    " : fmt::format("-{}, ", option.letter);
  head += "--" + option.name;
  if (option.takes != Takes::nothing) head += " " + option.value;
  return head;
}

// The option's sentences, the words it takes, the variables that stand for it.
std::string optionText(const OptionSpec& option) {
  std::string text = option.help;
  if (!option.words.empty()) text += fmt::format(" {}: {}.", option.value, fmt::join(option.words, ", "));
  std::vector<std::string> variables;
  if (!option.environment.empty()) variables.push_back(option.environment);
  if (!option.govcEnvironment.empty()) variables.push_back(option.govcEnvironment);
  if (!variables.empty()) text += fmt::format(" [{}]", fmt::join(variables, ", "));
  return text;
}

std::string optionLines(const OptionSpec& option, std::size_t width) {
  constexpr std::size_t indent = 28;
  std::string line = "  " + optionHead(option);
  if (line.size() + 2 > indent) {
    line += '\n';
    line.append(indent, ' ');
  } else {
    line.append(indent - line.size(), ' ');
  }
  return line + wrapped(optionText(option), width, indent) + "\n";
}

std::string usageLine(const VerbSpec& verb) {
  std::string line = fmt::format("failback {}", verb.name);
  if (!verb.groups.empty()) line += " [OPTION...]";
  if (!verb.argument.empty()) line += " " + verb.argument;
  for (const std::string& each : verb.moreArguments) line += " " + each;
  return line;
}

std::string shellComment(const Example& example) {
  return fmt::format("  # {}\n  failback {}\n", example.text, example.command);
}

std::string verbLine(const VerbSpec& verb, std::size_t room) {
  return fmt::format("  {:<14}{}\n", verb.name, wrapped(verb.summary, room, 16));
}

std::string exitCodeLines(std::size_t width) {
  std::string text = "Exit codes:\n";
  for (const ExitCodeInfo& row : exitCodes()) {
    text += fmt::format("  {:>2}  {}\n", static_cast<int>(row.code), wrapped(row.meaning, width, 6));
  }
  return text;
}

}  // namespace

std::string programHelp(std::size_t width) {
  const std::size_t room = columns(width);
  std::string text = fmt::format("failback {}: {}\n\nUsage: failback VERB [OPTION...]\n\nVerbs:\n",
                                 programVersion(), programSummary);
  for (const VerbSpec& verb : verbs()) text += verbLine(verb, room);
  text += "\nOptions:\n";
  for (const OptionSpec& option : programOptions()) text += optionLines(option, room);
  text += "\nFirst steps:\n";
  text += shellComment(
      {"discover --url vc.example -u operator@vsphere.local", "what is there; asks for the password"});
  text += shellComment({"discover --help", "all that discover can do"});
  text += "\n" + exitCodeLines(room);
  return text;
}

std::string groupHelp(std::string_view firstWord, std::size_t width) {
  std::string text = fmt::format("Usage: failback {} ACTION [OPTION...]\n\nActions:\n", firstWord);
  for (const std::string& action : actionsOf(firstWord))
    text += verbLine(*findVerb(fmt::format("{} {}", firstWord, action)), columns(width));
  return text + fmt::format("\nfailback {} ACTION --help says more of each.\n", firstWord);
}

std::string verbHelp(const VerbSpec& verb, std::size_t width) {
  const std::size_t room = columns(width);
  std::string text = fmt::format("failback {}: {}\n\nUsage: {}\n", verb.name, verb.summary, usageLine(verb));
  // A long list is the shell's to complete, not for reading.
  if (!verb.argumentWords.empty() && verb.argumentWords.size() <= 8) {
    text += fmt::format("\n  {}: {}\n", verb.argument, fmt::join(verb.argumentWords, ", "));
  }
  for (const std::string& paragraph : verb.paragraphs) text += "\n" + wrapped(paragraph, room, 0) + "\n";
  for (const OptionGroup& group : verb.groups) {
    text += "\n" + group.title + ":\n";
    for (const OptionSpec& option : group.options) text += optionLines(option, room);
  }
  if (!verb.examples.empty()) {
    text += "\nExamples:\n";
    for (const Example& example : verb.examples) text += shellComment(example);
  }
  return text + "\n" + exitCodeLines(room);
}

namespace {

// Text for man(7): a dash that can be copied, backslashes that are shown, no line that begins with a dot.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
      out += "\\&";
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string roffOption(const OptionSpec& option) {
  std::string names = option.letter == 0 ? "" : fmt::format("\\fB\\-{}\\fR, ", option.letter);
  names += fmt::format("\\fB{}\\fR", roff("--" + option.name));
  if (option.takes != Takes::nothing) names += fmt::format(" \\fI{}\\fR", roff(option.value));
  return fmt::format(".TP\n{}\n{}\n", names, roff(optionText(option)));
}

std::string roffVerb(const VerbSpec& verb) {
  std::string text = fmt::format(".SS {}\n{}.\n", roff(usageLine(verb)), roff(verb.summary));
  for (const std::string& paragraph : verb.paragraphs) text += fmt::format(".PP\n{}\n", roff(paragraph));
  for (const OptionGroup& group : verb.groups) {
    text += fmt::format(".PP\n\\fB{}\\fR\n", roff(group.title));
    for (const OptionSpec& option : group.options) text += roffOption(option);
  }
  if (!verb.examples.empty()) text += ".PP\n\\fBExamples\\fR\n";
  for (const Example& example : verb.examples) {
    text += fmt::format(".PP\n{}:\n.PP\n.RS 4\n.nf\nfailback {}\n.fi\n.RE\n", roff(example.text),
                        roff(example.command));
  }
  return text;
}

}  // namespace

std::string manPage() {
  std::string text = fmt::format(
      ".\\\" Written by failback man.\n.TH FAILBACK 1 \"\" \"failback {}\" \"User Commands\"\n.SH "
      "NAME\nfailback \\- {}\n"
      ".SH SYNOPSIS\n\\fBfailback\\fR \\fIVERB\\fR [\\fIOPTION\\fR...]\n.SH VERBS\n",
      programVersion(), roff(programSummary));
  for (const VerbSpec& verb : verbs()) text += roffVerb(verb);
  text += ".SH OPTIONS\n";
  for (const OptionSpec& option : programOptions()) text += roffOption(option);
  text += ".SH EXIT STATUS\n";
  for (const ExitCodeInfo& row : exitCodes()) {
    text += fmt::format(".TP\n\\fB{}\\fR\n{}. {}.\n", static_cast<int>(row.code), roff(row.meaning),
                        roff(row.advice));
  }
  text +=
      ".SH FILES\n.TP\n\\fI~/.config/failback/config.toml\\fR, \\fI/etc/failback/config.toml\\fR\n"
      "Settings; the first that exists is read. Its keys are the names of the options that can be settings, "
      "without the "
      "dashes before them.\n"
      ".TP\n\\fI$CREDENTIALS_DIRECTORY/failback.password\\fR\nThe password, as systemd gives it to a service "
      "(LoadCredential=failback.password:...).\n"
      ".SH SEE ALSO\n\\fBgovc\\fR(1), \\fBsystemd.exec\\fR(5)\n";
  return text;
}

}  // namespace failback::cli
