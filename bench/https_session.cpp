// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/https_session.h"

#include <memory>
#include <stdexcept>

namespace failback::bench {
namespace {

// The same as failback's: what is compared is the work behind it.
constexpr long bufferBytes = 131072;

std::size_t onBody(char* data, std::size_t size, std::size_t count, void* sink) {
  (*static_cast<const HttpsSession::Sink*>(sink))(std::string_view(data, size * count));
  return size * count;
}

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, CURLU_URLDECODE) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
  return text;
}

}  // namespace

HttpsSession::HttpsSession(const std::string& url) : easy_(curl_easy_init()) {
  if (easy_ == nullptr) throw std::runtime_error("libcurl gives no handle");
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), &curl_url_cleanup);
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
    throw std::runtime_error("the URL can't be read");
  }
  user_ = part(parsed.get(), CURLUPART_USER);
  password_ = part(parsed.get(), CURLUPART_PASSWORD);
  curl_url_set(parsed.get(), CURLUPART_USER, nullptr, 0);
  curl_url_set(parsed.get(), CURLUPART_PASSWORD, nullptr, 0);
  set(curl_easy_setopt(easy_, CURLOPT_URL, part(parsed.get(), CURLUPART_URL).c_str()));
  headers_ = curl_slist_append(headers_, "Content-Type: text/xml; charset=utf-8");
  headers_ = curl_slist_append(headers_, "SOAPAction: \"urn:vim25/8.0.2.0\"");
  headers_ = curl_slist_append(headers_, "Expect:");
  set(curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_));
  set(curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1)));
  set(curl_easy_setopt(easy_, CURLOPT_BUFFERSIZE, bufferBytes));
  set(curl_easy_setopt(easy_, CURLOPT_COOKIEFILE, ""));  // keeps the session's cookie
  set(curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, 0L));
  set(curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 0L));
  set(curl_easy_setopt(easy_, CURLOPT_NOPROXY, "*"));
  set(curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &onBody));
}

HttpsSession::~HttpsSession() {
  curl_easy_cleanup(easy_);
  curl_slist_free_all(headers_);
}

void HttpsSession::set(CURLcode result) const {
  if (result != CURLE_OK) throw std::runtime_error(curl_easy_strerror(result));
}

void HttpsSession::post(const std::string& envelope, bool packed, const Sink& sink) {
  set(curl_easy_setopt(easy_, CURLOPT_ACCEPT_ENCODING, packed ? "gzip" : nullptr));
  set(curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, envelope.c_str()));
  set(curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE, static_cast<long>(envelope.size())));
  set(curl_easy_setopt(easy_, CURLOPT_WRITEDATA, &sink));
  set(curl_easy_perform(easy_));
  long status = 0;
  set(curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status));
  if (status != 200) throw std::runtime_error("the server answered with status " + std::to_string(status));
}

}  // namespace failback::bench
