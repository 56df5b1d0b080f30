// SPDX-License-Identifier: GPL-2.0-or-later
// GOVC_TLS_KNOWN_HOSTS and GOVC_TLS_CA_CERTS: govc's files of trusted servers.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "vsphere/connection.h"

namespace failback::cli {

// Looks in files, separated by ":", for a line "HOST[:PORT] THUMBPRINT" of this server; without a port 443 is
// meant. Files that do not exist are passed over, as govc does; the last matching line counts.
std::optional<std::string> knownThumbprint(const std::string& files, const vsphere::Url& url);

// One CA file made of several, separated by ":". A single one is used as it is; several are joined in memory
// that lives as long as this object.
class JoinedCaFile {
 public:
  // Throws Failure(usage) when one can't be read. `origin` names the setting in errors.
  JoinedCaFile(const std::string& files, const std::string& origin);
  ~JoinedCaFile();
  JoinedCaFile(const JoinedCaFile&) = delete;
  JoinedCaFile& operator=(const JoinedCaFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  int fd_ = -1;
  std::string path_;
};

}  // namespace failback::cli
