// SPDX-License-Identifier: GPL-2.0-or-later
// What tests of the command line share.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cli/app.h"
#include "tests/support/temporary_folder.h"
#include "vsphere/error.h"

namespace failback::testing {

inline std::string readFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The error that the work ends with; a test failure when it ends well.
inline vsphere::Error errorOf(const std::function<void()>& work) {
  try {
    work();
  } catch (const vsphere::Failure& failure) {
    return failure.error();
  }
  BOOST_ERROR("no error came");
  return {};
}

// A usage error whose text holds the word.
inline void expectUsage(const std::function<void()>& work, const std::string& word) {
  const vsphere::Error error = errorOf(work);
  BOOST_TEST((error.category == vsphere::Category::usage));
  BOOST_TEST(error.text.find(word) != std::string::npos, "\"" << word << "\" is not in: " << error.text);
}

struct Ran {
  int code = 0;
  std::string out, err;
};

// One call of the program, without a server, a terminal or an environment.
inline Ran ran(const std::vector<std::string>& words) {
  cli::StringOutput out, err;
  cli::Surroundings surroundings{
      .environment = {}, .out = out, .err = err, .outTerminal = {}, .errTerminal = {}, .stop = {}, .ask = {}};
  Ran result;
  result.code = static_cast<int>(cli::run(words, surroundings));
  result.out = out.text;
  result.err = err.text;
  return result;
}

inline bool holds(const std::string& text, const std::string& word) {
  return text.find(word) != std::string::npos;
}

}  // namespace failback::testing
