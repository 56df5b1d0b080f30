// SPDX-License-Identifier: GPL-2.0-or-later
// Files of datastores over HTTP, as a vCenter serves them below /folder: GET and HEAD read a file or list a
// directory, PUT writes one, DELETE removes it. "?dcPath=DC1&dsName=vmfs-01" says where; without dsName the
// datastores are listed, without dcPath the datacenters. Whoever asks has a session's cookie, or gives user
// and password (basic authentication), and needs Datastore.Browse to read and Datastore.FileManagement to
// write.
//
// The mock holds no bytes of disks: extents are answered with 501. Thread safe; takes the World's lock.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "mocks/file_store.h"
#include "mocks/http_message.h"
#include "mocks/scope.h"
#include "mocks/session.h"
#include "mocks/world.h"

namespace failback::mock {

class FolderAccess {
 public:
  explicit FolderAccess(World& world) : world_(world) {}

  // Is a request's path one of these?
  static bool serves(std::string_view path);
  HttpResponse handle(const HttpRequest& request);

 private:
  struct Asked {
    std::string path, datacenter, datastore;
  };

  std::shared_ptr<const Session> sessionOf(const HttpRequest& request);
  HttpResponse answer(const HttpRequest& request, const Asked& asked, const Scope& scope);
  HttpResponse datacenters(const Scope& scope) const;
  HttpResponse datastores(const Scope& scope, const ManagedObject& datacenter) const;
  HttpResponse read(const FileId& file);
  HttpResponse write(const FileId& file, const std::string& content);
  HttpResponse remove(const FileId& file);
  HttpResponse listing(const FileId& directory, const std::string& query);

  World& world_;
};

}  // namespace failback::mock
