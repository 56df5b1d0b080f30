// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/credentials.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <system_error>

#include "cli/file.h"
#include "vsphere/error.h"

namespace failback::cli {
namespace {

using vsphere::Category;
using vsphere::Secret;

struct FoundSecret {
  Secret secret;
  std::string origin;
};

// govc lets GOVC_USERNAME and GOVC_PASSWORD name a file that holds the value.
std::optional<FoundSecret> fileNamedBy(std::string_view value, const std::string& origin) {
  const std::string path(value);
  if (path.find('\0') != std::string::npos || path.size() > 4096) return std::nullopt;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(fd);
    return std::nullopt;
  }
  Secret secret = readSecretLine(fd, "the file that " + origin + " names");
  ::close(fd);
  return FoundSecret{std::move(secret), origin};
}

class Resolver {
 public:
  Resolver(const Sources& sources, const UrlFound& url, Settings& settings)
      : sources_(sources), url_(url), settings_(settings) {}

  void user() {
    for (const Level level : {Level::option, Level::environment, Level::govc, Level::file}) {
      if (const auto found = sources_.at(level, "username"); found && !found->text.empty()) {
        take(*found);
        return;
      }
      if (level == url_.level && !url_.parsed.userName.empty()) {
        settings_.credentials.userName = url_.parsed.userName;
        settings_.userOrigin = url_.origin;
        return;
      }
    }
    vsphere::fail(
        Category::usage, fmt::format("no user name for {}", settings_.connection.url.origin()),
        "use --username NAME, the variable FAILBACK_USERNAME or GOVC_USERNAME, or username = \"...\" in the "
        "configuration file");
  }

  void password(const AskPassword& ask) {
    std::optional<FoundSecret> found = fromOptions();
    if (!found) found = fromEnvironment();
    if (!found) found = fromUrl(Level::environment);
    if (!found) found = fromGovc();
    if (!found) found = fromUrl(Level::govc);
    if (!found) found = fromCredential();
    if (!found) found = fromFile();
    if (!found) found = fromPerson(ask);
    if (!found) {
      vsphere::fail(
          Category::usage,
          fmt::format("no password for {} at {}", settings_.credentials.userName,
                      settings_.connection.url.origin()),
          "use --password-file FILE, --password-fd N, the variable FAILBACK_PASSWORD, a systemd credential "
          "failback.password, or a terminal that can be asked");
    }
    settings_.credentials.password = found->secret;
    settings_.passwordOrigin = found->origin;
  }

 private:
  void take(const Found& found) {
    settings_.credentials.userName = found.text;
    settings_.userOrigin = found.origin;
    if (found.level != Level::govc) return;
    if (const auto named = fileNamedBy(found.text, found.origin)) {
      settings_.credentials.userName = std::string(named->secret.reveal());
    }
  }

  FoundSecret fromPath(const std::string& path, const std::string& origin) {
    const std::string what = fmt::format("the password file {} (from {})", path, origin);
    if (path == "-") return {readSecretLine(STDIN_FILENO, "the password on standard input"), origin};
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
      vsphere::fail(Category::usage,
                    fmt::format("cannot read {}: {}", what, std::generic_category().message(errno)),
                    "look at its name and permissions");
    }
    warnOfReaders(whoElseReads(fd), path);
    FoundSecret found{readSecretLine(fd, what), origin};
    ::close(fd);
    return found;
  }

  void warnOfReaders(const std::string& readers, const std::string& path) {
    if (readers.empty()) return;
    settings_.warnings.push_back(
        fmt::format("{} holds a password and can be read {}: chmod 600 {}", path, readers, path));
  }

