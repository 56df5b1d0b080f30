// SPDX-License-Identifier: GPL-2.0-or-later
// Virtual disks: a descriptor with its extent, chains of deltas, and what was written to them.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mocks/fault.h"
#include "mocks/file_store.h"
#include "mocks/random_source.h"

namespace failback::mock {

namespace {

constexpr std::int64_t descriptorSize = 560;
constexpr std::int64_t emptyDelta = 64LL << 20;
constexpr std::array<std::string_view, 5> extentEndings{"-flat", "-sesparse", "-delta", "-rdm", "-rdmp"};

std::string stemOf(const std::string& path) {
  return path.ends_with(".vmdk") ? path.substr(0, path.size() - 5) : path;
}

std::string contentIdFrom(std::string_view seed) {
  return fmt::format("{:016x}{:016x}", hashOf(seed), hashOf(fmt::format("{}/2", seed)));
}

}  // namespace

// Where a disk's data lie; "" on object stores, where no file shows it.
static std::string extentFor(const Inventory& inventory, const FileId& descriptor, bool delta) {
  const std::string_view type = inventory.need(descriptor.datastore).state.at("summary.type").string();
  if (type == "vsan" || type == "VVOL") return {};
  const std::string_view ending = !delta ? "-flat" : type == "VMFS" ? "-sesparse" : "-delta";
  return stemOf(descriptor.path) + std::string(ending) + ".vmdk";
}

void FileStore::createDisk(const FileId& file, NewDisk disk) {
  if (exists(file)) {
    const std::string path = pathOf(file);
    throw makeFault("FileAlreadyExists", "The file already exists: " + path, {{"file", path}});
  }
  auto made = std::make_shared<Descriptor>();
  made->capacity = disk.capacity;
  made->provisioning = disk.provisioning;
  made->adapter = disk.adapter;
  made->uuid = disk.uuid;
  if (disk.parent) {
    const Descriptor& parent = descriptor(*disk.parent);
    made->capacity = parent.capacity;
    made->uuid = parent.uuid;
    made->adapter = parent.adapter;
    made->rawDevice = parent.rawDevice;
    made->rawPhysical = parent.rawPhysical;
    made->provisioning = "thin";
    made->parent = disk.parent;
    made->parentContentId = parent.contentId;
  }
  const std::string seed = fmt::format("{}/{}/{}/{}", file.datastore, file.path, nextDisk_++, clock_());
  if (made->uuid.empty()) made->uuid = uuidFor("disk/" + seed, "6000C29");
  made->contentId = disk.parent ? made->parentContentId : contentIdFrom(seed);
  const std::int64_t bytes = disk.parent ? emptyDelta : made->provisioning == "thin" ? 0 : made->capacity;
  StoredFile text;
  text.kind = FileKind::descriptor;
  text.size = descriptorSize;
  text.disk = made;
  const std::string extent = extentFor(inventory_, file, made->parent.has_value());
  if (extent.empty()) text.size += bytes;
  put(file, std::move(text));
  if (extent.empty()) return;
  StoredFile data;
  data.kind = FileKind::extent;
  data.size = bytes;
  put({file.datastore, extent}, std::move(data));
}

const Descriptor& FileStore::descriptor(const FileId& file) {
  const StoredFile& found = need(file);
  if (!found.disk) {
    const std::string path = pathOf(file);
    throw makeFault("InvalidDiskFormat", "The file is no virtual disk: " + path);
  }
  return *found.disk;
}

void FileStore::changeDescriptor(const FileId& file, const std::function<void(Descriptor&)>& change) {
  auto changed = std::make_shared<Descriptor>(descriptor(file));
  const std::int64_t before = changed->capacity;
  change(*changed);
  StoredFile& stored = of(file.datastore).at(file.path);
  if (changed->provisioning != "thin" && changed->capacity != before && !changed->parent) {
    const std::string extent = extentFor(inventory_, file, false);
    StoredFile& data = extent.empty() ? stored : of(file.datastore)[extent];
    data.size += changed->capacity - before;
  }
  stored.disk = std::move(changed);
  stored.modified = clock_();
  changed_.push_back(file.datastore);
}

void FileStore::removeDisk(const FileId& file) {
  (void)descriptor(file);
  needUnlocked(file);
  Files& files = of(file.datastore);
  files.erase(file.path);
  for (const std::string_view ending : extentEndings)
    files.erase(stemOf(file.path) + std::string(ending) + ".vmdk");
  changed_.push_back(file.datastore);
}

void FileStore::moveDisk(const FileId& from, const FileId& to) {
  StoredFile moved = need(from);
  (void)descriptor(from);
  if (exists(to)) {
    const std::string path = pathOf(to);
    throw makeFault("FileAlreadyExists", "The file already exists: " + path, {{"file", path}});
  }
  const std::int64_t bytes = sizeOf(from);
  const auto held = locks_.find(from);
  if (held != locks_.end()) {
    locks_[to] = held->second;
    locks_.erase(from);
  }
  removeDisk(from);
  const std::string extent = extentFor(inventory_, to, moved.disk->parent.has_value());
  moved.size = extent.empty() ? bytes : descriptorSize;
  put(to, std::move(moved));
  if (extent.empty()) return;
  StoredFile data;
  data.kind = FileKind::extent;
  data.size = std::max<std::int64_t>(0, bytes - descriptorSize);
  put({to.datastore, extent}, std::move(data));
}

void FileStore::copyDisk(const FileId& from, const FileId& to, bool newUuid) {
  const Descriptor source = descriptor(from);
  const std::vector<std::string> content = contents(from);
  std::int64_t bytes = 0;
  for (const FileId& each : chain(from)) bytes += sizeOf(each) - descriptorSize;
  NewDisk made;
  made.uuid = newUuid ? std::string() : source.uuid;
  made.capacity = source.capacity;
  made.provisioning = source.provisioning;
  made.adapter = source.adapter;
  createDisk(to, made);
  changeDescriptor(to, [&](Descriptor& copy) {
    copy.writes = content;
    copy.contentId = source.contentId;
  });
  if (source.provisioning != "thin") return;
  const std::string extent = extentFor(inventory_, to, false);
  StoredFile& data = of(to.datastore).at(extent.empty() ? to.path : extent);
  data.size += std::min(bytes, source.capacity);
}

std::vector<FileId> FileStore::chain(const FileId& file) {
  (void)descriptor(file);
  std::vector<FileId> found;
  std::optional<FileId> next = file;
  while (next && std::find(found.begin(), found.end(), *next) == found.end()) {
    const StoredFile* stored = find(*next);
    if (!stored || !stored->disk) break;
    found.push_back(*next);
    next = stored->disk->parent;
  }
  return found;
}

void FileStore::mergeIntoParent(const FileId& delta) {
  const Descriptor merged = descriptor(delta);
  if (!merged.parent) return;
  const FileId parent = *merged.parent;
  const std::int64_t bytes = std::max<std::int64_t>(0, sizeOf(delta) - descriptorSize - emptyDelta);
  changeDescriptor(parent, [&](Descriptor& below) {
    below.writes.insert(below.writes.end(), merged.writes.begin(), merged.writes.end());
    if (!merged.writes.empty()) below.contentId = merged.contentId;
  });
  const Descriptor below = descriptor(parent);
  if (below.parent || below.provisioning == "thin") {
    const std::string extent = extentFor(inventory_, parent, below.parent.has_value());
    StoredFile& data = of(parent.datastore)[extent.empty() ? parent.path : extent];
    data.size = std::min(data.size + bytes, below.capacity + descriptorSize);
  }
  removeDisk(delta);
}

void FileStore::write(const FileId& file, const std::string& token) {
  changeDescriptor(file, [&](Descriptor& each) {
    each.writes.push_back(token);
    each.contentId = contentIdFrom(fmt::format("{}/{}/{}", each.contentId, token, each.writes.size()));
  });
}

std::vector<std::string> FileStore::contents(const FileId& file) {
  std::vector<std::string> all;
  const std::vector<FileId> files = chain(file);
  for (auto each = files.rbegin(); each != files.rend(); ++each) {
    const std::vector<std::string>& writes = descriptor(*each).writes;
    all.insert(all.end(), writes.begin(), writes.end());
  }
  return all;
}

std::int64_t FileStore::sizeOf(const FileId& file) {
  std::int64_t bytes = need(file).size;
  for (const std::string_view ending : extentEndings) {
    const StoredFile* extent = find({file.datastore, stemOf(file.path) + std::string(ending) + ".vmdk"});
    if (extent) bytes += extent->size;
  }
  return bytes;
}

}  // namespace failback::mock
