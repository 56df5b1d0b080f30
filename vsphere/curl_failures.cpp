// SPDX-License-Identifier: GPL-2.0-or-later
// How an exchange that brought no whole answer is told: what happened, where, whether the request may have
// been carried out, and what the operator can do.
#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "vsphere/curl_exchange.h"

namespace failback::vsphere {
namespace {

constexpr const char* checkServer = "check the server's name and port, that it runs, and firewalls between";

double seconds(Milliseconds duration) {
  return static_cast<double>(duration.count()) / 1000.0;
}

bool holds(std::string_view text, std::string_view wanted) {
  return text.find(wanted) != std::string_view::npos;
}

std::string handshakeRemedy(std::string_view text) {
  if (holds(text, "wrong version number") || holds(text, "packet length too long") ||
      holds(text, "http request")) {
    return "the port does not speak TLS: check the port (vSphere's is 443)";
  }
  if (holds(text, "protocol version") || holds(text, "unsupported protocol") ||
      holds(text, "version too low")) {
    return "the server offers no TLS 1.2 or newer: enable it there";
  }
  if (holds(text, "handshake failure") || holds(text, "insufficient security") ||
      holds(text, "wrong signature type") || holds(text, "wrong curve")) {
    return "the server was reached, but has no cipher or key type in common with this machine: give it a "
           "certificate with an RSA key of 2048 bits or more (vSphere's own have one), and enable its TLS "
           "1.2 "
           "ciphers";
  }
  if (holds(text, "key too small") || holds(text, "legacy renegotiation")) {
    return "the server was reached, but its TLS is too old to be safe: update it, or renew its keys";
  }
  return checkServer;
}

}  // namespace

void CurlExchange::failWith(Category category, std::string text, std::string remedy, bool transient) const {
  Error error;
  error.category = category;
  error.text = std::move(text);
  error.remedy = std::move(remedy);
  throw TransportFailure(std::move(error), fate(), transient);
}

// libcurl's own words for it, with the operating system's where there are some.
std::string CurlExchange::curlText(CURLcode code) const {
  std::string text = errorText_[0] != '\0' ? errorText_.data() : curl_easy_strerror(code);
  long number = 0;
  // Elsewhere the number may be an earlier exchange's.
  if (code == CURLE_COULDNT_CONNECT) curl_easy_getinfo(channel_.easy(), CURLINFO_OS_ERRNO, &number);
  if (number != 0) {
    std::string system = std::system_category().message(static_cast<int>(number));
    // libcurl names the server and the milliseconds again; a proxy is named by it only.
    const std::string own = fmt::format("connect to {} port {} ", options_.url.host, options_.url.port);
    if (holds(text, own)) return system;
    if (!holds(text, system)) text += ": " + system;
  }
  return text;
}

void CurlExchange::failDeadline(ExchangeDeadlines::Passed which) const {
  const double limit = seconds(deadlines_.limit(which));
  switch (which) {
    case ExchangeDeadlines::Passed::connect: {
      curl_off_t lookedUp = 0;
      curl_easy_getinfo(channel_.easy(), CURLINFO_NAMELOOKUP_TIME_T, &lookedUp);
      const char* stage = tlsStarted_    ? "TCP was connected, but the TLS handshake did not end"
                          : lookedUp > 0 ? "its port, or the proxy, did not answer"
                                         : "its name was not resolved";
      failWith(
          Category::unreachable,
          fmt::format("no connection to {} within the connect deadline of {} s: {}", place_, limit, stage),
          std::string(checkServer) + "; more time: --connect-timeout", true);
    }
    case ExchangeDeadlines::Passed::stall:
      failWith(Category::deadline,
               fmt::format("{} sent and took nothing for {} s (stall deadline) during {}{}", place_, limit,
                           request_.method,
                           bodyBytes_ > 0 ? fmt::format(", after {} bytes of its answer", bodyBytes_) : ""),
               "the server hangs or the network lost the connection: look at the server, then try again",
               true);
    case ExchangeDeadlines::Passed::transfer:
    case ExchangeDeadlines::Passed::none:
      break;
  }
  failWith(Category::deadline,
           fmt::format(
               "the answer of {} to {} did not end within the transfer deadline of {} s; {} bytes had come",
               place_, request_.method, limit, bodyBytes_),
           "ask for less at once (smaller pages), or allow more with --transfer-timeout", false);
}

// No connection came about, or the handshake failed.
void CurlExchange::failConnecting(CURLcode code) const {
  const std::string text = curlText(code);
  long proxyStatus = 0;
  curl_easy_getinfo(channel_.easy(), CURLINFO_HTTP_CONNECTCODE, &proxyStatus);
  if (proxyStatus >= 300) {
    failWith(Category::unreachable,
             fmt::format("the proxy answered {} when asked for a connection to {}", proxyStatus, place_),
             "check https_proxy, its credentials and rules; or name the server in no_proxy", false);
  }
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      failWith(Category::unreachable, fmt::format("the name of {} is not known: {}", place_, text),
               "check the server's name and this machine's DNS", true);
    case CURLE_COULDNT_RESOLVE_PROXY:
      failWith(Category::unreachable,
               fmt::format("on the way to {}, the proxy's name is not known: {}", place_, text),
               "check https_proxy and all_proxy, or name the server in no_proxy", true);
    case CURLE_PROXY:
      failWith(Category::unreachable, fmt::format("the proxy on the way to {} failed: {}", place_, text),
               "check https_proxy and all_proxy, or name the server in no_proxy", true);
    case CURLE_SSL_CONNECT_ERROR: {
      const bool cutOff = holds(text, "SYSCALL") || holds(text, "reset") || holds(text, "eof");
      failWith(Category::unreachable, fmt::format("the TLS handshake with {} failed: {}", place_, text),
               handshakeRemedy(text), cutOff);
    }
    default:
      failWith(Category::unreachable, fmt::format("no connection to {}: {}", place_, text), checkServer,
               true);
  }
}

