// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/curl_handles.h"

#include <new>

#include "vsphere/wiping_memory.h"

namespace failback::vsphere {
namespace {

// Once a process, and never undone: other threads may use libcurl until the end.
void initialiseLibcurl() {
  // It sends passwords through buffers of its own.
  static const CURLcode result = curl_global_init_mem(CURL_GLOBAL_DEFAULT, wipingMalloc, wipingFree,
                                                      wipingRealloc, wipingStrdup, wipingCalloc);
  if (result != CURLE_OK) {
    fail(Category::internal, std::string("libcurl cannot be initialised: ") + curl_easy_strerror(result));
  }
}

}  // namespace

CurlShare::CurlShare() {
  initialiseLibcurl();
  share_ = curl_share_init();
  if (share_ == nullptr) throw std::bad_alloc();
  curl_share_setopt(share_, CURLSHOPT_LOCKFUNC, &CurlShare::lock);
  curl_share_setopt(share_, CURLSHOPT_UNLOCKFUNC, &CurlShare::unlock);
  curl_share_setopt(share_, CURLSHOPT_USERDATA, this);
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
}

CurlShare::~CurlShare() {
  curl_share_cleanup(share_);
}

void CurlShare::lock(CURL*, curl_lock_data data, curl_lock_access, void* self) {
  static_cast<CurlShare*>(self)->locks_[data].lock();
}

void CurlShare::unlock(CURL*, curl_lock_data data, void* self) {
  static_cast<CurlShare*>(self)->locks_[data].unlock();
}

CurlChannel::CurlChannel(const CurlShare& share) : easy_(curl_easy_init()), multi_(curl_multi_init()) {
  if (easy_ == nullptr || multi_ == nullptr) {
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
    throw std::bad_alloc();
  }
  // Stays over curl_easy_reset().
  curl_easy_setopt(easy_, CURLOPT_SHARE, share.get());
  // One connection at a time: a fresh one for a write replaces the one before.
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 1L);
}

void CurlChannel::forget() const noexcept {
  // Another size makes libcurl give its buffer back; the next exchange gets a new one.
  constexpr long usual = 65536;
  curl_easy_setopt(easy_, CURLOPT_UPLOAD_BUFFERSIZE, usual);
}

CurlChannel::~CurlChannel() {
  // The multi handle first: it owns the connections, which refer to the shared TLS sessions.
  curl_multi_cleanup(multi_);
  curl_easy_cleanup(easy_);
}

}  // namespace failback::vsphere
