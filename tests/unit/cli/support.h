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
#include "vsphere/error.h"

namespace failback::testing {

// A folder that goes away with its content.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "failback-test-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path(const std::string& name = {}) const { return name.empty() ? path_ : path_ + "/" + name; }
  std::string write(const std::string& name, const std::string& content, mode_t mode = 0600) const {
    const std::string file = path(name);
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << content;
    BOOST_REQUIRE(::chmod(file.c_str(), mode) == 0);
    return file;
  }
  bool isEmpty() const { return std::filesystem::is_empty(path_); }

 private:
  std::string path_;
};

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
