// SPDX-License-Identifier: GPL-2.0-or-later
#if defined(__clang__)
// Boost 1.74 does not know that clang 14 has C++20's coroutines.
#define BOOST_ASIO_HAS_CO_AWAIT 1
#define BOOST_ASIO_HAS_STD_COROUTINE 1
#endif

#include "mocks/http_server.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <csignal>
#include <cstring>
#include <ctime>
#include <optional>
#include <thread>
#include <vector>

namespace failback::mock {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using local = asio::local::stream_protocol;
// TCP and Unix sockets alike.
using Protocol = asio::generic::stream_protocol;
using Error = boost::system::error_code;

// Named in full instead of asio's any_io_executor: what is type-erased there goes wrong with GCC 12
// (Boost 1.74). A strand for each connection keeps its timer and its reads apart.
using Executor = asio::strand<asio::io_context::executor_type>;
using Socket = asio::basic_stream_socket<Protocol, Executor>;
using Acceptor = asio::basic_socket_acceptor<Protocol, Executor>;
using PlainStream = beast::basic_stream<Protocol, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;
template <typename T>
using Awaitable = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> awaiting;

namespace {

constexpr std::size_t gzipFrom = 1400;  // smaller answers fit one packet anyway

std::string gzip(const std::string& text) {
  z_stream stream{};
  constexpr int windowBits = 15 + 16;  // gzip framing
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const bool good = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return good ? packed : std::string();
}

std::string httpDate() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 40> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), size};
}

// An answer as bytes: head, body, and what frames the body.
struct Wire {
  std::string head, body, tail;
};

struct Delivery {
  bool http11 = true;
  bool keepAlive = true;
  bool withBody = true;  // not for HEAD
  bool gzip = false;
};

Wire toWire(HttpResponse response, const Delivery& delivery) {
  Wire wire;
  wire.body = std::move(response.body);
  if (delivery.gzip && !response.asFile && wire.body.size() >= gzipFrom) {
    std::string packed = gzip(wire.body);
    if (!packed.empty()) {
      wire.body = std::move(packed);
      response.headers.emplace_back("Content-Encoding", "gzip");
    }
  }
  const auto reason = http::obsolete_reason(static_cast<http::status>(response.status));
  wire.head = fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\nVary: Accept-Encoding\r\n", response.status,
                          std::string_view(reason.data(), reason.size()), httpDate());
  for (const auto& [name, value] : response.headers) wire.head += fmt::format("{}: {}\r\n", name, value);
  wire.head += delivery.keepAlive ? "Connection: Keep-Alive\r\n" : "Connection: close\r\n";
  if (!delivery.withBody || !delivery.http11 || response.asFile || wire.body.empty()) {
    wire.head += fmt::format("Content-Length: {}\r\n\r\n", wire.body.size());
    if (!delivery.withBody) wire.body.clear();
  } else {
    wire.head += fmt::format("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n", wire.body.size());
    wire.tail = "\r\n0\r\n\r\n";
  }
  return wire;
}

HttpRequest toRequest(http::request<http::string_body>&& message, std::string peer) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  for (const auto& field : message) {
    std::string name(field.name_string());
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    request.headers[std::move(name)] = std::string(field.value());
  }
  request.body = std::move(message.body());
  request.peer = std::move(peer);
  return request;
}

// Waits for the handler's reply without holding a thread. No coroutine itself, and like those below it takes
// what is not trivial by reference, from variables of the caller: GCC 12 destroys temporaries in a co_await
// expression twice.
Awaitable<HttpResponse> ask(const HttpServer::Handler& handler, const Executor& executor,
                            HttpRequest& request) {
  const auto initiate = [&handler, &executor, &request](auto completion) {
    auto kept = std::make_shared<decltype(completion)>(std::move(completion));
    handler(std::move(request), [kept, executor](HttpResponse response) {
      asio::post(executor, [kept, answer = std::move(response)]() mutable { (*kept)(std::move(answer)); });
    });
  };
  return asio::async_initiate<const asio::use_awaitable_t<Executor>&, void(HttpResponse)>(initiate, awaiting);
}

}  // namespace

