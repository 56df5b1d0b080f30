// SPDX-License-Identifier: GPL-2.0-or-later
// parseUrl: what users of govc type. Messages quote the host and the port at most: whatever else stands in
// the text may be a password, also one that was typed without percent-encoding.
#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "vsphere/connection.h"
#include "vsphere/error.h"

namespace failback::vsphere {
namespace {

constexpr std::string_view forms = "write it as vc.example, vc.example:443 or https://user@vc.example/sdk";

[[noreturn]] void refuse(std::string text, std::string_view remedy = forms) {
  fail(Category::usage, std::move(text), std::string(remedy));
}

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Nothing when an escape is not two hexadecimal digits, or stands for NUL.
std::optional<std::string> percentDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0 || high + low == 0) {
      wipe(out);
      return std::nullopt;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

bool isControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool isIpv6(const std::string& host) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

bool isHostName(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;  // international names, UTF-8
  });
}

bool isLoopback(const std::string& host) {
  in_addr v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  return host == "localhost" || host == "::1";
}

std::uint16_t parsePort(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0 || port > 65535) {
    refuse("the server's port is not a number from 1 to 65535");
  }
  return static_cast<std::uint16_t>(port);
}

void parseHostAndPort(std::string_view text, Url& url) {
  std::string_view port;
  bool hasPort = false;
  if (!text.empty() && text.front() == '[') {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) refuse("the server's IPv6 address lacks its closing bracket");
    url.host = text.substr(1, close - 1);
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && rest.front() != ':') refuse("after the server's IPv6 address comes no port");
    hasPort = !rest.empty();
    if (hasPort) port = rest.substr(1);
    if (!isIpv6(url.host)) refuse("what stands in brackets is not an IPv6 address");
  } else if (std::count(text.begin(), text.end(), ':') > 1) {
    url.host = text;
    if (!isIpv6(url.host)) refuse("the server's name holds more than one colon and is not an IPv6 address");
  } else {
    const std::size_t colon = text.find(':');
    hasPort = colon != std::string_view::npos;
    url.host = text.substr(0, colon);
    if (hasPort) port = text.substr(colon + 1);
    if (url.host.empty()) refuse("the server's name is missing");
    if (!isHostName(url.host)) refuse("the server's name holds a character that no host name has");
  }
  if (hasPort) url.port = parsePort(port);
}

void parseUserInfo(std::string_view text, ParsedUrl& parsed) {
  const std::size_t colon = text.find(':');
  constexpr std::string_view how = "write % as %25, @ as %40, / as %2F and : in the user's name as %3A";
  auto user = percentDecode(text.substr(0, colon));
  if (!user) refuse("the user's name in the URL has a % that is not followed by two hexadecimal digits", how);
  if (std::any_of(user->begin(), user->end(), isControl)) {
    refuse("the user's name in the URL holds a control character");
  }
  parsed.userName = *user;
  if (colon == std::string_view::npos) return;
  auto password = percentDecode(text.substr(colon + 1));
  if (!password) {
    refuse("the password in the URL has a % that is not followed by two hexadecimal digits", how);
  }
  parsed.password = Secret(*password);
  parsed.hasPassword = true;
  wipe(*password);
}

// "https://" or "http://" is cut off `rest`; without any it is https.
std::string takeScheme(std::string_view& rest) {
  const std::size_t mark = rest.find("://");
  // A password may hold "://", a scheme may not hold any of these.
  if (mark == std::string_view::npos || rest.substr(0, mark).find_first_of("@:/") != std::string_view::npos) {
    return "https";
  }
  std::string scheme(rest.substr(0, mark));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (scheme != "https" && scheme != "http")
    refuse("the server's URL begins with neither https:// nor http://");
  rest.remove_prefix(mark + 3);
  return scheme;
}

}  // namespace

std::string Url::origin() const {
  const bool v6 = host.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", scheme, v6 ? "[" : "", host, v6 ? "]" : "", port);
}

std::string Url::str() const {
  return origin() + path;
}

ParsedUrl parseUrl(const std::string& text) {
  std::string_view rest = text;
  if (rest.empty()) refuse("no server is named");
  if (std::any_of(rest.begin(), rest.end(), [](char c) { return isControl(c) || c == ' '; })) {
    refuse("the server's URL holds a blank or a control character");
  }
  ParsedUrl parsed;
  Url& url = parsed.url;
  url.scheme = takeScheme(rest);
  url.port = url.scheme == "http" ? 80 : 443;

  const std::size_t end = rest.find_first_of("/?#");
  std::string_view authority = rest.substr(0, end);
  const std::string_view tail = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
  if (tail.find('@') != std::string_view::npos) {
    refuse("the server's URL has an @ behind its first /, ? or #",
           "in the user's name and the password write / as %2F, ? as %3F, # as %23 and @ as %40");
  }
  if (tail.find_first_of("?#") != std::string_view::npos) {
    refuse("the server's URL has a query or a fragment, which no vSphere server takes");
  }
  // The last @: an unencoded one in a password is then read as what it most likely is.
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    parseUserInfo(authority.substr(0, at), parsed);
    authority.remove_prefix(at + 1);
  }
  parseHostAndPort(authority, url);
  if (!tail.empty() && tail != "/") url.path = tail;
  if (url.scheme == "http" && !isLoopback(url.host)) {
    refuse("plain http is for a mock on this machine only: it would show the password to the network",
           "use https://");
  }
  return parsed;
}

}  // namespace failback::vsphere
