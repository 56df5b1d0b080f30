// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/scripted_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace failback::testing {
namespace {

void require(bool good, const char* what) {
  if (!good) throw std::system_error(errno, std::system_category(), what);
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

int connectTo(std::uint16_t port, bool wait) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (wait ? 0 : SOCK_NONBLOCK), 0);
  const sockaddr_in address = loopback(port);
  const int done = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  if (wait && done != 0) {
    ::close(socket);
    return -1;
  }
  return socket;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

SSL_CTX* makeContext(const ScriptedServer::Options& options) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_set_security_level(context, 0);  // it is the client that is to refuse what is weak
  if (options.oldTlsOnly) {
    SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(context, TLS1_1_VERSION);
    SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
  }
  static const unsigned char id[] = "failback";
  SSL_CTX_set_session_id_context(context, id, sizeof(id) - 1);
  BIO* certificateText = BIO_new_mem_buf(options.certificate.certificate.data(), -1);
  BIO* keyText = BIO_new_mem_buf(options.certificate.key.data(), -1);
  X509* certificate = PEM_read_bio_X509(certificateText, nullptr, nullptr, nullptr);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(keyText, nullptr, nullptr, nullptr);
  SSL_CTX_use_certificate(context, certificate);
  SSL_CTX_use_PrivateKey(context, key);
  X509_free(certificate);
  EVP_PKEY_free(key);
  BIO_free(certificateText);
  BIO_free(keyText);
  return context;
}

}  // namespace

ServerConnection::ServerConnection(ScriptedServer& server, int socket, unsigned number)
    : server_(server), socket_(socket), number_(number) {}

ServerConnection::~ServerConnection() {
  if (tls_ != nullptr && socket_ >= 0) SSL_shutdown(tls_);
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
  SSL_free(tls_);
}

bool ServerConnection::handshake() {
  if (server_.context_ == nullptr) return true;
  tls_ = SSL_new(server_.context_);
  SSL_set_fd(tls_, socket_);
  if (SSL_accept(tls_) != 1) return false;
  if (SSL_session_reused(tls_) == 1) server_.count(server_.resumed_);
  return true;
}

long ServerConnection::receive(char* data, std::size_t size) {
  if (socket_ < 0) return -1;
  if (tls_ != nullptr) return SSL_read(tls_, data, static_cast<int>(size));
  return ::recv(socket_, data, size, 0);
}

bool ServerConnection::read(ServerRequest& request) {
  std::array<char, 16384> buffer{};
  const auto more = [&] {
    const long got = receive(buffer.data(), buffer.size());
    if (got > 0) input_.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0;
  };
  std::size_t end = 0;
  while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
    if (!more()) return false;
  }
  request = ServerRequest{};
  const std::string head = input_.substr(0, end + 2);
  input_.erase(0, end + 4);
  const std::size_t firstEnd = head.find("\r\n");
  const std::size_t space = head.find(' ');
  request.verb = head.substr(0, space);
  request.target = head.substr(space + 1, head.find(' ', space + 1) - space - 1);
  for (std::size_t at = firstEnd + 2; at < head.size();) {
    const std::size_t lineEnd = head.find("\r\n", at);
    const std::size_t colon = head.find(": ", at);
    request.headers[lower(head.substr(at, colon - at))] = head.substr(colon + 2, lineEnd - colon - 2);
    at = lineEnd + 2;
  }
  const std::size_t length =
      request.headers.count("content-length") == 0 ? 0 : std::stoul(request.headers["content-length"]);
  while (input_.size() < length) {
    if (!more()) return false;
  }
  request.body = input_.substr(0, length);
  input_.erase(0, length);
  server_.count(server_.requests_);
  return true;
}

