// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/tcp_probe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "vsphere/curl_handles.h"

namespace failback::vsphere {
namespace {

int stopWhenAsked(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Context*>(context)->stop().stop_requested() ? 1 : 0;
}

}  // namespace

std::string probeTcp(const std::string& host, std::uint16_t port, Milliseconds timeout,
                     const Context& context) {
  context.check(fmt::format("a connection to {}:{}", host, port));
  const CurlShare share;
  const CurlChannel channel(share);
  CURL* easy = channel.easy();
  std::array<char, CURL_ERROR_SIZE> why{};
  const bool bare6 = host.find(':') != std::string::npos && host.front() != '[';
  const std::string url =
      bare6 ? fmt::format("http://[{}]:{}/", host, port) : fmt::format("http://{}:{}/", host, port);
  const Milliseconds wait = std::min(timeout, context.remaining());
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, why.data());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(std::max(wait.count(), std::int64_t{1})));
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, stopWhenAsked);
  // libcurl hands it back as it was given.
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, const_cast<Context*>(&context));  // NOLINT
  const CURLcode result = curl_easy_perform(easy);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, nullptr);
  if (result == CURLE_OK) return {};
  context.check(fmt::format("a connection to {}:{}", host, port));
  return why[0] != '\0' ? std::string(why.data()) : std::string(curl_easy_strerror(result));
}

}  // namespace failback::vsphere