class HttpServer::Impl {
 public:
  explicit Impl(ServerOptions options) : options_(std::move(options)) {
    acceptors_.reserve(options_.listen.size());
    for (const ListenAddress& at : options_.listen) {
      try {
        acceptors_.push_back(at.path.empty() ? listenTcp(at) : listenLocal(at.path));
      } catch (const boost::system::system_error& problem) {
        const std::string place = at.path.empty() ? fmt::format("{}:{}", at.address, at.port) : at.path;
        throw std::runtime_error(fmt::format("cannot listen on {}: {}", place, problem.code().message()));
      }
    }
    if (options_.certificate) prepareTls(*options_.certificate);
  }

  ~Impl() {
    for (const std::string& path : sockets_) unlink(path.c_str());
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::vector<std::uint16_t> ports() const {
    std::vector<std::uint16_t> ports;
    ports.reserve(acceptors_.size());
    for (const Acceptor& acceptor : acceptors_) {
      const auto endpoint = tcpEndpoint(acceptor.local_endpoint());
      ports.push_back(endpoint ? endpoint->port() : 0);
    }
    return ports;
  }
  void stop() { io_.stop(); }

  void run(Handler handler, bool signals) {
    handler_ = std::move(handler);
    asio::signal_set caught(io_);
    if (signals) {
      caught.add(SIGTERM);
      caught.add(SIGINT);
      caught.async_wait([this](const Error& error, int) {
        if (!error) io_.stop();
      });
    }
    for (Acceptor& acceptor : acceptors_) {
      asio::co_spawn(acceptor.get_executor(), accept(acceptor), asio::detached);
    }
    std::vector<std::thread> helpers;
    for (int i = 1; i < options_.threads; ++i) helpers.emplace_back([this] { io_.run(); });
    io_.run();
    for (std::thread& helper : helpers) helper.join();
  }

 private:
  Acceptor listenTcp(const ListenAddress& at) {
    const tcp::endpoint endpoint(asio::ip::make_address(at.address), at.port);
    Acceptor acceptor(asio::make_strand(io_));
    acceptor.open(Protocol(endpoint.protocol()));
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(Protocol::endpoint(endpoint));
    acceptor.listen();
    return acceptor;
  }

  Acceptor listenLocal(const std::string& path) {
    const local::endpoint endpoint(path);
    removeStale(endpoint);
    Acceptor acceptor(asio::make_strand(io_));
    acceptor.open(Protocol(local()));
    acceptor.bind(Protocol::endpoint(endpoint));
    sockets_.push_back(path);
    chmod(path.c_str(), S_IRUSR | S_IWUSR);
    acceptor.listen();
    return acceptor;
  }

  // A socket that was left behind by a server that was killed.
  void removeStale(const local::endpoint& endpoint) {
    struct stat status {};
    if (lstat(endpoint.path().c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return;
    local::socket probe(io_);
    Error error;
    (void)probe.connect(endpoint, error);
    if (error == boost::system::errc::connection_refused) unlink(endpoint.path().c_str());
  }

  // Nothing for a Unix socket.
  static std::optional<tcp::endpoint> tcpEndpoint(const Protocol::endpoint& endpoint) {
    const int family = endpoint.protocol().family();
    if (family != AF_INET && family != AF_INET6) return std::nullopt;
    tcp::endpoint found;
    found.resize(endpoint.size());
    std::memcpy(found.data(), endpoint.data(), endpoint.size());
    return found;
  }

  void prepareTls(const Certificate& certificate) {
    tls_.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                     asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                     asio::ssl::context::no_tlsv1_1);
    tls_.use_certificate(asio::buffer(certificate.certificatePem), asio::ssl::context::pem);
    tls_.use_private_key(asio::buffer(certificate.keyPem), asio::ssl::context::pem);
  }

  Awaitable<void> accept(Acceptor& acceptor) {
    while (true) {
      Socket socket(asio::make_strand(io_));
      Error error;
      co_await acceptor.async_accept(socket, asio::redirect_error(awaiting, error));
      if (error) {
        // Out of descriptors, or the client went away meanwhile: neither ends the server.
        Timer pause(acceptor.get_executor(), std::chrono::milliseconds(20));
        co_await pause.async_wait(asio::redirect_error(awaiting, error));
        continue;
      }
      if (connections_ >= options_.maxConnections) continue;  // closes it
      const auto executor = socket.get_executor();
      asio::co_spawn(executor, connection(std::move(socket)), asio::detached);
    }
  }

  Awaitable<void> connection(Socket socket) {
    const Counted counted(connections_);
    Error error;
    (void)socket.set_option(tcp::no_delay(true), error);
    const auto endpoint = socket.remote_endpoint(error);
    const auto remote = error ? std::optional<tcp::endpoint>() : tcpEndpoint(endpoint);
    const std::string peer = remote ? remote->address().to_string() : std::string("127.0.0.1");
    try {
      if (!options_.certificate) {
        PlainStream stream(std::move(socket));
        co_await serve(stream, peer);
      } else {
        beast::ssl_stream<PlainStream> stream(PlainStream(std::move(socket)), tls_);
        co_await serveTls(stream, peer);
      }
    } catch (const std::exception& problem) {
      fmt::print(stderr, "mock-vcenter: connection from {} ended: {}\n", peer, problem.what());
    }
  }

  Awaitable<void> serveTls(beast::ssl_stream<PlainStream>& stream, const std::string& peer) {
    Error error;
    beast::get_lowest_layer(stream).expires_after(options_.transfer);
    co_await stream.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(awaiting, error));
    if (error) co_return;
    const bool dropped = co_await serve(stream, peer);
    if (dropped) co_return;  // no farewell: the client sees a connection that broke
    beast::get_lowest_layer(stream).expires_after(std::chrono::seconds(1));
    co_await stream.async_shutdown(asio::redirect_error(awaiting, error));
  }

  // Gives whether the connection was dropped by order.
  template <typename Stream>
  Awaitable<bool> serve(Stream& stream, const std::string& peer) {
    const Executor executor = stream.get_executor();
    beast::flat_buffer buffer;
    bool open = true;
    while (open) {
      http::request_parser<http::string_body> parser;
      parser.header_limit(options_.headerLimit);
      parser.body_limit(options_.bodyLimit);
      Error error;
      beast::get_lowest_layer(stream).expires_after(options_.idle);
      co_await http::async_read_header(stream, buffer, parser, asio::redirect_error(awaiting, error));
      if (!error) {
        beast::get_lowest_layer(stream).expires_after(options_.transfer);
        if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
          co_await asio::async_write(stream, asio::buffer(std::string_view("HTTP/1.1 100 Continue\r\n\r\n")),
                                     asio::redirect_error(awaiting, error));
        }
        if (!error) {
          co_await http::async_read(stream, buffer, parser, asio::redirect_error(awaiting, error));
        }
      }
      if (error) {
        co_await refuse(stream, error);
        co_return false;
      }
      auto message = parser.release();
      Delivery delivery;
      delivery.http11 = message.version() >= 11;
      delivery.keepAlive = message.keep_alive();
      delivery.withBody = message.method() != http::verb::head;
      delivery.gzip =
          options_.gzip && message[http::field::accept_encoding].find("gzip") != beast::string_view::npos;
      beast::get_lowest_layer(stream).expires_never();
      HttpRequest request = toRequest(std::move(message), peer);
      HttpResponse response = co_await ask(handler_, executor, request);
      const DeliveryPlan plan = response.delivery;
      if (!plan.answered) co_return true;
      // Bytes are counted as they are without compression.
      if (plan.bodyBytes || plan.bytesPerSecond > 0) delivery.gzip = false;
      Wire wire = toWire(std::move(response), delivery);
      const bool cut = cutOff(wire, plan);
      bool sent = false;
      if (plan.bytesPerSecond > 0) {
        sent = co_await drip(stream, wire, plan.bytesPerSecond);
      } else {
        sent = co_await deliver(stream, wire);
      }
      if (cut || plan.closeAfter) co_return true;
      open = delivery.keepAlive && sent;
    }
    co_return false;
  }