bool ServerConnection::write(std::string_view bytes) {
  while (!bytes.empty() && socket_ >= 0) {
    const long done = tls_ != nullptr ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                                      : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (done <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return socket_ >= 0;
}

bool ServerConnection::head(int status, std::size_t length, const std::string& furtherHeaders) {
  return write("HTTP/1.1 " + std::to_string(status) + " Status\r\nContent-Type: text/xml; charset=utf-8\r\n" +
               "Content-Length: " + std::to_string(length) + "\r\n" + furtherHeaders + "\r\n");
}

bool ServerConnection::answer(const ServerAnswer& answer) {
  std::string further;
  for (const auto& [name, value] : answer.headers) further += name + ": " + value + "\r\n";
  return head(answer.status, answer.body.size(), further) && write(answer.body);
}

void ServerConnection::drip(std::string_view bytes, std::chrono::milliseconds pause) {
  for (const char byte : bytes) {
    if (!write({&byte, 1}) || !server_.sleep(pause)) return;
  }
}

void ServerConnection::stall() {
  std::array<char, 4096> ignored{};
  while (receive(ignored.data(), ignored.size()) > 0) {
  }
}

void ServerConnection::cut() {
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
  socket_ = -1;
}

void ServerConnection::reset() {
  const linger now{1, 0};
  if (socket_ >= 0) ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  // The server closes the descriptor behind the handler, which then sends the reset.
  socket_ = -1;
}

void ServerConnection::relay(std::uint16_t port) {
  const int target = connectTo(port, true);
  if (target < 0) return;
  std::array<pollfd, 2> ends{{{socket_, POLLIN, 0}, {target, POLLIN, 0}}};
  std::array<char, 16384> buffer{};
  while (::poll(ends.data(), ends.size(), -1) > 0) {
    bool open = true;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends[i].revents == 0) continue;
      const ssize_t got = ::recv(ends[i].fd, buffer.data(), buffer.size(), 0);
      open = got > 0 &&
             ::send(ends[1 - i].fd, buffer.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) == got;
      if (!open) break;
    }
    if (!open) break;
  }
  ::close(target);
}

ScriptedServer::ScriptedServer(Handler handler, Options options)
    : handler_(std::move(handler)), options_(std::move(options)) {
  if (options_.tls && options_.certificate.certificate.empty()) options_.certificate = makeSelfSigned();
  if (options_.tls) context_ = makeContext(options_);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  require(listener_ >= 0, "socket");
  sockaddr_in address = loopback(0);
  require(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0, "bind");
  require(::listen(listener_, options_.neverAccept ? 0 : 64) == 0, "listen");
  socklen_t size = sizeof(address);
  require(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0, "getsockname");
  port_ = ntohs(address.sin_port);
  if (options_.neverAccept) {
    // The queue of a listener that nobody accepts from fills up; what comes then gets no answer to its SYN.
    for (int i = 0; i < 4; ++i) fillers_.push_back(connectTo(port_, false));
    return;
  }
  acceptor_ = std::thread([this] { acceptAll(); });
}

ScriptedServer::~ScriptedServer() {
  stop();
  if (acceptor_.joinable()) acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  for (const int filler : fillers_) ::close(filler);
  if (listener_ >= 0) ::close(listener_);
  SSL_CTX_free(context_);
}

void ScriptedServer::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
  changed_.notify_all();
}

void ScriptedServer::count(std::atomic<unsigned>& counter) {
  const std::lock_guard lock(mutex_);
  ++counter;
  changed_.notify_all();
}

bool ScriptedServer::await(const std::atomic<unsigned>& counter, unsigned count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return counter >= count; });
}

bool ScriptedServer::awaitRequests(unsigned count) {
  return await(requests_, count);
}
bool ScriptedServer::awaitConnections(unsigned count) {
  return await(connections_, count);
}

bool ScriptedServer::awaitClosed(unsigned count) {
  return await(closed_, count);
}

bool ScriptedServer::sleep(std::chrono::milliseconds duration) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, duration, [this] { return stopping_; });
}

void ScriptedServer::acceptAll() {
  while (true) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    count(connections_);
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      ::close(socket);
      return;
    }
    open_.push_back(socket);
    threads_.emplace_back([this, socket, number = connections_.load()] { serve(socket, number); });
  }
}

void ScriptedServer::serve(int socket, unsigned number) {
  // OpenSSL writes without MSG_NOSIGNAL. Only here: that the client does not raise SIGPIPE is tested.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  {
    ServerConnection connection(*this, socket, number);
    if (options_.stallHandshake) {
      connection.stall();
    } else if (connection.handshake()) {
      handler_(connection);
    }
  }
  const std::lock_guard lock(mutex_);
  open_.erase(std::find(open_.begin(), open_.end(), socket));
  ::close(socket);
  ++closed_;
  changed_.notify_all();
}

ScriptedServer::Handler answering(std::function<ServerAnswer(const ServerRequest&)> answer) {
  return [answer = std::move(answer)](ServerConnection& connection) {
    ServerRequest request;
    while (connection.read(request)) {
      if (!connection.answer(answer(request))) return;
    }
  };
}

}  // namespace failback::testing
