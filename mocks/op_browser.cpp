// SPDX-License-Identifier: GPL-2.0-or-later
// HostDatastoreBrowser: what lies in the directories of a datastore.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "mocks/entity_tools.h"
#include "mocks/fault.h"
#include "mocks/file_tools.h"
#include "mocks/operation_tables.h"

namespace failback::mock {

namespace {

using Listed = std::pair<std::string, const StoredFile*>;  // name and file

struct KindNames {
  std::string_view query, info;
};

// By which query a file is found, and as what it shows then. Extents belong to their disk, and no query finds
// them on their own.
KindNames namesOf(const std::string& name, const StoredFile& file) {
  switch (file.kind) {
    case FileKind::directory:
      return {"FolderFileQuery", "FolderFileInfo"};
    case FileKind::descriptor:
      return {"VmDiskFileQuery", "VmDiskFileInfo"};
    case FileKind::config:
      if (name.ends_with(".vmtx")) return {"TemplateConfigFileQuery", "TemplateConfigFileInfo"};
      return {"VmConfigFileQuery", "VmConfigFileInfo"};
    case FileKind::nvram:
      return {"VmNvramFileQuery", "VmNvramFileInfo"};
    case FileKind::log:
      return {"VmLogFileQuery", "VmLogFileInfo"};
    case FileKind::snapshotData:
    case FileKind::snapshotMemory:
      return {"VmSnapshotFileQuery", "VmSnapshotFileInfo"};
    default:
      break;
  }
  if (name.ends_with(".iso")) return {"IsoImageFileQuery", "IsoImageFileInfo"};
  if (name.ends_with(".flp")) return {"FloppyImageFileQuery", "FloppyImageFileInfo"};
  return {"FileQuery", "FileInfo"};
}

bool isSet(const Value& flag) {
  const bool* value = flag.asBool();
  return value && *value;
}

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// '*' stands for any characters, '?' for one.
bool matches(std::string_view pattern, std::string_view name, bool anyCase) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, retry = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n] ||
                                      (anyCase && lower(pattern[p]) == lower(name[n])))) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string diskTypeOf(const Descriptor& disk) {
  return disk.rawDevice.empty() ? "VirtualDiskFlatVer2BackingInfo"
                                : "VirtualDiskRawDiskMappingVer1BackingInfo";
}

std::string controllerTypeOf(const Descriptor& disk) {
  if (disk.adapter == "ide") return "VirtualIDEController";
  return disk.adapter == "buslogic" ? "VirtualBusLogicController" : "VirtualLsiLogicController";
}

bool contains(const Value& wanted, std::string_view text) {
  const List* items = wanted.asList();
  return !items || items->items.empty() ||
         std::any_of(items->items.begin(), items->items.end(),
                     [text](const Value& each) { return each.string() == text; });
}

bool passesFilter(const Value& query, const StoredFile& file) {
  if (!query.asObject()->type().isA("VmDiskFileQuery") || !query.at("filter").isSet()) return true;
  const Value& filter = query.at("filter");
  const bool* thin = filter.at("thin").asBool();
  return contains(filter.at("diskType"), diskTypeOf(*file.disk)) &&
         contains(filter.at("controllerType"), controllerTypeOf(*file.disk)) &&
         (!thin || *thin == (file.disk->provisioning == "thin"));
}

// One search: the world and what was asked.
class Search {
 public:
  Search(World& world, const Value& spec) : world_(world) {
    if (!spec.isSet()) return;
    if (const List* queries = spec.at("query").asList()) queries_ = queries->items;
    if (const List* patterns = spec.at("matchPattern").asList()) patterns_ = patterns->items;
    details_ = spec.at("details");
    anyCase_ = isSet(spec.at("searchCaseInsensitive"));
    foldersFirst_ = isSet(spec.at("sortFoldersFirst"));
  }

  Value directory(const FileId& at) const {
    std::vector<Listed> listed = world_.files.list(at.datastore, at.path);
    if (foldersFirst_) {
      std::stable_partition(listed.begin(), listed.end(),
                            [](const Listed& each) { return each.second->kind == FileKind::directory; });
    }
    std::vector<Value> found;
    for (const Listed& each : listed) {
      if (const Value info = infoOf(at, each.first, *each.second); info.isSet()) found.push_back(info);
    }
    const std::string path = world_.files.pathOf(at) + (at.path.empty() ? "" : "/");
    return object("HostDatastoreBrowserSearchResults", {{"datastore", MoRef{"Datastore", at.datastore}},
                                                        {"folderPath", path},
                                                        {"file", found.empty() ? Value() : Value(found)}});
  }

 private:
  bool named(const std::string& name) const {
    return patterns_.empty() || std::any_of(patterns_.begin(), patterns_.end(), [&](const Value& each) {
             return matches(each.string(), name, anyCase_);
           });
  }

  // The first query that finds the file; null when none does.
  const Value* queryFor(std::string_view query, const StoredFile& file) const {
    for (const Value& each : queries_) {
      const std::string_view type = each.asObject()->type().name;
      if ((type == query || type == "FileQuery") && passesFilter(each, file)) return &each;
    }
    return nullptr;
  }

