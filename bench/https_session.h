// SPDX-License-Identifier: GPL-2.0-or-later
// One TLS connection to a vCenter, as plain as libcurl makes it. Whoever answers is believed: it is for a
// mock of ours.
#pragma once

#include <curl/curl.h>

#include <functional>
#include <string>
#include <string_view>

namespace failback::bench {

// Not thread-safe. Throws std::runtime_error.
class HttpsSession {
 public:
  using Sink = std::function<void(std::string_view)>;

  // https://user:password@host:port/sdk, escaped as in any URL.
  explicit HttpsSession(const std::string& url);
  HttpsSession(const HttpsSession&) = delete;
  HttpsSession& operator=(const HttpsSession&) = delete;
  ~HttpsSession();

  const std::string& user() const { return user_; }
  const std::string& password() const { return password_; }

  // POSTs the envelope; the answer's body goes to the sink as it comes, decoded. Throws when the status is
  // not 200. packed: the server may compress the answer.
  void post(const std::string& envelope, bool packed, const Sink& sink);

 private:
  void set(CURLcode result) const;

  CURL* easy_;
  curl_slist* headers_ = nullptr;
  std::string user_, password_;
};

}  // namespace failback::bench
