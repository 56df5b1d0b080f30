// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/file_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "mocks/fault.h"

namespace failback::mock {

namespace {

[[noreturn]] void fileFault(std::string_view type, std::string_view text, const std::string& file) {
  throw makeFault(type, fmt::format("{} {}", text, file), {{"file", file}});
}

std::string parentOf(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

bool isBelow(std::string_view path, std::string_view directory) {
  return path == directory || (path.starts_with(directory) && path[directory.size()] == '/');
}

}  // namespace

std::string DatastorePath::text() const {
  return path.empty() ? fmt::format("[{}]", datastore) : fmt::format("[{}] {}", datastore, path);
}

std::string DatastorePath::directory() const {
  return parentOf(path);
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

std::optional<MoRef> FileStore::datastoreNamed(std::string_view name,
                                               const std::optional<MoRef>& datacenter) const {
  for (const ManagedObject* each : inventory_.all("Datastore")) {
    if (each->state.at("name").string() != name) continue;
    if (!datacenter) return each->ref;
    const ManagedObject* above = each;
    while (above && above->ref != *datacenter) {
      const MoRef* parent = above->type().find("parent") ? above->state.at("parent").asRef() : nullptr;
      above = parent ? inventory_.find(parent->id) : nullptr;
    }
    if (above) return each->ref;
  }
  return std::nullopt;
}

std::string FileStore::nameOf(std::string_view datastoreId) const {
  return std::string(inventory_.need(datastoreId).state.at("name").string());
}

FileId FileStore::locate(std::string_view datastorePath, const std::optional<MoRef>& datacenter) const {
  const auto parsed = parseDatastorePath(datastorePath);
  if (!parsed) {
    throw makeFault("InvalidDatastorePath", fmt::format("Invalid datastore path '{}'.", datastorePath),
                    {{"datastorePath", datastorePath}});
  }
  const auto datastore = datastoreNamed(parsed->datastore, datacenter);
  if (!datastore) {
    throw makeFault("InvalidDatastore", fmt::format("The datastore '{}' is not known.", parsed->datastore),
                    {{"name", parsed->datastore}});
  }
  return {datastore->id, parsed->path};
}

std::string FileStore::pathOf(const FileId& file) const {
  return DatastorePath{nameOf(file.datastore), file.path}.text();
}

FileStore::Files& FileStore::of(const std::string& datastoreId) {
  const auto found = files_.find(datastoreId);
  if (found != files_.end()) return found->second;
  Files& files = files_[datastoreId];
  populate(datastoreId, files);
  return files;
}

const StoredFile* FileStore::find(const FileId& file) {
  Files& files = of(file.datastore);
  const auto found = files.find(file.path);
  return found == files.end() ? nullptr : &found->second;
}

const StoredFile& FileStore::need(const FileId& file) {
  const StoredFile* found = find(file);
  if (!found) fileFault("FileNotFound", "File was not found:", pathOf(file));
  return *found;
}

std::vector<std::pair<std::string, const StoredFile*>> FileStore::list(const std::string& datastoreId,
                                                                       const std::string& directory) {
  std::vector<std::pair<std::string, const StoredFile*>> found;
  Files& files = of(datastoreId);
  const std::string prefix = directory.empty() ? std::string() : directory + "/";
  for (auto each = files.lower_bound(prefix); each != files.end() && each->first.starts_with(prefix);
       ++each) {
    const std::string name = each->first.substr(prefix.size());
    if (!name.empty() && name.find('/') == std::string::npos) found.emplace_back(name, &each->second);
  }
  return found;
}

std::vector<std::string> FileStore::below(const FileId& directory) {
  std::vector<std::string> found;
  for (const auto& [path, file] : of(directory.datastore)) {
    if (directory.path.empty() || isBelow(path, directory.path)) found.push_back(path);
  }
  return found;
}

void FileStore::put(const FileId& file, StoredFile content) {
  Files& files = of(file.datastore);
  for (std::string above = parentOf(file.path); !above.empty(); above = parentOf(above)) {
    if (files.contains(above)) break;
    StoredFile directory;
    directory.kind = FileKind::directory;
    directory.modified = clock_();
    files.emplace(above, std::move(directory));
  }
  if (content.modified.empty()) content.modified = clock_();
  files.insert_or_assign(file.path, std::move(content));
  changed_.push_back(file.datastore);
}

void FileStore::makeDirectory(const FileId& directory, bool withParents) {
  if (exists(directory)) fileFault("FileAlreadyExists", "The file already exists:", pathOf(directory));
  const std::string parent = parentOf(directory.path);
  if (!withParents && !parent.empty()) (void)need({directory.datastore, parent});
  StoredFile made;
  made.kind = FileKind::directory;
  put(directory, std::move(made));
}

void FileStore::remove(const FileId& file) {
  (void)need(file);
  const std::vector<std::string> all = below(file);
  for (const std::string& path : all) needUnlocked({file.datastore, path});
  Files& files = of(file.datastore);
  for (const std::string& path : all) files.erase(path);
  changed_.push_back(file.datastore);
}

void FileStore::move(const FileId& from, const FileId& to, bool force) {
  (void)need(from);
  if (exists(to)) {
    if (!force) fileFault("FileAlreadyExists", "The file already exists:", pathOf(to));
    remove(to);
  }
  const std::vector<std::string> all = below(from);
  for (const std::string& path : all) needUnlocked({from.datastore, path});
  for (const std::string& path : all) {
    StoredFile content = of(from.datastore).at(path);
    keepParent(content, from, to, all);
    of(from.datastore).erase(path);
    put({to.datastore, to.path + path.substr(from.path.size())}, std::move(content));
  }
  changed_.push_back(from.datastore);
}

void FileStore::keepParent(StoredFile& delta, const FileId& from, const FileId& to,
                           const std::vector<std::string>& along) {
  if (!delta.disk || !delta.disk->parent) return;
  const FileId& parent = *delta.disk->parent;
  if (parent.datastore != from.datastore || std::find(along.begin(), along.end(), parent.path) == along.end())
    return;
  auto changed = std::make_shared<Descriptor>(*delta.disk);
  changed->parent = FileId{to.datastore, to.path + parent.path.substr(from.path.size())};
  delta.disk = std::move(changed);
}

void FileStore::lock(const FileId& file, const Lock& lock) {
  std::vector<Lock>& held = locks_[file];
  for (Lock& each : held) {
    if (each.holder == lock.holder) {
      each = lock;
      return;
    }
    if (!each.shared || !lock.shared)
      fileFault("FileLocked", "Unable to access file since it is locked:", pathOf(file));
  }
  held.push_back(lock);
}

void FileStore::unlock(const FileId& file, std::string_view holder) {
  const auto found = locks_.find(file);
  if (found == locks_.end()) return;
  std::erase_if(found->second, [holder](const Lock& each) { return each.holder == holder; });
  if (found->second.empty()) locks_.erase(found);
}

void FileStore::unlockAll(std::string_view holder) {
  for (auto each = locks_.begin(); each != locks_.end();) {
    std::erase_if(each->second, [holder](const Lock& lock) { return lock.holder == holder; });
    each = each->second.empty() ? locks_.erase(each) : std::next(each);
  }
}

std::vector<FileStore::Lock> FileStore::locks(const FileId& file) const {
  auto found = locks_.find(file);
  for (const std::string_view ending :
       {"-flat.vmdk", "-sesparse.vmdk", "-delta.vmdk", "-rdm.vmdk", "-rdmp.vmdk"}) {
    if (found != locks_.end() || !file.path.ends_with(ending)) continue;
    found = locks_.find({file.datastore, file.path.substr(0, file.path.size() - ending.size()) + ".vmdk"});
  }
  return found == locks_.end() ? std::vector<Lock>{} : found->second;
}

void FileStore::needUnlocked(const FileId& file, std::string_view exceptHolder) const {
  for (const Lock& each : locks(file)) {
    if (each.holder != exceptHolder)
      fileFault("FileLocked", "Unable to access file since it is locked:", pathOf(file));
  }
}

std::int64_t FileStore::used(const std::string& datastoreId) {
  std::int64_t bytes = 0;
  for (const auto& [path, file] : of(datastoreId)) bytes += file.size;
  return bytes;
}

std::int64_t FileStore::promised(const std::string& datastoreId) {
  std::int64_t bytes = 0;
  std::vector<std::string> disks;
  for (const auto& [path, file] : of(datastoreId)) {
    if (file.disk && file.disk->provisioning == "thin") disks.push_back(path);
  }
  for (const std::string& path : disks) {
    const FileId disk{datastoreId, path};
    bytes += std::max<std::int64_t>(0, descriptor(disk).capacity - sizeOf(disk));
  }
  return bytes;
}

void FileStore::updateDatastores() {
  std::vector<std::string> changed;
  changed.swap(changed_);
  std::sort(changed.begin(), changed.end());
  changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
  for (const std::string& id : changed) {
    const ManagedObject* datastore = inventory_.find(id);
    if (!datastore) continue;
    const std::int64_t capacity = datastore->state.at("summary.capacity").asInteger().value_or(0);
    const std::int64_t free = std::max<std::int64_t>(0, capacity - unmodelled_[id] - used(id));
    inventory_.replace(id, datastore->state.with("summary.freeSpace", free)
                               .with("info.freeSpace", free)
                               .with("summary.uncommitted", promised(id)));
  }
}

}  // namespace failback::mock
