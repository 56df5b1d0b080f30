// SPDX-License-Identifier: GPL-2.0-or-later
// The files in a state that is saved. Datastores that nobody has touched yet are not in it: their files
// follow from the inventory.
#include <nlohmann/json.hpp>

#include "mocks/file_store.h"
#include "mocks/state_value.h"

namespace failback::mock {

namespace {

Json fileIdJson(const FileId& file) {
  return Json::array({file.datastore, file.path});
}

FileId fileIdFrom(const Json& json, const std::string& place) {
  const bool good = json.is_array() && json.size() == 2 && json[0].is_string() && json[1].is_string();
  if (!good) throw JsonError(place, "a file is written [\"datastore-11\", \"web-01/web-01.vmdk\"]");
  return {json[0].get<std::string>(), json[1].get<std::string>()};
}

Json diskJson(const Descriptor& disk) {
  Json json{{"uuid", disk.uuid},         {"contentId", disk.contentId},
            {"capacity", disk.capacity}, {"provisioning", disk.provisioning},
            {"adapter", disk.adapter},   {"writes", disk.writes}};
  if (disk.parent) {
    json["parent"] = fileIdJson(*disk.parent);
    json["parentContentId"] = disk.parentContentId;
  }
  if (!disk.rawDevice.empty()) {
    json["rawDevice"] = disk.rawDevice;
    json["rawPhysical"] = disk.rawPhysical;
  }
  return json;
}

std::shared_ptr<const Descriptor> diskFrom(const Json& json, const std::string& place) {
  JsonReader in(json, place);
  auto disk = std::make_shared<Descriptor>();
  std::uint64_t capacity = 0;
  disk->uuid = stateText(in, "uuid");
  disk->contentId = stateText(in, "contentId");
  in.number("capacity", capacity, 0);
  disk->capacity = static_cast<std::int64_t>(capacity);
  disk->provisioning = stateText(in, "provisioning");
  disk->adapter = stateText(in, "adapter");
  disk->writes = in.need("writes").get<std::vector<std::string>>();
  if (const Json* parent = in.member("parent")) disk->parent = fileIdFrom(*parent, in.place("parent"));
  if (in.has("parentContentId")) disk->parentContentId = stateText(in, "parentContentId");
  if (in.has("rawDevice")) disk->rawDevice = stateText(in, "rawDevice");
  in.flag("rawPhysical", disk->rawPhysical);
  in.done();
  return disk;
}

Json storedJson(const StoredFile& file) {
  Json json{{"kind", static_cast<unsigned>(file.kind)}, {"size", file.size}, {"modified", file.modified}};
  if (file.owner != "root") json["owner"] = file.owner;
  if (file.disk) json["disk"] = diskJson(*file.disk);
  if (file.config.isSet()) json["config"] = encoded(file.config);
  if (file.snapshots.isSet()) json["snapshots"] = encoded(file.snapshots);
  if (!file.text.empty()) json["text"] = encodedText(file.text);
  return json;
}

StoredFile storedFrom(const Json& json, const std::string& place) {
  JsonReader in(json, place);
  StoredFile file;
  std::uint64_t kind = 0, size = 0;
  in.number("kind", kind, 0);
  if (kind > static_cast<std::uint64_t>(FileKind::other))
    throw JsonError(in.place("kind"), "no kind of file");
  file.kind = static_cast<FileKind>(kind);
  in.number("size", size, 0);
  file.size = static_cast<std::int64_t>(size);
  file.modified = stateText(in, "modified");
  if (in.has("owner")) file.owner = stateText(in, "owner");
  if (const Json* disk = in.member("disk")) file.disk = diskFrom(*disk, in.place("disk"));
  if (const Json* config = in.member("config")) file.config = decoded(*config, in.place("config"));
  if (const Json* list = in.member("snapshots")) file.snapshots = decoded(*list, in.place("snapshots"));
  if (const Json* text = in.member("text")) file.text = decodedText(*text, in.place("text"));
  in.done();
  return file;
}

}  // namespace

Json FileStore::save() const {
  Json stores = Json::object(), locks = Json::array();
  for (const auto& [id, files] : files_) {
    Json store{{"unmodelled", 0}, {"files", Json::object()}};
    if (const auto other = unmodelled_.find(id); other != unmodelled_.end())
      store["unmodelled"] = other->second;
    for (const auto& [path, file] : files) store["files"][path] = storedJson(file);
    stores[id] = std::move(store);
  }
  for (const auto& [file, holders] : locks_) {
    for (const Lock& each : holders) {
      locks.push_back({{"file", fileIdJson(file)},
                       {"holder", each.holder},
                       {"host", each.host},
                       {"shared", each.shared}});
    }
  }
  return {{"datastores", std::move(stores)}, {"locks", std::move(locks)}, {"nextDisk", nextDisk_}};
}

void FileStore::restore(const Json& saved, const std::string& place) {
  JsonReader in(saved, place);
  files_.clear();
  unmodelled_.clear();
  locks_.clear();
  changed_.clear();
  in.number("nextDisk", nextDisk_, 0);
  for (const auto& [id, store] : in.need("datastores").items()) {
    const std::string here = in.place("datastores") + "/" + id;
    JsonReader each(store, here);
    unmodelled_[id] = each.need("unmodelled").get<std::int64_t>();
    Files& files = files_[id];
    for (const auto& [path, file] : each.need("files").items())
      files.emplace(path, storedFrom(file, here + "/files/" + path));
    each.done();
  }
  for (const Json& lock : in.need("locks")) {
    JsonReader each(lock, in.place("locks"));
    Lock held;
    held.holder = stateText(each, "holder");
    held.host = stateText(each, "host");
    each.flag("shared", held.shared);
    locks_[fileIdFrom(each.need("file"), in.place("locks/file"))].push_back(held);
    each.done();
  }
  in.done();
}

}  // namespace failback::mock