  std::optional<FoundSecret> fromOptions() {
    const auto file = sources_.at(Level::option, "password-file");
    const auto fd = sources_.arguments().one("password-fd");
    if (file && fd) {
      vsphere::fail(Category::usage, "--password-file and --password-fd were both given", "use one of them");
    }
    if (file) return fromPath(file->text, file->origin);
    if (!fd) return std::nullopt;
    int number = -1;
    const auto [end, error] = std::from_chars(fd->data(), fd->data() + fd->size(), number);
    if (error != std::errc{} || end != fd->data() + fd->size() || number < 0 || number == STDOUT_FILENO ||
        number == STDERR_FILENO) {
      vsphere::fail(Category::usage, fmt::format("--password-fd {} is no descriptor to read from", *fd),
                    "open one for it, as in: failback ... --password-fd 3 3<FILE");
    }
    return FoundSecret{readSecretLine(number, fmt::format("the password on descriptor {}", number)),
                       "--password-fd"};
  }

  std::optional<FoundSecret> fromEnvironment() {
    Secret secret = sources_.environment().secret("FAILBACK_PASSWORD");
    if (!secret.empty()) return FoundSecret{std::move(secret), "FAILBACK_PASSWORD"};
    const auto file = sources_.at(Level::environment, "password-file");
    if (file && !file->text.empty()) return fromPath(file->text, file->origin);
    return std::nullopt;
  }

  // A password in the URL is that of the URL's user, and of nobody else.
  std::optional<FoundSecret> fromUrl(Level level) {
    if (url_.level != level || !url_.parsed.hasPassword) return std::nullopt;
    const bool same = url_.parsed.userName.empty() || url_.parsed.userName == settings_.credentials.userName;
    // govc's GOVC_USERNAME replaces the user in GOVC_URL and keeps the password.
    if (!same && level != Level::govc) return std::nullopt;
    return FoundSecret{url_.parsed.password, url_.origin};
  }

  std::optional<FoundSecret> fromGovc() {
    Secret secret = sources_.environment().secret("GOVC_PASSWORD");
    if (secret.empty()) return std::nullopt;
    if (auto named = fileNamedBy(secret.reveal(), "GOVC_PASSWORD")) return named;
    return FoundSecret{std::move(secret), "GOVC_PASSWORD"};
  }

  // systemd.exec(5), LoadCredential=failback.password:...
  std::optional<FoundSecret> fromCredential() {
    const std::string directory = sources_.environment().get("CREDENTIALS_DIRECTORY").value_or("");
    if (directory.empty()) return std::nullopt;
    const std::string path = directory + "/failback.password";
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
      if (errno == ENOENT) return std::nullopt;
      vsphere::fail(Category::usage,
                    fmt::format("cannot read the systemd credential {}: {}", path,
                                std::generic_category().message(errno)),
                    "look at the unit's LoadCredential=");
    }
    FoundSecret found{readSecretLine(fd, "the systemd credential " + path), path};
    ::close(fd);
    return found;
  }

  std::optional<FoundSecret> fromFile() {
    const ConfigFile& file = sources_.file();
    if (const auto named = sources_.at(Level::file, "password-file"); named && !named->text.empty()) {
      return fromPath(named->text, named->origin);
    }
    Secret secret = file.secret("password");
    if (!secret.empty()) {
      warnOfReaders(file.readableBy(), file.path());
      return FoundSecret{std::move(secret), file.originOf("password")};
    }
    auto found = fromUrl(Level::file);
    if (found) warnOfReaders(file.readableBy(), file.path());
    return found;
  }

  std::optional<FoundSecret> fromPerson(const AskPassword& ask) {
    if (!ask) return std::nullopt;
    auto secret = ask(fmt::format("Password for {} at {}: ", settings_.credentials.userName,
                                  settings_.connection.url.origin()));
    if (!secret || secret->empty()) return std::nullopt;
    return FoundSecret{std::move(*secret), "the terminal"};
  }

  const Sources& sources_;
  const UrlFound& url_;
  Settings& settings_;
};

}  // namespace

void resolveCredentials(const Sources& sources, const UrlFound& url, const AskPassword& ask,
                        Settings& settings) {
  Resolver resolver(sources, url, settings);
  resolver.user();
  resolver.password(ask);
}

}  // namespace failback::cli
