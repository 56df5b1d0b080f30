// SPDX-License-Identifier: GPL-2.0-or-later
// HTTP/1.1 over TLS (or without), on a few threads whatever the number of connections. It reads whole
// requests within limits and deadlines, hands them to a handler and writes what that replies, gzipped when
// the client asks.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "mocks/certificate.h"
#include "mocks/http_message.h"

namespace failback::mock {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                  // 0: any free one
  std::optional<Certificate> certificate;  // none: plain HTTP
  int threads = 2;
  std::size_t maxConnections = 2000;
  std::uint32_t headerLimit = 64 * 1024;
  std::uint64_t bodyLimit = 64 * 1024 * 1024;
  std::chrono::seconds idle{600};      // between two requests of a connection
  std::chrono::seconds transfer{120};  // for one request, or one answer, to come over
  bool gzip = true;
};

class HttpServer {
 public:
  using Handler = std::function<void(HttpRequest, Reply)>;

  // Binds and listens. Throws std::runtime_error when the address is taken or not ours.
  explicit HttpServer(ServerOptions options);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  // Serves until stop(), or SIGTERM or SIGINT when `signals`. Replies that come later are dropped, so
  // whatever holds some must go before the server does.
  void run(Handler handler, bool signals);
  // Thread safe.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace failback::mock
