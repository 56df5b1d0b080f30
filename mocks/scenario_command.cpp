// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/scenario_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

#include "mocks/scenario.h"
#include "mocks/scenario_import.h"
#include "mocks/simulation.h"

namespace failback::mock {

namespace {

constexpr int wrong = 2;

std::string contentOf(const std::string& file) {
  if (file == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(fmt::format("{} can't be read", file));
  return {std::istreambuf_iterator<char>(in), {}};
}

int list() {
  for (const auto& [name, description] : listScenarios()) fmt::print("{:20} {}\n", name, description);
  return 0;
}

int show(const std::string& name) {
  const auto text = builtInScenario(name);
  if (!text) {
    fmt::print(stderr, "mock-vcenter scenario: there is no built-in scenario '{}'; 'list' shows them\n",
               name);
    return wrong;
  }
  fmt::print("{}", *text);
  return 0;
}

// What only building the site shows, such as a disk that does not fit.
void tryToBuild(const ScenarioSpec& spec, std::vector<ScenarioProblem>& problems) {
  try {
    Simulation simulation(spec, "secret", {}, {}, Scheduler::Clock::manual);
  } catch (const ScenarioError& problem) {
    problems.push_back({"", problem.what()});
  }
}

int check(const std::string& file) {
  std::vector<ScenarioProblem> problems;
  const std::string text = contentOf(file);
  const ScenarioSpec spec = parseScenario(text, problems);
  if (problems.empty()) problems = checkNames(spec);
  if (problems.empty()) tryToBuild(spec, problems);
  for (const ScenarioProblem& each : problems)
    fmt::print(stderr, "{}:{}{} {}\n", file, each.pointer, each.pointer.empty() ? "" : ":", each.text);
  return problems.empty() ? 0 : wrong;
}

void write(const std::string& file, const std::string& text) {
  if (file.empty()) {
    fmt::print("{}", text);
    return;
  }
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) throw std::runtime_error(fmt::format("{} can't be written", file));
}

int import(const std::string& dump, const std::string& out, bool anonymous) {
  const ImportedScenario made = importDump(contentOf(dump), anonymous);
  // What can't be served is no scenario, whatever was in the dump.
  std::vector<ScenarioProblem> problems;
  const ScenarioSpec spec = parseScenario(made.json, problems);
  if (problems.empty()) problems = checkNames(spec);
  if (problems.empty()) tryToBuild(spec, problems);
  write(out, made.json);
  for (const std::string& each : made.notes) fmt::print(stderr, "mock-vcenter scenario: {}\n", each);
  for (const ScenarioProblem& each : problems)
    fmt::print(stderr, "mock-vcenter scenario: to be mended by hand: {}: {}\n", each.pointer, each.text);
  return problems.empty() ? 0 : wrong;
}

struct Arguments {
  std::string name, file, dump, out;
  bool anonymous = false;
};

int runCommand(int count, char** arguments) {
  CLI::App app("Scenarios: the sites that mock-vcenter can simulate");
  app.name("mock-vcenter scenario");
  app.require_subcommand(1);
  Arguments given;
  const CLI::App* const listing = app.add_subcommand("list", "Names and descriptions of the built-in ones");
  const CLI::App* const schema = app.add_subcommand("schema", "Print the JSON Schema of the format");
  CLI::App* const showing = app.add_subcommand("show", "Print a built-in one, to start from");
  showing->add_option("NAME", given.name, "As 'list' shows it")->required();
  CLI::App* const checking = app.add_subcommand("check", "Say all that is wrong with a file; exit 0 or 2");
  checking->add_option("FILE", given.file, "Scenario; - is standard input")->required();
  CLI::App* const importing =
      app.add_subcommand("import", "Make a scenario from a dump of failback discover --full -o json");
  importing->add_option("DUMP", given.dump, "Dump; - is standard input")->required();
  importing->add_option("--out", given.out, "Write it to this file instead of standard output");
  importing->add_flag("--anonymous", given.anonymous, "Make up names, addresses and identifiers");
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : wrong;
  }
  if (listing->parsed()) return list();
  if (showing->parsed()) return show(given.name);
  if (checking->parsed()) return check(given.file);
  if (importing->parsed()) return import(given.dump, given.out, given.anonymous);
  if (schema->parsed()) fmt::print("{}", scenarioSchema());
  return 0;
}

}  // namespace

int runScenario(int count, char** arguments) {
  try {
    return runCommand(count, arguments);
  } catch (const ScenarioError& problem) {
    fmt::print(stderr, "mock-vcenter scenario: {}\n", problem.what());
    return wrong;
  } catch (const std::exception& problem) {
    fmt::print(stderr, "mock-vcenter scenario: {}\n", problem.what());
    return 1;
  }
}

}  // namespace failback::mock
