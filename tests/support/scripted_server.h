// SPDX-License-Identifier: GPL-2.0-or-later
// A small HTTP server for tests of the client's transport: on loopback, with or without TLS, doing to each
// connection exactly what a test says, also what no decent server does.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/test_certificates.h"

struct ssl_ctx_st;
struct ssl_st;

namespace failback::testing {

struct ServerRequest {
  std::string verb, target;                    // "POST", "/sdk"
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

struct ServerAnswer {
  int status = 200;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

class ScriptedServer;

// One connection, used by the thread that serves it.
class ServerConnection {
 public:
  ~ServerConnection();
  ServerConnection(const ServerConnection&) = delete;
  ServerConnection& operator=(const ServerConnection&) = delete;

  // Counted from 1.
  unsigned number() const { return number_; }
  // The next request; false when the peer has closed the connection or the server stops.
  bool read(ServerRequest& request);
  // False when the peer is gone.
  bool write(std::string_view bytes);
  // A whole answer with Content-Length.
  bool answer(const ServerAnswer& answer);
  // The head of an answer that announces `length` bytes of body.
  bool head(int status, std::size_t length, const std::string& furtherHeaders = {});
  // Writes the bytes one by one with that pause between them, until the peer is gone or the server stops.
  void drip(std::string_view bytes, std::chrono::milliseconds pause);
  // Sends nothing more, until the peer is gone or the server stops.
  void stall();
  // Ends the connection at once, without TLS's farewell.
  void cut();
  // Ends it with a TCP reset.
  void reset();
  // Plain connections: what a proxy does after CONNECT.
  void relay(std::uint16_t port);

 private:
  friend class ScriptedServer;
  ServerConnection(ScriptedServer& server, int socket, unsigned number);
  bool handshake();
  long receive(char* data, std::size_t size);

  ScriptedServer& server_;
  int socket_;
  unsigned number_;
  ssl_st* tls_ = nullptr;
  std::string input_;
};

// Serves each connection in a thread of its own. Destroying it ends all of them at once.
class ScriptedServer {
 public:
  using Handler = std::function<void(ServerConnection&)>;
  struct Options {
    bool tls = true;
    TestCertificate certificate;  // empty: self-signed, made now
    bool stallHandshake = false;  // accepts TCP and then says nothing
    bool oldTlsOnly = false;      // TLS 1.1
    bool neverAccept = false;     // and lets further connections hang in TCP
  };

  explicit ScriptedServer(Handler handler) : ScriptedServer(std::move(handler), Options{}) {}
  ScriptedServer(Handler handler, Options options);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_; }
  const TestCertificate& certificate() const { return options_.certificate; }
  unsigned connections() const { return connections_; }
  unsigned requests() const { return requests_; }
  // TLS handshakes that resumed an earlier session.
  unsigned resumed() const { return resumed_; }
  // Ends all connections and refuses further ones.
  void stop();
  // Waits until that many requests have been read; false after ten seconds without.
  bool awaitRequests(unsigned count);
  bool awaitConnections(unsigned count);
  // Waits until that many connections have been closed on this side.
  bool awaitClosed(unsigned count);

 private:
  friend class ServerConnection;
  void acceptAll();
  void serve(int socket, unsigned number);
  void count(std::atomic<unsigned>& counter);
  bool await(const std::atomic<unsigned>& counter, unsigned count);
  bool sleep(std::chrono::milliseconds duration);

  Handler handler_;
  Options options_;
  ssl_ctx_st* context_ = nullptr;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::vector<int> fillers_;
  std::atomic<unsigned> connections_{0}, requests_{0}, resumed_{0}, closed_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

// A well-behaved server: keeps connections alive and answers each request.
ScriptedServer::Handler answering(std::function<ServerAnswer(const ServerRequest&)> answer);

}  // namespace failback::testing