  // Takes away what comes after the byte at which the connection is to end; true when there was something.
  static bool cutOff(Wire& wire, const DeliveryPlan& plan) {
    if (!plan.bodyBytes || *plan.bodyBytes >= wire.body.size()) return false;
    wire.body.resize(*plan.bodyBytes);
    wire.tail.clear();
    return true;
  }

  // The head at once, then the body in small pieces.
  template <typename Stream>
  Awaitable<bool> drip(Stream& stream, const Wire& wire, std::uint64_t bytesPerSecond) {
    constexpr std::uint64_t piecesPerSecond = 20, largest = 64 * 1024 * 1024;
    const std::uint64_t piece = std::clamp<std::uint64_t>(bytesPerSecond / piecesPerSecond, 1, largest);
    const auto pause = std::chrono::microseconds(1'000'000 * piece / bytesPerSecond);
    Timer timer(stream.get_executor());
    Error error;
    co_await write(stream, asio::buffer(wire.head), error);
    for (std::size_t done = 0; !error && done < wire.body.size(); done += piece) {
      timer.expires_after(pause);
      Error ignored;
      co_await timer.async_wait(asio::redirect_error(awaiting, ignored));
      co_await write(stream, asio::buffer(wire.body.data() + done, std::min(piece, wire.body.size() - done)),
                     error);
    }
    if (!error) co_await write(stream, asio::buffer(wire.tail), error);
    co_return !error;
  }

