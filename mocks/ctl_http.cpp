// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/ctl_http.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

namespace failback::mock {

namespace {

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;
using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

std::string part(const Url& url, CURLUPart which, unsigned flags) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

std::size_t append(char* data, std::size_t size, std::size_t count, void* target) {
  static_cast<std::string*>(target)->append(data, size * count);
  return size * count;
}

// What the server says is wrong.
std::string complaint(long status, const std::string& body) {
  const Json json = Json::parse(body, nullptr, false);
  if (json.is_object() && json.contains("error") && json["error"].is_string()) return json["error"];
  return fmt::format("the server answers HTTP status {}", status);
}

}  // namespace

CtlServer::CtlServer(const std::string& url, std::string unixSocket) : unixSocket_(std::move(unixSocket)) {
  const Url parsed(curl_url(), curl_url_cleanup);
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    throw CtlError(
        "the URL cannot be understood; it is one such as https://user:password@127.0.0.1:8989/sdk");
  user_ = part(parsed, CURLUPART_USER, CURLU_URLDECODE);
  password_ = part(parsed, CURLUPART_PASSWORD, CURLU_URLDECODE);
  if (user_.empty() || password_.empty()) throw CtlError("the URL has no user and password in it");
  const std::string port = part(parsed, CURLUPART_PORT, 0);
  origin_ = part(parsed, CURLUPART_SCHEME, 0) + "://" + part(parsed, CURLUPART_HOST, 0) +
            (port.empty() ? "" : ":" + port);
}

Json CtlServer::ask(const std::string& method, const std::string& path, const std::string& body,
                    std::chrono::seconds limit) const {
  const Handle handle(curl_easy_init(), curl_easy_cleanup);
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
      curl_slist_append(nullptr, "Content-Type: application/json"), curl_slist_free_all);
  CURL* curl = handle.get();
  std::string answer;
  const std::string url = origin_ + "/mock/" + path;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
  curl_easy_setopt(curl, CURLOPT_USERNAME, user_.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, password_.c_str());
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 10L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(limit.count()));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  if (!unixSocket_.empty()) curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, unixSocket_.c_str());
  if (!body.empty() || method == "POST") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  }
  const CURLcode outcome = curl_easy_perform(curl);
  if (outcome != CURLE_OK)
    throw CtlError(fmt::format("cannot talk to {}: {}", origin_, curl_easy_strerror(outcome)));
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  constexpr long firstError = 300;
  if (status >= firstError) throw CtlError(complaint(status, answer));
  Json json = Json::parse(answer, nullptr, false);
  if (json.is_discarded()) throw CtlError("the server's answer is no JSON: is it a mock-vcenter?");
  return json;
}

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    safe += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return safe;
}

}  // namespace failback::mock
