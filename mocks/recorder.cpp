// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/recorder.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace failback::mock {

namespace {

void replaceAll(std::string& text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

// Same length and shape, so that a cut-out key is still a key.
std::string blanked(const std::string& secret) {
  std::string blank = secret;
  for (char& c : blank) c = c == '-' ? '-' : '0';
  return blank;
}

void cutPasswords(std::string& text) {
  constexpr std::string_view mark = "********";
  auto at = text.find("password");
  while (at != std::string::npos) {
    const auto tag = text.rfind('<', at);
    const bool opening =
        tag != std::string::npos && text[tag + 1] != '/' && (tag + 1 == at || text[at - 1] == ':');
    const auto start = text.find('>', at);
    const auto end = start == std::string::npos ? start : text.find('<', start);
    if (opening && end != std::string::npos && text.find_first_of("<", at) > start) {
      text.replace(start + 1, end - start - 1, mark);
    }
    at = text.find("password", at + 1);
  }
}

// A method is whatever the client called so; a file's name is not.
std::string fileName(std::string_view method) {
  constexpr std::size_t longest = 80;
  std::string name(method.substr(0, longest));
  for (char& c : name) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    if (!plain) c = '_';
  }
  return name.empty() ? "unknown" : name;
}

void writeFile(const std::filesystem::path& file, std::string_view text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw std::runtime_error(fmt::format("cannot write {}", file.string()));
}

}  // namespace

std::string withoutSecrets(std::string text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    // Keys and cookies are long; what is shorter, a client made up, and cutting it out would cut up the text.
    if (secret.size() >= 32) replaceAll(text, secret, blanked(secret));
  }
  cutPasswords(text);
  return text;
}

Recorder::Recorder(std::filesystem::path directory) : directory_(std::move(directory)) {
  std::filesystem::create_directories(directory_);
}

void Recorder::record(std::string_view method, std::string request, std::string response,
                      const std::vector<std::string>& secrets, std::string_view broken) {
  int number = 0;
  {
    const std::lock_guard lock(mutex_);
    number = next_++;
  }
  const std::string stem = fmt::format("{:03}-{}", number, fileName(method));
  if (!broken.empty()) writeFile(directory_ / (stem + ".response.broken"), broken);
  writeFile(directory_ / (stem + ".request.xml"), withoutSecrets(std::move(request), secrets));
  writeFile(directory_ / (stem + ".response.xml"), withoutSecrets(std::move(response), secrets));
}

CallLog::CallLog(const std::filesystem::path& file) : out_(file, std::ios::app) {
  if (!out_) throw std::runtime_error(fmt::format("cannot open the call log {}", file.string()));
}

void CallLog::write(const CallContext& context, int status, std::string_view time,
                    std::chrono::milliseconds took) {
  nlohmann::ordered_json line;
  line["time"] = time;
  line["method"] = context.format.method;
  line["object"] = context.object;
  line["user"] = context.user;
  // Enough to tell sessions apart, not enough to end one.
  line["session"] = context.sessionKey.substr(0, 8);
  line["status"] = status;
  if (!context.fault.empty()) line["fault"] = context.fault;
  if (!context.order.empty()) line["order"] = context.order;
  line["milliseconds"] = took.count();
  const std::lock_guard lock(mutex_);
  out_ << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
}

}  // namespace failback::mock
