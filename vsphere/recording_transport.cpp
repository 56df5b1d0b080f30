// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/recording_transport.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "vsphere/recording_names.h"

namespace failback::vsphere {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void failFile(const std::string& what, const std::string& path, int error) {
  fail(Category::usage, fmt::format("{} {}: {}", what, path, std::system_category().message(error)),
       "give --record a folder that this user can write to, on a disk with space left");
}

void makeFolder(const std::string& directory) {
  const fs::path parent = fs::absolute(directory).lexically_normal().parent_path();
  std::error_code error;
  fs::create_directories(parent, error);
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    failFile("cannot make the folder", directory, errno);
  }
  if (!fs::is_directory(directory, error)) failFile("cannot record into", directory, ENOTDIR);
}

std::size_t highestNumber(const std::string& directory) {
  std::size_t highest = 0;
  bool any = false;
  std::error_code error;
  fs::directory_iterator files(directory, error);
  if (error) failFile("cannot read the folder", directory, error.value());
  for (const auto& file : files) {
    if (const auto name = parseRecordingName(file.path().filename().string(), {})) {
      highest = std::max(highest, name->number);
      any = true;
    }
  }
  return any ? highest + 1 : 0;
}

// Owns a descriptor; close errors matter only where they are asked for.
class File {
 public:
  explicit File(const std::string& path)
      : descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool good() const { return descriptor_ >= 0; }
  bool write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t done = ::write(descriptor_, text.data(), text.size());
      if (done < 0 && errno == EINTR) continue;
      if (done < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
  }
  bool close() { return ::close(std::exchange(descriptor_, -1)) == 0; }

 private:
  int descriptor_;
};

std::string describeFailure(const Redactor& redactor, const Failure& failure) {
  const Error& error = failure.error();
  std::string text = fmt::format("failed {}\n", toString(error.category));
  if (const auto* transport = dynamic_cast<const TransportFailure*>(&failure)) {
    text += fmt::format("fate {}\ntransient {}\n", transport->fate() == Fate::notSent ? "notSent" : "unknown",
                        transport->transient() ? "yes" : "no");
  }
  text += fmt::format("text {}\n", redactor.text(describe(error)));
  if (!error.remedy.empty()) text += fmt::format("remedy {}\n", redactor.text(error.remedy));
  return text;
}

std::string describeAnswer(const Redactor& redactor, const Response& response) {
  std::string text;
  for (const auto& [name, value] : response.headers) {
    text += fmt::format("< {}: {}\n", name, redactor.header(name, value));
  }
  return text;
}

}  // namespace

RecordingTransport::RecordingTransport(std::shared_ptr<Transport> below,
                                       std::shared_ptr<const Redactor> redactor, std::string directory)
    : below_(std::move(below)), redactor_(std::move(redactor)), directory_(std::move(directory)) {
  makeFolder(directory_);
  next_ = highestNumber(directory_);
}

std::string RecordingTransport::take(const std::string& method) {
  std::string safe = method.empty() ? "unnamed" : method;
  std::replace_if(
      safe.begin(), safe.end(), [](unsigned char c) { return std::isalnum(c) == 0 && c != '_' && c != '.'; },
      '_');
  const std::lock_guard lock(mutex_);
  if (broken_) throw Failure(*broken_);
  return fmt::format("{:03}-{}", next_++, safe);
}

void RecordingTransport::write(const std::string& name, const std::string& content) const {
  const std::string path = directory_ + "/" + name;
  const std::string aside = directory_ + "/." + name + ".tmp";
  File file(aside);
  if (!file.good() || !file.write(content) || !file.close() || ::rename(aside.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(aside.c_str());
    failFile("cannot write the recording", path, error);
  }
}

void RecordingTransport::writeAnswer(const std::string& stem, const std::string* body,
                                     const std::string& headers) noexcept {
  try {
    if (body != nullptr) write(stem + ".response.xml", redactor_->body(*body));
    write(stem + ".headers", headers);
  } catch (const Failure& failure) {
    const std::lock_guard lock(mutex_);
    broken_ = failure.error();
  }
}

std::string RecordingTransport::describeRequest(const Request& request) const {
  std::string text;
  if (!request.soapAction.empty()) text += fmt::format("> SOAPAction: \"{}\"\n", request.soapAction);
  for (const auto& [name, value] : request.headers) {
    text += fmt::format("> {}: {}\n", name, redactor_->header(name, value));
  }
  return text;
}

Response RecordingTransport::send(const Request& request, const Context& context) {
  const std::string stem = take(request.method);
  write(stem + ".request.xml", redactor_->body(request.body));
  const std::string sent = describeRequest(request);
  std::string streamed;
  std::optional<Request> copied;  // a Login's body holds the password: not copied without need
  if (request.onBody) {
    copied = request;
    copied->onBody = [&](std::string_view piece) {
      streamed.append(piece);
      request.onBody(piece);
    };
  }
  try {
    Response response = below_->send(copied ? *copied : request, context);
    const std::string& body = streamed.empty() ? response.body : streamed;
    writeAnswer(stem, &body,
                fmt::format("status {}\n{}{}", response.status, sent, describeAnswer(*redactor_, response)));
    return response;
  } catch (const TransportFailure& failure) {
    writeAnswer(stem, streamed.empty() ? nullptr : &streamed, describeFailure(*redactor_, failure) + sent);
    throw;
  } catch (...) {
    // The context ended, or the receiver of the pieces wanted no more: what had come is a beginning.
    writeAnswer(stem, streamed.empty() ? nullptr : &streamed,
                (streamed.empty() ? "status 0\nended before an answer came\n"
                                  : "status 200\nended before the whole answer had come\n") +
                    sent);
    throw;
  }
}

}  // namespace failback::vsphere