  Value infoOf(const FileId& directory, const std::string& name, const StoredFile& file) const {
    if (!named(name)) return {};
    const KindNames names = namesOf(name, file);
    const Value* query = queryFor(names.query, file);
    if (!queries_.empty() && !query) return {};
    const FileId id{directory.datastore, directory.path.empty() ? name : directory.path + "/" + name};
    std::vector<Field> fields{{"path", name}};
    const bool asDisk = query && file.disk;
    if (isSet(details_.at("fileSize")))
      fields.emplace_back("fileSize", asDisk ? world_.files.sizeOf(id) : file.size);
    if (isSet(details_.at("modification")))
      fields.emplace_back("modification", Value::dateTime(file.modified));
    if (isSet(details_.at("fileOwner"))) fields.emplace_back("owner", file.owner);
    const bool typed = query || isSet(details_.at("fileType"));
    if (query && query->asObject()->type().name == "VmDiskFileQuery")
      addDiskDetails(query->at("details"), id, *file.disk, fields);
    if (query && query->asObject()->type().isA("VmConfigFileQuery"))
      addConfigDetails(query->at("details"), file, fields);
    return object(typed ? names.info : "FileInfo", fields);
  }

  void addDiskDetails(const Value& asked, const FileId& id, const Descriptor& disk,
                      std::vector<Field>& fields) const {
    if (!asked.isSet()) return;
    if (isSet(asked.at("diskType"))) fields.emplace_back("diskType", diskTypeOf(disk));
    if (isSet(asked.at("capacityKb"))) fields.emplace_back("capacityKb", disk.capacity / 1024);
    if (isSet(asked.at("hardwareVersion"))) fields.emplace_back("hardwareVersion", hardwareVersion());
    if (isSet(asked.at("controllerType"))) fields.emplace_back("controllerType", controllerTypeOf(disk));
    if (isSet(asked.at("diskExtents"))) {
      std::vector<Value> extents;
      for (const FileId& each : extentsOf(world_, id)) extents.emplace_back(world_.files.pathOf(each));
      if (!extents.empty()) fields.emplace_back("diskExtents", extents);
    }
    if (isSet(asked.at("thin"))) fields.emplace_back("thin", disk.provisioning == "thin");
  }

  // What disks are written as by the hosts of the release.
  std::int32_t hardwareVersion() const {
    switch (world_.release()) {
      case Release::v65:
        return 13;
      case Release::v67:
        return 14;
      case Release::v70:
        return 17;
      default:
        return 20;
    }
  }

  static void addConfigDetails(const Value& asked, const StoredFile& file, std::vector<Field>& fields) {
    if (!asked.isSet() || !isSet(asked.at("configVersion")) || !file.config.isSet()) return;
    const std::string version(file.config.at("version").string());  // "vmx-19"
    if (version.starts_with("vmx-"))
      fields.emplace_back("configVersion", static_cast<std::int32_t>(std::stol(version.substr(4))));
  }

  World& world_;
  std::vector<Value> queries_, patterns_;
  Value details_ = object("FileQueryFlags");
  bool anyCase_ = false, foldersFirst_ = false;
};

// Of the browser's own datastores.
FileId placeOf(Operation& op) {
  const std::string text = op.text("datastorePath");
  const auto parsed = parseDatastorePath(text);
  if (!parsed) {
    throw makeFault("InvalidDatastorePath", fmt::format("Invalid datastore path '{}'.", text),
                    {{"datastorePath", text}});
  }
  for (const MoRef& each : refsOfList(op.self.state.at("datastore"))) {
    const ManagedObject* datastore = op.world.inventory.find(each.id);
    if (!datastore || datastore->state.at("name").string() != parsed->datastore) continue;
    op.need(each, "Datastore.Browse");
    needAccessible(op.world, each.id);
    return {each.id, parsed->path};
  }
  throw makeFault("InvalidDatastore", fmt::format("The datastore '{}' is not known.", parsed->datastore),
                  {{"name", parsed->datastore}});
}

void needDirectory(World& world, const FileId& place) {
  if (place.path.empty() || world.files.need(place).kind == FileKind::directory) return;
  const std::string path = world.files.pathOf(place);
  throw makeFault("FileNotFound", "File was not found: " + path, {{"file", path}});
}

Answer search(Operation& op) {
  const FileId place = placeOf(op);
  return startFileTask(op, place, "host.DatastoreBrowser.search",
                       [&world = op.world, place, spec = op.get("searchSpec")] {
                         needDirectory(world, place);
                         return Search(world, spec).directory(place);
                       });
}

Answer searchSubFolders(Operation& op) {
  const FileId place = placeOf(op);
  return startFileTask(op, place, "host.DatastoreBrowser.searchSubFolders",
                       [&world = op.world, place, spec = op.get("searchSpec")] {
                         needDirectory(world, place);
                         const Search search(world, spec);
                         std::vector<Value> found{search.directory(place)};
                         for (const std::string& path : world.files.below(place)) {
                           const FileId each{place.datastore, path};
                           if (each != place && world.files.need(each).kind == FileKind::directory)
                             found.push_back(search.directory(each));
                         }
                         return list(std::move(found), "HostDatastoreBrowserSearchResults");
                       });
}

Answer deleteFile(Operation& op) {
  const FileId file = placeOf(op);
  op.need({"Datastore", file.datastore}, "Datastore.DeleteFile");
  if (file.path.empty()) throw invalidArgument("datastorePath");
  op.world.files.remove(file);
  op.world.files.updateDatastores();
  return {};
}

constexpr std::array<OperationEntry, 3> browserEntries{{{"SearchDatastore_Task", search},
                                                        {"SearchDatastoreSubFolders_Task", searchSubFolders},
                                                        {"DeleteFile", deleteFile}}};

}  // namespace

std::span<const OperationEntry> browserOperations() {
  return browserEntries;
}

}  // namespace failback::mock
