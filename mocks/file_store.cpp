// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/file_store.h"

#include <fmt/format.h>

namespace failback::mock {

std::string DatastorePath::text() const {
  return fmt::format("[{}] {}", datastore, path);
}

std::string DatastorePath::directory() const {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

std::string DatastorePath::fileName() const {
  return path.substr(path.rfind('/') + 1);
}

DatastorePath DatastorePath::sibling(const std::string& name) const {
  const std::string folder = directory();
  return {datastore, folder.empty() ? name : folder + "/" + name};
}

std::optional<DatastorePath> parseDatastorePath(std::string_view text) {
  const auto close = text.find(']');
  if (text.empty() || text.front() != '[' || close == std::string_view::npos) return std::nullopt;
  DatastorePath found{std::string(text.substr(1, close - 1)), {}};
  std::string_view path = text.substr(close + 1);
  while (!path.empty() && (path.front() == ' ' || path.front() == '/')) path.remove_prefix(1);
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  found.path = path;
  if (found.datastore.empty()) return std::nullopt;
  return found;
}

FileStore::FileStore(Inventory& inventory, std::function<std::string()> clock)
    : inventory_(inventory), clock_(std::move(clock)) {}

}  // namespace failback::mock