  template <typename Stream>
  Awaitable<void> write(Stream& stream, asio::const_buffer bytes, Error& error) {
    beast::get_lowest_layer(stream).expires_after(options_.transfer);
    co_await asio::async_write(stream, bytes, asio::redirect_error(awaiting, error));
  }

  template <typename Stream>
  Awaitable<bool> deliver(Stream& stream, const Wire& wire) {
    beast::get_lowest_layer(stream).expires_after(options_.transfer);
    const auto pieces = buffers(wire);
    Error error;
    co_await asio::async_write(stream, pieces, asio::redirect_error(awaiting, error));
    co_return !error;
  }

  static std::array<asio::const_buffer, 3> buffers(const Wire& wire) {
    return {asio::buffer(wire.head), asio::buffer(wire.body), asio::buffer(wire.tail)};
  }

  // Tells the client what was wrong with bytes that are no request; a connection that just ended is told
  // nothing.
  template <typename Stream>
  Awaitable<void> refuse(Stream& stream, Error error) {
    if (error.category() != http::make_error_code(http::error::end_of_stream).category()) co_return;
    if (error == http::error::end_of_stream || error == http::error::partial_message) co_return;
    const Wire wire = refusal(error);
    co_await deliver(stream, wire);
  }

  // Apart from the coroutine above: GCC 12 fails on such an initializer inside one.
  static Wire refusal(const Error& error) {
    const int status = error == http::error::body_limit     ? 413
                       : error == http::error::header_limit ? 431
                                                            : 400;
    Delivery delivery;
    delivery.keepAlive = false;
    return toWire({status, {{"Content-Type", "text/plain"}}, error.message() + "\n"}, delivery);
  }

  struct Counted {
    explicit Counted(std::atomic<std::size_t>& counter) : counter_(counter) { ++counter_; }
    ~Counted() { --counter_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    std::atomic<std::size_t>& counter_;
  };

  ServerOptions options_;
  Handler handler_;
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  std::atomic<std::size_t> connections_{0};
  asio::io_context io_;
  std::vector<Acceptor> acceptors_;
  std::vector<std::string> sockets_;  // paths to remove at the end
};

HttpServer::HttpServer(ServerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
HttpServer::~HttpServer() = default;
std::vector<std::uint16_t> HttpServer::ports() const {
  return impl_->ports();
}
void HttpServer::run(Handler handler, bool signals) {
  impl_->run(std::move(handler), signals);
}
void HttpServer::stop() {
  impl_->stop();
}

}  // namespace failback::mock