void CurlExchange::failCut(const std::string& reason) const {
  failWith(Category::malformedAnswer,
           fmt::format("the answer of {} to {} was cut off after {} bytes: {}", place_, request_.method,
                       bodyBytes_, reason),
           "the server or something on the way closed the connection: look at the server, then try again",
           true);
}

void CurlExchange::failTransfer(CURLcode code) const {
  const Handshake& handshake = channel_.handshake;
  if (!requestStarted_ && trust_ != nullptr && handshake.problem != TrustProblem::none) {
    throw TransportFailure(trust_->refusal(handshake), Fate::notSent, false);
  }
  const std::string text = curlText(code);
  switch (code) {
    case CURLE_OUT_OF_MEMORY:
      throw std::bad_alloc();
    case CURLE_OPERATION_TIMEDOUT:
      failDeadline(ExchangeDeadlines::Passed::connect);
    case CURLE_PEER_FAILED_VERIFICATION:
      failWith(
          Category::tlsTrust, fmt::format("the certificate of {} is not trusted: {}", place_, text),
          fmt::format("call the server by a name that its certificate holds, or pin it: --thumbprint {} (or "
                      "FAILBACK_THUMBPRINT)",
                      handshake.certificate.sha256),
          false);
    case CURLE_BAD_CONTENT_ENCODING:
      failWith(Category::malformedAnswer,
               fmt::format("the answer of {} to {} cannot be unpacked: {}", place_, request_.method, text),
               "something between here and the server damages answers: check proxies", false);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      failWith(Category::malformedAnswer, fmt::format("what {} answered is not HTTP: {}", place_, text),
               "check that the address and the port are a vSphere server's", false);
    default:
      break;
  }
  if (!requestStarted_) failConnecting(code);
  if (response_.status != 0) failCut(text);
  failWith(Category::unreachable,
           fmt::format("{} closed the connection before it answered {}{}{}: {}", place_, request_.method,
                       request_.object.empty() ? "" : " on ", request_.object, text),
           request_.replay == Replay::never
               ? "whether the call was carried out is not known: look at the object before you repeat it"
               : "look at the server, then try again",
           true);
}

}  // namespace failback::vsphere
