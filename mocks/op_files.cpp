// SPDX-License-Identifier: GPL-2.0-or-later
// FileManager and DatastoreNamespaceManager: directories and files as they are, whatever they hold.
#include <fmt/format.h>

#include <array>

#include "mocks/fault.h"
#include "mocks/file_tools.h"
#include "mocks/operation_tables.h"

namespace failback::mock {

namespace {

Fault fileFault(World& world, std::string_view type, std::string_view text, const FileId& file) {
  const std::string path = world.files.pathOf(file);
  return makeFault(type, fmt::format("{} {}", text, path), {{"file", path}});
}

// An empty path is the datastore itself.
void needPath(const FileId& file, std::string_view parameter) {
  if (file.path.empty()) throw invalidArgument(parameter);
}

Answer makeDirectory(Operation& op) {
  const FileId directory = fileParameter(op, "name", "datacenter");
  needPath(directory, "name");
  if (isTopLevel(directory) && keepsNamespaces(op.world, directory.datastore))
    throw fileFault(op.world, "CannotCreateFile", "Cannot create file", directory);
  op.world.files.makeDirectory(directory, op.flag("createParentDirectories"));
  return {};
}

void removeFile(World& world, const FileId& file) {
  const StoredFile& found = world.files.need(file);
  if (found.kind == FileKind::directory && isTopLevel(file) && keepsNamespaces(world, file.datastore))
    throw fileFault(world, "CannotDeleteFile", "Cannot delete file", file);
  world.files.remove(file);
  world.files.updateDatastores();
}

Answer deleteFile(Operation& op) {
  const FileId file = fileParameter(op, "name", "datacenter");
  needPath(file, "name");
  return startFileTask(op, file, "FileManager.deleteFile", [&world = op.world, file] {
    removeFile(world, file);
    return Value();
  });
}

FilePair filesOfCopy(Operation& op, std::string_view sourcePrivilege) {
  FilePair pair = sourceAndDestination(op, "destination", sourcePrivilege);
  needPath(pair.from, "sourceName");
  needPath(pair.to, "destinationName");
  return pair;
}

bool within(const FileId& file, const FileId& directory) {
  return file == directory ||
         (file.datastore == directory.datastore && file.path.starts_with(directory.path + "/"));
}

// What a destination has to be before anything is put there.
void needDestination(World& world, const FilePair& pair) {
  if (within(pair.to, pair.from) || within(pair.from, pair.to)) throw invalidArgument("destinationName");
  const bool directory = world.files.need(pair.from).kind == FileKind::directory;
  if (directory && isTopLevel(pair.to) && keepsNamespaces(world, pair.to.datastore))
    throw fileFault(world, "CannotCreateFile", "Cannot create file", pair.to);
  needDirectoryOf(world, pair.to);
}

Answer moveFile(Operation& op) {
  const FilePair pair = filesOfCopy(op, fileManagement);
  return startFileTask(op, pair.to, "FileManager.moveFile",
                       [&world = op.world, pair, force = op.flag("force")] {
                         needDestination(world, pair);
                         world.files.move(pair.from, pair.to, force);
                         world.files.updateDatastores();
                         return Value();
                       });
}

void copyFile(World& world, const FilePair& pair, bool force) {
  needDestination(world, pair);
  const std::vector<std::string> all = world.files.below(pair.from);
  for (const std::string& path : all) world.files.needUnlocked({pair.from.datastore, path});
  if (world.files.exists(pair.to)) {
    if (!force) throw fileFault(world, "FileAlreadyExists", "The file already exists:", pair.to);
    world.files.remove(pair.to);
  }
  for (const std::string& path : all) {
    StoredFile copy = world.files.need({pair.from.datastore, path});
    copy.modified.clear();
    FileStore::keepParent(copy, pair.from, pair.to, all);
    world.files.put({pair.to.datastore, pair.to.path + path.substr(pair.from.path.size())}, std::move(copy));
  }
  world.files.updateDatastores();
}

Answer copyFileTask(Operation& op) {
  const FilePair pair = filesOfCopy(op, "Datastore.Browse");
  return startFileTask(op, pair.to, "FileManager.copyFile",
                       [&world = op.world, pair, force = op.flag("force")] {
                         copyFile(world, pair, force);
                         return Value();
                       });
}

// ---- who holds a file

std::string macOf(const ManagedObject& host) {
  const Value& nics = host.state.at("config.network.pnic");
  if (nics.asList() && !nics.asList()->items.empty())
    return std::string(nics.asList()->items.front().at("mac").string());
  return "00:00:00:00:00:00";
}

Answer lockInfo(Operation& op) {
  World& world = op.world;
  const FileId file = world.files.locate(op.text("path"));
  op.need({"Datastore", file.datastore}, "Datastore.Browse");
  needAccessible(world, file.datastore);
  (void)world.files.need(file);
  std::vector<Value> found;
  for (const FileStore::Lock& lock : world.files.locks(file)) {
    const ManagedObject* host = world.inventory.find(lock.host);
    const ManagedObject* vm = world.inventory.find(lock.holder);
    found.push_back(
        object("FileLockInfo", {{"filePath", world.files.pathOf(file)},
                                {"host", host ? std::string(host->state.at("name").string()) : std::string()},
                                {"mac", host ? macOf(*host) : std::string()},
                                {"id", lock.host},
                                {"worldName", vm ? vm->state.at("name").string() : std::string_view()},
                                {"lockMode", lock.shared ? "multi-writer" : "exclusive"}}));
  }
  return {object("FileLockInfoResult", {{"lockInfo", found.empty() ? Value() : Value(found)}}), {}};
}

// ---- namespaces: the top-level directories of vSAN and vVol

// "/vmfs/volumes/vsan:52.../" of a datastore.
std::string mountPath(const ManagedObject& datastore) {
  std::string url(datastore.state.at("summary.url").string());
  if (url.starts_with("ds://")) url.erase(0, 5);
  return url;
}

void needNamespaces(const World& world, const ManagedObject& datastore) {
  needAccessible(world, datastore.ref.id);
  if (keepsNamespaces(world, datastore.ref.id)) return;
  throw makeFault("InvalidDatastore", "The datastore has no namespaces.",
                  {{"datastore", datastore.ref}, {"name", datastore.state.at("name")}});
}

Answer createNamespace(Operation& op) {
  const ManagedObject& datastore = op.object("datastore", "Datastore");
  op.need(datastore.ref, "Datastore.Config");
  needNamespaces(op.world, datastore);
  const std::string name = op.text("displayName");
  if (name.empty() || name.find('/') != std::string::npos) throw invalidArgument("displayName");
  std::string path = mountPath(datastore) + name;
  op.world.files.makeDirectory({datastore.ref.id, name}, false);
  return {Value(std::move(path)), {}};
}

FileId namespaceParameter(Operation& op) {
  const std::string text = op.text("datastorePath");
  for (const ManagedObject* each : op.world.inventory.all("Datastore")) {
    const std::string mount = mountPath(*each);
    if (text.starts_with(mount)) return {each->ref.id, text.substr(mount.size())};
  }
  return op.world.files.locate(text, op.ref("datacenter"));
}

Answer deleteNamespace(Operation& op) {
  const FileId directory = namespaceParameter(op);
  const ManagedObject& datastore = op.world.inventory.need(directory.datastore);
  op.need(datastore.ref, "Datastore.Config");
  needNamespaces(op.world, datastore);
  if (directory.path.empty() || !isTopLevel(directory)) throw invalidArgument("datastorePath");
  // A namespace has to be empty before it can go.
  if (op.world.files.below(directory).size() > 1)
    throw fileFault(op.world, "CannotDeleteFile", "Cannot delete file", directory);
  op.world.files.remove(directory);
  return {};
}

constexpr std::array<OperationEntry, 7> filesEntries{{{"MakeDirectory", makeDirectory},
                                                      {"DeleteDatastoreFile_Task", deleteFile},
                                                      {"MoveDatastoreFile_Task", moveFile},
                                                      {"CopyDatastoreFile_Task", copyFileTask},
                                                      {"QueryFileLockInfo", lockInfo},
                                                      {"CreateDirectory", createNamespace},
                                                      {"DeleteDirectory", deleteNamespace}}};

}  // namespace

std::span<const OperationEntry> fileOperations() {
  return filesEntries;
}

}  // namespace failback::mock
