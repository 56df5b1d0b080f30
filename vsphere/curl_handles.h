// SPDX-License-Identifier: GPL-2.0-or-later
// libcurl's handles, owned. Only for curl_*.cpp.
#pragma once

#include <curl/curl.h>

#include <array>
#include <mutex>

#include "vsphere/tls_trust.h"

namespace failback::vsphere {

// TLS sessions and looked-up names, shared by all channels of one transport: a further connection resumes the
// session of an earlier one. Connections are not shared: libcurl cannot do that between threads.
class CurlShare {
 public:
  CurlShare();
  ~CurlShare();
  CurlShare(const CurlShare&) = delete;
  CurlShare& operator=(const CurlShare&) = delete;
  CURLSH* get() const { return share_; }

 private:
  static void lock(CURL* easy, curl_lock_data data, curl_lock_access access, void* self);
  static void unlock(CURL* easy, curl_lock_data data, void* self);

  CURLSH* share_;
  std::array<std::mutex, CURL_LOCK_DATA_LAST> locks_;
};

// What one sender needs at a time: an easy handle, and a multi handle that keeps its connection alive between
// exchanges. Used by one thread at a time; wake() by any.
class CurlChannel {
 public:
  explicit CurlChannel(const CurlShare& share);
  ~CurlChannel();
  CurlChannel(const CurlChannel&) = delete;
  CurlChannel& operator=(const CurlChannel&) = delete;

  CURL* easy() const { return easy_; }
  CURLM* multi() const { return multi_; }
  // Ends a curl_multi_poll on this channel, or the next one.
  void wake() const noexcept { static_cast<void>(curl_multi_wakeup(multi_)); }

  // What was sent last is in none of libcurl's buffers any more.
  void forget() const noexcept;

  // What the TLS handshake of its connection showed; outlives the connection.
  Handshake handshake;

 private:
  CURL* easy_;
  CURLM* multi_;
};

}  // namespace failback::vsphere
