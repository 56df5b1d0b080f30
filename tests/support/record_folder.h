// SPDX-License-Identifier: GPL-2.0-or-later
// Where a test records what it sends, for the judge of messages (docs/testing.md).
#pragma once

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace failback::test {

// A new folder $FAILBACK_RECORD_ROOT/<prefix>-<test case>-<number>; empty when the variable is not set.
// `judge` becomes its file JUDGE, such as "answers: foreign\n" where a test's own server answers.
inline std::string recordFolder(const std::string& prefix, const std::string& judge) {
  static int number = 0;
  const char* root = std::getenv("FAILBACK_RECORD_ROOT");  // NOLINT(concurrency-mt-unsafe): before any thread
  if (root == nullptr || *root == '\0') return {};
  const std::string test = boost::unit_test::framework::current_test_case().p_name.get();
  const auto folder = std::filesystem::path(root) / (prefix + "-" + test + "-" + std::to_string(number++));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "JUDGE") << judge;
  return folder.string();
}

}  // namespace failback::test
