// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/known_hosts.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <sstream>
#include <system_error>
#include <vector>

#include "cli/file.h"
#include "discovery/kind.h"
#include "vsphere/error.h"

namespace failback::cli {
namespace {

std::vector<std::string> splitList(const std::string& files) {
  std::vector<std::string> names;
  std::istringstream input(files);
  for (std::string name; std::getline(input, name, ':');) {
    if (!name.empty()) names.push_back(name);
  }
  return names;
}

std::string hostAndPort(const vsphere::Url& url) {
  const bool ipv6 = url.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", ipv6 ? "[" : "", url.host, ipv6 ? "]" : "", url.port);
}

// A port is what follows the last colon, unless that colon is an IPv6 address's.
std::string withPort(const std::string& host) {
  const std::size_t colon = host.rfind(':');
  const std::size_t bracket = host.rfind(']');
  const bool hasPort = colon != std::string::npos &&
                       (bracket == std::string::npos ? host.find(':') == colon : colon > bracket);
  return hasPort ? host : host + ":443";
}

}  // namespace

std::optional<std::string> knownThumbprint(const std::string& files, const vsphere::Url& url) {
  std::optional<std::string> found;
  const std::string wanted = hostAndPort(url);
  for (const std::string& name : splitList(files)) {
    if (::access(name.c_str(), F_OK) != 0) continue;
    std::istringstream lines(readWholeFile(name, "GOVC_TLS_KNOWN_HOSTS").text);
    for (std::string line; std::getline(lines, line);) {
      const std::size_t blank = line.find(' ');
      if (blank == std::string::npos) continue;
      if (!discovery::equalIgnoringCase(withPort(line.substr(0, blank)), wanted)) continue;
      std::string thumbprint = line.substr(blank + 1);
      while (!thumbprint.empty() && (thumbprint.back() == '\r' || thumbprint.back() == ' '))
        thumbprint.pop_back();
      found = thumbprint;
    }
  }
  return found;
}

JoinedCaFile::JoinedCaFile(const std::string& files, const std::string& origin) {
  const std::vector<std::string> names = splitList(files);
  if (names.size() == 1) {
    path_ = names.front();
    return;
  }
  std::string joined;
  for (const std::string& name : names) joined += readWholeFile(name, origin).text + "\n";
  fd_ = ::memfd_create("failback-ca", MFD_CLOEXEC);
  if (fd_ < 0 || ::write(fd_, joined.data(), joined.size()) != static_cast<ssize_t>(joined.size())) {
    vsphere::fail(
        vsphere::Category::internal,
        fmt::format("cannot join the files of {}: {}", origin, std::generic_category().message(errno)),
        "join them into one file");
  }
  path_ = fmt::format("/proc/self/fd/{}", fd_);
}

JoinedCaFile::~JoinedCaFile() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace failback::cli
