// SPDX-License-Identifier: GPL-2.0-or-later
// One request of `mock-vcenter ctl` to the server that it steers.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>

#include "mocks/json_value.h"

namespace failback::mock {

// The server cannot be reached, or says no; the text is for people.
class CtlError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class CtlServer {
 public:
  // `url` is what the server wrote to its URL file, user and password included; `unixSocket` may be empty.
  // The certificate is not checked: the server makes a new one at each start. Throws CtlError for no URL.
  CtlServer(const std::string& url, std::string unixSocket);

  // `path` comes after /mock/. Throws CtlError.
  Json ask(const std::string& method, const std::string& path, const std::string& body = {},
           std::chrono::seconds limit = std::chrono::seconds(30)) const;

 private:
  std::string origin_, user_, password_, unixSocket_;
};

// As one part of a path or query.
std::string escaped(const std::string& text);

}  // namespace failback::mock
