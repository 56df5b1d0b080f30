// SPDX-License-Identifier: GPL-2.0-or-later
// HTTP/1.1 over TLS (or without), on a few threads whatever the number of connections. It reads whole
// requests within limits and deadlines, hands them to a handler and writes what that replies, gzipped when
// the client asks; or drips it, or cuts it off, when the reply's delivery plan says so.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mocks/certificate.h"
#include "mocks/http_message.h"

namespace failback::mock {

// Where to listen: a TCP address and port (0: any free one), or the path of a Unix socket.
struct ListenAddress {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::string path;  // not empty: a Unix socket, whatever stands above
};

struct ServerOptions {
  std::vector<ListenAddress> listen{ListenAddress{}};
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

  // Binds and listens. A Unix socket that nobody listens at any more is replaced, and removed at the end;
  // only its owner may connect. Throws std::runtime_error when an address is taken or not ours.
  explicit HttpServer(ServerOptions options);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Of each TCP address, in the order of the options; 0 for a Unix socket.
  std::vector<std::uint16_t> ports() const;
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
