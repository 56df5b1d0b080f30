// SPDX-License-Identifier: GPL-2.0-or-later
// The scripts are run by the shells that are there; the others are at least looked at.
#include "cli/completion.h"

#include <array>
#include <cstdio>

#include "cli/spec.h"
#include "tests/unit/cli/support.h"

namespace failback {
namespace {

using testing::holds;

std::string outputOf(const std::string& command, int* status = nullptr) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  std::array<char, 512> piece{};
  while (std::fgets(piece.data(), static_cast<int>(piece.size()), pipe) != nullptr) text += piece.data();
  const int ended = ::pclose(pipe);
  if (status != nullptr) *status = ended;
  return text;
}

// What bash offers for the last of these words.
std::string offered(const std::vector<std::string>& words) {
  const testing::TemporaryFolder folder;
  std::string script = cli::completionScript("bash") + "COMP_WORDS=(";
  for (const std::string& word : words) script += " '" + word + "'";
  script += " )\nCOMP_CWORD=$((${#COMP_WORDS[@]}-1))\n_failback\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
  return outputOf("bash " + folder.write("complete.sh", script));
}

bool installed(const std::string& shell) {
  int status = 0;
  outputOf("command -v " + shell, &status);
  return status == 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(completion)

BOOST_AUTO_TEST_CASE(bash_completes_verbs_options_and_words) {
  BOOST_TEST(holds(offered({"failback", "dis"}), "discover"));
  const std::string all = offered({"failback", ""});
  for (const std::string& word : cli::firstWords()) BOOST_TEST(holds(all, word));
  BOOST_TEST(holds(offered({"failback", "discover", "--th"}), "--thin"));
  BOOST_TEST(holds(offered({"failback", "discover", "--th"}), "--thumbprint"));
  BOOST_TEST(offered({"failback", "discover", "-o", "js"}) == "json\njsonl\n");
  BOOST_TEST(offered({"failback", "discover", "--output", "=", "c"}) == "csv\n");
  BOOST_TEST(offered({"failback", "discover", "--kind", "virtualMachine,ho"}) == "virtualMachine,host\n");
  BOOST_TEST(offered({"failback", "completion", "z"}) == "zsh\n");
  BOOST_TEST(offered({"failback", "plan", "s"}) == "show\nschema\n");
  BOOST_TEST(offered({"failback", "plan", "show", "-o", "dig"}) == "digest\n");
  BOOST_TEST(offered({"failback", "repro"}) == "reprotect\n");
  BOOST_TEST(offered({"failback", "failback", "--confi"}).size() ==
             std::string("--config\n--confirm\n").size());
  BOOST_TEST(holds(offered({"failback", "failback", "--confi"}), "--confirm\n"));
  BOOST_TEST(offered({"failback", "status", "--progress", "js"}) == "jsonl\n");
  BOOST_TEST(holds(offered({"failback", "plan", "show", "--o"}), "--output"));
  BOOST_TEST(offered({"failback", "rules", "MT-SN"}) == "MT-SNAPSHOT\n");
  BOOST_TEST(offered({"failback", "rules", "952"}) == "95226\n");
}

BOOST_AUTO_TEST_CASE(bash_completes_files) {
  const testing::TemporaryFolder folder;
  folder.write("ca.pem", "x");
  BOOST_TEST(offered({"failback", "discover", "--ca-file", folder.path("c")}) ==
             folder.path("ca.pem") + "\n");
  BOOST_TEST(offered({"failback", "plan", "show", folder.path("c")}) == folder.path("ca.pem") + "\n");
}

BOOST_AUTO_TEST_CASE(scripts_of_the_other_shells) {
  const testing::TemporaryFolder folder;
  for (const std::string shell : {"zsh", "fish"}) {
    const std::string script = cli::completionScript(shell);
    for (const cli::VerbSpec& verb : cli::verbs()) {
      std::istringstream words(verb.name);
      for (std::string word; words >> word;) BOOST_TEST(holds(script, word));
      for (const cli::OptionSpec* option : cli::allOptions(verb))
        BOOST_TEST(holds(script, option->name), option->name);
    }
    if (!installed(shell)) {
      BOOST_TEST_MESSAGE(shell << " is not installed: its script was not run");
      continue;
    }
    int status = 0;
    outputOf(shell + " -n " + folder.write("script", script), &status);
    BOOST_TEST(status == 0, shell << " does not understand its script");
  }
}

BOOST_AUTO_TEST_CASE(another_shell_is_refused) {
  testing::expectUsage([] { cli::completionScript("fisch"); }, "did you mean fish?");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback
