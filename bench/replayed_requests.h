// SPDX-License-Identifier: GPL-2.0-or-later
// The requests of a recording, to be sent once more in a session of one's own. What names the objects of an
// inventory is good in any session; the ids of views and the tokens of pages are not: those of the new
// answers take their place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace failback::bench {

struct RecordedCall {
  std::string method;
  std::filesystem::path request, response;
  bool packed = false;  // its answer came compressed
  bool isLogin() const { return method == "Login"; }
  // Its answer is a page of the inventory: nothing in it depends on the session, but for a token.
  bool isPage() const { return method == "RetrievePropertiesEx" || method == "ContinueRetrievePropertiesEx"; }
};

// The SOAP calls of a recording that were answered, in the order of sending. Throws std::runtime_error.
std::vector<RecordedCall> recordedCalls(const std::filesystem::path& folder);

class ReplayedRequests {
 public:
  // The envelope to send. A login is that of this user.
  std::string envelope(const RecordedCall& call, const std::string& user, const std::string& password) const;
  // What the server said this time, at least its beginning (answerHead characters).
  void learn(const RecordedCall& call, std::string_view answer);

  static constexpr std::size_t answerHead = 4096;

 private:
  std::map<std::string, std::string> renamed_;
};

}  // namespace failback::bench
