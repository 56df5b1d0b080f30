// SPDX-License-Identifier: GPL-2.0-or-later
// Writes each exchange into a folder, for support and for replay_transport.h, secrets cut out (redaction.h):
//
//   NNN-Method.request.xml    the request's body; NNN counts in order of sending, three or more digits
//   NNN-Method.response.xml   the answer's body, as decoded; missing when no answer came
//   NNN-Method.headers        "status 200" or "failed <category>" and what is known of it, then the request's
//                             headers ("> Name: value") and the answer's ("< name: value")
//
// Files appear whole (written aside, then renamed) with mode 0600, a folder that is made gets 0700. In a
// folder that holds recordings already the numbers go on behind the highest.
#pragma once

#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "vsphere/redaction.h"
#include "vsphere/transport.h"

namespace failback::vsphere {

// Thread-safe. Whole bodies are held in memory until they are written.
class RecordingTransport final : public Transport {
 public:
  // Throws Failure(usage) when the folder cannot be made or read.
  RecordingTransport(std::shared_ptr<Transport> below, std::shared_ptr<const Redactor> redactor,
                     std::string directory);

  // Throws Failure(usage) before anything is sent when the request, or an earlier answer, could not be
  // written: an answer is never withheld for that.
  Response send(const Request& request, const Context& context) override;

 private:
  std::string take(const std::string& method);
  std::string describeRequest(const Request& request) const;
  void write(const std::string& name, const std::string& content) const;
  void writeAnswer(const std::string& stem, const std::string* body, const std::string& headers) noexcept;

  std::shared_ptr<Transport> below_;
  std::shared_ptr<const Redactor> redactor_;
  std::string directory_;
  std::mutex mutex_;
  std::size_t next_ = 0;
  std::optional<Error> broken_;
};

}  // namespace failback::vsphere
