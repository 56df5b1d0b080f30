// SPDX-License-Identifier: GPL-2.0-or-later
// What was said: exchanges as files, with the secrets cut out, and a log of calls for tests to count. Thread
// safe.
#pragma once

#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/call.h"

namespace failback::mock {

// DIR/NNN-Method.request.xml and DIR/NNN-Method.response.xml.
class Recorder {
 public:
  // Makes the directory; throws std::filesystem::filesystem_error when that fails.
  explicit Recorder(std::filesystem::path directory);
  // `secrets` are cut out of both texts wherever they stand. `broken` says why the response is none to be
  // judged, empty when it is: a file NNN-Method.response.broken says so, too. Throws std::runtime_error when
  // a file cannot be written.
  void record(std::string_view method, std::string request, std::string response,
              const std::vector<std::string>& secrets, std::string_view broken = {});

 private:
  std::filesystem::path directory_;
  std::mutex mutex_;
  int next_ = 0;
};

// One JSON object a line: time, method, object, user, session, status, fault, milliseconds.
class CallLog {
 public:
  // Appends; throws std::runtime_error when the file cannot be opened.
  explicit CallLog(const std::filesystem::path& file);
  void write(const CallContext& context, int status, std::string_view time, std::chrono::milliseconds took);

 private:
  std::mutex mutex_;
  std::ofstream out_;
};

// The text without passwords and without the given secrets.
std::string withoutSecrets(std::string text, const std::vector<std::string>& secrets);

}  // namespace failback::mock
